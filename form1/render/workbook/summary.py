"""The summary sheet: every figure with its numbers in cells, a native chart beside them, and what is said of it."""

from __future__ import annotations

from math import fsum
from typing import Final

from openpyxl.chart import BarChart
from openpyxl.worksheet.worksheet import Worksheet

from form1.core.texts import first_upper
from form1.core.values import Status, show
from form1.model.figures import Figure, Point
from form1.model.forms import FilledForm
from form1.render.workbook import charts
from form1.render.workbook.printing import A4, break_pages, set_up, use_scale
from form1.render.workbook.writer import SheetWriter, width_for
from form1.xlsx.read.raw import column_letters

_LABEL: Final = 27.5
_LONG: Final = 48
"""Letters of a label that a chart still has room for."""
_COLUMNS: Final = 9
_ROOM: Final = 0.95
"""Share of the page that is taken at full size: programs round the widths of so many columns up."""
_WIDER_FONTS: Final = 0.8
"""Share of a head's width that is counted on: where the form's font is not there, words break sooner."""
_LINE: Final = 14.0
"""Points of a row of numbers."""
_CHART_ROWS: Final = {"ranking": 17, "pyramid": 17, "quarters": 13}
"""Rows that the chart of a figure takes at least."""


class _Sheet:
    """The sheet on its way, filled from the top; the alternative texts of its charts in their order."""

    def __init__(self, sheet: Worksheet, writer: SheetWriter, filled: FilledForm) -> None:
        self.sheet, self.writer, self.filled = sheet, writer, filled
        self.language, self.form = filled.language, filled.form
        rest = (A4().width * _ROOM - _LABEL) / (_COLUMNS - 1)
        self.widths = [_LABEL, *[rest] * (_COLUMNS - 1)]
        for number, width in enumerate(self.widths, start=1):
            sheet.column_dimensions[column_letters(number)].width = round(width, 2)
        self.row = 1
        self.told: list[str] = []

    def across(self, text: str, role: str, room: float = 0.0) -> None:
        """Write a text over the whole width."""
        self.writer.put(self.sheet, text, role, self.row, 1, to_column=_COLUMNS)
        self.sheet.row_dimensions[self.row].height = self.writer.height(text, role, fsum(self.widths)) + room
        self.row += 1

    def points(self, columns: int) -> float:
        """Points from the left edge of the sheet over so many columns, the first with labels."""
        return fsum(self.widths[:columns]) * 5.25

    def hang(self, chart: BarChart, column: int, row: int, width: float, height: float, alt: str) -> None:
        """Put a chart at a column and a row."""
        charts.place(self.sheet, chart, f"{column_letters(column)}{row}", width, height)
        self.told.append(alt)


def draw_summary(sheet: Worksheet, writer: SheetWriter, filled: FilledForm) -> list[str]:
    """Draw all figures of the summary; return the alternative texts of the charts in their order."""
    page = _Sheet(sheet, writer, filled)
    page.across(filled.form.word("summary", filled.language), "title", room=6)
    starts = set()
    for figure in filled.summary:
        starts.add(page.row)
        _figure(page, figure)
    sheet.sheet_view.showGridLines = False
    paper = A4()
    set_up(sheet, paper, writer.footer)
    use_scale(sheet, 100)
    sheet.print_area = f"A1:{column_letters(_COLUMNS)}{page.row - 1}"
    # Every row says its height: where one does not, programs put the charts below it at other places.
    for row in range(1, page.row):
        sheet.row_dimensions[row].height = sheet.row_dimensions[row].height or _LINE
    # A page ends where a figure does, never within one.
    rows = [sheet.row_dimensions[row].height for row in range(1, page.row)]
    ends = [row + 1 in starts for row in range(1, page.row)]
    break_pages(sheet, paper, first_row=1, rows=rows, ends=ends, top=0.0, head=0.0)
    return page.told


def _figure(page: _Sheet, figure: Figure) -> None:
    page.row += 1
    page.across(figure.title.of(page.language), "heading", room=4)
    page.across(figure.basis.of(page.language), "remark left")
    if figure.statements:
        page.across(" ".join(statement.of(page.language) for statement in figure.statements), "statement", room=2)
    if figure.points:
        first = _numbers(page, figure)
        if figure.has_picture:
            _chart(page, figure, first)
    for remark in figure.remarks:
        page.across(remark.of(page.language), "remark left")


def _numbers(page: _Sheet, figure: Figure) -> int:
    """Write heads and numbers; return the first row of numbers."""
    form, language = page.form, page.language
    heads = [head.of(language) for head in figure.heads]
    if figure.kind == "headline":
        heads += [form.word("difference_count", language), form.word("difference_percent", language)]
    elif any(point.share is not None for point in figure.points):
        heads.append(form.word("share_percent", language))
    if figure.over:
        at = 2
        page.writer.put(page.sheet, "", "head", page.row, 1)
        for over, count in figure.over:
            page.writer.put(page.sheet, over.of(language), "head", page.row, at, to_column=at + count - 1)
            at += count
        page.row += 1
    heads = [figure.stub.of(language), *heads]
    words = [(word, width) for head, width in zip(heads, page.widths, strict=False) for word in head.split()]
    role = (
        "head"
        if all(width_for(word, page.writer.looks["head"].size) <= width for word, width in words)
        else "head narrow"
    )
    for column, head in enumerate(heads, start=1):
        page.writer.put(page.sheet, head, role, page.row, column)
    page.sheet.row_dimensions[page.row].height = max(
        page.writer.height(head, role, width * _WIDER_FONTS) for head, width in zip(heads, page.widths, strict=False)
    )
    page.row += 1
    first = page.row
    for point in figure.points:
        _line(page, figure, point, len(heads))
    return first


