"""Reading a workbook in a child process: whatever becomes of the child, the parent has cells or one refusal."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any, Final

import form1
from form1.receive.child import MOST_SECONDS, OUT_OF_MEMORY
from form1.receive.gate import Admitted
from form1.receive.raw import RawBook, decode
from form1.receive.refusal import MIB, Refusal

_CLOCK: Final = 9.0
"""Seconds after which a child is ended, whatever it does."""
_MOST_ANSWER: Final = 24 * MIB
_START: Final = "import sys; sys.path.insert(0, sys.argv[1]); from form1.receive.child import main; main()"


def read(admitted: Admitted) -> RawBook | Refusal:
    """Return the sheets of a workbook that passed the gate, or the one reason why they cannot be read."""
    root = str(Path(form1.__file__).resolve().parents[1])
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile(dir=folder) as handed:
        handed.write(admitted.content)
        handed.seek(0)
        child = subprocess.Popen(
            # Isolated, without site-packages: the reader is standard library alone, and starts in 40 ms.
            [sys.executable, "-I", "-S", "-X", "utf8", "-c", _START, root],
            stdin=handed,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={},
        )
        ended = threading.Event()

        def end() -> None:
            ended.set()
            child.kill()

        clock = threading.Timer(_CLOCK, end)
        clock.start()
        try:
            assert child.stdout is not None
            answer = child.stdout.read(_MOST_ANSWER + 1)
            if len(answer) > _MOST_ANSWER:
                child.kill()
            code = child.wait()
        finally:
            clock.cancel()
            child.kill()
            child.wait()
            if child.stdout is not None:
                child.stdout.close()
    if ended.is_set() or (code in {-signal.SIGXCPU, -signal.SIGKILL} and len(answer) <= _MOST_ANSWER):
        return Refusal("received_too_slow", {"bound": MOST_SECONDS})
    if code == OUT_OF_MEMORY or len(answer) > _MOST_ANSWER:
        return Refusal("received_too_much")
    return _understood(answer) if code == 0 else Refusal("received_reader_died")


def _understood(answer: bytes) -> RawBook | Refusal:
    try:
        content: dict[str, Any] = json.loads(answer)
        if "refused" in content:
            return Refusal(str(content["refused"]), dict(content["facts"]))
        return decode(content)
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        return Refusal("received_reader_died")
