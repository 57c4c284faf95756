"""The exports: tallies as tables in the canonical long form, one line for each combination that was counted."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from form1.definition.codelists import CodeList
from form1.definition.form import Form
from form1.definition.records import Table
from form1.findings import Fact, Finding, Place, Severity
from form1.tabulate.plan import Axis
from form1.tabulate.tally import Tally

Lines = dict[tuple[str, ...], int]
"""Counts by the codes of a table's dimensions, in the order of the code lists."""


def lines(form: Form, tally: Tally, table: Table) -> Lines:
    """Return the counts of one table, codes that count under another one put under it."""
    axes = tally.plan.axes_of[table.id]
    counted = [_counted_as(form.codelists[axis.codelist], tally.plan.last_day) for axis in axes]
    found: Counter[tuple[str, ...]] = Counter()
    for place, records in sorted((_places(axes, cell), records) for cell, records in tally.cells[table.id].items()):
        codes = (axis.codes[at] for axis, at in zip(axes, place, strict=True))
        found[tuple(under.get(code, code) for under, code in zip(counted, codes, strict=True))] += records
    return dict(found)


def _places(axes: Sequence[Axis], cell: int) -> tuple[int, ...]:
    at: list[int] = []
    for axis in axes:
        cell, place = divmod(cell, len(axis.codes))
        at.append(place)
    return tuple(at)


def _counted_as(codelist: CodeList, on: date) -> dict[str, str]:
    return {entry.code: entry.counted_as for entry in codelist.on(on) if entry.counted_as}


def not_in_force(form: Form, tally: Tally, table: Table, counts: Lines) -> Iterator[Finding]:
    """Yield a finding for every code that was counted and is not in force on the last day of the period."""
    for number, axis in enumerate(tally.plan.axes_of[table.id]):
        known = {entry.code for entry in form.codelists[axis.codelist].on(tally.plan.last_day)}
        stray: Counter[str] = Counter()
        for codes, records in counts.items():
            if codes[number] not in known:
                stray[codes[number]] += records
        for code, records in sorted(stray.items()):
            place = Place(table.id, file=tally.plan.extract, cell=axis.item.source)
            facts: dict[str, Fact] = {"code": code, "records": records, "day": tally.plan.last_day.isoformat()}
            yield Finding("records_code_not_in_force", Severity.ERROR, 1, place, facts)


def write(form: Form, table: Table, counts: Lines) -> bytes:
    """Return an export as CSV: UTF-8, commas, codes."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*table.dimensions, form.sources.measure_id])
    writer.writerows([*codes, records] for codes, records in counts.items())
    return text.getvalue().encode()
