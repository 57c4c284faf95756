"""Cells by address, on which everything meets: what `build` fills and what a received form holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from form1.core.values import Status

TOTAL: Final = "T"
"""Code of a total over a dimension."""


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
