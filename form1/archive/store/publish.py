"""Publish an edition: its folder is built beside its place, told to the journal, and put there by one rename."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from form1.archive.store import disk, journal
from form1.archive.store.editions import MANIFEST, SIGNATURE
from form1.core.errors import DeliveryError
from form1.core.periods import Period

LATEST: Final = "latest"


@dataclass(frozen=True)
class RunStamp:
    """When and in which run something is published: what the journal says beside the edition itself."""

    now: datetime
    run: str = "build"


def publish(
    output: Path,
    period: Period | str,
    revision: int,
    files: Mapping[str, bytes],
    verdict: str,
    stamp: RunStamp,
    event: journal.Event = journal.Event.PUBLISHED,
) -> Path:
    """Put an edition in its place and return its folder, `output/PERIOD/rN`; a reception is put there the same way.

    The caller holds the lock and has recovered the archive. DeliveryError when it could not be written: older editions
    and the journal stay as they were.
    """
    home = output / str(period)
    target, building = home / f"r{revision}", home / f"{disk.UNFINISHED}r{revision}"
    told = None
    latest = _points_at(home)
    try:
        # Not its parents: an output folder that went away while the run drew is never begun anew in its place.
        home.mkdir(mode=disk.FOLDER_MODE, exist_ok=True)
        if target.exists():
            raise DeliveryError(f"{target} stands already and is never overwritten. Nothing was published.")
        disk.fill(building, files)
        # Before the rename: a run that is killed in between leaves a line and a whole folder, and can be completed.
        told = journal.append(
            output,
            event,
            (period, revision),
            manifest_sha256=hashlib.sha256(files[MANIFEST]).hexdigest(),
            signature_sha256=hashlib.sha256(files[SIGNATURE]).hexdigest() if SIGNATURE in files else "",
            verdict=verdict,
            now=stamp.now,
            run=stamp.run,
        )
        building.rename(target)
        disk.sync(home)
        disk.flip(home / LATEST, target.name)
    except OSError as error:
        why = f"{target} could not be written: {disk.reason(error)}."
        if told is not None and not _take_back(output, home, target, building, told, latest):
            raise DeliveryError(f"{why} Its publication stopped half-way; the next run completes it.") from None
        shutil.rmtree(building, ignore_errors=True)
        raise DeliveryError(f"{why} Nothing was published.") from None
    return target


def point(edition: Path) -> None:
    """Make `latest` point at an edition that stands; the caller holds the lock."""
    link = edition.parent / LATEST
    try:
        if _points_at(edition.parent) != edition.name:
            disk.flip(link, edition.name)
    except OSError as error:
        raise DeliveryError(
            f"{link} could not be written: {disk.reason(error)}. Move away what stands there, then call again."
        ) from None


def _points_at(home: Path) -> str:
    try:
        return os.readlink(home / LATEST)
    except OSError:
        return ""


def _take_back(output: Path, home: Path, target: Path, building: Path, told: int, latest: str) -> bool:
    """Undo the last steps, in the order that never shows half an edition; False when the disk does not let us."""
    try:
        if _points_at(home) not in {"", latest}:
            link = home / f"{disk.UNFINISHED}back"
            if latest:
                link.symlink_to(latest, target_is_directory=True)
                link.replace(home / LATEST)
            else:
                (home / LATEST).unlink()
        if target.exists():
            target.rename(building)
        journal.cut(output, told)
    except OSError:
        return False
    return True
