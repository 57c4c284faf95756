"""Slips with a name in a whole form, and how often each is rejected and named rightly.

python -m tests.check.localise.named_slips [--rounds N]
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from form1.build.assemble import Filled
from form1.check.localise import find_causes, find_named, group, with_named
from form1.core.cells import Address, Cell, CellMap
from form1.core.findings import Severity, verdict
from form1.core.periods import Period
from form1.definition import Form
from form1.definition.layout import Layout
from form1.model.causes import Causes
from form1.rules import History, judge

Q2, Q3 = Period(2026, 2), Period(2026, 3)
ALL = tuple(f"T{number:02}" for number in range(1, 11))


@dataclass(frozen=True)
class Slip:
    """A form with a slip, and the cause that it has: a word, and the table (none for the form)."""

    period: Period
    cells: CellMap
    layouts: Mapping[str, Layout]
    history: Mapping[Period, History]
    cause: tuple[str, str]


Maker = Callable[[random.Random, str, Filled, Filled], Slip | None]


def _in_table(
    table: str, sample: Filled, before: Filled, kind: str, detail: Mapping[tuple[str, str], int], of: str | None = None
) -> Slip:
    layout = sample.layouts[table]
    cells = {**sample.cells, **summed(layout, detail)}
    return Slip(Q3, cells, sample.layouts, {Q2: History(before.cells)}, (kind, table if of is None else of))


def detail_of(layout: Layout, cells: CellMap) -> dict[tuple[str, str], int]:
    """The counts of a table that are no sums."""
    table = layout.table.id
    found = {}
    for row in layout.rows:
        for column in layout.columns:
            if row.counted and not column.parts:
                cell = cells.get(Address(table, row.code, column.code))
                found[row.code, column.code] = (cell.value or 0) if cell else 0
    return found


def summed(layout: Layout, detail: Mapping[tuple[str, str], int]) -> dict[Address, Cell]:
    """The whole table over its counts of detail."""
    known = dict(detail)
    columns = sorted(layout.columns, key=lambda column: len(column.parts))
    for row in reversed(layout.rows):
        for column in columns:
            at = (row.code, column.code)
            if row.counted and column.parts:
                known[at] = sum(known[row.code, part] for part in column.parts[0])
            elif not row.counted:
                known[at] = sum(known[part, column.code] for part in row.parts)
    return {Address(layout.table.id, *at): Cell(value) for at, value in known.items()}


def _pairs(layout: Layout) -> dict[str, str]:
    twin: dict[str, str] = {}
    for column in layout.columns:
        for parts in column.parts:
            if len(parts) == 2 and not any(layout.column[part].parts for part in parts):
                twin |= {parts[0]: parts[1], parts[1]: parts[0]}
    return twin


def columns_exchanged(chance: random.Random, table: str, sample: Filled, before: Filled) -> Slip | None:
    twin, detail = _pairs(sample.layouts[table]), detail_of(sample.layouts[table], sample.cells)
    changed = {(row, column): detail[row, twin.get(column, column)] for row, column in detail}
    return _in_table(table, sample, before, "cause_table_columns_exchanged", changed)


def all_columns_exchanged(chance: random.Random, table: str, sample: Filled, before: Filled) -> Slip | None:
    cells = dict(sample.cells)
    for other in ALL:
        slip = columns_exchanged(chance, other, sample, before)
        assert slip is not None
        cells |= {at: cell for at, cell in slip.cells.items() if at.table == other}
    return Slip(Q3, cells, sample.layouts, {Q2: History(before.cells)}, ("cause_form_columns_exchanged", ""))


def _moved(table: str, sample: Filled, before: Filled, kind: str, order: Callable[[list[str]], list[str]]) -> Slip:
    layout = sample.layouts[table]
    detail = detail_of(layout, sample.cells)
    rows = [row.code for row in layout.rows if row.counted]
    source = dict(zip(rows, order(rows), strict=True))
    changed = {(row, column): detail.get((source[row], column), 0) for row, column in detail}
    return _in_table(table, sample, before, kind, changed)


def shifted(chance: random.Random, table: str, sample: Filled, before: Filled) -> Slip | None:
    """All lines by one, up or down, the last one cut off."""
    down = chance.random() < 0.5
    order = (lambda rows: ["", *rows[:-1]]) if down else (lambda rows: [*rows[1:], ""])
    return _moved(table, sample, before, "cause_shifted", order)


def numbers_sorted(chance: random.Random, table: str, sample: Filled, before: Filled) -> Slip | None:
    first, down = sample.layouts[table].columns[0].code, chance.random() < 0.5

    def order(rows: list[str]) -> list[str]:
        return sorted(rows, key=lambda row: sample.cells[Address(table, row, first)].value or 0, reverse=down)

    return _moved(table, sample, before, "cause_sorted", order)


def other_country(chance: random.Random, table: str, sample: Filled, before: Filled) -> Slip | None:
    """A line of some weight stands under a country that had none before, in whatever group that is."""
    layout, total = sample.layouts[table], sample.layouts[table].columns[0].code
    known = {at.row for at, cell in before.cells.items() if at.table == table and cell.value}
    heavy = [
        row
        for row in layout.rows
        if row.counted and row.code in known
        and (before.cells[Address(table, row.code, total)].value or 0) >= 20
    ]  # fmt: skip
    row = chance.choice(heavy)
    code = row.code[:-2] + "AZ"
    renamed = replace(row, code=code, shown_code=code)
    rows = tuple(
        renamed
        if each is row
        else replace(each, parts=tuple(code if part == row.code else part for part in each.parts))
        for each in layout.rows
    )
    cells = {
        (Address(table, code, at.column) if (at.table, at.row) == (table, row.code) else at): cell
        for at, cell in sample.cells.items()
    }
    if any(each.code == code for each in layout.rows):
        return None
    layouts = {**sample.layouts, table: replace(layout, rows=rows)}
    return Slip(Q3, cells, layouts, {Q2: History(before.cells)}, ("cause_other_country", table))


def relabelled(chance: random.Random, table: str, sample: Filled, before: Filled) -> Slip | None:
    return Slip(Q3, before.cells, before.layouts, {Q2: History(before.cells)}, ("cause_form_of_period", ""))


def relabelled_earlier(chance: random.Random, table: str, sample: Filled, before: Filled) -> Slip | None:
    return Slip(Q2, sample.cells, sample.layouts, {Q3: History(sample.cells)}, ("cause_form_of_period", ""))


def last_quarter_pasted(chance: random.Random, table: str, sample: Filled, before: Filled) -> Slip | None:
    detail = detail_of(sample.layouts[table], before.cells)
    return _in_table(table, sample, before, "cause_table_of_period", detail)


def thousandfold(chance: random.Random, table: str, sample: Filled, before: Filled) -> Slip | None:
    detail = detail_of(sample.layouts[table], sample.cells)
    return _in_table(table, sample, before, "cause_scaled", {at: 1000 * count for at, count in detail.items()})


COUNTRIES = ("T01", "T02", "T06", "T07")
LINED = ("T01", "T02", "T03", "T04", "T06", "T07", "T08", "T09")
KINDS: dict[str, tuple[Maker, tuple[str, ...], bool]] = {
    "columns exchanged in a table": (columns_exchanged, ALL, True),
    "columns exchanged in the form": (all_columns_exchanged, ("T01",), True),
    "lines shifted by one": (shifted, LINED, True),
    "numbers sorted without their lines": (numbers_sorted, LINED, True),
    "a line under another country": (other_country, COUNTRIES, True),
    "the form of the last quarter": (relabelled, ("T01",), True),
    "the form of the next quarter": (relabelled_earlier, ("T01",), True),
    "the last quarter pasted": (last_quarter_pasted, ALL, False),
    "a table times 1000": (thousandfold, ALL, True),
}
"""Makers, tables, and whether the form is rejected whatever the table: a small table may be that of last time."""


def judged(form: Form, slip: Slip) -> tuple[str, Causes]:
    """The verdict on a form and its causes, those with a name first."""
    findings, _ = judge(form, slip.period, slip.cells, slip.layouts, slip.history)
    earlier = slip.history.get(slip.period.previous)
    named = find_named(form, slip.period, slip.cells, slip.layouts, findings, slip.history)
    found = find_causes(form, slip.cells, slip.layouts, earlier.cells if earlier else None)
    causes = with_named(named, found)
    assert set(group(findings, causes)) <= set(range(len(findings)))
    assert verdict(findings) != "rejected" or any(each.severity == Severity.ERROR for each in findings)
    return str(verdict(findings)), causes


def is_right(slip: Slip, causes: Causes) -> bool:
    """The first cause is the slip."""
    return bool(causes.causes) and (causes.causes[0].kind, causes.causes[0].place.table) == slip.cause


def main() -> None:
    """Print how many of each kind were rejected and rightly named, and what was said of the others."""
    from form1.build import assemble
    from form1.build.gathering import gather
    from form1.definition import load
    from tests.making import SAMPLE

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    form = load()
    sample, before = (assemble.fill(form, period, gather(form, SAMPLE, period).counts) for period in (Q3, Q2))
    tried, rejected, right = Counter[str](), Counter[str](), Counter[str]()
    for kind, (make, tables, _) in KINDS.items():
        for table in tables:
            for number in range(rounds):
                slip = make(random.Random(f"{kind} {table} {number}"), table, sample, before)
                if slip is None:
                    continue
                ended, causes = judged(form, slip)
                tried[kind] += 1
                rejected[kind] += ended == "rejected"
                right[kind] += is_right(slip, causes)
                if not is_right(slip, causes) or ended != "rejected":
                    print(
                        f"  {kind} · {table} · {ended}: {[(each.kind, each.place.table) for each in causes.causes][:3]}"
                    )
                if make in {columns_exchanged, last_quarter_pasted, thousandfold}:
                    break
    print("| kind | tried | rejected | right cause |")
    print("|---|---:|---:|---:|")
    for kind in tried:
        print(f"| {kind} | {tried[kind]} | {rejected[kind]} | {right[kind]} |")
    print(f"| all | {tried.total()} | {rejected.total()} | {right.total()} |")


if __name__ == "__main__":
    main()
