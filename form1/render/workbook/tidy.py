"""The tidy sheets, for programs and screen readers: one for all cells, and one beside each official sheet.

Beside an official sheet heads stand in one row, nothing is merged and nothing is said by looks alone. The first cell is
the title. Every row says what kind it is and of what it is a part (the official sheet says it by type and indents), a
cell without a number says why in words, and the notes of a row stand in a column of their own.
"""

from __future__ import annotations

from typing import Final

from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from form1.core.cells import Address
from form1.core.texts import first_upper
from form1.definition.layout import Layout, Row
from form1.definition.wording import basis_in_words
from form1.model.forms import FilledForm
from form1.render.workbook.printing import A4, set_up
from form1.render.workbook.writer import SheetWriter, Value, link_to
from form1.views.tables import TableView
from form1.xlsx.read.raw import column_letters

CELLS: Final = "form1_cells"
"""The name of the table object."""
COLUMNS: Final = ("table", "row", "column", "value", "status", "row_label", "column_label")
"""Headers, the same in every language: programs go by them."""
_WIDTHS: Final = (7, 13, 13, 11, 13, 60, 40)


def draw_data(sheet: Worksheet, writer: SheetWriter, filled: FilledForm) -> str:
    """Write every cell of the form as a line; return the range of the codes, which stand as text on purpose."""
    language = filled.language
    writer.row(sheet, ((name, "data head") for name in COLUMNS))
    for table, layout in filled.layouts.items():
        columns = [(column.code, ", ".join(head.of(language) for head in column.heads)) for column in layout.columns]
        for row in layout.rows:
            label = row.label.of(language)
            for column, column_label in columns:
                cell = filled.cells[Address(table, row.code, column)]
                line = (table, row.code, column, cell.value, str(cell.status), label, column_label)
                sheet.append([writer.cell(sheet, value) for value in line])
    for number, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[column_letters(number)].width = width
    listed = Table(displayName=CELLS, ref=f"A1:{column_letters(len(COLUMNS))}{sheet.max_row}")
    listed.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    sheet.add_table(listed)
    sheet.freeze_panes = "A2"
    set_up(sheet, A4(), writer.footer, counted=False, full_size=True)
    # Printing the whole workbook must not print every cell as a line: a page that says what stands here is enough.
    sheet.print_area = f"A1:{column_letters(len(COLUMNS))}1"
    return f"A2:C{sheet.max_row}"


HEAD: Final = 6
"""The row of the heads: above it the title, what the table counts, how to read the sheet, and two links."""
_LINE, _LABEL, _CODE, _KIND, _WHOLE, _COUNT, _NOTES = 8.0, 44.0, 12.0, 9.0, 26.0, 13.0, 15.0


def draw_tidy(sheet: Worksheet, writer: SheetWriter, view: TableView, sheets: dict[str, str]) -> str:
    """Draw one table as a table object; `sheets` gives the titles of the official sheets and of the other parts.

    Returns the range of the line codes and row codes, which stand as text on purpose.
    """
    form, language, layout, table = view.filled.form, view.filled.language, view.layout, view.table
    noted = any(view.note_numbers("row", row.code) for row in layout.rows)
    stub = [form.word("line_code", language), view.stub[0], *(form.word(word, language) for word in ("code", *_SAID))]
    heads = [*stub, *(view.numbered_head(column) for column in layout.columns)]
    heads += [form.word("notes_below", language)] if noted else []
    widths = [_LINE, _LABEL, _CODE, _KIND, _WHOLE, *[_COUNT] * len(layout.columns), *([_NOTES] if noted else [])]

    _draw_top(sheet, writer, view, sheets)
    counts = range(len(stub), len(stub) + len(layout.columns))
    writer.row(sheet, ((head, "tidy count head" if at in counts else "tidy head") for at, head in enumerate(heads)))
    wholes = _wholes(layout)
    for at, row in enumerate(layout.rows, start=HEAD + 1):
        line = _row(view, row, wholes, noted=noted)
        writer.row(sheet, line)
        texts = ((value, width) for (value, role), width in zip(line, widths, strict=True) if role == "tidy text")
        sheet.row_dimensions[at].height = max(writer.height(value, "tidy text", width) for value, width in texts)
    sheet.row_dimensions[HEAD].height = max(
        writer.height(head, "tidy head", width) for head, width in zip(heads, widths, strict=True)
    )
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[column_letters(number)].width = width
    last = column_letters(len(heads))
    listed = Table(displayName=name_of(table.id), ref=f"A{HEAD}:{last}{sheet.max_row}")
    listed.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    # Said here and not left to openpyxl, which would add buttons of a filter to every head.
    listed.tableColumns = [TableColumn(id=number, name=head) for number, head in enumerate(heads, start=1)]
    sheet.add_table(listed)
    set_up(sheet, A4(landscape=True), writer.footer, counted=False, full_size=True)
    # The official sheet is the one to print: printing the whole workbook must not print every number twice.
    sheet.print_area = f"A1:{last}{HEAD - 1}"
    return f"A{HEAD + 1}:A{sheet.max_row} C{HEAD + 1}:C{sheet.max_row}"


