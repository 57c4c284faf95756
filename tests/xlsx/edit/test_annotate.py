"""The annotated copy: what is marked, and above all what is left alone."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest

from form1.core.findings import Severity
from form1.render.workbook import draw
from form1.xlsx.edit.annotate import FindingRow, FindingsSheet, Mark, annotate
from tests.making import HANGS
from tests.recognise.received_packages import RICH, SPARKLINE, opened, parts_of, rich
from tests.render import workbook_samples

# openpyxl says which extensions and formats it would lose; the copy does not lose them.
pytestmark = [
    pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning"),
    pytest.mark.filterwarnings("ignore:Workbook contains no default style:UserWarning"),
]
ERROR, WARNING, INFORMATION = Severity.ERROR, Severity.WARNING, Severity.INFORMATION
MARKS = (
    Mark(RICH, "B3", ERROR, "1 234 should equal 1 243; difference -9"),
    Mark(RICH, "B3", WARNING, "second thing\nin two lines"),
    Mark(RICH, "C3", WARNING, "ours, after the sender's"),
    Mark(RICH, "C2", INFORMATION, "light font"),
    Mark(RICH, "E4", ERROR, "a cell that is not there"),
    Mark(RICH, "B7", ERROR, "a row that is not there"),
    Mark(RICH, "AA20", ERROR, "beyond the last row"),
    Mark(RICH, "B10", ERROR, "inside a merged range"),
    Mark(RICH, "B5", ERROR, "in a hidden row"),
)
SHEET = FindingsSheet(
    "Findings",
    ("What", "Cell"),
    (
        FindingRow(('=HYPERLINK("http://example.org";"x")', "B3"), (RICH, "B3")),
        FindingRow(("@bell \x07 \u202e and _x0007_ <b>&amp;", "-"), None),
        FindingRow(("no such sheet", "Z1"), ("gone", "Z1")),
    ),
    link_column=1,
)
CONCERNED = {
    "[Content_Types].xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
    "xl/worksheets/sheet1.xml",
}
TOKEN = re.compile(r"<!--.*?-->|<[^>]*>|[^<]+", re.DOTALL)


@pytest.fixture(scope="module")
def sent() -> bytes:
    return rich()


@pytest.fixture(scope="module")
def copied(sent: bytes) -> bytes:
    return annotate(sent, MARKS, SHEET)


def _raw(package: bytes) -> list[tuple[object, ...]]:
    """Each entry with all that the package says of it, and its bytes as they are compressed."""
    entries = []
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        for info in archive.infolist():
            head = package[info.header_offset : info.header_offset + 30]
            start = (
                info.header_offset + 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
            )
            content = package[start : start + info.compress_size]
            entries.append((info.filename, info.date_time, info.compress_type, info.external_attr, info.CRC, content))
    return entries


def test_every_unconcerned_part_keeps_bytes_order_compression_and_date(sent: bytes, copied: bytes) -> None:
    shapes = {name for name in parts_of(sent) if name.endswith((".vml", "comments1.xml", "comment1.xml"))}
    shapes -= {"xl/threadedComments/threadedComment1.xml"}
    assert len(shapes) == 2
    before, after = _raw(sent), _raw(copied)
    assert [entry[:3] for entry in after[: len(before)]] == [entry[:3] for entry in before]
    kept = [entry for entry in before if entry[0] not in CONCERNED | shapes]
    assert [entry for entry in after if entry[0] in {each[0] for each in kept}] == kept
    kinds = ("chart", "drawing", "theme", "docProps", "customXml", "strange", "threaded", "sheet2")
    assert all(any(kind in str(entry[0]) for entry in kept) for kind in kinds)
    assert [entry[0] for entry in after[len(before) :]] == ["xl/worksheets/sheet3.xml"]
    assert [entry[1] for entry in after[len(before) :]] == [(1980, 1, 1, 0, 0, 0)]


@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"]
)
def test_concerned_parts_differ_by_insertions_only(sent: bytes, copied: bytes, part: str) -> None:
    """Every tag and text of the original follows in its order; only s, count, spans and ref of a tag may differ.

    In the workbook's part numbers of sheets go up by one, because ours stands first.
    """
    free = re.compile(r' (?:s|count|spans|ref|activeTab|firstSheet|localSheetId)="[^"]*"')
    before, after = (
        [token if token[0] != "<" else free.sub("", token) for token in TOKEN.findall(parts_of(package)[part].decode())]
        for package in (sent, copied)
    )
    rest = iter(after)
    missing = [token for token in before if token not in rest]  # `in` moves the iterator on
    assert missing == []
    assert len(after) > len(before)


def test_unknown_extensions_and_stored_values_are_still_there(copied: bytes) -> None:
    xml = parts_of(copied)["xl/worksheets/sheet1.xml"].decode()
    assert SPARKLINE in xml
    assert "<f>B2+C2</f><v>22</v>" in xml
    assert "<dataBar>" in xml
    assert "<dataValidation " in xml


def test_the_same_findings_give_the_same_bytes(sent: bytes, copied: bytes) -> None:
    assert annotate(sent, MARKS, SHEET) == copied


def test_values_and_formats_are_read_as_before(sent: bytes, copied: bytes) -> None:
    for data_only in (False, True):
        before, after = opened(sent, data_only=data_only), opened(copied, data_only=data_only)
        assert after.sheetnames[1:] == before.sheetnames
        assert after.active.title == before.active.title
        assert list(after.defined_names) == ["total"]
        for sheet in before:
            for row in sheet.iter_rows():
                for cell in row:
                    copy = after[sheet.title][cell.coordinate]
                    assert (copy.value, copy.number_format) == (cell.value, cell.number_format), cell.coordinate
                    for look in ("font", "border", "alignment", "protection"):
                        assert repr(getattr(copy, look)) == repr(getattr(cell, look)), cell.coordinate
    assert after[RICH].row_dimensions[5].hidden


def test_marked_cells_have_the_fill_of_the_gravest_mark_and_the_others_their_own(sent: bytes, copied: bytes) -> None:
    before, after = opened(sent)[RICH], opened(copied)[RICH]
    fill = {cell: after[cell].fill.fgColor.rgb for cell in ("B3", "C3", "C2", "E4", "B7", "AA20", "A9", "B5")}
    assert fill["B3"] == fill["E4"] == fill["B7"] == fill["AA20"] == fill["A9"] == fill["B5"]
    assert len(set(fill.values())) == 3
    assert fill["C2"] == "FF1F4E9A"  # deep, because the font is white
    assert repr(after["B2"].fill) == repr(before["B2"].fill)
    assert after["B3"].font.b and after["B3"].border.bottom.style == "double" and after["B3"].number_format == "# ##0"


def test_notes_say_everything_and_the_senders_note_stays_first(copied: bytes) -> None:
    sheet = opened(copied)[RICH]
    assert sheet["B3"].comment.text == f"{MARKS[0].text}\n\n{MARKS[1].text}"
    assert sheet["C3"].comment.text == f"Sender's own note: ə\n\n{MARKS[2].text}"
    assert sheet["C3"].comment.author == "sender"
    assert sheet["A9"].comment.text == "inside a merged range"
    assert sheet["B3"].comment.author == "form1"


def test_each_note_has_one_shape(copied: bytes) -> None:
    parts = parts_of(copied)
    vml = next(content.decode() for name, content in parts.items() if name.endswith(".vml"))
    at = re.findall(r"Row>(\d+)</\w+:Row>\s*<\w+:Column>(\d+)<", vml)
    assert len(at) == len(set(at)) == 8
    identifiers = re.findall(r'="(_x0000_s[0-9]+)"', vml)
    assert len(identifiers) == len(set(identifiers)) == 8
    assert len(re.findall(r"Anchor>[0-9, ]+</", vml)) == 8  # the sender's note, now longer, is given a larger place


def test_the_sheet_of_findings_has_texts_only_and_links(copied: bytes) -> None:
    book = opened(copied)
    assert book.sheetnames[0] == "Findings (2)"
    sheet = book["Findings (2)"]
    assert [[cell.data_type for cell in row] for row in sheet.iter_rows()] == [["inlineStr"] * 2] * 4 or all(
        cell.data_type in {"s", "inlineStr"} for row in sheet.iter_rows() for cell in row
    )
    assert sheet["A2"].value == '=HYPERLINK("http://example.org";"x")'
    assert sheet["A2"].quotePrefix
    assert sheet["A3"].value == "@bell \\x07 \\u202e and _x005F_x0007_ <b>&amp;"
    assert sheet["B2"].hyperlink.location == "'Data & \"more\" O''Neil'!B3"
    assert sheet["B4"].hyperlink is None


def test_a_row_has_the_colour_of_its_own_severity(sent: bytes) -> None:
    kinds = (ERROR, INFORMATION, WARNING, None)
    rows = tuple(FindingRow(("B3", "x"), (RICH, "B3"), severity) for severity in kinds)
    sheet = opened(annotate(sent, MARKS, FindingsSheet("Found", ("Where", "What"), rows)))["Found"]
    colours = [sheet.cell(row, 1).fill.fgColor.rgb for row in range(2, 6)]
    assert len(set(colours)) == 4
    assert all(sheet.cell(row, 1).hyperlink.location.endswith("!B3") for row in range(2, 6))


def test_a_note_is_as_large_as_its_text_where_there_was_none() -> None:
    book = openpyxl.Workbook()
    book.active.title = "T"
    book.active["B3"] = 1
    file = io.BytesIO()
    book.save(file)
    heights = []
    for text in ("short", "a long sentence about sums " * 20):
        parts = parts_of(annotate(file.getvalue(), [Mark("T", "B3", ERROR, text)], SHEET))
        (vml,) = (content.decode() for name, content in parts.items() if name.endswith(".vml"))
        width, height = (int(found) for found in re.findall(r"(?:width|height):([0-9]+)pt", vml))
        anchor = [int(each) for each in re.findall(r"Anchor>([0-9, ]+)<", vml)[0].split(",")]
        heights.append((height, anchor[6] - anchor[2]))
        assert width > 144 * 3 // 4
    assert heights[1][0] > 2 * 79 * 3 // 4 > 2 * heights[0][0]
    assert heights[1][1] > heights[0][1]


def test_our_own_workbook_comes_back_whole() -> None:
    ours = draw(workbook_samples.submission())
    before = opened(ours)
    names = before.sheetnames
    marks = [Mark(names[1], "D9", ERROR, "x"), Mark(names[2], "D8", WARNING, "y")]
    copied = annotate(ours, marks, SHEET)
    after = parts_of(copied)
    different = {name for name, content in parts_of(ours).items() if after[name] != content}
    sheets = {"xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml"}
    assert different == {
        "xl/styles.xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "[Content_Types].xml",
        *sheets,
    }
    assert [[cell.value for cell in row] for row in opened(copied)[names[1]].iter_rows()] == [
        [cell.value for cell in row] for row in before[names[1]].iter_rows()
    ]


def _converted(package: bytes, kind: str, folder: Path) -> bytes:
    """Return what LibreOffice makes of a workbook; it says nothing of repairs, and writes no file where it fails."""
    (folder / "copy.xlsx").write_bytes(package)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    call = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(folder / "out"), "copy.xlsx"]
    subprocess.run(call, cwd=folder, check=True, capture_output=True, timeout=HANGS)
    return (folder / "out" / f"copy.{kind}").read_bytes()


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it_with_values_notes_and_links(copied: bytes, tmp_path: Path) -> None:
    again = _converted(copied, "xlsx", tmp_path)
    book = opened(again)
    assert book.sheetnames == ["Findings (2)", RICH, "Findings"]
    sheet = book[RICH]
    assert (sheet["B3"].value, sheet["D2"].value) == (1234, "=B2+C2")
    assert "difference -9" in sheet["B3"].comment.text
    assert "Sender's own note" in sheet["C3"].comment.text and "ours, after" in sheet["C3"].comment.text
    assert sheet["E4"].fill.fgColor.rgb == sheet["B3"].fill.fgColor.rgb != "00000000"
    assert len(sheet._charts) == 1
    assert "O''Neil'" in book["Findings (2)"]["B2"].hyperlink.location
    # What LibreOffice wrote is a received workbook too.
    marks = [Mark(RICH, "B3", INFORMATION, "third time"), Mark(RICH, "B4", ERROR, "new")]
    twice = opened(annotate(again, marks, SHEET))[RICH]
    assert twice["B3"].comment.text == "third time"  # what the earlier check marked is taken off
    assert twice["B4"].comment.text == "new"
    assert _converted(copied, "pdf", tmp_path).startswith(b"%PDF")
