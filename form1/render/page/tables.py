"""The tables of a filled as a template draws them: every text in its language, every number as it looks.

A view knows nothing of HTML. The PDF and the report draw the same views with the same macro.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from form1.core.cells import Address, gap
from form1.core.texts import Language
from form1.core.values import Status, show
from form1.definition.layout import Column, Head, Layout, Row
from form1.definition.marks import NO_MARKS, Marks, Where
from form1.definition.wording import basis_in_words
from form1.model.forms import FilledForm

_PARTS: Final[tuple[Where, ...]] = ("title", "basis", "unit", "rows")
_SHORT = 30
"""A table with at most this many rows is never broken over pages and may share one."""
_DENSE = 16
"""A panel with more columns than this is set in small type."""
_TIGHT = 150
"""A panel whose widest row may have more characters than this is set in the smallest type."""
_KEPT = 3
"""The first rows of a table stay together, and so do the last: no page holds a row on its own."""


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
    """A row of a panel; `keep` says to which neighbour it clings: "after", "before" or none."""

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
class TableView:
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
    dense: bool
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


def anchor(table: str, row: str = "", column: str = "") -> str:
    """Return the anchor of a table, a row or a cell.

    >>> anchor("T03", "45.1.8", "M")
    'T03-45.1.8-M'
    """
    return "-".join(filter(None, (table, row, column)))


def table_views(
    filled: FilledForm, marks: Mapping[Address, Mark] | None = None, noted: Marks = NO_MARKS
) -> tuple[TableView, ...]:
    """Return the views of all tables of the filled, in the order of the form.

    `marks` are findings by address, `noted` the marks of numbered notes, on a page that holds these notes too.
    """
    return tuple(_table(filled, layout, noted, marks or {}) for layout in filled.layouts.values())


def _table(filled: FilledForm, layout: Layout, noted: Marks, marks: Mapping[Address, Mark]) -> TableView:
    form, language, table = filled.form, filled.language, layout.table
    letters = form.word("stub_letters", language).split()
    panels = tuple(
        PanelView(
            number,
            tuple(_heads(layout, columns, noted, language)),
            tuple(column.number for column in columns),
            tuple(_rows(filled, layout, columns, noted, marks)),
        )
        for number, columns in enumerate(layout.panels, start=1)
    )
    return TableView(
        id=table.id,
        name=f"{form.word('table', language)} {table.number}",
        continued=form.word("table_continued", language).format(number=table.number),
        title=table.title.of(language),
        short_title=table.short_title.of(language),
        basis=basis_in_words(form, table, filled.period, language),
        unit=f"{form.word('unit_of_measure', language)}: {form.word(table.unit, language)}",
        heading=table.rows.heading.of(language),
        letters=tuple(letters[: 3 if table.rows.show_code else 2]),
        show_code=table.rows.show_code,
        landscape=table.print.landscape,
        short=len(layout.rows) <= _SHORT,
        dense=max(map(len, layout.panels)) > _DENSE,
        tight=any(_widest(panel) * len(panel.numbers) > _TIGHT for panel in panels),
        panels=panels,
        notes={part: noted.at(table.id, part) for part in _PARTS},
        numbered=tuple((each.number, each.name.of(language)) for each in noted.numbered if table.id in each.tables),
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
    filled: FilledForm,
    layout: Layout,
    columns: tuple[Column, ...],
    noted: Marks,
    marks: Mapping[Address, Mark],
) -> Iterable[RowView]:
    signs = filled.form.signs()
    last = len(layout.rows) - 1
    for place, row in enumerate(layout.rows):
        cells: list[CellView] = []
        for column in columns:
            address = Address(layout.table.id, row.code, column.code)
            # A table whose export was refused has no cells; it is drawn all the same, with the sign for that.
            cell = filled.cells.get(address, gap(Status.NOT_AVAILABLE))
            mark = marks.get(address, Mark("", ""))
            cells.append(CellView(show(cell.value, cell.status, signs), anchor(*address), mark.finding, mark.severity))
        yield RowView(
            row.label.of(filled.language),
            row.line,
            row.shown_code,
            row.kind,
            row.level,
            anchor(layout.table.id, row.code),
            tuple(cells),
            _keep(row, place, last),
            noted.at(layout.table.id, "row", row.code),
        )


def _widest(panel: PanelView) -> int:
    return max(len(cell.text) for row in panel.rows for cell in row.cells)


def _keep(row: Row, place: int, last: int) -> str:
    if row.kind != "member" or place < _KEPT - 1:
        return "after"
    return "before" if place > last - _KEPT + 1 else ""
