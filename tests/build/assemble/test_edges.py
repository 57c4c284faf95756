"""Coverage, likeness of quarters, gaps, corrections and lineage at their edges, against sums made by hand."""

import pytest

from form1.build.assemble import fill, periods_added_up, remarks, trace
from form1.core.cells import Address, Cell, Origin, gap
from form1.core.periods import Period
from form1.core.values import Status
from form1.definition import Form
from form1.definition.records import Coverage
from tests.making import counts, edited

Q3 = Period(2026, 3)
COUNTRIES = ("TR", "RU", "GE", "IR", "IN", "CN", "PK", "UZ", "KZ", "UA")


def permits(form: Form, quarter: int, issued: dict[str, int | None], year: int = 2026):
    rows = [({"country": code, "decision": "issued"}, count) for code, count in issued.items()]
    return counts(form, form.tables["T07"], Period(year, quarter), rows, status="suppressed")


class TestPieces:
    @pytest.mark.parametrize(
        ("period", "coverage", "expected"),
        [
            pytest.param("2026-Q4", [("2015-Q1", "quarter"), ("2026-Q2", "year_to_date")], ["2026-Q4"], id="the latest entry holds"),
            pytest.param("2026-Q3", [("2026-Q2", "year_to_date"), ("2015-Q1", "quarter")], ["2026-Q3"], id="whatever their order"),
            pytest.param("2026-Q3", [("2026-Q3", "quarter")], ["2026-Q2", "2026-Q3"], id="from its own quarter on"),
            pytest.param("2026-Q3", [("2026-Q4", "quarter")], ["2026-Q3"], id="not before"),
            pytest.param("2026-Q3", [], ["2026-Q3"], id="nothing is declared"),
            pytest.param("2026-Q4", [("2015-Q1", "quarter")], [f"2026-Q{n}" for n in (1, 2, 3, 4)], id="all quarters of the year"),
        ],
    )  # fmt: skip
    def test_coverage(self, form: Form, period: str, coverage: list[tuple[str, str]], expected: list[str]) -> None:
        entries = tuple(Coverage(since=since, covers=what) for since, what in coverage)
        source = form.source_of("T01").model_copy(update={"coverage": entries})
        assert [str(piece) for piece in periods_added_up(form.tables["T01"], source, Period.parse(period))] == expected

    def test_a_quarter_that_states_the_year_to_date(self, form: Form) -> None:
        source = form.source_of("T01").model_copy(update={"coverage": (Coverage(since="2015-Q1", covers="quarter"),)})
        found = periods_added_up(
            form.tables["T01"], source, Period(2026, 4), lambda quarter: quarter == Period(2026, 2)
        )
        assert found == (Period(2026, 2), Period(2026, 3), Period(2026, 4))


