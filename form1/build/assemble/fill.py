"""Fill the cells of the form from checked counts: zeros, gaps, corrections, sums."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from form1.build.assemble.lineage import COLUMN, ROW, by_address
from form1.core.cells import Address, Cell, Origin, gap, total
from form1.core.findings import Finding, Place
from form1.core.periods import Period
from form1.core.values import Status
from form1.definition.form import Form
from form1.definition.layout import Column, Layout, Row, lay_out
from form1.definition.records import Correction, Table
from form1.model.exports import CheckedCounts

RowAndColumn = tuple[str, str]
"""A row code and a column code of one table."""


@dataclass(frozen=True)
class Filled:
    """The cells of all tables that could be filled, their layouts, and what was noticed on the way."""

    cells: Mapping[Address, Cell]
    layouts: Mapping[str, Layout]
    findings: tuple[Finding, ...]
    corrections: tuple[Correction, ...]
    """Those that were applied."""


def fill(form: Form, period: Period, counts: Mapping[str, Sequence[CheckedCounts]]) -> Filled:
    """Return the cells of `period` from the counts of each table (several when quarters are added up).

    A table without counts is left out: its cells do not exist, and the rules that need them are not evaluated.
    """
    cells: dict[Address, Cell] = {}
    layouts: dict[str, Layout] = {}
    findings: list[Finding] = []
    applied: list[Correction] = []
    for table in form.tables.values():
        if table.id not in counts:
            continue
        exports = list(counts[table.id])
        corrections = [entry for entry in form.corrections if entry.table == table.id]
        detail, found = _exports_corrected(form, table, period, exports, corrections, applied)
        findings += found
        layout = lay_out(form, table, period.last_day, _observed(detail))
        layouts[table.id] = layout
        findings += _homeless(table, layout, detail, exports)
        cells |= _complete(layout, detail, complete=form.source_of(table.id).complete)
    return Filled(cells, layouts, tuple(findings), tuple(applied))


def _exports_corrected(
    form: Form,
    table: Table,
    period: Period,
    exports: Sequence[CheckedCounts],
    corrections: Sequence[Correction],
    applied: list[Correction],
) -> tuple[dict[RowAndColumn, Cell], list[Finding]]:
    """The exports added up, each with the corrections of its own period; then the corrections of the form's.

    Corrections that could be applied are added to `applied`.
    """
    detail: dict[RowAndColumn, Cell] = {}
    findings: list[Finding] = []
    shown = lay_out(form, table, period.last_day, {entry.row for entry in corrections})
    for of_period in dict.fromkeys(export.period for export in exports):
        piece = _add_up(table, [export for export in exports if export.period == of_period])
        findings += _correct(piece, shown, [entry for entry in corrections if entry.period == str(of_period)], applied)
        for address, cell in piece.items():
            detail[address] = _plus(detail[address], cell) if address in detail else cell
    if period not in {export.period for export in exports}:
        findings += _correct(detail, shown, [entry for entry in corrections if entry.period == str(period)], applied)
    return detail, findings


def _observed(detail: Mapping[RowAndColumn, Cell]) -> set[str]:
    """The row and column codes that were counted; a country for which an export writes a zero was not observed."""
    counted = [address for address, cell in detail.items() if cell.value != 0]
    return {row for row, _ in counted} | {column for _, column in counted}


def _add_up(table: Table, counts: Iterable[CheckedCounts]) -> dict[RowAndColumn, Cell]:
    """Counts by row and column of detail; one missing number makes the sum missing, with the reason of the first."""
    import polars as pl

    sums: dict[RowAndColumn, Cell] = {}
    persons, status = pl.col("persons"), pl.col("status")
    whole = pl.when(persons.is_not_null().all()).then(persons.sum()).alias("persons")
    reason = status.filter(persons.is_null()).first().alias("status")
    for export in counts:
        added = by_address(table, export).group_by(ROW, COLUMN, maintain_order=True).agg(whole, reason)
        for row, column, value, why in added.iter_rows():
            new = Cell(value) if value is not None else gap(Status(why))
            old = sums.get((row, column))
            sums[row, column] = new if old is None else _plus(old, new)
    return sums


def _plus(one: Cell, other: Cell) -> Cell:
    if one.value is None or other.value is None:
        return one if one.value is None else other
    corrected = Origin.CORRECTION in {one.origin, other.origin}
    return Cell(one.value + other.value, Status.NUMBER, Origin.CORRECTION if corrected else Origin.EXPORT)


def _homeless(
    table: Table, layout: Layout, observed: Mapping[RowAndColumn, Cell], counts: Sequence[CheckedCounts]
) -> Iterable[Finding]:
    """Counts that have no row or column on the day of the form: a code that went out of force inside the year."""
    for row, column in observed:
        known = row in layout.row and layout.row[row].counted and column in layout.column
        persons = observed[row, column].value
        if not known and persons != 0:
            yield Finding.of(
                "code_without_place",
                Place(
                    table=table.id,
                    row=row,
                    column=column,
                    file=", ".join(export.input.name for export in counts),
                ),
                found=persons if persons is not None else "…",
            )


def _correct(
    observed: dict[RowAndColumn, Cell],
    layout: Layout,
    corrections: Iterable[Correction],
    applied: list[Correction],
) -> Iterable[Finding]:
    for entry in corrections:
        place = Place(table=entry.table, row=entry.row, column=entry.column)
        column = layout.column.get(entry.column)
        row = layout.row.get(entry.row)
        if row is None or column is None or column.parts or not row.counted:
            yield Finding.of("correction_homeless", place, id=entry.id)
            continue
        found = observed.get((entry.row, entry.column), Cell(0)).value
        if found != entry.was:
            yield Finding.of(
                "correction_outdated", place, id=entry.id, was=entry.was, found=found if found is not None else "…"
            )
            continue
        observed[entry.row, entry.column] = Cell(entry.becomes, Status.NUMBER, Origin.CORRECTION)
        applied.append(entry)
        yield entry.applied


def _complete(layout: Layout, observed: Mapping[RowAndColumn, Cell], *, complete: bool) -> dict[Address, Cell]:
    """All cells of a table: detail as observed (or the zero of a complete source), then columns, then rows of sums."""
    absent = Cell(0) if complete else gap(Status.NOT_AVAILABLE)
    by_row: dict[str, dict[str, Cell]] = {}
    for row in layout.rows:
        if row.counted:
            detail = {
                column.code: observed.get((row.code, column.code), absent)
                for column in layout.columns
                if not column.parts
            }
            by_row[row.code] = _with_column_sums(layout.columns, detail)
    for row in reversed(layout.rows):
        if not row.counted:
            by_row[row.code] = _sum_of_rows(layout, row, by_row)
    return {
        Address(layout.table.id, row.code, column.code): by_row[row.code][column.code]
        for row in layout.rows
        for column in layout.columns
    }


def _with_column_sums(columns: Sequence[Column], detail: dict[str, Cell]) -> dict[str, Cell]:
    row = dict(detail)
    # The more dimensions a column totals, the later it comes: its parts are totals themselves.
    for column in sorted(columns, key=lambda column: len(column.parts)):
        if column.parts:
            row[column.code] = total(row[part] for part in column.parts[0])
    return row


def _sum_of_rows(layout: Layout, row: Row, by_row: Mapping[str, Mapping[str, Cell]]) -> dict[str, Cell]:
    return {column.code: total(by_row[part][column.code] for part in row.parts) for column in layout.columns}
