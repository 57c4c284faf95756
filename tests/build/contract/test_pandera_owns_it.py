"""Each kind of check of the contract is pandera's: its fault is found, and no longer when that check is taken out."""

from collections.abc import Callable

import pandera.polars as pa
import polars as pl
import pytest
from pandera.errors import SchemaErrors

from form1.build.contract import checking
from form1.build.contract.resolve import resolve
from form1.build.contract.schema import Rule, lines_schema
from form1.core.findings import Severity
from form1.core.periods import Period
from form1.definition import Form
from form1.model.exports import PERIOD_STATED, Export, cell_of, label_of
from form1.model.forms import InputFile

PERIOD = Period.parse("2026-Q3")
FILE = InputFile("2026-Q3/export.csv", 1, "0" * 64)
GOOD = [("45.1.8", "M", "10"), ("45.1.8", "F", "2"), ("45.1.9", "M", "4"), ("45.1.9", "F", "6")]


def export(rows=GOOD, *, without: str = "", across: tuple[str, ...] = (), stated: str = "") -> Export:
    names = [label_of("ground"), label_of("sex"), "written"]
    lines = pl.DataFrame(
        [(line, "persons", *row) for line, row in enumerate(rows, start=2)],
        schema={"line": pl.Int64, "cell": pl.String, **dict.fromkeys(names, pl.String)},
        orient="row",
    )
    if stated:
        other = [pl.lit(stated).alias(label_of(PERIOD_STATED)), pl.lit("Period").alias(cell_of(PERIOD_STATED))]
        lines = lines.with_columns(other)
    return Export("T03", FILE, "", lines.drop(without) if without else lines, 1, across)


def changed(row: int, column: int, becomes: str) -> list[tuple[str, ...]]:
    rows = [list(each) for each in GOOD]
    rows[row][column] = becomes
    return [tuple(each) for each in rows]


FAULTS = [
    pytest.param(export(without=label_of("sex")), Rule.COLUMN, "column_missing", 1, id="a column of labels is missing"),
    pytest.param(export(without="written"), Rule.COLUMN, "column_missing", 1, id="the column of counts is missing"),
    pytest.param(export(changed(0, 0, "45.1.999")), Rule.CODE, "label_unknown", 2, id="a code of no list"),
    pytest.param(export(changed(2, 2, "-4")), Rule.COUNT, "count_not_whole", 4, id="below zero"),
    pytest.param(export(changed(2, 2, "3.5")), Rule.COUNT, "count_not_whole", 4, id="a fraction"),
    pytest.param(export(changed(2, 2, "٣")), Rule.COUNT, "count_not_whole", 4, id="digits of another script"),
    pytest.param(export(changed(2, 2, " ")), Rule.COUNT, "count_empty", 4, id="no count"),
    pytest.param(export(changed(2, 2, "1" * 16)), Rule.RANGE, "count_not_whole", 4, id="beyond all counts"),
    pytest.param(export(changed(2, 2, "9" * 5000)), Rule.RANGE, "count_not_whole", 4, id="beyond all numbers"),
    pytest.param(export([*GOOD, ("45.1.8", "Kişi", "10")]), Rule.KEY, "key_twice", 6, id="a key twice"),
    pytest.param(export(stated="2026-Q2"), Rule.PERIOD, "other_period", 2, id="another period"),
    pytest.param(
        export(GOOD[::2], across=("sex",)), Rule.COVERED, "column_missing", 1, id="a column of counts left out"
    ),
    pytest.param(export(GOOD[::2]), Rule.COVERED, "code_left_out", 0, id="a sex left out"),
]


def without(rule: Rule, schema: pa.DataFrameSchema) -> pa.DataFrameSchema:
    """The schema with one kind of check taken out."""
    if rule is Rule.KEY:
        schema.unique = None
    for column in schema.columns.values():
        column.checks = [check for check in column.checks if check.error != rule]
        if rule is Rule.COLUMN:
            column.required = False
    return schema


