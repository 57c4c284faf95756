"""The annotated copy of workbooks that are bare, old, foreign or broken."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from form1.core.errors import SourceError
from form1.core.findings import Severity
from form1.xlsx.edit.annotate import FindingRow, FindingsSheet, Mark, annotate
from tests.recognise.received_packages import RICH, by_hand, edited, opened, parts_of, rich

pytestmark = pytest.mark.filterwarnings("ignore:Workbook contains no default style:UserWarning")
ERROR, WARNING = Severity.ERROR, Severity.WARNING
SHEET = FindingsSheet("Findings", ("What",), (FindingRow(("x",), ("T", "A1")),))


@pytest.mark.parametrize("strict", [False, True], ids=["transitional", "strict"])
@pytest.mark.parametrize("prefix", ["", "x:"], ids=["plain", "prefixed"])
def test_sheets_by_hand(prefix: str, strict: bool) -> None:
    """Empty tags, rows and cells without numbers, no styles part, elements that must follow the notes' drawing."""
    declare = "xmlns:x" if prefix else "xmlns"
    sheet = (
        f'<P:worksheet {declare}="MAIN" xmlns:mc="urn:mc"><P:dimension ref="A1:B2"/><P:cols><P:col min="3" max="4" width="20" '
        'style="0"/></P:cols><P:sheetData><P:row spans="1:2"><P:c><P:v>1</P:v></P:c><P:c><P:v>2</P:v></P:c></P:row>'
        '<P:row r="4" /></P:sheetData><mc:AlternateContent><mc:Choice><P:controls/></mc:Choice></mc:AlternateContent>'
        "<P:tableParts/></P:worksheet>"
    ).replace("P:", prefix)
    marks = [Mark("T", cell, ERROR, f"at {cell}") for cell in ("B1", "C1", "A3", "C4", "B4", "D9")]
    parts = parts_of(annotate(by_hand(sheet, prefix=prefix, strict=strict), marks, SHEET))
    xml = parts["xl/worksheets/sheet1.xml"].decode().replace(prefix or "\0", "")
    assert '<dimension ref="A1:D9"/>' in xml
    assert re.search(
        r'<row spans="1:3"><c><v>1</v></c><c s="1"><v>2</v></c><c r="C1" s="1"/></row><row r="3"><c r="A3" s="1"/></row>'
        r'<row r="4" ><c r="B4" s="1"/><c r="C4" s="1"/></row><row r="9"><c r="D9" s="1"/></row></sheetData>'
        r'<legacyDrawing xmlns:r="[^"]+" r:id="rId2"/><mc:AlternateContent>',
        xml,
    )
    assert b'sheetId="8" r:id="rId3"' in parts["xl/workbook.xml"]
    assert b"/xl/styles.xml" in parts["[Content_Types].xml"]
    if not strict:
        sheet_read = opened(annotate(by_hand(sheet, prefix=prefix), marks, SHEET))["T"]
        assert [sheet_read[cell].value for cell in ("A1", "B1")] == [1, 2]
        assert sheet_read["D9"].comment.text == "at D9"


def test_a_sheet_in_utf_16_stays_in_utf_16() -> None:
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" '
        't="inlineStr"><is><t>ə</t></is></c></row></sheetData></worksheet>'
    )
    parts = parts_of(annotate(by_hand(sheet.encode("utf-16")), [Mark("T", "B1", ERROR, "x")], SHEET))
    after = parts["xl/worksheets/sheet1.xml"].decode("utf-16")
    assert '<is><t>ə</t></is></c><c r="B1" s="1"/></row>' in after


