"""The report on revisions as it is drawn: for two and for twelve revisions, with few and with very many cells."""

import io
import itertools
import os
import re
from pathlib import Path

import openpyxl
import pikepdf
import pypdfium2
import pytest

from form1.definition import Form
from form1.model.forms import Edition
from form1.recognise import receive
from form1.recognise.received import ReadForm
from form1.render import pdf, report, workbook
from form1.views.revisions import RevisionReport, signed
from tests.render import workbook_samples
from tests.render.drawing import HOSTILE_SHOWN, filled
from tests.render.revised import revised

GOLDEN = Path(__file__).parents[1] / "golden"


def _golden(name: str, text: str) -> None:
    if os.environ.get("FORM1_UPDATE_GOLDEN") == "1":
        (GOLDEN / name).write_text(text, encoding="utf-8")
    assert text == (GOLDEN / name).read_text(encoding="utf-8")


def _rows(submission: Edition) -> list[list[object]]:
    book = openpyxl.load_workbook(io.BytesIO(workbook.draw(submission)))
    sheet = book[submission.form.word("revisions_sheet", submission.language)]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


@pytest.fixture(scope="module")
def third(form: Form) -> Edition:
    return revised(filled(form, tables=["T05", "T10"], language="en"), 3, 6)


def test_golden_sheet_of_a_third_revision(third: Edition) -> None:
    text = workbook_samples.text_of(workbook.draw(third))
    _golden("revisions.txt", text[text.index("=== Revisions\n") :].partition("\n\n===")[0] + "\n")


def test_golden_section_of_a_third_revision(third: Edition) -> None:
    page = pdf.html(third)
    _golden("revisions.html", page[page.index('<section class="landscape history"') : page.index("</body>")])


def test_the_contents_and_the_cover_name_it(third: Edition, form: Form) -> None:
    assert '<a href="#revisions">Changes by revision</a>' in pdf.html(third)
    cover = openpyxl.load_workbook(io.BytesIO(workbook.draw(third))).worksheets[0]
    links = {cell.hyperlink.location for row in cover.iter_rows() for cell in row if cell.hyperlink}
    assert "'Revisions'!A1" in links
    page = re.sub("<style>.*</style>", "", pdf.html(filled(form, tables=["T10"])), flags=re.DOTALL)
    assert "revisions" not in page and "moves" not in page


def test_two_revisions_have_one_difference(form: Form) -> None:
    about = RevisionReport.of(revised(filled(form, tables=["T10"]), 2, 3))
    assert about.heads == ("r1", "r2") and len(about.difference_heads) == 1
    assert [view.differences for view in about.move_views] == [(-7,), (-7,), (None,)]


def test_of_many_revisions_the_first_and_the_last_four_are_shown(form: Form) -> None:
    submission = revised(filled(form, tables=["T05", "T10"], language="en"), 12, 5)
    rows = _rows(submission)
    head = next(row for row in rows if row[0] == "Table")
    assert head[4:] == ["r1", "r9", "r10", "r11", "r12", "Difference from r11", "Difference from r1", "Stands since"]
    left_out = [row[0] for row in rows if str(row[0]).startswith("Of 12")]
    assert left_out == [
        "Of 12 revisions only r1, r9, r10, r11, r12 are shown; the cells were compared over all of them."
    ]
    assert [row[0] for row in rows if re.fullmatch("r[0-9]+", str(row[0]))] == [f"r{n}" for n in range(1, 13)]


def test_what_stands_where_there_is_no_number(form: Form) -> None:
    """A cell that was not there, a gap, and a lost revision; no difference is made up from any of them."""
    submission = revised(filled(form, tables=["T05", "T10"], language="en"), 4, 5, lost=3)
    views = list(RevisionReport.of(submission).move_views)
    now = [cell.value for cell in list(submission.cells.values())[:5]]
    assert views[0].values == (now[0] + 7, now[0] + 1200, "×", now[0])
    assert views[2].values == ("no cell", now[2] + 1200, "×", now[2])
    assert views[3].values == (now[3] + 7, "...", "×", now[3])
    assert [view.differences for view in views] == [(None, -7), (None, -7), (None, None), (None, -7), (None, -7)]
    assert {view.since for view in views} == {"r3–r4"}
    assert [view.changed for view in RevisionReport.of(submission).revision_views] == [None, 5, None, 5]


