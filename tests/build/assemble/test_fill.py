"""Cells computed against sums made by hand."""

from datetime import date

import pytest

from form1.build.assemble import fill, periods_added_up, remarks, trace
from form1.core.cells import Cell, Origin
from form1.core.periods import Period
from form1.core.values import Status
from form1.definition import Form
from form1.definition.records import Coverage
from tests.making import counts, edited

Q3 = Period(2026, 3)


def _citizens(*rows: tuple[str, str, str, int | None]) -> list[tuple[dict[str, str], int | None]]:
    return [
        ({"legal_status": status, "country": country, "sex": sex}, persons) for status, country, sex, persons in rows
    ]


def test_subtotals_of_citizenship(form: Form) -> None:
    rows = _citizens(
        ("foreigner", "RU", "M", 5), ("foreigner", "RU", "F", 4), ("foreigner", "TR", "M", 10), ("foreigner", "XXX", "F", 1),
        ("stateless", "RU", "M", 2), ("stateless", "TR", "F", 3),
    )  # fmt: skip
    cells = fill(form, Q3, {"T01": [counts(form, form.tables["T01"], Q3, rows)]}).cells
    values = {(row, column): cell.value for (_, row, column), cell in cells.items()}
    assert {row: values[row, "T"] for row, column in values if column == "T"} == {
        "T": 25, "FOREIGN": 19, "CIS": 9, "RU": 9, "OTHER": 10, "TR": 10, "XXX": 1, "XXA": 5, "XXA.RU": 2, "XXA.TR": 3,
    }  # fmt: skip
    assert (values["T", "M"], values["T", "F"]) == (17, 8)
    assert values["TR", "F"] == 0


def test_rows_stand_in_the_order_of_the_form(form: Form) -> None:
    rows = _citizens(
        *(("foreigner", code, "M", 1) for code in ("TR", "IR", "RU", "HR", "QA", "CU", "UZ")),
        ("stateless", "GE", "M", 1),
    )
    layout = fill(form, Q3, {"T01": [counts(form, form.tables["T01"], Q3, rows)]}).layouts["T01"]
    assert [row.code for row in layout.rows] == [
        "T", "FOREIGN", "CIS", "UZ", "RU", "OTHER", "HR", "IR", "CU", "QA", "TR", "XXA", "XXA.GE",
    ]  # fmt: skip
    assert [row.line for row in layout.rows][:3] == ["01", "02", "03"]


def test_regions_total_their_units(form: Form) -> None:
    rows = [
        ({"place": place, "sex": "M"}, persons)
        for place, persons in (("AZ-BA", 7), ("AZ-ABS", 2), ("AZ-SM", 3), ("UNK", 1))
    ]
    cells = fill(form, Q3, {"T04": [counts(form, form.tables["T04"], Q3, rows)]}).cells
    assert cells["T04", "ER01", "T"].value == 7
    assert cells["T04", "ER03", "M"] == Cell(5, Status.NUMBER, Origin.SUM)
    assert cells["T04", "T", "T"].value == 13
    assert cells["T04", "AZ-LER", "M"] == Cell(0, Status.NUMBER, Origin.EXPORT)


def test_crossed_columns_total_both_ways(form: Form) -> None:
    rows = [
        ({"activity": activity, "age_group": age, "sex": sex}, persons)
        for activity, age, sex, persons in (
            ("F", "20-24", "M", 3),
            ("F", "25-29", "F", 4),
            ("T", "25-29", "M", 5),
        )
    ]
    cells = fill(form, Q3, {"T08": [counts(form, form.tables["T08"], Q3, rows)]}).cells
    wanted = {
        ("F", "T.T"): 7,
        ("F", "T.M"): 3,
        ("F", "25-29.T"): 4,
        ("NACE-T", "T.T"): 5,
        ("T", "25-29.T"): 9,
        ("T", "T.T"): 12,
    }
    assert {key: cells["T08", *key].value for key in wanted} == wanted


