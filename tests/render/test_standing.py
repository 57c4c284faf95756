"""A draft and a translation say what they are on every page, on every sheet and in the report."""

import io
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from form1.definition import Form
from form1.model.forms import Edition, Rendered
from form1.render import pdf, report, workbook
from tests.render.drawing import filled
from tests.render.test_pdf import pages_of

MARKS = {"az": "LAYİHƏ", "en": "DRAFT", "ru": "ПРОЕКТ"}
SOURCE = Rendered("2026-Q3/r2", "az", "ab" * 32, same_definition=False)


@pytest.fixture(scope="module", params=MARKS)
def draft(request: pytest.FixtureRequest, form: Form) -> Edition:
    return replace(filled(form, tables=["T10", "T03"], language=request.param), is_draft=True)


@pytest.fixture(scope="module")
def rendition(form: Form) -> Edition:
    return replace(filled(form, tables=["T10"], language="en"), renders=SOURCE)


def test_every_page_is_marked(form: Form) -> None:
    pages = pages_of(pdf.draw(replace(filled(form, tables=["T10", "T03"]), is_draft=True)))
    assert len(pages) > 3
    # At the head and in the footer.
    assert [page.count("LAYİHƏ") >= 2 for page in pages] == [True] * len(pages)


def test_every_sheet_is_marked(draft: Edition) -> None:
    book = load_workbook(io.BytesIO(workbook.draw(draft)))
    mark = MARKS[draft.language]
    assert {sheet.title for sheet in book if mark not in (sheet.oddHeader.left.text or "")} == set()
    assert {sheet.title for sheet in book if mark not in (sheet.oddFooter.center.text or "")} == set()
    assert any(str(cell.value).startswith(f"{mark}. ") for row in book.worksheets[0] for cell in row)


def test_the_report_is_marked(draft: Edition) -> None:
    assert (
        f"<strong>{draft.form.word('revision', draft.language)} 2 · {MARKS[draft.language]}</strong>"
        in report.draw(draft).decode()
    )


def test_a_translation_names_the_edition_that_it_renders(rendition: Edition) -> None:
    first, *pages = pages_of(pdf.draw(rendition))
    assert "2026-Q3/r2 is in Azerbaijani" in " ".join(first.split()) and "ab" * 8 in first
    assert "present definition" in " ".join(first.split())
    assert all("Translation of 2026-Q3/r2" in page for page in pages)
    cover = load_workbook(io.BytesIO(workbook.draw(rendition))).worksheets[0]
    assert any("2026-Q3/r2 is in Azerbaijani" in str(cell.value) for row in cover for cell in row)
    assert rendition.name == "form1-2026-Q3-r2-en"


def test_an_edition_has_no_mark(form: Form) -> None:
    edition = filled(form, tables=["T10"], language="en")
    assert edition.name == "form1-2026-Q3-r2"
    book = load_workbook(io.BytesIO(workbook.draw(edition)))
    assert not any(sheet.oddHeader.left.text for sheet in book)
    page = pdf.html(edition)
    assert 'data-mark=""' in page and "DRAFT" not in page and "Translation" not in page
