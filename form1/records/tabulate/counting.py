"""The counting itself, written once for every engine.

A frame of records has identifiers as text, codes as their place in the code list, and dates as days; see `engines`.
Every record gets one reason: 0 when it is counted, else the number of the first in `REASONS` that leaves it out.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, Final

import narwhals as nw

from form1.records.tabulate.plan import DAYS, STATELESS, STATUS, Axis, Plan

Frame = nw.LazyFrame[Any]

REASONS: Final = (
    "counted", "entered_late", "after_period", "before_year", "other_decision", "annulled", "not_yet_in_force",
    "no_longer_in_force",
)  # fmt: skip
SAME_PERSON: Final = "same_person"
"""The reason of records whose person another record counts; the only one that needs more than the record itself."""

TABLE: Final = "table"
KEY: Final = "key"
RECORDS: Final = "records"
PERSON: Final = "person_id"
BEST: Final = "best"


def keyed(frame: Frame, plan: Plan, there: Collection[str]) -> Frame:
    """Return `key` and `records`: counted records by cell, and those left out by -1 · the number of their reason.

    For universes that count every record. `there` are the columns that the frame has.
    """
    why = reason(plan, there)
    key = nw.when(why == 0).then(cell(plan)).otherwise(why * -1)
    return frame.select(key.cast(nw.Int64).alias(KEY)).group_by(KEY).agg(nw.len().alias(RECORDS))


def left_out(frame: Frame, plan: Plan, there: Collection[str]) -> Frame:
    """Return `key` and `records`: all records by -1 · the number of their reason; candidates have 0."""
    key = (reason(plan, there) * -1).cast(nw.Int64).alias(KEY)
    return frame.select(key).group_by(KEY).agg(nw.len().alias(RECORDS))


def representatives(frame: Frame, plan: Plan, there: Collection[str]) -> Frame:
    """Return `person_id` and `best` of every person with a candidate: the order and cell of the record that counts."""
    candidates = frame.filter(reason(plan, there) == 0)
    ranked = candidates.select(nw.col(PERSON), (order(plan, there) * plan.size + cell(plan)).alias(BEST))
    return best_of(ranked, plan)


def best_of(ranked: Frame, plan: Plan) -> Frame:
    """Return one line for each person; applied to its own results it joins them."""
    chosen = nw.col(BEST).min() if plan.rules["several"] == "first" else nw.col(BEST).max()
    return ranked.group_by(PERSON).agg(chosen.alias(BEST))


def by_cell(best: Frame, plan: Plan) -> Frame:
    """Return `key` and `records`: the persons of `representatives` by cell."""
    return best.select((nw.col(BEST) % plan.size).alias(KEY)).group_by(KEY).agg(nw.len().alias(RECORDS))


def margins(counted: Frame, plan: Plan) -> Frame:
    """Return `table`, `key` and `records`: what `keyed` or `by_cell` gives, summed up for every table of the plan.

    Tables go by their place in the plan; the keys of a table are cells of its own axes, its negative ones reasons.
    """
    of_tables = [
        counted.select(nw.lit(place).cast(nw.Int64).alias(TABLE), _margin(plan, axes).alias(KEY), nw.col(RECORDS))
        for place, axes in enumerate(plan.axes_of.values())
    ]
    return nw.concat(of_tables).group_by(TABLE, KEY).agg(nw.col(RECORDS).sum())


def _margin(plan: Plan, axes: Sequence[Axis]) -> nw.Expr:
    """Return the cell of a table in which a cell of all axes lies."""
    key = nw.col(KEY)
    if tuple(axes) == plan.axes:
        return key
    number: nw.Expr = nw.lit(0)
    for step, length, own in plan.steps(axes):
        number = number + key // step % length * own
    return nw.when(key < 0).then(key).otherwise(number)


def reason(plan: Plan, there: Collection[str]) -> nw.Expr:
    """Return the number of the reason that leaves a record out, 0 when there is none."""
    rules, last = plan.rules, plan.last_day
    placed = nw.col(rules["placed_by"])
    asked: list[tuple[str, nw.Expr]] = []
    if plan.as_of is not None:
        asked.append(("entered_late", nw.col("recorded_on") > plan.as_of))
    asked.append(("after_period", placed > last))
    if rules["span"] == "year_to_date":
        asked.append(("before_year", placed < plan.first_day))
    if rules["decisions"] in {"issued", "renewed"}:
        asked.append(("other_decision", nw.col("decision") != plan.decisions.index(rules["decisions"])))
    at_end = rules["in_force"] == "at_period_end"
    if rules["annulled"] == "left_out":
        asked += [("annulled", _ended(plan, column)) for column in plan.ends(there)]
    if at_end:
        if "valid_from" in there:
            asked.append(("not_yet_in_force", nw.col("valid_from") > last))
        end = nw.col("valid_to")
        asked.append(("no_longer_in_force", end < last if rules["last_day"] == "in_force" else end <= last))
    number = nw.lit(0)
    for name, applies in reversed(asked):
        number = nw.when(applies).then(nw.lit(REASONS.index(name))).otherwise(number)
    return number


def _ended(plan: Plan, column: str) -> nw.Expr:
    """True when a record ended up to the last day of the period; an end entered later is not known at the cut-off."""
    known = plan.last_day if plan.as_of is None else min(plan.last_day, plan.as_of)
    return nw.col(column) <= known


def cell(plan: Plan) -> nw.Expr:
    """Return the number of the cell to which a record belongs."""
    number: nw.Expr | None = None
    factor = 1
    for axis in plan.axes:
        place = _place(axis, plan).cast(nw.Int64) * factor
        number = place if number is None else number + place
        factor *= len(axis.codes)
    assert number is not None  # every table has columns
    return number


def _place(axis: Axis, plan: Plan) -> nw.Expr:
    """Return the place of a record's code on an axis."""
    item = axis.item
    if axis.bands:
        return _age_group(axis, plan)
    code = nw.col(item.source)
    if item.stateless:
        stateless = plan.statuses.index(STATELESS)
        code = nw.when(nw.col(STATUS) == stateless).then(nw.col(item.stateless)).otherwise(code)
    return code.fill_null(axis.unknown) if axis.unknown >= 0 else code


