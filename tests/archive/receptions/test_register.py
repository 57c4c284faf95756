"""The register of receptions: what is written once, what is read, what a killed run leaves, what the proof finds."""

import json
import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from form1.archive.receptions import Register, accept, enter, harms, mend, recording
from form1.archive.store import RunStamp, disk, journal, publish, recover
from form1.core.errors import DeliveryError, MachineError
from form1.core.periods import Period
from tests.archive.receptions.harms import trial
from tests.archive.receptions.small import DUE, NOW, Q2, Q3, a_register, arrival, receive


def _harms(folder: Path) -> list[str]:
    return [f"{harm.kind} {harm.where}" for harm in harms(Register(folder), journal.read(folder))]


def test_receptions_are_numbered_in_their_period_and_keep_what_came(tmp_path: Path) -> None:
    register = a_register(tmp_path / "register")
    assert register.homes() == ["2026-Q2", "2026-Q3", "unread"]
    assert [(each.home, each.number) for each in register.all()] == [
        ("2026-Q2", 1),
        ("2026-Q2", 2),
        ("2026-Q3", 1),
        ("2026-Q3", 2),
        ("2026-Q3", 3),
        ("unread", 1),
    ]
    second = register.receptions("2026-Q3")[1]
    assert (second.folder / "received.xlsx").read_bytes() == b"c" * 40
    assert second.received == NOW + timedelta(hours=2)
    assert (second.sender, second.due, second.is_late, second.verdict) == (None, "2026-10-25", False, "accepted")
    assert register.receptions("unread")[0].period is None
    assert _harms(register.folder) == []


@pytest.mark.parametrize(
    "after, late", [pytest.param(0, False, id="on the last day"), pytest.param(1, True, id="on the next day")]
)
def test_late_is_what_came_after_the_last_day(after: int, late: bool) -> None:
    assert arrival(b"x", now=DUE + timedelta(microseconds=after)).is_late is late
    assert not arrival(b"x", None, now=DUE + timedelta(days=9)).is_late


def test_the_same_bytes_are_found_whatever_their_period(tmp_path: Path) -> None:
    folder = tmp_path / "register"
    for period in (None, Q3):
        receive(folder, b"same", period)
    receive(folder, b"other", Q3)
    found = Register(folder).of_bytes(arrival(b"same").sha256)
    assert [(each.home, each.number) for each in found] == [("unread", 1), ("2026-Q3", 1)]


def test_the_last_acceptance_holds_and_all_stay(tmp_path: Path) -> None:
    register = a_register(tmp_path / "register")
    assert [each.reception for each in register.acceptances("2026-Q3")] == [2, 3]
    accepted = register.accepted(Q3)
    assert accepted is not None and accepted.number == 3
    assert register.accepted(Period(2026, 1)) is None
    accept(register, register.receptions("2026-Q3")[0], "Head", "the second was withdrawn", NOW + timedelta(days=2))
    assert [each.reception for each in register.acceptances("2026-Q3")] == [2, 3, 1]
    accepted = register.accepted(Q3)
    assert accepted is not None and accepted.number == 1
    assert _harms(register.folder) == []


def test_the_tenth_acceptance_comes_after_the_ninth(tmp_path: Path) -> None:
    receive(tmp_path, b"a")
    register = Register(tmp_path)
    for number in range(11):
        accept(register, register.receptions("2026-Q3")[0], f"person {number}", None, NOW)
    assert [each.number for each in register.acceptances("2026-Q3")] == list(range(1, 12))
    assert register.acceptances("2026-Q3")[-1].by == "person 10"


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("step", range(1, 13))
def test_a_killed_run_leaves_what_the_next_one_mends(tmp_path: Path, monkeypatch, step: int) -> None:
    """Killed before each of its calls to the disk, recording and accepting leave all or nothing, and no harm."""
    folder = tmp_path / "register"
    receive(folder, b"first")
    calls = 0

    def counted(real):
        def call(*args, **kwargs):
            nonlocal calls
            calls += 1
            if calls == step:
                raise Killed
            return real(*args, **kwargs)

        return call

    with monkeypatch.context() as patch:
        for target, name in ((os, "fsync"), (Path, "rename"), (Path, "replace")):
            patch.setattr(target, name, counted(getattr(target, name)))
        register = Register(folder)
        try:
            enter(register, arrival(b"second"), {"received.xlsx": b"second"}, NOW)
            accept(register, register.receptions("2026-Q3")[1], "Head", None, NOW)
        except Killed:
            pass
    mend(Register(folder), NOW)
    assert _harms(folder) == []
    assert [each.number for each in Register(folder).receptions("2026-Q3")] in ([1], [1, 2])
    assert len(Register(folder).acceptances("2026-Q3")) in {0, 1}
    receive(folder, b"third")
    assert _harms(folder) == []


