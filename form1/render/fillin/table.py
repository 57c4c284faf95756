"""A form sheet made fillable: open cells that check what is typed, sums as formulas, colours for what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from form1.core.values import Status
from form1.definition.fillable import is_input
from form1.definition.layout import Column, Layout, Row
from form1.model.forms import FilledForm
from form1.render.workbook.checks import runs
from form1.render.workbook.styles import Look
from form1.render.workbook.writer import SheetWriter
from form1.xlsx.read.raw import column_letters, row_and_column

MOST = 999_999_999
"""The largest count that may be typed."""
_FILTERED = 40
"""A table with more rows than this can be filtered."""
_OPEN, _COMPUTED = "FFFBE5", "EDEDED"
_TYPED = ("zero", *(status for status in Status if status != Status.NUMBER))
"""What may be typed in place of a number, by the flags of the conventional signs."""
_GAP_FORMAT = 190
"""Number of a number format of our own; those below 164 are Excel's."""
_MISSING = DifferentialStyle(font=Font(bold=True), fill=PatternFill(fill_type="solid", bgColor="FFC000"))
_NOTHING = DifferentialStyle(font=Font(color=_COMPUTED))


def looks(count_format: str) -> Mapping[str, Look]:
    """Return the looks of open and of computed cells, by role."""
    roles: dict[str, Look] = {}
    for kind in ("total", "group", "member"):
        roles[f"{kind} open"] = Look(
            across="right",
            edges="all",
            format=count_format,
            wrap=False,
            tint=_OPEN,
            locked=False,
            bold=kind != "member",
        )
        roles[f"{kind} sum"] = Look(
            across="right", edges="all", format=count_format, wrap=False, tint=_COMPUTED, bold=kind != "member"
        )
    roles["answer"] = Look(edges="all", tint=_OPEN, locked=False, bold=True)
    # As text: a telephone number keeps its zeros, a day stays as it is written.
    roles["sign open"] = Look(down="bottom", across="center", edges="bottom", format="@", tint=_OPEN, locked=False)
    return roles


@dataclass(frozen=True)
class Places:
    """Where the counts of a table stand: its sheet, the first row and the first column of counts."""

    layout: Layout
    sheet: str
    row: int
    column: int

    def cell(self, row: str, column: str) -> str:
        """Return the name of the cell of a row and a column: `D9`."""
        return f"{column_letters(self.at_column(column))}{self.at_row(row)}"

    def at_row(self, row: str) -> int:
        """Return the row of the sheet in which a row of the table stands."""
        return self.row + list(self.layout.row).index(row)

    def at_column(self, column: str) -> int:
        """Return the column of the sheet in which a column of the table stands."""
        return self.column + list(self.layout.column).index(column)

    def open_areas(self, row: str, column: str) -> list[str]:
        """Return the open cells that a cell of the table adds up, as areas: `$D$9:$E$12`. An open cell is its own."""
        rows = runs(self.at_row(each) for each in ends(row, {each.code: each.parts for each in self.layout.rows}))
        columns = list(runs(self.at_column(each) for each in self.open_columns(column)))
        return [
            _fixed(_area(column_letters(left), top, column_letters(right), bottom))
            for top, bottom in rows
            for left, right in columns
        ]

    def open_columns(self, column: str) -> list[str]:
        """Return the columns without sums that a column adds up; one that is no sum is its own."""
        return ends(column, {each.code: each.parts[0] if each.parts else () for each in self.layout.columns})


def ends(code: str, parts: Mapping[str, Sequence[str]]) -> list[str]:
    """Return what a sum of sums adds up in the end.

    >>> ends("T", {"T": ("A", "B"), "A": ("a", "b")})
    ['a', 'b', 'B']
    """
    return [end for part in parts[code] for end in ends(part, parts)] if parts.get(code) else [code]


def has_gap(areas: Iterable[str], sheet: str = "") -> str:
    """Return the condition that some cell of the areas holds a sign in place of a number."""
    named = [f"{sheet}{area}" for area in areas]
    filled, counted = ("+".join(f"{count}({area})" for area in named) for count in ("COUNTA", "COUNT"))
    return f"{filled}>{counted}"


def make_fillable(sheet: Worksheet, writer: SheetWriter, blank: FilledForm, layout: Layout) -> Places:
    """Open the cells that a person fills and put sums into the others; return where they stand."""
    top, left = row_and_column(sheet.freeze_panes)
    row_at = {row.code: top + place for place, row in enumerate(layout.rows)}
    column_at = {column.code: left + place for place, column in enumerate(layout.columns)}
    open_cells: list[tuple[int, int]] = []
    for row in layout.rows:
        for column in layout.columns:
            at = row_at[row.code], column_at[column.code]
            cell = sheet.cell(*at)
            if is_input(row, column):
                cell.value = None
                writer.dress(cell, f"{row.kind} open")
                open_cells.append(at)
            else:
                cell.value = _sum(row, column, row_at, column_at)
                writer.dress(cell, f"{row.kind} sum")
    places = Places(layout, sheet.title, top, left)
    _check_typing(sheet, blank, open_cells)
    _show_gaps(sheet, blank, places)
    _show_what_is_missing(sheet, layout, top, left, open_cells)
    if len(layout.rows) > _FILTERED:
        last = column_letters(left + len(layout.columns) - 1)
        sheet.auto_filter.ref = f"A{top - 1}:{last}{top + len(layout.rows) - 1}"
    return places


