"""The numbers of the official and the tidy sheets of a workbook, found by line codes and column numbers."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any, Final

from form1.archive.readback.expected import Expected
from form1.xlsx.read.raw import cell_name

_NUMBERED: Final = re.compile(r"([1-9][0-9]*)\. ")


def first_other(content: bytes, tables: Sequence[Expected]) -> str:
    """Return where the workbook first says something else than expected, `3!D17`, or an empty string.

    A workbook that cannot be read says something else: then the reason is returned.
    """
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False)
    except Exception as error:  # openpyxl raises whatever the broken part makes it stumble over
        return f"{type(error).__name__}: {error}"[:120]
    for table in tables:
        for name, look in ((table.table.sheet, _first_other), (table.table.tidy, _first_other_tidy)):
            if name and name not in book.sheetnames:
                return name
            if name and (other := look(_rows(book[name]), table)):
                return f"{name}!{other}"
    return ""


def _rows(sheet: Any) -> list[list[Any]]:
    sheet.reset_dimensions()
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def _first_other_tidy(rows: list[list[Any]], expected: Expected) -> str:
    """Lines begin with their code, heads with their column number; why there is no number stands there in words."""
    numbers = set(range(1, sum(expected.table.panels) + 1))
    heads = ((number, _numbered(row)) for number, row in enumerate(rows))
    head, at = next(((number, found) for number, found in heads if set(found) == numbers), (-1, {}))
    if head < 0:
        return "A1"
    row_of = {str(row[0]): number for number, row in enumerate(rows[head + 1 :], start=head + 1) if row}
    for line, values in zip(expected.table.lines, expected.values, strict=True):
        if line not in row_of:
            return f"A{len(rows)}"
        row = rows[row_of[line]]
        for number, value in enumerate(values, start=1):
            there = row[at[number]] if at[number] < len(row) else None
            words = isinstance(there, str) and not there.strip().isdecimal()
            if not words if value is None else there != value:
                return cell_name(row_of[line] + 1, at[number] + 1)
    return ""


def _first_other(rows: list[list[Any]], expected: Expected) -> str:
    count = sum(expected.table.panels)
    head = next((number for number, row in enumerate(rows) if (place := _numbers(row, count))), None)
    if head is None:
        return "A1"
    place = _numbers(rows[head], count)
    row_of = {
        str(row[place[0] - 1]): number
        for number, row in enumerate(rows[head + 1 :], start=head + 1)
        if len(row) > place[0] - 1 and row[place[0] - 1] is not None
    }
    for line, values, shown in zip(expected.table.lines, expected.values, expected.shown, strict=True):
        if line not in row_of:
            return f"A{len(rows)}"
        row = rows[row_of[line]]
        for column, value, sign in zip(place, values, shown, strict=True):
            there = row[column] if column < len(row) else None
            if there != (value if value is not None else sign):
                return cell_name(row_of[line] + 1, column + 1)
    return ""


def _numbers(row: list[Any], count: int) -> list[int]:
    """Return the places of the column numbers 1 to `count` in a row, or an empty list when it is not their row."""
    places = {str(cell): place for place, cell in enumerate(row) if str(cell).isdecimal()}
    wanted = [str(number) for number in range(1, count + 1)]
    return [places[number] for number in wanted] if all(number in places for number in wanted) and "1" in places else []


def _numbered(row: list[Any]) -> dict[int, int]:
    """The places of the heads that begin with a column number, by that number."""
    return {int(match[1]): place for place, cell in enumerate(row) if (match := _NUMBERED.match(str(cell)))}
