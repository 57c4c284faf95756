"""Slips of whole columns and tables: what fell, was repeated, exchanged, sorted, or left empty."""

from collections.abc import Callable, Mapping

import pytest

from form1.build.assemble import fill
from form1.core.cells import Address, Cell, CellMap
from form1.core.findings import Finding, Severity
from form1.core.periods import Period
from form1.definition import Form
from form1.model.forms import RuleOutcome, RuleResult
from form1.rules import History, judge
from tests.making import counts

Q2, Q3, YEAR_BEFORE = Period(2026, 2), Period(2026, 3), Period(2025, 3)
COUNTRIES = [
    "RU", "KZ", "UA", "TR", "IR", "GE", "IN", "PK", "CN", "DE", "GB", "US",
    "IT", "FR", "IL", "JO", "IQ", "EG", "SA", "AE", "NG", "BD", "VN", "PH",
]  # fmt: skip
Count = Callable[[int, str], int]


def steady(number: int, column: str) -> int:
    """A count for the n-th row: in no order of size, men three times the women, renewed a third of the issued."""
    size = 40 + (number * 37) % 101
    return size * (3 if column in {"M", "issued"} else 1)


def cells_of(form: Form, table: str, period: Period, count: Count) -> tuple[CellMap, Mapping]:
    made = form.tables[table]
    across = made.columns[0].dimension
    columns = ("issued", "renewed") if across == "decision" else ("M", "F")
    if made.rows.dimension == "country" or "country" in made.dimensions:
        codes = COUNTRIES
    else:
        listed = form.codelist_of(made, made.rows.dimension).on(period.last_day)
        codes = [entry.code for entry in listed if not entry.counted_as and not entry.flags][:24]
    down = "country" if "country" in made.dimensions else made.rows.dimension
    rows = [
        ({"legal_status": "foreigner", down: code, across: column}, count(number, column))
        for number, code in enumerate(codes)
        for column in columns
    ]
    keyed = [({name: keys[name] for name in made.dimensions}, persons) for keys, persons in rows]
    filled = fill(form, period, {table: [counts(form, made, period, keyed)]})
    return filled.cells, filled.layouts


def judged(
    form: Form,
    table: str,
    now: Count,
    before: Mapping[Period, Count] = {},
    period: Period = Q3,
    edits: Mapping[Address, Cell] = {},
) -> tuple[list[Finding], list[RuleResult]]:
    cells, layouts = cells_of(form, table, period, now)
    history = {other: History(cells_of(form, table, other, count)[0]) for other, count in before.items()}
    return judge(form, period, {**cells, **edits}, layouts, history)


def told(findings: list[Finding], rule: str) -> list[tuple[str, str, str]]:
    return [(f.message, f.place.column, str(f.severity)) for f in findings if f.rule.split(".")[0] == rule]


def outcome(results: list[RuleResult], rule: str) -> RuleOutcome:
    return next(result.outcome for result in results if result.rule == rule)


@pytest.mark.parametrize("table", ["T01", "T02", "T03", "T06", "T07"])
def test_a_form_that_grew_has_no_slip(form: Form, table: str) -> None:
    findings, _ = judged(form, table, lambda n, c: steady(n, c) + 2, {Q2: steady, YEAR_BEFORE: steady})
    assert [f for f in findings if f.rule.split(".")[0] in {"R021", "R022", "R026", "R027", "R028", "R029"}] == []


