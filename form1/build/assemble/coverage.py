"""Which exports make up the figures of a period: one, or the quarters of the year added up."""

from __future__ import annotations

from collections.abc import Callable

from form1.core.periods import Period
from form1.definition.records import Source, Table


def pieces(
    table: Table, source: Source, period: Period, stated: Callable[[Period], bool] = lambda quarter: False
) -> tuple[Period, ...]:
    """Return the periods whose exports, added up, give the figures of `table` at the end of `period`.

    A stock or an export of the year to date stands alone; an export that covers only its quarter needs the quarters
    before it, back to the last export of the same year that covered the year to date. An annual export stands alone.

    `stated` tells whether a quarter gives the year to date, whatever the exports cover: the form itself was filled by
    hand, or the exports were counted from records. `period` is the folder in which the exports stand: for an annual
    form made from the fourth quarter, that quarter.
    """
    if period.is_annual or table.basis == "stock":
        return (period,)
    found: list[Period] = []
    for quarter in reversed(period.quarters_to_date()):
        found.append(quarter)
        if stated(quarter) or covers(source, quarter) == "year_to_date":
            break
    return tuple(reversed(found))


def covers(source: Source, quarter: Period) -> str:
    """Return what the export of `quarter` covers: `year_to_date` or `quarter`."""
    since = [entry for entry in source.coverage if Period.parse(entry.since) <= quarter]
    return max(since, key=lambda entry: Period.parse(entry.since)).covers if since else "year_to_date"
