"""What people do to a workbook without touching a figure: no new error may come of it."""

from __future__ import annotations

from tests.check.received.lines import small_sheet
from tests.check.received.seeding import ALL, By, Right, Spot, kind
from tests.check.received.workbook import name_of

SEVERAL_ROWS = tuple(table for table in ALL if table != "T10")


@kind("sheet renamed", By.HARMLESS)
def renamed(spot: Spot) -> Right | None:
    spot.book.rename(spot.sheet_name, spot.chance.choice(["Sheet1", "yekun", "таблица"]))
    return []


@kind("sheets in another order", By.HARMLESS, ("T01",))
def reordered(spot: Spot) -> Right | None:
    spot.book.reorder(lambda sheets: spot.chance.sample(sheets, len(sheets)))
    return []


@kind("column moved with head and number", By.HARMLESS)
def column_moved(spot: Spot) -> Right | None:
    """The last two columns change places, whole."""
    last = spot.stub + len(spot.layout.columns)
    swap = {last: last - 1, last - 1: last}
    spot.sheet.merges = [area for area in spot.sheet.merges if area[3] < last - 1 or area[1] == 1]
    spot.sheet.move_columns(lambda at: swap.get(at, at))
    return []


@kind("row moved whole", By.HARMLESS, SEVERAL_ROWS)
def row_moved(spot: Spot) -> Right | None:
    one, other = (spot.line(row.code) for row in spot.chance.sample(spot.counted, 2))
    spot.sheet.move_rows(lambda at: {one: other, other: one}.get(at, at))
    return []


@kind("empty row inserted", By.HARMLESS)
def row_inserted(spot: Spot) -> Right | None:
    spot.sheet.insert_row(spot.line(spot.chance.choice(spot.layout.rows).code))
    return []


@kind("empty column inserted", By.HARMLESS)
def column_inserted(spot: Spot) -> Right | None:
    before = spot.chance.randint(1, spot.stub + len(spot.layout.columns))
    spot.sheet.move_columns(lambda at: at + (at >= before))
    return []


@kind("note under the table", By.HARMLESS)
def note(spot: Spot) -> Right | None:
    last = max(row for row, _ in spot.sheet.cells)
    spot.sheet.text((last + 2, 1), "Qeyd: göstəricilər UMİS-dən götürülüb / see also the table of 2025")
    return []


@kind("further sheet of text", By.HARMLESS, ("T01",))
def further_sheet(spot: Spot) -> Right | None:
    spot.book.add("qeyd", small_sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>salam</t></is></c></row>'))
    return []


@kind("totals as formulas that are right", By.HARMLESS)
def formulas(spot: Spot) -> Right | None:
    parts = spot.layout.columns[0].parts[0]
    for row in spot.layout.rows:
        names = ",".join(name_of(spot.place((spot.table, row.code, part))) for part in parts)
        at = (spot.table, row.code, spot.first)
        spot.sheet.formula(spot.place(at), f"SUM({names})", spot.values[at])
    return []


@kind("line codes as numbers", By.HARMLESS, SEVERAL_ROWS)
def line_numbers(spot: Spot) -> Right | None:
    for row in spot.layout.rows:
        spot.sheet.number((spot.line(row.code), spot.stub), int(row.line))
    return []


@kind("zeros written as the sign", By.HARMLESS)
def zeros(spot: Spot) -> Right | None:
    for at in spot.cells:
        if not spot.values[at]:
            spot.sheet.text(spot.place(at), "-")
    return []


@kind("table moved down and right", By.HARMLESS)
def moved(spot: Spot) -> Right | None:
    spot.sheet.move_rows(lambda at: at + 3)
    spot.sheet.move_columns(lambda at: at + 2)
    return []
