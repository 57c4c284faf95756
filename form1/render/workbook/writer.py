"""Writing into a workbook: cells by role, running text, and the room that text takes.

Text from outside stays text, and every row says its height: spreadsheets do not fit the height of wrapped or merged
rows that a program wrote.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import fsum
from types import MappingProxyType
from typing import Final

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles.cell_style import StyleArray
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from form1.core.literal import plain
from form1.render.workbook.printing import Footer
from form1.render.workbook.styles import Look, looks, register
from form1.views.notes import NoteView, NumberedView
from form1.xlsx.read.raw import column_letters

CHARACTER: Final = 5.25
"""Points to a unit of column width: a digit of Arial 10 is 7 pixels of 96 to the inch."""
_PADDING: Final = 4.0
_INDENT: Final = 8.0
_SAFETY: Final = 1.02
"""Printers and programs set the same font a little wider or narrower."""

_EM_BY_LETTERS: Final = {
    "ijl'": 0.22,
    " !,./:;I[]\\ftıİ|\u00a0": 0.28,
    '()-`r{}·"г': 0.34,
    "к*зт^": 0.45,
    "Jcksvxyzçşсухэчьв": 0.51,
    "Гпян": 0.55,
    "+<=>~−КдлЗFTZТъУ": 0.6,
    "БЛЬ&ABEKPSVXYŞАВЕРХЧжЁДм": 0.67,
    "CDHNRUwÇÜИЙНПСЭЯыЦ": 0.72,
    "GOQĞÖОƏюФЪ": 0.78,
    "шфщMmМ": 0.83,
    "%ЫЖШWЩ": 0.92,
    "—…Ю@№": 1.03,
}
"""Advance widths of Arial in parts of the font size; letters that are missing here take that of a digit."""
_EM: Final = {letter: em for letters, em in _EM_BY_LETTERS.items() for letter in letters}


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the points that `text` takes on one line in Arial of `size` points, a little too many on purpose."""
    return fsum(_EM.get(letter, 0.56) for letter in text) * size * (1.06 if bold else 1.0) * _SAFETY


def width_for(text: str, size: float, *, bold: bool = False) -> float:
    """Return the column width, in characters, that holds `text` on one line."""
    return (text_width(text, size, bold=bold) + _PADDING) / CHARACTER


def line_count(text: str, size: float, width: float, *, bold: bool = False, indent: int = 0) -> int:
    """Return the lines that `text` takes when it is wrapped at spaces in a column of `width` characters."""
    room = max(width * CHARACTER - _PADDING - indent * _INDENT, size)
    space = text_width(" ", size)
    lines, used = 1, 0.0
    for word in text.split():
        needed = text_width(word, size, bold=bold)
        if used and used + space + needed > room:
            lines, used = lines + 1, 0.0
        used += needed + (space if used else 0.0)
        while used > room:  # a word longer than the line is broken
            lines, used = lines + 1, used - room
    return lines


def height_of(text: str, size: float, width: float, *, bold: bool = False, indent: int = 0) -> float:
    """Return the row height in points for wrapped text, at most the 409 that a spreadsheet allows.

    >>> height_of("Cəmi", 9, 40) < height_of("Vətəndaşlığı olmayan şəxslər " * 3, 9, 40)
    True
    """
    return min(409.0, round(line_count(text, size, width, bold=bold, indent=indent) * size * 1.22 + 3.0, 1))


Value = str | int | None

_MEANT_AS_FORMULA = ("=", "+", "-", "@")
"""A spreadsheet takes typed text that begins so for a formula."""


