"""Numbers typed wrong, rows and columns exchanged, sums not updated: what arithmetic sees."""

from __future__ import annotations

import itertools

from form1.core.cells import Address
from tests.check.received.seeding import COUNTRIES, LINKED, By, Right, Spot, kind

MANY_ROWS = ("T01", "T02", "T03", "T04", "T05", "T06", "T07", "T08", "T09")
PAIRS = (("T05", "T06"), ("T08", "T09"))
BY_ACTIVITY = ("T08", "T09")
GROUPED = ("T01", "T02", "T04", "T06", "T07")


def _changed(spot: Spot, address: Address | None, value: int) -> Right | None:
    return spot.put({address: value}) or None if address is not None else None


@kind("digits transposed", By.ARITHMETIC)
def digits_transposed(spot: Spot) -> Right | None:
    at = spot.one_of(spot.cells, lambda value: len(set(str(value)[-2:])) == 2)
    if at is None:
        return None
    written = str(spot.values[at])
    return _changed(spot, at, int(written[:-2] + written[-1] + written[-2]))


@kind("one digit wrong", By.ARITHMETIC)
def one_digit(spot: Spot) -> Right | None:
    at = spot.one_of(spot.cells, lambda value: value > 9)
    if at is None:
        return None
    written = list(str(spot.values[at]))
    spoiled = spot.chance.randrange(len(written))
    written[spoiled] = str((int(written[spoiled]) + spot.chance.randint(1, 8)) % 9 + 1)
    return _changed(spot, at, int("".join(written)))


@kind("digit left out", By.ARITHMETIC)
def digit_lost(spot: Spot) -> Right | None:
    at = spot.one_of(spot.cells, lambda value: value > 9)
    return _changed(spot, at, int(str(spot.values[at])[:-1])) if at else None


@kind("digit typed twice", By.ARITHMETIC)
def digit_doubled(spot: Spot) -> Right | None:
    at = spot.one_of(spot.cells)
    return _changed(spot, at, int(str(spot.values[at])[0] + str(spot.values[at]))) if at else None


@kind("one too many", By.ARITHMETIC)
def one_too_many(spot: Spot) -> Right | None:
    at = spot.one_of(spot.cells, lambda value: value >= 0)
    return _changed(spot, at, spot.values[at] + 1) if at else None


@kind("cell zeroed", By.ARITHMETIC)
def zeroed(spot: Spot) -> Right | None:
    return _changed(spot, spot.one_of(spot.cells), 0)


def _factor(spot: Spot, factor: int) -> Right | None:
    at = spot.one_of(spot.cells)
    return _changed(spot, at, spot.values[at] * factor) if at else None


@kind("factor 10", By.ARITHMETIC)
def factor_10(spot: Spot) -> Right | None:
    return _factor(spot, 10)


@kind("factor 100", By.ARITHMETIC)
def factor_100(spot: Spot) -> Right | None:
    return _factor(spot, 100)


@kind("factor 1000", By.ARITHMETIC)
def factor_1000(spot: Spot) -> Right | None:
    return _factor(spot, 1000)


@kind("row in thousands too many", By.ARITHMETIC, MANY_ROWS)
def row_factor(spot: Spot) -> Right | None:
    row = spot.chance.choice(spot.counted)
    return spot.put({at: spot.values[at] * 1000 for at in spot.row(row.code)})


@kind("total not updated after an edit", By.ARITHMETIC, MANY_ROWS)
def total_not_updated(spot: Spot) -> Right | None:
    """A count and the total of its row are new, the totals of the columns are old."""
    at = spot.one_of([at for at in spot.detail if at[2] in spot.layout.columns[0].parts[0]] or spot.detail)
    if at is None:
        return None
    more = spot.chance.randint(2, 90)
    whole = (spot.table, at[1], spot.first)
    if spot.first.count(".") or whole == at:
        return None
    edited = spot.put({at: spot.values[at] + more, whole: spot.values[whole] + more})
    above = [row.code for row in spot.layout.rows if at[1] in row.parts]
    while above and (parents := [row.code for row in spot.layout.rows if above[-1] in row.parts]):
        above += parents
    return [*edited, frozenset((spot.table, row, column) for row in above for column in (at[2], spot.first))]


