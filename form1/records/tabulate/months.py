"""Records by month: a month of the year without any, or with far fewer than the months beside it, is noticed.

A text file that was cut short exactly where a line ends is a sound file; that its last months are thin is all that it
can tell by itself. What proves that a file is whole is its sum, see `sums`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from form1.core.findings import Finding, Place
from form1.core.periods import Period
from form1.definition.form import Form
from form1.definition.record_layout import Extract

if TYPE_CHECKING:
    import polars as pl


class Months:
    """The records of one extract by the month of the day that places them; months count from year 0."""

    def __init__(self, extract: Extract) -> None:
        self._extract = extract
        self._records: Counter[int] = Counter()

    def add(self, frame: pl.DataFrame) -> None:
        """Count the records of a prepared slice."""
        days = frame.lazy().group_by(self._extract.placed_by).len().collect()
        for day, records in days.iter_rows():
            if day is not None:
                self._records[day.year * 12 + day.month - 1] += records

    def findings(self, form: Form, period: Period) -> Iterator[Finding]:
        """Yield a warning for the months of the period's year, up to its end, that have none or few."""
        place = Place(file=self._extract.id)
        months = range(period.year * 12, last_month(period) + 1)
        empty = tuple(written(month) for month in months if not self._records[month])
        if empty:
            yield Finding.of("records_month_empty", place, months=empty)
        for month in months:
            beside = [n for at in (month - 1, month + 1) if at <= months[-1] and (n := self._records[at])]
            if self._records[month] and self._is_thin(form, self._records[month], beside):
                usual = round(sum(beside) / len(beside))
                yield Finding.of(
                    "records_month_thin", place, month=written(month), records=self._records[month], beside=usual
                )

    def _is_thin(self, form: Form, records: int, beside: Sequence[int]) -> bool:
        if not beside:
            return False
        usual = sum(beside) / len(beside)
        return usual >= form.records.thin_from and records < form.records.thin_below * usual


def last_month(period: Period) -> int:
    """Return the last month of a period, counted from year 0."""
    return period.year * 12 + period.last_day.month - 1


def written(month: int) -> str:
    """Return a month as it is written.

    >>> written(2026 * 12)
    '2026-01'
    """
    return f"{month // 12}-{month % 12 + 1:02}"