class TestRemarks:
    """Five countries and more; a year to date grows by half after one quarter, by a quarter after two."""

    @pytest.mark.parametrize(
        ("quarters", "second", "likely"),
        [
            pytest.param((1, 2), {"TR": 15}, True, id="grown by half after one quarter"),
            pytest.param((1, 2), {"TR": 14}, False, id="grown by a little less"),
            pytest.param((2, 3), {"TR": 13}, True, id="grown by more than a quarter after two"),
            pytest.param((2, 3), {"TR": 12}, False, id="grown by a little less than a quarter after two"),
            pytest.param((3, 4), {"TR": 12}, True, id="grown by a sixth after three"),
        ],
    )
    def test_growth(self, form: Form, quarters: tuple[int, int], second: dict[str, int], likely: bool) -> None:
        """Ten countries of 10 each; the later quarter has `second` of each."""
        earlier = permits(form, quarters[0], dict.fromkeys(COUNTRIES, 10))
        later = permits(form, quarters[1], dict.fromkeys(COUNTRIES, second["TR"]))
        found = [finding.message for finding in remarks([earlier, later])]
        assert found == (["quarters_added", "looks_cumulative"] if likely else ["quarters_added"])

    @pytest.mark.parametrize(("rows", "likely"), [(5, True), (4, False)])
    def test_fewest_rows(self, form: Form, rows: int, likely: bool) -> None:
        earlier = permits(form, 1, dict.fromkeys(COUNTRIES[:rows], 10))
        later = permits(form, 2, dict.fromkeys(COUNTRIES, 20))
        assert ("looks_cumulative" in {finding.message for finding in remarks([earlier, later])}) == likely

    @pytest.mark.parametrize(
        ("fell", "likely"),
        [
            pytest.param({}, True, id="none fell"),
            pytest.param({"TR": 9}, True, id="one of ten fell"),
            pytest.param({"TR": 9, "RU": 9}, False, id="two of ten fell"),
            pytest.param({"TR": 10, "RU": 10}, True, id="two stayed as they were"),
            pytest.param({"TR": None}, True, id="one of ten is a gap"),
        ],
    )
    def test_rows_that_fell(self, form: Form, fell: dict[str, int | None], likely: bool) -> None:
        earlier = permits(form, 1, dict.fromkeys(COUNTRIES, 10))
        later = permits(form, 2, {**dict.fromkeys(COUNTRIES, 40), **fell})
        assert ("looks_cumulative" in {finding.message for finding in remarks([earlier, later])}) == likely

    def test_rows_that_are_gone_fell(self, form: Form) -> None:
        earlier = permits(form, 1, dict.fromkeys(COUNTRIES, 10))
        later = permits(form, 2, dict.fromkeys(COUNTRIES[2:], 40))
        assert [finding.message for finding in remarks([earlier, later])] == ["quarters_added"]

    def test_every_pair_must_look_so(self, form: Form) -> None:
        made = [permits(form, q, dict.fromkeys(COUNTRIES, n)) for q, n in ((1, 10), (2, 20), (3, 10))]
        (said,) = remarks(made)
        assert (said.message, said.place.table, said.facts["quarters"]) == (
            "quarters_added",
            "T07",
            "2026-Q1, 2026-Q2, 2026-Q3",
        )

    def test_one_export_is_nothing_to_remark(self, form: Form) -> None:
        assert remarks([permits(form, 1, {"TR": 10})]) == []
        assert remarks([]) == []


class TestFill:
    def test_a_table_without_counts_is_left_out(self, form: Form) -> None:
        filled = fill(form, Q3, {"T07": [permits(form, 3, {"TR": 5})]})
        assert set(filled.layouts) == {"T07"} and {address.table for address in filled.cells} == {"T07"}
        assert filled.cells[Address("T07", "T", "T")] == Cell(5, Status.NUMBER, Origin.SUM)
        assert filled.cells[Address("T07", "TR", "issued")] == Cell(5, Status.NUMBER, Origin.EXPORT)
        assert (filled.findings, filled.corrections) == ((), ())

    def test_a_country_with_a_zero_was_not_observed(self, form: Form) -> None:
        filled = fill(form, Q3, {"T07": [permits(form, 3, {"TR": 0, "RU": 1})]})
        assert [row.code for row in filled.layouts["T07"].rows if row.counted] == ["RU"]
        assert filled.findings == ()

    def test_a_country_with_a_gap_was_observed(self, form: Form) -> None:
        filled = fill(form, Q3, {"T07": [permits(form, 3, {"TR": None, "RU": 1})]})
        assert filled.cells[Address("T07", "TR", "issued")] == gap(Status.SUPPRESSED)
        assert filled.cells[Address("T07", "T", "T")] == gap(Status.SUPPRESSED, Origin.SUM)
        assert filled.cells[Address("T07", "CIS", "issued")].value == 1

    @pytest.mark.parametrize("quarters", [({"TR": None}, {"TR": 5}), ({"TR": 5}, {"TR": None})])
    def test_a_gap_in_one_quarter_is_a_gap_of_the_year(self, form: Form, quarters) -> None:
        made = [permits(form, number, issued) for number, issued in enumerate(quarters, start=2)]
        assert fill(form, Q3, {"T07": made}).cells[Address("T07", "TR", "issued")] == gap(Status.SUPPRESSED)

    def test_lines_of_one_cell_are_added_up(self, form: Form) -> None:
        table = form.tables["T04"]
        rows: list = [
            ({"place": "AZ-BA", "sex": "M"}, 3),
            ({"place": "AZ-BA", "sex": "M"}, 4),
            ({"place": "AZ-BA", "sex": "F"}, 5),
        ]
        cells = fill(form, Q3, {"T04": [counts(form, table, Q3, rows)]}).cells
        assert [cells[Address("T04", "AZ-BA", column)].value for column in "MFT"] == [7, 5, 12]
        rows.append(({"place": "AZ-BA", "sex": "M"}, None))
        cells = fill(form, Q3, {"T04": [counts(form, table, Q3, rows, status="not_available")]}).cells
        assert cells[Address("T04", "AZ-BA", "M")] == gap(Status.NOT_AVAILABLE)
        assert cells[Address("T04", "AZ-BA", "F")].value == 5

    def test_two_exports_of_one_period_are_one_piece(self, form: Form) -> None:
        made = [permits(form, 3, {"TR": 5}), permits(form, 3, {"TR": 2, "RU": 1})]
        cells = fill(form, Q3, {"T07": made}).cells
        assert (cells[Address("T07", "TR", "issued")].value, cells[Address("T07", "T", "T")].value) == (7, 8)

    @pytest.mark.parametrize(("persons", "found"), [(3, 3), (None, "…"), (0, None)])
    def test_a_code_without_a_place(self, form: Form, persons: int | None, found: object) -> None:
        """A place that went out of force: its count has no row; a zero needs none."""
        period = Period(2022, 1)
        rows = [({"place": "LOC-AGDERE", "sex": "M"}, persons), ({"place": "AZ-BA", "sex": "M"}, 1)]
        filled = fill(form, period, {"T04": [counts(form, form.tables["T04"], period, rows, status="suppressed")] * 1})
        told = [
            (each.message, "/".join(each.place.address), each.place.file, dict(each.facts)) for each in filled.findings
        ]
        assert told == (
            [("code_without_place", "T04/LOC-AGDERE/M", "2022-Q1/T04.csv", {"found": found})]
            if found is not None
            else []
        )


