"""The quarters of the year beside those of earlier years: each cell as it stood at the quarter's end."""

from __future__ import annotations

from form1.build.summary.case import Case, address_of, each, fill, period_text
from form1.build.summary.sentences import seen
from form1.core.cells import Cell
from form1.core.periods import Period
from form1.core.texts import Text
from form1.definition.summary import Figure as Wanted
from form1.definition.summary import Quantity
from form1.model.figures import Figure, Point


def figure(case: Case, wanted: Wanted) -> Figure:
    """Return a point for each quantity with a cell for every quarter; years of which nothing is known are left out."""
    years: dict[int, list[Period]] = {}
    for quarter in shown(wanted, case.period):
        years.setdefault(quarter.year, []).append(quarter)
    known = {
        year: quarters
        for year, quarters in years.items()
        if year == case.period.year
        or any(_cell(case, quantity, quarter).value is not None for quantity in wanted.quantity for quarter in quarters)
    }
    # A form without earlier quarters has nothing to be compared with: the headline figures say all that there is.
    past = [quarter for of_year in known.values() for quarter in of_year if quarter != case.period.last_quarter]
    if all(_cell(case, quantity, quarter).value is None for quantity in wanted.quantity for quarter in past):
        known = {}
    quarters = [quarter for of_year in known.values() for quarter in of_year]
    points = tuple(
        Point(quantity.table, quantity.label, tuple(_cell(case, quantity, quarter) for quarter in quarters))
        for quantity in wanted.quantity
        if quarters
    )
    basis = period_text(case.period)
    alt = wanted.title
    if points:
        listed = each(lambda language: "; ".join(seen(case, point, language) for point in points))
        facts = {"title": wanted.title, "period": basis, "list": listed, "whole": ""}
        alt = each(lambda language: fill(wanted.alt, language, facts))
    return Figure(
        wanted.id,
        wanted.kind,
        wanted.title,
        alt,
        basis,
        tuple(case.word(f"quarter_{quarter.quarter}") for quarter in quarters),
        points,
        case.form.words["quantity"],
        over=tuple((Text.same(str(year)), len(of_year)) for year, of_year in known.items()),
        remarks=_remarks(
            case,
            quarters or years[case.period.year],
            [year for year in years if year not in known and year != case.period.year],
        ),
    )


def shown(wanted: Wanted, period: Period) -> list[Period]:
    """Return the quarters that stand side by side, up to the end of the period."""
    first = period.year - wanted.years + 1
    past = [Period(year, quarter) for year in range(first, period.year) for quarter in (1, 2, 3, 4)]
    return [*past, *period.quarters_to_date()]


def _cell(case: Case, quantity: Quantity, quarter: Period) -> Cell:
    """The year's own form stands for its fourth quarter."""
    return case.cell(address_of(case, quantity), None if quarter == case.period.last_quarter else quarter)


def _remarks(case: Case, quarters: list[Period], unknown: list[int]) -> tuple[Text, ...]:
    past = [quarter for quarter in quarters if quarter != case.period.last_quarter]
    loose = [str(q) for q in past if case.earlier(q).cells is not None and not case.earlier(q).is_published]
    absent = [*map(str, unknown), *(str(q) for q in past if case.earlier(q).cells is None)]
    return (
        *([case.word("from_exports", periods=", ".join(loose))] if loose else []),
        *([case.word("no_quarters", periods=", ".join(absent))] if absent else []),
    )
