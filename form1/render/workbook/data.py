"""The tidy data sheet: one line per cell of the form, for machines and pivot tables."""

from __future__ import annotations

from typing import Final

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from form1.core.cells import Address
from form1.model.forms import FilledForm
from form1.render.workbook.ink import Ink
from form1.render.workbook.paper import Paper, set_up

CELLS: Final = "form1_cells"
"""The name of the table object."""
COLUMNS: Final = ("table", "row", "column", "value", "status", "row_label", "column_label")
"""Headers, the same in every language: programs go by them."""
_WIDTHS: Final = (7, 13, 13, 11, 13, 60, 40)


def draw_data(sheet: Worksheet, ink: Ink, filled: FilledForm) -> str:
    """Write every cell of the form as a line; return the range of the codes, which stand as text on purpose."""
    language = filled.language
    ink.row(sheet, ((name, "data head") for name in COLUMNS))
    for table, layout in filled.layouts.items():
        columns = [(column.code, ", ".join(head.of(language) for head in column.heads)) for column in layout.columns]
        for row in layout.rows:
            label = row.label.of(language)
            for column, column_label in columns:
                cell = filled.cells[Address(table, row.code, column)]
                line = (table, row.code, column, cell.value, str(cell.status), label, column_label)
                sheet.append([ink.cell(sheet, value) for value in line])
    for number, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    listed = Table(displayName=CELLS, ref=f"A1:{get_column_letter(len(COLUMNS))}{sheet.max_row}")
    listed.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    sheet.add_table(listed)
    sheet.freeze_panes = "A2"
    set_up(sheet, Paper(), ink.footer, counted=False)
    # Printing the whole workbook must not print every cell as a line: a page that says what stands here is enough.
    sheet.print_area = f"A1:{get_column_letter(len(COLUMNS))}1"
    return f"A2:C{sheet.max_row}"
