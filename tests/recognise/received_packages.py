"""Workbooks as senders make them, for the tests of the annotated copy: what programs write, and what they lose."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import DataBarRule, FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
XML = '<?xml version="1.0" encoding="UTF-8"?>'
SPARKLINE = (
    '<extLst><ext uri="{05C60535-1F16-4fd2-B633-F4F36F0B64E0}" xmlns:x14="http://schemas.microsoft.com/office/'
    'spreadsheetml/2009/9/main"><x14:sparklineGroups xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">'
    "<x14:sparklineGroup><x14:sparklines><x14:sparkline><xm:f>'Data &amp; \"more\" O''Neil'!B4:C4</xm:f><xm:sqref>F4</xm:sqref>"
    "</x14:sparkline></x14:sparklines></x14:sparklineGroup></x14:sparklineGroups></ext></extLst>"
)
RICH = 'Data & "more" O\'Neil'
"""The name of the sheet that has everything."""


def rich() -> bytes:
    """Return a workbook with a chart, a data bar, a sparkline, a validation, a note, custom and unknown parts."""
    book = Workbook()
    sheet = book.active
    sheet.title = RICH
    for row in [("Line", "Men", "Women"), ("001", 10, 12), ("002", 1234, 56), ("003", 7, 8), ("004", 5, 6)]:
        sheet.append(row)
    sheet["B3"].number_format = "# ##0"
    sheet["B3"].font = Font(bold=True, color="FF00AA00")
    sheet["B3"].border = Border(bottom=Side("double"))
    sheet["B3"].alignment = Alignment(horizontal="center")
    sheet["C2"].font = Font(color="FFFFFFFF")
    sheet["C2"].fill = PatternFill("solid", fgColor="FF000080")
    sheet["C3"].comment = Comment("Sender's own note: ə", "sender")
    sheet["D2"] = "=B2+C2"
    sheet.row_dimensions[5].hidden = True
    sheet.merge_cells("A9:C10")
    sheet["A9"] = "merged"
    sheet.conditional_formatting.add("B2:B5", DataBarRule("min", 0, "max", 100, color="FF638EC6"))
    sheet.conditional_formatting.add("C2:C5", FormulaRule(formula=["C2>10"], fill=PatternFill(bgColor="FFFFFF00")))
    validation = DataValidation("whole", operator="greaterThanOrEqual", formula1="0")
    validation.add("B2:C5")
    sheet.add_data_validation(validation)
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=5), titles_from_data=True)
    sheet.add_chart(chart, "H2")
    other = book.create_sheet("Findings")
    other["A1"] = "untouched"
    book.defined_names["total"] = DefinedName("total", attr_text="Findings!$A$1")
    file = io.BytesIO()
    book.save(file)
    return edited(
        file.getvalue(),
        {
            "xl/worksheets/sheet1.xml": lambda xml: (
                xml.replace("</worksheet>", f"{SPARKLINE}<!-- </row> --></worksheet>")
                .replace("<sheetData>", '<!-- <row r="1"/> --><sheetData>')
                .replace('<c r="D2"><f>B2+C2</f><v></v></c>', '<c r="D2"><f>B2+C2</f><v>22</v></c>')
                .replace('<c r="D2"><f>B2+C2</f><v/></c>', '<c r="D2"><f>B2+C2</f><v>22</v></c>')
            ),
            "[Content_Types].xml": lambda xml: xml.replace(
                "</Types>", '<Default Extension="odd" ContentType="application/x-odd"/></Types>'
            ),
        },
        {
            "customXml/item1.xml": b"<a:secret xmlns:a='urn:a'>kept</a:secret>",
            "xl/strange/thing.odd": bytes(range(256)),
            "xl/threadedComments/threadedComment1.xml": b"<ThreadedComments/>",
        },
    )


def edited(
    package: bytes, edits: Mapping[str, object], added: Mapping[str, bytes] | None = None, dropped: str = ""
) -> bytes:
    """Return a package with the text of some parts changed, some parts added and perhaps one dropped."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            content = source.read(info)
            edit = edits.get(info.filename)
            if callable(edit):
                content = edit(content.decode()).encode()
            if info.filename != dropped:
                target.writestr(info, content)
        for number, (name, content) in enumerate((added or {}).items()):
            info = zipfile.ZipInfo(name, (2019, 3, 1 + number, 12, 30, 2))
            target.writestr(info, content, zipfile.ZIP_STORED if number % 2 else zipfile.ZIP_DEFLATED)
    return file.getvalue()


def by_hand(sheet: str | bytes, styles: str | None = None, prefix: str = "", strict: bool = False) -> bytes:
    """Return the smallest package around one sheet's XML; `prefix` ("x:") stands before every element."""
    main = "http://purl.oclc.org/ooxml/spreadsheetml/main" if strict else MAIN
    relations = "http://purl.oclc.org/ooxml/officeDocument/relationships" if strict else RELATIONS
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    declare = f"xmlns{':' + prefix[:-1] if prefix else ''}"
    style = f'<Relationship Id="s" Type="{relations}/styles" Target="styles.xml"/>' if styles else ""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{XML}<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/>'
        + (f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>' if styles else "")
        + "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r" Type='
        f'"{relations}/officeDocument" Target="/xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{XML}<{prefix}workbook {declare}="{main}"><{prefix}sheets><{prefix}sheet name="T" sheetId="7" '
        f'xmlns:q="{relations}" q:id="rId1"/></{prefix}sheets></{prefix}workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type='
        f'"{relations}/worksheet" Target="worksheets/sheet1.xml"/>{style}</Relationships>',
        "xl/worksheets/sheet1.xml": sheet.replace("MAIN", main) if isinstance(sheet, str) else sheet,
    }
    if styles:
        parts["xl/styles.xml"] = styles.replace("MAIN", main)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return file.getvalue()


def opened(package: bytes, **how: Any) -> Any:
    """Return a workbook as openpyxl reads it."""
    return load_workbook(io.BytesIO(package), **how)


def parts_of(package: bytes) -> dict[str, bytes]:
    """Return the parts by name; the package is whole."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}
