"""Edits of a workbook as a hand would make them, on what the reader gives: sheets of cells, merged areas, hidden rows."""

import dataclasses
import functools
from collections.abc import Callable

from form1.core.periods import Period
from form1.recognise.received import ReadForm
from form1.recognise.workbook import understand
from form1.xlsx.read.gate import Admitted
from form1.xlsx.read.package import read_book
from form1.xlsx.read.raw import RawBook, RawCell, RawSheet
from tests.xlsx.read.packages import good, the_form

Edit = Callable[[RawSheet], RawSheet]


@functools.cache
def sent(language: str = "en") -> RawBook:
    """The good workbook as it was read."""
    return read_book(good(language))


@functools.cache
def unchanged(language: str = "en") -> ReadForm:
    """The form in the good workbook."""
    return read_form(sent(language))


def read_form(book: RawBook, period: Period | None = None) -> ReadForm:
    """The form in a workbook."""
    return understand(the_form(), book, Admitted("sent.xlsx", b"", "0" * 64, 0), period)


def edited(sheet: str, *edits: Edit, language: str = "en") -> ReadForm:
    """The form after edits of one sheet."""
    return read_form(with_sheet(sent(language), sheet, *edits))


def with_sheet(book: RawBook, sheet: str, *edits: Edit) -> RawBook:
    """A workbook after edits of one sheet."""
    return RawBook(
        tuple(
            functools.reduce(lambda s, edit: edit(s), edits, each) if each.name == sheet else each
            for each in book.sheets
        )
    )


def put(cell: str, kind: str, text: str, format: str = "General", formula: str = "") -> Edit:
    """Write a cell."""
    return lambda sheet: _replace(sheet, cells={**sheet.cells, place(cell): RawCell(kind, text, format, formula)})


def clear(*cells: str) -> Edit:
    """Empty cells."""
    gone = {place(cell) for cell in cells}
    return lambda sheet: _replace(sheet, cells={at: cell for at, cell in sheet.cells.items() if at not in gone})


def moved(rows: Callable[[int], int] = lambda row: row, columns: Callable[[int], int] = lambda column: column) -> Edit:
    """Move rows and columns; 0 deletes."""

    def edit(sheet: RawSheet) -> RawSheet:
        cells = {(rows(row), columns(column)): cell for (row, column), cell in sheet.cells.items()}
        corners = [
            (
                sorted({rows(r) for r in range(top, bottom + 1)} - {0}),
                sorted({columns(c) for c in range(left, right + 1)} - {0}),
            )
            for top, left, bottom, right in sheet.merges
        ]
        return _replace(
            sheet,
            cells={at: cell for at, cell in cells.items() if 0 not in at},
            merges=tuple((down[0], across[0], down[-1], across[-1]) for down, across in corners if down and across),
        )

    return edit


def inserted(at: int, count: int = 1) -> Callable[[int], int]:
    """Where rows (or columns) are after `count` new ones before `at`."""
    return lambda number: number + count if number >= at else number


def deleted(at: int) -> Callable[[int], int]:
    """Where rows (or columns) are after one is deleted."""
    return lambda number: 0 if number == at else number - (number > at)


def swapped(one: int, other: int) -> Callable[[int], int]:
    """Where rows (or columns) are after two change places."""
    return lambda number: {one: other, other: one}.get(number, number)


def swapped_texts(one: str, other: str) -> Edit:
    """Let two cells change what they hold."""

    def edit(sheet: RawSheet) -> RawSheet:
        cells, here, there = dict(sheet.cells), place(one), place(other)
        cells[here], cells[there] = cells[there], cells[here]
        return _replace(sheet, cells=cells)

    return edit


def renamed(name: str) -> Edit:
    """Give the sheet another name."""
    return lambda sheet: _replace(sheet, name=name)


def hidden(rows: tuple[int, ...] = (), columns: tuple[int, ...] = (), state: str = "visible") -> Edit:
    """Hide rows, columns or the sheet."""
    return lambda sheet: _replace(sheet, hidden_rows=frozenset(rows), hidden_columns=frozenset(columns), state=state)


def place(cell: str) -> tuple[int, int]:
    """Row and column of a cell's name."""
    letters = cell.rstrip("0123456789")
    column = functools.reduce(lambda number, letter: number * 26 + ord(letter) - 64, letters, 0)
    return int(cell[len(letters) :]), column


def _replace(sheet: RawSheet, **changes: object) -> RawSheet:
    return dataclasses.replace(sheet, **changes)  # type: ignore[arg-type]
