"""Reporting periods: a quarter (`2026-Q3`) or a year (`2026`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from form1.core.errors import UsageError
from form1.core.sentences import says

_WRITTEN: Final = re.compile(r"(20[0-9]{2})(?:-Q([1-4]))?")
FIRST_YEAR: Final = 2015
"""The form was approved on 28.07.2015 (SSC decision 30/06)."""


def is_period(written: str) -> bool:
    """True when a text names a period as this program writes it.

    >>> is_period("2026-Q3"), is_period("III rüb")
    (True, False)
    """
    match = _WRITTEN.fullmatch(written)
    return match is not None and match[0].isascii() and int(match[1]) >= FIRST_YEAR


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A reporting period; `quarter` is 0 for a whole year."""

    year: int
    quarter: int = 0

    @classmethod
    def parse(cls, written: str) -> Period:
        """Return the period that `written` names; UsageError when it names none.

        >>> str(Period.parse("2026-Q3")), str(Period.parse("2025"))
        ('2026-Q3', '2025')
        """
        match = _WRITTEN.fullmatch(written)
        if not match or not match[0].isascii() or int(match[1]) < FIRST_YEAR:
            raise says(UsageError, "no_such_period", written=repr(written), first=FIRST_YEAR)
        return cls(int(match[1]), int(match[2] or 0))

    def __str__(self) -> str:
        return f"{self.year}-Q{self.quarter}" if self.quarter else str(self.year)

    @property
    def is_annual(self) -> bool:
        """True for a whole year."""
        return self.quarter == 0

    @property
    def first_day(self) -> date:
        """The first day that the year-to-date figures count: 1 January."""
        return date(self.year, 1, 1)

    @property
    def last_day(self) -> date:
        """The last day of the period; code lists are those in force on it.

        >>> Period.parse("2026-Q2").last_day
        datetime.date(2026, 6, 30)
        """
        last_month = 3 * (self.quarter or 4)
        first_of_next = date(self.year + last_month // 12, last_month % 12 + 1, 1)
        return first_of_next - timedelta(days=1)

    @property
    def in_time(self) -> tuple[date, int]:
        """The key that sorts periods as they fall due: by their last day, a year after its fourth quarter.

        >>> [str(p) for p in sorted(map(Period.parse, ["2026-Q1", "2025", "2025-Q4"]), key=lambda p: p.in_time)]
        ['2025-Q4', '2025', '2026-Q1']
        """
        return self.last_day, int(self.is_annual)

    @property
    def previous(self) -> Period:
        """The period of the same kind before this one."""
        if self.is_annual:
            return Period(self.year - 1)
        return Period(self.year - 1, 4) if self.quarter == 1 else Period(self.year, self.quarter - 1)

    @property
    def next(self) -> Period:
        """The period of the same kind after this one.

        >>> str(Period.parse("2026-Q4").next), str(Period.parse("2026").next)
        ('2027-Q1', '2027')
        """
        if self.is_annual:
            return Period(self.year + 1)
        return Period(self.year + 1, 1) if self.quarter == 4 else Period(self.year, self.quarter + 1)

    @property
    def year_after(self) -> Period:
        """The same period of the next year."""
        return Period(self.year + 1, self.quarter)

    @property
    def year_before(self) -> Period:
        """The same period of the last year."""
        return Period(self.year - 1, self.quarter)

    @property
    def last_quarter(self) -> Period:
        """The quarter with which this period ends: Q4 for a year, itself for a quarter."""
        return Period(self.year, self.quarter or 4)

    def quarters_to_date(self) -> tuple[Period, ...]:
        """The quarters from 1 January to the end of this period.

        >>> [str(quarter) for quarter in Period.parse("2026-Q2").quarters_to_date()]
        ['2026-Q1', '2026-Q2']
        """
        return tuple(Period(self.year, quarter) for quarter in range(1, (self.quarter or 4) + 1))
