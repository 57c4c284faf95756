"""What the tests share: the definition of the form as it stands in reference/."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from form1.core import clock
from form1.definition import Form, load

LONG_AFTER = datetime.fromisoformat("2026-11-28T12:00:00+04:00")
"""When the periods of the sample are over."""


@pytest.fixture(scope="session", autouse=True)
def _after_the_sample() -> Iterator[None]:
    """Let no machine's clock stand before the end of the sample's periods."""
    of_machine = clock.now
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: max(of_machine(), LONG_AFTER))
        yield


@pytest.fixture(scope="session")
def form() -> Form:
    """The definition of the form."""
    return load()


@pytest.fixture(scope="module")
def quick_drawing() -> Iterator[None]:
    """Workbook, PDF and report of a few bytes, for tests of what is published and when; the data are the product's."""
    from form1.build import publishing, recipe, rejected
    from tests.unattended import quick

    with pytest.MonkeyPatch.context() as patch:
        for module in (publishing, recipe):
            patch.setattr(module, "draw", quick.draw)
        patch.setattr(rejected.report, "draw_rejected", lambda judged: b"<html>")
        yield
