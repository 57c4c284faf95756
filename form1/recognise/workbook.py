"""From the sheets of a workbook to a received form: period, tables, lines, columns, counts, and everything that is odd.

Tables are found by what stands in the sheets. No name and no position of a sheet is relied on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from form1.core.cells import Address, Origin, SheetCell, gap
from form1.core.findings import Finding, Place, Severity
from form1.core.periods import Period
from form1.core.texts import LANGUAGES
from form1.core.values import Status
from form1.definition.fillable import is_input
from form1.definition.form import Form
from form1.definition.layout import Layout
from form1.definition.spelling import Folding
from form1.model.forms import InputFile
from form1.recognise import dating, fill_in_form, tidy
from form1.recognise.blocks import Block, blocks_of
from form1.recognise.columns import place_columns, rare_columns
from form1.recognise.counts import Judge
from form1.recognise.cover import judge_cover
from form1.recognise.fill_in_form import Marker
from form1.recognise.filling import Filling
from form1.recognise.lines import Placed, Rows
from form1.recognise.naming import name_blocks
from form1.recognise.printed import printed
from form1.recognise.received import ReadForm
from form1.recognise.signatories import signatories_of
from form1.recognise.stub import Line, canonical, is_figure
from form1.recognise.surroundings import around, is_revisions
from form1.recognise.versions import laid_out_by_another
from form1.recognise.view import View, Words
from form1.recognise.wide import Wide
from form1.recognise.wide import compare as compare_wide
from form1.recognise.wide import find as find_wide
from form1.xlsx.read.formats import is_date
from form1.xlsx.read.formulas import Computer
from form1.xlsx.read.gate import Admitted
from form1.xlsx.read.raw import RawBook, cell_name

_TARGETS = 5
_LONGEST_TARGET = 120
_MOST_BLOCKS = 150
"""Tables and panels that are looked at; the form has ten."""


def understand(form: Form, book: RawBook, admitted: Admitted, period: Period | None = None) -> ReadForm:
    """Return the form that a workbook holds."""
    marks = tuple(form.word("note_mark", language) for language in LANGUAGES)
    words = Words(Folding(form.sources.look_alikes), marks)
    views = [View(sheet, words) for sheet in book.sheets]
    marker = fill_in_form.marker_of(form, views)
    tidies = [view for view in views if tidy.find_header(view)]
    wides = [wide for view in views if (wide := find_wide(form, view))]
    ours = [*tidies, *(wide.view for wide in wides)]
    others = [
        view
        for view in views
        if not (view in ours or is_revisions(form, view) or (marker and fill_in_form.is_mark(view)))
    ]
    blocks = [block for view in others for block in blocks_of(form, view)][:_MOST_BLOCKS]
    said = dating.statements(form, others, words)
    chosen, findings = dating.decide(said, period, {block.view.sheet.name for block in blocks})
    if chosen is not None and not form.covers(chosen):
        day = form.versions[0].valid_from.isoformat()
        findings = [Finding.of("received_before_versions", found=str(chosen), day=day)]
        chosen = None
    filling = Filling(findings=findings)
    if chosen is not None:
        form = form.of(chosen)
        _fill(form, blocks, chosen, filling, words, book, marker)
        filling.findings += around(form, others, blocks, filling, words)
        places = (finding.place for finding in filling.findings if finding.severity == Severity.ERROR)
        faulty = {place.address for place in places}
        filling.findings += _beside(form, wides, tidies, filling, faulty)
    if book.connections:
        filling.findings.append(Finding.of("received_connections"))
    if admitted.outside:
        listed = ", ".join(target[:_LONGEST_TARGET] for target in admitted.outside[:_TARGETS])
        filling.findings.append(Finding.of("received_outside", count=len(admitted.outside), found=listed))
    if marker is not None and chosen is not None:
        filling.findings += filter(None, [fill_in_form.fits(form, marker, chosen)])
    file = InputFile(admitted.name, admitted.size, admitted.sha256)
    tables = {block.view.sheet.name for block in blocks}
    beside = [view for view in others if view.sheet.name not in tables]
    filling.findings += judge_cover(form, beside)
    covers = beside if marker is not None else []
    return ReadForm(
        file, chosen, dating.language_of(said), filling.cells, filling.at, filling.layouts,
        tuple(filling.findings), book, admitted, signatories_of(form, covers),
        is_undecided=filling.is_undecided, blank=filling.blank,
    )  # fmt: skip


def _beside(
    form: Form, wides: Sequence[Wide], tidies: Sequence[View], filling: Filling, faulty: Set[Address]
) -> list[Finding]:
    """Return what the tidy sheets say otherwise than the form, each number once however many sheets say it."""
    findings: list[Finding] = []
    for wide in wides:
        if layout := filling.layouts.get(wide.table):
            findings += compare_wide(form, wide, layout, filling.cells, filling.at, faulty)
    said = {(finding.place, finding.facts["other"]) for finding in findings}
    for view in tidies:
        found = tidy.compare(view, filling.cells, filling.at, form.signs(), faulty)
        findings += [finding for finding in found if (finding.place, finding.facts["other"]) not in said]
    return findings


def _fill(
    form: Form,
    blocks: Sequence[Block],
    period: Period,
    filling: Filling,
    words: Words,
    book: RawBook,
    marker: Marker | None,
) -> None:
    on = period.last_day
    tables = {table.id: printed(form, table, on, words) for table in form.tables.values()}
    named = name_blocks(form, blocks, tables, words)
    filling.findings += named.findings
    filling.is_undecided = named.is_undecided
    filling.unclear = {place.sheet for place in named.unclear}
    judge = Judge(form, words, Computer(book), by_hand=marker is not None)
    for table in form.tables:
        if table not in named.blocks:
            filling.findings.append(Finding.of("received_table_missing", Place(table=table)))
            continue
        panels = named.blocks[table]
        rows = Rows(form, tables[table], words, by_hand=marker is not None)
        rare = rare_columns(panels, tables[table], words)
        placed, layout = rows.place(panels, period.last_day, rare)
        columns = place_columns(panels, layout, words)
        filling.layouts[table] = layout
        other = laid_out_by_another(form, layout, placed, rows.differs, words)
        filling.findings += [*([other] if other else []), *rows.findings, *columns.findings]
        for panel, at_column in zip(placed, columns.found, strict=True):
            _read_panel(panel, layout, at_column, columns.disputed, judge, filling)
        _close(layout, placed, columns.found, filling)
    filling.findings += [*judge.findings, *judge.altered()]
    if marker is not None:
        blank = filling.blank = fill_in_form.left_blank(marker, filling.layouts, filling.cells, filling.at)
        filling.findings += blank.values()
        filling.findings += fill_in_form.settle_blanks(
            form, marker, filling.layouts, filling.cells, filling.at, filling.computed, blank
        )
        if judge.unsaved:
            filling.findings.append(Finding.of("fillin_sums_computed", count=judge.unsaved))


def _read_panel(
    panel: Placed,
    layout: Layout,
    at_column: Mapping[str, int],
    disputed: Set[str],
    judge: Judge,
    filling: Filling,
) -> None:
    view, table = panel.block.view, layout.table.id
    sheet = view.sheet
    used = filling.used.setdefault(sheet.name, set())
    stub = {panel.stub.label, panel.stub.code, panel.stub.line}
    used.update((panel.block.row, column) for column in view.rows[panel.block.row])
    filling.left.update((sheet.name, line.row) for line in panel.left)
    for line in (*panel.row_of.values(), *panel.unknown, *panel.left, *(line for _, line in panel.doubled)):
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
            spot, address = (line.row, at), Address(table, code, column)
            used.add(spot)
            filling.at[address] = SheetCell(sheet.name, cell_name(*spot))
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
                is_sum = not is_input(layout.row[code], layout.column[column])
                filling.cells[address] = judge.count(raw, place, (sheet.name, *spot), is_sum=is_sum)
                if raw.formula:
                    filling.computed.add(address)


def _is_between(view: View, line: Line, column: int) -> bool:
    """True when a cell of a line holds a figure, and not its line code written once more."""
    cell = view.sheet.cells[line.row, column]
    repeated = line.line and canonical(view.text(line.row, column)) == line.line
    return is_figure(cell) and not is_date(cell.format) and not repeated


def _close(layout: Layout, placed: Sequence[Placed], columns: Sequence[Mapping[str, int]], filling: Filling) -> None:
    """Make gaps of the cells of a missing line or column, which has its own finding; an empty cell stays away."""
    rows = {row for panel in placed for row in panel.row_of}
    there = {column for panel in columns for column in panel}
    for row in layout.rows:
        for column in layout.columns:
            if row.code not in rows or column.code not in there:
                address = Address(layout.table.id, row.code, column.code)
                filling.cells.setdefault(address, gap(Status.NOT_AVAILABLE, Origin.RECEIVED))
    order = [Address(layout.table.id, row.code, column.code) for row in layout.rows for column in layout.columns]
    filling.cells |= {address: filling.cells.pop(address) for address in order if address in filling.cells}
