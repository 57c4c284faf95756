"""What stands in a workbook, before anybody asks what it means: sheets and their non-empty cells as text.

Rows and columns count from 1. The child process writes it as JSON (`encode`), the parent reads it back (`decode`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

Area = tuple[int, int, int, int]
"""First row, first column, last row, last column."""


class Mark(StrEnum):
    """How a piece of a text stands apart from the rest: it says something else, or nothing any more."""

    RAISED = "raised"
    LOWERED = "lowered"
    STRUCK = "struck"


class RawText(NamedTuple):
    """A text, and what is left of it without its pieces that are raised, lowered or struck out."""

    text: str
    unmarked: str | None = None
    """None for a text without such a piece."""
    mark: str = ""
    """The `Mark` of such a piece, the gravest where there are several."""


class Disguise(NamedTuple):
    """An area that does not show what is stored: `how` is "format", "colour" or "shape"."""

    how: str
    area: Area


class RawCell(NamedTuple):
    """One cell. `kind` is "n" number, "t" text, "b" truth value, "e" error, "d" date; `text` is what is stored."""

    kind: str
    text: str
    format: str = "General"
    """The number format, as the styles of the workbook write it."""
    formula: str = ""
    shared_from: tuple[int, int] | None = None
    """Row and column of the cell for which a shared formula is written; its references move along with the cell."""
    unmarked: str | None = None
    """Its text without what is raised, lowered or struck out, empty when that is all of it; None when nothing is."""
    mark: str = ""
    """The `Mark` that something in the cell bears."""


@dataclass(frozen=True)
class RawSheet:
    """One sheet: `cells` by row and column, merged areas, what is hidden."""

    name: str
    part: str
    """Name of the part of the package that holds it."""
    state: str
    """visible, hidden or veryHidden."""
    cells: dict[tuple[int, int], RawCell]
    merges: tuple[Area, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    disguised: tuple[Disguise, ...] = ()
    """Where people see other numbers than are stored, or none."""

    @property
    def is_hidden(self) -> bool:
        """True when people do not see the sheet."""
        return self.state != "visible"


@dataclass(frozen=True)
class RawBook:
    """One workbook: its sheets in order, and whether it draws on connections outside itself."""

    sheets: tuple[RawSheet, ...]
    strict: bool = False
    connections: bool = False
    uncalculated: bool = False
    """True when its writer asks that all formulas are calculated when it is opened: stored values may be stand-ins."""


def encode(book: RawBook, strings: dict[str, int], formats: dict[str, int]) -> dict[str, Any]:
    """Return the workbook for JSON; texts and formats stand once, cells point at them by number."""
    sheets = []
    for sheet in book.sheets:
        cells: list[Any] = []
        formulas: list[Any] = []
        marked: list[Any] = []
        for (row, column), cell in sheet.cells.items():
            text: Any = strings.setdefault(cell.text, len(strings)) if cell.kind == "t" else cell.text
            cells += (row, column, cell.kind, text, formats.setdefault(cell.format, len(formats)))
            if cell.formula:
                formulas.append((row, column, cell.formula, cell.shared_from))
            if cell.mark:
                marked.append((row, column, cell.unmarked, cell.mark))
        sheets.append(
            {
                "name": sheet.name,
                "part": sheet.part,
                "state": sheet.state,
                "cells": cells,
                "formulas": formulas,
                "marked": marked,
                "merges": sheet.merges,
                "hidden_rows": sorted(sheet.hidden_rows),
                "hidden_columns": sorted(sheet.hidden_columns),
                "disguised": sheet.disguised,
            }
        )
    return {
        "sheets": sheets,
        "strings": list(strings),
        "formats": list(formats),
        "strict": book.strict,
        "connections": book.connections,
        "uncalculated": book.uncalculated,
    }


def decode(content: dict[str, Any]) -> RawBook:
    """Return the workbook that `encode` wrote."""
    strings, formats = content["strings"], content["formats"]
    sheets = []
    for entry in content["sheets"]:
        flat = iter(entry["cells"])
        cells = {
            (row, column): RawCell(kind, strings[text] if kind == "t" else text, formats[format])
            for row, column, kind, text, format in zip(flat, flat, flat, flat, flat, strict=True)
        }
        for row, column, formula, shared in entry["formulas"]:
            cells[row, column] = cells[row, column]._replace(
                formula=formula, shared_from=tuple(shared) if shared else None
            )
        for row, column, unmarked, mark in entry["marked"]:
            cells[row, column] = cells[row, column]._replace(unmarked=unmarked, mark=mark)
        sheets.append(
            RawSheet(
                entry["name"],
                entry["part"],
                entry["state"],
                cells,
                tuple(tuple(area) for area in entry["merges"]),
                frozenset(entry["hidden_rows"]),
                frozenset(entry["hidden_columns"]),
                tuple(Disguise(how, tuple(area)) for how, area in entry["disguised"]),
            )
        )
    return RawBook(tuple(sheets), content["strict"], content["connections"], content["uncalculated"])


def column_letters(column: int) -> str:
    """Return the letters of a column, counted from 1.

    >>> [column_letters(column) for column in (1, 26, 27, 702, 703)]
    ['A', 'Z', 'AA', 'ZZ', 'AAA']
    """
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def cell_name(row: int, column: int) -> str:
    """Return the name of a cell: `D17`."""
    return f"{column_letters(column)}{row}"


def row_and_column(name: str) -> tuple[int, int]:
    """Return row and column of a cell by its name, both counted from 1.

    >>> row_and_column("D17"), row_and_column("AA1")
    ((17, 4), (1, 27))
    """
    letters = name.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(name[len(letters) :]), column