def _line(page: _Sheet, figure: Figure, point: Point, last: int) -> None:
    signs, label = page.form.signs(), _label(page, point)
    page.writer.put(page.sheet, label, "member label 0", page.row, 1)
    for column, cell in enumerate(point.cells, start=2):
        value = cell.value if cell.value is not None else show(None, cell.status, signs)
        page.writer.put(page.sheet, value, "member count", page.row, column)
    at = len(point.cells) + 2
    if point.share is not None:
        page.writer.put(page.sheet, point.share / 10, "share", page.row, at)
    elif figure.kind == "headline":
        moved = point.change
        unknown = moved is None and point.remark is None
        for column in range(at, last + 1):
            sign = signs[Status.NOT_AVAILABLE if unknown else Status.NOT_APPLICABLE]
            page.writer.put(page.sheet, sign, "member count", page.row, column)
        if moved is not None:
            page.writer.put(page.sheet, moved.difference, "moved", page.row, at)
        if moved is not None and moved.tenths is not None:
            page.writer.put(page.sheet, moved.tenths / 10, "share change", page.row, at + 1)
        if point.remark is not None:
            remark = point.remark.of(page.language)
            page.writer.put(page.sheet, remark, "remark left", page.row, last + 1, to_column=_COLUMNS)
            room = fsum(page.widths[last:])
            page.sheet.row_dimensions[page.row].height = page.writer.height(remark, "remark left", room)
    needed = page.sheet.row_dimensions[page.row].height or _LINE
    page.sheet.row_dimensions[page.row].height = max(needed, page.writer.height(label, "member label 0", _LABEL))
    page.row += 1


def _label(page: _Sheet, point: Point) -> str:
    """The label of a point; a long one gives way to what the row is called within a sentence, as in the pictures."""
    label = point.label.of(page.language)
    if point.short is None or len(label) <= _LONG:
        return label
    return first_upper(point.short.of(page.language), page.language)


def _chart(page: _Sheet, figure: Figure, first: int) -> None:
    last, alt = page.row - 1, figure.alt.of(page.language)
    rows = _CHART_ROWS[figure.kind]
    if figure.kind == "quarters":
        _panels(page, figure, first, rows)
        return
    beside = len(figure.heads) + (3 if figure.points[0].share is not None else 2)
    for row in range(page.row, first + rows):
        page.sheet.row_dimensions[row].height = _LINE
    page.row = max(page.row, first + rows)
    # Ends before its last row does: a page may end there, and programs round differently.
    height = fsum(page.sheet.row_dimensions[row].height or _LINE for row in range(first, page.row)) - _LINE / 2
    room = page.points(_COLUMNS) - page.points(beside - 1) - 4
    if figure.kind == "ranking":
        rest = next((first + place for place, point in enumerate(figure.points) if point.is_rest), None)
        page.hang(charts.bars(page.sheet, first=first, last=last, rest=rest), beside, first, room, height, alt)
        return
    highest = max((cell.value or 0 for point in figure.points for cell in point.cells), default=0)
    halves = range(len(figure.heads))
    middle = beside + (_COLUMNS + 1 - beside) // 2
    for number in halves:
        chart = charts.side(
            page.sheet, first=first, last=last, column=2 + number, highest=highest, left=number == 0,
            title=figure.heads[number].of(page.language),
        )  # fmt: skip
        width = room / 2
        page.hang(chart, beside if number == 0 else middle, first, width, height, alt)


def _panels(page: _Sheet, figure: Figure, first: int, rows: int) -> None:
    """A chart for each quantity, two side by side below the numbers."""
    spans, at = [], 2
    for head, count in figure.over:
        spans.append((head.of(page.language), at, at + count - 1))
        at += count
    width, top = page.points(_COLUMNS) / 2 - 4, page.row
    right = next(number for number in range(1, _COLUMNS) if page.points(number) >= page.points(_COLUMNS) / 2) + 1
    for number, point in enumerate(figure.points):
        title = point.label.of(page.language)
        chart = charts.columns(page.sheet, row=first + number, heads=first - 1, spans=spans, title=title)
        alt = f"{title}. {figure.alt.of(page.language)}"
        page.hang(chart, 1 if number % 2 == 0 else right, top + number // 2 * rows, width, rows * _LINE - 4, alt)
    page.row = top + -(-len(figure.points) // 2) * rows
    for row in range(top, page.row):
        page.sheet.row_dimensions[row].height = _LINE
