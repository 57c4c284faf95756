"""A small sample of each trial; in full: python -m tests.unattended.kills, .faults, .starts, .harms."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from form1.archive.store import proof
from form1.core.periods import Period
from tests.archive.store.archives import publish_small
from tests.unattended import faults, harms, kills, starts
from tests.unattended.places import Office


def test_killed_at_two_moments_of_a_revision(tmp_path: Path) -> None:
    start = kills.prepare(tmp_path)[1]
    for moment in (0.6, 0.95):
        assert kills.attempt(start, tmp_path / "office", moment)[1:] == []


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[faults.Trial]:
    yield faults.Trial(tmp_path_factory.mktemp("faults"))


def test_a_call_of_each_kind_is_counted(trial: faults.Trial) -> None:
    assert {"write", "fsync", "rename", "mkdir", "symlink", "replace"} <= set(trial.calls)


@pytest.mark.parametrize("mode, call, which", [("once", "fsync", -1), ("lasting", "write", 4), ("kill", "rename", 0)])
def test_a_call_fails(trial: faults.Trial, mode: str, call: str, which: int) -> None:
    numbers = [number for number, made in enumerate(trial.calls, start=1) if made == call]
    assert trial.nth(mode, numbers[which])[1] == []


def test_others_leave_and_a_killed_run_frees_the_folder(tmp_path: Path) -> None:
    left, wrong = starts.race(Office.set_up(tmp_path), 4)
    assert ([each.code for each in left], wrong) == ([5, 5, 5], [])


def test_a_hundred_harms_are_found(tmp_path: Path) -> None:
    output = tmp_path / "output"
    for revision in (1, 2, 3):
        publish_small(output, revision)
    publish_small(output, 1, Period(2026, 2))
    kinds = [kind for kind in harms.HARMS if kind is not harms.everything_is_edited_but_workbook_and_pdf]
    found, done, missed = harms.trial(output, 96, 7, lambda place: bool(list(proof.harms(place))), kinds)
    assert (sum(found.values()), sum(done.values()), missed) == (96, 96, [])