_SAID: Final = ("row_kind", "row_whole")
"""Words over what the official sheet says by looks."""


def name_of(table: str) -> str:
    """Return the name of the table object of a table: the same in every language, programs go by it.

    >>> name_of("T03")
    'form1_T03'
    """
    return f"form1_{table}"


def describe_tables(filled: FilledForm) -> dict[str, tuple[str, str]]:
    """Return title and description of each table object, for those who hear it, by the name of the object."""
    form, language = filled.form, filled.language
    told: dict[str, tuple[str, str]] = {}
    for layout in filled.layouts.values():
        table = layout.table
        told[name_of(table.id)] = (
            TableView(filled, layout).full_title,
            form.word("tidy_description", language).format(
                rows=len(layout.rows),
                columns=len(layout.columns),
                basis=first_upper(basis_in_words(form, table, filled.period, language), language),
                unit=form.word(table.unit, language),
            ),
        )
    return told | {CELLS: (form.word("data_heading", language), form.word("cells_description", language))}


def _draw_top(sheet: Worksheet, writer: SheetWriter, view: TableView, sheets: dict[str, str]) -> None:
    filled, table = view.filled, view.table
    form, language = filled.form, filled.language
    writer.put(sheet, view.full_title, "tidy title", 1, 1)
    writer.put(sheet, f"{view.basis}; {view.unit}", "tidy line", 2, 1)
    read = form.word("tidy_about", language).format(notes=sheets["notes"])
    invented = f"{form.word('invented_data', language)}. " if filled.is_invented else ""
    writer.put(sheet, f"{invented}{read}", "tidy line", 3, 1)
    official = form.word("tidy_back", language).format(sheet=sheets[table.id])
    link_to(writer.put(sheet, official, "tidy link", 4, 1), sheets[table.id])
    link_to(writer.put(sheet, form.word("contents", language), "tidy link", 5, 1), sheets["cover"])


def _wholes(layout: Layout) -> dict[str, Row]:
    """Return the row that each row is a part of, by row code; the last of several, which is the nearest."""
    return {part: row for row in layout.rows for part in row.parts}


def _row(view: TableView, row: Row, wholes: dict[str, Row], *, noted: bool) -> list[tuple[Value, str]]:
    form, language = view.filled.form, view.filled.language
    none = form.word("tidy_none", language)
    whole = wholes[row.code].label.of(language) if row.code in wholes else none
    line: list[tuple[Value, str]] = [(row.line, "tidy code"), (row.label.of(language), "tidy text")]
    line += [(row.code, "tidy code"), (form.word(f"row_kind_{row.kind}", language), "tidy text"), (whole, "tidy text")]
    for column in view.layout.columns:
        cell = view.cell(row.code, column.code)
        told = cell.value if cell.value is not None else view.reason(cell.status)
        line.append((told, "tidy count" if cell.value is not None else "tidy text"))
    if noted:
        line.append((view.noted("", "row", row.code).strip() or none, "tidy note"))
    return line
