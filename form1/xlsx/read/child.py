"""The child process that reads workbooks: bytes on stdin, their cells or a refusal as JSON on stdout.

It gives up memory, time, files and processes before it looks at the first byte. Whatever kills it is one refusal.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import sys
from typing import Any, Final

from form1.xlsx.read.package import read_book
from form1.xlsx.read.raw import encode
from form1.xlsx.read.refusal import EXPORTS, FORMS, Bounds, Refused

OUT_OF_MEMORY: Final = 12
"""Exit code for a workbook that needs more memory than it may have."""
_LENGTH: Final = 8
"""Bytes before each of several workbooks that say how long it is."""


def main() -> None:
    """Read one received workbook from stdin, write its cells to stdout."""
    _give_up_rights(FORMS)
    gc.disable()  # a short life: looking for cycles takes a third of it
    _answer(sys.stdin.buffer.read(), FORMS)
    os._exit(0)  # taking the cells apart again would cost time and change nothing


def framed(content: bytes) -> bytes:
    """Return a workbook as `main_of_many` reads it among others."""
    return len(content).to_bytes(_LENGTH, "big") + content


def main_of_many() -> None:
    """Read the workbooks of exports from stdin one after the other, write a line for each to stdout."""
    _give_up_rights(EXPORTS)
    gc.disable()
    while length := sys.stdin.buffer.read(_LENGTH):
        _answer(sys.stdin.buffer.read(int.from_bytes(length, "big")), EXPORTS)
        sys.stdout.buffer.write(b"\n")
        sys.stdout.buffer.flush()
    os._exit(0)


def _answer(content: bytes, bounds: Bounds) -> None:
    answer: dict[str, Any]
    try:
        answer = encode(read_book(content, bounds), {}, {})
    except Refused as refused:
        answer = {"refused": refused.refusal.message, "facts": dict(refused.refusal.facts)}
    except (MemoryError, RecursionError):
        os._exit(OUT_OF_MEMORY)
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def _give_up_rights(bounds: Bounds = FORMS) -> None:
    for what, most in (
        (resource.RLIMIT_AS, bounds.memory),
        (resource.RLIMIT_CPU, bounds.seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 16),
    ):
        hard = resource.getrlimit(what)[1]
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (bound, bound))


if __name__ == "__main__":
    main()
