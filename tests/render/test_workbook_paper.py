"""The workbook on paper: no lone rows, no cut pages, red totals; looked at through LibreOffice where there is one."""

from __future__ import annotations

import io
import itertools
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries

from form1.core.periods import Period
from form1.core.texts import LANGUAGES, Language
from form1.definition import Form
from form1.render.workbook import draw
from form1.render.workbook.checks import LONGEST, formula, runs
from form1.render.workbook.printing import A4, LEAST_ON_LAST_PAGE, page_ends
from form1.render.workbook.writer import line_count
from tests.making import HANGS
from tests.render import workbook_samples

SOFFICE = shutil.which("soffice")


@given(rows=st.lists(st.floats(10, 60), min_size=1, max_size=200), room=st.floats(400, 800), head=st.floats(20, 80))
def test_pages_hold_their_rows_and_the_last_is_never_nearly_empty(rows: list[float], room: float, head: float) -> None:
    ends = page_ends(rows, [True] * len(rows), room, top=head, head=head)
    starts = [0, *(end + 1 for end in ends)]
    pages = [rows[first:last] for first, last in zip(starts, [*starts[1:], None], strict=True)]
    assert list(itertools.chain(*pages)) == rows
    assert all(head + sum(page) <= room + 1e-6 for page in pages)
    whole = head + sum(rows[-LEAST_ON_LAST_PAGE:]) > room  # rows so high that fewer fill a page
    assert len(pages) == 1 or len(pages[-1]) >= LEAST_ON_LAST_PAGE or (whole and len(pages[-1]) > 1)


def test_a_page_does_not_end_with_the_head_of_a_group() -> None:
    assert page_ends([10.0] * 20, [place != 5 for place in range(20)], room=120, top=0, head=0) == [11]
    assert page_ends([10.0] * 20, [place != 11 for place in range(20)], room=120, top=0, head=0) == [10]


def test_a_last_page_of_a_few_rows_takes_some_of_the_page_before() -> None:
    assert page_ends([10.0] * 14, [True] * 14, room=120, top=0, head=0) == [5]


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        pytest.param("Cəmi", 20, 1, id="one word"),
        pytest.param("Vətəndaşlığı olmayan şəxslər", 16, 2, id="wrapped at a space"),
        pytest.param("x" * 100, 20, 5, id="a word longer than the line is broken"),
    ],
)
def test_lines_of_wrapped_text(text: str, width: float, lines: int) -> None:
    assert line_count(text, 9, width) == lines


@given(st.sets(st.integers(1, 1000), min_size=1))
def test_runs_hold_exactly_the_numbers(numbers: set[int]) -> None:
    assert {number for first, last in runs(numbers) for number in range(first, last + 1)} == numbers


@pytest.mark.parametrize("count", [1, 200, 201, 900])
def test_formula_with_many_scattered_parts_stays_short_enough_for_excel(count: int) -> None:
    written = formula("D8", [f"D{8 + 2 * place}:D{8 + 2 * place}" for place in range(1, count + 1)], count)
    assert len(written) <= LONGEST
    assert all(call.partition(")")[0].count(",") < 255 for call in written.split("(")[1:])


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it_and_finds_no_broken_total_until_a_part_is_edited(tmp_path: Path) -> None:
    workbook = draw(workbook_samples.submission())
    assert _red_cells(tmp_path, "whole", workbook) == 0
    edited = load_workbook(io.BytesIO(workbook))
    sheet = edited["1"]
    line = next(row for row in sheet.iter_rows() if row[0].value == "Adi etiket")
    line[-1].value += 1
    changed = io.BytesIO()
    edited.save(changed)
    assert _red_cells(tmp_path, "edited", changed.getvalue()) > 0


def _red_cells(folder: Path, name: str, workbook: bytes) -> int:
    """Return how many cells LibreOffice paints red: counted in its HTML, where a conditional format is laid out."""
    assert SOFFICE is not None
    (folder / f"{name}.xlsx").write_bytes(workbook)
    profile = (folder / "profile").as_uri()
    subprocess.run(
        [
            SOFFICE,
            f"-env:UserInstallation={profile}",
            "--headless",
            "--convert-to",
            "html",
            "--outdir",
            folder,
            folder / f"{name}.xlsx",
        ],
        check=True,
        capture_output=True,
        timeout=HANGS,
    )
    return (folder / f"{name}.html").read_text(encoding="utf-8").upper().count("#FFC7CE")


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_printed_below_8_points(form: Form, language: Language) -> None:
    """By the set-up of each sheet: the smallest type of what is printed, at the scale at which it is printed."""
    book = load_workbook(io.BytesIO(draw(workbook_samples.full(form, language, Period(2026, 3)))))
    for sheet in book.worksheets:
        first, top, last, bottom = range_boundaries(
            (sheet.print_area or sheet.dimensions).split("!")[-1].replace("$", "")
        )
        area = sheet.iter_rows(min_row=top, max_row=bottom, min_col=first, max_col=last)
        smallest = min(cell.font.sz for row in area for cell in row if cell.value is not None)
        width = sum(sheet.column_dimensions[get_column_letter(at)].width for at in range(first, last + 1))
        fits = A4(landscape=sheet.page_setup.orientation == "landscape").width / width
        scale = (
            min(1.0, fits) if sheet.sheet_properties.pageSetUpPr.fitToPage else (sheet.page_setup.scale or 100) / 100
        )
        assert round(smallest * scale, 1) >= 8.0, sheet.title
