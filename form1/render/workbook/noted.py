"""Numbered notes in the workbook: marks behind the texts of a form sheet, links below its table, and links back.

A mark is part of a text and never of a number. A cell can carry one link only, and LibreOffice does not wrap a cell
that has one: the links stand in lines of their own below the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from openpyxl.worksheet.worksheet import Worksheet

from form1.core.cells import SheetCell
from form1.core.texts import Language
from form1.definition.layout import Head
from form1.definition.marks import NO_MARKS, Marks, Where
from form1.definition.wording import marked
from form1.model.forms import FilledForm
from form1.render.workbook.ink import Ink, link_to


@dataclass(frozen=True)
class NotedIn:
    """The notes at one table; `cells` gives sheet and cell of each numbered note."""

    filled: FilledForm
    table: str
    marks: Marks = NO_MARKS
    cells: Mapping[int, SheetCell] = field(default_factory=dict)

    def text(self, text: str, where: Where, key: str = "") -> str:
        """Return a text of the table with its marks."""
        numbers = self.marks.at(self.table, where, key)
        return marked(self.filled.form, text, numbers, self.filled.language)

    def head(self, head: Head, language: Language) -> str:
        """Return the text of a head with its marks."""
        return marked(self.filled.form, head.text.of(language), self.marks.head(self.table, head), language)

    def draw_links(self, sheet: Worksheet, ink: Ink, first_row: int) -> list[float]:
        """Draw a line for each note at this table, with a link to it; return the heights of the lines in points."""
        form, language = self.filled.form, self.filled.language
        heights: list[float] = []
        for note in self.marks.numbered:
            if self.table in note.tables:
                row = first_row + len(heights)
                text = marked(form, "", [note.number], language).strip()
                cell = ink.put(sheet, f"{text} {note.name.of(language)}", "note link", row, 1)
                link_to(cell, *self.cells[note.number])
                heights.append(ink.height("", "note link", 1.0) + (4.0 if not heights else 0.0))
                sheet.row_dimensions[row].height = heights[-1]
        return heights
