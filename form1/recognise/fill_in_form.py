"""A template that a person filled by hand: how it is known, which of its cells are blank, and what a blank means."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

from form1.core.cells import Address, Cell, Origin, SheetCell, gap, total
from form1.core.errors import UsageError
from form1.core.findings import Finding, Place
from form1.core.periods import Period
from form1.core.texts import LANGUAGES
from form1.core.values import Status
from form1.definition.fillable import MARK, fillable_tables, is_input, lists_of, may_stay_blank
from form1.definition.form import Form
from form1.definition.layout import Column, Layout, Row
from form1.recognise.view import View

_MARK_ROWS = 12
_WORKBOOK = "xl/workbook.xml"
_MOST_READ = 1024 * 1024
_ZERO = "fillin_blanks_zero"
_GAP = gap(Status.NOT_AVAILABLE, Origin.RECEIVED)


@dataclass(frozen=True)
class Marker:
    """What the hidden sheet of a template says of it, and whether its cover says that blanks are zeros."""

    period: Period | None
    lists: str
    blanks_are_zero: bool


def marker_of(form: Form, views: Iterable[View]) -> Marker | None:
    """Return the marker of a template, or None when the workbook is none."""
    views = list(views)
    view = next((view for view in views if is_mark(view)), None)
    if view is None:
        return None
    said = {view.text(row, 1).strip(): view.text(row, 2).strip() for row in range(1, _MARK_ROWS)}
    try:
        period = Period.parse(said.get("period", ""))
    except UsageError:
        period = None
    zero = {key for language in LANGUAGES for key in view.words.of(form.word(_ZERO, language))}
    chosen = any(
        zero.intersection(each.words.of(text)) for each in views if each is not view for _, _, text in each.texts(1, 60)
    )
    return Marker(period, said.get("lists", ""), chosen)


def is_mark(view: View) -> bool:
    """True for the hidden sheet of a template, whatever its title has become."""
    return view.text(1, 1).strip() == MARK


def is_template(path: Path) -> bool:
    """True when a file looks like a template: a workbook with the hidden sheet. It may still be refused."""
    try:
        with ZipFile(path) as package, package.open(_WORKBOOK) as part:
            return f'name="{MARK}"'.encode() in part.read(_MOST_READ)
    except Exception:  # whatever is wrong with a file, it is no template; the reader of exports says what
        return False


def fits(form: Form, marker: Marker, period: Period) -> Finding | None:
    """Return the finding that stops the reading: a template for another period, or drawn from other lists."""
    if marker.period != period:
        return Finding.of("fillin_other_period", found=str(marker.period or "…"), expected=str(period))
    if marker.lists != lists_of(fillable_tables(form, period)):
        return Finding.of("fillin_other_lists", period=str(period))
    return None


def left_blank(
    marker: Marker,
    layouts: Mapping[str, Layout],
    cells: Mapping[Address, Cell],
    at: Mapping[Address, tuple[str, str]],
) -> dict[str, Finding]:
    """Return a finding for each table into which nobody wrote anything, where the cover does not say zeros."""
    blank: dict[str, Finding] = {}
    for table, layout in {} if marker.blanks_are_zero else layouts.items():
        if not _inputs(layout).keys() & cells.keys():
            sheet = next((sheet for (of, _, _), (sheet, _) in at.items() if of == table), "")
            blank[table] = Finding.of("fillin_table_blank", Place(table, sheet=sheet))
    return blank


def _inputs(layout: Layout) -> dict[Address, tuple[Row, Column]]:
    """The cells of a table that a person fills, by address."""
    return {
        Address(layout.table.id, row.code, column.code): (row, column)
        for row in layout.rows
        for column in layout.columns
        if is_input(row, column)
    }


def settle_blanks(
    form: Form,
    marker: Marker,
    layouts: Mapping[str, Layout],
    cells: MutableMapping[Address, Cell],
    at: Mapping[Address, SheetCell],
    computed: Iterable[Address],
    blank: Collection[str],
) -> Iterator[Finding]:
    """Decide every blank cell in place, and the sums that go by formula; give a finding for each line left open.

    The tables in `blank`, which have a finding already, are all gaps.
    A blank becomes 0 where the cover says so or where it may stay blank, otherwise a gap; a formula over a gap is one.
    """
    formulas, zeros = set(computed), 0
    for table, layout in layouts.items():
        inputs = _inputs(layout)
        typed = inputs.keys() & cells.keys()
        if table in blank:
            # A formula over nothing gives 0: that is no number of anybody's.
            cells.update(
                {address: _GAP for address in formulas | inputs.keys() if address[0] == table and address in at}
            )
            continue
        begun = {may_stay_blank(form, layout, *inputs[address]) for address in typed}
        unfilled: dict[str, list[str]] = {}
        for address, (row, column) in inputs.items():
            if address in typed or address not in at:
                continue
            together = may_stay_blank(form, layout, row, column)
            if marker.blanks_are_zero or (together and together not in begun):
                cells[address] = Cell(0, Status.NUMBER, Origin.RECEIVED)
                zeros += marker.blanks_are_zero
            else:
                cells[address] = _GAP
                unfilled.setdefault(row.code, []).append(column.code)
        yield from _open_lines(layout, unfilled, at)
        _add_up(layout, cells, formulas)
    if zeros:
        yield Finding.of("fillin_zeros", count=zeros)


def _open_lines(
    layout: Layout, unfilled: Mapping[str, list[str]], at: Mapping[Address, SheetCell]
) -> Iterator[Finding]:
    """One finding for a line without any number, one for each blank cell of a line that was begun."""
    inputs = sum(not column.parts for column in layout.columns)
    for row, columns in unfilled.items():
        alone = len(columns) == inputs and inputs > 1
        for column in columns[:1] if alone else columns:
            sheet, cell = at[Address(layout.table.id, row, column)]
            if alone:
                yield Finding.of("fillin_line_blank", Place(layout.table.id, row, sheet=sheet, cell=cell))
            else:
                yield Finding.of("fillin_cell_blank", Place(layout.table.id, row, column, sheet=sheet, cell=cell))


def _add_up(layout: Layout, cells: MutableMapping[Address, Cell], computed: set[Address]) -> None:
    """Sums that stand as formulas follow from their parts as these are now; a part that is a gap makes the sum one."""
    table = layout.table.id
    for row in layout.rows:
        for column in sorted(layout.columns, key=lambda column: len(column.parts)):
            if row.counted and column.parts and (table, row.code, column.code) in computed:
                parts = [Address(table, row.code, part) for part in column.parts[0]]
                _set_sum(cells, Address(table, row.code, column.code), parts)
    for row in reversed(layout.rows):
        for column in layout.columns:
            if not row.counted and (table, row.code, column.code) in computed:
                _set_sum(
                    cells,
                    Address(table, row.code, column.code),
                    [Address(table, part, column.code) for part in row.parts],
                )


def _set_sum(cells: MutableMapping[Address, Cell], address: Address, parts: list[Address]) -> None:
    found = total(cells.get(part, _GAP) for part in parts)
    if found.value is None:
        cells[address] = gap(found.status, Origin.RECEIVED)
