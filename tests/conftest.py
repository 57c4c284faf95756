"""What the tests share: the definition of the form as it stands in reference/."""

import pytest

from form1.definition import Form, load


@pytest.fixture(scope="session")
def form() -> Form:
    """The definition of the form."""
    return load()
