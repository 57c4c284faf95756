"""Publish an edition: its folder is built beside its place, synced to the disk, and put there by one rename."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from form1.errors import DeliveryError, LockedError
from form1.periods import Period

_FOLDER_MODE = 0o750
_FILE_MODE = 0o640
_UNFINISHED = ".unfinished-"
LATEST = "latest"
RECEIPT = "receipt.json"
"""Every folder of results holds one; a folder without it is somebody else's."""


@contextmanager
def lock(output: Path) -> Iterator[None]:
    """Hold the output folder for one run; LockedError when another run holds it.

    The lock is the kernel's and dies with its holder.
    """
    from filelock import FileLock, Timeout

    path = output / ".lock"
    try:
        output.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        held = FileLock(path, timeout=0, mode=_FILE_MODE)
        held.acquire()
    except Timeout:
        raise LockedError(f"another run is publishing into {output}. Wait for it to end, then call again.") from None
    except OSError as error:
        raise DeliveryError(f"{output} cannot be written: {_reason(error)}. Nothing was published.") from None
    try:
        yield
    finally:
        held.release()


def publish(output: Path, period: Period, revision: int, files: Mapping[str, bytes]) -> Path:
    """Put an edition in its place and return its folder, `output/PERIOD/rN`.

    The caller holds the lock. DeliveryError when it could not be written; older editions stay as they were.
    """
    home = output / str(period)
    target = home / f"r{revision}"
    building = home / f"{_UNFINISHED}r{revision}"
    try:
        home.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        for debris in home.glob(f"{_UNFINISHED}*"):
            _remove(debris)
        if target.exists():
            raise DeliveryError(f"{target} stands already and is never overwritten. Nothing was published.")
        building.mkdir(mode=_FOLDER_MODE)
        building.chmod(_FOLDER_MODE)
        for name, content in files.items():
            _write(building / name, content)
        _sync(building)
        building.rename(target)
        _sync(home)
        _flip(home, target.name)
    except OSError as error:
        # An edition to which `latest` cannot point was not published either: neither half may stay.
        shutil.rmtree(building, ignore_errors=True)
        shutil.rmtree(target, ignore_errors=True)
        raise DeliveryError(f"{target} could not be written: {_reason(error)}. Nothing was published.") from None
    return target


def place(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put the results of a check in `folder`, whole or not at all; results of an earlier check there are replaced.

    DeliveryError when they could not be written.
    """
    building = folder.with_name(f"{_UNFINISHED}{os.getpid()}-{folder.name}")
    old = folder.with_name(f"{_UNFINISHED}{os.getpid()}-old-{folder.name}")
    if folder.is_symlink() or (folder.exists() and not (folder / RECEIPT).is_file()):
        raise DeliveryError(
            f"{folder} is not a folder of results: it holds no {RECEIPT}. Move it away, then call again."
        )
    try:
        folder.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        for debris in (building, old):
            shutil.rmtree(debris, ignore_errors=True)
        building.mkdir(mode=_FOLDER_MODE)
        for name, content in files.items():
            _write(building / name, content)
        _sync(building)
        if folder.exists():
            folder.rename(old)
        building.rename(folder)
        _sync(folder.parent)
    except OSError as error:
        shutil.rmtree(building, ignore_errors=True)
        if old.exists() and not folder.exists():
            old.rename(folder)
        raise DeliveryError(f"{folder} could not be written: {_reason(error)}.") from None
    shutil.rmtree(old, ignore_errors=True)


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        os.fchmod(file.fileno(), _FILE_MODE)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def point(edition: Path) -> None:
    """Make `latest` point at an edition that stands; the caller holds the lock."""
    link = edition.parent / LATEST
    try:
        if not link.is_symlink() or os.readlink(link) != edition.name:
            _flip(edition.parent, edition.name)
    except OSError as error:
        raise DeliveryError(f"{link} could not be written: {_reason(error)}.") from None


def _flip(home: Path, name: str) -> None:
    """Point `latest` at the edition, by rename, so that it always points at a whole one."""
    link = home / f"{_UNFINISHED}{LATEST}"
    link.unlink(missing_ok=True)
    link.symlink_to(name, target_is_directory=True)
    link.replace(home / LATEST)
    _sync(home)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
