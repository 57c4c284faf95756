"""Workbooks: every sheet as a grid of text, through the gate, the child process and the reader of received forms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from form1.build.sources.grid import Grid, Marked, Remark, Unreadable, letter
from form1.core.findings import Fact
from form1.xlsx.read.formats import alters_number, is_date, is_percent
from form1.xlsx.read.formulas import Computer, NotComputed, is_external, number_of
from form1.xlsx.read.gate import look_at
from form1.xlsx.read.raw import RawBook, RawCell, RawSheet
from form1.xlsx.read.reading import read_exports
from form1.xlsx.read.refusal import EXPORTS, Refusal, Refused

_FIRST_DAY: Final = date(1899, 12, 30)
_LAST_DAY: Final = 2_958_465
_LONGEST: Final = 120
"""Letters of a formula or a format that a finding shows."""


def read_workbooks(contents: Sequence[bytes]) -> list[dict[str, Grid] | Unreadable]:
    """Return of each workbook the grids of the sheets that hold anything, by title, or why there are none.

    All are read by one child process. The stored value of a formula is read; a formula that was never calculated
    stands there as its own text, so that no check mistakes it for an empty cell.
    """
    looked = [_refused(content) for content in contents]
    books = read_exports([content for content, refused in zip(contents, looked, strict=True) if refused is None])
    return [refused or _grids(next(books)) for refused in looked]


def read_workbook(data: bytes) -> dict[str, Grid]:
    """Return the grids of one workbook; Unreadable says why there are none."""
    (result,) = read_workbooks([data])
    if isinstance(result, Unreadable):
        raise result
    return result


def _refused(content: bytes) -> Unreadable | None:
    try:
        look_at(content, EXPORTS)
    except Refused as refused:
        return _unreadable(refused.refusal)
    return None


def _unreadable(refusal: Refusal) -> Unreadable:
    fault = Unreadable(refusal.message)
    fault.facts = refusal.facts
    return fault


def _grids(book: RawBook | Refusal) -> dict[str, Grid] | Unreadable:
    if isinstance(book, Refusal):
        return _unreadable(book)
    computer = Computer(book)
    grids = {sheet.name: _Sheet(book, sheet, computer).grid() for sheet in book.sheets if sheet.cells}
    return grids or Unreadable("file_empty")


class _Sheet:
    """Brings one sheet into a grid."""

    def __init__(self, book: RawBook, sheet: RawSheet, computer: Computer) -> None:
        self.book, self.sheet, self.computer = book, sheet, computer
        self.remarks: list[Remark] = []
        self.marked: list[Marked] = []
        self.altered: list[tuple[int, int, RawCell]] = []

    def grid(self) -> Grid:
        by_row: dict[int, list[tuple[int, str]]] = {}
        for (row, column), cell in self.sheet.cells.items():
            by_row.setdefault(row, []).append((column, self._text(cell, row, column)))
        rows, lines = [], []
        for row in sorted(by_row):
            texts = [""] * max(column for column, _ in by_row[row])
            for column, text in by_row[row]:
                texts[column - 1] = text
            rows.append(tuple(texts))
            lines.append(row)
        if self.altered:  # told once for a sheet, at the first of them
            row, column, cell = self.altered[0]
            shown = {"found": cell.text, "format": cell.format[:_LONGEST]}
            self._add("received_number_altered", row, column, **shown, count=len(self.altered))
        return Grid(
            rows=tuple(rows),
            lines=tuple(lines),
            sheet=self.sheet.name,
            lettered=True,
            merges=tuple((top, left - 1, bottom, right - 1) for top, left, bottom, right in self.sheet.merges),
            hidden_lines=self.sheet.hidden_rows,
            hidden_columns=frozenset(column - 1 for column in self.sheet.hidden_columns),
            hidden=self.sheet.is_hidden,
            remarks=tuple(self.remarks),
            marked=tuple(self.marked),
        )

    def _text(self, cell: RawCell, row: int, column: int) -> str:
        if cell.formula:
            return self._calculated(cell, row, column)
        text = _shown(cell)
        if cell.kind == "n":
            self._look_at_format(cell, row, column)
        if cell.mark and cell.unmarked is not None:
            marked = Marked(row, column - 1, text, "" if cell.kind != "t" else cell.unmarked, cell.mark)
            self.marked.append(marked)
            return marked.read
        return text

    def _calculated(self, cell: RawCell, row: int, column: int) -> str:
        """Return the value of a formula: what is stored, where it is what the formula gives or nobody can tell."""
        formula = "=" + cell.formula.removeprefix("=")
        shown = formula[:_LONGEST]
        text = _shown(cell)
        number = number_of(cell.text) if cell.kind == "n" else None
        try:
            computed = self.computer.value(self.sheet.name, row, column)
        except NotComputed:
            computed = None
        stands_in = self.book.uncalculated and number == 0 and computed != 0
        if (not text and cell.kind != "t") or stands_in:
            if computed is None:
                return formula
            gives = _digits(str(computed))
            self._add("received_formula_without_value", row, column, formula=shown, computed=gives)
            return gives
        if computed is None:
            self._add(
                "received_external_link" if is_external(cell.formula) else "received_formula_not_computed",
                row,
                column,
                formula=shown,
            )
        elif number != computed and cell.kind != "e":
            gives = _digits(str(computed))
            self._add("received_formula_differs", row, column, formula=shown, found=text, computed=gives)
        return text

    def _look_at_format(self, cell: RawCell, row: int, column: int) -> None:
        """Say that the format of a cell shows another number than the one that is stored."""
        if cell.format == "General" or is_date(cell.format):
            return
        if is_percent(cell.format):
            self._add("received_percent", row, column, found=cell.text)
            return
        number = number_of(cell.text) or 0
        altered = alters_number(cell.format, (number > 0) - (number < 0))
        if altered == "digits":
            self._add("received_digits_altered", row, column, found=cell.text, format=cell.format[:_LONGEST])
        elif altered:
            self.altered.append((row, column, cell))

    def _add(self, message: str, row: int, column: int, **facts: Fact) -> None:
        self.remarks.append(Remark(row, letter(column - 1), message, facts))


def _shown(cell: RawCell) -> str:
    """Return what a cell holds as text: nothing is rounded, a day stays a day, truth values and errors stay visible."""
    if cell.kind == "n":
        number = number_of(cell.text)
        if number is not None and is_date(cell.format) and 0 < number <= _LAST_DAY:
            return (_FIRST_DAY + timedelta(int(number))).isoformat()
        return _digits(cell.text)
    if cell.kind == "b":
        return "TRUE" if cell.text in {"1", "true"} else "FALSE"
    return cell.text.removesuffix("T00:00:00") if cell.kind == "d" else cell.text


def _digits(text: str) -> str:
    number = number_of(text)
    if number is None:
        return text
    return str(int(number)) if number == int(number) else repr(float(number))
