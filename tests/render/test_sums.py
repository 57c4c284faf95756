"""Python 3.12 adds floats more exactly than 3.11 does: no width, height or share of a file may depend on which it was.

`sum` is put in the way of either Python in turn, for our code and for the libraries; the bytes must be the same.
"""

import builtins
import math
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from form1.check.report.workbook import draw as draw_check
from form1.core.folders import data_folder
from form1.core.periods import Period
from form1.definition import Form
from form1.records.invented import codes_by_date, settings
from form1.records.invented.extracts import Invented
from form1.render.pictures import svg
from form1.render.workbook import draw, writer
from tests.build.summary.making import figures
from tests.check.report import judged
from tests.render import workbook_samples
from tests.render.test_pictures import COUNTS

SUM = builtins.sum


def in_turn(values: Iterable[Any], start: Any = 0) -> Any:
    """As Python 3.11 adds: each float is rounded as it comes."""
    for value in values:
        start = start + value
    return start


def exactly(values: Iterable[Any], start: Any = 0) -> Any:
    """As Python 3.12 and later add: rounded once, as good as always."""
    values = [start, *values]
    return math.fsum(values) if any(isinstance(value, float) for value in values) else SUM(values[1:], start)


def workbook(form: Form) -> object:
    return draw(workbook_samples.full(form, "az", Period.parse("2026-Q3")))


def checked(form: Form) -> object:
    return draw_check(judged.received_form(form))


def pictures(form: Form) -> object:
    return [svg(figure, "az") for figure in figures(form, COUNTS).values() if figure.has_picture]


def register(form: Form) -> object:
    period = Period.parse("2026-Q3")
    invented = Invented(form.of(period), period, *settings.read(data_folder("sample_data")), 1)
    return [population._rows.tobytes() for population in invented._populations]


def codes(form: Form) -> object:
    weights = {code: (0.1 * number, 0.3 * number) for number, code in enumerate("ABCDEFG", start=1)}
    return codes_by_date._without(weights, dict(list(weights.items())[:6]), (0.2, 0.3))


@pytest.mark.parametrize("made", [workbook, checked, pictures, register, codes])
def test_the_same_bytes_however_this_python_adds(
    form: Form, monkeypatch: pytest.MonkeyPatch, made: Callable[[Form], object]
) -> None:
    monkeypatch.setattr(builtins, "sum", in_turn)
    earlier = made(form)
    monkeypatch.setattr(builtins, "sum", exactly)
    assert made(form) == earlier


def test_the_width_of_a_text_is_rounded_once() -> None:
    letters = "Azərbaycan Respublikası"
    advances = [writer._EM.get(letter, 0.56) for letter in letters]
    assert in_turn(advances) != math.fsum(advances)
    assert writer.text_width(letters, 1.0) == math.fsum(advances) * writer._SAFETY
