"""Slips that move several cells at once: what was exchanged, multiplied, left over from last time, or left out.

Only slips that touch nothing but failed equations, and (unless their numbers tell) make up for one of them entirely,
are suspected.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations

from form1.check.localise.suspicion import Suspicion
from form1.check.localise.system import System
from form1.core.cells import TOTAL, Address, CellMap, column_code
from form1.definition.layout import Layout, Row

CELLS_PRICE, ROW_PRICE, TABLE_PRICE = 1.3, 1.4, 1.45
"""Dearer than any one cell, cheaper than two."""
_MISSING_PRICES = {"gone": ROW_PRICE, "no earlier period": 1.95, "nothing gone": 3.2}
"""A missing row that the last period had, that nobody can know of, and that the last period did not have either."""
_FACTORS = (10, 100, 1000)
_NOTABLE = 10
"""Counts that repeat the last period by chance add up to less than this."""
_WIDE = 60
"""Cells that could all be exchanged with each other: beyond this, an exchange is a guess."""

_MANY = 200
"""Rows with failures: beyond this, no two of them are to blame."""


def slips(system: System, layouts: Mapping[str, Layout], earlier: CellMap | None) -> list[Suspicion]:
    """Return every suspicion of several cells that the failed equations allow."""
    concerned = {address[0] for number in system.residuals for address in system.cells_of(number)}
    found: list[Suspicion] = []
    for table, layout in layouts.items():
        if table in concerned:
            found += _cells_exchanged(system, table)
            found += _rows_exchanged(system, layout)
            found += _columns_exchanged(system, layout)
            found += _multiplied(system, layout)
            found += _missing_row(system, layout, earlier or {})
            found += _left_over(system, layout, earlier or {})
    return found


def _suspect(
    system: System, kind: str, deltas: Mapping[Address, int], price: float, *, is_telling: bool = False
) -> Iterator[Suspicion]:
    deltas = {address: delta for address, delta in deltas.items() if delta}
    if deltas and all(system.values[address] + delta >= 0 for address, delta in deltas.items()):
        yield from _if_telling(system, Suspicion(kind, deltas, system.effect(deltas), price), is_telling)


def _if_telling(system: System, suspicion: Suspicion, is_telling: bool = False) -> Iterator[Suspicion]:
    """Give the slip when it fits; `is_telling` when its numbers speak for it, though other slips hide its amount."""
    residuals, effect = system.residuals, suspicion.effect
    if effect.keys() <= residuals.keys() and (is_telling or any(by == -residuals[at] for at, by in effect.items())):
        yield suspicion


def _cells_exchanged(system: System, table: str) -> Iterator[Suspicion]:
    """Two cells of one row or column; what holds must go on to hold, so both stand in the same sound equations."""
    alike: dict[frozenset[tuple[int, int]], list[Address]] = defaultdict(list)
    for address, signs in system.of.items():
        if address[0] == table and not system.residuals.keys().isdisjoint(signs):
            alike[frozenset(item for item in signs.items() if item[0] not in system.residuals)].append(address)
    for cells in alike.values():
        if len(cells) > _WIDE:
            continue
        for one, other in combinations(cells, 2):
            if one[1] == other[1] or one[2] == other[2]:
                by = system.values[other] - system.values[one]
                kind = "cause_exchanged_in_row" if one[1] == other[1] else "cause_exchanged_in_column"
                yield from _suspect(system, kind, {one: by, other: -by}, CELLS_PRICE)


def _rows_exchanged(system: System, layout: Layout) -> Iterator[Suspicion]:
    rows = [row for row in layout.rows if row.counted and _feeds_a_failure(system, layout, row)]
    if len(rows) > _MANY:
        return
    sums = {row.code: [_upward(system, address) for address in _row(layout, row.code)] for row in rows}
    for one, other in combinations(rows, 2):
        if sums[one.code] != sums[other.code]:
            yield from _suspect(
                system, "cause_rows_exchanged", _exchange(system, _row(layout, one.code), _row(layout, other.code)),
                ROW_PRICE,
            )  # fmt: skip


def _columns_exchanged(system: System, layout: Layout) -> Iterator[Suspicion]:
    """Two codes of one dimension exchanged in the whole table: men for women, issued for renewed."""
    for dimension in layout.table.columns:
        name = dimension.dimension
        codes = dict.fromkeys(column.keys[name] for column in layout.columns if column.keys[name] != TOTAL)
        for one, other in combinations(codes, 2):
            here: list[Address] = []
            there: list[Address] = []
            for column in layout.columns:
                if column.keys[name] == one:
                    twin = column_code({**column.keys, name: other}.values())
                    here += [Address(layout.table.id, row.code, column.code) for row in layout.rows]
                    there += [Address(layout.table.id, row.code, twin) for row in layout.rows]
            yield from _suspect(system, "cause_columns_exchanged", _exchange(system, here, there), TABLE_PRICE)


def _multiplied(system: System, layout: Layout) -> Iterator[Suspicion]:
    """A row, or the table, in thousands (or not in thousands, as the others are)."""
    rows = [_row(layout, row.code) for row in layout.rows if row.counted and _feeds_a_failure(system, layout, row)]
    whole = [address for row in layout.rows for address in _row(layout, row.code)]
    blocks = [("cause_row_factor", ROW_PRICE, cells) for cells in rows]
    for kind, price, cells in [*blocks, ("cause_table_factor", TABLE_PRICE, whole)]:
        values = {address: system.values[address] for address in cells if address in system.values}
        for factor in _FACTORS:
            yield from _suspect(system, kind, {at: value * (factor - 1) for at, value in values.items()}, price)
            if all(value % factor == 0 for value in values.values()):
                smaller = {at: value // factor - value for at, value in values.items()}
                round_enough = factor == _FACTORS[-1]
                yield from _suspect(system, kind, smaller, price, is_telling=round_enough)


def _missing_row(system: System, layout: Layout, earlier: CellMap) -> Iterator[Suspicion]:
    """A row that an open table no longer lists: its group is too great by counts that are a row of their own."""
    table = layout.table.id
    if not layout.table.rows.open:
        return
    gone = dict.fromkeys(row for other, row, _ in earlier if other == table and row not in layout.row)
    for row in layout.rows:
        effect = {
            number: -system.residuals[number]
            for address in _row(layout, row.code)
            for number, sign in system.of.get(address, {}).items()
            if sign > 0 and number in system.residuals and system.equations[number].kind == "rows"
        }
        lost = {system.equations[number].total[2]: -by for number, by in effect.items()}
        sound = all(
            lost.get(column.code, 0) == sum(lost.get(part, 0) for part in parts)
            for column in layout.columns
            for parts in column.parts
        )
        if lost and sound and min(lost.values()) > 0:
            code = min(gone, key=lambda code: _distance(table, code, lost, earlier), default="")
            deltas = {Address(table, code, column): count for column, count in lost.items()}
            known = any(other == table for other, _, _ in earlier)
            evidence = "gone" if gone else "nothing gone" if known else "no earlier period"
            slip = Suspicion("cause_row_missing", deltas, effect, _MISSING_PRICES[evidence])
            yield from _if_telling(system, slip)


def _distance(table: str, row: str, counts: Mapping[str, int], earlier: CellMap) -> int:
    return sum(abs((earlier[Address(table, row, column)].value or 0) - count) for column, count in counts.items())


def _left_over(system: System, layout: Layout, earlier: CellMap) -> Iterator[Suspicion]:
    """A row, a column or the whole table that still holds the counts of the last period."""
    table = [address for row in layout.rows for address in _row(layout, row.code)]
    if _repeats(system, table, earlier):
        # What its details should be cannot be known; the tables of the same universe tell its margins alone.
        deltas: dict[Address, int] = {}
        effect: dict[int, int] = {}
        for address in table:
            for number, sign in system.of.get(address, {}).items():
                if number in system.residuals and system.equations[number].kind == "margin":
                    effect[number] = -system.residuals[number]
                    deltas[address] = sign * effect[number]
        if effect:
            yield from _if_telling(system, Suspicion("cause_table_last_period", deltas, effect, TABLE_PRICE))
        return
    rows = [_row(layout, row.code) for row in layout.rows if row.counted and _feeds_a_failure(system, layout, row)]
    for cells in rows:
        if _repeats(system, cells, earlier):
            yield from _suspect(system, "cause_row_last_period", _asked(system, cells, "rows"), CELLS_PRICE)
    for column in layout.columns:
        cells = [Address(layout.table.id, row.code, column.code) for row in layout.rows]
        if len(cells) > 1 and _repeats(system, cells, earlier):
            yield from _suspect(system, "cause_column_last_period", _asked(system, cells, "columns"), TABLE_PRICE)


def _asked(system: System, cells: list[Address], kind: str) -> dict[Address, int]:
    """The moves that the first failed equation of each cell asks for, among sums of one kind (or margins)."""
    deltas: dict[Address, int] = {}
    for address in cells:
        for number, sign in system.of[address].items():
            upward = system.equations[number].kind in {kind, "margin"} and (sign < 0 or kind == "columns")
            if upward and number in system.residuals:
                deltas.setdefault(address, -sign * system.residuals[number])
    return deltas


def _repeats(system: System, cells: list[Address], earlier: CellMap) -> bool:
    """True when the cells hold what they held; a row that did not exist then was 0, as it is in what was pasted."""
    if any(address not in system.values for address in cells):
        return False
    held = (earlier[address].value if address in earlier else 0 for address in cells)
    same = all(count == system.values[address] for count, address in zip(held, cells, strict=True))
    return same and sum(system.values[address] for address in cells) >= _NOTABLE


def _row(layout: Layout, row: str) -> list[Address]:
    return [Address(layout.table.id, row, column.code) for column in layout.columns]


def _upward(system: System, address: Address) -> tuple[int, ...]:
    """The equations of a cell that lead out of its row: sums of rows of which it is a part, and margins."""
    return tuple(
        number
        for number, sign in system.of.get(address, {}).items()
        if (system.equations[number].kind == "rows" and sign < 0) or system.equations[number].kind == "margin"
    )


def _feeds_a_failure(system: System, layout: Layout, row: Row) -> bool:
    return any(number in system.residuals for address in _row(layout, row.code) for number in _upward(system, address))


def _exchange(system: System, here: list[Address], there: list[Address]) -> dict[Address, int]:
    """The moves that exchange cell for cell; nothing when some cell holds no number."""
    if not all(address in system.values for address in (*here, *there)):
        return {}
    deltas: dict[Address, int] = {}
    for one, other in zip(here, there, strict=True):
        by = system.values[other] - system.values[one]
        deltas |= {one: by, other: -by}
    return deltas
