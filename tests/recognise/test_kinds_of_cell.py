"""What one cell holds, kind by kind, without a workbook around it: the cell of the form, and every finding with its facts."""

import pytest

from form1.core.cells import Cell, Origin, gap
from form1.core.findings import Place
from form1.core.values import Status
from form1.definition import Form
from form1.definition.spelling import Folding
from form1.recognise.counts import Judge
from form1.recognise.view import Words
from form1.xlsx.read.formulas import Computer
from form1.xlsx.read.raw import RawBook, RawCell, RawSheet

AT = Place("T03", "T", "T", sheet="3", cell="A1")
NONE = gap(Status.NOT_AVAILABLE, Origin.RECEIVED)
LONG = "x" * 200


def number(value: int) -> Cell:
    return Cell(value, Status.NUMBER, Origin.RECEIVED)


def judge(form: Form, raw: RawCell, *, by_hand: bool = False, **others: RawCell) -> Judge:
    """A judge of a sheet with the cell in A1, 2 in A2 and 3 in A3, and others by name."""
    cells = {(1, 1): raw, (2, 1): RawCell("n", "2"), (3, 1): RawCell("n", "3")}
    cells |= {(int(name[1:]), ord(name[0]) - 96): cell for name, cell in others.items()}
    book = RawBook((RawSheet("3", "sheet1.xml", "visible", cells),))
    return Judge(form, Words(Folding.by(form.sources.look_alikes)), Computer(book), by_hand=by_hand)


def judged(form: Form, raw: RawCell, **others: RawCell) -> tuple[Cell, list[tuple[str, dict[str, object]]]]:
    one = judge(form, raw, **others)
    cell = one.count(raw, AT, ("3", 1, 1))
    assert all(finding.place == AT for finding in one.findings)
    return cell, [(finding.message, dict(finding.facts)) for finding in (*one.findings, *one.altered())]


@pytest.mark.parametrize(
    ("stored", "cell", "said"),
    [
        pytest.param("0", number(0), [], id="zero"),
        pytest.param("7", number(7), [], id="a count"),
        pytest.param("-1", number(-1), [], id="negative: the rulebook says so"),
        pytest.param("7.0", number(7), [], id="a point and nothing behind it"),
        pytest.param("0.5", NONE, [("received_fraction", {"found": "0.5"})], id="half a person"),
        pytest.param("6.999", NONE, [("received_fraction", {"found": "6.999"})], id="nearly a count"),
        pytest.param(str(10**15 - 1), number(10**15 - 1), [], id="the largest that is kept whole"),
        pytest.param(str(10**15), NONE, [("received_number_unreadable", {"found": str(10**15)})], id="one more"),
        pytest.param(str(-(10**15)), NONE, [("received_number_unreadable", {"found": str(-(10**15))})], id="as far below nothing"),
        pytest.param("inf", NONE, [("received_number_unreadable", {"found": "inf"})], id="infinite"),
        pytest.param("1e999", NONE, [("received_number_unreadable", {"found": "1e999"})], id="beyond all numbers"),
    ],
)  # fmt: skip
def test_numbers(form: Form, stored: str, cell: Cell, said: list[object]) -> None:
    assert judged(form, RawCell("n", stored)) == (cell, said)


