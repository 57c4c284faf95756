"""Which exports make up the figures of a period: one, or quarters added up, and what people should know of these."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

from form1.core.findings import Finding, Place
from form1.core.periods import Period
from form1.definition.records import Source, Table
from form1.model.exports import CheckedCounts

_NEARLY_ALL: Final = 0.9
_FEWEST: Final = 5
"""Rows that two quarters must share before their likeness says anything."""


def periods_added_up(
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


def remarks(pieces: Sequence[CheckedCounts]) -> list[Finding]:
    """Say that quarters were added up, and warn when they look like figures that are cumulative already."""
    quarters = ", ".join(str(piece.period) for piece in pieces)
    if len(pieces) < 2:
        return []
    place = Place(pieces[0].table)
    found = [Finding.of("quarters_added", place, quarters=quarters)]
    if all(_looks_cumulative(earlier, later) for earlier, later in pairwise(pieces)):
        found.append(Finding.of("looks_cumulative", place, quarters=quarters))
    return found


def _looks_cumulative(earlier: CheckedCounts, later: CheckedCounts) -> bool:
    """True when nearly no row falls and the whole grows about as a year to date does: by 1/n of it after n quarters."""
    before, now = _by_key(earlier), _by_key(later)
    held = sum(now.get(key, 0) >= count for key, count in before.items())
    growth = 1 + 0.5 / max(earlier.period.quarter, 1)
    grows = sum(now.values()) >= growth * sum(before.values())
    return grows and len(before) >= _FEWEST and held >= _NEARLY_ALL * len(before)


def _by_key(counts: CheckedCounts) -> dict[tuple[str, ...], int]:
    import polars as pl

    by_key = counts.frame.group_by(counts.dimensions).agg(pl.col("persons").sum())
    return {tuple(key): persons for *key, persons in by_key.iter_rows()}