def test_the_difference_has_its_sign() -> None:
    assert [signed(number) for number in (None, -1204, 0, 7)] == ["", "−1\u00a0204", "0", "+7"]


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_text_from_outside_appears_literally(form: Form, language: str) -> None:
    submission = revised(filled(form, tables=["T10"], language=language), 3, 2)  # type: ignore[arg-type]
    rows = _rows(submission)
    assert sum(value == HOSTILE_SHOWN for row in rows for value in row) == 1
    for page in (pdf.html(submission), report.draw(submission).decode()):
        section = page[page.index("revisions-title") :]
        assert "<script>" not in section and "\x1b" not in page
        assert section.count("&lt;script&gt;alert(1)&lt;/script&gt; =1+1 \\x1b[31m") >= 2


def test_very_many_cells_are_paged_under_repeated_heads(form: Form) -> None:
    submission = revised(filled(form, tables=["T01", "T02"], language="en", countries=160), 5, 500)
    file = pdf.draw(submission)
    document = pypdfium2.PdfDocument(file)
    texts = [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
    document.close()
    first = next(at for at, text in enumerate(texts) if "Cells that moved since the first revision" in text)
    pages = texts[first:]
    assert len(pages) > 10
    assert all("Stands\r\nsince" in text or "Stands since" in text for text in pages)
    assert all("Changes by revision (continued)" in text for text in pages[1:])
    book = openpyxl.load_workbook(io.BytesIO(workbook.draw(submission)))
    sheet = book["Revisions"]
    head = next(cell.row for row in sheet.iter_rows(max_col=1) for cell in row if cell.value == "Table")
    assert sheet.max_row == head + 500
    assert sheet.print_title_rows == f"${head}:${head}"
    breaks = [at.id for at in sheet.row_breaks.brk]
    assert len(breaks) > 8 and all(low < high for low, high in itertools.pairwise(breaks))


def test_a_number_announces_its_row_and_its_head(third: Edition) -> None:
    """The table is tagged as the others: every number has the head of its column and that of its row."""
    with pikepdf.open(io.BytesIO(pdf.draw(third))) as document:
        tables = [t for t in _elements(document.Root.StructTreeRoot, "/Table") if len(_columns(t)) == 10]
        rows = [row for table in tables for row in _elements(table, "/TR")][1:]
        announced = {len(cell.A.Headers) for row in rows for cell in _elements(row, "/TD")}
        scopes = {str(cell.A.Scope) for table in tables for cell in _elements(table, "/TH")}
        with document.open_outline() as outline:
            titles = [item.title for item in outline.root[0].children]
    assert len(rows) == 6
    assert announced == {2}
    assert scopes == {"/Row", "/Column"}
    assert titles[-1] == "Changes by revision"


def _columns(table: pikepdf.Object) -> list[pikepdf.Object]:
    return _elements(_elements(table, "/TR")[0], "/TH")


def _elements(parent: pikepdf.Object, kind: str) -> list[pikepdf.Object]:
    found: list[pikepdf.Object] = []
    kids = parent.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            found += [kid] if str(kid.S) == kind else _elements(kid, kind)
    return found


@pytest.mark.parametrize("reason", ["2026-Q2", "2025-ci il", "Cədvəl 3", "A", "1"])
@pytest.mark.parametrize("language", ["az", "ru"])
def test_reading_back_takes_no_word_of_it(form: Form, tmp_path: Path, reason: str, language: str) -> None:
    """A reason that reads like a period, a title or a letter of a stub says nothing about the form."""
    submission = filled(form, language=language)  # type: ignore[arg-type]
    read = []
    for name, each in (("first", submission), ("fifth", revised(submission, 5, 40, lost=3, reason=reason))):
        path = tmp_path / f"{name}.xlsx"
        path.write_bytes(workbook.draw(each))
        received = receive(form, path)
        assert isinstance(received, ReadForm)
        read.append((received.period, received.language, dict(received.cells), received.findings))
    assert read[0] == read[1]


def test_another_sheet_of_that_name_is_looked_at(form: Form, tmp_path: Path) -> None:
    """Only our own report is passed over: a sheet that merely bears its name keeps its finding."""
    book = openpyxl.load_workbook(io.BytesIO(workbook.draw(filled(form))))
    sheet = book.create_sheet("Redaksiyalar")
    sheet["A1"], sheet["B1"] = "2026-Q2", 17
    book.save(tmp_path / "received.xlsx")
    received = receive(form, tmp_path / "received.xlsx")
    assert isinstance(received, ReadForm)
    assert "received_period_differs" in {finding.message for finding in received.findings}
