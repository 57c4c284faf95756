"""Workbooks of exports as other writers make them, drawn from the XML of their sheet: runs, fonts, formulas, what is hidden."""

import io
import zipfile
from html import escape

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."


def text(written: str) -> str:
    """The inside of a cell of plain text, behind its reference."""
    return f' t="inlineStr"><is><t>{escape(written)}</t></is>'


def runs(*pieces: tuple[str, str]) -> str:
    """A cell of rich text: each piece with the properties of its run, such as `<strike/>`."""
    inside = "".join(
        f"<r><rPr>{properties}</rPr><t>{escape(piece)}</t></r>" if properties else f"<r><t>{escape(piece)}</t></r>"
        for piece, properties in pieces
    )
    return f' t="inlineStr"><is>{inside}</is>'


def formula(written: str, stored: str = "") -> str:
    """A cell with a formula and its stored value."""
    return f"><f>{escape(written)}</f>{f'<v>{stored}</v>' if stored else ''}"


def number(count: object, style: int = 0) -> str:
    """A cell with a number."""
    return f' s="{style}"><v>{count}</v>'


RAISED = '<vertAlign val="superscript"/>'
LOWERED = '<vertAlign val="subscript"/>'
STRUCK = "<strike/>"
STYLES = (
    f"<styleSheet {_MAIN}><fonts><font/><font><strike/></font><font>{RAISED}</font>"
    '<font><strike val="0"/></font></fonts><cellXfs><xf fontId="0"/><xf fontId="1"/><xf fontId="2"/><xf fontId="3"/>'
    '<xf fontId="0" numFmtId="9"/><xf fontId="0" numFmtId="14"/></cellXfs></styleSheet>'
)
"""Style 1 strikes out, 2 raises, 3 says that it does not strike out, 4 shows percentages, 5 days."""


def drawn(
    *sheets: tuple[str, list[list[str | int]]],
    hidden: tuple[str, ...] = (),
    hidden_rows: tuple[int, ...] = (),
    hidden_columns: tuple[int, ...] = (),
    calculates: bool = False,
) -> bytes:
    """A workbook of these sheets: a cell is a plain text, a count, or (beginning with a space or `>`) the XML behind it."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        parts = "".join(
            f'<Override PartName="/xl/worksheets/s{at}.xml" ContentType="{_TYPE}worksheet+xml"/>'
            for at in range(len(sheets))
        )
        package.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="x/x"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}sheet.main+xml"/>{parts}</Types>',
        )
        package.writestr("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
        targets = [("worksheet", f"worksheets/s{at}.xml") for at in range(len(sheets))]
        package.writestr("xl/_rels/workbook.xml.rels", _relations([*targets, ("styles", "styles.xml")]))
        package.writestr("xl/styles.xml", STYLES)
        listed = "".join(
            f'<sheet name="{escape(title)}" sheetId="{at + 1}" r:id="r{at}"'
            f"{' state=' + chr(34) + 'hidden' + chr(34) if title in hidden else ''}/>"
            for at, (title, _) in enumerate(sheets)
        )
        calculation = '<calcPr fullCalcOnLoad="1"/>' if calculates else ""
        package.writestr(
            "xl/workbook.xml",
            f'<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets>{listed}</sheets>{calculation}</workbook>',
        )
        for at, (_, rows) in enumerate(sheets):
            columns = "".join(f'<col min="{c}" max="{c}" hidden="1"/>' for c in hidden_columns)
            body = "".join(_row(n, row, n in hidden_rows) for n, row in enumerate(rows, 1))
            package.writestr(
                f"xl/worksheets/s{at}.xml",
                f"<worksheet {_MAIN}>{f'<cols>{columns}</cols>' if columns else ''}<sheetData>{body}</sheetData></worksheet>",
            )
    return file.getvalue()


def _row(at: int, row: list[str | int], is_hidden: bool) -> str:
    cells = "".join(
        f'<c r="{chr(64 + column)}{at}"{cell if _is_xml(cell) else number(cell) if isinstance(cell, int) else text(cell)}</c>'
        for column, cell in enumerate(row, 1)
        if cell != ""
    )
    return f'<row r="{at}"{" hidden=" + chr(34) + "1" + chr(34) if is_hidden else ""}>{cells}</row>'


def _is_xml(cell: str | int) -> bool:
    return isinstance(cell, str) and cell.startswith((" ", ">"))


def _relations(targets: list[tuple[str, str]]) -> str:
    inside = "".join(
        f'<Relationship Id="r{at}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(targets)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inside}</Relationships>'
