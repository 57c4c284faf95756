"""Keeping off the console what libraries print by themselves: stack traces of a panic, the name of a solver."""

from __future__ import annotations

import ctypes
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

STDOUT, STDERR = 1, 2


@contextmanager
def quiet(descriptor: int = STDERR) -> Iterator[None]:
    """Send standard error, or standard output, nowhere for a while."""
    with open(os.devnull, "wb") as nowhere, _sent_to(nowhere.fileno(), descriptor):
        yield


@contextmanager
def overheard(descriptor: int = STDERR) -> Iterator[list[str]]:
    """Keep standard error, or standard output, to ourselves for a while; its lines stand in the list afterwards."""
    said: list[str] = []
    with tempfile.TemporaryFile() as kept:
        with _sent_to(kept.fileno(), descriptor):
            yield said
        kept.seek(0)
        said += kept.read().decode(errors="replace").splitlines()


@contextmanager
def _sent_to(target: int, descriptor: int) -> Iterator[None]:
    try:
        kept = os.dup(descriptor)
    except OSError:  # a job without it
        yield
        return
    try:
        _flush()
        os.dup2(target, descriptor)
        yield
    finally:
        _flush()
        os.dup2(kept, descriptor)
        os.close(kept)


def _flush() -> None:
    """Empty the buffers of the C library, which holds back what is printed when nobody sits at a terminal."""
    ctypes.CDLL(None).fflush(None)
