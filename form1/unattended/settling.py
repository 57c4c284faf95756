"""Whether exports are still being written: by their sizes and times, as no sender tells when it is done."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Final

FolderState = dict[str, tuple[int, int, int]]
"""Size, inode and time (ns) of the last change of each file by its name, and of the folder itself by a dot."""

_PAUSE: Final = 0.2


def state_of(folder: Path) -> FolderState:
    """Return what can be seen of a folder and its files without opening them; nothing when there is none.

    The time is the later of when the bytes were changed and when the file came to be as it is on this disk: whoever
    copies with times (rsync -t, cp -p, an archive unpacked) says of a file that it is old while it arrives.
    """
    seen: FolderState = {}
    try:
        seen["."] = _seen(folder.stat())
        for path in folder.iterdir():
            try:
                seen[path.name] = _seen(path.stat())
            except OSError:
                continue  # gone since it was listed: the next look differs
    except OSError:
        return {}
    return seen


def settled(
    folders: Collection[Path],
    seconds: float,
    patience: float,
    *,
    wall: Callable[[], float] = time.time,
    ticks: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> dict[Path, FolderState]:
    """Wait until each folder was left alone for `seconds`; return those that were, as they looked then.

    What was changed longer ago than that has settled at once. A time in the future does not count: such a folder is
    watched. Whoever reads a folder later looks again: it is the same only when the look is.
    """
    began = ticks()
    seen = {folder: (state_of(folder), began) for folder in folders}
    left = {folder for folder in folders if not _old(seen[folder][0], wall() - seconds)}
    while left and ticks() - began < patience:
        sleep(min(_PAUSE, seconds or _PAUSE))
        for folder in sorted(left):
            now = state_of(folder)
            if now != seen[folder][0]:
                seen[folder] = (now, ticks())
            elif ticks() - seen[folder][1] >= seconds:
                left.discard(folder)
    return {folder: what for folder, (what, _) in seen.items() if folder not in left}


def _seen(state: os.stat_result) -> tuple[int, int, int]:
    return state.st_size, state.st_ino, max(state.st_mtime_ns, state.st_ctime_ns)


def _old(seen: FolderState, before: float) -> bool:
    return all(changed <= before * 1e9 for _, _, changed in seen.values())
