"""An annotated copy that is sent back has our marks of the new check alone."""

import io

import openpyxl
import pytest

from form1.core.findings import Severity
from form1.xlsx.edit.annotate import FindingRow, FindingsSheet, Mark, annotate

ERROR, WARNING = Severity.ERROR, Severity.WARNING


def _sheet(title: str = "Findings", *rows: str) -> FindingsSheet:
    return FindingsSheet(
        title,
        ("Where", "What"),
        tuple(FindingRow((row, "wrong"), ("A", row), ERROR) for row in rows),
        about=(("Verdict", "rejected"), ("File", "sent.xlsx")),
        titles=("Findings", "Nəticələr"),
    )


def _sent() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "A"
    book.create_sheet("B").append([1])
    for row in range(1, 6):
        sheet.append([row, row * 2])
    sheet["B2"].comment = openpyxl.comments.Comment("the sender's", "sender")
    sheet["A5"].fill = openpyxl.styles.PatternFill("solid", fgColor="FF00FF00")
    sheet["A1"].number_format = "#,##0"
    sheet.auto_filter.ref = "A1:B5"
    book.active = 1
    return _written(book)


def _written(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


FIRST = [Mark("A", "A1", ERROR, "one"), Mark("A", "A3", WARNING, "two"), Mark("A", "B2", ERROR, "beside the sender's")]


@pytest.mark.parametrize("saved", [False, True], ids=["as we wrote it", "saved by another program"])
@pytest.mark.parametrize("title", ["Findings", "Nəticələr"], ids=["in the same language", "in another"])
def test_only_the_marks_of_the_new_check_stand(saved: bool, title: str) -> None:
    first = annotate(_sent(), FIRST, _sheet(title, "A1", "A3"))
    if saved:
        first = _written(_opened(first))
    book = _opened(annotate(first, [Mark("A", "A3", ERROR, "three")], _sheet("Findings", "A3")))
    assert book.sheetnames == ["Findings", "A", "B"]
    assert [row[0] for row in book["Findings"].iter_rows(values_only=True)] == ["Verdict", "File", "Where", "A3"]
    sheet = book["A"]
    notes = {cell.coordinate: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment}
    assert notes.keys() == {"A3", "B2"}
    assert notes["A3"] == "three"
    assert "the sender's" in notes["B2"]
    assert sheet["A1"].fill.fill_type is None
    assert sheet["A1"].number_format == "#,##0"
    assert sheet["A5"].fill.fgColor.rgb == "FF00FF00"
    assert sheet["A3"].fill.fgColor.rgb == "FFFF9C9C"
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [[row, row * 2] for row in range(1, 6)]


def test_the_sheet_stands_first_and_what_counts_sheets_goes_on_to_fit() -> None:
    copy = _opened(annotate(_sent(), FIRST, _sheet("Findings", "A1")))
    assert copy.sheetnames == ["Findings", "A", "B"]
    assert copy.active.title == "B"
    assert copy["A"].auto_filter.ref == "A1:B5"
    again = _opened(annotate(_written(copy), [], _sheet("Findings")))
    assert again.sheetnames == ["Findings", "A", "B"]
    assert again.active.title == "B"


def test_a_sheet_of_that_name_that_is_not_ours_stays() -> None:
    book = _opened(_sent())
    book.create_sheet("Findings").append(["the sender's own"])
    copy = _opened(annotate(_written(book), FIRST, _sheet("Findings", "A1")))
    assert copy.sheetnames == ["Findings (2)", "A", "B", "Findings"]
    assert copy["Findings"]["A1"].value == "the sender's own"


def test_without_marks_of_an_earlier_check_nothing_is_touched() -> None:
    from form1.xlsx.edit.earlier_marks import without_earlier_marks

    sent = _sent()
    sheets = {"A": "xl/worksheets/sheet1.xml", "B": "xl/worksheets/sheet2.xml"}
    assert without_earlier_marks(sent, "xl/styles.xml", sheets, "form1", ("Findings",)) is sent
