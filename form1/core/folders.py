"""Where the program keeps what it brings along (reference/, templates/, shares of sample_data/), and what passes."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from form1.core.errors import MachineError

_NO_ROOM: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO}
_ROOM: Final = 64 * 1024
"""Bytes below which a disk is full for what is drawn."""


def data_folder(name: str) -> Path:
    """Return `reference`, `templates` or `sample_data`: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / f"_{name}"
    return installed if installed.is_dir() else package.parent / name


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """Give what libraries write besides a folder that goes with the work; MachineError when there is no room for it.

    They remove such files when their objects are torn down, for which the command line does not wait.
    """
    try:
        kept = tempfile.TemporaryDirectory(prefix="form1-", ignore_cleanup_errors=True)
    except OSError as error:
        raise _without_room("", error) from None
    before = tempfile.tempdir
    with kept as folder:
        tempfile.tempdir = folder
        try:
            yield Path(folder)
        except MachineError:
            raise
        except Exception as error:
            # Some libraries have words of their own for a full disk.
            told = error if isinstance(error, OSError) else _full(folder)
            if told is None or told.errno not in _NO_ROOM:
                raise
            raise _without_room(str(Path(folder).parent), told) from None
        finally:
            tempfile.tempdir = before


def _full(folder: str) -> OSError | None:
    if shutil.disk_usage(folder).free > _ROOM:
        return None
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _without_room(folder: str, error: OSError) -> MachineError:
    where = f" in {folder}" if folder else ""
    return MachineError(
        f"temporary files cannot be written{where}: {error.strerror}. Make room, or name another folder by TMPDIR. "
        "Nothing was published."
    )
