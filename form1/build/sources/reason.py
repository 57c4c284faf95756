"""The reason for a revision: a text that the sender puts beside the exports."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from form1.core.findings import Fact, Finding, Place, Severity
from form1.core.periods import Period
from form1.core.texts import plain
from form1.definition.form import Form

LONGEST: Final = 2000
"""Characters that a reason may have."""
_MOST_BYTES: Final = 4 * LONGEST + 1024
"""More bytes than the longest reason takes, with its mark of UTF-8 and empty lines."""
_SPACE: Final = re.compile(r"[ \t\r\n]+")


def read_reason(form: Form, exports: Path, period: Period, earlier: Mapping[int, str]) -> tuple[str, list[Finding]]:
    """Return the reason for the next revision of `period` as one line, and a finding when there is none to be had.

    `period` names the folder below `exports`, `earlier` the reasons of the revisions before by their number: a text
    that is one of them was left behind and counts as not given. A reason that cannot be used is a warning and an empty
    text; no reason ever stops a revision.
    """
    name = form.sources.revision_note
    place = Place(file=f"{period}/{name}")
    written = _read(exports / str(period) / name)
    if isinstance(written, str):
        return "", [Finding(written, Severity.WARNING, 0, place, _facts(written))]
    if written is None:
        return "", [Finding("revision_without_reason", Severity.INFORMATION, 0, place, {"folder": str(period)})]
    try:
        text = written.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "", [Finding("revision_reason_not_utf8", Severity.WARNING, 0, place)]
    text = text.strip()
    if len(text) > LONGEST:
        return "", [Finding("revision_reason_long", Severity.WARNING, 0, place, {"bound": LONGEST})]
    reason = plain(_SPACE.sub(" ", text)).strip()
    if not reason:
        return "", [Finding("revision_reason_empty", Severity.WARNING, 0, place)]
    for number, given in earlier.items():
        if given == reason:
            facts: dict[str, Fact] = {"other": f"r{number}"}
            return "", [Finding("revision_reason_repeated", Severity.INFORMATION, 0, place, facts)]
    return reason, []


def _read(path: Path) -> bytes | str | None:
    """Return the bytes of the file; None when there is none, the id of a message when it cannot be used."""
    try:
        # A link, a pipe or a folder of that name is no reason.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                return "revision_reason_unreadable"
            data = stream.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError:
        return "revision_reason_unreadable"
    return data if len(data) <= _MOST_BYTES else "revision_reason_long"


def _facts(message: str) -> dict[str, Fact]:
    return {"bound": LONGEST} if message == "revision_reason_long" else {}
