"""One good form, one fault at a time; what each rule says is held by address."""

from collections.abc import Mapping

import pytest

from form1.build.assemble import fill
from form1.core.cells import Address, Cell, Origin, gap
from form1.core.errors import DefinitionError
from form1.core.findings import Finding, Severity, Verdict, verdict
from form1.core.periods import Period
from form1.core.values import Status
from form1.definition import Form
from form1.definition.audit.form import audit
from form1.definition.wording import say
from form1.model.forms import RuleOutcome, RuleResult
from form1.rules import History, judge, needed_periods
from tests.making import counts, everywhere

Q3, YEAR = Period(2026, 3), Period(2026)
MARGIN = {"M": 60, "F": 40}


def _count(table: str, keys: Mapping[str, str]) -> int:
    """Counts under which every identity holds: each table of a universe spreads the same margins."""
    sex = MARGIN[keys["sex"]] if "sex" in keys else 500
    first = {
        "T01": keys.get("country") == "TR" and keys.get("legal_status") == "foreigner",
        "T02": keys.get("country") == "RU" and keys.get("legal_status") == "foreigner",
        "T03": keys.get("ground") == "45.1.1",
        "T04": keys.get("place") == "AZ-BA",
        "T05": keys.get("age_group") == "30-34",
        "T06": keys.get("country") == "TR" and keys.get("legal_status") == "stateless",
        "T07": keys.get("country") == "TR",
        "T08": keys.get("activity") == "F" and keys.get("age_group") == "30-34",
        "T09": keys.get("activity") == "F" and keys.get("education") == "ED1",
        "T10": True,
    }
    return sex if first[table] else 0


@pytest.fixture(scope="module")
def countries(form: Form):
    """A form without a fault."""
    made = {}
    for table in form.tables.values():
        if "country" in table.dimensions:
            rows = [
                ({"legal_status": status, "country": country, "sex": sex, "decision": decision}, 0)
                for status in ("foreigner", "stateless") for country in ("TR", "RU") for sex in "MF" for decision in ("issued", "renewed")
            ]  # fmt: skip
            keys = {tuple(row[d] for d in table.dimensions): {d: row[d] for d in table.dimensions} for row, _ in rows}
            made[table.id] = [counts(form, table, Q3, [(key, _count(table.id, key)) for key in keys.values()])]
        else:
            made[table.id] = [everywhere(form, table, Q3, _count)]
    return fill(form, Q3, made)


def _judge(
    form: Form,
    base,
    edits: Mapping[Address, Cell] = {},
    history: Mapping[Period, History] = {},
    period: Period = Q3,
):
    return judge(form, period, {**base.cells, **edits}, base.layouts, history)


def _places(findings: list[Finding], rule: str) -> list[str]:
    return ["/".join((f.place.table, f.place.row, f.place.column)) for f in findings if f.rule.split(".")[0] == rule]


def _outcome(results: list[RuleResult], rule: str) -> RuleOutcome:
    return next(result.outcome for result in results if result.rule == rule)


def test_a_good_form_has_no_finding(form: Form, countries) -> None:
    findings, results = _judge(form, countries)
    assert findings == []
    assert not [result for result in results if result.outcome == RuleOutcome.FAIL]
    assert verdict(findings) == Verdict.ACCEPTED


