"""Writing that reaches the disk: files with their rights, folders synced, links flipped by rename."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

FOLDER_MODE: Final = 0o750
FILE_MODE: Final = 0o640
UNFINISHED: Final = ".unfinished-"
"""How the name of whatever is not in its place yet begins."""


def fill(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make a new folder that holds `files`, all of it on the disk when this returns; OSError when it cannot."""
    folder.mkdir(mode=FOLDER_MODE)
    folder.chmod(FOLDER_MODE)  # the umask of the caller takes no part
    for name, content in files.items():
        _write(folder / name, content)
    sync(folder)


def replace(path: Path, content: bytes) -> None:
    """Put a file in its place whole, over the one that stands there; OSError when it cannot."""
    building = path.with_name(f"{UNFINISHED}{path.name}")
    building.unlink(missing_ok=True)
    _write(building, content)
    building.replace(path)
    sync(path.parent)


def flip(link: Path, name: str) -> None:
    """Point a link at its neighbour `name`, by rename, so that it always points at something whole."""
    building = link.with_name(f"{UNFINISHED}{link.name}")
    building.unlink(missing_ok=True)
    building.symlink_to(name, target_is_directory=True)
    building.replace(link)
    sync(link.parent)


def sync(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove(path: Path) -> None:
    """Remove a file, a link or a folder with all that it holds."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def reason(error: OSError) -> str:
    """Return why the system refused, in its own words."""
    return error.strerror or type(error).__name__


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        os.fchmod(file.fileno(), FILE_MODE)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
