"""Publishing: whole or not at all, never over an edition that stands; what a killed run leaves, the next mends."""

import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from form1.archive.store import Archive, RunStamp, journal, publish, recover
from form1.core import clock
from form1.core.errors import DeliveryError, MachineError
from form1.core.periods import Period
from tests.archive.store.archives import NOW, Q3, STAMP, damage_of, edition, publish_small, state_of


def test_an_edition_is_published_with_its_rights(tmp_path: Path) -> None:
    os.umask(0o022)
    folder = publish_small(tmp_path / "out", 1)
    assert folder == tmp_path / "out" / "2026-Q3" / "r1"
    assert (folder / "cells.csv").read_bytes() == edition(1)["cells.csv"]
    assert (folder.stat().st_mode & 0o777, (folder / "cells.csv").stat().st_mode & 0o777) == (0o750, 0o640)
    assert os.readlink(folder.parent / "latest") == "r1"
    assert sorted(path.name for path in folder.parent.iterdir()) == ["latest", "r1"]


def test_latest_is_flipped_and_the_old_edition_stays(tmp_path: Path) -> None:
    publish_small(tmp_path, 1)
    publish_small(tmp_path, 2)
    assert (tmp_path / "2026-Q3" / "latest" / "cells.csv").read_bytes() == edition(2)["cells.csv"]
    assert (tmp_path / "2026-Q3" / "r1" / "cells.csv").read_bytes() == edition(1)["cells.csv"]
    assert [found.revision for found in Archive(tmp_path).editions(Q3)] == [1, 2]


def test_an_edition_is_never_overwritten(tmp_path: Path) -> None:
    publish_small(tmp_path, 1)
    with pytest.raises(DeliveryError, match="never overwritten"):
        publish(tmp_path, Q3, 1, edition(2), "accepted", STAMP)
    assert (tmp_path / "2026-Q3" / "r1" / "cells.csv").read_bytes() == edition(1)["cells.csv"]


def test_every_edition_has_its_line_in_a_chain(tmp_path: Path) -> None:
    publish_small(tmp_path, 1)
    publish_small(tmp_path, 2)
    first, second = journal.read(tmp_path).entries
    assert (first.number, first.event, first.period, first.revision) == (1, "published", "2026-Q3", 1)
    assert (first.previous, second.previous) == ("0" * 64, first.seal)
    assert first.time == "2026-10-20T02:00:00+04:00"
    assert damage_of(tmp_path) == []


FAULTS = ["fsync", "rename", "write", "symlink", "replace", "mkdir", "fchmod"]


@pytest.mark.parametrize("call", FAULTS)
@pytest.mark.parametrize("lasting", [False, True], ids=["once", "from then on"])
def test_the_nth_call_fails_for_every_n(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, lasting: bool
) -> None:
    """Old editions stay byte for byte; either nothing was published, or the next run completes it; no debris stays."""
    for number in range(1, 40):
        output = tmp_path / f"{number}"
        publish_small(output, 1)
        before = state_of(output)
        with monkeypatch.context() as patch:
            made = _failing(patch, call, number, lasting)
            try:
                publish(output, Q3, 2, edition(2), "accepted", STAMP)
                failed = False
            except DeliveryError as error:
                failed = True
                assert "No space left on device" in str(error)
        if not failed:
            assert damage_of(output) == []
            if made() < number:
                break
            continue  # the call was allowed to fail: its folder was there already
        after = state_of(output)
        assert {name: after.get(name) for name in before if name not in {"latest", "journal"}} == {
            name: content for name, content in before.items() if name not in {"latest", "journal"}
        }
        recover(output, STAMP)
        assert damage_of(output) == []
        assert not list(output.rglob(".unfinished*"))
        latest = Archive(output).latest(Q3)
        assert latest is not None and latest.revision in {1, 2}
        assert os.readlink(output / "2026-Q3" / "latest") == f"r{latest.revision}"
        if latest.revision == 1:
            assert state_of(output)["latest"] == before["latest"]
            publish(output, Q3, 2, edition(2), "accepted", STAMP)
        assert damage_of(output) == []
    else:
        pytest.fail("the calls never ended")
    assert number > 1


def _failing(patch: pytest.MonkeyPatch, name: str, nth: int, lasting: bool):
    """Let the nth call of a function of the system fail as on a full disk, once or from then on."""
    real, calls = getattr(os, name), [0]

    def counted(*arguments, **options):
        calls[0] += 1
        if calls[0] == nth or (lasting and calls[0] > nth):
            raise OSError(28, "No space left on device")
        return real(*arguments, **options)

    patch.setattr(os, name, counted)
    return lambda: calls[0]