@pytest.mark.parametrize(
    ("address", "cell", "rule", "places"),
    [
        pytest.param(("T03", "45.1.1", "T"), Cell(101), "D-COLUMNS", ["T03/45.1.1/T"], id="total column one too many"),
        pytest.param(("T03", "45.1.1", "M"), Cell(61), "D-COLUMNS", ["T03/45.1.1/T"], id="part of a total column"),
        pytest.param(("T03", "45.1.1", "M"), Cell(61), "D-ROWS", ["T03/T/M"], id="part of a total row"),
        pytest.param(("T04", "ER01", "F"), Cell(39), "D-ROWS", ["T04/T/F", "T04/ER01/F"], id="region between unit and total"),
        pytest.param(("T08", "F", "30-34.T"), Cell(99), "D-COLUMNS", ["T08/F/T.T", "T08/F/30-34.T"], id="crossed totals both ways"),
        pytest.param(("T03", "T", "M"), Cell(59), "D-MARGINS", ["T02/T/M", "T03/T/M"], id="equal margins of one universe"),
        pytest.param(("T09", "F", "T.F"), Cell(41), "D-MARGINS", ["T08/F/T.F"], id="margins by activity and sex"),
        pytest.param(("T01", "AZ", "T"), Cell(1), "R002", [], id="a row that the layout lacks is not looked at"),
        pytest.param(("T07", "TR", "renewed"), Cell(1001), "R008", ["T07/TR/renewed"], id="part greater than the whole"),
        pytest.param(("T08", "T", "T.T"), Cell(1001), "R006", ["T08/T/T.T"], id="more valid permits than granted"),
        pytest.param(("T10", "T", "M"), Cell(-1), "R009", ["T10/T/M"], id="negative"),
        pytest.param(("T10", "T", "T"), Cell(0), "R014", ["T10/T/T"], id="nothing at all"),
        pytest.param(("T10", "T", "T"), gap(Status.NOT_AVAILABLE), "R001", ["T10/T/T"], id="grand total not given"),
    ],
)  # fmt: skip
def test_one_fault_at_a_time(form: Form, countries, address: Address, cell: Cell, rule: str, places: list[str]) -> None:
    findings, _ = _judge(form, countries, {address: cell})
    assert _places(findings, rule) == places


def test_a_gap_is_reported_as_not_evaluated_not_as_a_sum(form: Form, countries) -> None:
    findings, results = _judge(form, countries, {("T03", "45.1.1", "F"): gap(Status.NOT_AVAILABLE)})
    assert findings == []
    assert _outcome(results, "D-COLUMNS.T03") == _outcome(results, "D-ROWS.T03") == RuleOutcome.NOT_EVALUATED
    blocked = next(result.blocked_by for result in results if result.rule == "D-ROWS.T03")
    assert (
        blocked is not None
        and blocked.en == "no number in T03 · line 02 (Close relative of a citizen of Azerbaijan) · Women"
    )


def test_a_missing_cell_is_found(form: Form, countries) -> None:
    cells = {address: cell for address, cell in countries.cells.items() if address != ("T05", "0-4", "M")}
    findings, _ = judge(form, Q3, cells, countries.layouts, {})
    assert _places(findings, "D-PRESENT") == ["T05/0-4/M"]


def test_a_table_that_is_not_filled_blocks_its_rules(form: Form, countries) -> None:
    cells = {address: cell for address, cell in countries.cells.items() if address[0] != "T03"}
    layouts = {table: layout for table, layout in countries.layouts.items() if table != "T03"}
    findings, results = judge(form, Q3, cells, layouts, {})
    assert findings == []
    assert {result.rule for result in results if result.outcome == RuleOutcome.NOT_EVALUATED} >= {
        "D-ROWS.T03", "D-MARGINS.T02-T03", "D-MARGINS.T03-T04", "R007",
    }  # fmt: skip


def test_a_finding_explains_itself_in_numbers(form: Form, countries) -> None:
    findings, _ = _judge(
        form,
        countries,
        {("T03", "45.1.1", "M"): Cell(1180), ("T03", "45.1.2", "M"): Cell(31), ("T03", "T", "M"): Cell(1204)},
    )
    finding = next(finding for finding in findings if finding.rule == "D-ROWS.T03")
    spoken = [say(form, finding, language, countries.layouts).replace("\u00a0", " ") for language in ("az", "en", "ru")]
    assert spoken == [
        "T03 · sətir 01 (Cəmi) · Kişi: 1 204 yazılıb, 1 211 olmalıdır = 1 180 (sətir 02) + 31 (sətir 03); fərq −7",
        "T03 · line 01 (Total) · Men: 1 204 should equal 1 211 = 1 180 (line 02) + 31 (line 03); difference −7",
        "T03 · строка 01 (Всего) · Мужчины: указано 1 204, должно быть 1 211 = 1 180 (строка 02) + 31 (строка 03); разница −7",
    ]


