"""Where a number comes from: the lines of the exports that were added up to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from form1.definition.layout import Layout, row_code
from form1.definition.records import Table
from form1.model.exports import Counts
from form1.model.forms import InputFile


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


def table_keys(table: Table, export: Counts) -> Iterator[tuple[dict[str, str], int | None, str]]:
    """Give each count of an export as its codes by dimension, its number and its status."""
    dimensions = table.dimensions
    for *codes, persons, status in export.frame.select([*dimensions, "persons", "status"]).iter_rows():
        yield dict(zip(dimensions, codes, strict=True)), persons, status


def trace(layout: Layout, counts: Sequence[Counts], row: str, column: str) -> list[Contribution]:
    """Return the counts that were added up to the cell at `row` and `column`, in the order of the exports."""
    rows = set(_leaves_of_row(layout, row))
    columns = set(_leaves_of_column(layout, column))
    table = layout.table
    found: list[Contribution] = []
    for export in counts:
        places = export.frame.select(["line", "cell"]).iter_rows()
        for (keys, persons, _), (line, cell) in zip(table_keys(table, export), places, strict=True):
            of_row = row_code(table, keys)
            of_column = ".".join(keys[dimension.dimension] for dimension in table.columns)
            if of_row in rows and of_column in columns:
                found.append(Contribution(export.input, export.sheet, line, cell, of_row, of_column, persons))
    return found


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
