"""Which forms are owed at a moment, and how near their deadlines are: the same decisions in every time zone."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from form1.core import clock
from form1.core.periods import Period
from form1.definition import Form
from form1.definition.configuration import Calendar
from form1.unattended import schedule
from tests.making import REPOSITORY

BAKU = ZoneInfo("Asia/Baku")
KNOWN = [Period(2026, 2)]
MOMENTS = [
    pytest.param(datetime(2026, 9, 30, 23, 59, 59), ["2026-Q2 overdue"], id="last second of a quarter"),
    pytest.param(datetime(2026, 10, 1, 0, 0, 0), ["2026-Q2 overdue", "2026-Q3 open"], id="first second after it"),
    pytest.param(datetime(2026, 10, 14, 23, 59), ["2026-Q2 overdue", "2026-Q3 open"], id="eleven days before"),
    pytest.param(datetime(2026, 10, 15, 0, 0), ["2026-Q2 overdue", "2026-Q3 notice"], id="ten days before"),
    pytest.param(datetime(2026, 10, 21, 23, 59), ["2026-Q2 overdue", "2026-Q3 notice"], id="four days before"),
    pytest.param(datetime(2026, 10, 22, 0, 0), ["2026-Q2 overdue", "2026-Q3 urgent"], id="three days before"),
    pytest.param(
        datetime(2026, 10, 25, 23, 59, 59), ["2026-Q2 overdue", "2026-Q3 urgent"], id="last second of the 25th"
    ),
    pytest.param(
        datetime(2026, 10, 26, 0, 0, 0), ["2026-Q2 overdue", "2026-Q3 overdue"], id="first second of the 26th"
    ),
    pytest.param(datetime(2026, 12, 31, 23, 59), ["2026-Q2 overdue", "2026-Q3 overdue"], id="last minute of a year"),
    pytest.param(
        datetime(2027, 1, 1, 0, 0),
        ["2026-Q2 overdue", "2026-Q3 overdue", "2026-Q4 open", "2026 open"],
        id="a quarter and a year end at once",
    ),
    pytest.param(
        datetime(2027, 2, 15, 23, 59),
        ["2026-Q2 overdue", "2026-Q3 overdue", "2026-Q4 overdue", "2026 urgent"],
        id="last minute of the annual form",
    ),
    pytest.param(
        datetime(2027, 2, 16, 0, 0),
        ["2026-Q2 overdue", "2026-Q3 overdue", "2026-Q4 overdue", "2026 overdue"],
        id="annual form overdue",
    ),
]


@pytest.mark.parametrize(("moment", "owed"), MOMENTS)
@pytest.mark.parametrize("zone", ["Asia/Baku", "America/Los_Angeles", "Pacific/Kiritimati"])
def test_twelve_moments_in_three_time_zones(form: Form, moment: datetime, owed: list[str], zone: str) -> None:
    elsewhere = moment.replace(tzinfo=BAKU).astimezone(ZoneInfo(zone))
    today = clock.in_baku(elsewhere).date()
    found = schedule.obligations(form, Calendar(), today, KNOWN)
    assert [f"{o.period} {o.stage}" for o in found] == owed


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Pacific/Kiritimati"])
def test_the_clock_of_the_machine_may_stand_in_any_zone(zone: str) -> None:
    ask = "from form1.core import clock; from datetime import datetime, UTC; print(clock.now().utcoffset(), abs(clock.now() - datetime.now(UTC)).seconds)"
    done = subprocess.run(
        [sys.executable, "-c", ask], env={**os.environ, "TZ": zone, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["4:00:00", "0"]


@pytest.mark.parametrize(
    ("days_off", "holidays", "last"),
    [
        pytest.param("stay", [], date(2026, 10, 25), id="a Sunday stays"),
        pytest.param("next", [], date(2026, 10, 26), id="a Sunday moves to Monday"),
        pytest.param("previous", [], date(2026, 10, 23), id="a Sunday moves back to Friday"),
        pytest.param("next", [date(2026, 10, 26)], date(2026, 10, 27), id="and over a holiday"),
    ],
)
def test_the_offices_rule_for_days_off(form: Form, days_off, holidays, last: date) -> None:
    calendar = Calendar(days_off=days_off, holidays=tuple(holidays))
    assert schedule.deadline(form, calendar, Period(2026, 3)) == last
    on = schedule.obligation(form, calendar, Period(2026, 3), last)
    assert (on.days_left, str(on.stage)) == (0, "urgent")


def test_the_next_day_that_matters(form: Form) -> None:
    calendar = Calendar()
    days = [date(2026, 9, 20)]
    while days[-1] < date(2027, 2, 17):
        owed = schedule.obligations(form, calendar, days[-1], [Period(2026, 3)])
        days.append(schedule.next_change(form, calendar, days[-1], owed))
    assert days[1:] == [
        date(2026, 10, 1), date(2026, 10, 15), date(2026, 10, 22), date(2026, 10, 26), date(2027, 1, 1),
        date(2027, 1, 15), date(2027, 1, 22), date(2027, 1, 26), date(2027, 2, 5), date(2027, 2, 12),
        date(2027, 2, 16), date(2027, 4, 1),
    ]  # fmt: skip


def test_before_anything_is_known_the_period_that_ended_last_is_owed(form: Form) -> None:
    assert [str(o.period) for o in schedule.obligations(form, Calendar(), date(2026, 10, 3), [])] == ["2026-Q3"]
    assert [str(o.period) for o in schedule.obligations(form, Calendar(), date(2027, 1, 3), [])] == ["2026"]


def test_a_moment_without_a_zone_is_that_of_the_machine() -> None:
    assert clock.in_baku(datetime(2026, 10, 25, 20, 30, tzinfo=UTC)).isoformat() == "2026-10-26T00:30:00+04:00"