def test_a_publication_cut_short_after_its_line_is_completed(tmp_path: Path) -> None:
    publish_small(tmp_path, 1)
    publish_small(tmp_path, 2)
    home = tmp_path / "2026-Q3"
    (home / "r2").rename(home / ".unfinished-r2")
    (home / "latest").unlink()
    (home / "latest").symlink_to("r1")
    assert recover(tmp_path, STAMP) == {}
    assert os.readlink(home / "latest") == "r2"
    assert damage_of(tmp_path) == []


def test_publications_of_several_periods_cut_short_are_completed(tmp_path: Path) -> None:
    for period in (Q3, Period(2026, 2)):
        publish_small(tmp_path, 1, period)
        home = tmp_path / str(period)
        (home / "r1").rename(home / ".unfinished-r1")
    assert recover(tmp_path, STAMP) == {}
    assert damage_of(tmp_path) == []


def test_a_publication_cut_short_with_half_its_files_is_withdrawn(tmp_path: Path) -> None:
    publish_small(tmp_path, 1)
    publish_small(tmp_path, 2)
    home = tmp_path / "2026-Q3"
    (home / "r2").rename(home / ".unfinished-r2")
    (home / ".unfinished-r2" / "cells.csv").write_bytes(b"half")
    assert recover(tmp_path, STAMP) == {}
    assert os.readlink(home / "latest") == "r1"
    assert journal.read(tmp_path).entries[-1].event == "withdrawn"
    assert not list(home.glob(".unfinished*"))
    publish_small(tmp_path, 2)
    assert damage_of(tmp_path) == []


def test_debris_of_a_killed_run_is_removed(tmp_path: Path) -> None:
    publish_small(tmp_path, 1)
    debris = tmp_path / "2026-Q3" / ".unfinished-r2"
    debris.mkdir()
    (debris / "half.pdf").write_bytes(b"%PDF")
    (tmp_path / ".unfinished-x").write_bytes(b"")
    recover(tmp_path, STAMP)
    assert not list(tmp_path.rglob(".unfinished*"))


def test_an_edition_that_is_gone_blocks_its_period_and_no_other(tmp_path: Path) -> None:
    publish_small(tmp_path, 1)
    publish_small(tmp_path, 1, Period(2026, 2))
    shutil.rmtree(tmp_path / "2026-Q3" / "r1")
    assert list(recover(tmp_path, STAMP)) == [Q3]


def test_a_stranger_among_the_editions_is_not_taken_in(tmp_path: Path) -> None:
    publish_small(tmp_path, 1)
    shutil.copytree(tmp_path / "2026-Q3" / "r1", tmp_path / "2026-Q3" / "r2")
    assert "not in the journal" in recover(tmp_path, STAMP)[Q3]


def test_a_line_half_written_by_a_killed_run_is_cut(tmp_path: Path) -> None:
    publish_small(tmp_path, 1)
    path = tmp_path / "journal.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"number": 2, "ti')
    recover(tmp_path, STAMP)
    assert path.read_bytes() == whole


def test_a_journal_that_was_cut_is_refused_and_not_mended(tmp_path: Path) -> None:
    publish_small(tmp_path, 1)
    path = tmp_path / "journal.jsonl"
    path.write_bytes(path.read_bytes()[:-20])
    cut = path.read_bytes()
    with pytest.raises(DeliveryError, match=r"was cut: it lacks .*2026-Q3/r1\. Restore it from a backup"):
        recover(tmp_path, STAMP)
    assert path.read_bytes() == cut


def test_a_journal_that_is_gone_is_refused(tmp_path: Path) -> None:
    publish_small(tmp_path, 1)
    (tmp_path / "journal.jsonl").unlink()
    with pytest.raises(DeliveryError, match="is gone, but"):
        recover(tmp_path, STAMP)


def test_editions_of_a_version_without_a_journal_are_adopted(tmp_path: Path) -> None:
    publish_small(tmp_path, 1)
    (tmp_path / "journal.jsonl").unlink()
    manifest = tmp_path / "2026-Q3" / "r1" / "manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b'"journal": true', b'"older": true'))
    assert recover(tmp_path, STAMP) == {}
    assert [entry.event for entry in journal.read(tmp_path).entries] == ["adopted"]
    assert damage_of(tmp_path) == []


def test_a_clock_that_was_set_back_stops_the_run(tmp_path: Path) -> None:
    publish_small(tmp_path, 1)
    with pytest.raises(MachineError, match="the clock was set back"):
        recover(tmp_path, RunStamp(NOW - timedelta(days=1)))
    recover(tmp_path, RunStamp(NOW - timedelta(minutes=5)))


def test_the_clock_is_that_of_baku() -> None:
    assert clock.now().utcoffset() == timedelta(hours=4)
