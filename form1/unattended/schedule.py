"""The calendar of the form: which periods are owed on a day, until when, and how near that is.

Deadlines stand in reference/form.toml (quarterly the 25th, annual 15 February: SSC form metadata, code 03102111);
what the office makes of days off stands in its configuration.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from form1.core.periods import Period
from form1.definition.configuration import Calendar
from form1.definition.form import Form


class Stage(StrEnum):
    """How near the deadline of a form is."""

    OPEN = "open"
    NOTICE = "notice"
    URGENT = "urgent"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Obligation:
    """A form that is owed: its period has ended."""

    period: Period
    deadline: date
    """The last day on which it is accepted, days off regarded."""
    days_left: int
    """0 on the last day, below 0 afterwards."""
    stage: Stage


def obligations(form: Form, calendar: Calendar, today: date, known: Iterable[Period]) -> list[Obligation]:
    """Return what is owed on a day of Asia/Baku, in the order in which it fell due.

    The last `calendar.history` ended periods, no earlier than `calendar.since`, by default the first of `known` (the
    periods with exports or editions). Before anything is known, the period that ended last is owed.
    """
    ended = [period for period in _ended(today) if form.covers(period)]
    first = Period.parse(calendar.since) if calendar.since else min(known, key=lambda p: p.in_time, default=ended[-1])
    owed = [period for period in ended if period.in_time >= first.in_time][-calendar.history :]
    return [obligation(form, calendar, period, today) for period in owed]


def next_change(form: Form, calendar: Calendar, today: date, owed: Sequence[Obligation]) -> date:
    """Return the next day on which what is owed, or how near it is, will be another than today."""
    days = [period.last_day + timedelta(days=1) for period in _quarters(today.year)]
    for one in owed:
        last = one.deadline
        days += [
            last - timedelta(days=calendar.notice),
            last - timedelta(days=calendar.urgent),
            last + timedelta(days=1),
        ]
    return min(day for day in days if day > today)


def deadline(form: Form, calendar: Calendar, period: Period) -> date:
    """Return the last day on which the form for `period` is accepted, moved off a day off as the office says."""
    return calendar.moved(form.of(period).deadline(period))


def obligation(form: Form, calendar: Calendar, period: Period, today: date) -> Obligation:
    """Return until when the form for `period` is accepted, and how near that is on a day."""
    last = deadline(form, calendar, period)
    left = (last - today).days
    if left < 0:
        stage = Stage.OVERDUE
    elif left <= calendar.urgent:
        stage = Stage.URGENT
    else:
        stage = Stage.NOTICE if left <= calendar.notice else Stage.OPEN
    return Obligation(period, last, left, stage)


def _ended(today: date) -> list[Period]:
    """Every period that has ended before `today`, in the order in which they fell due, up to fifty years back."""
    periods = [
        period
        for year in range(max(today.year - 50, 2015), today.year + 1)
        for period in (*_quarters(year)[:4], Period(year))
        if period.last_day < today
    ]
    return sorted(periods, key=lambda period: period.in_time)


def _quarters(year: int) -> list[Period]:
    """The quarters of a year, and the first of the next."""
    return [*(Period(year, quarter) for quarter in (1, 2, 3, 4)), Period(year + 1, 1)]
