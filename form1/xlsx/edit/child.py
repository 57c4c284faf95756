"""The child process that makes the annotated copy: an order on stdin, the copy on stdout, or nothing and an exit code.

An order is one line of JSON (the marks, the sheet of findings, the author) and behind it the bytes of the workbook.
The child gives up memory, time, files and processes before it looks at the first byte, as the reader of workbooks does.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Sequence
from typing import Final

from form1.core.errors import SourceError
from form1.xlsx.edit.annotate import FindingRow, FindingsSheet, Mark, annotate
from form1.xlsx.read.child import OUT_OF_MEMORY, _give_up_rights
from form1.xlsx.read.refusal import FORMS

MOST_COPY: Final = FORMS.unpacked
"""Bytes of a copy that is handed on."""
REFUSED: Final = 13
"""Exit code for a workbook whose parts do not hang together, and for a copy that is too large."""


def main() -> None:
    """Read stdin, write stdout."""
    _give_up_rights()
    gc.disable()  # a short life, and no cycles worth looking for
    try:
        line = sys.stdin.buffer.readline()
        copy = annotate(sys.stdin.buffer.read(), *_understood(line))
    except SourceError:
        os._exit(REFUSED)
    except (MemoryError, RecursionError):
        os._exit(OUT_OF_MEMORY)
    if len(copy) > MOST_COPY:
        os._exit(REFUSED)
    sys.stdout.buffer.write(copy)
    sys.stdout.buffer.flush()
    os._exit(0)


def order(marks: Sequence[Mark], sheet: FindingsSheet, author: str) -> bytes:
    """Return the line of an order; what is not ASCII is escaped, so it holds any text and ends once."""
    content = {
        "marks": [(mark.sheet, mark.cell, str(mark.severity), mark.text) for mark in marks],
        "title": sheet.title,
        "header": sheet.header,
        "rows": [(row.values, row.link, str(row.severity) if row.severity else None) for row in sheet.rows],
        "link_column": sheet.link_column,
        "about": sheet.about,
        "titles": sheet.titles,
        "author": author,
    }
    return json.dumps(content, separators=(",", ":")).encode("ascii") + b"\n"


def _understood(line: bytes) -> tuple[list[Mark], FindingsSheet, str]:
    content = json.loads(line)
    rows = [
        FindingRow(tuple(values), (link[0], link[1]) if link else None, severity)
        for values, link, severity in content["rows"]
    ]
    sheet = FindingsSheet(
        title=content["title"],
        header=tuple(content["header"]),
        rows=rows,
        link_column=content["link_column"],
        about=tuple((label, value) for label, value in content["about"]),
        titles=tuple(content["titles"]),
    )
    return [Mark(*mark) for mark in content["marks"]], sheet, content["author"]


if __name__ == "__main__":
    main()