def test_a_sum_with_a_gap_in_it_is_a_gap(form: Form) -> None:
    table = form.tables["T05"]
    rows: list[tuple[dict[str, str], int | None]] = [
        ({"age_group": "0-4", "sex": "M"}, None),
        ({"age_group": "5-9", "sex": "F"}, 4),
    ]
    cells = fill(form, Q3, {"T05": [counts(form, table, Q3, rows, status="not_available")]}).cells
    for row, column in (("0-4", "M"), ("0-4", "T"), ("T", "M"), ("T", "T")):
        assert cells["T05", row, column].value is None
        assert cells["T05", row, column].status == Status.NOT_AVAILABLE
    assert cells["T05", "T", "F"].value == 4


def test_an_incomplete_source_leaves_gaps_not_zeros(form: Form, tmp_path) -> None:
    form = edited(
        tmp_path,
        "sources.toml",
        'name = "permanent_permits_by_age"',
        'name = "permanent_permits_by_age"\ncomplete = false',
    )
    cells = fill(
        form, Q3, {"T05": [counts(form, form.tables["T05"], Q3, [({"age_group": "5-9", "sex": "F"}, 4)])]}
    ).cells
    assert cells["T05", "5-9", "F"].value == 4
    assert cells["T05", "10-14", "F"].status == Status.NOT_AVAILABLE


def test_quarters_are_added_up(form: Form) -> None:
    table = form.tables["T07"]
    quarters = [
        counts(
            form,
            table,
            Period(2026, q),
            [
                ({"country": "TR", "decision": "issued"}, q),
                ({"country": "RU", "decision": "renewed"}, 10 * q),
            ],
        )
        for q in (1, 2, 3)
    ]
    filled = fill(form, Q3, {"T07": quarters})
    assert filled.cells["T07", "TR", "issued"].value == 6
    assert filled.cells["T07", "T", "T"].value == 66
    found = trace(filled.layouts["T07"], quarters, "CIS", "T")
    assert [(item.input.name, item.persons) for item in found] == [
        ("2026-Q1/T07.csv", 10), ("2026-Q2/T07.csv", 20), ("2026-Q3/T07.csv", 30),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("period", "coverage", "expected"),
    [
        pytest.param("2026-Q3", [("2015-Q1", "year_to_date")], ["2026-Q3"], id="year to date stands alone"),
        pytest.param("2026-Q3", [("2015-Q1", "quarter")], ["2026-Q1", "2026-Q2", "2026-Q3"], id="quarters are added up"),
        pytest.param("2026-Q3", [("2015-Q1", "year_to_date"), ("2026-Q2", "quarter")], ["2026-Q1", "2026-Q2", "2026-Q3"], id="changed inside the year"),
        pytest.param("2026-Q1", [("2015-Q1", "quarter")], ["2026-Q1"], id="January starts anew"),
        pytest.param("2026", [("2015-Q1", "quarter")], ["2026"], id="an annual export stands alone"),
    ],
)  # fmt: skip
def test_pieces(form: Form, period: str, coverage: list[tuple[str, str]], expected: list[str]) -> None:
    source = form.source_of("T01").model_copy(
        update={"coverage": tuple(Coverage(since=s, covers=c) for s, c in coverage)}
    )
    assert [str(piece) for piece in periods_added_up(form.tables["T01"], source, Period.parse(period))] == expected


def test_a_stock_is_never_added_up(form: Form) -> None:
    source = form.source_of("T08").model_copy(update={"coverage": (Coverage(covers="quarter"),)})
    assert periods_added_up(form.tables["T08"], source, Q3) == (Q3,)


CORRECTION = """[[correction]]
id = "C1"
period = "2026-Q3"
table = "T03"
row = "45.1.9"
column = "F"
was = {was}
becomes = 9
reason = {{ az = "s", en = "letter", ru = "p" }}
source = "letter 1"
status = "CONFIRMED"
"""


@pytest.mark.parametrize(
    ("was", "row", "message", "value"),
    [
        pytest.param(4, "45.1.9", "correction_applied", 9, id="applied"),
        pytest.param(5, "45.1.9", "correction_outdated", 4, id="the sender has mended it"),
        pytest.param(4, "45.9.9", "correction_homeless", 4, id="no such cell"),
        pytest.param(4, "T", "correction_homeless", 4, id="a total cannot be corrected"),
    ],
)
def test_corrections(form: Form, tmp_path, was: int, row: str, message: str, value: int) -> None:
    form = edited(
        tmp_path,
        "corrections.toml",
        "correction = []",
        CORRECTION.format(was=was).replace('"45.1.9"', f'"{row}"'),
    )
    filled = fill(form, Q3, {"T03": [counts(form, form.tables["T03"], Q3, [({"ground": "45.1.9", "sex": "F"}, 4)])]})
    assert [finding.message for finding in filled.findings] == [message]
    assert filled.cells["T03", "45.1.9", "F"].value == filled.cells["T03", "T", "T"].value == value


