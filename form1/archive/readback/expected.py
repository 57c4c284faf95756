"""What the printed tables of an edition must show, from its cells and from what its manifest says of its tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from form1.core.cells import CellMap
from form1.core.values import show


@dataclass(frozen=True)
class Described:
    """A table as the manifest describes it."""

    id: str
    sheet: str
    lines: tuple[str, ...]
    """The line code of each row, in order."""
    panels: tuple[int, ...]
    """How many columns stand beside each other in each part of a wide table."""
    tidy: str = ""
    """The tidy sheet beside the official one; empty where an edition has none."""


@dataclass(frozen=True)
class Expected:
    """The numbers of a table, row by row by column; None where there is none; and how each is shown."""

    table: Described
    values: tuple[tuple[int | None, ...], ...]
    shown: tuple[tuple[str, ...], ...]

    def printed(self) -> Sequence[str]:
        """Return what stands beside each other in print: the line code and the numbers, panel by panel, row by row."""
        ends = list(accumulate(self.table.panels))
        parts = list(zip([0, *ends[:-1]], ends, strict=True))
        return [
            " ".join([line, *row[start:end]])
            for start, end in parts
            for line, row in zip(self.table.lines, self.shown, strict=True)
        ]


def described(manifest: Mapping[str, Any]) -> tuple[list[Described], dict[str, str]]:
    """Return the tables and the signs of absence that a manifest describes; both empty for one of version 0.1.

    ValueError when the description is none.
    """
    try:
        tables = [_table(told) for told in manifest.get("tables", [])]
        return tables, {str(key): str(sign) for key, sign in manifest.get("signs", {}).items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"the manifest does not describe its tables: {error}") from None


def _table(told: Mapping[str, Any]) -> Described:
    lines, panels = tuple(map(str, told["lines"])), tuple(map(int, told["panels"]))
    return Described(str(told["id"]), str(told["sheet"]), lines, panels, str(told.get("tidy", "")))


def expected(tables: Sequence[Described], signs: Mapping[str, str], cells: CellMap) -> list[Expected]:
    """Return what each table must show; ValueError when the cells do not fill the tables that are described."""
    found = []
    for table in tables:
        own = [cell for address, cell in cells.items() if address[0] == table.id]
        width = sum(table.panels)
        if len(own) != width * len(table.lines):
            raise ValueError(f"{table.id} has {len(own)} cells, its manifest describes {width * len(table.lines)}")
        if lacking := {str(cell.status) for cell in own if cell.value is None} - signs.keys():
            raise ValueError(f"the manifest gives no sign for {', '.join(sorted(lacking))}")
        rows = [own[start : start + width] for start in range(0, len(own), width or 1)]
        found.append(
            Expected(
                table,
                tuple(tuple(cell.value for cell in row) for row in rows),
                tuple(tuple(show(cell.value, cell.status, signs) for cell in row) for row in rows),
            )
        )
    return found
