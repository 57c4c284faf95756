"""Numbers are found by line code and column number: what people do to a workbook misplaces none of them."""

import io
from dataclasses import replace

import openpyxl
import pytest

from form1.core.findings import Severity
from form1.core.periods import Period
from form1.xlsx.read.raw import RawBook
from form1.xlsx.read.sheet import Limits, Tables, read_sheet
from tests.recognise.editing import (
    Edit,
    clear,
    deleted,
    edited,
    hidden,
    inserted,
    moved,
    put,
    read_form,
    renamed,
    sent,
    swapped,
    swapped_texts,
    unchanged,
    with_sheet,
)  # fmt: skip
from tests.xlsx.read.hostile_packages import MAIN
from tests.xlsx.read.packages import good, understood


def messages(received) -> set[str]:
    return {finding.message for finding in received.findings}


def values(received) -> dict:
    return {address: (cell.value, cell.status) for address, cell in received.cells.items()}


@pytest.mark.parametrize("language", ["az", "en", "ru"])
@pytest.mark.parametrize(
    "sheet, edits, findings",
    [
        pytest.param("3", [renamed("Лист 1")], set(), id="sheet renamed"),
        pytest.param("3", [renamed("5x")], set(), id="sheet with a number of another table"),
        pytest.param("3", [moved(rows=inserted(1, 3))], set(), id="rows above"),
        pytest.param("3", [moved(columns=inserted(1, 2))], set(), id="columns before"),
        pytest.param("3", [moved(rows=inserted(9))], set(), id="empty row inside"),
        pytest.param("3", [moved(columns=inserted(5))], set(), id="empty column inside"),
        pytest.param("5", [moved(columns=swapped(4, 5))], set(), id="men and women change places, with their numbers"),
        pytest.param("3", [moved(columns=swapped(1, 3))], set(), id="labels and line codes change places"),
        pytest.param("3", [moved(columns=lambda c: c + 8 if c == 3 else c)], set(), id="line codes at the far right"),
        pytest.param("3", [moved(rows=swapped(9, 12))], set(), id="lines change places"),
        pytest.param("3", [put("A60", "t", "Qeyd: Cəmi 5 nəfər"), put("A61", "t", "* 2026")], set(), id="notes below"),
        pytest.param("3", [put("H9", "t", "?"), put("I9", "t", "yoxlanılsın")], set(), id="remarks beside"),
        pytest.param(
            "3", [put("H9", "n", "7"), put("B70", "n", "9")], {"received_numbers_outside"}, id="numbers outside"
        ),
        pytest.param("3", [hidden(rows=(9, 200))], {"received_row_hidden"}, id="hidden row"),
        pytest.param("3", [hidden(columns=(5,))], {"received_column_hidden"}, id="hidden column"),
        pytest.param("3", [hidden(state="veryHidden")], {"received_sheet_hidden"}, id="hidden sheet"),
        pytest.param("3", [put("C8", "n", "2"), put("C9", "n", "3")], set(), id="line codes became numbers"),
        pytest.param("1", [put("C9", "t", "")], set(), id="line code of a country is gone"),
        pytest.param("1", [moved(columns=deleted(2))], set(), id="country codes are gone"),
        pytest.param("3", [moved(columns=deleted(2))], set(), id="codes of a closed table are gone"),
        pytest.param("8", [clear("A6", "B6", "C6")], set(), id="letters are gone"),
        pytest.param("2", [clear("A2"), renamed("2")], set(), id="title is gone"),
        pytest.param("3", [clear("C9")], {"received_line_code_missing"}, id="line code is gone"),
        pytest.param("3", [put("C9", "t", "99")], {"received_line_code_other"}, id="line code is another"),
        pytest.param("3", [put("A9", "t", "Nobody knows")], {"received_label_differs"}, id="another label"),
        pytest.param("3", [clear("A9")], set(), id="label is gone"),
        pytest.param("3", [put("E5", "t", "?")], {"received_head_differs"}, id="another head"),
    ],
)
def test_every_number_is_where_it_was(language: str, sheet: str, edits: list[Edit], findings: set[str]) -> None:
    received = edited(sheet, *edits, language=language)
    assert messages(received) == findings
    assert values(received) == values(unchanged(language))
    assert received.layouts == unchanged(language).layouts


