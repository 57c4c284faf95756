"""Kinds that look at a table as a whole: not_empty, not_sorted, not_exchanged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from form1.core.cells import TOTAL, Address, column_code
from form1.core.findings import Fact, Place
from form1.core.texts import Text
from form1.definition.layout import Layout
from form1.model.history import History
from form1.rules.case import Case, Comparison, Context
from form1.rules.time import earlier_of


def not_empty(context: Context, case: Case) -> Iterator[Comparison]:
    """A table is not all zeros where something says that there was something to count, and the form never is."""
    assert case.rule is not None
    layout = context.layouts[case.tables[0]]
    address = _grand_total(layout)
    total, place = _value(context, address), Place(*address)
    if total is None:
        yield Comparison(place, blocked=context.gap(address))
        return
    others = {table: _value(context, _grand_total(other)) for table, other in context.layouts.items()}
    if total > 0:
        yield Comparison(place)
    elif not any(others.values()):
        is_first = layout.table.id == next(iter(context.layouts))
        yield Comparison(place, "form_of_zeros") if is_first else Comparison(place)
    elif (why := _something_to_count(context, case, layout, others)) is not None:
        yield Comparison(place, "table_of_zeros", {"other": why})
    else:
        yield Comparison(place)


def _something_to_count(context: Context, case: Case, layout: Layout, others: dict[str, int | None]) -> Text | None:
    """What counts where this table has none: a table of the same universe, or an earlier period."""
    for table, total in others.items():
        if total and context.layouts[table].table.universe == layout.table.universe:
            return context.everywhere(Place(table))
    for period, history in context.history.items():
        cell = (history.cells or {}).get(_grand_total(layout))
        if cell is not None and cell.value and period in _against(context, case):
            return Text.same(str(period))
    return None


def _against(context: Context, case: Case) -> set[object]:
    assert case.rule is not None
    roles = {"previous": context.period.previous, "year_before": context.period.year_before}
    return {roles[role] for role in case.rule.against}


def not_sorted(context: Context, case: Case) -> Iterator[Comparison]:
    """The counts of a table do not stand in order of size: sorted without their labels, each stands on another's line.

    Looked at are all rows of detail and the members of each group. So many different counts in order are no chance.
    """
    assert case.left is not None and case.rule is not None
    layout = context.layouts[case.left.table]
    column = _grand_total(layout)[2]
    for rows in _runs(layout):
        place = Place(layout.table.id, rows[0], column)
        counts = [_value(context, Address(layout.table.id, row, column)) for row in rows]
        known = [count for count in counts if count is not None]
        if len(known) < len(counts):
            yield Comparison(place, blocked=context.gap(Address(layout.table.id, rows[counts.index(None)], column)))
        elif len(set(known)) < case.rule.at_least or known not in (sorted(known), sorted(known, reverse=True)):
            yield Comparison(place)
        else:
            yield Comparison(place, "numbers_sorted", {"count": len(known)})
            return


def _runs(layout: Layout) -> Iterator[Sequence[str]]:
    """The rows that could have been sorted together: all of detail, then the members of each group, in their order."""
    detail = [row.code for row in layout.rows if row.counted]
    if detail:
        yield detail
    for group in layout.rows:
        members = [row for row in detail if row in set(group.parts)]
        if group.parts and len(members) == len(group.parts) < len(detail):
            yield members


def not_exchanged(context: Context, case: Case) -> Iterator[Comparison]:
    """No two neighbouring columns hold each other's counts.

    Compared is how each row divides between the two, now and earlier: exchanged, they would be much nearer to what they
    were. Where both halves are alike an exchange cannot be told, and none is found.
    """
    assert case.rule is not None and case.rule.ratio is not None and case.rule.gravity is not None
    layout = context.layouts[case.tables[0]]
    for period, history in earlier_of(context, case):
        if isinstance(history, Comparison):
            yield history
            continue
        found = False
        for left, right in _neighbours(layout):
            place = Place(layout.table.id, TOTAL, left)
            persons, apart, exchanged = _division(context, history, layout, (left, right), case.rule.at_least)
            is_exchanged = (
                persons >= case.rule.gravity.many
                and exchanged < case.rule.ratio * apart
                and apart - exchanged >= case.rule.gravity.share * persons
            )
            if is_exchanged:
                facts: dict[str, Fact] = {
                    "column": context.everywhere(Place(layout.table.id, column=right)),
                    "other": str(period),
                }
                yield Comparison(place, "columns_exchanged", facts)
                found = True
            else:
                yield Comparison(place)
        if found:  # a second period would say the same
            return


def _neighbours(layout: Layout) -> Iterator[tuple[str, str]]:
    """Pairs of columns of detail that are the two parts of a sum: men and women, issued and renewed."""
    for column in layout.columns:
        for parts in column.parts:
            if len(parts) == 2 and not any(layout.column[part].parts for part in parts):
                yield parts[0], parts[1]


def _division(
    context: Context, history: History, layout: Layout, pair: tuple[str, str], least: int
) -> tuple[int, float, float]:
    """Persons in rows that can be compared, and how far their shares are from the earlier ones: as they are, exchanged.

    Both distances are in persons.
    """
    persons, apart, exchanged = 0, 0.0, 0.0
    for row in (row.code for row in layout.rows if row.counted):
        addresses = [Address(layout.table.id, row, column) for column in pair]
        if any(history.why_not(address) for address in addresses):
            continue
        now = [_value(context, address) for address in addresses]
        cells = [(history.cells or {}).get(address) for address in addresses]
        was = [cell.value if cell is not None else None for cell in cells]
        if None in now or None in was:
            continue
        sum_now, sum_was = sum(value or 0 for value in now), sum(value or 0 for value in was)
        weight = min(sum_now, sum_was)
        if weight < max(least, 1):
            continue
        share_now, share_was = (now[0] or 0) / sum_now, (was[0] or 0) / sum_was
        persons += weight
        apart += weight * abs(share_now - share_was)
        exchanged += weight * abs(1 - share_now - share_was)
    return persons, apart, exchanged


def _grand_total(layout: Layout) -> Address:
    return Address(layout.table.id, TOTAL, column_code([TOTAL] * len(layout.table.columns)))


def _value(context: Context, address: Address) -> int | None:
    cell = context.cell(address)
    return cell.value if cell is not None else None
