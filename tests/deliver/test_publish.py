"""Publishing: whole or not at all, never over an edition that stands."""

import os
from pathlib import Path

import pytest

from form1.deliver import Archive, lock, publish
from form1.errors import DeliveryError, LockedError
from form1.periods import Period

Q3 = Period(2026, 3)


def test_an_edition_is_published_with_its_rights(tmp_path: Path) -> None:
    os.umask(0o022)
    folder = publish(tmp_path / "out", Q3, 1, {"a.txt": b"one"})
    assert folder == tmp_path / "out" / "2026-Q3" / "r1"
    assert (folder / "a.txt").read_bytes() == b"one"
    assert (folder.stat().st_mode & 0o777, (folder / "a.txt").stat().st_mode & 0o777) == (0o750, 0o640)
    assert os.readlink(folder.parent / "latest") == "r1"
    assert sorted(path.name for path in folder.parent.iterdir()) == ["latest", "r1"]


def test_latest_is_flipped_and_the_old_edition_stays(tmp_path: Path) -> None:
    publish(tmp_path, Q3, 1, {"a.txt": b"one"})
    publish(tmp_path, Q3, 2, {"a.txt": b"two"})
    assert (tmp_path / "2026-Q3" / "latest" / "a.txt").read_bytes() == b"two"
    assert (tmp_path / "2026-Q3" / "r1" / "a.txt").read_bytes() == b"one"
    assert [edition.revision for edition in Archive(tmp_path).editions(Q3)] == [1, 2]


def test_an_edition_is_never_overwritten(tmp_path: Path) -> None:
    publish(tmp_path, Q3, 1, {"a.txt": b"one"})
    with pytest.raises(DeliveryError, match="never overwritten"):
        publish(tmp_path, Q3, 1, {"a.txt": b"two"})
    assert (tmp_path / "2026-Q3" / "r1" / "a.txt").read_bytes() == b"one"


def test_debris_of_a_killed_run_is_removed(tmp_path: Path) -> None:
    debris = tmp_path / "2026-Q3" / ".unfinished-r1"
    debris.mkdir(parents=True)
    (debris / "half.pdf").write_bytes(b"%PDF")
    publish(tmp_path, Q3, 1, {"a.txt": b"one"})
    assert sorted(path.name for path in (tmp_path / "2026-Q3").iterdir()) == ["latest", "r1"]


def test_a_failing_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(tmp_path, Q3, 1, {"a.txt": b"one"})
    calls = iter([None, OSError(28, "No space left on device")])

    def full(handle: int) -> None:
        error = next(calls)
        if error is not None:
            raise error

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DeliveryError, match="No space left on device"):
        publish(tmp_path, Q3, 2, {"a.txt": b"two", "b.txt": b"three"})
    assert sorted(path.name for path in (tmp_path / "2026-Q3").iterdir()) == ["latest", "r1"]
    assert os.readlink(tmp_path / "2026-Q3" / "latest") == "r1"


def test_one_run_at_a_time(tmp_path: Path) -> None:
    with lock(tmp_path), pytest.raises(LockedError, match="another run"), lock(tmp_path):
        pass
    with lock(tmp_path):
        pass


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DeliveryError, match="cannot be written"), lock(tmp_path / "file" / "out"):
        pass