@pytest.mark.parametrize(
    ("stored", "format", "cell", "said"),
    [
        pytest.param("0.5", "0", NONE, [("received_fraction_hidden", {"found": "0.5"})], id="a fraction shown as a whole"),
        pytest.param("0.5", "0.0", NONE, [("received_fraction", {"found": "0.5"})], id="a fraction that is seen"),
        pytest.param("0.5", "0%", NONE, [("received_percent", {"found": "0.5"})], id="a share"),
        pytest.param("5", "0%", number(5), [("received_percent", {"found": "5"})], id="a whole percentage"),
        pytest.param("7", ";;;", number(7), [("received_number_hidden", {"found": "7"})], id="hidden"),
        pytest.param("7", "0,", number(7), [("received_digits_altered", {"found": "7", "format": "0,"})], id="in thousands"),
        pytest.param("7", '"none"', number(7), [("received_number_altered", {"found": "7", "format": '"none"', "count": 1})], id="a word"),
        pytest.param("7", '"' + LONG + '"', number(7), [("received_number_altered", {"found": "7", "format": '"' + "x" * 119, "count": 1})], id="a long word"),
        pytest.param("7", "0," + ";" * 200, number(7), [("received_digits_altered", {"found": "7", "format": "0," + ";" * 118})], id="a long format"),
        pytest.param("7", "#,##0", number(7), [], id="in groups"),
        pytest.param("5", ";;;%", number(5), [("received_percent", {"found": "5"}), ("received_number_hidden", {"found": "5"})], id="a hidden percentage"),
        pytest.param("45000", "dd.mm.yyyy", NONE, [("received_date", {"found": "2023-03-15"})], id="a day"),
        pytest.param("45000.75", "dd.mm.yyyy hh:mm", NONE, [("received_date", {"found": "2023-03-15"})], id="a day and a time"),
        pytest.param("1", "yyyy-mm-dd", NONE, [("received_date", {"found": "1899-12-31"})], id="the first day"),
        pytest.param("0.5", "yyyy-mm-dd", NONE, [("received_date", {"found": "1899-12-30"})], id="half of the day before"),
        pytest.param("0", "yyyy-mm-dd", NONE, [("received_date", {"found": "0"})], id="before all days"),
        pytest.param("2958465", "yyyy-mm-dd", NONE, [("received_date", {"found": "9999-12-31"})], id="the last day"),
        pytest.param("2958466", "yyyy-mm-dd", NONE, [("received_date", {"found": "2958466"})], id="after all days"),
        pytest.param("-3", "yyyy-mm-dd", NONE, [("received_date", {"found": "-3"})], id="no day at all"),
    ],
)  # fmt: skip
def test_number_formats(form: Form, stored: str, format: str, cell: Cell, said: list[object]) -> None:
    assert judged(form, RawCell("n", stored, format)) == (cell, said)


DASH = '0;0;"–"'


@pytest.mark.parametrize(
    ("format", "stored", "said"),
    [
        pytest.param(DASH, ["34379", "5"], [], id="positive numbers are shown as they are"),
        pytest.param(DASH, ["34379", "0"], [], id="a dash for zero is the form's own sign"),
        pytest.param("0;-0;", ["0", "7"], [], id="zero is left empty"),
        pytest.param(DASH, ["5", "-3", "-4"], [{"found": "-3", "format": DASH, "count": 2}], id="a minus is lost"),
        pytest.param('0;-0;"x"', ["0", "1", "0"], [{"found": "0", "format": '0;-0;"x"', "count": 2}], id="a word for zero"),
        pytest.param("[>5]0;0.0", ["7", "8"], [{"found": "7", "format": "[>5]0;0.0", "count": 2}], id="by size"),
    ],
)  # fmt: skip
def test_number_formats_are_told_once_for_a_table(
    form: Form, format: str, stored: list[str], said: list[object]
) -> None:
    one = judge(form, RawCell("n", "1"))
    for text in stored:
        one.count(RawCell("n", text, format), AT, ("3", 1, 1))
    assert [dict(finding.facts) for finding in one.altered()] == said
    assert one.findings == []


def test_number_formats_are_told_for_each_table(form: Form) -> None:
    one = judge(form, RawCell("n", "1"))
    for table in ("T03", "T05", "T03"):
        one.count(RawCell("n", "7", '"x"'), Place(table, "T", "T"), ("3", 1, 1))
    assert [(finding.place.table, finding.facts["count"]) for finding in one.altered()] == [("T03", 2), ("T05", 1)]


