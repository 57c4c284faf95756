"""The annotated copy made in a child process: whatever the workbook does to it, the parent has a copy or none."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import form1
from form1.receive.annotate import FindingsSheet, Mark
from form1.receive.annotate_child import MOST_COPY, order

_CLOCK: Final = 9.0
"""Seconds after which a child is ended, whatever it does."""
_START: Final = "import sys; sys.path.insert(0, sys.argv[1]); from form1.receive.annotate_child import main; main()"


def annotate_bounded(
    workbook: bytes, marks: Sequence[Mark], findings_sheet: FindingsSheet, author: str = "form1"
) -> bytes | None:
    """Return what `annotate` makes of the same arguments, byte for byte, or None when it cannot be made.

    None stands for parts that do not hang together, marks at no cell, and more memory (512 MiB) or time (8 s of the
    processor, 9 s of the clock) than a copy may take. Raises nothing.
    """
    try:
        return _made(order(marks, findings_sheet, author), workbook)
    except (OSError, MemoryError):  # no process, no room: the other results do not wait for a copy
        return None


def _made(line: bytes, workbook: bytes) -> bytes | None:
    root = str(Path(form1.__file__).resolve().parents[1])
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile(dir=folder) as handed:
        handed.write(line)
        handed.write(workbook)
        handed.seek(0)
        child = subprocess.Popen(
            # Isolated, without site-packages: the annotator is standard library alone.
            [sys.executable, "-I", "-S", "-X", "utf8", "-c", _START, root],
            stdin=handed,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={},
        )
        clock = threading.Timer(_CLOCK, child.kill)
        clock.start()
        try:
            assert child.stdout is not None
            copy = child.stdout.read(MOST_COPY + 1)
            if len(copy) > MOST_COPY:
                child.kill()
            code = child.wait()
        finally:
            clock.cancel()
            child.kill()
            child.wait()
            if child.stdout is not None:
                child.stdout.close()
    return copy if code == 0 and 0 < len(copy) <= MOST_COPY else None
