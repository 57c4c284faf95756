"""A period that is still running: its form is an error wherever it is judged, and a draft of it is told as one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from form1.core import clock
from form1.core.findings import Finding
from form1.core.periods import Period
from form1.core.texts import LANGUAGES, Text
from form1.definition.wording import day_in_words


def not_over(period: Period, now: datetime, *, draft: bool = False) -> Iterator[Finding]:
    """Yield a finding when `period` has not ended at the moment `now`, by the clock of Baku, with the day on which it
    has: an error, for a draft a warning.
    """
    if clock.in_baku(now).date() > period.last_day:
        return
    first = period.last_day + timedelta(days=1)
    day = Text(**{language: day_in_words(first, language) for language in LANGUAGES})
    if draft:
        yield Finding.of("period_running", period=str(period), day=day)
    else:
        yield Finding.of("period_not_over", period=str(period), day=day)
