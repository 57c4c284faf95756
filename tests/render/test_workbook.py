"""The workbook holds the cells of the submission, and nothing in it runs."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from form1.core.periods import Period
from form1.core.texts import Language
from form1.definition.load import load
from form1.model.forms import Edition
from form1.render.workbook import draw
from tests.render import workbook_samples

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "workbook.txt"


@pytest.fixture(scope="module")
def small() -> Edition:
    return workbook_samples.submission()


@pytest.fixture(scope="module")
def book(small: Edition) -> Any:
    return load_workbook(io.BytesIO(draw(small)))


def test_workbook_as_text(small: Edition) -> None:
    text = workbook_samples.text_of(draw(small))
    if os.environ.get("FORM1_UPDATE_GOLDEN") == "1":
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize(("language", "period"), [("az", "2026-Q3"), ("en", "2025"), ("ru", "2019-Q4")])
def test_counts_read_back_by_line_and_column_number(language: Language, period: str) -> None:
    submission = workbook_samples.full(load(), language, Period.parse(period))
    book = load_workbook(io.BytesIO(draw(submission)))
    signs = submission.form.signs()
    for table, layout in submission.layouts.items():
        read = _by_line_and_column(book[str(layout.table.number)])
        expected = {}
        for row in layout.rows:
            for column in layout.columns:
                cell = submission.cells[table, row.code, column.code]
                expected[row.line, column.number] = signs[cell.status] if cell.value is None else cell.value
        assert read == expected


def test_tidy_sheet_lists_every_cell(small: Edition, book: Any) -> None:
    sheet = book.worksheets[-1]
    header, *lines = sheet.iter_rows(values_only=True)
    assert header == ("table", "row", "column", "value", "status", "row_label", "column_label")
    assert {line[:3]: line[3:5] for line in lines} == {
        address: (cell.value, cell.status) for address, cell in small.cells.items()
    }
    assert sheet.tables["form1_cells"].ref == sheet.dimensions


def test_a_cell_without_a_number_shows_its_sign(book: Any) -> None:
    assert set(_by_line_and_column(book["2"]).values()) == {"..."}


def test_zero_is_a_number_that_looks_like_the_sign(small: Edition, book: Any) -> None:
    zeros = [cell for row in book["1"].iter_rows() for cell in row if cell.value == 0]
    assert zeros
    assert {cell.number_format for cell in zeros} == {'[>=1000000]#\\ ###\\ ##0;[=0]"-";#\\ ##0'}


def test_text_from_outside_never_becomes_a_formula(book: Any) -> None:
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert not {cell.data_type for cell in cells} & {"f", "e"}
    for suspicious in (workbook_samples.EVIL, "+etiket", "-Qeyd", "+994 12 000 00 00"):
        found = [cell for cell in cells if cell.value == suspicious]
        assert found and all(cell.quotePrefix for cell in found), suspicious
    assert any(cell.value == "#N/A" for cell in cells)


def test_every_total_is_watched(small: Edition, book: Any) -> None:
    for layout in small.layouts.values():
        sheet = book[str(layout.table.number)]
        watched = {str(cells.sqref) for cells in sheet.conditional_formatting}
        sums = [row for row in layout.rows if row.parts]
        ways = [column for column in layout.columns if column.parts]
        assert len(watched) == len(sums) + len(ways)


def test_same_bytes_in_any_time_zone_and_process(small: Edition) -> None:
    script = (
        "import hashlib; from tests.render import workbook_samples; from form1.render.workbook import draw;"
        "print(hashlib.sha256(draw(workbook_samples.submission())).hexdigest())"
    )
    hashes = {hashlib.sha256(draw(small)).hexdigest()}
    for zone, seed in (("Asia/Baku", "1"), ("America/Los_Angeles", "2")):
        environment = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-c", script], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
        )
        hashes.add(done.stdout.strip())
    assert len(hashes) == 1


def test_package_carries_no_clock_and_names_codes_as_text(small: Edition) -> None:
    with zipfile.ZipFile(io.BytesIO(draw(small))) as package:
        assert {member.date_time for member in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2026-09-30T00:00:00Z</dcterms:modified>" in package.read("docProps/core.xml")
        assert b'numberStoredAsText="1"/></ignoredErrors></worksheet>' in package.read("xl/worksheets/sheet2.xml")


def _by_line_and_column(sheet: Worksheet) -> dict[tuple[str, int], Any]:
    """Read counts as a receiver does: by the line codes down and the column numbers across."""
    rows = list(sheet.iter_rows(values_only=True))
    at = next(place for place, row in enumerate(rows) if 1 in row)
    numbers = {place: value for place, value in enumerate(rows[at]) if isinstance(value, int)}
    line = min(numbers) - 1
    lines = [row for row in rows[at + 1 :] if row[line] is not None]
    return {(str(row[line]), number): row[place] for row in lines for place, number in numbers.items()}
