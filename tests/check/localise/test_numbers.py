"""How one number became another: each slip of a hand or of a program, and what is not one."""

import pytest

from form1.check.localise.numbers import is_telling, slip


@pytest.mark.parametrize(
    ("value", "would_be", "kind"),
    [
        pytest.param(0, 1204, "cause_zeroed", id="zeroed"),
        pytest.param(0, 0, "cause_zeroed", id="zero that stays zero"),
        pytest.param(12040, 1204, "cause_factor", id="a zero too many"),
        pytest.param(120400, 1204, "cause_factor", id="a hundredfold"),
        pytest.param(1204000, 1204, "cause_factor", id="a thousandfold"),
        pytest.param(12040000, 1204, "cause_value", id="ten thousandfold: nobody counts so"),
        pytest.param(12, 120, "cause_factor", id="a zero lost"),
        pytest.param(12, 1200, "cause_factor", id="a hundredth"),
        pytest.param(12, 12000, "cause_factor", id="in thousands"),
        pytest.param(-1000, -10, "cause_value", id="a hundredfold of what no count is"),
        pytest.param(2, 1, "cause_value", id="another digit alone is no slip"),
        pytest.param(1240, 1204, "cause_digits", id="last digits exchanged"),
        pytest.param(2104, 1204, "cause_digits", id="first digits exchanged"),
        pytest.param(1024, 1204, "cause_digits", id="middle digits exchanged"),
        pytest.param(4201, 1204, "cause_value", id="digits exchanged that are no neighbours"),
        pytest.param(1402, 1204, "cause_value", id="digits exchanged over another"),
        pytest.param(1249, 1204, "cause_value", id="two neighbours replaced"),
        pytest.param(2014, 1204, "cause_value", id="three digits moved"),
        pytest.param(21, 12, "cause_digits", id="both digits of a small number"),
        pytest.param(1209, 1204, "cause_one_digit", id="last digit replaced"),
        pytest.param(7204, 1204, "cause_one_digit", id="first digit replaced"),
        pytest.param(19, 14, "cause_one_digit", id="one digit of two"),
        pytest.param(9, 4, "cause_value", id="the only digit"),
        pytest.param(124, 1204, "cause_digit_lost", id="a digit in the middle dropped"),
        pytest.param(204, 1204, "cause_digit_lost", id="the first digit dropped"),
        pytest.param(123, 1234, "cause_digit_lost", id="the last digit dropped"),
        pytest.param(12204, 1204, "cause_digit_lost", id="a digit doubled"),
        pytest.param(12049, 1204, "cause_digit_lost", id="a digit too many at the end"),
        pytest.param(12, 123, "cause_digit_lost", id="two of three digits"),
        pytest.param(1, 13, "cause_value", id="one of two digits says nothing"),
        pytest.param(13, 1, "cause_value", id="two digits for one say nothing"),
        pytest.param(12, 1294, "cause_value", id="two digits dropped"),
        pytest.param(98, 1204, "cause_value", id="two digits fewer and others"),
        pytest.param(124, 1235, "cause_value", id="a digit dropped and one replaced"),
        pytest.param(77, 1204, "cause_value", id="another number"),
    ],
)
@pytest.mark.parametrize("is_total", [False, True])
def test_each_slip(value: int, would_be: int, kind: str, is_total: bool) -> None:
    if is_total and kind == "cause_value":
        kind = "cause_total"
    assert slip(value, would_be, is_total=is_total, before=None) == kind


@pytest.mark.parametrize(
    ("value", "before", "kind"),
    [
        pytest.param(10, 10, "cause_last_period", id="the count of the last period"),
        pytest.param(9, 9, "cause_value", id="too small to tell"),
        pytest.param(10, 11, "cause_value", id="another than in the last period"),
        pytest.param(0, 0, "cause_zeroed", id="zero as in the last period"),
    ],
)
def test_a_count_left_from_the_last_period(value: int, before: int, kind: str) -> None:
    assert slip(value, 777, is_total=False, before=before) == kind


def test_a_factor_weighs_more_than_the_last_period() -> None:
    assert slip(120, 12, is_total=False, before=120) == "cause_factor"
    assert slip(1240, 1204, is_total=False, before=1240) == "cause_last_period"


def test_slips_that_a_random_number_would_hardly_look_like() -> None:
    kinds = [
        "cause_zeroed", "cause_factor", "cause_last_period", "cause_digits", "cause_one_digit", "cause_digit_lost", "cause_total", "cause_value",
    ]  # fmt: skip
    assert [is_telling(kind) for kind in kinds] == [True] * 4 + [False] * 4
