"""Forms that the tests of the template fill: the whole one, and one of a few tables where the others are no matter."""

from pathlib import Path

import pytest

from form1.build.recipe import BuildOrder, prepare
from form1.core.periods import Period
from form1.definition import Form
from form1.model.forms import Edition
from tests.making import SAMPLE, of_tables
from tests.render.fillin.filling import blank, filled

Q3 = Period(2026, 3)
FEW = ("T03", "T05", "T07", "T10")
"""A closed table, one with a rare row, an open one, one of a single line."""


@pytest.fixture(scope="session")
def few(form: Form) -> Form:
    """The form with a few of its tables."""
    return of_tables(form, FEW)


@pytest.fixture(scope="session")
def made(form: Form) -> Edition:
    """The form of 2026-Q3, made from the sample exports."""
    return prepare(BuildOrder(form, Q3, SAMPLE, Path("nowhere"))).submission


@pytest.fixture(scope="session")
def made_of_few(few: Form) -> Edition:
    """A few tables of 2026-Q3, made from the sample exports."""
    return prepare(BuildOrder(few, Q3, SAMPLE, Path("nowhere"))).submission


@pytest.fixture(scope="session")
def blank_of_few(few: Form) -> bytes:
    """The template of a few tables."""
    return blank(few, Q3)


@pytest.fixture(scope="session")
def typed(few: Form, blank_of_few: bytes, made_of_few: Edition) -> bytes:
    """The same with every number typed."""
    return filled(blank_of_few, few, Q3, made_of_few.cells)