def _sum(row: Row, column: Column, row_at: Mapping[str, int], column_at: Mapping[str, int]) -> str | int:
    """Return the formula of a cell that is a sum: of rows where the row is one, else of columns."""
    if not row.counted:
        letter = column_letters(column_at[column.code])
        areas = [_area(letter, first, letter, last) for first, last in runs(row_at[part] for part in row.parts)]
    else:
        at = row_at[row.code]
        areas = [
            _area(column_letters(first), at, column_letters(last), at)
            for first, last in runs(column_at[part] for part in column.parts[0])
        ]
    return f"=SUM({','.join(areas)})" if areas else 0


def _area(left: str, top: int, right: str, bottom: int) -> str:
    return f"{left}{top}" if (left, top) == (right, bottom) else f"{left}{top}:{right}{bottom}"


def _check_typing(sheet: Worksheet, blank: FilledForm, open_cells: list[tuple[int, int]]) -> None:
    """Let nothing but whole numbers of 0 or more and the form's signs be typed; say so when a cell is chosen."""
    form, language = blank.form, blank.language
    signs = form.signs()
    for area in _areas(open_cells):
        check = DataValidation(
            type="custom",
            formula1=_may_be_typed(area.partition(":")[0], (signs[key] for key in _TYPED)),
            allow_blank=True,
            showErrorMessage=True,
            errorStyle="stop",
            errorTitle=form.word("fillin_refused_title", language),
            error=form.word("fillin_refused", language).format_map(signs),
            showInputMessage=True,
            promptTitle=form.word("fillin_prompt_title", language),
            prompt=form.word("fillin_prompt", language).format_map(signs),
        )
        check.add(area)
        sheet.add_data_validation(check)


def _may_be_typed(cell: str, signs: Iterable[str]) -> str:
    """Return the condition of a cell that may be typed; programs make one letter of three dots."""
    written = dict.fromkeys(way for sign in signs for way in (sign, sign.replace("...", "…")))
    sign = ",".join(f'{cell}="{way}"' for way in written)
    return f"IF(ISNUMBER({cell}),AND({cell}>=0,{cell}<={MOST},{cell}=INT({cell})),OR({sign}))"


def _areas(cells: list[tuple[int, int]]) -> list[str]:
    """Return the cells as rectangles: columns of neighbours, put together where they are equally long."""
    by_column: dict[int, list[int]] = {}
    for row, column in cells:
        by_column.setdefault(column, []).append(row)
    strips: dict[tuple[int, int], list[int]] = {}
    for column, rows in by_column.items():
        for strip in runs(rows):
            strips.setdefault(strip, []).append(column)
    return [
        f"{column_letters(first)}{top}:{column_letters(last)}{bottom}"
        for (top, bottom), columns in sorted(strips.items())
        for first, last in runs(columns)
    ]


def _show_gaps(sheet: Worksheet, blank: FilledForm, places: Places) -> None:
    """A sum over a sign shows that sign of a figure not available: the formula adds up the numbers alone."""
    sign = blank.form.signs()[Status.NOT_AVAILABLE]
    look = DifferentialStyle(numFmt=NumberFormat(numFmtId=_GAP_FORMAT, formatCode=";".join([f'"{sign}"'] * 4)))
    layout = places.layout
    for column in layout.columns:
        at = places.at_column(column.code)
        for row in layout.rows:
            if not row.counted:
                condition = has_gap(places.open_areas(row.code, column.code))
                _colour(sheet, (at, places.at_row(row.code), at, places.at_row(row.code)), condition, look)
        if column.parts:
            parts = [
                (column_letters(first), column_letters(last))
                for first, last in runs(map(places.at_column, places.open_columns(column.code)))
            ]
            for top, bottom in runs(places.at_row(row.code) for row in layout.rows if row.counted):
                condition = has_gap(f"${first}{top}:${last}{top}" for first, last in parts)
                _colour(sheet, (at, top, at, bottom), condition, look)


def _show_what_is_missing(
    sheet: Worksheet, layout: Layout, top: int, left: int, open_cells: list[tuple[int, int]]
) -> None:
    """A row that was begun shows its blank cells; a sum over nothing that was filled shows nothing."""
    inputs = list(runs(left + place for place, column in enumerate(layout.columns) if not column.parts))
    sums = list(runs(left + place for place, column in enumerate(layout.columns) if column.parts))
    whole = [(left, left + len(layout.columns) - 1)]
    of_table = "+".join(f"COUNTA({_fixed(area)})" for area in _areas(open_cells))
    for kind, strips in (
        (True, runs(top + place for place, row in enumerate(layout.rows) if row.counted)),
        (False, runs(top + place for place, row in enumerate(layout.rows) if not row.counted)),
    ):
        for first, last in strips:
            of_row = "+".join(
                f"COUNTA(${column_letters(start)}{first}:${column_letters(end)}{first})" for start, end in inputs
            )
            if kind:
                for start, end in inputs:
                    cell = f"{column_letters(start)}{first}"
                    _colour(sheet, (start, first, end, last), f"AND(ISBLANK({cell}),{of_row}>0)", _MISSING)
            for start, end in sums if kind else whole:
                _colour(sheet, (start, first, end, last), f"{of_row if kind else of_table}=0", _NOTHING)


def _colour(sheet: Worksheet, area: tuple[int, int, int, int], condition: str, look: DifferentialStyle) -> None:
    left, top, right, bottom = area
    cells = f"{column_letters(left)}{top}:{column_letters(right)}{bottom}"
    sheet.conditional_formatting.add(cells, Rule(type="expression", dxf=look, formula=[condition]))


def _fixed(area: str) -> str:
    """Return an area that does not move along: `$D$9:$E$12`."""
    return re.sub(r"([A-Z]+)([0-9]+)", r"$\1$\2", area)
