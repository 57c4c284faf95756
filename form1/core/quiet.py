"""Keeping off the console what libraries print by themselves: stack traces of a panic, the name of a solver."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager

STDOUT, STDERR = 1, 2


@contextmanager
def quiet(descriptor: int = STDERR) -> Iterator[None]:
    """Send standard error, or standard output, nowhere for a while."""
    try:
        kept = os.dup(descriptor)
    except OSError:  # a job without it
        yield
        return
    try:
        _flush()
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), descriptor)
        yield
    finally:
        _flush()
        os.dup2(kept, descriptor)
        os.close(kept)


def _flush() -> None:
    """Empty the buffers of the C library, which holds back what is printed when nobody sits at a terminal."""
    ctypes.CDLL(None).fflush(None)
