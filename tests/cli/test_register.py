"""A year of the committee: forms are received, judged, accepted, and are the history of the next check."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from form1.archive import locking
from form1.build.assemble import Filled
from form1.cli.main import run
from form1.core import clock
from form1.core.findings import Verdict
from form1.core.periods import Period
from form1.model.forms import Edition
from form1.render.workbook import draw
from tests.check.received.generated import Sent, sound_form
from tests.xlsx.read.packages import pack, parts_of, the_form

NOWHERE = ["--exports", "none", "--editions", "none", "--lang", "en"]
SEED = 25
"""Of a form with enough countries that a repeated table is no chance."""


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Set the clock of the office."""

    def set_to(moment: str) -> None:
        now = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("Asia/Baku"))
        monkeypatch.setattr(clock, "now", lambda: now)

    return set_to


@pytest.fixture(scope="module")
def second_quarter() -> Sent:
    """The form of 2026-Q2, with that of 2026-Q1 before it."""
    return sound_form(the_form(), SEED, period=Period(2026, 2))


def _workbook(path: Path, filled: Filled, period: Period) -> Path:
    form = the_form().of(period)
    edition = Edition(
        form=form,
        period=period,
        revision=1,
        language="en",
        cells=filled.cells,
        layouts=filled.layouts,
        findings=(),
        results=(),
        verdict=Verdict.ACCEPTED,
    )
    path.write_bytes(draw(edition))
    return path


def _broken(path: Path, to: Path) -> Path:
    """Save by another program, with a count of T03 that is ten too high."""
    book = openpyxl.load_workbook(path)
    row = next(row for row in book["3"].iter_rows() if "45.1.9" in {str(cell.value) for cell in row[:3]})
    count = next(cell for cell in row if isinstance(cell.value, int))
    count.value += 10
    book.save(to)
    return to


def _check(capsys: pytest.CaptureFixture[str], workbook: Path, *options: str) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    code = run(["check", str(workbook), "--format", "json", *options, *NOWHERE])
    return code, json.loads(capsys.readouterr().out)


def test_a_year_of_receptions(second_quarter: Sent, tmp_path: Path, at: Callable[[str], None], capsys) -> None:
    register = tmp_path / "register"
    kept = ["--register", str(register)]
    q1 = _workbook(tmp_path / "q1.xlsx", second_quarter.earlier[Period(2026, 1)], Period(2026, 1))
    q2 = _workbook(tmp_path / "q2.xlsx", second_quarter.now, Period(2026, 2))
    broken = _broken(q2, tmp_path / "broken.xlsx")
    again = tmp_path / "again.xlsx"
    again.write_bytes(pack(parts_of(q2.read_bytes())))
    relabelled = _workbook(tmp_path / "q3.xlsx", second_quarter.now, Period(2026, 3))

    at("2026-04-20T09:30:00")
    code, said = _check(capsys, q1, *kept, "--sender", "State Migration Service")
    assert code == 0
    assert said["reception"] == {
        "period": "2026-Q1",
        "number": 1,
        "received": "2026-04-20T09:30:00+04:00",
        "due": "2026-04-25",
        "late": False,
        "sender": "State Migration Service",
        "recorded": True,
        "before": [],
        "same_bytes": [],
    }
    assert run(["accept", "2026-Q1", *kept, "--by", "Head of division", "--lang", "en"]) == 0

    at("2026-07-28T11:00:00")
    assert _check(capsys, broken, *kept)[0] == 3
    assert run(["accept", "2026-Q2", *kept, "--by", "Head of division"]) == 3
    assert not list((register / "2026-Q2").glob("acceptance*"))
    capsys.readouterr()

    at("2026-07-29T11:00:00")
    code, said = _check(capsys, q2, *kept)
    assert (code, said["reception"]["number"], said["reception"]["late"]) == (0, 2, True)
    assert said["reception"]["before"] == [1]
    assert run(["accept", "2026-Q2", *kept, "--by", "Head of division"]) == 0
    capsys.readouterr()

    at("2026-07-30T11:00:00")
    assert run(["check", str(again), *kept, *NOWHERE]) == 0
    shown = capsys.readouterr().out
    assert "Recorded in the register: 2026-Q2 № 3, 30.07.2026 11:00, late" in shown
    assert "Received of this period before: № 1, № 2" in shown
    assert run(["accept", "2026-Q2", *kept, "--by", "Head of department", "--reason", "last word", "--lang", "en"]) == 0
    assert "The acceptance before no longer holds and stays on record: № 2, Head of division" in capsys.readouterr().out
    assert run(["accept", "2026-Q2", *kept, "--by", "Head of division", "--reception", "1"]) == 3
    capsys.readouterr()

    at("2026-10-20T11:00:00")
    code, without = _check(capsys, relabelled)
    assert "reception" not in without
    code, said = _check(capsys, relabelled, *kept)
    assert code == 3
    new = _errors(said) - _errors(without)
    assert {rule.split(".")[0] for rule in new} >= {"R026"}

    at("2026-10-21T11:00:00")
    code, said = _check(capsys, again, *kept)
    assert (said["reception"]["recorded"], said["reception"]["received"]) == (False, "2026-07-30T11:00:00+04:00")
    assert len(list((register / "2026-Q2").glob("r*"))) == 3

    assert run(["verify", "--register", str(register), "--lang", "en"]) == 0
    shown = capsys.readouterr().out
    assert "receptions: 5, acceptances: 3; everything is as it was recorded" in shown
    seal = shown.split("seal of the journal: ")[1].split()[0]
    assert run(["verify", "--register", str(register), "--expect", seal]) == 0
    assert run(["verify", "--register", str(register), "--expect", "f" * 64]) == 3
    capsys.readouterr()

    assert run(["status", "--register", str(register), "--format", "json", "--lang", "en"]) == 0
    board = {line["period"]: line for line in json.loads(capsys.readouterr().out)}
    assert list(board) == ["2026-Q1", "2026-Q2", "2026-Q3"]
    assert board["2026-Q2"] == {
        "period": "2026-Q2",
        "due": "2026-07-25",
        "receptions": 3,
        "received": "2026-07-30T11:00:00+04:00",
        "late": True,
        "verdict": said["verdict"],
        "accepted": 3,
        "accepted_by": "Head of department",
        "accepted_on": "2026-07-30T11:00:00+04:00",
    }
    assert (board["2026-Q3"]["verdict"], board["2026-Q3"]["accepted"]) == ("rejected", None)