def test_year_to_date_never_falls(form: Form, countries) -> None:
    before = {**countries.cells, ("T03", "T", "T"): Cell(101), ("T01", "GE", "T"): Cell(7)}
    findings, _ = _judge(form, countries, history={Period(2026, 2): History(before)})
    assert _places(findings, "R021") == ["T03/T/T"]
    assert _places(findings, "R022") == ["T01/GE/T", "T03/T/T"]
    assert {finding.severity for finding in findings if finding.rule.startswith("R022")} == {Severity.WARNING}


@pytest.mark.parametrize(
    ("before", "places"),
    [
        pytest.param(1000, [], id="unchanged"),
        pytest.param(1400, [], id="within the ordinary"),
        pytest.param(1600, ["T07/T/T"], id="fell by more"),
        pytest.param(700, ["T07/T/T"], id="rose by more"),
        pytest.param(0, ["T07/T/T"], id="appeared"),
    ],
)
def test_moved_against_last_year(form: Form, countries, before: int, places: list[str]) -> None:
    findings, _ = _judge(
        form,
        countries,
        history={Period(2025, 3): History({**countries.cells, ("T07", "T", "T"): Cell(before)})},
    )
    assert _places(findings, "R023") == places


def test_annual_equals_fourth_quarter_but_for_corrections(form: Form, countries) -> None:
    quarter = History({**countries.cells, ("T05", "30-34", "M"): Cell(59), ("T05", "T", "M"): Cell(59)})
    findings, _ = _judge(form, countries, history={Period(2026, 4): quarter}, period=YEAR)
    assert _places(findings, "R020") == ["T05/30-34/M"]
    corrected = {("T05", "30-34", "M"): Cell(60, Status.NUMBER, Origin.CORRECTION)}
    findings, _ = _judge(form, countries, corrected, {Period(2026, 4): quarter}, YEAR)
    assert _places(findings, "R020") == []


def test_needed_periods(form: Form) -> None:
    assert needed_periods(form, Q3) == (Period(2025, 3), Period(2026, 2))
    assert needed_periods(form, YEAR) == (Period(2025), Period(2026, 4))
    assert needed_periods(form, Q3, later=True) == (Period(2026, 4), Period(2027, 3))
    # Never the annual form against its fourth quarter, nor a form against its own period.
    assert needed_periods(form, YEAR, later=True) == (Period(2027),)
    assert YEAR not in needed_periods(form, Period(2026, 4), later=True)


def test_every_kind_is_in_the_rulebook(form: Form) -> None:
    kinds = {derived.kind for derived in form.rulebook.derived} | {rule.kind for rule in form.rulebook.rule}
    assert kinds == {
        "present",
        "adds_up",
        "same",
        "at_most",
        "of_which",
        "moved",
        "not_below",
        "in_range",
        "forbidden",
        "repeats",
        "not_empty",
        "not_sorted",
        "not_shifted",
        "not_scaled",
        "not_exchanged",
    }


def test_the_eight_identities_are_carried_out(form: Form) -> None:
    implemented = {name for derived in form.rulebook.derived for name in derived.implements}
    implemented |= {name for rule in form.rulebook.rule for name in rule.implements}
    assert implemented == {f"K0{number}" for number in range(1, 9)}


def test_an_empty_rulebook_is_an_error(form: Form, countries) -> None:
    from dataclasses import replace

    empty = replace(form, rulebook=form.rulebook.model_copy(update={"rule": (), "derived": ()}))
    with pytest.raises(DefinitionError, match="empty rulebook"):
        judge(empty, Q3, countries.cells, countries.layouts, {})
    assert any("empty rulebook" in fault for fault in audit(empty))
