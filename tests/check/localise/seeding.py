"""Errors as senders make them, put into a sound form: each gives the cells that it spoiled."""

import random
from collections.abc import Callable
from dataclasses import replace

from form1.build.assemble import Filled
from form1.core.cells import Address, Cell, CellMap
from form1.definition.layout import Layout

Cells = dict[Address, Cell]
Seed = Callable[[random.Random, Filled, CellMap, Cells], set[Address]]


def another_number(chance: random.Random, sample: Filled, before: CellMap, cells: Cells) -> set[Address]:
    address = chance.choice(list(cells))
    value = cells[address].value
    assert value is not None
    return _put(cells, {address: value + chance.randint(1, 50)})


def zeroed(chance: random.Random, sample: Filled, before: CellMap, cells: Cells) -> set[Address]:
    return _put(cells, {chance.choice([at for at, cell in cells.items() if cell.value]): 0})


def thousandfold(chance: random.Random, sample: Filled, before: CellMap, cells: Cells) -> set[Address]:
    address = chance.choice([at for at, cell in cells.items() if cell.value])
    return _put(cells, {address: (cells[address].value or 0) * 1000})


def digits_exchanged(chance: random.Random, sample: Filled, before: CellMap, cells: Cells) -> set[Address]:
    address = chance.choice([at for at, cell in cells.items() if len(set(str(cell.value)[-2:])) == 2])
    written = str(cells[address].value)
    return _put(cells, {address: int(written[:-2] + written[-1] + written[-2])})


def total_not_updated(chance: random.Random, sample: Filled, before: CellMap, cells: Cells) -> set[Address]:
    totals = [
        (layout.table.id, row.code, column.code)
        for layout in sample.layouts.values()
        for row in layout.rows
        for column in layout.columns
        if row.parts and (layout.table.id, row.code, column.code) in before
    ]
    address = chance.choice([at for at in totals if before[at].value != cells[at].value])
    return _put(cells, {address: before[address].value or 0})


def sexes_exchanged(chance: random.Random, sample: Filled, before: CellMap, cells: Cells) -> set[Address]:
    men = [at for at in cells if at[2].split(".")[-1] == "M" and at[0] != "T01"]
    one = chance.choice([at for at in men if cells[at] != cells[_women(at)]])
    return exchange(cells, [(one, _women(one))])


def rows_exchanged(chance: random.Random, sample: Filled, before: CellMap, cells: Cells) -> set[Address]:
    """Two rows of different groups: inside one group no sum can tell."""
    layout = sample.layouts[chance.choice(["T01", "T02", "T04", "T06", "T07"])]
    groups = [row for row in layout.rows if row.parts and all(layout.row[part].counted for part in row.parts)]
    one, other = (chance.choice(group.parts) for group in chance.sample(groups, 2))
    return exchange(cells, [(at, (at[0], other, at[2])) for at in row(layout, one)])


def row_thousandfold(chance: random.Random, sample: Filled, before: CellMap, cells: Cells) -> set[Address]:
    """A row among others: a table of one row agrees with itself in thousands as well."""
    layout = chance.choice([layout for layout in sample.layouts.values() if len(layout.rows) > 1])
    filled = [each for each in layout.rows if each.counted and any(cells[at].value for at in row(layout, each.code))]
    values = {at: cells[at].value or 0 for at in row(layout, chance.choice(filled).code)}
    return _put(cells, {at: value * 1000 for at, value in values.items() if value})


SEEDS: list[Seed] = [
    another_number,
    zeroed,
    thousandfold,
    digits_exchanged,
    total_not_updated,
    sexes_exchanged,
    rows_exchanged,
    row_thousandfold,
]


def exchange(cells: Cells, pairs: list[tuple[Address, Address]]) -> set[Address]:
    """Exchange cell for cell."""
    values = {at: cells[other].value or 0 for one, two in pairs for at, other in ((one, two), (two, one))}
    return _put(cells, values)


def row(layout: Layout, code: str) -> list[Address]:
    """The cells of a row."""
    return [(layout.table.id, code, column.code) for column in layout.columns]


def without_row(layout: Layout, code: str) -> Layout:
    """The layout that a form has in which a row was left out."""
    rows = [replace(row, parts=tuple(part for part in row.parts if part != code)) for row in layout.rows]
    return replace(layout, rows=tuple(row for row in rows if row.code != code))


def _women(men: Address) -> Address:
    return (men[0], men[1], men[2][:-1] + "F")


def _put(cells: Cells, values: dict[Address, int]) -> set[Address]:
    changed = {at for at, value in values.items() if cells[at].value != value}
    cells |= {at: Cell(value) for at, value in values.items()}
    return changed
