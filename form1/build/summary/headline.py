"""The headline figures: each with the same period of the last year and the change since then."""

from __future__ import annotations

from form1.build.summary.case import Case, address_of, each, fill, number, period_text, shown
from form1.core.texts import Language, Text
from form1.core.values import show_tenths
from form1.definition.summary import Figure as Wanted
from form1.definition.summary import Quantity
from form1.model.figures import Figure, Point


def figure(case: Case, wanted: Wanted) -> Figure:
    """Return a point for each quantity: now and a year before, like with like."""
    points = tuple(_point(case, quantity) for quantity in wanted.quantity)
    basis = period_text(case.period)
    listed = each(lambda language: "; ".join(_seen(case, point, language) for point in points))
    facts = {"title": wanted.title, "period": basis, "list": listed, "whole": ""}
    return Figure(
        wanted.id,
        wanted.kind,
        wanted.title,
        each(lambda language: fill(wanted.alt, language, facts)),
        basis,
        (basis, period_text(case.period.year_before)),
        points,
        case.form.words["quantity"],
        remarks=_remarks(case),
    )


def _point(case: Case, quantity: Quantity) -> Point:
    address = address_of(case, quantity)
    was, change, reason = case.compared(address)
    if case.cell(address).value is not None and case.no_last_year:
        reason = None  # said once below the figures
    if change is not None and change.tenths is None and change.difference:
        reason = case.word("no_percent_from_zero")
    return Point("/".join(address), quantity.label, (case.cell(address), was), change=change, remark=reason)


def _remarks(case: Case) -> tuple[Text, ...]:
    """What the numbers of the last year were taken from, where that was no edition, or why there are none."""
    before = case.period.year_before
    past = case.earlier(before)
    if past.cells is None:
        return (case.word("difference_unknown", reason=past.reason),)
    return () if past.is_published else (case.word("from_exports", periods=str(before)),)


def _seen(case: Case, point: Point, language: Language) -> str:
    now = shown(case, point.cells[0])
    if point.change is None:
        return f"{point.label.of(language)} {now}"
    moved = number(point.change.difference)
    if point.change.tenths is not None:
        moved += f", {show_tenths(point.change.tenths, comma=language != 'en')} %"
    return f"{point.label.of(language)} {now} ({moved})"
