"""A count of a received form in which something is raised, lowered or struck out is read in no way."""

import pytest

from tests.build.sources.drawn import LOWERED, RAISED, STRUCK, runs
from tests.xlsx.read.packages import cell, changed, understood


@pytest.mark.parametrize(
    ("pieces", "message"),
    [
        pytest.param([("12", ""), ("3", RAISED)], "text_marked_in_part", id="raised"),
        pytest.param([("12", ""), ("3", LOWERED)], "text_marked_in_part", id="lowered"),
        pytest.param([("12", STRUCK), ("3", "<b/>")], "text_marked_in_part", id="struck out in part"),
        pytest.param([("123", STRUCK)], "text_struck_out", id="struck out"),
        pytest.param([("123", RAISED)], "text_raised", id="raised as a whole"),
    ],
)
def test_a_marked_count_is_a_gap_with_both_readings(pieces: list[tuple[str, str]], message: str) -> None:
    found = [each for each in understood(changed(cell("E8", runs(*pieces)))).findings if each.message == message]
    assert [(each.place.cell, each.severity, each.facts["found"]) for each in found] == [("E8", "error", "123")]
