"""The reason for a revision: a text that the sender puts beside the exports."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from form1.build.sources.grid import Unreadable
from form1.build.sources.text import decode
from form1.core.findings import Finding, Place
from form1.core.literal import plain
from form1.core.periods import Period
from form1.definition.form import Form

LONGEST: Final = 2000
"""Characters that a reason may have."""
_MOST_BYTES: Final = 4 * LONGEST + 1024
"""More bytes than the longest reason takes in any encoding, with its mark and empty lines."""
_NOTHING: Final = b"\0 \t\r\n\xef\xbb\xbf\xfe\xff"
"""Bytes of a text without letters."""
_SPACE: Final = re.compile(r"[ \t\r\n]+")


def read_reason(form: Form, exports: Path, period: Period, earlier: Mapping[int, str]) -> tuple[str, list[Finding]]:
    """Return the reason for the next revision of `period` as one line, and a finding when there is none to be had.

    `period` names the folder below `exports`, `earlier` the reasons of the revisions before by their number: a text
    that is one of them was left behind and counts as not given. A text in any encoding that exports may have is read.
    No reason never stops a revision; one that was written and cannot be used is an error, as a revision is published
    once and its reason is not added afterwards.
    """
    name = form.sources.revision_note
    place = Place(file=f"{period}/{name}")
    too_long = Finding.of("revision_reason_long", place, bound=LONGEST)
    try:
        written = _read(exports / str(period) / name)
    except FileNotFoundError:
        return "", [Finding.of("revision_without_reason", place, folder=str(period))]
    except OSError:
        return "", [Finding.of("revision_reason_unreadable", place)]
    if len(written) > _MOST_BYTES:
        return "", [too_long]
    try:
        text = decode(written).strip() if written.strip(_NOTHING) else ""
    except Unreadable:
        return "", [Finding.of("revision_reason_binary", place)]
    if len(text) > LONGEST:
        return "", [too_long]
    reason = plain(_SPACE.sub(" ", text)).strip()
    if not reason:
        return "", [Finding.of("revision_reason_empty", place)]
    for number, given in earlier.items():
        if given == reason:
            return "", [Finding.of("revision_reason_repeated", place, other=f"r{number}")]
    return reason, []


def _read(path: Path) -> bytes:
    """Return the bytes of the file, or the first of too many; OSError when it is not there or cannot be used."""
    # A link, a pipe or a folder of that name is no reason.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(handle, "rb") as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise OSError(f"{path} is no ordinary file")
        return stream.read(_MOST_BYTES + 1)
