"""The exports: tallies as tables in the canonical long form, one line for each combination that was counted."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from form1.core.findings import Finding, Place
from form1.definition.bridge import successor
from form1.definition.codelists import CodeList
from form1.definition.form import Form
from form1.definition.records import Table
from form1.records.tabulate.plan import Axis, Plan
from form1.records.tabulate.tally import Tally

Lines = dict[tuple[str, ...], int]
"""Counts by the codes of a table's dimensions, in the order of the code lists."""


def lines(form: Form, tally: Tally, table: Table) -> Lines:
    """Return the counts of one table, codes that count under another one put under it."""
    plan = tally.plan
    axes = plan.axes_of[table.id]
    under = [
        {**_followed(form, plan, axis), **_counted_as(form.codelists[axis.codelist], plan.last_day)} for axis in axes
    ]
    found: Counter[tuple[str, ...]] = Counter()
    for place, records in sorted((_places(axes, cell), records) for cell, records in tally.cells[table.id].items()):
        codes = (axis.codes[at] for axis, at in zip(axes, place, strict=True))
        found[tuple(_put(code, other) for code, other in zip(codes, under, strict=True))] += records
    return dict(found)


def _put(code: str, under: Mapping[str, str]) -> str:
    """Return the code under which another one counts: what it became, and where that belongs."""
    code = under.get(code, code)
    return under.get(code, code)


def _places(axes: Sequence[Axis], cell: int) -> tuple[int, ...]:
    at: list[int] = []
    for axis in axes:
        cell, place = divmod(cell, len(axis.codes))
        at.append(place)
    return tuple(at)


def _counted_as(codelist: CodeList, on: date) -> dict[str, str]:
    return {entry.code: entry.counted_as for entry in codelist.on(on) if entry.counted_as}


def _followed(form: Form, plan: Plan, axis: Axis) -> dict[str, str]:
    """Codes that stand under another one on the last day of the period, by bridges.csv.

    So the grounds of art. 45, which were numbered anew in July 2019. One that had ended before the first day on which
    a record can count is not followed: nobody may write it any more.
    """
    since = plan.first_day if plan.rules["span"] == "year_to_date" else date.min
    late = {entry.code for entry in form.codelists[axis.codelist].codes if (entry.valid_to or date.max) >= since}
    found = {code: successor(form, axis.codelist, code, plan.last_day) for code in axis.codes if code in late}
    return {code: other for code, other in found.items() if other is not None}


def followed(form: Form, tally: Tally, table: Table) -> Iterator[Finding]:
    """Yield what is to be said of every code that counts under the one that it became."""
    axes = tally.plan.axes_of[table.id]
    for number, axis in enumerate(axes):
        others = _followed(form, tally.plan, axis)
        moved: Counter[str] = Counter()
        for cell, records in tally.cells[table.id].items():
            moved[axis.codes[_places(axes, cell)[number]]] += records
        for code in (code for code in axis.codes if code in others and moved[code]):
            place = Place(table.id, file=tally.plan.extract, cell=axis.item.source)
            yield Finding.of(
                "records_code_followed",
                place,
                code=code,
                becomes=others[code],
                records=moved[code],
                day=tally.plan.last_day.isoformat(),
            )


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
            yield Finding.of(
                "records_code_not_in_force", place, code=code, records=records, day=tally.plan.last_day.isoformat()
            )


def write(form: Form, table: Table, counts: Lines) -> bytes:
    """Return an export as CSV: UTF-8, commas, codes."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*table.dimensions, form.sources.measure_id])
    writer.writerows([*codes, records] for codes, records in counts.items())
    return text.getvalue().encode()
