"""A whole form of the sample, the period before it, and ways to spoil it."""

import pytest

from form1.build import assemble
from form1.build.assemble import Filled
from form1.build.gathering import gather
from form1.core.periods import Period
from form1.definition import Form
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
