"""Kinds that look at earlier periods: same (the annual form against Q4), moved, not_below, repeats."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from form1.core.cells import TOTAL, Address, CellMap, Origin, column_code
from form1.core.findings import Fact, Place, Severity
from form1.core.periods import Period
from form1.core.texts import Text
from form1.core.values import show_share
from form1.definition.layout import Layout
from form1.definition.rulebook import Rule
from form1.model.history import History
from form1.rules.case import Case, Comparison, Context
from form1.rules.select import addresses, columns

_LATER: Final = frozenset({"next", "year_after"})
_WITH_ROLES: Final = frozenset({"moved", "repeats", "not_empty", "not_exchanged", "not_shifted", "not_scaled"})


def looks_at(case: Case, period: Period, *, later: bool = False) -> tuple[Period, ...]:
    """Return the periods that a case compares with, none when it does not apply to the period.

    These are earlier ones, or (`later`) those that a form may have come after.
    """
    if later:
        roles = {"next": period.next, "year_after": period.year_after}
        return tuple(roles[role] for role in case.rule.against if role in _LATER) if case.rule is not None else ()
    if case.kind == "not_below":
        return () if period.is_annual or period.quarter == 1 else (period.previous,)
    if case.kind in _WITH_ROLES and case.rule is not None:
        roles = {"previous": period.previous, "year_before": period.year_before}
        return tuple(roles[role] for role in case.rule.against if role not in _LATER)
    if case.kind == "same" and case.right is not None and case.right.period == "last_quarter":
        return (period.last_quarter,) if period.is_annual else ()
    return ()


def same(context: Context, case: Case) -> Iterator[Comparison]:
    """Cells of detail are those of the other period; a corrected cell may differ, and sums follow from the detail."""
    for period, history in earlier_of(context, case):
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
    """A count since 1 January is not smaller than it was in the quarter before.

    A small fall in one column that others cancel may be a corrected record: a warning. Falls in many rows that are no
    small part of the whole are errors, whatever each of them weighs alone.
    """
    assert case.rule is not None
    fell: list[Comparison] = []
    layout = context.layouts[case.tables[0]]
    rows, lost, whole = 0, 0, 0

    def is_detail(row: str) -> bool:
        return row not in layout.row or layout.row[row].counted

    for address, value, before, other in _pairs(context, case):
        if isinstance(other, Comparison):
            yield other
        elif value is None or before is None:
            yield Comparison(Place(*address), blocked=context.gap(address))
        elif value >= before or address[1] in case.rule.codes:
            yield Comparison(Place(*address))
        else:
            facts: dict[str, Fact] = {
                "found": value,
                "before": before,
                "difference": value - before,
                "other": str(other),
            }
            severity = (
                Severity.WARNING if _is_cancelled(context, case, address, before - value, before, other) else None
            )
            fell.append(Comparison(Place(*address), "fell_below", facts, severity=severity))
            if is_detail(address[1]):
                rows, lost = rows + 1, lost + before - value
        if not isinstance(other, Comparison) and address[1] == TOTAL:
            whole = max(whole, before or 0)
    gravity = case.rule.gravity
    if gravity is not None and rows >= gravity.many and lost >= gravity.share * whole:
        fell = [replace(each, severity=Severity.ERROR) for each in fell]
    yield from fell


def _is_cancelled(context: Context, case: Case, address: Address, fall: int, before: int, other: Period) -> bool:
    """True for a small fall in a column of a row whose total did not fall."""
    assert case.rule is not None
    if case.rule.ratio is None or fall > case.rule.ratio * before:
        return False
    layout, history = context.layouts[address[0]], context.history[other].cells or {}
    total = Address(address.table, address.row, column_code([TOTAL] * len(layout.table.columns)))
    if address == total:
        return False
    now, was = _value(context.cells, total), _value(history, total)
    return now is not None and was is not None and now >= was


def repeats(context: Context, case: Case) -> Iterator[Comparison]:
    """A table does not repeat another period: of its telling counts fewer than the rule's share are the same.

    With enough telling counts that is no chance but an error. Only a cumulative table may, in a quarter in which
    nothing happened, be that of the quarter before (or after): a warning, unless most tables of the form are.
    """
    assert case.rule is not None
    layout = context.layouts[case.tables[0]]
    place = Place(layout.table.id, TOTAL, layout.columns[0].code)
    for period, history in earlier_of(context, case):
        if isinstance(history, Comparison):
            yield history
            continue
        comparable, telling, same = _alike(context, case.rule, layout, history)
        if comparable is None:
            yield Comparison(place, blocked=history.why_not(next(iter(_detail(context.cells, layout)))))
        elif not _is_repeated(case.rule, telling, same):
            yield Comparison(place)
        else:
            facts: dict[str, Fact] = {"found": same, "count": telling, "other": str(period)}
            severity = _weight(context, case.rule, layout, period, telling)
            if period.in_time < context.period.in_time:
                yield Comparison(place, "repeats_period", facts, severity=severity)
            else:
                yield Comparison(place, "repeats_later_period", facts, severity=severity)


def _alike(context: Context, rule: Rule, layout: Layout, history: History) -> tuple[int | None, int, int]:
    """How many counts can be compared (None: there are some, and none can be), are telling, and are the same."""
    cells = history.cells or {}
    now = {at: _value(context.cells, at) or 0 for at in _detail(context.cells, layout)}
    comparable = [at for at in now if history.why_not(at) is None]
    telling = [at for at in comparable if now[at] >= rule.at_least]
    same = sum(now[at] == _value(cells, at) for at in telling)
    return (None if now and not comparable else len(comparable)), len(telling), same


def _is_repeated(rule: Rule, telling: int, same: int) -> bool:
    assert rule.ratio is not None
    return telling > 0 and same >= rule.ratio * telling


def _weight(context: Context, rule: Rule, layout: Layout, period: Period, telling: int) -> Severity | None:
    if rule.gravity is None or telling < rule.gravity.many:
        return None
    is_ordinary = layout.table.basis == "year_to_date" and context.period in {period.next, period.previous}
    return None if is_ordinary and not _most_repeat(context, rule, period) else Severity.ERROR


def _most_repeat(context: Context, rule: Rule, period: Period) -> bool:
    """True when of the tables that tell anything more than the rule's share repeat that period."""
    assert rule.gravity is not None
    history = context.history[period]
    telling = repeated = 0
    for table in rule.each:
        if table in context.layouts and any(address[0] == table for address in history.cells or {}):
            _, counts, same = _alike(context, rule, context.layouts[table], history)
            telling += counts >= rule.gravity.many
            repeated += counts >= rule.gravity.many and _is_repeated(rule, counts, same)
    return repeated > rule.gravity.share * telling


def _pairs(context: Context, case: Case) -> Iterator[tuple[Address, int | None, int | None, Period | Comparison]]:
    """Cells of a term beside those of each earlier period; a row that one of them lacks stands for zero.

    Where an earlier period cannot be looked at, the last part is the comparison that says so.
    """
    assert case.left is not None
    layout = context.layouts[case.left.table]
    for period, history in earlier_of(context, case):
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


def earlier_of(context: Context, case: Case) -> Iterator[tuple[Period, History | Comparison]]:
    """Each earlier period with its history, or with what blocks the comparison; later ones that there are."""
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
    for period in looks_at(case, context.period, later=True):
        history = context.history.get(period)
        if history is not None and any(address[0] == case.tables[0] for address in history.cells or {}):
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
