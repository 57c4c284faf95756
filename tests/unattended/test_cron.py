"""The run as cron starts it: the line of the operations page, cron's environment, any umask and any time zone."""

import csv
import io
import os
import shutil
import stat
import subprocess
import time
from pathlib import Path

import pytest

from tests.making import HANGS, REPOSITORY
from tests.unattended.server import Server

TEN = "exempt_from_work_permit.csv"
GROUNDS = "temporary_permits_by_ground.csv"


def rewrite(path: Path, was: str, becomes: str) -> None:
    """Change an export."""
    text = path.read_text(encoding="utf-8")
    assert was in text
    path.write_bytes(text.replace(was, becomes, 1).encode())


def rights(folder: Path) -> set[tuple[str, int]]:
    """Kind and rights of everything below a folder, and of the folder."""
    return {
        ("folder" if path.is_dir() else "file", stat.S_IMODE(path.stat().st_mode))
        for path in (folder, *folder.rglob("*"))
        if not path.is_symlink()
    }


def men_and_women(path: Path) -> dict[str, int]:
    return {row[0]: int(row[1]) for row in list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))[1:]}


@pytest.mark.parametrize(
    "umask, zone", [pytest.param(0o077, "", id="077"), pytest.param(0, "America/New_York", id="000 New York")]
)
def test_nights_under_cron(umask: int, zone: str, tmp_path: Path) -> None:
    server = Server(tmp_path)
    home = server.output / "2026-Q3"
    passing = tmp_path / "passing"
    passing.mkdir()
    server.install(quick=umask == 0)  # what is drawn does not hang on umask and zone

    assert server.night(umask, zone, passing) == (0, "", "")
    assert list(passing.iterdir()) == []
    assert server.outcomes() == ["built", "success"]
    assert rights(server.output) == {("folder", 0o750), ("file", 0o640)}
    assert rights(tmp_path / "var/log/form1") == {("folder", 0o750), ("file", 0o640)}

    server.install(quick=True)
    assert server.night(umask, zone) == (0, "", "")
    assert server.outcomes()[2:] == ["nothing_to_do"]
    assert sorted(path.name for path in home.iterdir()) == ["latest", "r1"]
    if umask == 0:
        return  # what follows does not hang on umask and zone

    before = men_and_women(server.exports / TEN)
    rewrite(server.exports / TEN, f"M,{before['M']}", f"M,{before['M'] + 7}")
    after = men_and_women(server.exports / TEN)
    moved = {sex: (before[sex], after[sex]) for sex in before if before[sex] != after[sex]}
    moved["T"] = (sum(before.values()), sum(after.values()))
    assert server.night(umask, zone) == (0, "", "")
    changes = list(csv.DictReader(io.StringIO((home / "r2/changes.csv").read_text(encoding="utf-8"))))
    told = {change["column"]: change for change in changes}
    assert len(changes) == len(told) == 2 and {change["table"] for change in changes} == {"T10"}
    for column, (was, becomes) in moved.items():
        numbers = {value for value in told[column].values() if value and value.lstrip("-").isdigit()}
        assert {str(was), str(becomes)} <= numbers
    assert os.readlink(home / "latest") == "r2"

    first = (server.exports / GROUNDS).read_text(encoding="utf-8").splitlines()[1]
    rewrite(server.exports / GROUNDS, first, first.rpartition(",")[0] + ",3.5")
    code, out, line = server.night(umask, zone)
    assert (code, out, line.count("\n")) == (3, "", 1)
    assert line.startswith("form1 run: 2026-Q3: ") and "rejected/2026-Q3/report.html" in line
    assert os.readlink(home / "latest") == "r2"
    assert sorted(path.name for path in home.iterdir()) == ["latest", "r1", "r2"]
    assert server.outcomes()[-1] == "rejection"
    assert rights(server.output) == {("folder", 0o750), ("file", 0o640)}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give Debian's cron a job")
@pytest.mark.skipif(shutil.which("cron") is None, reason="Debian's cron is not installed")
@pytest.mark.skipif(
    Path("/run/crond.pid").exists() or Path("/var/run/crond.pid").exists(), reason="a cron is at work here"
)
def test_a_night_of_debians_cron(tmp_path: Path) -> None:
    """The file of deploy/, with every minute for the hour and root for the user, in the hands of cron itself."""
    server = Server(tmp_path)
    given = (REPOSITORY / "deploy" / "form1.cron").read_text(encoding="utf-8")
    minute = given.replace("30 6 * * * form1", "* * * * * root").replace("MAILTO=root", 'MAILTO=""')
    job = Path("/etc/cron.d") / f"form1-test-{os.getpid()}"
    log = tmp_path / "var/log/form1/run.jsonl"
    job.write_text(server.here(minute), encoding="utf-8")
    job.chmod(0o644)
    cron = subprocess.Popen(["cron", "-f"], stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        until = time.monotonic() + HANGS
        while time.monotonic() < until and not (log.is_file() and '"ended"' in log.read_text(encoding="utf-8")):
            time.sleep(0.5)
    finally:
        job.unlink()
        cron.terminate()
        cron.wait(10)
        Path("/run/crond.pid").unlink(missing_ok=True)
    assert server.outcomes()[:2] == ["built", "success"]
    assert (server.output / "2026-Q3/latest/manifest.json").is_file()
