"""A form sheet: one table of the form with its title, heads, line codes, column numbers and counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import fsum
from typing import Final

from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from form1.core.cells import Cell, SheetCell
from form1.definition.layout import Layout, Row
from form1.render.workbook.checks import mark_broken_totals
from form1.render.workbook.printing import A4, break_pages, break_panels, head_pages, page_ends, scale_of, set_up
from form1.render.workbook.styles import LEVELS
from form1.render.workbook.writer import SheetWriter, link_to, width_for
from form1.views.tables import TableView, note_mark
from form1.xlsx.read.raw import column_letters

_TOP_ROWS: Final = 3
"""Rows above the heads: the form and the basis, the title, the unit."""
_NARROWEST_LABEL: Final = 17.0
_USUAL_STUB: Final = 54.0
_MANY_COLUMNS: Final = 8
_WIDEST_COUNT: Final = 14.0


@dataclass(frozen=True)
class Stub:
    """The columns left of the counts: heading and width of each, in characters."""

    headings: tuple[str, ...]
    widths: tuple[float, ...]


def draw_table(
    sheet: Worksheet, writer: SheetWriter, view: TableView, notes_at: Mapping[int, SheetCell] | None = None
) -> str:
    """Draw one table of the form; return the range of its line codes, which stand as text on purpose.

    `notes_at` gives sheet and cell of each numbered note.
    """
    layout = view.layout
    paper = A4(layout.table.print.landscape)
    count_width = _count_width(writer, view, paper)
    stub = _stub(view, paper, count_width)
    widths = [*stub.widths, *([count_width] * len(layout.columns))]
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[column_letters(column)].width = round(width, 2)

    first_column = len(stub.headings) + 1
    _draw_top(sheet, writer, view, first_column, widths)
    number_row = _draw_heads(sheet, writer, view, stub, count_width)
    heights = _draw_rows(sheet, writer, view, stub, number_row + 1)
    mark_broken_totals(sheet, layout, number_row + 1, first_column)
    last_row = sheet.max_row
    _name_heads(sheet, layout, len(widths), len(stub.headings), number_row - 1, last_row)
    below = _draw_links(sheet, writer, view, notes_at or {}, last_row + 1)

    sheet.freeze_panes = sheet.cell(number_row + 1, first_column)
    sheet.sheet_view.showGridLines = False
    _lay_on_paper(sheet, writer, view, paper, stub, count_width, number_row, heights, below)
    line_column = column_letters(first_column - 1)
    code_column = column_letters(first_column - 2) if len(stub.headings) == 3 else line_column
    return f"{code_column}{number_row + 1}:{line_column}{last_row}"


def _stub(view: TableView, paper: A4, count_width: float) -> Stub:
    layout, widths = view.layout, [7.0]
    if view.table.rows.show_code:
        longest = max(width_for(row.shown_code, 8, bold=row.kind != "member") for row in layout.rows)
        widths = [max(6.0, longest), *widths]
    left = paper.width - fsum(widths) - max(map(len, layout.panels)) * count_width
    return Stub(view.stub, (max(_NARROWEST_LABEL, left), *widths))


def _count_width(writer: SheetWriter, view: TableView, paper: A4) -> float:
    """Return one width for all counts: that of the longest number and the longest word of a head over one column."""
    layout = view.layout
    numbers = [view.cell(row.code, column.code) for row in layout.rows for column in layout.columns]
    longest = max((cell.value or 0 for cell in numbers), default=0)
    needed = [width_for(view.shown(Cell(longest)), 9, bold=True)]
    size = writer.looks[_leaf_head(layout)].size
    needed += [
        width_for(word, size) for head in layout.heads if head.first == head.last for word in view.head(head).split()
    ]
    most = max(map(len, layout.panels))
    spare = (paper.width - _USUAL_STUB) / most
    return max(*needed, 5.5, min(_WIDEST_COUNT, spare))


def _draw_top(
    sheet: Worksheet, writer: SheetWriter, view: TableView, first_column: int, widths: Sequence[float]
) -> None:
    """Draw the lines above the heads: over the whole table, or beside the stub where the stub is repeated in panels."""
    form, layout = view.filled.form, view.layout
    identity = f"{form.identity.title.of(view.filled.language)}, {form.identity.code}"
    basis, unit, title = view.basis, view.unit, view.full_title
    last = first_column + len(layout.panels[0]) - 1
    if len(layout.panels) > 1:
        stub_end = first_column - 1
        writer.put(sheet, identity, "form line", 1, 1, to_column=stub_end)
        writer.put(sheet, basis, "form line", 2, 1, to_column=stub_end)
        writer.put(sheet, unit, "unit left", 3, 1, to_column=stub_end)
        writer.put(sheet, title, "title", 1, first_column, to_row=_TOP_ROWS, to_column=last)
        needed = writer.height(title, "title", fsum(widths[first_column - 1 : last]))
        for row, (text, role) in enumerate(
            ((identity, "form line"), (basis, "form line"), (unit, "unit left")), start=1
        ):
            own = writer.height(text, role, fsum(widths[:stub_end]))
            sheet.row_dimensions[row].height = max(own, needed / _TOP_ROWS)
        return
    middle = max(1, first_column - 2)
    writer.put(sheet, identity, "form line", 1, 1, to_column=middle - 1)
    writer.put(sheet, basis, "basis", 1, max(2, middle), to_column=last)
    writer.put(sheet, title, "title", 2, 1, to_column=last)
    writer.put(sheet, unit, "unit", 3, 1, to_column=last)
    sheet.row_dimensions[1].height = max(
        writer.height(identity, "form line", fsum(widths[: middle - 1]) or widths[0]),
        writer.height(basis, "basis", fsum(widths[max(2, middle) - 1 : last])),
    )
    sheet.row_dimensions[2].height = writer.height(title, "title", fsum(widths[:last])) + 6
    sheet.row_dimensions[3].height = 13.5


def _draw_heads(sheet: Worksheet, writer: SheetWriter, view: TableView, stub: Stub, count_width: float) -> int:
    """Draw the heads and the row of column numbers; return the number of that row."""
    layout, top = view.layout, _TOP_ROWS + 1
    bottom = top + layout.levels - 1
    needed = [14.0] * layout.levels
    for head in layout.heads:
        text, before = view.head(head), len(stub.headings)
        at, width = top + head.level, count_width * (head.last - head.first + 1)
        role = _leaf_head(layout) if head.first == head.last else "head"
        writer.put(sheet, text, role, at, before + head.first, at + head.depth - 1, before + head.last)
        if head.depth == 1:
            needed[head.level] = max(needed[head.level], writer.height(text, role, width) + 2)
    for column, (heading, width) in enumerate(zip(stub.headings, stub.widths, strict=True), start=1):
        writer.put(sheet, heading, "head", top, column, bottom, column)
        needed[-1] = max(needed[-1], writer.height(heading, "head", width) + 2 - fsum(needed[:-1]))
    for level, height in enumerate(needed):
        sheet.row_dimensions[top + level].height = height
    numbers: list[str | int] = [*view.letters, *(column.number for column in layout.columns)]
    writer.row(sheet, ((number, "number") for number in numbers))
    sheet.row_dimensions[bottom + 1].height = 11.0
    return bottom + 1


def _name_heads(sheet: Worksheet, layout: Layout, last: int, stub: int, bottom: int, last_row: int) -> None:
    """Name the cells in which the heads of rows and columns meet, as screen readers look for them in a sheet.

    JAWS and NVDA take a name that begins so for a table, from its first to its last cell on the sheet of that number.
    """
    top, end = f"A{_TOP_ROWS + 1}", f"{column_letters(last)}{last_row}"
    position = sheet.parent.index(sheet) + 1
    name = f"TitleRegion{layout.table.number}.{top}.{end}.{position}"
    corner = f"$A${_TOP_ROWS + 1}:${column_letters(stub)}${bottom}"
    sheet.parent.defined_names.add(DefinedName(name, attr_text=f"'{sheet.title}'!{corner}"))


def _leaf_head(layout: Layout) -> str:
    """Return the role of a head over one column: smaller where there are many columns."""
    return "head narrow" if len(layout.columns) > _MANY_COLUMNS else "head"


def _draw_rows(sheet: Worksheet, writer: SheetWriter, view: TableView, stub: Stub, first: int) -> list[float]:
    """Draw the rows of the table; return their heights in points."""
    heights: list[float] = []
    for at, row in enumerate(view.layout.rows, start=first):
        label = view.noted(row.label.of(view.filled.language), "row", row.code)
        role = f"{row.kind} label {min(row.level, LEVELS - 1)}"
        line: list[tuple[str | int | None, str]] = [(label, role)]
        if view.table.rows.show_code:
            line.append((row.shown_code or None, f"{row.kind} code"))
        line.append((row.line, f"{row.kind} code"))
        for column in view.layout.columns:
            cell = view.cell(row.code, column.code)
            line.append((cell.value if cell.value is not None else view.shown(cell), f"{row.kind} count"))
        writer.row(sheet, line)
        heights.append(writer.height(label, role, stub.widths[0]))
        sheet.row_dimensions[at].height = heights[-1]
    return heights


def _draw_links(
    sheet: Worksheet, writer: SheetWriter, view: TableView, notes_at: Mapping[int, SheetCell], first_row: int
) -> list[float]:
    """Draw a line for each note at the table, with a link to it; return the heights of the lines in points.

    A mark is part of a text, and a cell can carry one link only, which LibreOffice does not wrap: so the links stand in
    lines of their own.
    """
    heights: list[float] = []
    for number, name in view.note_names:
        row = first_row + len(heights)
        mark = note_mark(view.filled.form, number, view.filled.language)
        link_to(writer.put(sheet, f"{mark} {name}", "note link", row, 1), *notes_at[number])
        heights.append(writer.height("", "note link", 1.0) + (4.0 if not heights else 0.0))
        sheet.row_dimensions[row].height = heights[-1]
    return heights


def _lay_on_paper(
    sheet: Worksheet,
    writer: SheetWriter,
    view: TableView,
    paper: A4,
    stub: Stub,
    count_width: float,
    number_row: int,
    heights: Sequence[float],
    below: Sequence[float],
) -> None:
    layout = view.layout
    set_up(sheet, paper, writer.footer)
    stub_columns = len(stub.headings)
    sheet.print_title_rows = f"{_TOP_ROWS + 1}:{number_row}"
    if len(layout.panels) > 1:
        sheet.print_title_cols = f"A:{column_letters(stub_columns)}"
    last_columns = [stub_columns + count for count in accumulate(map(len, layout.panels))]
    widest = fsum(stub.widths) + max(map(len, layout.panels)) * count_width
    break_panels(sheet, paper, last_columns, widest)
    above = [sheet.row_dimensions[row].height for row in range(1, number_row + 1)]
    top, head, ends = fsum(above), fsum(above[_TOP_ROWS:]), _page_may_end_after(layout.rows)
    room = paper.height / scale_of(sheet)
    rows, may_end = [*heights, *below], [*ends, *(True for _ in below)]
    # The links below the table are for the screen: on paper they are worth no page more.
    if len(page_ends(rows, may_end, room, top, head)) > len(page_ends(heights, ends, room, top, head)):
        rows, may_end = [*heights], ends
    last_column = column_letters(stub_columns + len(layout.columns))
    sheet.print_area = f"A1:{last_column}{number_row + len(rows)}"
    break_pages(sheet, paper, first_row=number_row + 1, rows=rows, ends=may_end, top=top, head=head)
    head_pages(sheet, view.caption)


def _page_may_end_after(rows: Sequence[Row]) -> list[bool]:
    """Tell after which rows a page may end: never between the head of a group and its first member."""
    return [row.kind == "member" for row in rows]
