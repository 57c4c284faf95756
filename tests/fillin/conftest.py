"""A filled form that the tests of the template share."""

from pathlib import Path

import pytest

from form1.definition import Form
from form1.periods import Period
from form1.runs import Order
from form1.runs.build import prepare
from form1.submission import Submission
from tests.making import SAMPLE


@pytest.fixture(scope="session")
def made(form: Form) -> Submission:
    """The form of 2026-Q3, made from the sample exports."""
    return prepare(Order(form, Period(2026, 3), SAMPLE, Path("nowhere"))).submission
