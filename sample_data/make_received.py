"""Write the sample received workbooks: `python sample_data/make_received.py [--output DIR]`, the same bytes every time.

One good form, drawn from the sample exports of 2026-Q3, and six copies of it, each broken in the way that its
name says. received/README.md tells what is wrong in which cell. Counts come from the good form, so that a change of
the sample changes the broken forms with it; rows are found by the codes that stand in the sheets.
"""

from __future__ import annotations

import argparse
import copy
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

# First: it chooses how openpyxl writes, before openpyxl is imported.
from sample_data import formats  # noqa: F401  isort: skip

import openpyxl
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from form1.build.recipe import BuildOrder, prepare
from form1.core.cells import CellMap
from form1.core.periods import Period
from form1.definition import load
from form1.model.forms import Edition
from form1.render import workbook as drawing

HERE = Path(__file__).parent
PERIOD = Period.parse("2026-Q3")
_TIDY = ("cells", "Məlumat ")
"""How the sheets begin that say every number once more; senders who edit a form delete them, as most copies here do."""
_STAMP = b"2026-10-20T09:00:00Z"
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)

Change = Callable[[Workbook], None]


def make_all(output: Path) -> None:
    """Write good.xlsx and the six broken forms into `output`."""
    output.mkdir(parents=True, exist_ok=True)
    good = good_form()
    last_quarter = form_of(PERIOD.previous).cells
    changes: dict[str, Change] = {
        "digits_exchanged": digits_exchanged,
        "total_not_updated": total_not_updated,
        "edited_by_hand": edited_by_hand,
        "formulas": formulas,
        "last_quarter_pasted": lambda book: last_quarter_pasted(book, last_quarter),
    }
    files = {"good.xlsx": good, "macros_inside.xlsx": with_macros(good)}
    files |= {f"{name}.xlsx": changed(good, change) for name, change in changes.items()}
    files["formulas.xlsx"] = with_stored_value(files["formulas.xlsx"], "5", "C7")
    for name, content in files.items():
        (output / name).write_bytes(content)


def form_of(period: Period) -> Edition:
    """Return the form of a period of the sample as `form1 build` makes it, without its summary."""
    prepared = prepare(BuildOrder(load(), period, HERE / "exports", HERE / "no editions"))
    return Edition.of(replace(prepared.submission, summary=()), revision=1)


def good_form() -> bytes:
    """Return the workbook of the sample's last quarter, in Azerbaijani, as a build draws it."""
    return drawing.draw(form_of(PERIOD))


def changed(good: bytes, change: Change) -> bytes:
    """Return the good form after a change, as another program would have saved it."""
    book = openpyxl.load_workbook(io.BytesIO(good))
    change(book)
    file = io.BytesIO()
    book.save(file)
    parts = _parts(file.getvalue())
    core = "docProps/core.xml"
    parts[core] = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", _STAMP, parts[core])
    return _pack(parts)


def digits_exchanged(book: Workbook) -> None:
    """Table 3: two digits of one count exchanged; the total of its column was added up anew, all others were not."""
    without_tidy(book)
    sheet = book["3"]
    men = sheet.cell(row_of(sheet, "45.1.8"), 5)
    was = str(men.value)
    men.value = int(was[:-2] + was[-1] + was[-2])
    sheet["E7"] = sheet["E7"].value + men.value - int(was)


def total_not_updated(book: Workbook) -> None:
    """Table 1: late registrations of citizens of Türkiye went into every sum but the grand total."""
    sheet = book["1"]
    for code in ("TR", "OTHER", "FOREIGN", ""):
        row = row_of(sheet, code) if code else 7
        for column, late in ((4, 38), (5, 27), (6, 11)):
            if (row, column) != (7, 4):
                sheet.cell(row, column).value += late


def edited_by_hand(book: Workbook) -> None:
    """Sheets renamed and moved, rows inserted, a line hidden, notes, counts typed as text; the tidy sheets kept."""
    sheet = book["3"]
    sheet.print_area = None
    sheet.title = "MYİ əsaslar üzrə (yeni)"
    book.move_sheet(sheet, offset=-2)
    book.move_sheet(book["10"], offset=-7)
    book["8"].title = "Cədvəl 8"
    sheet.conditional_formatting = ConditionalFormattingList()  # an office program would have moved it along
    insert_row(sheet, row_of(sheet, "45.1.7"), "Aşağıdakı sətirlər məktub əsasında dəqiqləşdirilib")
    insert_row(sheet, 1, "Dövlət Statistika Komitəsinə təqdim olunur")
    grouped = sheet.cell(row_of(sheet, "45.1.7"), 4)
    grouped.value = f"{grouped.value:,}".replace(",", " ")
    with_unit = sheet.cell(row_of(sheet, "45.1.10-1"), 5)
    with_unit.value = f"{with_unit.value} nəfər"
    sheet.row_dimensions[row_of(sheet, "45.1.6-1")].hidden = True
    sheet.cell(sheet.max_row + 2, 1, "Qeyd: təhsil alanlar haqqında məlumat sentyabrın 30-na olan vəziyyətə verilir.")


