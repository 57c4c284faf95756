"""Keeping off the console what libraries print by themselves: stack traces of a panic, words of a virtual machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet() -> Iterator[None]:
    """Send standard error nowhere for a while."""
    try:
        kept = os.dup(2)
    except OSError:  # a job without any standard error
        yield
        return
    try:
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
