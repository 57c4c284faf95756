"""Kinds that look at earlier periods: same (the annual form against Q4), moved, not_below."""

from __future__ import annotations

from collections.abc import Iterator

from form1.core.cells import TOTAL, Address, CellMap, Origin
from form1.core.findings import Fact, Place
from form1.core.periods import Period
from form1.core.texts import Text
from form1.core.values import show_share
from form1.definition.layout import Layout
from form1.model.history import History
from form1.rules.case import Case, Comparison, Context
from form1.rules.select import addresses, columns


def looks_at(case: Case, period: Period) -> tuple[Period, ...]:
    """Return the earlier periods that a case compares with, none when it does not apply to the period."""
    if case.kind == "not_below":
        return () if period.is_annual or period.quarter == 1 else (period.previous,)
    if case.kind in {"moved", "repeats"} and case.rule is not None:
        roles = {"previous": period.previous, "year_before": period.year_before}
        return tuple(roles[role] for role in case.rule.against)
    if case.kind == "same" and case.right is not None and case.right.period == "last_quarter":
        return (period.last_quarter,) if period.is_annual else ()
    return ()


def same(context: Context, case: Case) -> Iterator[Comparison]:
    """Cells of detail are those of the other period; a corrected cell may differ, and sums follow from the detail."""
    for period, history in _earlier(context, case):
        if isinstance(history, Comparison):
            yield history
            continue
        layout, cells = context.layouts[case.tables[0]], history.cells or {}
        for address in sorted(_detail(context.cells, layout) | _detail(cells, layout)):
            now = context.cell(address)
            if now is not None and now.origin == Origin.CORRECTION:
                continue
            value, expected, place = _value(context.cells, address), _value(cells, address), Place(*address)
            if value is None or expected is None:
                yield Comparison(place, blocked=context.gap(address))
            elif value == expected:
                yield Comparison(place)
            else:
                facts: dict[str, Fact] = {
                    "found": value,
                    "expected": expected,
                    "difference": value - expected,
                }
                yield Comparison(place, "not_same", {**facts, "other": Text.same(str(period))})


def moved(context: Context, case: Case) -> Iterator[Comparison]:
    """The change against an earlier period stays within what is ordinary."""
    assert case.rule is not None and case.rule.ratio is not None
    for address, value, before, other in _pairs(context, case):
        if isinstance(other, Comparison):
            yield other
            continue
        if value is None or before is None:
            yield Comparison(Place(*address), blocked=context.gap(address))
            continue
        difference = value - before
        if abs(difference) < max(case.rule.at_least, 1) or abs(difference) <= case.rule.ratio * before:
            yield Comparison(Place(*address))
        elif before == 0:
            yield Comparison(Place(*address), "appeared", {"found": value, "other": str(other)})
        else:
            facts: dict[str, Fact] = {
                "found": value,
                "before": before,
                "difference": difference,
                "other": str(other),
            }
            yield Comparison(Place(*address), "moved_much", {**facts, "change": _percent(difference / before)})


def not_below(context: Context, case: Case) -> Iterator[Comparison]:
    """A count since 1 January is not smaller than it was in the quarter before."""
    for address, value, before, other in _pairs(context, case):
        if isinstance(other, Comparison):
            yield other
        elif value is None or before is None:
            yield Comparison(Place(*address), blocked=context.gap(address))
        elif value >= before:
            yield Comparison(Place(*address))
        else:
            facts: dict[str, Fact] = {
                "found": value,
                "before": before,
                "difference": value - before,
                "other": str(other),
            }
            yield Comparison(Place(*address), "fell_below", facts)


def repeats(context: Context, case: Case) -> Iterator[Comparison]:
    """A table does not repeat an earlier period: of its telling counts fewer than the rule's share are the same."""
    assert case.rule is not None and case.rule.ratio is not None
    layout = context.layouts[case.tables[0]]
    place = Place(layout.table.id, TOTAL, layout.columns[0].code)
    for period, history in _earlier(context, case):
        if isinstance(history, Comparison):
            yield history
            continue
        cells = history.cells or {}
        now = {at: _value(context.cells, at) or 0 for at in _detail(context.cells, layout)}
        comparable = [at for at in now if history.why_not(at) is None]
        if now and not comparable:
            yield Comparison(place, blocked=history.why_not(next(iter(now))))
            continue
        telling = [at for at in comparable if now[at] >= case.rule.at_least]
        same = sum(now[at] == _value(cells, at) for at in telling)
        if not telling or same < case.rule.ratio * len(telling):
            yield Comparison(place)
        else:
            facts: dict[str, Fact] = {"found": same, "count": len(telling), "other": str(period)}
            yield Comparison(place, "repeats_period", facts)


def _pairs(context: Context, case: Case) -> Iterator[tuple[Address, int | None, int | None, Period | Comparison]]:
    """Cells of a term beside those of each earlier period; a row that one of them lacks stands for zero.

    Where an earlier period cannot be looked at, the last part is the comparison that says so.
    """
    assert case.left is not None
    layout = context.layouts[case.left.table]
    for period, history in _earlier(context, case):
        if isinstance(history, Comparison):
            yield Address(layout.table.id, "", ""), None, None, history
            continue
        cells = history.cells or {}
        here = list(addresses(layout, case.left))
        if case.left.row == "*":
            wanted = set(columns(layout, case.left))
            here += [a for a in cells if a[0] == layout.table.id and a[2] in wanted and a[1] not in layout.row]
            ended = [a for a in history.breaks if a[0] == layout.table.id and a[1] and a[1] not in layout.row]
            for address in ended:
                blocked = Comparison(Place(layout.table.id), blocked=history.breaks[address])
                yield address, None, None, blocked
        for address in here:
            reason = history.why_not(address)
            if reason is not None:
                yield address, None, None, Comparison(Place(*address), blocked=reason)
                continue
            yield address, _value(context.cells, address), _value(cells, address), period


def _earlier(context: Context, case: Case) -> Iterator[tuple[Period, History | Comparison]]:
    """Each earlier period with its history, which has cells, or with what blocks the comparison."""
    wanted = looks_at(case, context.period)
    if not wanted:
        word = "only_annual" if case.kind == "same" else "nothing_before"
        yield context.period, Comparison(Place(), blocked=context.word(word))
    for period in wanted:
        history = context.history.get(period)
        if history is None or history.cells is None:
            reason = history.reason if history is not None else None
            yield (
                period,
                Comparison(Place(), blocked=reason or context.word("history_absent", period=str(period))),
            )
        elif not any(address[0] == case.tables[0] for address in history.cells):
            yield (
                period,
                Comparison(Place(), blocked=context.word("history_lacks", period=str(period), table=case.tables[0])),
            )
        else:
            yield period, history


def _value(cells: CellMap, address: Address) -> int | None:
    """The number of a cell; zero for a row that is not there, None for a gap."""
    cell = cells.get(address)
    return cell.value if cell is not None else 0


def _percent(share: float) -> Text:
    comma, point = show_share(share, comma=True), show_share(share, comma=False)
    return Text(az=comma, en=point, ru=comma)


def _detail(cells: CellMap, layout: Layout) -> set[Address]:
    """Addresses of a table's cells that are no sums in this layout (a row that it does not know counts as detail)."""
    return {
        address
        for address in cells
        if address[0] == layout.table.id
        and (address[1] not in layout.row or layout.row[address[1]].counted)
        and (address[2] not in layout.column or not layout.column[address[2]].parts)
    }
