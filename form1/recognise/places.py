"""Where the numbers of the form belong in a blank workbook of another hand: by line codes, labels, column numbers.

The same finders that read a received form look at a blank one; nothing here writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from form1.core.findings import Finding, Place
from form1.core.periods import Period
from form1.definition.form import Form
from form1.definition.layout import Layout
from form1.definition.spelling import Folding
from form1.recognise.blocks import blocks_of
from form1.recognise.columns import Columns, place_columns, rare_columns
from form1.recognise.lines import Placed, Rows
from form1.recognise.naming import name_blocks
from form1.recognise.printed import printed
from form1.recognise.stub import Line as Written
from form1.recognise.view import View, Words
from form1.xlsx.read.raw import RawBook, cell_name

Framed = Callable[[str, int, int], bool]
"""True when a cell of a sheet, by row and column, has a border: a line of the form, even an empty one."""


@dataclass(frozen=True)
class Line:
    """A line of the blank: sheet, row, the columns of label and code (0 where there is none), those of the counts."""

    sheet: str
    row: int
    label: int
    code: int
    columns: Mapping[str, int]


@dataclass
class Places:
    """Where the lines of each table stand, by row code; and the empty lines, by the group above them."""

    lines: dict[str, dict[str, list[Line]]] = field(default_factory=dict)
    free: dict[str, dict[str, list[Line]]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def locate(form: Form, book: RawBook, period: Period, framed: Framed) -> Places:
    """Return where the numbers of the form for `period` belong in a workbook."""
    words = Words(Folding(form.sources.look_alikes))
    blocks = [block for sheet in book.sheets for block in blocks_of(form, View(sheet, words))]
    tables = {table.id: printed(form, table, period.last_day, words) for table in form.tables.values()}
    named = name_blocks(form, blocks, tables, words)
    places = Places()
    places.findings += _told(named.unclear)
    for table, panels in named.blocks.items():
        rows = Rows(form, tables[table], words, listing=True)
        placed, layout = rows.place(panels, period.last_day, rare_columns(panels, tables[table], words))
        columns = place_columns(panels, layout, words)
        places.findings += _told([*rows.unclear, *columns.unclear])
        places.lines[table] = _lines(placed, columns)
        unknown = [line for panel in placed for line in panel.unknown if line.label or line.code]
        places.findings += _unknown(table, placed, unknown)
        if layout.table.rows.open and len(placed) == 1:
            places.free[table] = _free(placed[0], columns.found[0], layout, framed)
    return places


def _told(unclear: Iterable[Place]) -> Iterator[Finding]:
    """What makes places unclear, as a warning: it is the blank that is odd, not the data."""
    for place in unclear:
        yield Finding.of("blank_unclear", place)


def _unknown(table: str, placed: Sequence[Placed], unknown: Sequence[Written]) -> Iterator[Finding]:
    for panel in placed:
        for line in panel.unknown:
            if line in unknown:
                column = panel.stub.line or panel.stub.label or panel.stub.code or 1
                place = Place(table, sheet=panel.block.view.sheet.name, cell=cell_name(line.row, column))
                yield Finding.of(
                    "blank_line_unknown", place, line=line.line, label=" ".join(filter(None, (line.code, line.label)))
                )


def _lines(placed: Sequence[Placed], columns: Columns) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for panel, at_column in zip(placed, columns.found, strict=True):
        clear = {code: at for code, at in at_column.items() if code not in columns.disputed}
        for row, line in panel.row_of.items():
            if row not in panel.disputed and row not in {code for code, _ in panel.doubled}:
                found.setdefault(row, []).append(_line(panel, line.row, clear))
    return found


def _line(panel: Placed, row: int, columns: Mapping[str, int]) -> Line:
    covered = panel.block.view.covered
    # Only the first cell of a merged area can be written.
    own = {code: at for code, at in columns.items() if covered.get((row, at), (row, at)) == (row, at)}
    return Line(panel.block.view.sheet.name, row, panel.stub.label, panel.stub.code, own)


def _free(panel: Placed, columns: Mapping[str, int], layout: Layout, framed: Framed) -> dict[str, list[Line]]:
    """Return the empty lines of an open table by the group or total that stands above them."""
    view, stub = panel.block.view, panel.stub
    code_at = {line.row: code for code, line in panel.row_of.items()}
    if not code_at or not columns:
        return {}
    free: dict[str, list[Line]] = {}
    group = ""
    first_count = min(columns.values())
    for row in range(min(code_at), panel.block.last_row + len(code_at) + _BELOW):
        if row > panel.block.last_row and not framed(view.sheet.name, row, first_count):
            break
        if row in code_at:
            known = layout.row.get(code_at[row])
            # Below a member that stands for itself no group goes on.
            group = code_at[row] if known is None or not known.counted else group if known.level > 1 else ""
            continue
        texts = [at for at in view.rows.get(row, ()) if not view.sheet.cells[row, at].formula and at != stub.line]
        is_line = bool(stub.line and view.text(row, stub.line).strip()) or framed(view.sheet.name, row, first_count)
        if group and is_line and not texts:
            free.setdefault(group, []).append(_line(panel, row, columns))
    return free


_BELOW = 400
"""Rows below the last text of a sheet in which framed lines are looked for."""
