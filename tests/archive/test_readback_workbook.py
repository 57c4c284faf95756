"""The numbers of a workbook are read back from its official and its tidy sheets."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import load_workbook

from form1.archive.readback import Described, expected, first_other
from form1.archive.readback.expected import Expected
from form1.definition.wording import tidy_sheet
from form1.render.workbook import draw
from tests.render import workbook_samples


@pytest.fixture(scope="module")
def tables() -> list[Expected]:
    submission = workbook_samples.submission()
    described = [
        Described(
            id,
            str(layout.table.number),
            tuple(row.line for row in layout.rows),
            tuple(map(len, layout.panels)),
            tidy_sheet(submission.form, layout.table, submission.language),
        )
        for id, layout in submission.layouts.items()
    ]
    order = [
        (id, row.code, at.code) for id, all in submission.layouts.items() for row in all.rows for at in all.columns
    ]
    return expected(described, submission.form.signs(), {address: submission.cells[address] for address in order})


@pytest.fixture(scope="module")
def drawn() -> bytes:
    return draw(workbook_samples.submission())


def _put(sheet: str, cell: str, value: object) -> Callable[[Any], None]:
    return lambda book: setattr(book[sheet][cell], "value", value)


@pytest.mark.parametrize(
    "change, where",
    [
        pytest.param(lambda book: None, "", id="as it was drawn"),
        pytest.param(_put("1", "D7", 5), "1!D7", id="another number on the official sheet"),
        pytest.param(_put("Məlumat 1", "G9", 5), "Məlumat 1!G9", id="another number on the tidy sheet"),
        pytest.param(_put("Məlumat 1", "G9", None), "Məlumat 1!G9", id="none on the tidy sheet"),
        pytest.param(_put("Məlumat 2", "F7", 0), "Məlumat 2!F7", id="a number where there is none"),
        pytest.param(_put("Məlumat 1", "G6", "Kişi"), "Məlumat 1!A1", id="a head without its number"),
        pytest.param(_put("Məlumat 1", "A9", "77"), "Məlumat 1!A14", id="a line without its code"),
        pytest.param(lambda book: book.remove(book["Məlumat 3"]), "Məlumat 3", id="no tidy sheet"),
    ],
)
def test_the_first_cell_that_says_something_else(
    tables: list[Expected], drawn: bytes, change: Callable[[Any], None], where: str
) -> None:
    book, file = load_workbook(io.BytesIO(drawn)), io.BytesIO()
    change(book)
    book.save(file)
    assert first_other(file.getvalue(), tables) == where


def test_an_edition_of_before_has_none(tables: list[Expected], drawn: bytes) -> None:
    book, file = load_workbook(io.BytesIO(drawn)), io.BytesIO()
    for sheet in [sheet for sheet in book if sheet.title.startswith("Məlumat")]:
        book.remove(sheet)
    book.save(file)
    before = [
        Expected(Described(t.table.id, t.table.sheet, t.table.lines, t.table.panels), t.values, t.shown) for t in tables
    ]
    assert first_other(file.getvalue(), before) == ""
