"""Drawing several editions at once: each in a process of its own, handed back in their order."""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import get_context
from typing import Final

from form1.build.publishing import draw
from form1.model.forms import Edition

_TELL_ME: Final = 1
"""PR_SET_PDEATHSIG of Linux: the signal that a process gets when its parent dies."""


def draw_all(submissions: Sequence[Edition], processes: int) -> Iterator[dict[str, bytes]]:
    """Yield the files of each submission, in the order given; `processes` 0 stands for one to each processor."""
    count = min(processes or os.cpu_count() or 1, len(submissions))
    if count <= 1:
        yield from map(draw, submissions)
        return
    with ProcessPoolExecutor(
        count, mp_context=get_context("spawn"), initializer=_die_with, initargs=(os.getpid(),)
    ) as pool:
        waiting = [pool.submit(draw, submission) for submission in submissions]
        for submission, future in zip(submissions, waiting, strict=True):
            try:
                yield future.result()
            except BrokenProcessPool:
                # A worker was killed from outside (memory, an operator); what is left is drawn here.
                yield draw(submission)


def _die_with(parent: int) -> None:
    """Let a killed run leave no process behind; elsewhere than on Linux the workers end with their work."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).prctl(_TELL_ME, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
