"""Rows, columns and sheets hidden, left out, doubled, mislabelled: what the reading sees beside the cells."""

from __future__ import annotations

import html
import re

from form1.definition.wording import basis_in_words
from tests.check.received.seeding import ALL, By, Right, Spot, kind
from tests.check.received.workbook import column_letters, name_of

SEVERAL_ROWS = tuple(table for table in ALL if table != "T10")
CITIZENSHIP = ("T01", "T02", "T06")


@kind("hidden row with a number changed", By.FORM)
def hidden_row(spot: Spot) -> Right | None:
    at = spot.one_of(spot.detail)
    if at is None:
        return None
    spot.put({at: spot.values[at] + 5})
    spot.sheet.hide(spot.place(at)[0])
    return [frozenset({at})]


@kind("hidden column", By.FORM)
def hidden_column(spot: Spot) -> Right | None:
    column = spot.stub + spot.chance.randint(1, len(spot.layout.columns))
    spot.sheet.hide_column(column)
    return []


@kind("row dropped", By.FORM, SEVERAL_ROWS)
def row_dropped(spot: Spot) -> Right | None:
    row = spot.chance.choice(spot.counted).code
    line = spot.line(row)
    spot.sheet.move_rows(lambda at: 0 if at == line else at - (at > line))
    return [frozenset({(spot.table, row, "")})]


@kind("row doubled", By.FORM)
def row_doubled(spot: Spot) -> Right | None:
    row = spot.chance.choice(spot.counted).code
    line = spot.line(row)
    spot.sheet.insert_row(line + 1, line)
    return [frozenset({(spot.table, row, "")})]


@kind("row inserted with a number", By.FORM)
def row_inserted(spot: Spot) -> Right | None:
    line = spot.line(spot.chance.choice(spot.counted).code) + 1
    spot.sheet.insert_row(line)
    spot.sheet.text((line, 1), spot.chance.choice(["digər", "Others not listed", "прочие"]))
    spot.sheet.number((line, spot.stub + 1), 12)
    return [frozenset({(spot.sheet_name, name_of((line, column)))}) for column in range(1, spot.stub + 2)]


@kind("row without a label inserted with a number", By.FORM)
def nameless_row(spot: Spot) -> Right | None:
    line = spot.line(spot.chance.choice(spot.counted).code) + 1
    spot.sheet.insert_row(line)
    spot.sheet.number((line, spot.stub + 1), 12)
    return [frozenset({(spot.sheet_name, name_of((line, column)))}) for column in range(1, spot.stub + 2)]


@kind("labels of two rows swapped", By.FORM, SEVERAL_ROWS)
def labels_swapped(spot: Spot) -> Right | None:
    """The words alone: codes and line codes stay."""
    one, other = (row.code for row in spot.chance.sample(spot.counted, 2))
    cells = spot.sheet.cells
    here, there = (spot.line(one), 1), (spot.line(other), 1)
    cells[here], cells[there] = cells[there], cells[here]
    return [frozenset({(spot.table, one, ""), (spot.table, other, "")})]


@kind("own country as a citizenship", By.FORM, CITIZENSHIP)
def own_country(spot: Spot) -> Right | None:
    row = spot.chance.choice([row for row in spot.counted if "." not in row.code])
    own = spot.sent.form.code("countries", "AZ", spot.sent.period.last_day)
    assert own is not None
    line = spot.line(row.code)
    spot.sheet.text((line, 1), own.name.of(spot.sent.language))
    spot.sheet.text((line, 2), own.code)
    return [frozenset({(spot.table, "AZ", "")})]


@kind("column dropped", By.FORM)
def column_dropped(spot: Spot) -> Right | None:
    place = spot.chance.randrange(len(spot.layout.columns))
    column = spot.stub + 1 + place
    spot.sheet.move_columns(lambda at: 0 if at == column else at - (at > column))
    return [frozenset({(spot.table, "", spot.layout.columns[place].code)})]


@kind("heads of two columns swapped", By.FORM)
def heads_swapped(spot: Spot) -> Right | None:
    """The words over men and women alone: numbers of columns and counts stay."""
    row = next(row for row, column in sorted(spot.sheet.cells) if spot.sheet.cells[row, column].number == 1) - 1
    last = spot.stub + len(spot.layout.columns)
    cells = spot.sheet.cells
    cells[row, last], cells[row, last - 1] = cells[row, last - 1], cells[row, last]
    one, other = spot.layout.columns[-2:]
    return [frozenset({(spot.table, "", one.code), (spot.table, "", other.code)})]


@kind("column number typed twice", By.FORM)
def number_twice(spot: Spot) -> Right | None:
    row = next(row for row, column in sorted(spot.sheet.cells) if spot.sheet.cells[row, column].number == 1)
    last = spot.stub + len(spot.layout.columns)
    spot.sheet.number((row, last), len(spot.layout.columns) - 1)
    return [frozenset({(spot.sheet_name, f"{column_letters(last)}{row}")})]


@kind("sheet left out", By.FORM)
def sheet_left_out(spot: Spot) -> Right | None:
    spot.book.drop(spot.sheet_name)
    return [frozenset({(spot.table, "", "")})]


@kind("sheet twice", By.FORM)
def sheet_twice(spot: Spot) -> Right | None:
    spot.book.add("Sheet (2)", spot.sheet.write())
    return [frozenset({(spot.table, "", "")})]


@kind("sheet of another period", By.FORM)
def other_period(spot: Spot) -> Right | None:
    """The line above the table still says the quarter before."""
    form, language = spot.sent.form, spot.sent.language
    here = basis_in_words(form, spot.layout.table, spot.sent.period, language)
    before = basis_in_words(form, spot.layout.table, spot.sent.period.previous, language)
    for at in sorted(spot.sheet.cells):
        if at[0] < 4 and _said(spot, at).startswith(here):
            spot.sheet.text(at, before)
            return [frozenset({(spot.sheet_name, name_of(at))})]
    raise AssertionError(here)


def _said(spot: Spot, at: tuple[int, int]) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", spot.sheet.cells[at].inside))


@kind("numbers on a hidden sheet", By.FORM, ("T01",))
def hidden_sheet(spot: Spot) -> Right | None:
    spot.book.add("calc", small_sheet('<row r="1"><c r="A1"><v>12</v></c><c r="B1"><v>7</v></c></row>'), "hidden")
    return []


def small_sheet(rows: str) -> str:
    """A worksheet of nothing but these rows."""
    schema = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{schema}"><sheetData>{rows}</sheetData></worksheet>'