class TestFalls:
    def test_a_column_that_falls_is_an_error_though_the_total_rises(self, form: Form) -> None:
        now: Count = lambda n, c: steady(n, c) * 9 // 10 if c == "F" else steady(n, c) * 11 // 10  # noqa: E731
        findings, _ = judged(form, "T01", now, {Q2: steady})
        assert told(findings, "R021") == [("fell_below", "F", "error")]

    @pytest.mark.parametrize(("moved", "severity"), [(1, "warning"), (40, "error")])
    def test_a_few_persons_of_corrected_sex_are_a_warning(self, form: Form, moved: int, severity: str) -> None:
        def now(number: int, column: str) -> int:
            return steady(number, column) + ((-moved if column == "F" else moved) if number == 0 else 0)

        findings, _ = judged(form, "T02", now, {Q2: steady})
        assert told(findings, "R021") == [("fell_below", "F", severity)]

    def test_a_total_that_falls_by_one_is_an_error(self, form: Form) -> None:
        findings, _ = judged(form, "T02", lambda n, c: steady(n, c) - (n == 0 and c == "M"), {Q2: steady})
        assert ("fell_below", "T", "error") in told(findings, "R021")

    @pytest.mark.parametrize(("rows", "severity"), [(4, "warning"), (5, "error")])
    def test_many_rows_that_fall_are_errors(self, form: Form, rows: int, severity: str) -> None:
        now: Count = lambda n, c: steady(n, c) // 2 if 3 <= n < 3 + rows else steady(n, c) * 2  # noqa: E731
        findings, _ = judged(form, "T01", now, {Q2: steady})
        assert {severity for _, _, severity in told(findings, "R022")} == {severity}
        assert len(told(findings, "R022")) == rows

    def test_many_small_falls_are_warnings(self, form: Form) -> None:
        now: Count = lambda n, c: steady(n, c) - 1 if n < 8 else steady(n, c) * 2  # noqa: E731
        findings, _ = judged(form, "T01", now, {Q2: steady})
        assert {severity for _, _, severity in told(findings, "R022")} == {"warning"}

    def test_who_is_given_a_citizenship_leaves_a_row_that_may_fall(self, form: Form) -> None:
        cells, layouts = cells_of(form, "T01", Q3, steady)
        before = {**cells, ("T01", "XXX", "T"): Cell(9)}
        findings, _ = judge(form, Q3, cells, layouts, {Q2: History(before)})
        assert told(findings, "R022") == []
        before = {**cells, ("T01", "MT", "T"): Cell(9)}
        findings, _ = judge(form, Q3, cells, layouts, {Q2: History(before)})
        assert told(findings, "R022") == [("fell_below", "T", "warning")]

    def test_a_new_year_begins_from_nothing(self, form: Form) -> None:
        findings, results = judged(
            form, "T01", lambda n, c: steady(n, c) // 4, {Period(2025, 4): steady}, period=Period(2026, 1)
        )
        assert told(findings, "R021") == []
        assert outcome(results, "R021.T01") == RuleOutcome.NOT_EVALUATED


class TestRepeats:
    def test_last_year_pasted_is_an_error(self, form: Form) -> None:
        findings, _ = judged(form, "T01", steady, {YEAR_BEFORE: steady})
        assert told(findings, "R026") == [("repeats_period", "T", "error")]

    def test_one_cumulative_table_like_the_quarter_before_is_a_warning(self, form: Form) -> None:
        cells, layouts = cells_of(form, "T01", Q3, steady)
        other, more = cells_of(form, "T02", Q3, steady)
        third, most = cells_of(form, "T07", Q3, steady)
        grown = {a: Cell((c.value or 0) + 1) for a, c in {**other, **third}.items()}
        findings, _ = judge(
            form, Q3, {**cells, **other, **third}, {**layouts, **more, **most}, {Q2: History({**cells, **grown})}
        )
        assert told(findings, "R026") == [("repeats_period", "T", "warning")]

    def test_most_tables_like_the_quarter_before_are_errors(self, form: Form) -> None:
        cells, layouts = cells_of(form, "T01", Q3, steady)
        other, more = cells_of(form, "T02", Q3, steady)
        findings, _ = judge(form, Q3, {**cells, **other}, {**layouts, **more}, {Q2: History({**cells, **other})})
        assert told(findings, "R026") == [("repeats_period", "T", "error")] * 2

    def test_few_telling_counts_are_no_more_than_a_warning(self, form: Form) -> None:
        few: Count = lambda n, c: steady(n, c) if n < 14 else 0  # noqa: E731 - 28 telling counts
        findings, _ = judged(form, "T01", few, {YEAR_BEFORE: few})
        assert told(findings, "R026") == [("repeats_period", "T", "warning")]
        enough: Count = lambda n, c: steady(n, c) if n < 15 else 0  # noqa: E731 - 30 telling counts
        findings, _ = judged(form, "T01", enough, {YEAR_BEFORE: enough})
        assert told(findings, "R026") == [("repeats_period", "T", "error")]