def formulas(book: Workbook) -> None:
    """Table 3: row totals are formulas that no program has computed; table 5: a number in the formula hides a gap."""
    without_tidy(book)
    grounds, ages = book["3"], book["5"]
    for row in range(row_of(grounds, "45.1.7"), row_of(grounds, "45.1.10") + 1):
        grounds.cell(row, 4).value = f"=E{row}+F{row}"
    last = last_line(ages)
    ages["C16"] = ages["C16"].value - 9
    ages["C7"] = f"=SUM(C8:C{last})+9"


def last_quarter_pasted(book: Workbook, before: CellMap) -> None:
    """Table 6 is the one of the quarter before; in table 1 a country was mistaken for the own one."""
    without_tidy(book)
    sheet = book["6"]
    sheet.conditional_formatting = ConditionalFormattingList()
    for row in reversed(range(7, last_line(sheet) + 1)):
        cells = [before.get(("T06", sheet.cell(row, 2).value or "T", sex)) for sex in ("T", "M", "F")]
        if None in cells:
            sheet.delete_rows(row)
        for column, cell in enumerate(filter(None, cells), start=4):
            sheet.cell(row, column).value = cell.value
    for number, row in enumerate(range(7, last_line(sheet) + 1), start=1):
        sheet.cell(row, 3).value = f"{number:02}"
    registered = book["1"]
    row = row_of(registered, "AT")
    registered.cell(row, 1).value, registered.cell(row, 2).value = "Azərbaycan", "AZ"


def with_macros(good: bytes) -> bytes:
    """Return the good form declared as a workbook with macros; the part of the macros holds only a sentence."""
    parts = _parts(good)
    types = "[Content_Types].xml"
    plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    parts[types] = parts[types].replace(plain, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml")
    parts["xl/vbaProject.bin"] = b"No macro: the sample of a file that is refused."
    return _pack(parts)


def with_stored_value(content: bytes, sheet: str, cell: str) -> bytes:
    """Return a workbook in which the formula of one cell has a stored value, as office programs write it: the sum."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    page = book[sheet]
    stored = sum(page.cell(row, 3).value for row in range(8, last_line(page) + 1)) + 9
    parts = _parts(content)
    name = f"xl/worksheets/sheet{book.sheetnames.index(sheet) + 1}.xml"
    formula = re.compile(rf'(<c r="{cell}"[^>]*><f>[^<]*</f>)<v\s*/>'.encode())
    parts[name], found = formula.subn(
        rb"\1<v>" + str(stored).encode() + b"</v>", parts[name].replace(b"<v></v>", b"<v/>")
    )
    assert found == 1, f"no formula in {sheet}!{cell}"
    return _pack(parts)


def without_tidy(book: Workbook) -> None:
    """Delete the sheets that say every number once more."""
    for sheet in [sheet for sheet in book.worksheets if sheet.title.startswith(_TIDY)]:
        book.remove(sheet)


def row_of(sheet: Worksheet, code: str) -> int:
    """Return the row in which a code stands, in the second column of the form's sheets."""
    return next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 2).value == code)


def last_line(sheet: Worksheet) -> int:
    """Return the last row of the table: the links to the notes below it stand in the first column alone."""
    return max(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 2).value is not None)


def insert_row(sheet: Worksheet, before: int, text: str) -> None:
    """Insert a row with a text; heights, formats and merged areas move along, as they do in an office program."""
    heights = {row: sheet.row_dimensions[row].height for row in range(before, sheet.max_row + 1)}
    moved = [area for area in sheet.merged_cells.ranges if area.min_row >= before]
    for area in moved:
        sheet.merged_cells.remove(area)
    sheet.insert_rows(before)
    for area in moved:
        area.shift(row_shift=1)
        sheet.merge_cells(area.coord)
    for row, height in heights.items():
        sheet.row_dimensions[row + 1].height = height
    sheet.row_dimensions[before].height = None
    sheet.cell(before, 1, text).font = copy.copy(sheet.cell(before + 1, 1).font)


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def _pack(parts: dict[str, bytes]) -> bytes:
    """Return a package with fixed times, whatever the clock and the system."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.create_system = 3
            package.writestr(entry, part, zipfile.ZIP_DEFLATED)
    return file.getvalue()


if __name__ == "__main__":
    options = argparse.ArgumentParser(description="Write the sample received workbooks.")
    options.add_argument("--output", type=Path, default=HERE / "received", help="takes the workbooks")
    make_all(options.parse_args().output)