def test_sheets_in_another_order_with_one_added() -> None:
    added = replace(sent().sheets[0], name="Mine", cells={(1, 1): sent().sheets[1].cells[9, 4]})
    received = read_form(RawBook((*reversed(sent().sheets), added)))
    assert values(received) == values(unchanged())
    assert messages(received) == {"received_sheet_beside"}


def test_all_tables_on_one_sheet() -> None:
    cells, merges, top = {}, [], 0
    for sheet in sent().sheets[1:11]:
        cells |= {(row + top, column): cell for (row, column), cell in sheet.cells.items()}
        merges += [(a + top, b, c + top, d) for a, b, c, d in sheet.merges]
        top += max(row for row, _ in sheet.cells) + 2
    one = replace(sent().sheets[1], name="All", cells=cells, merges=tuple(merges))
    received = read_form(RawBook((sent().sheets[0], one)))
    assert values(received) == values(unchanged())
    assert messages(received) == set()


def test_panels_on_two_sheets_and_below_each_other() -> None:
    sheet = next(each for each in sent().sheets if each.name == "8")
    stub, half = 3, 21
    first = {at: cell for at, cell in sheet.cells.items() if at[1] <= half}
    second = {(row, column - (half - stub) if column > half else column): cell
              for (row, column), cell in sheet.cells.items() if column > half or column <= stub}  # fmt: skip
    merges = tuple(area for area in sheet.merges if area[0] > 3)
    left = tuple(area for area in merges if area[3] <= half)
    right = tuple((a, b - (half - stub), c, d - (half - stub)) for a, b, c, d in merges if b > half)
    others = [each for each in sent().sheets if each.name != "8"]
    title = {(2, 1): sheet.cells[1, 4]}
    two = [replace(sheet, cells=first, merges=left), replace(sheet, name="8b", cells=second | title, merges=right)]
    apart = read_form(RawBook((*others, *two)))
    assert values(apart) == values(unchanged())
    assert messages(apart) == set()
    below = first | {(row + 60, column): cell for (row, column), cell in (second | title).items()}
    stacked = replace(sheet, cells=below, merges=left + tuple((a + 60, b, c + 60, d) for a, b, c, d in right))
    together = read_form(RawBook((*others, stacked)))
    assert values(together) == values(unchanged())
    assert messages(together) == set()


@pytest.mark.parametrize(
    "sheet, edits, findings",
    [
        pytest.param("3", [moved(rows=deleted(9))], {"received_line_missing"}, id="line deleted"),
        pytest.param("3", [put("A40", "t", "New ground"), put("C40", "t", "77"), put("D40", "n", "5")], {"received_line_unknown"}, id="line added"),
        pytest.param("3", [put("C10", "t", "03"), clear("A10", "B10")], {"received_line_twice", "received_line_missing"}, id="line code twice"),
        pytest.param("3", [moved(columns=deleted(6))], {"received_column_missing"}, id="column deleted"),
        pytest.param("3", [put("F6", "n", "2")], {"received_column_twice", "received_column_missing"}, id="column number twice"),
        pytest.param("3", [put("G6", "n", "4"), put("G8", "n", "9")], {"received_column_unknown"}, id="column added"),
        pytest.param("3", [moved(rows=inserted(9)), put("A9", "t", "New"), put("D9", "t", "...")], {"received_line_unknown"}, id="line of signs"),
        pytest.param("3", [moved(columns=inserted(5)), put("E9", "n", "7")], {"received_numbers_between"}, id="numbers between"),
        pytest.param("3", [put("A9", "t", "Total")], {"received_label_of_other"}, id="label of another line"),
        pytest.param("3", [swapped_texts("E5", "F5")], {"received_head_of_other"}, id="heads swapped"),
        pytest.param("1", [put("B12", "t", "QQ"), put("A12", "t", "Atlantis")], {"received_line_unknown"}, id="country unknown"),
        pytest.param("4", [clear("A2"), renamed("x"), clear("A5", "A6")], set(), id="title gone, the rows tell"),
        pytest.param("2", [clear("A2"), renamed("x")], {"received_table_unclear", "received_table_missing"}, id="title gone, three tables alike"),
        pytest.param("3", [clear("A6", "B6", "C6", "D6", "E6", "F6")], {"received_table_missing", "received_sheet_beside"}, id="column numbers gone"),
    ],
)  # fmt: skip
def test_what_cannot_be_placed_is_a_finding(sheet: str, edits: list[Edit], findings: set[str]) -> None:
    received = edited(sheet, *edits)
    assert messages(received) - {"received_tidy_differs"} == findings
    kept = values(unchanged())
    moved_away = {a: v for a, v in values(received).items() if a in kept and v != kept[a] and v[0] is not None}
    assert moved_away == {}, "no number stands where another stood"


