"""Reading workbooks in a child process: whatever becomes of the child, the parent has cells or one refusal."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator, Sequence
from typing import Any, Final

from form1.xlsx.read.bounded import Answer, answer
from form1.xlsx.read.child import OUT_OF_MEMORY, framed
from form1.xlsx.read.gate import Admitted
from form1.xlsx.read.raw import RawBook, decode
from form1.xlsx.read.refusal import EXPORTS, FORMS, Bounds, Refusal

_CHILD: Final = "form1.xlsx.read.child"


def read(admitted: Admitted) -> RawBook | Refusal:
    """Return the sheets of a workbook that passed the gate, or the one reason why they cannot be read."""
    given = answer(_CHILD, (admitted.content,), FORMS.answer)
    return _end(given, FORMS) or _understood(given.content)


def read_exports(contents: Sequence[bytes]) -> Iterator[RawBook | Refusal]:
    """Yield the sheets of each workbook, or the one reason why they cannot be read; all have passed the gate.

    One child reads them all, since starting one takes as long as reading several. When a workbook ends it, that one is
    refused and another child reads on behind it.
    """
    while contents:
        given = answer(_CHILD, map(framed, contents), EXPORTS.answer, "main_of_many")
        end = _end(given, EXPORTS)
        whole, _, _ = given.content[: EXPORTS.answer].rpartition(b"\n")
        answers = whole.split(b"\n")[: len(contents)] if whole else []
        yield from map(_understood, answers)
        if len(answers) < len(contents):
            yield end or Refusal("received_reader_died")
        contents = contents[len(answers) + 1 :]


def _end(given: Answer, bounds: Bounds) -> Refusal | None:
    """Return why a child ended before it had answered, or None."""
    too_much = len(given.content) > bounds.answer
    if given.late or (given.code in {-signal.SIGXCPU, -signal.SIGKILL} and not too_much):
        return Refusal("received_too_slow", {"bound": bounds.seconds})
    if given.code == OUT_OF_MEMORY or too_much:
        return Refusal("received_too_much")
    return None if given.code == 0 else Refusal("received_reader_died")


def _understood(answer: bytes) -> RawBook | Refusal:
    try:
        content: dict[str, Any] = json.loads(answer)
        if "refused" in content:
            return Refusal(str(content["refused"]), dict(content["facts"]))
        return decode(content)
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        return Refusal("received_reader_died")
