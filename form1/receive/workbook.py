"""From the sheets of a workbook to a received form: period, tables, lines, columns, counts, and everything that is odd.

Tables are found by what stands in the sheets. No name and no position of a sheet is relied on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from form1.cells import Address, Cell, Origin, gap
from form1.definition.form import Form
from form1.definition.labels import Folding
from form1.definition.layout import Layout
from form1.findings import Fact, Finding, Place, Severity
from form1.periods import Period
from form1.receive import dating, tidy
from form1.receive.blocks import Block, blocks_of
from form1.receive.columns import place_columns, rare_columns
from form1.receive.counts import Judge
from form1.receive.formats import is_date
from form1.receive.formulas import Computer
from form1.receive.gate import Admitted
from form1.receive.lines import Placed, Rows
from form1.receive.naming import name_blocks
from form1.receive.printed import printed
from form1.receive.raw import RawBook, cell_name, letters
from form1.receive.received import Received
from form1.receive.stub import Line, canonical, is_figure
from form1.receive.view import View, Words
from form1.submission import InputFile
from form1.texts import LANGUAGES
from form1.values import Status

_OWN_SHEETS = ("cover_sheet", "notes_sheet", "legend_sheet", "data_sheet", "notes", "legend")
"""Words by which the sheets of our own workbook that hold no table are known."""
_ABOUT_SHEETS = {"received_table_twice", "received_table_unclear"}
_MOST_BLOCKS = 150
"""Tables and panels that are looked at; the form has ten."""
_MANY = 5
"""Cells that a finding names; it gives the number of the others."""


@dataclass
class _Filling:
    """What the tables of a workbook have given so far."""

    cells: dict[Address, Cell] = field(default_factory=dict)
    at: dict[Address, tuple[str, str]] = field(default_factory=dict)
    layouts: dict[str, Layout] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    used: dict[str, set[tuple[int, int]]] = field(default_factory=dict)
    """Cells of each form sheet that belong to a table, by the name of the sheet."""
    between: list[tuple[str, int, int, str]] = field(default_factory=list)
    """Figures in columns without a number between the counts of a table: sheet, row, column, table."""
    noted: set[tuple[str, int, int]] = field(default_factory=set)
    """Figures of notes below a table: sheet, row, column."""
    spots: dict[tuple[str, int, int], Address] = field(default_factory=dict)
    """Address in the form by sheet, row and column."""
    lines: dict[tuple[str, int], tuple[str, str]] = field(default_factory=dict)
    """Table and row of the form by sheet and row."""


def understand(form: Form, book: RawBook, admitted: Admitted, period: Period | None = None) -> Received:
    """Return the form that a workbook holds."""
    words = Words(Folding(form.sources.look_alikes))
    views = [View(sheet, words) for sheet in book.sheets]
    tidies = [view for view in views if tidy.find_header(view)]
    others = [view for view in views if view not in tidies and not _is_revisions(form, view)]
    blocks = [block for view in others for block in blocks_of(form, view)][:_MOST_BLOCKS]
    said = dating.statements(form, others, words)
    chosen, findings = dating.decide(said, period, {block.view.sheet.name for block in blocks})
    if chosen is not None and not form.covers(chosen):
        facts: dict[str, Fact] = {"found": str(chosen), "day": form.versions[0].valid_from.isoformat()}
        chosen, findings = None, [Finding("received_before_versions", Severity.ERROR, 0, Place(), facts)]
    filling = _Filling(findings=findings)
    if chosen is not None:
        form = form.of(chosen)
        _fill(form, blocks, chosen, filling, words, book)
        filling.findings += _around(form, others, blocks, filling, words)
        places = (finding.place for finding in filling.findings if finding.severity == Severity.ERROR)
        faulty = {(place.table, place.row, place.column) for place in places}
        for view in tidies:
            filling.findings += tidy.compare(view, filling.cells, filling.at, form.signs(), faulty)
    if book.connections:
        filling.findings.append(Finding("received_connections", Severity.WARNING, 0))
    file = InputFile(admitted.name, admitted.size, admitted.sha256)
    return Received(
        file, chosen, dating.language_of(said), filling.cells, filling.at, filling.layouts,
        tuple(filling.findings), book, admitted,
    )  # fmt: skip


def _fill(form: Form, blocks: Sequence[Block], period: Period, filling: _Filling, words: Words, book: RawBook) -> None:
    on = period.last_day
    tables = {table.id: printed(form, table, on, words) for table in form.tables.values()}
    named = name_blocks(form, blocks, tables, words)
    filling.findings += named.findings
    judge = Judge(form, words, Computer(book))
    for table in form.tables:
        if table not in named.blocks:
            filling.findings.append(Finding("received_table_missing", Severity.ERROR, 0, Place(table=table)))
            continue
        panels = named.blocks[table]
        rows = Rows(form, tables[table], words)
        rare = rare_columns(panels, tables[table], words)
        placed, layout = rows.place(panels, period.last_day, rare)
        columns = place_columns(panels, layout, words)
        filling.layouts[table] = layout
        filling.findings += [*rows.findings, *columns.findings]
        for panel, at_column in zip(placed, columns.found, strict=True):
            _read_panel(panel, layout, at_column, columns.disputed, judge, filling)
        _close(layout, placed, columns.found, filling)
    filling.findings += judge.findings


def _read_panel(
    panel: Placed,
    layout: Layout,
    at_column: Mapping[str, int],
    disputed: Set[str],
    judge: Judge,
    filling: _Filling,
) -> None:
    view, table = panel.block.view, layout.table.id
    sheet = view.sheet
    used = filling.used.setdefault(sheet.name, set())
    stub = {panel.stub.label, panel.stub.code, panel.stub.line}
    used.update((panel.block.row, column) for column in view.rows[panel.block.row])
    for line in (*panel.row_of.values(), *panel.unknown, *(line for _, line in panel.doubled)):
        # A line or a column that was not understood has its own finding: its numbers are not "outside the table".
        used.update((line.row, column) for column in stub | panel.block.counts)
    for line in panel.notes:
        figures = [
            at for at in view.rows[line.row] if at in panel.block.counts and is_figure(sheet.cells[line.row, at])
        ]
        filling.noted.update((sheet.name, line.row, column) for column in figures)
    counts, inside = panel.block.counts, range(min(panel.block.counts), max(panel.block.counts))
    for line in panel.row_of.values():
        for at in view.rows[line.row]:
            # A stub repeated in the middle is no figure; people read whatever else stands there as a count.
            if at in inside and at not in counts | stub and _is_between(view, line, at):
                used.add((line.row, at))
                filling.between.append((sheet.name, line.row, at, table))
    for code, line in panel.row_of.items():
        if code not in layout.row:
            continue
        filling.lines.setdefault((sheet.name, line.row), (table, code))
        for column, at in at_column.items():
            spot, address = (line.row, at), (table, code, column)
            used.add(spot)
            filling.at[address] = (sheet.name, cell_name(*spot))
            filling.spots[sheet.name, *spot] = address
            place = Place(*address, sheet=sheet.name, cell=cell_name(*spot))
            raw = sheet.cells.get(spot)
            over = view.covered.get(spot, spot)
            if code in panel.disputed or column in disputed:
                filling.cells[address] = gap(Status.NOT_AVAILABLE, Origin.RECEIVED)
            elif over != spot and raw is None:
                filling.cells[address] = judge.merged(place, cell_name(*over))
            elif raw is not None:
                if over != spot:
                    judge.under(raw, place, cell_name(*over))
                filling.cells[address] = judge.count(raw, place, (sheet.name, *spot))


def _is_between(view: View, line: Line, column: int) -> bool:
    """True when a cell of a line holds a figure, and not its line code written once more."""
    cell = view.sheet.cells[line.row, column]
    repeated = line.line and canonical(view.text(line.row, column)) == line.line
    return is_figure(cell) and not is_date(cell.format) and not repeated


def _close(layout: Layout, placed: Sequence[Placed], columns: Sequence[Mapping[str, int]], filling: _Filling) -> None:
    """Make gaps of the cells of a missing line or column, which has its own finding; an empty cell stays away."""
    rows = {row for panel in placed for row in panel.row_of}
    there = {column for panel in columns for column in panel}
    for row in layout.rows:
        for column in layout.columns:
            if row.code not in rows or column.code not in there:
                address = (layout.table.id, row.code, column.code)
                filling.cells.setdefault(address, gap(Status.NOT_AVAILABLE, Origin.RECEIVED))
    order = [(layout.table.id, row.code, column.code) for row in layout.rows for column in layout.columns]
    filling.cells |= {address: filling.cells.pop(address) for address in order if address in filling.cells}


def _around(
    form: Form, views: Iterable[View], blocks: Sequence[Block], filling: _Filling, words: Words
) -> Iterator[Finding]:
    """Give what stands beside the tables: hidden numbers, numbers outside, sheets that are not of the form."""
    own = {key for word in _OWN_SHEETS for language in LANGUAGES for key in words.of(form.word(word, language))}
    with_blocks = {block.view.sheet.name for block in blocks}
    explained = {finding.place.sheet for finding in filling.findings if finding.message in _ABOUT_SHEETS}
    for view in views:
        name = view.sheet.name
        if name in filling.used:
            yield from _hidden(view, filling)
            yield from _between(view, filling)
            yield from _outside(view, filling)
        elif name not in explained and not _is_own(view, own):
            hidden = view.sheet.is_hidden and _numbers(view)
            message = "received_sheet_hidden" if hidden else "received_sheet_unknown"
            severity = Severity.WARNING if hidden or name in with_blocks else Severity.INFORMATION
            yield Finding(message, severity, 0, Place(sheet=name))


def _is_own(view: View, own: set[str]) -> bool:
    first = next((text for _, _, text in view.texts(1, 3)), "")
    return not view.rows or any(key in own for text in (view.sheet.name, first) for key in view.words.of(text))


def _is_revisions(form: Form, view: View) -> bool:
    """True for our own report on revisions, whose numbers and words say nothing about the form itself.

    Its name alone is not enough: whatever else stands in a sheet of that name is looked at.
    """
    names, titles = (
        {key for language in LANGUAGES for key in view.words.of(form.word(word, language))}
        for word in ("revisions_sheet", "revisions")
    )
    first = next((text for _, _, text in view.texts(1, 1)), "")
    return bool(names.intersection(view.words.of(view.sheet.name)) and titles.intersection(view.words.of(first)))


def _hidden(view: View, filling: _Filling) -> Iterator[Finding]:
    sheet = view.sheet
    if sheet.is_hidden:
        yield Finding("received_sheet_hidden", Severity.WARNING, 0, Place(sheet=sheet.name))
        return
    rows: dict[int, list[tuple[int, int]]] = {}
    columns: dict[int, tuple[int, int]] = {}
    for at in _numbers(view):
        if at[0] in sheet.hidden_rows:
            rows.setdefault(at[0], []).append(at)
        if at[1] in sheet.hidden_columns:
            columns.setdefault(at[1], at)
    for row, numbers in rows.items():
        # The first count of the form in the row, so that the page marks it; else whatever number makes it a finding.
        first = next((at for at in numbers if (sheet.name, *at) in filling.spots), numbers[0])
        table, code = filling.lines.get((sheet.name, row), ("", ""))
        address = filling.spots.get((sheet.name, *first), (table, code, ""))
        place = Place(*address, sheet=sheet.name, cell=cell_name(*first))
        yield Finding("received_row_hidden", Severity.WARNING, 0, place, {"number": str(row)})
    for column, first in sorted(columns.items()):
        place = Place(sheet=sheet.name, cell=cell_name(*first))
        yield Finding("received_column_hidden", Severity.WARNING, 0, place, {"name": letters(column)})


def _outside(view: View, filling: _Filling) -> Iterator[Finding]:
    name = view.sheet.name
    noted = {(row, column) for sheet, row, column in filling.noted if sheet == name}
    found = sorted(noted.union(at for at in _numbers(view) if at not in filling.used[name]))
    if found:
        place = Place(sheet=name, cell=cell_name(*found[0]))
        yield Finding("received_numbers_outside", Severity.INFORMATION, 0, place, _listed(found))


def _between(view: View, filling: _Filling) -> Iterator[Finding]:
    """Give, table by table, the figures in columns without a number that stand among its counts."""
    tables: dict[str, list[tuple[int, int]]] = {}
    for sheet, row, column, table in filling.between:
        if sheet == view.sheet.name:
            tables.setdefault(table, []).append((row, column))
    for table, found in tables.items():
        place = Place(table=table, sheet=view.sheet.name, cell=cell_name(*min(found)))
        yield Finding("received_numbers_between", Severity.ERROR, 0, place, _listed(sorted(found)))


def _listed(found: Sequence[tuple[int, int]]) -> dict[str, Fact]:
    names = [cell_name(*at) for at in found]
    return {"count": len(names), "cells": ", ".join(names[:_MANY]) + (" …" if len(names) > _MANY else "")}


def _numbers(view: View) -> list[tuple[int, int]]:
    return sorted(
        at for at, cell in view.sheet.cells.items() if cell.kind == "n" and cell.text and not is_date(cell.format)
    )