@pytest.mark.parametrize(
    ("written", "cell", "said"),
    [
        pytest.param("7", number(7), [("received_text_number", {"found": "7"})], id="a number as text"),
        pytest.param(" 7 ", number(7), [("received_text_number", {"found": " 7 "})], id="with spaces around it"),
        pytest.param("007", number(7), [("received_text_number", {"found": "007"})], id="with zeros before it"),
        pytest.param("12 345", number(12345), [("received_text_number", {"found": "12 345"})], id="in groups"),
        pytest.param("1 234 567", number(1234567), [("received_text_number", {"found": "1 234 567"})], id="in more groups"),
        pytest.param("12\u00a0345", number(12345), [("received_text_number", {"found": "12\u00a0345"})], id="in groups apart by a fixed space"),
        pytest.param("1234 567", NONE, [("received_not_a_count", {"found": "1234 567"})], id="a group of four"),
        pytest.param("1 23", NONE, [("received_not_a_count", {"found": "1 23"})], id="a group of two"),
        pytest.param("1 2345", NONE, [("received_not_a_count", {"found": "1 2345"})], id="a last group of four"),
        pytest.param("-7", NONE, [("received_not_a_count", {"found": "-7"})], id="negative"),
        pytest.param("3.5", NONE, [("received_not_a_count", {"found": "3.5"})], id="a fraction"),
        pytest.param("x5", NONE, [("received_not_a_count", {"found": "x5"})], id="a sign and a number"),
        pytest.param(LONG, NONE, [("received_not_a_count", {"found": "x" * 120})], id="a long text"),
        pytest.param("-", number(0), [], id="the sign of zero"),
        pytest.param("…", NONE, [("received_gap", {"found": "…"})], id="the sign of not available, one letter"),
        pytest.param(" ... ", NONE, [("received_gap", {"found": "..."})], id="the sign of not available, three"),
        pytest.param("x", gap(Status.NOT_APPLICABLE, Origin.RECEIVED), [("received_gap", {"found": "x"})], id="not applicable"),
        pytest.param("c", gap(Status.SUPPRESSED, Origin.RECEIVED), [("received_gap", {"found": "c"})], id="confidential"),
    ],
)  # fmt: skip
def test_texts(form: Form, written: str, cell: Cell, said: list[object]) -> None:
    assert judged(form, RawCell("t", written)) == (cell, said)


@pytest.mark.parametrize(
    ("kind", "stored", "said"),
    [
        pytest.param("b", "1", ("received_truth_value", {"found": "TRUE"}), id="true as 1"),
        pytest.param("b", "true", ("received_truth_value", {"found": "TRUE"}), id="true in letters"),
        pytest.param("b", "0", ("received_truth_value", {"found": "FALSE"}), id="false"),
        pytest.param("e", "#N/A", ("received_error_value", {"found": "#N/A"}), id="an error"),
        pytest.param("e", LONG, ("received_error_value", {"found": "x" * 120}), id="a long error"),
        pytest.param("d", "2026-09-30", ("received_date", {"found": "2026-09-30"}), id="a date"),
    ],
)
def test_what_is_no_number(form: Form, kind: str, stored: str, said: object) -> None:
    assert judged(form, RawCell(kind, stored)) == (NONE, [said])


