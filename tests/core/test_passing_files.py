"""Files that libraries write besides: gone with the work, and a word where there is no room for them."""

import errno
import os
import shutil
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from form1.core.errors import MachineError
from form1.core.folders import scratch


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for passing files, in the place of the machine's."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_what_is_left_lying_goes(room: Path) -> None:
    with scratch() as folder:
        left = Path(tempfile.mkdtemp(prefix="weasyprint-"))
        (left / "font.ttf").write_bytes(b"x")
        assert left.parent == folder
    assert list(room.iterdir()) == [] and tempfile.gettempdir() == str(room)


def test_a_full_disk_is_told_with_its_folder(room: Path) -> None:
    with pytest.raises(MachineError, match=f"written in {room}: No space left on device. Make room"), scratch():
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert list(room.iterdir()) == []


def test_a_full_disk_is_told_whatever_a_library_calls_it(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=0))
    with pytest.raises(MachineError, match="No space left on device"), scratch():
        raise RuntimeError("IO_ENOSPC")


def test_a_folder_that_is_gone_is_told(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(room / "gone"))
    with pytest.raises(MachineError, match="temporary files cannot be written: No such file or directory"), scratch():
        pass


def test_other_faults_pass_as_they_are(room: Path) -> None:
    with pytest.raises(FileNotFoundError), scratch():
        (room / "nothing").read_bytes()
    with pytest.raises(RuntimeError, match="a bug"), scratch():
        raise RuntimeError("a bug")
