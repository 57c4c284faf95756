"""What a person sees in a sheet and what is stored in it: never a number that is wrong and looks right."""

import pytest

from tests.build.sources.conftest import texts
from tests.build.sources.drawn import LOWERED, RAISED, STRUCK, drawn, formula, number, runs

NAME = "exempt_from_work_permit.xlsx"
HEAD: list[str | int] = ["sex", "persons", "Note", "Remark"]


def sheet(women: str | int, label: str = "F", *beside: str | int) -> tuple[str, list[list[str | int]]]:
    return "S", [HEAD, ["M", 14631], [label, women, *beside]]


def said(folder) -> list[tuple[str, str, dict[str, object]]]:
    return [
        (finding.message, f"{finding.place.cell}{finding.place.line}", dict(finding.facts))
        for finding in folder.read("T10")[1]
    ]


TWO_READINGS = {"found": "6633", "rest": "663"}


@pytest.mark.parametrize(
    ("women", "message", "facts"),
    [
        pytest.param(runs(("663", ""), ("3", RAISED)), "text_marked_in_part", TWO_READINGS, id="raised"),
        pytest.param(runs(("663", ""), ("3", LOWERED)), "text_marked_in_part", TWO_READINGS, id="lowered"),
        pytest.param(runs(("663", ""), ("3", STRUCK)), "text_marked_in_part", TWO_READINGS, id="struck out"),
        pytest.param(
            runs(("6", STRUCK), ("633", "<b/>")),
            "text_marked_in_part",
            {"found": "6633", "rest": "633"},
            id="first digit",
        ),
        pytest.param(runs(("663", STRUCK)), "text_struck_out", {"found": "663"}, id="all of it struck out"),
        pytest.param(runs(("663", RAISED)), "text_raised", {"found": "663"}, id="all of it raised"),
        pytest.param(number(663, style=1), "text_struck_out", {"found": "663"}, id="font that strikes out"),
        pytest.param(number(663, style=2), "text_raised", {"found": "663"}, id="font that raises"),
    ],
)
def test_marks_in_a_count_are_an_error(folder, women: str, message: str, facts: dict[str, object]) -> None:
    folder.put(NAME, drawn(sheet(women)))
    assert said(folder) == [(message, "B3", facts)]
    assert folder.read("T10")[1][0].severity == "error"


@pytest.mark.parametrize(
    "women",
    [
        pytest.param(runs(("66", "<b/>"), ("33", '<strike val="0"/><vertAlign val="baseline"/>')), id="bold run"),
        pytest.param(number(6633, style=3), id="font that says it does not strike out"),
    ],
)
def test_other_properties_say_nothing(folder, women: str) -> None:
    folder.put(NAME, drawn(sheet(women)))
    assert texts(folder.one("T10"), "sex", "persons") == [("M", "14631"), ("F", "6633")]


@pytest.mark.parametrize(
    ("label", "read", "message"),
    [
        pytest.param(runs(("Qadın", ""), ("1", RAISED)), "Qadın", "label_footnoted", id="footnote"),
        pytest.param(
            runs(("Qadın", ""), ("lar", RAISED)), "Qadınlar", "text_marked_in_part", id="no sign of a footnote"
        ),
        pytest.param(runs(("Qadın", ""), ("1", LOWERED)), "Qadın1", "text_marked_in_part", id="lowered"),
        pytest.param(runs(("F", ""), ("1", RAISED)), "F1", "text_marked_in_part", id="code"),
        pytest.param(runs(("Qadın", STRUCK)), "Qadın", "text_struck_out", id="struck out"),
    ],
)
def test_marks_in_a_label(folder, label: str, read: str, message: str) -> None:
    folder.put(NAME, drawn(sheet(6633, label)))
    assert texts(folder.read("T10")[0]["T10"], "sex")[1] == (read,)
    assert [(found, at) for found, at, _ in said(folder)] == [(message, "A3")]


def test_marks_in_a_head_and_beside_the_counts(folder) -> None:
    """A raised sign in the head is read without it; what stands in a column that nobody reads is not spoken of."""
    rows: list[list[str | int]] = [
        ["sex", runs(("persons", ""), ("1", RAISED)), "Note"],
        ["M", 1, runs(("x2", STRUCK))],
    ]
    folder.put(NAME, drawn(("S", rows)))
    assert [(found, at) for found, at, _ in said(folder)] == [("label_footnoted", "B1")]


