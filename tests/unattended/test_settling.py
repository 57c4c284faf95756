"""When exports count as written: by what can be seen of them, with a clock that the test moves."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from form1.unattended.settling import settled


class Hours:
    """A wall clock and a stopwatch that go on only while somebody sleeps; `events` happen at their second."""

    def __init__(self, events: dict[float, Callable[[], None]], start: float) -> None:
        self.start, self.passed, self.events = start, 0.0, dict(events)

    def sleep(self, seconds: float) -> None:
        self.passed += seconds
        for moment in [moment for moment in sorted(self.events) if moment <= self.passed]:
            self.events.pop(moment)()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two exports that came to be just now: no sender can set the time that the disk keeps."""
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("1\n")
        os.utime(tmp_path / name, (1_000_000_000, 1_000_000_000))
    return tmp_path


def wait(folder: Path, events: dict[float, Callable[[], None]] | None = None, later: float = 0) -> tuple[bool, float]:
    """Wait with the limits of the defaults; return whether the folder settled and how long that took."""
    hours = Hours(events or {}, folder.stat().st_ctime + later)
    quiet = settled(
        [folder], 5, 60, wall=lambda: hours.start + hours.passed, ticks=lambda: hours.passed, sleep=hours.sleep
    )
    return folder in quiet, round(hours.passed)


def test_old_files_have_settled_at_once(folder: Path) -> None:
    assert wait(folder, later=3600) == (True, 0)


def test_a_copy_that_keeps_the_times_of_its_files_is_watched(folder: Path) -> None:
    assert wait(folder) == (True, 5)


def replace_with_old_times(path: Path) -> None:
    """As rsync does: written beside, given the sender's time, put in its place."""
    new = path.with_name(f".{path.name}.new")
    new.write_bytes(path.read_bytes())
    os.utime(new, (1_000_000_000, 1_000_000_000))
    new.replace(path)


@pytest.mark.parametrize(
    "happens",
    [
        pytest.param(lambda folder: (folder / "a.csv").write_text("1\n2\n"), id="a file grows"),
        pytest.param(lambda folder: (folder / "c.csv").touch(), id="another arrives"),
        pytest.param(lambda folder: (folder / "a.csv").unlink(), id="one is taken away"),
        pytest.param(lambda folder: replace_with_old_times(folder / "b.csv"), id="one is replaced, size and time kept"),
        pytest.param(lambda folder: (folder / "a.csv").rename(folder / "c.csv"), id="one is renamed"),
    ],
)
def test_waiting_begins_anew_when(folder: Path, happens: Callable[[Path], object]) -> None:
    settles, seconds = wait(folder, {3: lambda: happens(folder) and None})
    assert settles and 8 <= seconds <= 9


def test_a_sender_who_never_ends_is_not_waited_for_for_ever(folder: Path) -> None:
    events = {float(second): (folder / f"{second}.csv").touch for second in range(1, 100, 2)}
    assert wait(folder, events) == (False, 60)


def test_a_time_in_the_future_is_watched(folder: Path) -> None:
    os.utime(folder / "a.csv", (2**31, 2**31))
    assert wait(folder, later=3600) == (True, 5)


def test_a_folder_that_is_gone_has_settled(tmp_path: Path) -> None:
    assert settled([tmp_path / "gone"], 5, 0) == {tmp_path / "gone": {}}
