"""A sheet of running text: rows that follow each other over a few fixed columns."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from form1.render.workbook.ink import Ink
from form1.views.notes import NoteView, NumberedView


class Page:
    """A sheet that is filled from the top, and the height of each of its rows in points."""

    def __init__(self, sheet: Worksheet, ink: Ink, widths: Sequence[float]) -> None:
        self.sheet, self.ink, self.widths = sheet, ink, widths
        self.heights: list[float] = []
        self.ends: list[bool] = []
        for column, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(column)].width = round(width, 2)

    def across(self, text: str, role: str) -> None:
        """Write a text over the whole width."""
        self.ink.put(self.sheet, text, role, len(self.heights) + 1, 1, to_column=len(self.widths))
        self._grow(
            self.ink.height(text, role, sum(self.widths)) + (8 if self._leads(role) else 3),
            not self._leads(role),
        )

    def line(self, texts: Sequence[str], role: str, *roles: str) -> None:
        """Write a text into each column; `roles` are those of the columns after the first."""
        each = list(zip(texts, [role, *(roles or [role] * (len(texts) - 1))], strict=True))
        self.ink.row(self.sheet, each)
        self._grow(
            max(self.ink.height(text, own, width) for (text, own), width in zip(each, self.widths, strict=True)),
            role != "head",
        )

    def pair(self, left: str, right: str, left_role: str, right_role: str) -> None:
        """Write a text into the first column and one over all others."""
        at = len(self.heights) + 1
        self.ink.put(self.sheet, left, left_role, at, 1)
        self.ink.put(self.sheet, right, right_role, at, 2, to_column=len(self.widths))
        own = self.ink.height(left, left_role, self.widths[0])
        self._grow(max(own, self.ink.height(right, right_role, sum(self.widths[1:]))), True)

    def note(self, about: str, note: NoteView | NumberedView, *, text: str = "", role: str = "field label") -> None:
        """Write a note (or `text` in its place) with its source and status; `role` is that of what it is about."""
        self.line([about, text or note.text, note.source, note.status], role, "field", "field", "field centre")

    def _leads(self, role: str) -> bool:
        """True for a heading, which is never the last line of a page."""
        return role == "sheet title" or "heading" in role

    def _grow(self, height: float, may_end: bool) -> None:
        self.heights.append(height)
        self.ends.append(may_end)
        self.sheet.row_dimensions[len(self.heights)].height = height