def test_a_note_with_numbers_below_the_table_is_no_line() -> None:
    last = max(row for row, _ in next(sheet for sheet in sent().sheets if sheet.name == "3").cells)
    label, figure = (f"{column}{last + 2}" for column in "AD")
    received = edited("3", put(label, "t", "Control sum"), put(figure, "t", "1204"))
    (said,) = received.findings
    assert (said.message, said.severity, said.place.cell) == ("received_numbers_outside", Severity.INFORMATION, figure)
    assert values(received) == values(unchanged())
    close = edited("3", put(f"A{last + 1}", "t", "Control sum"), put(f"D{last + 1}", "n", "1204"))
    assert [(finding.message, finding.severity) for finding in close.findings] == [
        ("received_line_unknown", Severity.ERROR)
    ]
    inside = edited("3", moved(rows=inserted(9, 2)), put("A10", "t", "Control sum"), put("D10", "n", "1204"))
    assert [finding.message for finding in inside.findings] == ["received_line_unknown"]


def test_a_hidden_row_is_said_at_its_line() -> None:
    received = edited("3", hidden(rows=(9, 70)), put("B70", "n", "9"))
    at = {spot: address for address, spot in received.at.items()}
    of_row = [finding.place for finding in received.findings if finding.message == "received_row_hidden"]
    assert [(place.table, place.row, place.column) for place in of_row] == [at["3", "D9"], ("", "", "")]
    assert [(place.sheet, place.cell) for place in of_row] == [("3", "D9"), ("3", "B70")]


@pytest.mark.parametrize(
    "row, width, hidden_row, hidden_column",
    [("0.5", "0.2", True, True), ("0", "0", True, True), ("15", "9.14", False, False), ("1", "0.3", False, False)],
)
def test_what_is_too_small_to_be_seen_is_hidden(row: str, width: str, hidden_row: bool, hidden_column: bool) -> None:
    content = (
        f'<worksheet xmlns="{MAIN}"><cols><col min="4" max="4" width="{width}"/></cols>'
        f'<sheetData><row r="9" ht="{row}"><c r="D9"><v>7</v></c></row></sheetData></worksheet>'
    )
    sheet = read_sheet("3", "sheet3.xml", "visible", content.encode(), Tables((), ()), Limits(10))
    assert (9 in sheet.hidden_rows, 4 in sheet.hidden_columns) == (hidden_row, hidden_column)


def test_a_table_that_stands_twice_and_one_that_is_missing() -> None:
    three = next(sheet for sheet in sent().sheets if sheet.name == "3")
    copy = replace(three, name="3 (2)")
    twice = read_form(RawBook((*sent().sheets, copy)))
    assert messages(twice) == {"received_table_twice"}
    assert [(said.place.sheet, said.place.cell) for said in twice.findings] == [("3 (2)", "D6")]
    assert values(twice) == values(unchanged())
    without = read_form(RawBook(tuple(sheet for sheet in sent().sheets if sheet.name != "3")))
    assert messages(without) == {"received_table_missing"}
    assert "T03" not in without.layouts


