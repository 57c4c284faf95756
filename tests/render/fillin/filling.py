"""A person at the template: numbers typed into its open cells, found by line code and column number."""

import functools
import io
from collections.abc import Callable, Iterator, Mapping

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from form1.core.cells import Address, CellMap
from form1.core.periods import Period
from form1.core.texts import Language
from form1.definition import Form, load
from form1.definition.fillable import fillable_tables
from form1.render.fillin import draw

Typed = Callable[[openpyxl.Workbook], None]


def blank(form: Form, period: Period, language: Language = "az") -> bytes:
    """A template as the office gets it."""
    return draw(form, period, language, {})


@functools.cache
def _template(period: Period) -> bytes:
    return blank(load(), period)


def the_template(form: Form, period: Period) -> bytes:
    """The template of the form as it stands in reference/, drawn once."""
    del form  # that of the session
    return _template(period)


def open_cells(sheet: Worksheet) -> Iterator[tuple[str, int, str]]:
    """Line code, column number and name of every cell of a sheet that is open."""
    head = next(
        row for row in sheet.iter_rows() if [cell.value for cell in row if isinstance(cell.value, int)][:1] == [1]
    )
    numbers = {cell.column: cell.value for cell in head if isinstance(cell.value, int)}
    line_column = min(numbers) - 1
    for row in sheet.iter_rows(min_row=head[0].row + 1):
        for cell in row:
            if cell.column in numbers and not cell.protection.locked:
                yield str(row[line_column - 1].value), numbers[cell.column], cell.coordinate


def filled(content: bytes, form: Form, period: Period, cells: CellMap, also: Typed = lambda book: None) -> bytes:
    """The template with the numbers of `cells` in its open cells, and whatever else `also` does to it."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for table, layout in fillable_tables(form, period).items():
        sheet = book[str(layout.table.number)]
        row_of = {row.line: row.code for row in layout.rows}
        column_of = {column.number: column.code for column in layout.columns}
        for line, number, name in open_cells(sheet):
            cell = cells.get((table, row_of[line], column_of[number]))
            if cell is not None:
                sheet[name] = cell.value
    also(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def values(cells: CellMap) -> Mapping[Address, int | None]:
    """The numbers alone."""
    return {address: cell.value for address, cell in cells.items()}
