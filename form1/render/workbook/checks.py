"""Live checks for people who edit the workbook: a total turns red when it no longer equals its parts.

They are conditional formats, not formulas in cells: whoever reads the workbook always meets plain numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from form1.definition.layout import Layout
from form1.xlsx.read.raw import column_letters

LONGEST: Final = 8000
"""Characters of a formula; Excel refuses more than 8192."""
_ARGUMENTS: Final = 200
"""Ranges in one call of SUM; Excel refuses more than 255."""


def mark_broken_totals(sheet: Worksheet, layout: Layout, first_row: int, first_column: int) -> None:
    """Add a conditional format for every row and every column of `layout` that is a sum.

    The count of the first row and the first column of the table stands at `first_row`, `first_column` of the sheet.
    """
    row_at = {row.code: first_row + place for place, row in enumerate(layout.rows)}
    column_at = {column.code: first_column + place for place, column in enumerate(layout.columns)}
    left, right = column_letters(first_column), column_letters(first_column + len(layout.columns) - 1)
    last_row = first_row + len(layout.rows) - 1
    for row in layout.rows:
        if row.parts:
            areas = [f"{left}{first}:{left}{last}" for first, last in runs(row_at[part] for part in row.parts)]
            at = row_at[row.code]
            _add(sheet, f"{left}{at}:{right}{at}", f"{left}{at}", areas, len(row.parts))
    for column in layout.columns:
        letter = column_letters(column_at[column.code])
        for parts in filter(None, column.parts):
            areas = [
                f"{column_letters(first)}{first_row}:{column_letters(last)}{first_row}"
                for first, last in runs(column_at[part] for part in parts)
            ]
            _add(sheet, f"{letter}{first_row}:{letter}{last_row}", f"{letter}{first_row}", areas, len(parts))


def runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Return the first and last of each run of neighbours.

    >>> runs([5, 6, 7, 9, 12, 11])
    [(5, 7), (9, 9), (11, 12)]
    """
    found: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def formula(total: str, areas: list[str], count: int) -> str:
    """Return the formula that is true when `total` is not the sum of the `count` cells in `areas`.

    A total without a number is right as long as one of its parts has none either.

    >>> formula("D8", ["D9:D20", "D22:D22"], 13)
    'IF(ISNUMBER(D8),D8<>SUM(D9:D20,D22),COUNT(D9:D20,D22)=13)'
    """
    arguments = [area.partition(":")[0] if len(set(area.split(":"))) == 1 else area for area in areas]
    calls = [",".join(arguments[start : start + _ARGUMENTS]) for start in range(0, len(arguments), _ARGUMENTS)]
    total_of_parts = "+".join(f"SUM({call})" for call in calls)
    whole = f"IF(ISNUMBER({total}),{total}<>{total_of_parts},{'+'.join(f'COUNT({call})' for call in calls)}={count})"
    return whole if len(whole) <= LONGEST else f"AND(ISNUMBER({total}),{total}<>{total_of_parts})"


def _add(sheet: Worksheet, cells: str, total: str, areas: list[str], count: int) -> None:
    red = FormulaRule(
        formula=[formula(total, areas, count)],
        font=Font(bold=True, color="9C0006"),
        fill=PatternFill(fill_type="solid", bgColor="FFC7CE"),
    )
    sheet.conditional_formatting.add(cells, red)
