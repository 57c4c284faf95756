"""Commands of the office: told how the run ended, whatever that was; they cannot harm it, nor keep it."""

import json
import os
import signal
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from form1.cli.main import run
from form1.core import clock
from form1.unattended import hooks
from form1.unattended import recipe as unattended
from tests.making import HANGS
from tests.unattended import quick
from tests.unattended.places import Office

SHELL = ["/bin/sh", "-c"]


@pytest.mark.parametrize(
    "command, fault",
    [
        pytest.param(["/bin/true"], "", id="reads nothing"),
        pytest.param([*SHELL, "exec 0<&-; sleep 0.1"], "", id="closes its input"),
        pytest.param([*SHELL, "head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2"], "", id="prints megabytes"),
        pytest.param(["/bin/false"], "ended with exit code 1", id="fails"),
        pytest.param([*SHELL, "kill -9 $$"], "ended with exit code -9", id="is killed"),
        pytest.param(["/nonexistent"], "cannot be started: No such file or directory", id="is not there"),
        pytest.param(["/etc/passwd"], "cannot be started: Permission denied", id="is no program"),
    ],
)
def test_a_command_that_misbehaves(command: list[str], fault: str) -> None:
    assert hooks.call(command, {"periods": ["2026-Q3"] * 300_000}, HANGS) == fault


def test_a_command_that_leaves_a_child_behind_keeps_nobody_waiting(tmp_path: Path) -> None:
    child = tmp_path / "child"
    assert hooks.call([*SHELL, f"sleep 60 & echo $! >'{child}'"], {"period": "2026-Q3"}, HANGS) == ""
    os.kill(int(child.read_text()), signal.SIGKILL)  # it is still there: nobody waited for its end


def test_a_command_that_hangs_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    lasted, alive = tmp_path / "lasted", tmp_path / "alive"
    os.mkfifo(alive)
    end = os.open(alive, os.O_RDONLY | os.O_NONBLOCK)
    hangs = f"exec >'{alive}'; (sleep 60; touch '{lasted}') & sleep 60; touch '{lasted}'; wait"
    assert hooks.call([*SHELL, hangs], {"periods": ["2026-Q3"] * 300_000}, 0.5) == "was ended after 0.5 seconds"
    os.set_blocking(end, True)
    assert os.read(end, 1) == b""  # comes when none of them is left
    os.close(end)
    assert not lasted.exists()


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office whose hooks write what they are told, after looking whether the output is free."""
    monkeypatch.setattr(unattended, "draw_all", quick.draw_all)
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 10, 20, 6, 30, tzinfo=ZoneInfo("Asia/Baku")))
    look = tmp_path / "look.py"
    look.write_text(
        "import fcntl, os, sys\n"
        "told = sys.stdin.read()\n"
        "try:\n    fcntl.flock(os.open(sys.argv[2], os.O_RDONLY), fcntl.LOCK_EX | fcntl.LOCK_NB)\n    free = 'free '\n"
        "except OSError:\n    free = 'held '\n"
        "open(sys.argv[1], 'w').write(free + told)\n",
        encoding="utf-8",
    )
    office = Office.set_up(tmp_path / "office")
    hook = json.dumps([sys.executable, str(look), str(tmp_path / "told"), str(office.root)])
    hook = hook.replace(f'{office.root}"', f'{office.output}"')
    with (office.root / "form1.toml").open("a", encoding="utf-8") as file:
        file.write("[hooks]\n" + "".join(f"{name} = {hook}\n" for name in ("success", "rejection", "failure")))
    return office


def _night(office: Office) -> tuple[int, str, dict]:
    """Run, and return the exit code and what the hook saw and was told."""
    told = office.root.with_name("told")
    told.unlink(missing_ok=True)
    code = run(["run", "--config", str(office.root / "form1.toml")])
    free, _, content = told.read_text(encoding="utf-8").partition(" ")
    return code, free, json.loads(content)


def test_the_lock_is_free_when_a_command_is_called(office: Office) -> None:
    code, free, told = _night(office)
    assert (code, free, told["hook"], told["periods"][0]["state"]) == (0, "free", "success", "built")
    assert _night(office)[2]["outcome"] == "nothing_to_do"


def test_a_run_that_cannot_write_is_told(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.output.write_text("in the way", encoding="utf-8")
    code, _, told = _night(office)
    assert (code, told["hook"], told["exit_code"]) == (4, "failure", 4)
    assert told["why"] == f"{office.output} cannot be written: it is no folder. Nothing was published."
    assert capsys.readouterr().err == f"form1 run: {told['why'].rstrip('.')}\n"


def test_a_bug_is_told_without_its_words(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(round, log):
        raise KeyError("a name from the data")

    monkeypatch.setattr(unattended, "run", broken)
    code, _, told = _night(office)
    assert (code, told["hook"], told["exit_code"], told["why"]) == (1, "failure", 1, "KeyError")
    assert "a name" not in (office.output / "log" / "run.jsonl").read_text(encoding="utf-8")


@pytest.mark.parametrize("line", ['success = "/bin/true"', "failure = [1]", 'time_limit = "x"', "time_limit = 0"])
def test_hooks_that_are_none_are_a_fault_of_the_configuration(office: Office, line: str, capsys) -> None:
    path = office.root / "form1.toml"
    path.write_text(path.read_text(encoding="utf-8").partition("[hooks]")[0] + f"[hooks]\n{line}\n", encoding="utf-8")
    assert run(["run", "--config", str(path)]) == 4
    said = capsys.readouterr().err
    assert f"hooks.{line.partition(' ')[0]}" in said and said.count("\n") == 1


def test_the_note_of_the_lock_is_no_lock(office: Office) -> None:
    """Whoever deletes a file that looks stale lets nobody in."""
    from form1.archive import locking
    from form1.core.errors import LockedError

    with locking.hold(office.output, "form1 run", clock.now()):
        (office.output / ".lock").unlink()
        with pytest.raises(LockedError, match="another run"), locking.hold(office.output, "form1 run", clock.now()):
            pytest.fail("two at once")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a folder away")
def test_root_does_not_write_into_the_archive_of_a_service(office: Office) -> None:
    """It would leave files that the service cannot read, and the next night would take them for harmed."""
    from form1.archive import locking
    from form1.core.errors import DeliveryError

    office.output.mkdir()
    os.chown(office.output, 54321, 54321)
    root = locking.hold(office.output, "form1 run", clock.now())
    with pytest.raises(DeliveryError, match=r"belongs to #54321, .* Call as that user"), root:
        pytest.fail("root was let in")
    assert list(office.output.iterdir()) == []


def test_a_pipe_among_the_exports_keeps_nobody(office: Office) -> None:
    os.mkfifo(office.exports / "2026-Q3" / "pipe.csv")
    assert _night(office)[0] == 0
    assert _night(office)[2]["outcome"] == "nothing_to_do"
