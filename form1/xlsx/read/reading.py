"""Reading a workbook in a child process: whatever becomes of the child, the parent has cells or one refusal."""

from __future__ import annotations

import json
import signal
from typing import Any, Final

from form1.xlsx.read.bounded import answer
from form1.xlsx.read.child import MOST_SECONDS, OUT_OF_MEMORY
from form1.xlsx.read.gate import Admitted
from form1.xlsx.read.raw import RawBook, decode
from form1.xlsx.read.refusal import MIB, Refusal

_MOST_ANSWER: Final = 24 * MIB


def read(admitted: Admitted) -> RawBook | Refusal:
    """Return the sheets of a workbook that passed the gate, or the one reason why they cannot be read."""
    given = answer("form1.xlsx.read.child", (admitted.content,), _MOST_ANSWER)
    too_much = len(given.content) > _MOST_ANSWER
    if given.late or (given.code in {-signal.SIGXCPU, -signal.SIGKILL} and not too_much):
        return Refusal("received_too_slow", {"bound": MOST_SECONDS})
    if given.code == OUT_OF_MEMORY or too_much:
        return Refusal("received_too_much")
    return _understood(given.content) if given.code == 0 else Refusal("received_reader_died")


def _understood(answer: bytes) -> RawBook | Refusal:
    try:
        content: dict[str, Any] = json.loads(answer)
        if "refused" in content:
            return Refusal(str(content["refused"]), dict(content["facts"]))
        return decode(content)
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        return Refusal("received_reader_died")
