"""The annotated copy made in a child process: whatever the workbook does to it, the parent has a copy or none."""

from __future__ import annotations

from collections.abc import Sequence

from form1.xlsx.edit.annotate import FindingsSheet, Mark
from form1.xlsx.edit.child import MOST_COPY, order
from form1.xlsx.read.bounded import answer


def annotate_bounded(
    workbook: bytes, marks: Sequence[Mark], findings_sheet: FindingsSheet, author: str = "form1"
) -> bytes | None:
    """Return what `annotate` makes of the same arguments, byte for byte, or None when it cannot be made.

    None stands for parts that do not hang together, marks at no cell, and more memory (512 MiB) or time (8 s of the
    processor, 60 s of the clock) than a copy may take. Raises nothing.
    """
    try:
        made = answer("form1.xlsx.edit.child", (order(marks, findings_sheet, author), workbook), MOST_COPY)
    except (OSError, MemoryError):  # no process, no room: the other results do not wait for a copy
        return None
    return made.content if made.code == 0 and 0 < len(made.content) <= MOST_COPY else None
