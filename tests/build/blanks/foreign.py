"""A blank of another hand: stacked tables, other sheets, lines at the right, columns in another order, countries listed."""

import io

from openpyxl import Workbook
from openpyxl.drawing.image import Image
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from form1.core.periods import Period
from form1.core.texts import Language
from form1.definition import Form
from form1.definition.layout import Layout, lay_out

THIN = Side(style="hair", color="FF1F3864")
FRAME = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
HEAD = Font(name="Times New Roman", size=10, bold=True, color="FF1F3864")
BODY = Font(name="Times New Roman", size=11)
COUNT_FORMAT = "#,##0;-#,##0;0"
LISTED = ("TR", "GE", "RU", "IR", "XXA.GE", "UZ", "FJ")
"""Countries that the blank prints by name; nobody came from the last."""
SHEETS = {"T01": "Qeydiyyat", "T02": "MYİ", "T03": "MYİ", "T04": "Yer", "T05": "DYİ", "T06": "DYİ"}
"""The others stand on one sheet, one below the other."""
SPARE = {"CIS": 12, "OTHER": 150, "XXA": 60}


def foreign_blank(form: Form, period: Period, language: Language = "az", spare: dict[str, int] = SPARE) -> bytes:
    """The bytes of the blank: nothing of its look is ours, its line codes and column numbers are those of the form."""
    book = Workbook()
    cover = book.active
    cover.title = "Titul vərəqi"
    cover["B2"] = form.identity.title.of(language)
    cover["B2"].font = Font(name="Times New Roman", size=20, bold=True)
    cover["B4"], cover["B6"] = "Dövr:", "Rəhbər:"
    cover.add_image(_picture(), "F2")
    for table in form.tables.values():
        title = SHEETS.get(table.id, "İş icazələri")
        sheet = book[title] if title in book.sheetnames else _sheet(book, title)
        layout = lay_out(form, table, period.last_day, LISTED if table.rows.open else ())
        _table(sheet, layout, language, spare)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _sheet(book: Workbook, title: str) -> Worksheet:
    sheet = book.create_sheet(title)
    sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.scale = "landscape", 8, 77
    sheet.column_dimensions["B"].width = 55.5
    sheet.oddFooter.right.text = "Blank 2026"
    sheet.freeze_panes = "C1"
    return sheet


def _table(sheet: Worksheet, layout: Layout, language: Language, spare: dict[str, int]) -> None:
    """Label, code, counts, and the line code at the right of them; every second table has its columns from the end."""
    table = layout.table
    order = list(layout.columns) if table.number % 2 else list(reversed(layout.columns))
    top = sheet.max_row + 3
    count = len(order)
    right = 4 + count
    sheet.merge_cells(start_row=top, start_column=2, end_row=top, end_column=right)
    sheet.cell(top, 2, f"Cədvəl {table.number}. {table.title.of(language)}").font = HEAD
    heads = top + 1
    levels = max(len(column.heads) for column in order)
    sheet.merge_cells(start_row=heads, start_column=2, end_row=heads + levels - 1, end_column=2)
    sheet.cell(heads, 2, table.rows.heading.of(language))
    sheet.cell(heads, 3, "Kod"), sheet.cell(heads, right, "Sətir")
    sheet.row_dimensions[heads].height = 41.25
    for place, column in enumerate(order):
        for level, head in enumerate(column.heads):
            sheet.cell(heads + level, 4 + place, head.of(language)).font = HEAD
    numbers = heads + levels
    for at, letter in ((2, "A"), (3, "B"), (right, "C")):
        sheet.cell(numbers, at, letter)
    for place, column in enumerate(order):
        sheet.cell(numbers, 4 + place, column.number)
    row = numbers + 1
    for entry in layout.rows:
        sheet.cell(row, 2, entry.label.of(language)).alignment = Alignment(indent=entry.level, wrap_text=True)
        if table.rows.show_code and entry.code not in LISTED:
            sheet.cell(row, 3, entry.shown_code)
        if not table.rows.open or entry.kind != "member":
            sheet.cell(row, right, entry.line)
        _frame(sheet, row, right, entry.kind)
        row += 1
        last = table.rows.open and _ends_group(layout, entry.code)
        for _ in range(spare.get(last, 0) if last else 0):
            _frame(sheet, row, right, "member")
            row += 1
    sheet.cell(row + 1, 2, "Qeyd: blankın sonu").font = Font(name="Times New Roman", size=8, italic=True)


def _ends_group(layout: Layout, code: str) -> str:
    """The group whose last member a row is."""
    return next((row.code for row in layout.rows if row.parts and row.parts[-1] == code and row.code in SPARE), "")


def _frame(sheet: Worksheet, row: int, right: int, kind: str) -> None:
    sheet.row_dimensions[row].height = 18.75
    for column in range(2, right + 1):
        cell = sheet.cell(row, column)
        cell.border, cell.font = FRAME, BODY
        if column > 3 and column < right:
            cell.number_format = COUNT_FORMAT
            cell.fill = PatternFill("solid", fgColor="FFDDEBF7") if kind != "member" else PatternFill()


def _picture() -> Image:
    from PIL import Image as Picture

    file = io.BytesIO()
    Picture.new("RGB", (48, 32), (0, 146, 188)).save(file, "PNG")
    file.seek(0)
    return Image(file)