def test_a_title_pasted_over_another() -> None:
    book = sent()
    three = next(sheet for sheet in book.sheets if sheet.name == "3")
    received = read_form(with_sheet(book, "4", put("A2", "t", three.cells[2, 1].text)))
    assert messages(received) == {"received_title_differs"}
    assert values(received) == values(unchanged())


@pytest.mark.parametrize(
    "written, period", [("2026-Q3", "2026-Q3"), ("January–March 2025", "2025-Q1"), ("2024-cü il", "2024")]
)
def test_the_cover_says_which_period(written: str, period: str) -> None:
    book = sent()
    at = next(at for at, cell in book.sheets[0].cells.items() if cell.text == "January–September 2026")
    cells = {**book.sheets[0].cells, at: book.sheets[0].cells[at]._replace(text=written)}
    received = read_form(RawBook((replace(book.sheets[0], cells=cells), *book.sheets[1:])))
    assert str(received.period) == period
    assert ("received_period_differs" in messages(received)) == (period != "2026-Q3")


def test_the_period_given_goes_before_the_period_stated() -> None:
    received = read_form(sent(), Period.parse("2026-Q2"))
    assert str(received.period) == "2026-Q2"
    assert {f.place.sheet for f in received.findings if f.message == "received_period_differs"} == {
        sheet.name for sheet in sent().sheets[:11]
    }


def test_without_any_period_nothing_is_placed() -> None:
    blank = tuple(
        replace(
            sheet, cells={at: cell for at, cell in sheet.cells.items() if cell.kind == "n" or "2026" not in cell.text}
        )
        for sheet in sent().sheets
    )
    received = read_form(RawBook(blank))
    assert received.period is None
    assert messages(received) == {"received_period_missing"}
    assert values(read_form(RawBook(blank), Period.parse("2026-Q3"))) == values(unchanged())


def test_saved_again_by_another_program() -> None:
    book = openpyxl.load_workbook(io.BytesIO(good("az")))
    file = io.BytesIO()
    book.save(file)
    received = understood(file.getvalue())
    assert values(received) == values(unchanged("az"))
    assert messages(received) == set()


def _unmerged(sheet):
    return replace(sheet, merges=())


@pytest.mark.parametrize("language", ["az", "en", "ru"])
@pytest.mark.parametrize("sheet", ["8", "9"])
def test_a_group_head_without_merged_cells_stands_over_one_column(sheet: str, language: str) -> None:
    received = edited(sheet, _unmerged, language=language)
    assert messages(received) == messages(unchanged(language))
    assert values(received) == values(unchanged(language))


def test_a_group_head_without_merged_cells_may_stand_over_its_middle_column() -> None:
    row = _heads_row()
    received = edited("8", _unmerged, put(f"H{row}", "t", "18–19"), clear(f"G{row}"))
    assert messages(received) == messages(unchanged())


def test_group_heads_exchanged_without_merged_cells_are_an_error() -> None:
    row = _heads_row()
    received = edited("8", _unmerged, swapped_texts(f"G{row}", f"J{row}"))
    found = {finding.place.column for finding in received.findings if finding.message == "received_head_of_other"}
    assert found == {"18-19.T", "20-24.T"}


def test_a_group_head_that_is_gone_is_named() -> None:
    received = edited("8", _unmerged, clear(f"G{_heads_row()}"))
    told = [finding for finding in received.findings if finding.message == "received_head_differs"]
    assert [(each.place.column, each.facts["expected"].en, each.facts["found"]) for each in told] == [
        ("18-19.M", "18–19 / Men", "Men"),
        ("18-19.F", "18–19 / Women", "Women"),
    ]


def _heads_row() -> int:
    """The row of the ages in table 8."""
    (sheet,) = (each for each in sent().sheets if each.name == "8")
    return next(row for (row, column), cell in sorted(sheet.cells.items()) if column == 7 and cell.text == "18–19")
