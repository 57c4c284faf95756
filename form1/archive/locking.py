"""One run at a time: a lock of the kernel on the output folder, which dies with its holder and says who holds it.

The folder itself is locked, and not a file in it: whoever deletes the file because it looks stale lets nobody in.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from form1.core.errors import DeliveryError, LockedError

FILE = ".lock"
"""The note that says who holds the folder; it is no lock."""
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
    folder = _open(output)
    try:
        _require_owner(output, os.fstat(folder).st_uid)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockedError(_held(output)) from None
        except OSError as error:
            raise DeliveryError(
                f"{output} cannot be locked: {error.strerror}. Put the output folder on a local disk. "
                "Nothing was published."
            ) from None
        with _note(output) as note:
            _sign(note, command, now)
            yield
            _sign(note, "", now)
    finally:
        os.close(folder)


@contextlib.contextmanager
def watch(output: Path) -> Iterator[None]:
    """Keep runs out while an archive is read; LockedError when a run is at work."""
    try:
        folder = os.open(output, os.O_RDONLY)
    except OSError:
        yield  # there is nothing to read, which the reader says better
        return
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockedError(_held(output)) from None
        except OSError:
            pass  # a file system without locks: reading is safe, only a run at work would be read half-way
        yield
    finally:
        os.close(folder)


def _open(output: Path) -> int:
    try:
        output.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        return os.open(output, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise _not_writable(output, error) from None


def other_owner(uid: int) -> str:
    """Return the name of the user whose archive root would spoil: what root writes there, that user cannot read."""
    if os.geteuid() != 0 or uid == 0:
        return ""
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"#{uid}"


def _require_owner(output: Path, uid: int) -> None:
    if name := other_owner(uid):
        raise DeliveryError(
            f"{output} belongs to {name}, who could not read what root writes there. "
            f"Call as that user (runuser -u {name} -- form1 …). Nothing was published."
        )


@contextlib.contextmanager
def _note(output: Path) -> Iterator[int]:
    try:
        note = os.open(output / FILE, os.O_RDWR | os.O_CREAT, _FILE_MODE)
    except OSError as error:
        raise _not_writable(output, error) from None
    try:
        yield note
    finally:
        os.close(note)


def _not_writable(output: Path, error: OSError) -> DeliveryError:
    is_other = isinstance(error, FileExistsError | NotADirectoryError)  # a file, or a link to nowhere
    reason = "it is no folder" if is_other else error.strerror or type(error).__name__
    return DeliveryError(f"{output} cannot be written: {reason}. Nothing was published.")


def _sign(handle: int, command: str, now: datetime) -> None:
    """Write who holds the lock; on a full disk the lock is held all the same."""
    holder = {"command": command, "pid": os.getpid(), "host": os.uname().nodename, "since": now.isoformat()}
    with contextlib.suppress(OSError):
        os.ftruncate(handle, 0)
        if command:
            os.pwrite(handle, json.dumps(holder).encode(), 0)


def _held(output: Path) -> str:
    try:
        with (output / FILE).open("rb") as note:
            holder = json.loads(note.read(_MOST))
        who = f"{holder['command']}, process {holder['pid']} on {holder['host']}, since {holder['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        who = "another run, which has just begun"
    return f"{output} is held by {who}. Wait for it to end, then call again."
