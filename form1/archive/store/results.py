"""The results of a check in their folder, whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from form1.archive.store.disk import FOLDER_MODE, UNFINISHED, fill, reason, sync
from form1.core.errors import DeliveryError

RECEIPT: Final = "receipt.json"
"""What every folder of results of a check holds."""
DRAFTS: Final = "drafts"
REJECTED: Final = "rejected"
RENDITIONS: Final = "renditions"
"""Folders of an output folder beside the editions: what stands there is no edition and is replaced."""


def place(folder: Path, files: Mapping[str, bytes], known_by: str = RECEIPT) -> None:
    """Put results in `folder`, whole or not at all; earlier results there are replaced.

    `known_by` is the file by which results are known: a folder without it is somebody else's. DeliveryError when they
    could not be written.
    """
    building = folder.with_name(f"{UNFINISHED}{os.getpid()}-{folder.name}")
    old = folder.with_name(f"{UNFINISHED}{os.getpid()}-old-{folder.name}")
    if folder.is_symlink() or (folder.exists() and not (folder / known_by).is_file()):
        raise DeliveryError(
            f"{folder} is not a folder of results: it holds no {known_by}. Move it away, then call again."
        )
    try:
        folder.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        for debris in (building, old):
            shutil.rmtree(debris, ignore_errors=True)
        fill(building, files)
        if folder.exists():
            folder.rename(old)
        building.rename(folder)
        sync(folder.parent)
    except OSError as error:
        shutil.rmtree(building, ignore_errors=True)
        if old.exists() and not folder.exists():
            old.rename(folder)
        raise DeliveryError(f"{folder} could not be written: {reason(error)}.") from None
    shutil.rmtree(old, ignore_errors=True)


def mend(folder: Path) -> None:
    """Bring back the results that a killed replacement has moved aside, and remove what else it has left.

    The caller holds a lock that keeps others from replacing them.
    """
    for old in sorted(folder.parent.glob(f"{UNFINISHED}*-old-{folder.name}")):
        if not folder.exists():
            old.rename(folder)
    for debris in folder.parent.glob(f"{UNFINISHED}*-{folder.name}"):
        shutil.rmtree(debris, ignore_errors=True)