@pytest.mark.parametrize(
    ("kind", "stored", "formula", "cell", "said"),
    [
        pytest.param("n", "5", "A2+A3", number(5), [], id="right"),
        pytest.param("n", "5.0", "SUM(A2:A3)", number(5), [], id="right, with a point"),
        pytest.param("n", "6", "=A2+A3", number(6), [("received_formula_differs", {"formula": "=A2+A3", "found": "6", "computed": 5})], id="another number is stored"),
        pytest.param("n", "6", "A2+A4", number(6), [("received_formula_differs", {"formula": "=A2+A4", "found": "6", "computed": "2.5"})], id="it gives a fraction"),
        pytest.param("t", "six", "A2+A3", NONE, [("received_formula_differs", {"formula": "=A2+A3", "found": "six", "computed": 5}), ("received_not_a_count", {"found": "six"})], id="a text is stored"),
        pytest.param("n", "7", "A2+A3+2", number(7), [("received_formula_constant", {"formula": "=A2+A3+2"})], id="a number is written into it"),
        pytest.param("n", "8", "A2+A3+2", number(8), [("received_formula_constant", {"formula": "=A2+A3+2"}), ("received_formula_differs", {"formula": "=A2+A3+2", "found": "8", "computed": 7})], id="a number in it, and another is stored"),
        pytest.param("n", "", "A2+A3", number(5), [("received_formula_without_value", {"formula": "=A2+A3", "computed": 5})], id="never calculated"),
        pytest.param("n", "", "A2+A4", NONE, [("received_formula_empty", {"formula": "=A2+A4"})], id="never calculated, it gives a fraction"),
        pytest.param("n", "", "A5", NONE, [("received_formula_empty", {"formula": "=A5"})], id="never calculated, it gives more than any count"),
        pytest.param("n", "", "A6", number(10**15 - 1), [("received_formula_without_value", {"formula": "=A6", "computed": 10**15 - 1})], id="never calculated, it gives the largest count"),
        pytest.param("n", "", "A2*A3", NONE, [("received_formula_empty", {"formula": "=A2*A3"})], id="never calculated and not of the simple kind"),
        pytest.param("n", "6", "A2*A3", number(6), [("received_formula_not_computed", {"formula": "=A2*A3"})], id="not of the simple kind"),
        pytest.param("n", "6", "[1]S!A1", number(6), [("received_external_link", {"formula": "=[1]S!A1"})], id="another workbook"),
        pytest.param("n", "", "[1]S!A1", NONE, [("received_external_link", {"formula": "=[1]S!A1"}), ("received_formula_empty", {"formula": "=[1]S!A1"})], id="another workbook, never calculated"),
        pytest.param("e", "#REF!", "A2+A3", NONE, [("received_error_value", {"found": "#REF!"})], id="an error is stored"),
        pytest.param("t", "", "A2+A3", NONE, [("received_not_a_count", {"found": ""})], id="an empty text is stored"),
        pytest.param("n", "6", "A2*" + "A" * 150, number(6), [("received_formula_not_computed", {"formula": "=A2*" + "A" * 116})], id="a long one"),
    ],
)  # fmt: skip
def test_formulas(form: Form, kind: str, stored: str, formula: str, cell: Cell, said: list[object]) -> None:
    others = {"a4": RawCell("n", "0.5"), "a5": RawCell("n", str(10**15)), "a6": RawCell("n", str(10**15 - 1))}
    assert judged(form, RawCell(kind, stored, "General", formula), **others) == (cell, said)


@pytest.mark.parametrize(
    ("by_hand", "is_sum", "unsaved", "said"),
    [
        pytest.param(True, True, 1, [], id="a sum of the fill-in form"),
        pytest.param(
            True, False, 0, ["received_formula_without_value"], id="a formula of somebody in the fill-in form"
        ),
        pytest.param(False, True, 0, ["received_formula_without_value"], id="a sum of another workbook"),
    ],
)
def test_sums_that_many_programs_save_without_their_value(
    form: Form, by_hand: bool, is_sum: bool, unsaved: int, said: list[str]
) -> None:
    raw = RawCell("n", "", "General", "A2+A3")
    one = judge(form, raw, by_hand=by_hand)
    assert one.count(raw, AT, ("3", 1, 1), is_sum=is_sum) == number(5)
    assert (one.unsaved, [finding.message for finding in one.findings]) == (unsaved, said)
    assert one.count(raw, AT, ("3", 1, 1)) == number(5)
    assert one.unsaved == unsaved


def test_a_cell_is_no_sum_and_no_form_is_filled_by_hand_unless_said(form: Form) -> None:
    raw = RawCell("n", "", "General", "A2+A3")
    one = judge(form, raw)
    assert (one.by_hand, one.unsaved) == (False, 0)


def test_merged_areas(form: Form) -> None:
    one = judge(form, RawCell("n", "7"))
    assert one.merged(AT, "B1") == NONE
    one.under(RawCell("t", LONG), AT, "B1")
    assert [(finding.message, dict(finding.facts)) for finding in one.findings] == [
        ("received_merged", {"other": "B1"}), ("received_under_merge", {"found": "x" * 120, "other": "B1"}),
    ]  # fmt: skip
