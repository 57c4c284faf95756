"""Whole tables that are wrong in themselves consistently: what plausibility sees, and what nobody can see."""

from __future__ import annotations

from collections.abc import Mapping

from form1.core.cells import Address
from tests.check.received.seeding import ALONE, LINKED, By, Right, Spot, kind

# T10 is a stock: it may fall.
CUMULATIVE_ALONE = ("T01", "T07")


def _whole(spot: Spot, new: Mapping[Address, int]) -> Right:
    """Where nothing in a table is right, any of its cells leads there."""
    return [frozenset({at}) for changed in spot.put(new) for at in changed]


def _table_of(spot: Spot, other: Mapping[Address, int]) -> Right | None:
    """The counts of another period over the rows of this one; a country that it did not have stands at zero."""
    detail = {at[1:]: other.get(at, 0) for at in spot.detail}
    new = spot.summed(detail)
    if all(new[at] == spot.values[at] for at in new):
        return None
    return _whole(spot, new)


@kind("table of the last quarter pasted", By.ARITHMETIC, LINKED)
@kind("table of the last quarter pasted", By.PLAUSIBILITY, ALONE)
def last_quarter(spot: Spot) -> Right | None:
    return _table_of(spot, spot.before)


@kind("table of the year before pasted", By.ARITHMETIC, LINKED)
@kind("table of the year before pasted", By.PLAUSIBILITY, ALONE)
def last_year(spot: Spot) -> Right | None:
    return _table_of(spot, spot.year_before)


def _times(spot: Spot, factor: float) -> Right | None:
    return _whole(spot, spot.summed({at: int(value * factor) for at, value in spot.all_detail().items()}))


@kind("whole table ten times too great", By.ARITHMETIC, LINKED)
@kind("whole table ten times too great", By.PLAUSIBILITY, ALONE)
def table_ten(spot: Spot) -> Right | None:
    return _times(spot, 10)


@kind("whole table in thousands", By.ARITHMETIC, LINKED)
@kind("whole table in thousands", By.PLAUSIBILITY, ALONE)
def table_thousand(spot: Spot) -> Right | None:
    return _times(spot, 1 / 1000)


@kind("total below the last quarter", By.PLAUSIBILITY, CUMULATIVE_ALONE)
def fell(spot: Spot) -> Right | None:
    """Everything adds up, and is a tenth less than the quarter before."""
    detail = {at[1:]: spot.before.get(at, 0) * 9 // 10 for at in spot.detail}
    return _whole(spot, spot.summed(detail))


@kind("large count fell, sums updated", By.PLAUSIBILITY, CUMULATIVE_ALONE)
def row_fell(spot: Spot) -> Right | None:
    row = spot.chance.choice([row.code for row in spot.counted if spot.before.get((spot.table, row.code, "T"), 0) > 20])
    detail = spot.all_detail()
    for at in spot.detail:
        if at[1] == row:
            detail[at[1:]] = spot.before.get(at, 0) // 2
    spot.put(spot.summed(detail))
    return [frozenset({(spot.table, row, spot.first)})]


@kind("count ten times too great, sums updated", By.PLAUSIBILITY, CUMULATIVE_ALONE)
def grown(spot: Spot) -> Right | None:
    """A count of some weight: it was above 50 the year before."""
    fit = [at for at in spot.detail if spot.values[at] > 50 and spot.year_before.get(at, 0) > 50]
    if not fit:
        return None
    at = spot.chance.choice(fit)
    detail = spot.all_detail()
    detail[at[1:]] *= 10
    spot.put(spot.summed(detail))
    return [frozenset({(spot.table, at[1], spot.first)})]


@kind("rows swapped inside a group", By.PLAUSIBILITY, ("T01", "T02", "T03", "T04", "T05", "T06", "T07"))
def rows_swapped_inside(spot: Spot) -> Right | None:
    """No sum can tell; but since 1 January no row falls, and one of the two did."""
    groups = [[part for part in row.parts if spot.layout.row[part] in spot.counted] for row in spot.layout.rows]
    pairs = [
        (one, other)
        for parts in groups
        for one in parts
        for other in parts
        if spot.values[spot.table, one, spot.first] < spot.before.get((spot.table, other, spot.first), 0)
    ]
    if not pairs:
        return None
    one, other = spot.chance.choice(pairs)
    new: dict[Address, int] = {}
    for at in spot.row(one):
        twin = (at[0], other, at[2])
        new |= {at: spot.values[twin], twin: spot.values[at]}
    spot.put(new)
    # The smaller number shows on the row that fell; the other row may have grown within the ordinary.
    return [frozenset({(spot.table, other, spot.first)})]


@kind("count a little too great, sums updated", By.NOBODY, ALONE)
def consistent(spot: Spot) -> Right | None:
    at = spot.one_of(spot.detail, lambda value: value > 2)
    if at is None:
        return None
    detail = spot.all_detail()
    detail[at[1:]] += 1 + detail[at[1:]] // 20
    spot.put(spot.summed(detail))
    return []


@kind("persons moved between two rows, sums updated", By.NOBODY, LINKED)
def moved(spot: Spot) -> Right | None:
    """One person more here and one less there, of the same sex (and activity): the margins stay."""
    within = 1 if spot.table in {"T08", "T09"} else 2
    fit = [
        (one, other)
        for one in spot.detail
        for other in spot.detail
        if one != other and one[within] == other[within] and one[2][-1] == other[2][-1]
        and spot.values[one] > spot.before.get(one, 0) + 1 and spot.values[other] > 0
    ]  # fmt: skip
    if not fit:
        return None
    one, other = spot.chance.choice(fit)
    detail = spot.all_detail()
    detail[one[1:]] -= 1
    detail[other[1:]] += 1
    spot.put(spot.summed(detail))
    return []
