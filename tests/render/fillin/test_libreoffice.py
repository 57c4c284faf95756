"""The template in LibreOffice: its formulas are computed, and every number is read back as it was typed."""

from pathlib import Path

import pytest

from form1.core.periods import Period
from form1.definition import Form
from form1.model.forms import Edition
from tests.render.fillin.office import OFFICE, differences


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_computed_saved_and_read_back(few: Form, blank_of_few: bytes, made_of_few: Edition, tmp_path: Path) -> None:
    """A few tables, one save; the rest is `python -m tests.render.fillin.office`."""
    assert list(differences(few, Period(2026, 3), blank_of_few, made_of_few.cells, tmp_path, ("xlsx",))) == []
