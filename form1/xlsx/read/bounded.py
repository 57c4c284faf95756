"""A child process that gets bytes and answers bytes: whatever becomes of it, the parent goes on."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import form1

_CLOCK: Final = 60.0
"""Seconds after which a child is ended, whatever it waits for; child.py bounds its work by the processor's time."""
_START: Final = (
    "import importlib, sys; sys.path.insert(0, sys.argv[1]); "
    "getattr(importlib.import_module(sys.argv[2]), sys.argv[3])()"
)


@dataclass(frozen=True)
class Answer:
    """What a child answered, and how it ended."""

    content: bytes
    """At most one byte more than was allowed."""
    code: int
    """Its exit code; negative: the signal that ended it."""
    late: bool
    """Whether the clock ended it."""


def answer(module: str, handed: Iterable[bytes], most: int, function: str = "main") -> Answer:
    """Start a function of a module, hand it bytes on stdin, return at most `most` bytes and one of its answer.

    A child that answers more, or lives longer than 60 s, is killed. Raises OSError and MemoryError where
    there is no process or no room for it.
    """
    root = str(Path(form1.__file__).resolve().parents[1])
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile(dir=folder) as file:
        for each in handed:
            file.write(each)
        file.seek(0)
        child = subprocess.Popen(
            # Isolated, without site-packages: such a module is standard library alone, and starts in 40 ms.
            [sys.executable, "-I", "-S", "-X", "utf8", "-c", _START, root, module, function],
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={},
        )
        late = threading.Event()

        def end() -> None:
            late.set()
            child.kill()

        clock = threading.Timer(_CLOCK, end)
        clock.start()
        try:
            assert child.stdout is not None
            content = child.stdout.read(most + 1)
            if len(content) > most:
                child.kill()
            code = child.wait()
        finally:
            clock.cancel()
            child.kill()
            child.wait()
            if child.stdout is not None:
                child.stdout.close()
    return Answer(content, code, late.is_set())
