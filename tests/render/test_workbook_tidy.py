"""The tidy sheet beside each official sheet says the same, in a table object that Excel opens without a repair."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from form1.core.periods import Period
from form1.definition.layout import lay_out
from form1.definition.load import load
from form1.model.forms import Edition
from form1.render.workbook import draw
from tests.render import workbook_samples


@pytest.fixture(scope="module", params=[("az", "2026-Q3"), ("en", "2025"), ("ru", "2019-Q1")], ids="-".join)
def drawn(request: Any) -> tuple[Edition, bytes, Any]:
    """The real form by the versions of several years, with its workbook as bytes and as openpyxl reads it."""
    language, period = request.param
    submission = workbook_samples.full(load(), language, Period.parse(period))
    content = draw(submission)
    return submission, content, load_workbook(io.BytesIO(content))


def test_it_says_the_figures_of_the_form_by_row_code_and_column_number(drawn: tuple[Edition, bytes, Any]) -> None:
    submission, _, book = drawn
    for layout in submission.layouts.values():
        heads, *lines = _table(book, f"form1_{layout.table.id}")
        at = {int(head.partition(".")[0]): place for place, head in enumerate(heads) if re.match("[0-9]+[.] ", head)}
        read = {(line[2], column.code): line[at[column.number]] for line in lines for column in layout.columns}
        assert read == {
            (row.code, column.code): submission.cells[layout.table.id, row.code, column.code].value
            for row in layout.rows
            for column in layout.columns
        }
        assert [line[:2] for line in lines] == [(row.line, row.label.of(submission.language)) for row in layout.rows]
        for row in layout.rows:
            whole = row.label.of(submission.language)
            assert all(line[4] == whole for line in lines if line[2] in row.parts)


def test_excel_has_nothing_to_repair(drawn: tuple[Edition, bytes, Any]) -> None:
    check_tables(*drawn[1:])


def test_links_below_a_table_take_no_printed_page_of_their_own(drawn: tuple[Edition, bytes, Any]) -> None:
    submission, _, book = drawn
    for layout in submission.layouts.values():
        sheet = book[str(layout.table.number)]
        lines = [
            row[0].row for row in sheet.iter_rows() if row[0].style.startswith("form1 ") and "label" in row[0].style
        ]
        last = lines[-1]
        printed = range_boundaries(sheet.print_area.rpartition("!")[2].replace("$", ""))[3]
        assert last <= printed <= sheet.max_row
        assert not sheet.row_breaks.brk or sheet.row_breaks.brk[-1].id < last, "a line of the table on the last page"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage or len(layout.panels) > 1, "no column alone on a page"


@pytest.mark.parametrize("rows", [0, 300], ids=["no country", "300 rows"])
def test_a_table_of_no_country_and_one_of_300_rows(rows: int) -> None:
    form, period = load(), Period.parse("2026-Q3")
    submission = workbook_samples.full(form, "en", period)
    table = form.tables["T01"]
    codes = [code.code for code in form.codelists["countries"].on(period.last_day)]
    layout = lay_out(form, table, period.last_day, {*codes[:rows], *(f"XXA.{code}" for code in codes[: rows // 2])})
    assert len(layout.rows) > rows
    cells = {key: cell for key, cell in submission.cells.items() if key[0] == "T01" and key[1] in layout.row}
    some = next(iter(submission.cells.values()))
    for row in layout.rows:
        for column in layout.columns:
            cells.setdefault((table.id, row.code, column.code), some)
    content = draw(
        Edition(
            form=form,
            period=period,
            revision=1,
            language="en",
            cells=cells,
            layouts={"T01": layout},
            findings=(),
            results=(),
            verdict=submission.verdict,
            signatories={},
        )
    )
    check_tables(content, load_workbook(io.BytesIO(content)), tables=2)


def check_tables(content: bytes, book: Any, tables: int = 11) -> None:
    """Hold the table objects of a workbook against the rules after which Excel "repairs" a workbook that breaks them."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = sorted(name for name in package.namelist() if name.startswith("xl/tables/"))
        xml = [package.read(part).decode() for part in parts]
        types = package.read("[Content_Types].xml").decode()
    assert len(parts) == tables
    assert all(f'PartName="/{part}"' in types for part in parts)
    identifiers = [re.search(r'<table [^>]*?\bid="([0-9]+)"', text)[1] for text in xml]  # type: ignore[index]
    assert len(set(identifiers)) == len(xml)
    names = [name.lower() for sheet in book for name in sheet.tables]
    assert len(set(names)) == len(names) == len(xml)
    assert not set(names) & {name.lower() for name in book.defined_names}
    for sheet in book:
        for table in sheet.tables.values():
            name = table.displayName
            assert re.fullmatch(r"[A-Za-z_\\][\w.\\]{0,254}", name) and not re.fullmatch("[A-Za-z]{1,3}[0-9]+", name)
            left, top, right, bottom = range_boundaries(table.ref)
            assert bottom > top, "a head and a line at least"
            heads = [sheet.cell(top, column) for column in range(left, right + 1)]
            assert {cell.data_type for cell in heads} == {"s"}
            assert [cell.value for cell in heads] == [column.name for column in table.tableColumns]
            assert all(0 < len(cell.value) <= 255 and cell.value == cell.value.strip() for cell in heads)
            assert len({cell.value.lower() for cell in heads}) == len(heads), "heads are unique, whatever their case"
            assert [column.id for column in table.tableColumns] == list(range(1, len(heads) + 1))
            assert not [
                area
                for area in sheet.merged_cells.ranges
                if not (area.max_row < top or area.min_row > bottom or area.max_col < left or area.min_col > right)
            ]
            assert table.ref.startswith("A"), "against the left edge"
            assert bottom == sheet.max_row, "nothing below"


def _table(book: Any, name: str) -> list[tuple[Any, ...]]:
    sheet = next(sheet for sheet in book if name in sheet.tables)
    return [tuple(cell.value for cell in row) for row in sheet[sheet.tables[name].ref]]
