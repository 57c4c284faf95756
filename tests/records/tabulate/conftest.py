"""What the tests of tabulation share."""

from pathlib import Path

import pytest

from form1.definition import Form
from tests.records.tabulate.making import by_chance


@pytest.fixture(scope="session")
def chance_records(form: Form, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two thousand records of every extract."""
    return by_chance(form, tmp_path_factory.mktemp("records"), 2_000)