@pytest.fixture
def taken_out(monkeypatch) -> Callable[[Rule], None]:
    def take_out(rule: Rule) -> None:
        for name in ("lines_schema", "coverage_schema"):
            built = getattr(checking, name)
            monkeypatch.setattr(checking, name, lambda *given, built=built: without(rule, built(*given)))

    return take_out


def test_the_good_export_keeps_the_contract(form: Form) -> None:
    counts, findings = checking.check(form, form.tables["T03"], PERIOD, export(stated="2026-Q3"))
    assert counts is not None
    assert findings == []


@pytest.mark.parametrize(("faulty", "rule", "message", "line"), FAULTS)
def test_a_fault_is_found_by_its_check(
    form: Form, taken_out, faulty: Export, rule: Rule, message: str, line: int
) -> None:
    _, findings = checking.check(form, form.tables["T03"], PERIOD, faulty)
    assert (message, line) in {(finding.message, finding.place.line) for finding in findings}
    taken_out(rule)
    if rule is Rule.COLUMN:  # nobody else says that a column is missing: the next step falls over it
        with pytest.raises(pl.exceptions.ColumnNotFoundError):
            checking.check(form, form.tables["T03"], PERIOD, faulty)
        return
    _, findings = checking.check(form, form.tables["T03"], PERIOD, faulty)
    assert message not in {finding.message for finding in findings}


def test_every_rule_has_a_fault() -> None:
    assert {parameter.values[1] for parameter in FAULTS} == set(Rule)


def test_the_type_of_every_column_is_held(form: Form) -> None:
    resolved = resolve(form, form.tables["T03"], PERIOD, export(stated="2026-Q3"))
    schema = lines_schema(resolved, str(PERIOD))
    schema.validate(resolved.lines, lazy=True)
    for column, type_ in resolved.lines.schema.items():
        other = pl.col(column).cast(pl.Binary if type_ == pl.String else pl.Float64)
        with pytest.raises(SchemaErrors) as caught:
            schema.validate(resolved.lines.with_columns(other), lazy=True)
        assert {column} <= {
            case["column"] for case in caught.value.failure_cases.to_dicts() if "dtype" in case["check"]
        }


def test_a_wrong_type_is_a_bug_of_ours_and_no_finding(form: Form) -> None:
    wrong = Export("T03", FILE, "", export().lines.with_columns(pl.lit(2.5).alias("line")), 1)
    with pytest.raises(RuntimeError, match="dtype"):
        checking.check(form, form.tables["T03"], PERIOD, wrong)


def test_a_column_that_nobody_declared_is_a_bug_of_ours(form: Form) -> None:
    odd = Export("T03", FILE, "", export().lines.with_columns(odd=pl.lit("x")), 1)
    with pytest.raises(RuntimeError, match="column_in_schema"):
        checking.check(form, form.tables["T03"], PERIOD, odd)


def test_a_check_that_could_not_run_is_never_passed_over(form: Form, monkeypatch) -> None:
    """pandera reports such a check as a failure without a line, which would vanish among the findings."""

    def broken(*given) -> pa.DataFrameSchema:
        schema = built(*given)
        schema.columns["persons"].checks = [pa.Check(lambda data: data.lazyframe.select("nowhere"), error=Rule.RANGE)]
        return schema

    built = checking.lines_schema
    monkeypatch.setattr(checking, "lines_schema", broken)
    with pytest.raises(RuntimeError, match="could not be checked"):
        checking.check(form, form.tables["T03"], PERIOD, export())


def test_all_kinds_of_faults_are_found_at_once(form: Form) -> None:
    rows = [
        ("45.1.999", "M", "1"),
        ("45.1.8", "F", "x y"),
        ("45.1.9", "M", "1" * 16),
        ("45.1.9", "F", "6"),
        ("45.1.9", "F", "7"),
    ]
    counts, findings = checking.check(form, form.tables["T03"], PERIOD, export(rows, stated="2025-Q3"))
    assert counts is None
    assert {finding.message for finding in findings if finding.severity is Severity.ERROR} == {
        "other_period", "label_unknown", "count_not_whole", "key_twice",
    }  # fmt: skip
