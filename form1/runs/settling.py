"""Whether exports are still being written: by their sizes and times, as no sender tells when it is done."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Final

Look = dict[str, tuple[int, int]]
"""Size and time of change (ns) of each file by its name."""

_PAUSE: Final = 0.2


def look(folder: Path) -> Look:
    """Return what can be seen of the files in a folder without opening them."""
    seen: Look = {}
    try:
        for path in folder.iterdir():
            try:
                state = path.stat()
            except OSError:
                continue  # gone since it was listed: the next look differs
            seen[path.name] = (state.st_size, state.st_mtime_ns)
    except OSError:
        return {}
    return seen


def unsettled(
    folders: Collection[Path],
    seconds: float,
    patience: float,
    *,
    wall: Callable[[], float] = time.time,
    ticks: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> set[Path]:
    """Wait until the files in each folder were left alone for `seconds`; return the folders in which they were not.

    A file that was changed longer ago than that is settled at once. Times of change are the sender's word, so one in
    the future does not count: such a folder is watched.
    """
    began = ticks()
    seen = {folder: (look(folder), began) for folder in folders}
    left = {folder for folder in folders if not _old(seen[folder][0], wall() - seconds)}
    while left and ticks() - began < patience:
        sleep(min(_PAUSE, seconds or _PAUSE))
        for folder in sorted(left):
            now = look(folder)
            if now != seen[folder][0]:
                seen[folder] = (now, ticks())
            elif ticks() - seen[folder][1] >= seconds:
                left.discard(folder)
    return left


def _old(seen: Look, before: float) -> bool:
    return all(changed <= before * 1e9 for _, changed in seen.values())
