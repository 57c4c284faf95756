"""The account of a grid: every cell that is not empty has one role, and what has none is a finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class CellRole(StrEnum):
    """What a cell was taken for; NONE is a finding."""

    TITLE = "title"
    UNIT = "unit"
    PERIOD = "period"
    HEAD = "head"
    COLUMN_NUMBER = "column_number"
    LABEL = "label"
    COUNT = "count"
    TOTAL = "total"
    NOTE = "note"
    NOT_USED = "not_used"
    NONE = "none"


@dataclass(frozen=True)
class ColumnAccount:
    """One column of a table: how people find it, what stands above it, and what it was taken for."""

    place: str
    header: str
    role: CellRole
    meaning: tuple[str, ...] = ()
    """Identifier of a dimension, or the labels of a column of counts."""


@dataclass
class GridAccount:
    """What was taken for what in one grid."""

    table: str
    file: str
    sheet: str
    head_lines: tuple[int, ...] = ()
    columns: tuple[ColumnAccount, ...] = ()
    lines: int = 0
    """Lines of the table, totals among them."""
    cells: Counter[CellRole] = field(default_factory=Counter)
    texts: dict[CellRole, list[tuple[int, str]]] = field(default_factory=dict)
    """Titles, units, periods and notes by their lines."""

    def take(self, role: CellRole, line: int, text: str) -> None:
        """Give a cell outside the columns of the table its role."""
        self.cells[role] += 1
        self.texts.setdefault(role, []).append((line, text.strip()))

    @property
    def is_complete(self) -> bool:
        """True when every cell has a role."""
        return not self.cells[CellRole.NONE]

    def plain(self) -> Mapping[str, object]:
        """Return the account for machines."""
        return {
            "table": self.table,
            "file": self.file,
            "sheet": self.sheet,
            "head_lines": list(self.head_lines),
            "columns": [
                {"place": c.place, "header": c.header, "role": str(c.role), "meaning": list(c.meaning)}
                for c in self.columns
            ],
            "lines": self.lines,
            "cells": {str(role): self.cells[role] for role in CellRole if self.cells[role]},
            "texts": {
                str(role): [{"line": line, "text": text} for line, text in said] for role, said in self.texts.items()
            },
        }