def _errors(said: dict[str, Any]) -> set[str]:
    return {
        entry["expression"]["expression"]
        for entry in said["findings"]
        if entry["value"] == "0" and entry["expression"]["severity"] == "error"
    }


def test_a_folder_is_recorded_file_by_file(tmp_path: Path, at: Callable[[str], None], capsys) -> None:
    """Files that cannot be read tell no period: they stand apart, and two of the same bytes are one reception."""
    at("2026-10-20T11:00:00")
    folder, register = tmp_path / "received", tmp_path / "register"
    folder.mkdir()
    for name, content in (("a.xlsx", b"no workbook"), ("b.xlsx", b"another"), ("c.xlsx", b"no workbook")):
        (folder / name).write_bytes(content)
    call = ["check", str(folder), "--register", str(register), "--format", "json", *NOWHERE]
    assert run(call) == 4
    lines = json.loads(capsys.readouterr().out)
    assert [(line["file"], line["period"], len(line["sha256"])) for line in lines] == [
        ("a.xlsx", None, 64),
        ("b.xlsx", None, 64),
        ("c.xlsx", None, 64),
    ]
    assert [(line["reception"]["number"], line["reception"]["recorded"]) for line in lines] == [
        (1, True),
        (2, True),
        (1, False),
    ]
    assert (register / "unread" / "r1" / "received.xlsx").read_bytes() == b"no workbook"
    assert not (register / "unread" / "r1" / "letter.pdf").exists()
    assert "could not be read" in (register / "unread" / "r1" / "letter.txt").read_text(encoding="utf-8")


def test_a_period_that_the_caller_gives_is_that_of_a_refused_file(
    tmp_path: Path, at: Callable[[str], None], capsys
) -> None:
    """And the time of receipt is the first, when the same bytes came without one."""
    path, register = tmp_path / "bad.xlsx", tmp_path / "register"
    path.write_bytes(b"no workbook")
    at("2026-10-20T11:00:00")
    assert _check(capsys, path, "--register", str(register))[0] == 4
    at("2026-10-27T11:00:00")
    _, said = _check(capsys, path, "--register", str(register), "--period", "2026-Q3")
    told = said["reception"]
    assert (told["period"], told["received"], told["late"]) == ("2026-Q3", "2026-10-20T11:00:00+04:00", False)
    assert told["same_bytes"] == ["unread/r1"]


def test_the_configuration_names_the_register_and_an_option_beats_it(
    tmp_path: Path, at: Callable[[str], None], capsys
) -> None:
    at("2026-10-26T11:00:00")
    path, configured = tmp_path / "bad.xlsx", tmp_path / "form1.toml"
    path.write_bytes(b"no workbook")
    configured.write_text('register = "kept"\n[calendar]\ndays_off = "next"\n', encoding="utf-8")
    call = ["--config", str(configured), "--period", "2026-Q3"]
    _, said = _check(capsys, path, *call)
    # 25 October 2026 is a Sunday.
    assert (said["reception"]["due"], said["reception"]["late"]) == ("2026-10-26", False)
    assert (tmp_path / "kept" / "2026-Q3" / "r1").is_dir()
    _check(capsys, path, *call, "--register", str(tmp_path / "other"))
    assert (tmp_path / "other" / "2026-Q3" / "r1").is_dir()


@pytest.mark.parametrize("command", ["check", "accept", "verify"])
def test_a_register_that_is_held_waits(tmp_path: Path, command: str, capsys) -> None:
    path, register = tmp_path / "bad.xlsx", tmp_path / "register"
    path.write_bytes(b"no workbook")
    calls = {"check": ["check", str(path)], "accept": ["accept", "2026-Q3", "--by", "Head"], "verify": ["verify"]}
    with locking.hold(register, "another", clock.now()):
        assert run([*calls[command], "--register", str(register)]) == 5
    assert "is held by another" in capsys.readouterr().err


@pytest.mark.parametrize(
    "call, said",
    [
        pytest.param(["accept", "2026-Q3", "--by", "Head"], "name the register", id="no register"),
        pytest.param(
            ["accept", "2026-Q3", "--by", "Head", "--register", "."], "holds no reception", id="nothing there"
        ),
        pytest.param(
            ["accept", "Q3", "--by", "Head", "--register", ".", "--lang", "en"], "no such period", id="no period"
        ),
        pytest.param(["accept", "2026-Q3", "--by", " ", "--register", "."], "must say who", id="nobody"),
        pytest.param(["verify", "--register", "gone"], "no such folder", id="verify without a folder"),
        pytest.param(["status", "--register", "gone"], "no such folder", id="status without a folder"),
        pytest.param(["verify"], "what is to be proved", id="verify nothing"),
    ],
)
def test_wrong_usage_is_one_line(tmp_path: Path, monkeypatch, call: list[str], said: str, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(call) == 2
    assert said in capsys.readouterr().err