def _age_group(axis: Axis, plan: Plan) -> nw.Expr:
    """Return the place of the age group in completed years.

    Who is born on 29 February completes a year on 1 March where the year has no such day. On a fixed day the bands are
    days of birth; on the day of a decision the age is a difference of days written as numbers.
    """
    born = nw.col(axis.item.source)
    group: nw.Expr = nw.lit(axis.bands[0][1])
    if plan.rules["age_on"] == "period_end":
        for lowest, place in axis.bands[1:]:
            group = nw.when(born <= _years_before(plan.last_day, lowest)).then(nw.lit(place)).otherwise(group)
    else:
        age = (as_number(nw.col(plan.rules["placed_by"])) - as_number(born)) // 10_000
        for lowest, place in axis.bands[1:]:
            group = nw.when(age >= lowest).then(nw.lit(place)).otherwise(group)
    return nw.when(born.is_null()).then(nw.lit(axis.unknown)).otherwise(group)


def as_number(day: nw.Expr) -> nw.Expr:
    """Return days as numbers that read like dates: 20260930. Differences of them count completed years."""
    return day.dt.year().cast(nw.Int64) * 10_000 + day.dt.month().cast(nw.Int64) * 100 + day.dt.day().cast(nw.Int64)


def _years_before(day: date, years: int) -> date:
    """Return the last day of birth of those who have completed `years` on `day`.

    >>> _years_before(date(2028, 2, 29), 18)
    datetime.date(2010, 2, 28)
    """
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February of a common year
        return date(day.year - years, 2, 28)


def order(plan: Plan, there: Collection[str]) -> nw.Expr:
    """Return the order of records: by the day that places them, then by the day on which they end."""
    placed = _rank(nw.col(plan.rules["placed_by"]), plan)
    if "valid_to" not in there:
        return placed * DAYS
    return placed * DAYS + _rank(nw.col("valid_to"), plan).fill_null(DAYS - 1)


def _rank(day: nw.Expr, plan: Plan) -> nw.Expr:
    """Return days as whole numbers below `DAYS`, in their order."""
    year = day.dt.year().cast(nw.Int64) - plan.epoch
    return year * 372 + (day.dt.month().cast(nw.Int64) - 1) * 31 + day.dt.day().cast(nw.Int64)