CORRECTION = """[[correction]]
id = "C1"
period = "{period}"
table = "T07"
row = "{row}"
column = "{column}"
was = {was}
becomes = {becomes}
reason = {{ az = "s", en = "letter", ru = "p" }}
source = "letter 1"
status = "CONFIRMED"
"""


class TestCorrections:
    def corrected(
        self,
        form: Form,
        tmp_path,
        made,
        *,
        period: str = "2026-Q3",
        row: str = "TR",
        column: str = "issued",
        was: int = 5,
        becomes: int = 9,
        of: Period = Q3,
    ):
        entry = CORRECTION.format(period=period, row=row, column=column, was=was, becomes=becomes)
        filled = fill(edited(tmp_path, "corrections.toml", "correction = []", entry), of, {"T07": made})
        return filled, [(each.message, "/".join(each.place.address)) for each in filled.findings]

    def test_applied(self, form: Form, tmp_path) -> None:
        filled, said = self.corrected(form, tmp_path, [permits(form, 3, {"TR": 5})])
        assert said == [("correction_applied", "T07/TR/issued")]
        assert filled.cells[Address("T07", "TR", "issued")] == Cell(9, Status.NUMBER, Origin.CORRECTION)
        assert filled.cells[Address("T07", "T", "T")] == Cell(9, Status.NUMBER, Origin.SUM)
        assert [entry.id for entry in filled.corrections] == ["C1"]

    def test_of_a_row_that_nothing_was_counted_for(self, form: Form, tmp_path) -> None:
        filled, said = self.corrected(form, tmp_path, [permits(form, 3, {"RU": 5})], was=0)
        assert said == [("correction_applied", "T07/TR/issued")]
        assert filled.cells[Address("T07", "T", "T")].value == 14

    @pytest.mark.parametrize(
        ("row", "column", "was", "said"),
        [
            pytest.param("TR", "issued", 6, "correction_outdated", id="another number stands there"),
            pytest.param("TR", "T", 5, "correction_homeless", id="a total column"),
            pytest.param("OTHER", "issued", 5, "correction_homeless", id="a group row"),
            pytest.param("TR", "lost", 5, "correction_homeless", id="no such column"),
        ],
    )
    def test_not_applied(self, form: Form, tmp_path, row: str, column: str, was: int, said: str) -> None:
        filled, told = self.corrected(form, tmp_path, [permits(form, 3, {"TR": 5})], row=row, column=column, was=was)
        assert told == [(said, f"T07/{row}/{column}")]
        assert filled.cells[Address("T07", "TR", "issued")] == Cell(5)
        assert filled.corrections == ()

    def test_what_stands_there_is_told(self, form: Form, tmp_path) -> None:
        filled, _ = self.corrected(form, tmp_path, [permits(form, 3, {"TR": 5})], was=6)
        assert dict(filled.findings[0].facts) == {"id": "C1", "was": 6, "found": 5}

    def test_a_gap_that_stands_there_is_told(self, form: Form, tmp_path) -> None:
        filled, _ = self.corrected(form, tmp_path, [permits(form, 3, {"TR": None})])
        assert dict(filled.findings[0].facts) == {"id": "C1", "was": 5, "found": "…"}

    def test_of_another_period_it_waits(self, form: Form, tmp_path) -> None:
        filled, said = self.corrected(form, tmp_path, [permits(form, 3, {"TR": 5})], period="2026-Q2")
        assert said == [] and filled.cells[Address("T07", "TR", "issued")] == Cell(5)

    def test_of_an_earlier_quarter_before_it_is_added_up(self, form: Form, tmp_path) -> None:
        made = [permits(form, 2, {"TR": 5}), permits(form, 3, {"TR": 100})]
        filled, said = self.corrected(form, tmp_path, made, period="2026-Q2")
        assert said == [("correction_applied", "T07/TR/issued")]
        assert filled.cells[Address("T07", "TR", "issued")] == Cell(109, Status.NUMBER, Origin.CORRECTION)

    def test_of_the_last_of_the_quarters_alone(self, form: Form, tmp_path) -> None:
        made = [permits(form, 2, {"TR": 100}), permits(form, 3, {"TR": 5})]
        filled, said = self.corrected(form, tmp_path, made)
        assert said == [("correction_applied", "T07/TR/issued")]
        assert filled.cells[Address("T07", "TR", "issued")].value == 109

    def test_of_the_year_after_the_quarter_was_taken(self, form: Form, tmp_path) -> None:
        filled, said = self.corrected(form, tmp_path, [permits(form, 4, {"TR": 5})], period="2026", of=Period(2026))
        assert said == [("correction_applied", "T07/TR/issued")]
        assert filled.cells[Address("T07", "TR", "issued")].value == 9


