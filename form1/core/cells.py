"""Cells: the one frame on which everything meets, and its address arithmetic.

A frame of cells has one line per cell of the form: `table, row, column, value, status, origin`. `value` is a whole
number or null; null always has a `status` other than "number". `origin` says how the number came about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from form1.core.values import Status

if TYPE_CHECKING:
    import polars as pl

TOTAL: Final = "T"
"""Code of a total over a dimension."""

COLUMNS: Final = ("table", "row", "column", "value", "status", "origin")


class Origin(StrEnum):
    """How the number of a cell came about."""

    EXPORT = "export"
    """Counts of the source added up, or the zero of a source that says it is complete."""
    SUM = "sum"
    """Computed from other cells of the same table."""
    CORRECTION = "correction"
    """Replaced by a recorded correction."""
    RECEIVED = "received"
    """Read from a received form."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: `value` is None exactly when `status` is not NUMBER."""

    value: int | None
    status: Status = Status.NUMBER
    origin: Origin = Origin.EXPORT


class Address(NamedTuple):
    """Which cell of the form: table, row code, column code."""

    table: str
    row: str
    column: str


class SheetCell(NamedTuple):
    """A cell of a workbook: title of the sheet, and the cell as `D17`."""

    sheet: str
    cell: str


CellMap = Mapping[Address, Cell]


def gap(status: Status, origin: Origin = Origin.EXPORT) -> Cell:
    """Return a cell without a number and the reason for it."""
    return Cell(None, status, origin)


def total(parts: Iterable[Cell]) -> Cell:
    """Return the sum of `parts`; a sum with a gap in it is a gap, with the status of the first gap."""
    value = 0
    for part in parts:
        if part.value is None:
            return gap(part.status, Origin.SUM)
        value += part.value
    return Cell(value, Status.NUMBER, Origin.SUM)


def column_code(codes: Iterable[str]) -> str:
    """Return the code of a column from the codes of its dimensions: `20-24.M`, `T.F`, `T`."""
    return ".".join(codes)


def to_frame(cells: CellMap) -> pl.DataFrame:
    """Return the cells as a frame in the order given."""
    import polars as pl

    return pl.DataFrame(
        [(*address, cell.value, str(cell.status), str(cell.origin)) for address, cell in cells.items()],
        schema={
            "table": pl.String,
            "row": pl.String,
            "column": pl.String,
            "value": pl.Int64,
            "status": pl.String,
            "origin": pl.String,
        },
        orient="row",
    )


def from_frame(frame: pl.DataFrame) -> dict[Address, Cell]:
    """Return the cells of a frame by address, in the frame's order."""
    return {
        Address(table, row, column): Cell(value, Status(status), Origin(origin))
        for table, row, column, value, status, origin in frame.select(COLUMNS).iter_rows()
    }
