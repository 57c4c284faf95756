"""Kinds that lay a table over an earlier period: not_shifted, not_scaled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from form1.core.cells import TOTAL, Address, column_code
from form1.core.findings import Fact, Place
from form1.definition.layout import Layout
from form1.model.history import History
from form1.rules.case import Case, Comparison, Context
from form1.rules.time import earlier_of


def not_shifted(context: Context, case: Case) -> Iterator[Comparison]:
    """The counts of consecutive lines are not nearer to the earlier ones when they are moved by one line.

    Compared is the total of each line of detail, the earlier one grown as the whole table has.
    """
    assert case.rule is not None and case.rule.ratio is not None and case.rule.gravity is not None
    layout = context.layouts[case.tables[0]]
    rows = [row.code for row in layout.rows if row.counted]
    for period, history in earlier_of(context, case):
        if isinstance(history, Comparison):
            yield history
            continue
        pairs = [_pair(context, history, layout, row) for row in rows]
        now, was = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        whole, growth = sum(now), sum(now) / (sum(was) or 1)
        found = [_best_run(now, [count * growth for count in was], by) for by in (1, -1)]
        run, apart, moved = max(found, key=lambda each: each[1] - each[2])
        is_shifted = (
            len(run) >= case.rule.at_least
            and whole >= case.rule.gravity.many
            and moved < case.rule.ratio * apart
            and apart - moved >= case.rule.gravity.share * whole
        )
        if is_shifted:
            column = _total_column(layout)
            last = context.everywhere(Place(layout.table.id, rows[run[-1]]))
            place = Place(layout.table.id, rows[run[0]], column)
            yield Comparison(place, "lines_shifted", {"last": last, "count": len(run), "other": str(period)})
            return
        yield Comparison(Place(layout.table.id))


def _best_run(now: Sequence[int], was: Sequence[float], by: int) -> tuple[range, float, float]:
    """The consecutive lines that gain most when the earlier counts are moved `by` lines, and how far they are apart.

    Distances are in persons: as the lines stand, and moved.
    """
    apart = [abs(here - there) for here, there in zip(now, was, strict=True)]
    moved = [abs(here - (was[place - by] if 0 <= place - by < len(was) else here)) for place, here in enumerate(now)]
    best, start, gain, top = range(0), 0, 0.0, 0.0
    for place in range(len(now)):
        if gain <= 0:
            start, gain = place, 0.0
        gain += apart[place] - moved[place]
        if gain > top:
            best, top = range(start, place + 1), gain
    return best, sum(apart[place] for place in best), sum(moved[place] for place in best)


def not_scaled(context: Context, case: Case) -> Iterator[Comparison]:
    """The total of a table is not about a thousand times what it was, or a thousandth."""
    assert case.rule is not None and case.rule.ratio is not None
    layout = context.layouts[case.tables[0]]
    address = Address(layout.table.id, TOTAL, _total_column(layout))
    for period, history in earlier_of(context, case):
        if isinstance(history, Comparison):
            yield history
            continue
        now, was = _pair(context, history, layout, TOTAL)
        small, large = sorted((now, was))
        times = large / small if small else 0.0
        factor, width = case.rule.factor, case.rule.ratio
        if large >= case.rule.at_least and factor / width <= times <= factor * width:
            facts: dict[str, Fact] = {"found": now, "before": was, "factor": int(factor), "other": str(period)}
            yield Comparison(Place(*address), "table_scaled", facts)
            return
        yield Comparison(Place(*address))


def _pair(context: Context, history: History, layout: Layout, row: str) -> tuple[int, int]:
    """The total of a line now and in the earlier period; 0 for a line that is not there or cannot be compared."""
    address = Address(layout.table.id, row, _total_column(layout))
    if history.why_not(address):
        return 0, 0
    now, was = context.cell(address), (history.cells or {}).get(address)
    return (now.value or 0) if now else 0, (was.value or 0) if was else 0


def _total_column(layout: Layout) -> str:
    return column_code([TOTAL] * len(layout.table.columns))
