"""What the tests share: the definition of the form as it stands in reference/."""

from collections.abc import Iterator

import pytest

from form1.definition import Form, load


@pytest.fixture(scope="session")
def form() -> Form:
    """The definition of the form."""
    return load()


@pytest.fixture(scope="module")
def quick_drawing() -> Iterator[None]:
    """Workbook, PDF and report of a few bytes, for tests of what is published and when; the data are the product's."""
    from form1.build import publishing, recipe
    from tests.unattended import quick

    with pytest.MonkeyPatch.context() as patch:
        for module in (publishing, recipe):
            patch.setattr(module, "draw", quick.draw)
        yield
