"""Where a number comes from: the lines of the exports that were added up to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from form1.core.cells import column_code
from form1.definition.layout import Layout, row_code
from form1.definition.records import Table
from form1.model.exports import CheckedCounts
from form1.model.forms import InputFile

if TYPE_CHECKING:
    import polars as pl

ROW: Final = ":row"
COLUMN: Final = ":column"


@dataclass(frozen=True, slots=True)
class Contribution:
    """One count of an export that went into a cell; `persons` is None for a gap."""

    input: InputFile
    sheet: str
    line: int
    cell: str
    row: str
    column: str
    persons: int | None


def by_address(table: Table, export: CheckedCounts) -> pl.DataFrame:
    """Return the frame of `export` with the codes of the cells to which its lines belong, as ROW and COLUMN."""
    import polars as pl

    addresses = export.frame.select(table.dimensions).unique(maintain_order=True)
    rows, columns = [], []
    for keys in addresses.iter_rows(named=True):
        rows.append(row_code(table, keys))
        columns.append(column_code(keys[column.dimension] for column in table.columns))
    addresses = addresses.with_columns(pl.Series(ROW, rows, pl.String), pl.Series(COLUMN, columns, pl.String))
    return export.frame.join(addresses, on=table.dimensions, how="left", maintain_order="left")


def trace(layout: Layout, counts: Sequence[CheckedCounts], row: str, column: str) -> list[Contribution]:
    """Return the counts that were added up to the cell at `row` and `column`, in the order of the exports."""
    import polars as pl

    inside = pl.col(ROW).is_in(list(_leaves_of_row(layout, row))) & pl.col(COLUMN).is_in(
        list(_leaves_of_column(layout, column))
    )
    return [
        Contribution(export.input, export.sheet, *found)
        for export in counts
        for found in by_address(layout.table, export)
        .filter(inside)
        .select("line", "cell", ROW, COLUMN, "persons")
        .iter_rows()
    ]


def _leaves_of_row(layout: Layout, code: str) -> Iterable[str]:
    row = layout.row[code]
    if row.counted:
        return [code]
    return [leaf for part in row.parts for leaf in _leaves_of_row(layout, part)]


def _leaves_of_column(layout: Layout, code: str) -> Iterable[str]:
    column = layout.column[code]
    if not column.parts:
        return [code]
    return [leaf for part in column.parts[0] for leaf in _leaves_of_column(layout, part)]
