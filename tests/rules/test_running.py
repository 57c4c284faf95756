"""A period that is still running, by the clock of Baku: its last day counts, the next day is named."""

from datetime import datetime

import pytest

from form1 import rules
from form1.core.findings import Severity
from form1.core.periods import Period
from form1.definition import Form
from form1.definition.wording import say


@pytest.mark.parametrize(
    ("period", "now", "told"),
    [
        pytest.param("2026-Q3", "2026-09-30T23:59:59+04:00", True, id="the last second of the last day"),
        pytest.param("2026-Q3", "2026-10-01T00:00:00+04:00", False, id="the first of the next"),
        pytest.param("2026-Q3", "2026-09-30T20:00:00+00:00", False, id="midnight in Baku, evening elsewhere"),
        pytest.param("2026-Q3", "2026-10-01T00:30:00+05:00", True, id="morning elsewhere, night in Baku"),
        pytest.param("2026", "2026-10-20T06:00:00+04:00", True, id="a year after its third quarter"),
        pytest.param("2031-Q4", "2026-10-20T06:00:00+04:00", True, id="years ahead"),
    ],
)
def test_a_period_is_over_when_its_last_day_is(period: str, now: str, told: bool) -> None:
    found = list(rules.not_over(Period.parse(period), datetime.fromisoformat(now)))
    assert [finding.severity for finding in found] == [Severity.ERROR] * told


@pytest.mark.parametrize(
    ("draft", "severity"), [(False, Severity.ERROR), (True, Severity.WARNING)], ids=["form", "draft"]
)
def test_the_day_is_named_from_which_it_works(form: Form, draft: bool, severity: Severity) -> None:
    now = datetime.fromisoformat("2026-10-20T06:00:00+04:00")
    (finding,) = rules.not_over(Period(2026, 4), now, draft=draft)
    assert finding.severity == severity
    assert "1 yanvar 2027-ci il tarixindən" in say(form, finding, "az")
    assert "from 1 January 2027 on" in say(form, finding, "en")
    assert "с 1 января 2027 года" in say(form, finding, "ru")
