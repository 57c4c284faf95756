"""The child process that reads a workbook: bytes on stdin, its cells or a refusal as JSON on stdout.

It gives up memory, time, files and processes before it looks at the first byte. Whatever kills it is one refusal.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import sys
from typing import Final

from form1.xlsx.read.package import read_book
from form1.xlsx.read.raw import encode
from form1.xlsx.read.refusal import MIB, Refused

MOST_MEMORY: Final = 512 * MIB
MOST_SECONDS: Final = 8
"""Of processor time; the parent looks at the clock."""
OUT_OF_MEMORY: Final = 12
"""Exit code for a workbook that needs more memory than it may have."""


def main() -> None:
    """Read stdin, write stdout."""
    _give_up_rights()
    gc.disable()  # a short life: looking for cycles takes a third of it
    try:
        answer = encode(read_book(sys.stdin.buffer.read()), {}, {})
    except Refused as refused:
        answer = {"refused": refused.refusal.message, "facts": dict(refused.refusal.facts)}
    except (MemoryError, RecursionError):
        os._exit(OUT_OF_MEMORY)
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"))
    sys.stdout.buffer.flush()
    os._exit(0)  # taking the cells apart again would cost time and change nothing


def _give_up_rights() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 16),
    ):
        hard = resource.getrlimit(what)[1]
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (bound, bound))


if __name__ == "__main__":
    main()
