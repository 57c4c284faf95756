"""The template filled by hand and read back: by `check` and by `build`, number for number what was typed."""

from pathlib import Path

import pytest

from form1.definition import Form
from form1.findings import Verdict
from form1.periods import Period
from form1.receive import Received, receive
from form1.runs import Order
from form1.runs.build import prepare
from form1.submission import Submission
from tests.fillin.filling import blank, filled, values
from tests.making import SAMPLE

PERIODS = {"2026-Q3": "az", "2026-Q1": "en", "2026-Q2": "ru", "2025": "az"}


def submission(form: Form, period: Period) -> Submission:
    return prepare(Order(form, period, SAMPLE, Path("nowhere"))).submission


def received(form: Form, folder: Path, content: bytes) -> Received:
    path = folder / "filled.xlsx"
    path.write_bytes(content)
    read = receive(form, path)
    assert isinstance(read, Received)
    return read


@pytest.mark.parametrize(("written", "language"), PERIODS.items())
def test_filled_and_received(form: Form, tmp_path: Path, written: str, language: str) -> None:
    period = Period.parse(written)
    made = submission(form, period)
    read = received(form, tmp_path, filled(blank(form, period, language), form, period, made.cells))  # type: ignore[arg-type]
    assert (read.period, read.language) == (period, language)
    assert values(read.cells) == values(made.cells)
    assert [finding.message for finding in read.findings] == ["fillin_sums_computed"]


def test_filled_and_built(form: Form, tmp_path: Path) -> None:
    period = Period(2026, 3)
    made = submission(form, period)
    folder = tmp_path / "exports" / str(period)
    folder.mkdir(parents=True)
    (folder / "by hand.xlsx").write_bytes(filled(blank(form, period), form, period, made.cells))
    built = prepare(Order(form, period, tmp_path / "exports", tmp_path / "output")).submission
    assert built.verdict != Verdict.REJECTED, built.findings[:5]
    assert values(built.cells) == values(made.cells)
    assert [file.name for file in built.inputs] == ["2026-Q3/by hand.xlsx"]


def test_the_same_bytes_twice(form: Form) -> None:
    assert blank(form, Period(2026, 3)) == blank(form, Period(2026, 3))