@pytest.mark.parametrize(
    ("written", "calculates", "read", "messages"),
    [
        pytest.param(formula("C3+D3", "0"), True, "6633", ["received_formula_without_value"], id="stand-in 0"),
        pytest.param(formula("C3+D3"), False, "6633", ["received_formula_without_value"], id="no value"),
        pytest.param(formula("C3+D3", "6632"), False, "6632", ["received_formula_differs"], id="another value"),
        pytest.param(formula("C3+D3", "6633"), True, "6633", [], id="its value"),
        pytest.param(formula("C3-C3", "0"), True, "0", [], id="a 0 that is right"),
        pytest.param(formula("LEN(C3)", "0"), True, "=LEN(C3)", [], id="stand-in that nobody can compute"),
        pytest.param(formula("LEN(C3)", "4"), True, "4", ["received_formula_not_computed"], id="not computed"),
        pytest.param(formula("[1]A!B1", "4"), False, "4", ["received_external_link"], id="another workbook"),
        pytest.param(number(0.12, style=4), False, "0.12", ["received_percent"], id="percentage"),
        pytest.param(number(46309, style=5), False, "2026-10-14", [], id="day"),
    ],
)
def test_formulas_and_formats(folder, written: str, calculates: bool, read: str, messages: list[str]) -> None:
    folder.put(NAME, drawn(sheet(written, "F", 2000, 4633), calculates=calculates))
    assert texts(folder.read("T10")[0]["T10"], "persons")[1] == (read,)
    assert [(found, at) for found, at, _ in said(folder)] == [(message, "B3") for message in messages]


def test_a_formula_that_nobody_calculated_names_its_cell_and_the_remedy(folder) -> None:
    folder.put(NAME, drawn(sheet(formula("LEN(C3)", "0")), calculates=True))
    (finding,) = folder.check("T10")
    assert (finding.message, finding.place.cell, finding.place.line) == ("received_formula_empty", "B", 3)
    assert dict(finding.facts) == {"formula": "=LEN(C3)"}


def test_hidden_rows_and_columns_are_counted_and_said(folder) -> None:
    rows: list[list[str | int]] = [
        ["exemption", "sex", "persons"],
        *(["64.0.1", "M", 3 * each] for each in range(1, 8)),
    ]
    folder.put(NAME, drawn(("S", rows), hidden_rows=(3, 5, 6, 7, 20), hidden_columns=(2, 9)))
    assert texts(folder.read("T10")[0]["T10"], "persons") == [(str(3 * each),) for each in range(1, 8)]
    assert [(message, facts) for message, _, facts in said(folder)] == [
        ("lines_hidden", {"lines": "3, 5–7", "count": 4}),
        ("columns_hidden", {"columns": "B"}),
    ]


OLD: list[list[str | int]] = [["sex", "persons"], ["M", 100], ["F", 50]]
NEW: list[list[str | int]] = [["sex", "persons"], ["M", 14631], ["F", 6633]]


def test_a_hidden_sheet_never_wins(folder) -> None:
    folder.put(NAME, drawn(("T10", OLD), ("Sheet1", NEW), hidden=("T10",)))
    exports, findings, _ = folder.read()
    assert texts(exports["T10"], "persons") == [("14631",), ("6633",)]
    (hidden,) = [finding for finding in findings if finding.place.sheet]
    assert (hidden.message, hidden.severity, hidden.place.sheet) == ("sheet_hidden", "warning", "T10")


def test_hidden_sheets_alone_are_an_error(folder) -> None:
    folder.put(NAME, drawn(("T10", OLD), ("Sheet1", []), hidden=("T10",)))
    exports, findings, _ = folder.read("T10")
    assert (exports, [(each.message, each.facts["sheets"]) for each in findings]) == (
        {},
        [("sheets_all_hidden", ("T10",))],
    )


def test_notes_beside_an_export_are_no_obstacle(folder) -> None:
    folder.put(NAME, drawn(("Data", NEW), ("Qeydlər", [["Mənbə: reyestr"], ["2026"]])))
    exports, findings, _ = folder.read()
    assert texts(exports["T10"], "persons") == [("14631",), ("6633",)]
    (notes,) = [finding for finding in findings if finding.place.sheet]
    assert (notes.message, notes.severity, notes.place.sheet) == ("sheet_of_notes", "information", "Qeydlər")
