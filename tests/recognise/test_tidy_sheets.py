"""The tidy sheet of a table is held against the official one, and never read in its place."""

import pytest

from form1.xlsx.read.raw import RawBook
from tests.recognise.editing import (
    Edit,
    clear,
    deleted,
    edited,
    inserted,
    moved,
    put,
    read_form,
    renamed,
    sent,
    swapped,
    unchanged,
    with_sheet,
)

TOTAL = unchanged().cells["T03", "T", "T"].value or 0
"""What D7 of sheet 3 holds, and F7 of the tidy sheet beside it."""


@pytest.mark.parametrize(
    "edit, says, at",
    [
        pytest.param(put("F7", "n", str(TOTAL + 1)), TOTAL + 1, "F7", id="another number"),
        pytest.param(put("F7", "t", "data not available"), "data not available", "F7", id="words for a number"),
        pytest.param(put("F7", "n", "3.5"), "3.5", "F7", id="a fraction"),
        pytest.param(clear("F7"), "∅", "F7", id="nothing"),
        pytest.param(moved(rows=swapped(7, 8)), None, "F8", id="only the order of its rows is another"),
    ],
)
def test_what_it_says_otherwise_is_told_at_the_cell_of_the_form(edit: Edit, says: object, at: str) -> None:
    received = edited("Data 3", edit)
    told = [(f.message, f.place.sheet, f.place.cell, f.facts["other"], f.facts["cell"]) for f in received.findings]
    assert told == ([("received_tidy_differs", "3", "D7", says, at)] if says is not None else [])
    assert received.cells == unchanged().cells


@pytest.mark.parametrize(
    "edits",
    [
        pytest.param([renamed("Sheet12")], id="renamed"),
        pytest.param([moved(rows=inserted(3))], id="a row inserted above"),
        pytest.param([moved(columns=inserted(2))], id="a column inserted"),
        pytest.param([moved(columns=deleted(2))], id="its labels deleted"),
    ],
)
def test_it_is_known_by_its_heads_and_title(edits: list[Edit]) -> None:
    assert edited("Data 3", *edits).findings == ()
    told = edited("Data 3", put("F7", "n", str(TOTAL + 1)), *edits).findings
    assert [(finding.message, finding.place.cell) for finding in told] == [("received_tidy_differs", "D7")]


def test_both_tidy_sheets_are_heard_and_the_same_is_said_once() -> None:
    received = edited("3", put("D7", "n", str(TOTAL + 1)))
    assert [finding.facts["sheet"] for finding in received.findings] == ["Data 3"]
    row = next(
        row
        for row in range(1, 3000)
        if [_text(sent(), "cells", row, column) for column in (1, 2, 3)] == ["T03", "T", "T"]
    )
    other = with_sheet(sent(), "cells", put(f"D{row}", "n", "5"))
    told = read_form(with_sheet(other, "Data 3", put("F7", "n", "6"))).findings
    assert [(finding.facts["sheet"], finding.facts["other"]) for finding in told] == [("Data 3", 6), ("cells", 5)]


def test_words_are_compared_with_what_the_sign_means() -> None:
    gap = with_sheet(sent(), "3", put("D7", "t", "..."))
    right = with_sheet(gap, "Data 3", put("F7", "t", "data not available"))
    wrong = with_sheet(gap, "Data 3", put("F7", "t", "confidential"))
    for book, count in ((right, 0), (wrong, 1)):
        told = [f for f in read_form(book).findings if f.facts.get("sheet") == "Data 3"]
        assert len(told) == count


def test_it_does_not_stand_in_for_the_official_sheet() -> None:
    book = RawBook(tuple(sheet for sheet in sent().sheets if sheet.name != "3"))
    received = read_form(book)
    assert ("received_table_missing", "T03") in {(f.message, f.place.table) for f in received.findings}
    assert not {address for address in received.at if address[0] == "T03"}


def _text(book: RawBook, sheet: str, row: int, column: int) -> str:
    cell = next(each for each in book.sheets if each.name == sheet).cells.get((row, column))
    return cell.text if cell else ""
