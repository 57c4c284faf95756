"""Counts that slipped by a line or stand in another unit, and the period that a table repeats, before or after."""

import pytest

from form1.core.findings import Severity
from form1.core.periods import Period
from form1.definition import Form
from tests.rules.one_rule import Q2, Q3, YEAR_BEFORE, a_rule, history, layout, tried


def _rows(form: Form) -> list[str]:
    return [row.code for row in layout(form, "T03").rows if row.counted]


def _column(rows: list[str], counts: list[int]) -> dict[tuple[str, str, str], int]:
    return {
        **{("T03", row, "T"): count for row, count in zip(rows, counts, strict=True)},
        ("T03", "T", "T"): sum(counts),
    }


def _counts(rows: list[str]) -> list[int]:
    """Counts that differ much from line to line."""
    return [(place * place * 7919) % 977 + 3 for place in range(len(rows))]


SHIFTED = {"ratio": 0.4, "at_least": 4, "gravity": {"many": 100, "share": 0.25}, "against": ("previous",)}


@pytest.mark.parametrize(
    ("first", "last", "by", "found"),
    [
        pytest.param(0, 19, 1, True, id="all lines down"),
        pytest.param(0, 19, -1, True, id="all lines up"),
        pytest.param(4, 19, 1, True, id="most lines"),
        pytest.param(8, 10, 1, False, id="too few lines"),
        pytest.param(0, 0, 1, False, id="no line"),
    ],
)
def test_lines_that_slipped(form: Form, first: int, last: int, by: int, found: bool) -> None:
    rows = _rows(form)
    counts = _counts(rows)
    now = list(counts)
    for place in range(first, min(last, len(rows))):
        now[place] = counts[(place - by) % len(rows)]
    rule = a_rule("not_shifted", cells=("T03", "*", "T"), severity="error", **SHIFTED)
    result = tried(form, rule, _column(rows, now), [layout(form, "T03")], {Q2: history(_column(rows, counts))})
    assert bool(result.findings) is found
    for finding in result.findings:
        assert (finding.message, finding.severity, finding.facts["other"]) == (
            "lines_shifted",
            Severity.ERROR,
            "2026-Q2",
        )


def test_a_table_that_grew_has_not_slipped(form: Form) -> None:
    rows = _rows(form)
    counts = _counts(rows)
    rule = a_rule("not_shifted", cells=("T03", "*", "T"), **SHIFTED)
    grown = _column(rows, [count * 3 + 5 for count in counts])
    before = {Q2: history(_column(rows, counts))}
    assert tried(form, rule, grown, [layout(form, "T03")], before).outcome == ("pass", 1, 0)
    assert tried(form, rule, grown, [layout(form, "T03")]).outcome == ("not_evaluated", 0, 0)


@pytest.mark.parametrize(
    ("now", "before", "found"),
    [
        (1_000_000, 1000, True),
        (4_000_000, 1000, True),
        (4_000_001, 1000, False),
        (250_000, 1000, True),
        (249_999, 1000, False),
        (1, 1000, True),
        (1, 99, False),
        (1000, 0, False),
        (1200, 1000, False),
    ],
)
def test_a_table_in_another_unit(form: Form, now: int, before: int, found: bool) -> None:
    at = ("T10", "T", "T")
    rule = a_rule("not_scaled", cells=("T10", "T", "T"), factor=1000, ratio=4, at_least=100, against=("previous",))
    result = tried(form, rule, {at: now}, [layout(form, "T10")], {Q2: history({at: before})})
    said = [("table_scaled", "T10/T/T", {"found": now, "before": before, "factor": 1000, "other": "2026-Q2"})]
    assert result.said == (said if found else [])


REPEATS = {"ratio": 0.9, "at_least": 10, "gravity": {"many": 3, "share": 0.5}, "each": ("T08",)}


def _stock(form: Form) -> dict[tuple[str, str, str], int]:
    """A table of a stock, full of telling counts."""
    of = layout(form, "T08")
    return {
        ("T08", row.code, column.code): 20 + place
        for place, (row, column) in enumerate((row, column) for row in of.rows for column in of.columns)
    }


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (Q2, "repeats_period"),
        (YEAR_BEFORE, "repeats_period"),
        (Period(2026, 4), "repeats_later_period"),
        (Period(2027, 3), "repeats_later_period"),
        (Q3, None),
        (Period(2026), None),
    ],
    ids=str,
)
def test_a_table_is_that_of_another_period(form: Form, other: Period, message: str | None) -> None:
    against = ("previous", "year_before", "next", "year_after")
    rule = a_rule("repeats", cells=("*", "*", "*"), against=against, **REPEATS)
    counts = _stock(form)
    result = tried(form, rule, counts, [layout(form, "T08")], {other: history(counts)})
    assert [finding.message for finding in result.findings] == ([message] if message else [])
    assert all(finding.severity == Severity.ERROR for finding in result.findings)


def test_a_later_period_that_does_not_stand_blocks_nothing(form: Form) -> None:
    rule = a_rule("repeats", cells=("*", "*", "*"), against=("next", "year_after", "previous"), **REPEATS)
    counts = _stock(form)
    other = {at: count + 1 for at, count in counts.items()}
    result = tried(form, rule, counts, [layout(form, "T08")], {Q2: history(other)})
    assert result.outcome == ("pass", 1, 0)
