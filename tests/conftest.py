"""What the tests share: the definition of the form, earlier periods that are read once, quick drawing."""

import hashlib
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from form1.build import history
from form1.core import clock
from form1.core.errors import Form1Error
from form1.core.periods import Period
from form1.definition import Form, load
from form1.model.history import History

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


@pytest.fixture(scope="session")
def earlier_once() -> Iterator[None]:
    """Read the exports of an earlier period once, as long as the form and no byte of them or of those before changes.

    Six earlier periods stand beside each build of the sample, and take three quarters of its time. The period that is
    built is read anew each time.
    """
    known: list[tuple[tuple[object, ...], History]] = []
    read = history._from_exports

    def once(form: Form, period: Period, earlier: Period, tables: Collection[str], exports: Path) -> History:
        try:
            asked = (form, period, earlier, sorted(tables), _bytes_until(earlier, exports))
        except (OSError, ValueError, Form1Error):  # what cannot be read is for the product to say
            return read(form, period, earlier, tables, exports)
        found = next((result for key, result in known if key[1:] == asked[1:] and key[0] == form), None)
        if found is None:
            found = read(form, period, earlier, tables, exports)
            known.append((asked, found))
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(history, "_from_exports", once)
        yield


def _bytes_until(last: Period, exports: Path) -> list[tuple[str, str]]:
    """Names and hashes of all exports up to a period."""
    return [
        (path.relative_to(exports).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest())
        for folder in sorted(exports.iterdir())
        if folder.is_dir() and Period.parse(folder.name).last_day <= last.last_day
        for path in sorted(folder.rglob("*"))
        if not path.is_dir()
    ]


@pytest.fixture(scope="module")
def quick_drawing(earlier_once: None) -> Iterator[None]:
    """Workbook, PDF and report of a few bytes, for tests of what is published and when; the data are the product's."""
    from form1.build import publishing, recipe, rejected
    from tests.unattended import quick

    with pytest.MonkeyPatch.context() as patch:
        for module in (publishing, recipe):
            patch.setattr(module, "draw", quick.draw)
        patch.setattr(rejected.report, "draw_rejected", lambda judged: b"<html>")
        yield
