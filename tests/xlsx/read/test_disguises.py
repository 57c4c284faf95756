"""What shows people other numbers than are stored is an error; the checks of a sound form and our own marks are none."""

import re

import pytest

from form1.recognise.received import ReadForm
from form1.xlsx.read.disguises import Look, Styles, conditional, read_looks, shapes
from form1.xlsx.read.gate import look_at
from form1.xlsx.read.package import read_book
from form1.xlsx.read.raw import Disguise
from form1.xlsx.read.refusal import Refused
from tests.xlsx.read.packages import SHEET, Parts, changed, good, understood

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
WAYS = {"received_format_disguises", "received_colour_hides", "received_shape_covers"}


def _with_format(dxf: str, table: str = "T03", area: str = "D7:F26"):
    """A change that lays a conditional format over an area of a table."""

    def change(parts: Parts) -> None:
        styles = parts["xl/styles.xml"].decode()
        number = len(re.findall(r"<dxf>|<dxf ", styles))
        assert "</dxfs>" in styles
        parts["xl/styles.xml"] = styles.replace("</dxfs>", f"<dxf>{dxf}</dxf></dxfs>").encode()
        rule = (
            f'<conditionalFormatting sqref="{area}"><cfRule type="expression" priority="99" dxfId="{number}">'
            "<formula>TRUE</formula></cfRule></conditionalFormatting>"
        )
        sheet = parts[SHEET[table]].decode()
        at = min(sheet.find(tag) for tag in ("<conditionalFormatting", "<pageMargins") if tag in sheet)
        parts[SHEET[table]] = (sheet[:at] + rule + sheet[at:]).encode()

    return change


def _told(received: ReadForm) -> list[tuple[str, str, object]]:
    return [(each.message, each.place.table, each.facts["count"]) for each in received.findings if each.message in WAYS]


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_the_formats_of_a_sound_form_are_its_own_checks(language: str) -> None:
    assert _told(understood(good(language))) == []


@pytest.mark.parametrize(
    ("dxf", "way"),
    [
        pytest.param('<numFmt numFmtId="199" formatCode="&quot;99 999&quot;"/>', "received_format_disguises", id="another number"),
        pytest.param('<numFmt numFmtId="199" formatCode=";;;"/>', "received_format_disguises", id="no number"),
        pytest.param('<numFmt numFmtId="199" formatCode="0,"/>', "received_format_disguises", id="in thousands"),
        pytest.param('<font><color rgb="FFFFFFFF"/></font>', "received_colour_hides", id="white letters"),
        pytest.param('<font><color theme="0"/></font>', "received_colour_hides", id="white by theme"),
        pytest.param('<font><color rgb="FF9C0006"/></font><fill><patternFill><bgColor rgb="FF9C0006"/></patternFill></fill>', "received_colour_hides", id="red on red"),
        pytest.param('<font><color rgb="FF9C0006"/></font><fill><patternFill><bgColor rgb="FFFFC7CE"/></patternFill></fill>', "", id="red on pale"),
        pytest.param('<font><color rgb="FFFFFFFF"/></font><fill><patternFill><bgColor rgb="FFC00000"/></patternFill></fill>', "", id="white on red"),
        pytest.param('<numFmt numFmtId="199" formatCode="#,##0"/><font><b/></font>', "", id="bold, in groups"),
    ],
)  # fmt: skip
def test_a_conditional_format_over_counts(dxf: str, way: str) -> None:
    assert _told(understood(changed(_with_format(dxf)))) == ([(way, "T03", 60)] if way else [])


def test_a_conditional_format_beside_counts_is_no_matter() -> None:
    hidden = '<numFmt numFmtId="199" formatCode=";;;"/>'
    assert _told(understood(changed(_with_format(hidden, area="A1:C6 H1:H90")))) == []


def test_each_table_has_its_finding() -> None:
    def change(parts: Parts) -> None:
        for table in ("T05", "T10"):
            _with_format('<numFmt numFmtId="199" formatCode=";;;"/>', table, "A1:ZZ99")(parts)

    assert [table for _, table, _ in _told(understood(changed(change)))] == ["T05", "T10"]


def test_later_kinds_of_conditional_formats_are_read_too() -> None:
    sheet = (
        f'<worksheet xmlns="{MAIN}" xmlns:x14="{X14}" xmlns:xm="urn:m"><extLst><ext>'
        "<x14:conditionalFormattings><x14:conditionalFormatting>"
        '<x14:cfRule type="expression"><xm:f>TRUE</xm:f><x14:dxf><numFmt numFmtId="9" formatCode=";;;"/></x14:dxf>'
        "</x14:cfRule><xm:sqref>B2:C3 E5</xm:sqref></x14:conditionalFormatting>"
        '<x14:conditionalFormatting><x14:cfRule><x14:iconSet showValue="0"/></x14:cfRule><xm:sqref>A1</xm:sqref>'
        "</x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst></worksheet>"
    )
    assert conditional("sheet1.xml", sheet.encode(), Styles()) == [
        Disguise("format", (2, 2, 3, 3)),
        Disguise("format", (5, 5, 5, 5)),
        Disguise("colour", (1, 1, 1, 1)),
    ]


