"""The sheet of checks between tables: each pair of cells that must be equal, live, with the difference."""

from __future__ import annotations

from collections.abc import Mapping
from math import fsum

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from form1.core.cells import Address
from form1.core.findings import Place
from form1.core.values import Status
from form1.definition.equations import linked_tables, margins
from form1.definition.wording import locate
from form1.model.forms import FilledForm
from form1.render.fillin.table import Places, has_gap
from form1.render.workbook.printing import A4, head_pages, set_up
from form1.render.workbook.writer import SheetWriter
from form1.xlsx.read.raw import column_letters

_WIDTHS = (0.33, 0.11, 0.33, 0.11, 0.12)
_FIRST = 4


def draw_equations(sheet: Worksheet, writer: SheetWriter, blank: FilledForm, places: Mapping[str, Places]) -> None:
    """Draw one line for every equation between two tables of the form; its verdict is a number and a colour."""
    form, language, paper = blank.form, blank.language, A4(landscape=True)
    widths = [paper.width * share for share in _WIDTHS]
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[column_letters(column)].width = round(width, 2)
    title, about = form.word("fillin_checks", language), form.word("fillin_checks_about", language)
    writer.put(sheet, title, "title", 1, 1, to_column=5)
    writer.put(sheet, about, "remark", 2, 1, to_column=5)
    sheet.row_dimensions[1].height = 22
    sheet.row_dimensions[2].height = writer.height(about, "remark", fsum(widths)) + 4
    heads = ("fillin_left", "fillin_number", "fillin_right", "fillin_number", "difference")
    writer.row(sheet, ((form.word(word, language), "head") for word in heads))
    gap = form.signs()[Status.NOT_AVAILABLE]
    equations = [
        pair
        for left, right in linked_tables(form)
        for pair in margins(form, blank.layouts[left.id], blank.layouts[right.id])
    ]
    for row, (here, there) in enumerate(equations, start=_FIRST):
        texts = [_named(blank, address) for address in (here, there)]
        writer.put(sheet, texts[0], "field", row, 1)
        writer.put(sheet, texts[1], "field", row, 3)
        for column, address in ((2, here), (4, there)):
            place = places[address[0]]
            of_sheet = f"'{place.sheet}'!"
            incomplete = has_gap(place.open_areas(*address[1:]), of_sheet)
            cell = writer.put(sheet, 0, "member sum", row, column)
            cell.value = f'=IF({incomplete},"{gap}",{of_sheet}{place.cell(*address[1:])})'
        writer.put(sheet, 0, "difference", row, 5).value = f'=IF(COUNT(B{row},D{row})=2,B{row}-D{row},"{gap}")'
        height = max(
            writer.height(text, "field", width) for text, width in zip(texts, (widths[0], widths[2]), strict=True)
        )
        sheet.row_dimensions[row].height = height
    last = max(_FIRST, _FIRST + len(equations) - 1)
    sheet.conditional_formatting.add(
        f"E{_FIRST}:E{last}",
        FormulaRule(
            formula=[f"AND(ISNUMBER(E{_FIRST}),E{_FIRST}<>0)"],
            font=Font(bold=True, color="9C0006"),
            fill=PatternFill(fill_type="solid", bgColor="FFC7CE"),
        ),
    )
    sheet.freeze_panes = sheet.cell(_FIRST, 1)
    sheet.sheet_view.showGridLines = False
    sheet.print_title_rows = f"{_FIRST - 1}:{_FIRST - 1}"
    sheet.print_area = f"A1:E{last}"
    set_up(sheet, paper, writer.footer)
    head_pages(sheet, title)


def _named(blank: FilledForm, address: Address) -> str:
    return locate(blank.form, Place(*address), blank.language, blank.layouts)
