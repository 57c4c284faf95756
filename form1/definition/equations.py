"""The equations that the tables imply: sums of rows, sums of columns, equal margins of linked tables.

They are derived from the layout once, here; the rules judge by them, and the search for causes solves them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations, product

from form1.core.cells import TOTAL, Address, column_code
from form1.definition.form import Form
from form1.definition.layout import Layout, row_code
from form1.definition.records import Table

Sum = tuple[Address, list[Address]]
"""A cell, and the cells that add up to it."""


def row_sums(layout: Layout) -> Iterator[Sum]:
    """Give every total and group row as the sum of its parts, column by column."""
    for row in layout.rows:
        if not row.counted:
            for column in layout.columns:
                parts = [Address(layout.table.id, part, column.code) for part in row.parts]
                yield Address(layout.table.id, row.code, column.code), parts


def column_sums(layout: Layout) -> Iterator[Sum]:
    """Give every total column as the sum of its parts, row by row; a crossed total in each of its ways."""
    for row in layout.rows:
        for column in layout.columns:
            for parts in column.parts:
                yield (
                    Address(layout.table.id, row.code, column.code),
                    [Address(layout.table.id, row.code, part) for part in parts],
                )


def linked_tables(form: Form) -> Iterator[tuple[Table, Table]]:
    """Give every pair of tables of one universe and basis."""
    for left, right in combinations(form.tables.values(), 2):
        if left.universe == right.universe and left.basis == right.basis:
            yield left, right


def margins(form: Form, left: Layout, right: Layout) -> Iterator[tuple[Address, Address]]:
    """Give every pair of cells that two linked tables must have equal, for every combination of shared codes."""
    shared = shared_dimensions(form, left.table, right.table)
    axes = [[None, *sorted(_codes(left, dimension) | _codes(right, dimension))] for dimension in shared]
    for combination in product(*axes):
        keys = {dimension: code for dimension, code in zip(shared, combination, strict=True) if code is not None}
        here, there = _margin(left, keys), _margin(right, keys)
        if here is not None and there is not None:
            yield here, there


def shared_dimensions(form: Form, left: Table, right: Table) -> tuple[str, ...]:
    """Return the dimensions that two tables break down by the same code list."""
    return tuple(
        dimension
        for dimension in left.dimensions
        if dimension in right.dimensions and form.codelist_of(left, dimension) is form.codelist_of(right, dimension)
    )


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
    return Address(table.id, row, column_code(keys.get(column.dimension, TOTAL) for column in table.columns))
