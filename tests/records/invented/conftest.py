"""What the tests of the invented register share."""

from pathlib import Path

import polars as pl
import pytest

from form1.core.folders import data_folder
from form1.core.periods import Period
from form1.definition import Form
from form1.records.invented import settings as given
from form1.records.invented.extracts import Invented
from form1.records.invented.recipe import SampleOrder, make
from form1.records.invented.writing import Manner

Q3 = Period(2026, 3)


@pytest.fixture(scope="session")
def invented(form: Form, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten thousand persons as CSV."""
    folder = tmp_path_factory.mktemp("register") / "records"
    make(SampleOrder(form.of(Q3), Q3, 10_000, folder, manner=Manner("csv")))
    return folder


@pytest.fixture(scope="session")
def many(form: Form) -> dict[str, pl.DataFrame]:
    """The records of 262,144 persons up to 2025, by extract."""
    return Invented(form.of(Period(2025)), Period(2025), *given.read(data_folder("sample_data")), 5).slice(0, 262_144)
