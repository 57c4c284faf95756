"""Every kind of cell is judged, at its sheet and cell."""

import pytest

from form1.core.cells import Cell, Origin, gap
from form1.core.findings import Severity
from form1.core.values import Status
from form1.definition.wording import say
from tests.recognise.editing import Edit, clear, edited, place, put, read_form, sent, unchanged, with_sheet
from tests.xlsx.read.packages import the_form

E, W, INFORMATION = Severity.ERROR, Severity.WARNING, Severity.INFORMATION
GAP = gap(Status.NOT_AVAILABLE, Origin.RECEIVED)
WAS = unchanged().cells["T03", "T", "T"].value or 0
"""What D7 of sheet 3 holds; E7 and F7 are its parts."""


def number(value: int) -> Cell:
    return Cell(value, Status.NUMBER, Origin.RECEIVED)


@pytest.mark.parametrize(
    "edit, cell, message, severity",
    [
        pytest.param(put("D7", "n", "1204"), number(1204), "", E, id="whole number"),
        pytest.param(put("D7", "n", "1204.0"), number(1204), "", E, id="whole number with a point"),
        pytest.param(put("D7", "n", "1.204E3"), number(1204), "", E, id="whole number with an exponent"),
        pytest.param(put("D7", "n", "-5"), number(-5), "", E, id="negative: the rulebook says so"),
        pytest.param(put("D7", "t", "-"), number(0), "", E, id="sign of zero"),
        pytest.param(put("D7", "t", " – "), number(0), "", E, id="dash as the sign of zero"),
        pytest.param(put("D7", "t", "..."), GAP, "received_gap", W, id="sign of not available"),
        pytest.param(put("D7", "t", "…"), GAP, "received_gap", W, id="one letter of three points"),
        pytest.param(put("D7", "t", "х"), gap(Status.NOT_APPLICABLE, Origin.RECEIVED), "received_gap", W, id="Cyrillic x"),
        pytest.param(put("D7", "t", "c"), gap(Status.SUPPRESSED, Origin.RECEIVED), "received_gap", W, id="sign of confidential"),
        pytest.param(put("D7", "t", "1204"), number(1204), "received_text_number", W, id="number as text"),
        pytest.param(put("D7", "t", "1 204"), number(1204), "received_text_number", W, id="number as text in groups"),
        pytest.param(put("D7", "t", "12 04"), GAP, "received_not_a_count", E, id="groups of two"),
        pytest.param(put("D7", "t", "1,204"), GAP, "received_not_a_count", E, id="comma"),
        pytest.param(put("D7", "t", "12 nəfər"), GAP, "received_not_a_count", E, id="words"),
        pytest.param(put("D7", "n", "3.5"), GAP, "received_fraction", E, id="fraction"),
        pytest.param(put("D7", "n", "3.5", "# ##0"), GAP, "received_fraction_hidden", E, id="hidden fraction"),
        pytest.param(put("D7", "n", "0.12", "0%"), GAP, "received_percent", E, id="percent"),
        pytest.param(put("D7", "n", "12", "0%"), number(12), "received_percent", E, id="whole percent"),
        pytest.param(put("D7", "n", "45000", "dd.mm.yyyy"), GAP, "received_date", E, id="date"),
        pytest.param(put("D7", "d", "2026-09-30"), GAP, "received_date", E, id="date of Strict Open XML"),
        pytest.param(put("D7", "b", "1"), GAP, "received_truth_value", E, id="truth value"),
        pytest.param(put("D7", "e", "#REF!"), GAP, "received_error_value", E, id="error value"),
        pytest.param(put("D7", "e", "#REF!", formula="SUM(#REF!)"), GAP, "received_error_value", E, id="formula with an error"),
        pytest.param(put("D7", "n", "7", ";;;"), number(7), "received_number_hidden", W, id="number not shown"),
        pytest.param(put("D7", "n", "7", "0,"), number(7), "received_digits_altered", E, id="number scaled"),
        pytest.param(put("D7", "n", "7", '0"0"'), number(7), "received_digits_altered", E, id="digits in the format"),
        pytest.param(put("D7", "n", "7", '"x"'), number(7), "received_number_altered", W, id="words for the number"),
        pytest.param(put("D7", "n", "7", '[>=1000000]#\\ ###\\ ##0;[=0]"-";#\\ ##0'), number(7), "", E, id="our format"),
        pytest.param(put("D7", "n", str(WAS), formula="SUM(E7:F7)"), number(WAS), "", E, id="formula that is right"),
        pytest.param(put("D7", "n", str(WAS), formula="+E7+'3'!$F$7"), number(WAS), "", E, id="formula of references"),
        pytest.param(put("D7", "n", "5", formula="SUM(E7:F7)"), number(5), "received_formula_differs", E, id="stored and computed differ"),
        pytest.param(put("D7", "n", str(WAS + 5), formula="SUM(E7:F7)+5"), number(WAS + 5), "received_formula_constant", W, id="plug"),
        pytest.param(put("D7", "n", "", formula="SUM(E7,F7)"), number(WAS), "received_formula_without_value", E, id="formula never calculated"),
        pytest.param(put("D7", "n", "", formula="ROUND(E7,0)"), GAP, "received_formula_empty", E, id="strange formula never calculated"),
        pytest.param(put("D7", "n", "5", formula="ROUND(E7,0)"), number(5), "received_formula_not_computed", W, id="strange formula"),
        pytest.param(put("D7", "n", "5", formula="[2]Q3!B4"), number(5), "received_external_link", W, id="external link"),
    ],
)  # fmt: skip
def test_a_cell_and_what_is_said_of_it(edit: Edit, cell: Cell, message: str, severity: Severity) -> None:
    received = edited("3", edit)
    assert received.cells["T03", "T", "T"] == cell
    said = [finding for finding in received.findings if finding.message != "received_tidy_differs"]
    assert [(finding.message, finding.severity) for finding in said] == ([(message, severity)] if message else [])
    for finding in said:
        assert (finding.place.table, finding.place.row, finding.place.column) == ("T03", "T", "T")
        assert (finding.place.sheet, finding.place.cell) == ("3", "D7")
        assert all(say(the_form(), finding, language, received.layouts) for language in ("az", "en", "ru"))