@kind("total left from the last quarter", By.ARITHMETIC)
def stale_total(spot: Spot) -> Right | None:
    totals = [
        at for at in spot.cells if at not in spot.detail and spot.before.get(at, spot.values[at]) != spot.values[at]
    ]
    at = spot.one_of(totals)
    return _changed(spot, at, spot.before[at]) if at else None


@kind("region or group subtotal wrong", By.ARITHMETIC, GROUPED)
def subtotal(spot: Spot) -> Right | None:
    groups = [row.code for row in spot.layout.rows if row.kind == "group"]
    at = spot.one_of([at for at in spot.cells if at[1] in groups])
    return _changed(spot, at, spot.values[at] + spot.chance.randint(1, 500)) if at else None


@kind("grand total wrong", By.ARITHMETIC)
def grand_total(spot: Spot) -> Right | None:
    at = spot.one_of([at for at in spot.cells if at[1] == "T"])
    return _changed(spot, at, spot.values[at] + spot.chance.randint(1, 500)) if at else None


def _swapped(spot: Spot, pairs: list[tuple[Address, Address]]) -> Right:
    new: dict[Address, int] = {}
    for one, other in pairs:
        new |= {one: spot.values[other], other: spot.values[one]}
    return spot.put(new)


def _twin(spot: Spot, at: Address) -> Address:
    """The cell of the other sex (or of the other decision) in the same row."""
    head, _, last = at[2].rpartition(".")
    others = {code.rpartition(".")[2] for column in spot.layout.columns for code in itertools.chain(*column.parts)}
    other = next(code for code in sorted(others & {"M", "F", "issued", "renewed"}) if code != last)
    return (at[0], at[1], f"{head}.{other}" if head else other)


@kind("sexes swapped in a row", By.ARITHMETIC, MANY_ROWS)
def sexes_swapped(spot: Spot) -> Right | None:
    pairs = [(at, _twin(spot, at)) for at in spot.detail]
    pairs = [pair for pair in pairs if spot.values[pair[0]] != spot.values[pair[1]]]
    return _swapped(spot, [spot.chance.choice(pairs)])


@kind("columns swapped in the whole table", By.ARITHMETIC, LINKED)
def columns_swapped(spot: Spot) -> Right | None:
    ends = ("M", "issued")
    return _swapped(spot, [(at, _twin(spot, at)) for at in spot.cells if at[2].rpartition(".")[2] in ends])


@kind("sexes swapped in the only row", By.NOBODY, ("T10",))
@kind("columns swapped in the whole table", By.PLAUSIBILITY, ("T01", "T07"))
def columns_swapped_against_history(spot: Spot) -> Right | None:
    """No sum fails: earlier periods tell, and the column is named at its total."""
    if columns_swapped(spot) is None:
        return None
    return [frozenset(at for at in spot.cells if at[1:] in {("T", "M"), ("T", "issued")})]


def _rows_swapped(spot: Spot, one: str, other: str) -> Right | None:
    pairs = [(at, (at[0], other, at[2])) for at in spot.row(one)]
    return _swapped(spot, pairs) or None


@kind("rows of two groups swapped", By.ARITHMETIC, GROUPED)
def rows_swapped(spot: Spot) -> Right | None:
    inside = [
        [part for part in row.parts if spot.layout.row[part] in spot.counted]
        for row in spot.layout.rows
        if row.parts and all(spot.layout.row[part].counted for part in row.parts)
    ]
    inside = [parts for parts in inside if parts]
    if len(inside) < 2:
        return None
    one, other = (spot.chance.choice(parts) for parts in spot.chance.sample(inside, 2))
    return _rows_swapped(spot, one, other)


@kind("rows of two activities swapped", By.ARITHMETIC, ("T08", "T09"))
def activities_swapped(spot: Spot) -> Right | None:
    one, other = spot.chance.sample(spot.counted, 2)
    return _rows_swapped(spot, one.code, other.code)


