"""The numbers of the official sheets of a workbook, found by line codes and column numbers."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from form1.readback.expected import Expected


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
        if table.table.sheet not in book.sheetnames:
            return table.table.sheet
        sheet = book[table.table.sheet]
        sheet.reset_dimensions()
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        if other := _first_other(rows, table):
            return f"{table.table.sheet}!{other}"
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
                return f"{_letters(column + 1)}{row_of[line] + 1}"
    return ""


def _numbers(row: list[Any], count: int) -> list[int]:
    """Return the places of the column numbers 1 to `count` in a row, or an empty list when it is not their row."""
    places = {str(cell): place for place, cell in enumerate(row) if str(cell).isdecimal()}
    wanted = [str(number) for number in range(1, count + 1)]
    return [places[number] for number in wanted] if all(number in places for number in wanted) and "1" in places else []


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
