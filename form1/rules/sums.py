"""Kinds that hold inside one moment of the form: present, adds_up, and the equal margins of linked tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from form1.cells import TOTAL, Address, Cell, column_code
from form1.definition.layout import Layout, row_code
from form1.findings import Fact, Part, Place
from form1.rules.case import Case, Comparison, Context
from form1.rules.derive import shared_dimensions
from form1.rules.select import addresses


def present(context: Context, case: Case) -> Iterator[Comparison]:
    """Every cell exists; the cells that a typed rule names hold a number, not only a reason for its absence."""
    layout = context.layouts[case.tables[0]]
    if case.left is not None:
        wanted: Sequence[Address] = addresses(layout, case.left)
    else:
        wanted = [(layout.table.id, row.code, column.code) for row in layout.rows for column in layout.columns]
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
    for total, parts in _row_sums(layout) if case.what == "rows_add_up" else _column_sums(layout):
        yield _sum(context, total, parts)


def equal_margins(context: Context, case: Case) -> Iterator[Comparison]:
    """Two tables of one universe agree on every combination of the breakdowns that they share."""
    left, right = (context.layouts[table] for table in case.tables)
    shared = shared_dimensions(context.form, left.table, right.table)
    axes = [[None, *sorted(_codes(left, dimension) | _codes(right, dimension))] for dimension in shared]
    for combination in product(*axes):
        keys = {dimension: code for dimension, code in zip(shared, combination, strict=True) if code is not None}
        here, there = _margin(left, keys), _margin(right, keys)
        if here is None or there is None:
            continue
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
            yield Comparison(place, "not_same", {**facts, "other": context.named(*there)})


def _row_sums(layout: Layout) -> Iterator[tuple[Address, list[Address]]]:
    for row in layout.rows:
        if not row.counted:
            for column in layout.columns:
                parts = [(layout.table.id, part, column.code) for part in row.parts]
                yield (layout.table.id, row.code, column.code), parts


def _column_sums(layout: Layout) -> Iterator[tuple[Address, list[Address]]]:
    for row in layout.rows:
        for column in layout.columns:
            for parts in column.parts:
                yield (
                    (layout.table.id, row.code, column.code),
                    [(layout.table.id, row.code, part) for part in parts],
                )


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
    shown = tuple(part for part in added if part.value) or tuple(added)
    facts: dict[str, Fact] = {
        "found": found.value,
        "expected": expected,
        "parts": shown,
        "difference": found.value - expected,
    }
    return Comparison(place, "sum_differs", facts)


def _codes(layout: Layout, dimension: str) -> set[str]:
    rows = {row.keys[dimension] for row in layout.rows if dimension in row.keys}
    columns = {column.keys[dimension] for column in layout.columns if column.keys.get(dimension, TOTAL) != TOTAL}
    return rows | columns


def _margin(layout: Layout, keys: Mapping[str, str]) -> Address | None:
    """The cell that totals everything but the codes given; None when the table has no such subtotal."""
    table = layout.table
    of_row = {dimension: keys[dimension] for dimension in table.rows.wanted if dimension in keys}
    if not of_row:
        row = TOTAL
    elif len(of_row) == len(table.rows.wanted):
        row = row_code(table, of_row)
    else:
        blocks = [
            block.code for block in table.rows.block if of_row == {block.dimension: block.value} and not block.apart
        ]
        if not blocks:
            return None
        row = blocks[0]
    return (table.id, row, column_code(keys.get(column.dimension, TOTAL) for column in table.columns))