class TestExchanged:
    @pytest.mark.parametrize(
        ("table", "left", "right"), [("T01", "M", "F"), ("T03", "M", "F"), ("T07", "issued", "renewed")]
    )
    def test_columns_exchanged_are_an_error(self, form: Form, table: str, left: str, right: str) -> None:
        swapped: Count = lambda n, c: steady(n, left if c == right else right) * 2  # noqa: E731
        findings, _ = judged(form, table, swapped, {YEAR_BEFORE: steady})
        assert told(findings, "R029") == [("columns_exchanged", left, "error")]

    def test_halves_that_are_alike_cannot_be_told(self, form: Form) -> None:
        alike: Count = lambda n, c: 50 + n if c == "M" else 48 + n  # noqa: E731
        swapped: Count = lambda n, c: alike(n, "F" if c == "M" else "M")  # noqa: E731
        assert told(judged(form, "T01", swapped, {YEAR_BEFORE: alike})[0], "R029") == []

    def test_shares_that_moved_are_not_exchanged(self, form: Form) -> None:
        moved: Count = lambda n, c: 60 if c == "M" else 40  # noqa: E731
        assert told(judged(form, "T01", moved, {YEAR_BEFORE: steady})[0], "R029") == []

    def test_a_small_office_is_left_alone(self, form: Form) -> None:
        small: Count = lambda n, c: (3 if c == "M" else 1) * 10 if n < 2 else 0  # noqa: E731
        swapped: Count = lambda n, c: small(n, "F" if c == "M" else "M")  # noqa: E731
        assert told(judged(form, "T01", swapped, {YEAR_BEFORE: small})[0], "R029") == []

    def test_without_history_nothing_is_said(self, form: Form) -> None:
        findings, results = judged(form, "T01", steady)
        assert told(findings, "R029") == []
        assert outcome(results, "R029.T01") == RuleOutcome.NOT_EVALUATED


class TestSorted:
    @pytest.mark.parametrize("table", ["T03", "T07"])
    @pytest.mark.parametrize("sign", [1, -1])
    def test_counts_in_order_of_size_are_an_error(self, form: Form, table: str, sign: int) -> None:
        ordered: Count = lambda n, c: 400 + sign * 7 * n  # noqa: E731
        cells, layouts = cells_of(form, table, Q3, steady)
        detail = [row.code for row in layouts[table].rows if row.counted]
        column = layouts[table].columns[0].code
        edits = {(table, row, column): Cell(ordered(n, "")) for n, row in enumerate(detail)}
        findings, _ = judge(form, Q3, {**cells, **edits}, layouts, {})
        assert told(findings, "R028") == [("numbers_sorted", column, "error")]

    @pytest.mark.parametrize(("different", "found"), [(7, 0), (8, 1)])
    def test_fewer_than_eight_counts_may_stand_in_order(self, form: Form, different: int, found: int) -> None:
        cells, layouts = cells_of(form, "T03", Q3, lambda n, c: 0)
        detail = [row.code for row in layouts["T03"].rows if row.counted]
        edits = {("T03", row, "T"): Cell(max(0, different - 1 - n)) for n, row in enumerate(detail)}
        findings, _ = judge(form, Q3, {**cells, **edits}, layouts, {})
        assert len(told(findings, "R028")) == found


class TestEmpty:
    def test_a_form_of_zeros_is_told_once(self, form: Form) -> None:
        cells, layouts = cells_of(form, "T01", Q3, lambda n, c: 0)
        other, more = cells_of(form, "T07", Q3, lambda n, c: 0)
        findings, _ = judge(form, Q3, {**cells, **other}, {**layouts, **more}, {})
        assert [(f.message, f.place.table, f.severity) for f in findings if f.rule.startswith("R027")] == [
            ("form_of_zeros", "T01", Severity.ERROR)
        ]

    def test_an_empty_table_beside_counts_of_its_universe_is_an_error(self, form: Form) -> None:
        cells, layouts = cells_of(form, "T02", Q3, lambda n, c: 0)
        other, more = cells_of(form, "T03", Q3, steady)
        findings, _ = judge(form, Q3, {**cells, **other}, {**layouts, **more}, {})
        assert [(f.message, f.place.table) for f in findings if f.rule.startswith("R027")] == [
            ("table_of_zeros", "T02")
        ]

    @pytest.mark.parametrize(("before", "found"), [(steady, 1), (lambda n, c: 0, 0)])
    def test_an_empty_table_where_there_were_counts(self, form: Form, before: Count, found: int) -> None:
        cells, layouts = cells_of(form, "T07", Q3, lambda n, c: 0)
        other, more = cells_of(form, "T01", Q3, steady)
        past = {**cells_of(form, "T07", YEAR_BEFORE, before)[0], **other}
        findings, _ = judge(form, Q3, {**cells, **other}, {**layouts, **more}, {YEAR_BEFORE: History(past)})
        assert len([f for f in findings if f.rule == "R027.T07"]) == found