@pytest.mark.parametrize(
    ("font", "fill", "hides"),
    [
        ('<color rgb="FFFFFFFF"/>', '<patternFill patternType="none"/>', True),
        ('<color rgb="FFFFFFFF"/>', '<patternFill patternType="solid"><fgColor rgb="FF1F4E9A"/></patternFill>', False),
        ('<color rgb="FFEEEEEE"/>', '<patternFill patternType="solid"><fgColor rgb="FFE7E9EC"/></patternFill>', True),
        ('<color theme="0" tint="-0.5"/>', '<patternFill patternType="none"/>', False),
        ('<color indexed="9"/>', '<patternFill patternType="none"/>', True),
        ('<color auto="1"/>', '<patternFill patternType="none"/>', False),
        ("", '<patternFill patternType="solid"><fgColor rgb="FF000000"/></patternFill>', False),
        ('<color rgb="FFFFFFFF"/>', '<patternFill patternType="darkGrid"><fgColor rgb="FF000000"/></patternFill>', False),
    ],
    ids=["white on paper", "white on blue", "grey on grey", "grey", "white by number", "automatic", "none", "pattern"],
)  # fmt: skip
def test_letters_and_ground_of_a_cell(font: str, fill: str, hides: bool) -> None:
    styles = (
        f'<styleSheet xmlns="{MAIN}"><fonts><font/><font>{font}</font></fonts><fills><fill/><fill>{fill}</fill></fills>'
        '<cellStyleXfs><xf fontId="1" fillId="1"/></cellStyleXfs>'
        '<cellXfs><xf fontId="0" fillId="0"/><xf fontId="1" fillId="1"/></cellXfs></styleSheet>'
    )
    looks = read_looks("styles.xml", styles.encode()).cells
    assert [look.hides for look in looks] == [False, hides]


def test_a_look_says_nothing_of_what_it_does_not_know() -> None:
    assert not Look().hides and not Look().alters


def test_counts_in_white_are_told() -> None:
    def change(parts: Parts) -> None:
        styles = parts["xl/styles.xml"].decode()
        number = len(re.findall(r"<xf ", styles.partition("<cellXfs")[2].partition("</cellXfs>")[0]))
        font = len(re.findall(r"<font>|<font/>", styles.partition("<fonts")[2].partition("</fonts>")[0]))
        styles = styles.replace("</fonts>", '<font><color rgb="FFFFFFFF"/></font></fonts>', 1)
        styles = styles.replace(
            "</cellXfs>", f'<xf numFmtId="0" fontId="{font}" fillId="0" borderId="0"/></cellXfs>', 1
        )
        parts["xl/styles.xml"] = styles.encode()
        sheet = parts[SHEET["T05"]].decode()
        parts[SHEET["T05"]] = re.sub(r'<c r="(C7|D8)" s="[0-9]+"', rf'<c r="\1" s="{number}"', sheet).encode()

    assert _told(understood(changed(change))) == [("received_colour_hides", "T05", 2)]


def test_a_shape_covers_what_lies_between_its_corners() -> None:
    drawing = (
        '<d:wsDr xmlns:d="urn:d"><d:twoCellAnchor><d:from><d:col>3</d:col><d:row>6</d:row></d:from>'
        "<d:to><d:col>4</d:col><d:row>8</d:row></d:to><d:sp/></d:twoCellAnchor>"
        "<d:oneCellAnchor><d:from><d:col>0</d:col><d:row>0</d:row></d:from><d:pic/></d:oneCellAnchor></d:wsDr>"
    )
    assert shapes("drawing1.xml", drawing.encode()) == [
        Disguise("shape", (7, 4, 9, 5)),
        Disguise("shape", (1, 1, 1, 1)),
    ]


OTHER = '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">{}</mc:AlternateContent>'


@pytest.mark.parametrize("place", ["a row", "all rows"])
def test_cells_in_two_versions_are_refused(place: str) -> None:
    def change(parts: Parts) -> None:
        sheet = parts[SHEET["T03"]].decode()
        if place == "a row":
            sheet = sheet.replace("<row ", OTHER.format("") + "<row ", 1)
        else:
            sheet = re.sub(r"<sheetData>.*</sheetData>", lambda found: OTHER.format(found[0]), sheet, flags=re.DOTALL)
        parts[SHEET["T03"]] = sheet.encode()

    with pytest.raises(Refused) as refused:
        read_book(changed(change))
    assert refused.value.args[0] == "received_alternate"


def test_two_versions_of_what_is_no_cell_are_read() -> None:
    def change(parts: Parts) -> None:
        parts[SHEET["T03"]] = parts[SHEET["T03"]].replace(b"</worksheet>", OTHER.format("").encode() + b"</worksheet>")

    assert _told(understood(changed(change))) == []


@pytest.mark.parametrize(
    "content",
    [good() + b"\n", good() + good()[:0] + b"PK", b"PK\3\4" + good()],
    ids=["behind", "a mark behind", "before"],
)
def test_bytes_beside_the_package_are_refused(content: bytes) -> None:
    with pytest.raises(Refused) as refused:
        look_at(content)
    assert refused.value.args[0] in {"received_bytes_beside", "received_damaged"}
    look_at(good())