def _torn(folder: Path) -> None:
    with (folder / journal.FILE).open("ab") as file:
        file.write(b'{"number": 9')


def test_half_a_line_is_cut(tmp_path: Path) -> None:
    register = a_register(tmp_path / "register")
    _torn(register.folder)
    assert _harms(register.folder) == ["journal_cut journal.jsonl"]
    mend(register, NOW + timedelta(days=1))
    assert _harms(register.folder) == []


@pytest.mark.parametrize(
    "gone, said",
    [
        pytest.param("2026-Q3/r2", "2026-Q3/r2 is gone", id="a reception"),
        pytest.param("2026-Q3/acceptance-1.json", "acceptance-1.json is gone", id="an acceptance"),
        pytest.param(journal.FILE, "was cut: it lacks", id="the journal"),
    ],
)
def test_nothing_is_recorded_in_a_register_that_lacks_something(tmp_path: Path, gone: str, said: str) -> None:
    register = a_register(tmp_path / "register")
    path = register.folder / gone
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    with pytest.raises(DeliveryError, match=said):
        mend(register, NOW + timedelta(days=1))


def test_a_clock_set_back_records_nothing(tmp_path: Path) -> None:
    register = a_register(tmp_path / "register")
    with pytest.raises(MachineError, match="set back"):
        mend(register, NOW - timedelta(minutes=11))


def test_an_archive_and_a_register_are_not_taken_for_each_other(tmp_path: Path) -> None:
    register = a_register(tmp_path / "register")
    with pytest.raises(DeliveryError, match="register of receptions"):
        recover(register.folder, RunStamp(NOW + timedelta(days=1)))
    output = tmp_path / "output"
    output.mkdir()
    publish(output, Q2, 1, {"manifest.json": b"{}"}, "accepted", RunStamp(NOW))
    with pytest.raises(DeliveryError, match="archive of editions"):
        mend(Register(output), NOW)


def test_an_edited_acceptance_is_not_believed(tmp_path: Path) -> None:
    register = a_register(tmp_path / "register")
    path = register.folder / "2026-Q2" / "acceptance-1.json"
    content = json.loads(path.read_bytes())
    for edit in ({"reception": "1"}, {"by": None}, {"more": 1}):
        path.write_text(json.dumps({**content, **edit}), encoding="utf-8")
        with pytest.raises(DeliveryError, match=r"acceptance-1\.json cannot be read"):
            register.accepted(Q2)


def test_what_is_half_way_is_told_as_unfinished(tmp_path: Path) -> None:
    register = a_register(tmp_path / "register")
    home = register.folder / "2026-Q2"
    (home / "acceptance-1.json").rename(home / f"{disk.UNFINISHED}acceptance-1.json")
    (home / "r2").rename(home / f"{disk.UNFINISHED}r2")
    assert {line.split()[0] for line in _harms(register.folder)} == {"unfinished", "latest"}
    mend(register, NOW + timedelta(days=1))
    assert _harms(register.folder) == []


def test_a_sample_of_harms_is_found(tmp_path: Path) -> None:
    found, done, missed = trial(a_register(tmp_path / "register").folder, times=100, seed=7)
    assert missed == []
    assert found == done


def test_the_names_of_acceptances_follow_the_journal(tmp_path: Path) -> None:
    register = a_register(tmp_path / "register")
    told = recording.acceptances_told(journal.read(register.folder))
    assert [(entry.period, entry.revision, name) for entry, name in told] == [
        ("2026-Q2", 1, "acceptance-1.json"),
        ("2026-Q3", 2, "acceptance-1.json"),
        ("2026-Q3", 3, "acceptance-2.json"),
    ]
