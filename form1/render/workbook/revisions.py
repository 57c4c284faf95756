"""The sheet on revisions: why each was made, and the cells that moved between them."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum
from typing import Final

from openpyxl.worksheet.worksheet import Worksheet

from form1.model.forms import Edition
from form1.render.workbook.printing import A4, break_pages, head_pages, set_up
from form1.render.workbook.writer import SheetWriter, Value
from form1.views.revisions import MoveView, RevisionReport
from form1.xlsx.read.raw import column_letters

_TABLE, _LINE, _COLUMN, _COUNT, _SINCE = 8.0, 7.0, 18.0, 9.2, 9.6
"""Widths, in characters, of the columns beside the row's label, which takes what is left."""
_MOST_FROZEN: Final = 14
"""Rows that stay in sight at most: below a long list of revisions the table scrolls freely."""

_LIST_HEADS: Final = ("revision", "revision_reason", "revision_because", "changes")


class _Grid:
    """The columns of both lists of the sheet, filled from the top."""

    def __init__(self, sheet: Worksheet, writer: SheetWriter, paper: A4, counts: int) -> None:
        self.sheet, self.writer = sheet, writer
        fixed = _TABLE + _LINE + _COLUMN + counts * _COUNT + _SINCE
        self.widths = [_TABLE, _LINE, paper.width - fixed, _COLUMN, *[_COUNT] * counts, _SINCE]
        self.heights: list[float] = []
        self.ends: list[bool] = []
        for number, width in enumerate(self.widths, start=1):
            sheet.column_dimensions[column_letters(number)].width = round(width, 2)

    @property
    def last(self) -> int:
        """The last column, counted from 1."""
        return len(self.widths)

    @property
    def middle(self) -> int:
        """The column, counted from 1, after which the room between the first and the last column is halved best."""
        half = fsum(self.widths[1:-1]) / 2
        return min(range(2, self.last - 1), key=lambda column: abs(fsum(self.widths[1:column]) - half))

    def merged(self, parts: Sequence[tuple[Value, str, int, int]], *, may_end: bool = True) -> None:
        """Write values over merged columns, each with its role, first and last column."""
        row = len(self.heights) + 1
        height = 0.0
        for value, role, first, last in parts:
            self.writer.put(self.sheet, value, role, row, first, to_column=last)
            height = max(height, self.writer.height(value, role, fsum(self.widths[first - 1 : last])))
        self._grow(height + (6 if not may_end else 2), may_end)

    def line(self, values: Sequence[tuple[Value, str]], *, may_end: bool = True) -> None:
        """Write a value into each column, with its role."""
        self.writer.row(self.sheet, values)
        heights = (
            self.writer.height(value, role, width) for (value, role), width in zip(values, self.widths, strict=True)
        )
        self._grow(max(heights), may_end)

    def _grow(self, height: float, may_end: bool) -> None:
        self.heights.append(min(height, 409.0))
        self.ends.append(may_end)
        self.sheet.row_dimensions[len(self.heights)].height = self.heights[-1]


def draw_revisions(sheet: Worksheet, writer: SheetWriter, edition: Edition) -> str:
    """Draw the list of revisions, then every cell that moved; return the range of the line codes, texts on purpose."""
    report, paper = RevisionReport.of(edition), A4(landscape=True)
    word, language = edition.form.word, edition.language
    grid = _Grid(sheet, writer, paper, len(report.shown) + len(report.difference_heads))
    grid.merged([(word("revisions", language), "sheet title", 1, grid.last)], may_end=False)
    _draw_list(grid, report)
    head = 0
    heading = word("moved_cells" if report.moved else "nothing_moved", language)
    grid.merged([(heading, "heading", 1, grid.last)], may_end=False)
    for remark in report.remarks:
        grid.merged([(remark, "remark left", 1, grid.last)], may_end=False)
    if report.moved:
        head = len(grid.heights) + 1
        names = [word(name, language) for name in ("table", "line_code", "row", "column")]
        heads = [*names, *report.heads, *report.difference_heads, word("stands_since", language)]
        grid.line([(text, "head") for text in heads], may_end=False)
        for view in report.move_views:
            grid.line(_move(view))
    sheet.sheet_view.showGridLines = False
    set_up(sheet, paper, writer.footer)
    repeated = grid.heights[head - 1] if head else 0.0
    break_pages(sheet, paper, first_row=1, rows=grid.heights, ends=grid.ends, top=0.0, head=repeated)
    head_pages(sheet, word("revisions", language))
    if not head:
        return ""
    sheet.print_title_rows = f"{head}:{head}"
    if head <= _MOST_FROZEN:
        sheet.freeze_panes = sheet.cell(head + 1, 1)
    return f"B{head + 1}:B{len(grid.heights)}"


def _draw_list(grid: _Grid, report: RevisionReport) -> None:
    """Draw a line for each revision: its name, the reason, what differs, and how many cells changed."""
    middle = grid.middle
    spans = [(1, 1), (2, middle), (middle + 1, grid.last - 1), (grid.last, grid.last)]
    words = [report.form.word(word, report.language) for word in _LIST_HEADS]
    grid.merged([(text, "head", *span) for text, span in zip(words, spans, strict=True)])
    for view in report.revision_views:
        changed: Value = report.form.word("lost_sign", report.language) if view.is_lost else view.changed
        values = (view.name, view.reason, view.differences, changed)
        roles = ("field centre", "field", "field", "field centre")
        grid.merged([(value, role, *span) for value, role, span in zip(values, roles, spans, strict=True)])


def _move(view: MoveView) -> list[tuple[Value, str]]:
    values: list[tuple[Value, str]] = [
        (view.number, "field centre"), (view.line, "member code"), (view.row, "field"), (view.column, "field"),
    ]  # fmt: skip
    values += [(value, "member count" if isinstance(value, int) else "no count") for value in view.values]
    values += [(difference, "difference") for difference in view.differences]
    return [*values, (view.since, "field centre")]
