"""Writing cells by role, so that text from outside stays text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from form1.core.texts import plain
from form1.render.workbook.measure import height_of
from form1.render.workbook.paper import Footer
from form1.render.workbook.styles import Look, looks, register

Value = str | int | None

_MEANT_AS_FORMULA = ("=", "+", "-", "@")
"""A spreadsheet takes typed text that begins so for a formula."""


class Ink:
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
            sheet.merged_cells.add(f"{get_column_letter(column)}{row}:{get_column_letter(to_column)}{to_row}")
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