class SheetWriter:
    """The hand that writes into one workbook; rows and columns count from 1, widths are in characters."""

    def __init__(
        self, workbook: Workbook, count_format: str, footer: Footer, more: Mapping[str, Look] = MappingProxyType({})
    ) -> None:
        self.workbook, self.footer = workbook, footer
        self.looks = looks(count_format) | dict(more)
        self._style_by_role = register(workbook, self.looks)

    def cell(self, sheet: Worksheet, value: Value, role: str = "") -> Cell:
        """Return a cell for `sheet.append`: a number, or text that never becomes a formula; no role, no style."""
        cell = Cell(sheet, style_array=self._style_by_role[role] if role else None)
        if isinstance(value, str):
            _write_text(cell, value)
        elif value is not None:
            cell.value = value
        return cell

    def dress(self, cell: Cell, role: str) -> None:
        """Give a cell that stands already the look of a role."""
        cell._style = StyleArray(self._style_by_role[role])

    def row(self, sheet: Worksheet, values: Iterable[tuple[Value, str]]) -> None:
        """Append a row of values, each with its role."""
        sheet.append([self.cell(sheet, value, role) for value, role in values])

    def put(
        self,
        sheet: Worksheet,
        value: Value | float,
        role: str,
        row: int,
        column: int,
        to_row: int = 0,
        to_column: int = 0,
    ) -> Cell:
        """Write a cell, merged down to `to_row` and across to `to_column` where these are given."""
        to_row, to_column = max(row, to_row), max(column, to_column)
        for at in range(row, to_row + 1):
            for across in range(column, to_column + 1):
                sheet.cell(at, across)._style = StyleArray(self._style_by_role[role])
        cell = sheet.cell(row, column)
        if isinstance(value, str):
            _write_text(cell, value)
        else:
            cell.value = value
        if (to_row, to_column) != (row, column):
            # Every covered cell keeps its border: LibreOffice and printed heads need more than the outer edge.
            sheet.merged_cells.add(f"{column_letters(column)}{row}:{column_letters(to_column)}{to_row}")
        return cell

    def height(self, value: Value, role: str, width: float) -> float:
        """Return the points that a value needs in a column (or merged columns) of `width` characters."""
        look = self.looks[role]
        if not look.wrap or value is None:
            return height_of("", look.size, width)
        return height_of(str(value), look.size, width, bold=look.bold, indent=look.indent)


def _write_text(cell: Cell, text: str) -> None:
    """Set text past openpyxl's guess, which sees formulas and error values in it, and its slow check of letters."""
    cell._value = text if text.isprintable() else plain(text)
    cell.data_type = "s"
    if len(text) > 1 and text.startswith(_MEANT_AS_FORMULA):
        cell.quotePrefix = True


def link_to(cell: Cell, sheet: str, target: str = "A1") -> None:
    """Make a cell lead to a cell of another sheet; its text stays what it is."""
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{sheet}'!{target}")


class TextSheet:
    """A sheet that is filled from the top, and the height of each of its rows in points."""

    def __init__(self, sheet: Worksheet, writer: SheetWriter, widths: Sequence[float]) -> None:
        self.sheet, self.writer, self.widths = sheet, writer, widths
        self.heights: list[float] = []
        self.ends: list[bool] = []
        for column, width in enumerate(widths, start=1):
            sheet.column_dimensions[column_letters(column)].width = round(width, 2)

    def across(self, text: str, role: str) -> None:
        """Write a text over the whole width."""
        self.writer.put(self.sheet, text, role, len(self.heights) + 1, 1, to_column=len(self.widths))
        self._grow(
            self.writer.height(text, role, fsum(self.widths)) + (8 if self._leads(role) else 3),
            not self._leads(role),
        )

    def line(self, texts: Sequence[str], role: str, *roles: str) -> None:
        """Write a text into each column; `roles` are those of the columns after the first."""
        each = list(zip(texts, [role, *(roles or [role] * (len(texts) - 1))], strict=True))
        self.writer.row(self.sheet, each)
        self._grow(
            max(self.writer.height(text, own, width) for (text, own), width in zip(each, self.widths, strict=True)),
            role != "head",
        )

    def pair(self, left: str, right: str, left_role: str, right_role: str) -> None:
        """Write a text into the first column and one over all others."""
        at = len(self.heights) + 1
        self.writer.put(self.sheet, left, left_role, at, 1)
        self.writer.put(self.sheet, right, right_role, at, 2, to_column=len(self.widths))
        own = self.writer.height(left, left_role, self.widths[0])
        self._grow(max(own, self.writer.height(right, right_role, fsum(self.widths[1:]))), True)

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
