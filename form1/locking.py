"""One run at a time: a lock of the kernel on the output folder, which dies with its holder and says who holds it."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from form1.errors import DeliveryError, LockedError

FILE = ".lock"
_FOLDER_MODE = 0o750
_FILE_MODE = 0o640
_MOST = 4096
"""Bytes of the lock file that are read to learn who holds it."""


@contextlib.contextmanager
def hold(output: Path, command: str, now: datetime) -> Iterator[None]:
    """Hold the output folder for one run, and make the folder when it is not there.

    LockedError names the run that holds it; DeliveryError when the folder cannot be written. Imports nothing heavy,
    since every one of many starts comes through here.
    """
    handle = _open(output)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockedError(_held(handle, output)) from None
        except OSError as error:
            raise DeliveryError(
                f"{output} cannot be locked: {error.strerror}. Put the output folder on a local disk. "
                "Nothing was published."
            ) from None
        _sign(handle, command, now)
        yield
        _sign(handle, "", now)
    finally:
        os.close(handle)


@contextlib.contextmanager
def watch(output: Path) -> Iterator[None]:
    """Keep runs out while an archive is read, as far as it has a lock file; LockedError when a run is at work."""
    try:
        handle = os.open(output / FILE, os.O_RDONLY)
    except OSError:
        # A copy on read-only media, or a folder in which nobody has published: nobody can write there either.
        yield
        return
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockedError(_held(handle, output)) from None
        except OSError:
            pass  # a file system without locks: reading is safe, only a run at work would be read half-way
        yield
    finally:
        os.close(handle)


def _open(output: Path) -> int:
    try:
        output.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        return os.open(output / FILE, os.O_RDWR | os.O_CREAT, _FILE_MODE)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise DeliveryError(f"{output} cannot be written: {reason}. Nothing was published.") from None


def _sign(handle: int, command: str, now: datetime) -> None:
    """Write who holds the lock; on a full disk the lock is held all the same."""
    holder = {"command": command, "pid": os.getpid(), "host": os.uname().nodename, "since": now.isoformat()}
    with contextlib.suppress(OSError):
        os.ftruncate(handle, 0)
        if command:
            os.pwrite(handle, json.dumps(holder).encode(), 0)


def _held(handle: int, output: Path) -> str:
    try:
        holder = json.loads(os.pread(handle, _MOST, 0))
        who = f"{holder['command']}, process {holder['pid']} on {holder['host']}, since {holder['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        who = "another run, which has just begun"
    return f"{output} is held by {who}. Wait for it to end, then call again."