def test_a_code_out_of_force_on_the_last_day_is_a_finding(form: Form) -> None:
    rows = [({"place": "LOC-AGDERE", "sex": "M"}, 1)]
    filled = fill(form, Period(2022, 1), {"T04": [counts(form, form.tables["T04"], Period(2022, 1), rows)]})
    assert [finding.message for finding in filled.findings] == ["code_without_place"]


def test_lists_are_those_of_the_last_day(form: Form) -> None:
    def rows(period: Period, table: str) -> set[str]:
        return set(fill(form, period, {table: [counts(form, form.tables[table], period, [])]}).layouts[table].row)

    assert {"EO06", "EO10"} <= rows(Period(2019, 4), "T04")
    assert not any(code.startswith("ER") for code in rows(Period(2019, 4), "T04"))
    assert "ER13" in rows(Period(2021, 3), "T04")
    assert "45.1.3-2" not in rows(Period(2019, 4), "T03") and "45.1.3-2" in rows(Period(2023, 2), "T03")
    assert form.deadline(Q3) == date(2026, 10, 25)
    assert form.deadline(Period(2026)) == date(2027, 2, 15)
    assert form.deadline(Period(2026, 4)) == date(2027, 1, 25)


def _work_permits(form: Form, quarter: int, factor: int):
    rows = [
        ({"country": code, "decision": "issued"}, factor * n)
        for n, code in enumerate(("TR", "RU", "GE", "IR", "IN", "CN"), 10)
    ]
    return counts(form, form.tables["T07"], Period(2026, quarter), rows)


def test_quarters_added_up_are_said(form: Form) -> None:
    assert remarks([_work_permits(form, 1, 1)]) == []
    (said,) = remarks([_work_permits(form, 1, 10), _work_permits(form, 2, 11), _work_permits(form, 3, 9)])
    assert (said.message, said.facts["quarters"]) == ("quarters_added", "2026-Q1, 2026-Q2, 2026-Q3")


def test_quarters_that_look_cumulative(form: Form) -> None:
    found = remarks([_work_permits(form, 1, 10), _work_permits(form, 2, 20), _work_permits(form, 3, 30)])
    assert [finding.message for finding in found] == ["quarters_added", "looks_cumulative"]


def test_a_correction_of_a_quarter_holds_in_the_year_to_date(form: Form, tmp_path) -> None:
    entry = CORRECTION.format(was=50).replace("2026-Q3", "2026-Q1").replace("T03", "T07").replace('"45.1.9"', '"TR"')
    form = edited(
        tmp_path,
        "corrections.toml",
        "correction = []",
        entry.replace('"F"', '"issued"').replace("becomes = 9", "becomes = 60"),
    )
    quarters = [
        counts(form, form.tables["T07"], Period(2026, q), [({"country": "TR", "decision": "issued"}, persons)])
        for q, persons in ((1, 50), (2, 100))
    ]
    filled = fill(form, Period(2026, 2), {"T07": quarters})
    assert filled.cells["T07", "TR", "issued"] == Cell(160, Status.NUMBER, Origin.CORRECTION)
    assert [finding.message for finding in filled.findings] == ["correction_applied"]


def test_a_correction_of_the_fourth_quarter_holds_in_the_annual_form(form: Form, tmp_path) -> None:
    entry = CORRECTION.format(was=4).replace("2026-Q3", "2026-Q4")
    form = edited(tmp_path, "corrections.toml", "correction = []", entry)
    fourth = counts(form, form.tables["T03"], Period(2026, 4), [({"ground": "45.1.9", "sex": "F"}, 4)])
    assert fill(form, Period(2026), {"T03": [fourth]}).cells["T03", "T", "T"].value == 9
