"""Kinds that hold inside one moment of the form: present, adds_up, and the equal margins of linked tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from form1.core.cells import Address, Cell
from form1.core.findings import Fact, Part, Place
from form1.definition.equations import column_sums, margins, row_sums
from form1.rules.case import Case, Comparison, Context
from form1.rules.select import addresses

_SHORT = 8
"""Addends that a finding writes out."""


def present(context: Context, case: Case) -> Iterator[Comparison]:
    """Every cell exists; the cells that a typed rule names hold a number, not only a reason for its absence."""
    layout = context.layouts[case.tables[0]]
    if case.left is not None:
        wanted: Sequence[Address] = addresses(layout, case.left)
    else:
        wanted = [Address(layout.table.id, row.code, column.code) for row in layout.rows for column in layout.columns]
    if case.left is None and wanted and not any((context.cell(at) or Cell(0)).value is not None for at in wanted):
        yield Comparison(Place(layout.table.id), "table_without_numbers")
    for address in wanted:
        cell = context.cell(address)
        if cell is None:
            yield Comparison(Place(*address), "cell_missing")
        elif cell.value is None and case.left is not None:
            yield Comparison(Place(*address), "cell_gap", {"sign": context.form.signs()[cell.status]})
        else:
            yield Comparison(Place(*address))


def adds_up(context: Context, case: Case) -> Iterator[Comparison]:
    """Every total of rows, or of columns, equals the sum of its parts; a sum with a gap in it is not evaluated."""
    layout = context.layouts[case.tables[0]]
    for total, parts in row_sums(layout) if case.what == "rows_add_up" else column_sums(layout):
        yield _sum(context, total, parts)


def equal_margins(context: Context, case: Case) -> Iterator[Comparison]:
    """Two tables of one universe agree on every combination of the breakdowns that they share."""
    left, right = (context.layouts[table] for table in case.tables)
    for here, there in margins(context.form, left, right):
        one, other = context.cell(here), context.cell(there)
        place = Place(*here)
        # An open table leaves out the rows that it did not observe: they stand for zero.
        one, other = one or Cell(0), other or Cell(0)
        if one.value is None or other.value is None:
            yield Comparison(place, blocked=context.gap(here if one.value is None else there))
        elif one.value == other.value:
            yield Comparison(place)
        else:
            facts: dict[str, Fact] = {
                "found": one.value,
                "expected": other.value,
                "difference": one.value - other.value,
            }
            yield Comparison(place, "not_same", {**facts, "other": Place(*there)})


def _sum(context: Context, total: Address, parts: list[Address]) -> Comparison:
    place = Place(*total)
    found = context.cell(total)
    if found is None or found.value is None:
        return Comparison(place, blocked=context.gap(total))
    added: list[Part] = []
    for part in parts:
        cell = context.cell(part)
        if cell is None or cell.value is None:
            return Comparison(place, blocked=context.gap(part))
        added.append(Part(cell.value, part[1], part[2]))
    expected = sum(part.value for part in added)
    if found.value == expected:
        return Comparison(place)
    # Zeros say nothing in a short sum; a long one is told by its ends, and those are its first and last part.
    counted = tuple(part for part in added if part.value)
    shown = counted if 0 < len(counted) <= _SHORT else tuple(added)
    facts: dict[str, Fact] = {
        "found": found.value,
        "expected": expected,
        "parts": shown,
        "difference": found.value - expected,
    }
    return Comparison(place, "sum_differs", facts)