def test_an_empty_cell_is_left_to_the_rule_that_misses_it() -> None:
    received = edited("3", clear("D7"))
    assert ("T03", "T", "T") not in received.cells
    assert received.at["T03", "T", "T"] == ("3", "D7")


def test_a_merged_cell_has_no_count_of_its_own() -> None:
    book = with_sheet(sent(), "3", put("D7", "n", str(WAS)))
    sheet = next(each for each in book.sheets if each.name == "3")
    del sheet.cells[place("E7")]
    object.__setattr__(sheet, "merges", (*sheet.merges, (7, 4, 7, 5)))
    received = read_form(book)
    assert received.cells["T03", "T", "M"] == GAP
    assert "received_merged" in {finding.message for finding in received.findings}


def test_a_count_under_a_merged_cell_is_kept_and_said() -> None:
    book = with_sheet(sent(), "3", put("E7", "n", "12"))
    sheet = next(each for each in book.sheets if each.name == "3")
    object.__setattr__(sheet, "merges", (*sheet.merges, (7, 4, 7, 5)))
    received = read_form(book)
    assert received.cells["T03", "T", "M"] == number(12)
    (said,) = (finding for finding in received.findings if finding.message == "received_under_merge")
    assert (said.place.cell, said.severity) == ("E7", E)


def test_a_shared_formula_moves_with_its_cell() -> None:
    book = sent()
    sheet = next(each for each in book.sheets if each.name == "3")
    cells = dict(sheet.cells)
    for row in range(7, 12):
        at = (row, 4)
        cells[at] = cells[at]._replace(formula="SUM(E7:$F7)", shared_from=(7, 4))
    received = edited("3", lambda each: type(each)(each.name, each.part, each.state, cells, each.merges))
    assert received.findings == ()


def test_the_tidy_sheet_is_compared_and_not_used() -> None:
    received = edited("3", put("E8", "n", "123456"))
    differs = [finding for finding in received.findings if finding.message == "received_tidy_differs"]
    assert [(finding.place.sheet, finding.place.cell) for finding in differs] == [("3", "E8")]
    row = next(row for table, row, _ in received.at if table == "T03" and received.at["T03", row, "M"] == ("3", "E8"))
    assert received.cells["T03", row, "M"].value == 123456


def test_the_tidy_sheet_is_silent_where_the_cell_has_an_error_and_shows_signs_elsewhere() -> None:
    unreadable = edited("3", put("E8", "t", "12 nəfər"))
    assert [finding.message for finding in unreadable.findings] == ["received_not_a_count"]
    received = edited("3", put("E8", "t", "c"))
    (differs,) = (finding for finding in received.findings if finding.message == "received_tidy_differs")
    assert differs.facts["found"] == "c"
    assert "suppressed" not in say(the_form(), differs, "en", received.layouts)


@pytest.mark.parametrize(
    "stored, formula", [("", "SUM(E7,F7)"), ("", "ROUND(E7,0)"), ("5", "SUM(E7:F7)"), ("5", "ROUND(E7,0)")]
)
def test_a_formula_is_shown_with_its_sign(stored: str, formula: str) -> None:
    (said, *_) = edited("3", put("D7", "n", stored, formula=formula)).findings
    assert said.facts["formula"] == f"={formula}"
