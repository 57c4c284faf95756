"""A new folder, whole or not at all: built beside its place by whoever knows how, then renamed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from form1.archive.store.disk import FILE_MODE, FOLDER_MODE, UNFINISHED, reason, sync
from form1.core.errors import DeliveryError


def put_folder(folder: Path, build: Callable[[Path], None]) -> None:
    """Have `build` fill an empty folder, and put it in the place of `folder`, which is empty or not there.

    Nothing that stands in `folder` is ever overwritten. DeliveryError when it holds anything or cannot be written.
    """
    building = folder.with_name(f"{UNFINISHED}{os.getpid()}-{folder.name}")
    require_free(folder)
    try:
        folder.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir(mode=FOLDER_MODE)
        build(building)
        for path in sorted(building.rglob("*")):
            path.chmod(FOLDER_MODE if path.is_dir() else FILE_MODE)
            if path.is_file():
                _sync_file(path)
        for path in (*(inner for inner in building.rglob("*") if inner.is_dir()), building):
            sync(path)
        building.rename(folder)
        sync(folder.parent)
    except OSError as error:
        raise DeliveryError(f"{folder} could not be written: {reason(error)}. Nothing is in its place.") from None
    finally:
        shutil.rmtree(building, ignore_errors=True)


def require_free(folder: Path) -> None:
    """Raise DeliveryError unless `folder` is empty or not there."""
    try:
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            raise DeliveryError(f"{folder} is no folder. Name another one.")
        if folder.exists() and any(folder.iterdir()):
            raise DeliveryError(f"{folder} is not empty, and nothing in it is overwritten. Name another folder.")
    except OSError as error:
        raise DeliveryError(f"{folder} cannot be looked into: {reason(error)}.") from None


def _sync_file(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