def test_styles_without_lists_get_them_in_order() -> None:
    styles = '<styleSheet xmlns="MAIN"><numFmts count="0"/><cellXfs><xf numFmtId="3"/></cellXfs><dxfs/></styleSheet>'
    sheet = '<worksheet xmlns="MAIN"><sheetData><row r="1"><c r="A1" s="0"><v>5</v></c></row></sheetData></worksheet>'
    parts = parts_of(copied := annotate(by_hand(sheet, styles), [Mark("T", "A1", WARNING, "x")], SHEET))
    names = re.findall(r"<(numFmts|fonts|fills|borders|cellStyleXfs|cellXfs|dxfs)\b", parts["xl/styles.xml"].decode())
    assert names == ["numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "dxfs"]
    assert opened(copied)["T"]["A1"].number_format == "#,##0"


def test_notes_without_shapes_are_shown_again() -> None:
    sent = rich()
    drawing = next(name for name in parts_of(sent) if name.endswith(".vml"))
    bare = edited(
        sent,
        {"xl/worksheets/sheet1.xml": lambda xml: re.sub(r"<legacyDrawing[^>]*>", "", xml)},
        dropped=drawing,
    )
    parts = parts_of(annotate(bare, [Mark(RICH, "B2", ERROR, "x")], SHEET))
    assert parts["xl/worksheets/sheet1.xml"].count(b"<legacyDrawing ") == 1


@settings(max_examples=40, deadline=None)
@given(
    there=st.sets(st.tuples(st.integers(1, 6), st.integers(1, 6))),
    marked=st.sets(st.tuples(st.integers(1, 8), st.integers(1, 8)), min_size=1),
)
def test_cells_stay_in_order_whatever_is_missing(there: set[tuple[int, int]], marked: set[tuple[int, int]]) -> None:
    rows = "".join(
        f'<row r="{row}">'
        + "".join(f'<c r="{get_column_letter(c)}{row}"><v>{row * 10 + c}</v></c>' for r, c in sorted(there) if r == row)
        + "</row>"
        for row in sorted({row for row, _ in there})
    )
    sheet = f'<worksheet xmlns="MAIN"><sheetData>{rows}</sheetData></worksheet>'
    marks = [Mark("T", f"{get_column_letter(column)}{row}", ERROR, "x") for row, column in marked]
    xml = parts_of(annotate(by_hand(sheet), marks, SHEET))["xl/worksheets/sheet1.xml"].decode()
    at = [(int(row), column) for column, row in re.findall(r'<c r="([A-Z]+)(\d+)"', xml)]
    assert at == sorted(at)
    assert {(row, column) for row, column in at} == {(row, get_column_letter(column)) for row, column in there | marked}
    numbers = [int(row) for row in re.findall(r'<row r="(\d+)"', xml)]
    assert numbers == sorted(set(numbers))
    assert xml.count("<v>") == len(there)


@pytest.mark.parametrize(
    "mark, reason",
    [
        pytest.param(Mark("gone", "A1", ERROR, "x"), "no worksheet", id="unknown sheet"),
        pytest.param(Mark("T", "A0", ERROR, "x"), "not the address", id="row 0"),
        pytest.param(Mark("T", "XFE1", ERROR, "x"), "not the address", id="column after the last"),
        pytest.param(Mark("T", "", ERROR, "x"), "not the address", id="no cell"),
    ],
)
def test_marks_at_no_cell_are_refused(mark: Mark, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        annotate(by_hand('<worksheet xmlns="MAIN"><sheetData/></worksheet>'), [mark], SHEET)


@pytest.mark.parametrize(
    "package",
    [
        pytest.param(b"PK", id="no zip"),
        pytest.param(by_hand('<worksheet xmlns="MAIN"/>'), id="no cells' element"),
        pytest.param(by_hand('<worksheet xmlns="MAIN"><sheetData>'), id="no end"),
        pytest.param(by_hand(b"\xff\xfe\x00"), id="not its encoding"),
        pytest.param(edited(rich(), {}, dropped="xl/workbook.xml"), id="no workbook"),
    ],
)
def test_packages_that_do_not_hang_together_are_refused(package: bytes) -> None:
    with pytest.raises(SourceError):
        annotate(package, [Mark("T", "A1", ERROR, "x")], SHEET)
