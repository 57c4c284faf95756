"""Kinds that compare a cell with another cell of the form or with a bound: at_most, of_which, in_range, forbidden."""

from __future__ import annotations

from collections.abc import Iterator

from form1.core.cells import Address
from form1.core.findings import Place
from form1.core.texts import Text
from form1.definition.layout import Layout
from form1.definition.rulebook import Rule
from form1.rules.case import Case, Comparison, Context
from form1.rules.select import addresses


def at_most(context: Context, case: Case) -> Iterator[Comparison]:
    """The cell on the left is not greater than the cell on the right (times the rule's factor)."""
    yield from _not_greater(context, case)


def of_which(context: Context, case: Case) -> Iterator[Comparison]:
    """Each cell on the left is a part of its neighbour on the right."""
    yield from _not_greater(context, case)


def in_range(context: Context, case: Case) -> Iterator[Comparison]:
    """Each cell lies between the rule's bounds."""
    assert case.left is not None and case.rule is not None
    for address in addresses(context.layouts[case.left.table], case.left):
        value, place = _value(context, address), Place(*address)
        if value is None:
            yield Comparison(place, blocked=context.gap(address))
        elif case.rule.minimum is not None and value < case.rule.minimum:
            yield Comparison(place, "below_range", {"found": value, "bound": case.rule.minimum})
        elif case.rule.maximum is not None and value > case.rule.maximum:
            yield Comparison(place, "above_range", {"found": value, "bound": case.rule.maximum})
        else:
            yield Comparison(place)


def forbidden(context: Context, case: Case) -> Iterator[Comparison]:
    """No count stands in the rows or columns that the rule forbids."""
    assert case.left is not None and case.rule is not None
    layout = context.layouts[case.left.table]
    for address in addresses(layout, case.left):
        label = _forbidden_label(layout, case.rule, address)
        if label is None:
            continue
        value, place = _value(context, address), Place(*address)
        if value is None:
            yield Comparison(place, blocked=context.gap(address))
        elif value:
            yield Comparison(place, "forbidden_code", {"found": value, "label": label})
        else:
            yield Comparison(place)


def _forbidden_label(layout: Layout, rule: Rule, address: Address) -> Text | None:
    """The label of the code that makes a cell forbidden, or None."""
    row, column = layout.row.get(address[1]), layout.column.get(address[2])
    if row is not None and any(row.keys.get(dimension) != code for dimension, code in rule.where.items()):
        return None
    if row is not None and (row.code in rule.codes or rule.flag in row.flags):
        return row.label
    if column is not None:
        for code, head in zip(column.keys.values(), column.heads, strict=True):
            if code in rule.codes:
                return head
    return None


def _not_greater(context: Context, case: Case) -> Iterator[Comparison]:
    assert case.left is not None and case.right is not None and case.rule is not None
    left = addresses(context.layouts[case.left.table], case.left)
    right = addresses(context.layouts[case.right.table], case.right)
    for here, there in zip(left, right, strict=True):
        value, bound, place = _value(context, here), _value(context, there), Place(*here)
        if value is None or bound is None:
            yield Comparison(place, blocked=context.gap(here if value is None else there))
            continue
        limit = int(bound * case.rule.factor)
        if value <= limit:
            yield Comparison(place)
        else:
            yield Comparison(
                place,
                "part_exceeds_whole" if case.kind == "of_which" else "more_than",
                {"found": value, "bound": limit, "difference": value - limit, "other": Place(*there)},
            )


def _value(context: Context, address: Address) -> int | None:
    cell = context.cell(address)
    return cell.value if cell is not None else None