class TestLineage:
    def contributions(self, form: Form, row: str, column: str) -> list[tuple[str, int, str, str, int | None]]:
        table = form.tables["T01"]
        keys = [
            ("foreigner", "RU", "M", 5),
            ("foreigner", "TR", "F", 7),
            ("stateless", "RU", "M", 2),
            ("foreigner", "RU", "F", None),
        ]
        rows: list = [({"legal_status": status, "country": country, "sex": sex}, n) for status, country, sex, n in keys]
        made = [counts(form, table, Period(2026, 2), rows[:2]), counts(form, table, Q3, rows[2:], status="suppressed")]
        layout = fill(form, Q3, {"T01": made}).layouts["T01"]
        return [
            (each.input.name, each.line, each.row, each.column, each.persons)
            for each in trace(layout, made, row, column)
        ]

    def test_every_line_of_the_grand_total_in_their_order(self, form: Form) -> None:
        assert self.contributions(form, "T", "T") == [
            ("2026-Q2/T01.csv", 2, "RU", "M", 5), ("2026-Q2/T01.csv", 3, "TR", "F", 7),
            ("2026-Q3/T01.csv", 2, "XXA.RU", "M", 2), ("2026-Q3/T01.csv", 3, "RU", "F", None),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("row", "column", "lines"),
        [
            pytest.param("RU", "M", [("RU", "M")], id="a cell of detail"),
            pytest.param("RU", "T", [("RU", "M"), ("RU", "F")], id="a row's total"),
            pytest.param("CIS", "M", [("RU", "M")], id="a group"),
            pytest.param("FOREIGN", "T", [("RU", "M"), ("TR", "F"), ("RU", "F")], id="a block"),
            pytest.param("XXA", "T", [("XXA.RU", "M")], id="another block"),
            pytest.param("TR", "M", [], id="nothing"),
        ],
    )
    def test_the_lines_of_a_cell(self, form: Form, row: str, column: str, lines: list[tuple[str, str]]) -> None:
        assert [each[2:4] for each in self.contributions(form, row, column)] == lines

    def test_where_a_line_stands(self, form: Form) -> None:
        made = [permits(form, 3, {"TR": 5})]
        (found,) = trace(fill(form, Q3, {"T07": made}).layouts["T07"], made, "T", "issued")
        assert (found.sheet, found.cell, found.line, found.persons) == ("", "persons", 2, 5)