@kind("row of the last quarter", By.ARITHMETIC, MANY_ROWS)
def row_last_quarter(spot: Spot) -> Right | None:
    rows = [row.code for row in spot.counted if sum(spot.before.get(at, 0) for at in spot.row(row.code)) > 50]
    rows = [row for row in rows if any(spot.before.get(at) != spot.values[at] for at in spot.row(row))]
    if not rows:
        return None
    row = spot.chance.choice(rows)
    return spot.put({at: spot.before[at] for at in spot.row(row)})


@kind("row pasted over the next", By.ARITHMETIC, MANY_ROWS)
def row_pasted(spot: Spot) -> Right | None:
    codes = [row.code for row in spot.layout.rows if row.counted]
    pairs = [
        (one, other)
        for one, other in itertools.pairwise(codes)
        if any(spot.values[at] != spot.values[at[0], other, at[2]] for at in spot.row(one))
    ]
    one, other = spot.chance.choice(pairs)
    return spot.put({(at[0], other, at[2]): spot.values[at] for at in spot.row(one)})


@kind("group row pasted over", By.ARITHMETIC, GROUPED)
def group_pasted(spot: Spot) -> Right | None:
    groups = [row for row in spot.layout.rows if row.kind == "group" and len(row.parts) > 1]
    if not groups:
        return None
    group = spot.chance.choice(groups)
    part = spot.chance.choice(group.parts)
    return spot.put({at: spot.values[at[0], part, at[2]] for at in spot.row(group.code)}) or None


@kind("counts pasted one row too low", By.ARITHMETIC, MANY_ROWS)
def pasted_too_low(spot: Spot) -> Right | None:
    """Four rows of counts; sums tell what was lost at the end, so that one of the rows is all that can be named."""
    codes = [row.code for row in spot.layout.rows if row.counted]
    whole = {code: spot.values[spot.table, code, spot.first] for code in codes}
    start = spot.chance.choice([at for at in range(len(codes) - 4) if whole[codes[at]] != whole[codes[at + 3]]])
    low = codes[start : start + 4]
    changed = spot.put(
        {(at[0], other, at[2]): spot.values[at] for one, other in itertools.pairwise(low) for at in spot.row(one)}
    )
    return [frozenset({(spot.table, row, "")}) for row in {at[1] for at in changed[0]}]


@kind("margin of linked tables broken", By.ARITHMETIC, LINKED)
def margin(spot: Spot) -> Right | None:
    """The table adds up in itself, and to another number than the tables of its universe."""
    detail = spot.all_detail()
    at = spot.one_of(spot.detail)
    if at is None:
        return None
    detail[at[1:]] += spot.chance.randint(3, 300)
    spot.put(spot.summed(detail))
    column = at[2].rpartition(".")[2]
    of = f"T.{column}" if "." in at[2] else column
    # Of two tables either may be the wrong one; of three the two that agree are right.
    pair = next((pair for pair in PAIRS if spot.table in pair), (spot.table,))
    rows = ("T", at[1]) if spot.table in BY_ACTIVITY else ("T",)
    return [frozenset({(table, row, of)}) for table in pair for row in rows]


@kind("country added and no sum", By.ARITHMETIC, COUNTRIES)
def country_added(spot: Spot) -> Right | None:
    """A further country, well labelled, that no total counts."""
    known = {row.code for row in spot.layout.rows}
    entries = spot.sent.form.codelists["countries"].on(spot.sent.period.last_day)
    entry = spot.chance.choice([e for e in entries if e.code not in known | {"AZ", "XXX"} and not e.flags])
    last = spot.line([row for row in spot.layout.rows if row.counted and "." not in row.code][-1].code)
    spot.sheet.insert_row(last + 1, last)
    spot.sheet.text((last + 1, 1), entry.name.of(spot.sent.language))
    spot.sheet.text((last + 1, 2), entry.code)
    one, other = spot.chance.randint(40, 400), spot.chance.randint(40, 400)
    for column, count in enumerate((one + other, one, other), start=spot.stub + 1):
        spot.sheet.number((last + 1, column), count)
    return [frozenset({(spot.table, entry.code, "")})]
