"""A whole form of the sample, the period before it, and ways to spoil it."""

import pytest

from form1 import assemble
from form1.assemble import Filled
from form1.definition import Form
from form1.periods import Period
from form1.runs.gathering import gather
from tests.making import SAMPLE


def _filled(form: Form, period: Period) -> Filled:
    return assemble.fill(form, period, gather(form, SAMPLE, period).counts)


@pytest.fixture(scope="session")
def sample(form: Form) -> Filled:
    """The ten tables of 2026-Q3, without an error."""
    return _filled(form, Period(2026, 3))


@pytest.fixture(scope="session")
def before(form: Form) -> Filled:
    """The ten tables of 2026-Q2."""
    return _filled(form, Period(2026, 2))
