"""The tables of a filled as a template draws them: every text in its language, every number as it looks.

A view knows nothing of HTML. The PDF and the report draw the same views with the same macro.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from form1.core.cells import Address
from form1.core.texts import Language
from form1.definition.layout import Column, Head, Layout, Row
from form1.definition.marks import NO_MARKS, Marks, Where
from form1.model.forms import FilledForm
from form1.views.tables import TableView, anchor

_PARTS: Final[tuple[Where, ...]] = ("title", "basis", "unit", "rows")
_SHORT = 30
"""A table with at most this many rows is never broken over pages and may share one."""
_TIGHT = 105
"""A panel whose widest row may have more characters than this has a narrower stub."""
_FIRST, _LAST = 3, 8
"""So many first rows of a table stay together, and so many of the last: no page holds a few rows on their own."""


@dataclass(frozen=True, slots=True)
class HeadView:
    """A head over some columns, reaching over some levels; `notes` are the numbers of its notes."""

    text: str
    columns: int
    levels: int
    cut: bool = False
    """True when it is the rest of a head that began in the panel before."""
    notes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CellView:
    """A cell: what it shows, its anchor, and the anchor and severity of its first finding when it has one."""

    text: str
    anchor: str
    finding: str = ""
    severity: str = ""


@dataclass(frozen=True, slots=True)
class RowView:
    """A row of a panel; `keep` says to which neighbour it clings: "after", "before", "both" or none."""

    label: str
    line: str
    code: str
    kind: str
    level: int
    anchor: str
    cells: tuple[CellView, ...]
    keep: str = ""
    notes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PanelView:
    """Some columns of a table with all its rows; the first panel has number 1."""

    number: int
    heads: tuple[tuple[HeadView, ...], ...]
    numbers: tuple[int, ...]
    rows: tuple[RowView, ...]


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table of the form."""

    id: str
    name: str
    continued: str
    title: str
    short_title: str
    basis: str
    unit: str
    heading: str
    letters: tuple[str, ...]
    """The letters that number the stub's columns."""
    show_code: bool
    landscape: bool
    short: bool
    tight: bool
    panels: tuple[PanelView, ...]
    notes: Mapping[str, tuple[int, ...]]
    """Numbers of the notes at the title, the basis, the unit and the heading of the rows."""
    numbered: tuple[tuple[int, str], ...] = ()
    """Number and name of every note at the table."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The first finding about a cell: its anchor and severity."""

    finding: str
    severity: str


def table_views(
    filled: FilledForm, marks: Mapping[Address, Mark] | None = None, noted: Marks = NO_MARKS
) -> tuple[PrintedTable, ...]:
    """Return the views of all tables of the filled, in the order of the form.

    `marks` are findings by address, `noted` the marks of numbered notes, on a page that holds these notes too.
    """
    return tuple(_table(filled, layout, noted, marks or {}) for layout in filled.layouts.values())


def _table(filled: FilledForm, layout: Layout, noted: Marks, marks: Mapping[Address, Mark]) -> PrintedTable:
    form, language, table = filled.form, filled.language, layout.table
    view = TableView(filled, layout)
    panels = tuple(
        PanelView(
            number,
            tuple(_heads(layout, columns, noted, language)),
            tuple(column.number for column in columns),
            tuple(_rows(view, columns, noted, marks)),
        )
        for number, columns in enumerate(layout.panels, start=1)
    )
    return PrintedTable(
        id=table.id,
        name=view.name,
        continued=form.word("table_continued", language).format(number=table.number),
        title=view.title,
        short_title=view.short_title,
        basis=view.basis,
        unit=view.unit,
        heading=view.stub[0],
        letters=view.letters,
        show_code=table.rows.show_code,
        landscape=table.print.landscape,
        short=len(layout.rows) <= _SHORT,
        tight=any(_widest(panel) * len(panel.numbers) > _TIGHT for panel in panels),
        panels=panels,
        notes={part: noted.at(table.id, part) for part in _PARTS},
        numbered=TableView(filled, layout, noted).note_names,
    )


def _heads(
    layout: Layout, columns: Sequence[Column], noted: Marks, language: Language
) -> Iterable[tuple[HeadView, ...]]:
    """Give the heads over the panel's columns, level by level; one that reaches further is cut at its edge."""
    left, right = columns[0].number, columns[-1].number

    def width(head: Head) -> int:
        return min(head.last, right) - max(head.first, left) + 1

    for level in range(layout.levels):
        over = [head for head in layout.heads if head.level == level and width(head) > 0]
        yield tuple(
            HeadView(
                head.text.of(language), width(head), head.depth, head.first < left, noted.head(layout.table.id, head)
            )
            for head in over
        )


def _rows(
    view: TableView, columns: tuple[Column, ...], noted: Marks, marks: Mapping[Address, Mark]
) -> Iterable[RowView]:
    layout, table = view.layout, view.table.id
    last = len(layout.rows) - 1
    for place, row in enumerate(layout.rows):
        cells: list[CellView] = []
        for column in columns:
            mark = marks.get(Address(table, row.code, column.code), Mark("", ""))
            text = view.shown(view.cell(row.code, column.code))
            cells.append(CellView(text, anchor(table, row.code, column.code), mark.finding, mark.severity))
        yield RowView(
            label=row.label.of(view.filled.language),
            line=row.line,
            code=row.shown_code,
            kind=row.kind,
            level=row.level,
            anchor=anchor(table, row.code),
            cells=tuple(cells),
            keep=_keep(row, place, last),
            notes=noted.at(table, "row", row.code),
        )


def _widest(panel: PanelView) -> int:
    return max(len(cell.text) for row in panel.rows for cell in row.cells)


def _keep(row: Row, place: int, last: int) -> str:
    before = place > last - _LAST + 1
    if row.kind != "member" or place < _FIRST - 1:
        return "both" if before else "after"
    return "before" if before else ""
