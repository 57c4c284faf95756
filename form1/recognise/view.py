"""One sheet as people see it: texts brought to the form in which labels are compared, merged cells taken as one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from form1.definition.spelling import Folding, tidy
from form1.xlsx.read.formulas import number_of
from form1.xlsx.read.raw import RawCell, RawSheet

_MOST_COVERED: Final = 200_000
"""Cells under merged areas that are looked up; a sheet full of merges costs no time."""
_LONGEST: Final = 400
"""Letters of a label; the longest title of a table has half as many."""
_DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))


@dataclass
class Words:
    """Folds labels, each once: `of` gives the forms in which a label is compared."""

    folding: Folding
    marks: tuple[str, ...] = ()
    """How the mark of a numbered note is written, `[{number}]`: behind a label it says nothing about the label."""
    _known: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, label: str) -> tuple[str, ...]:
        """Return the forms of a label, its dashes made alike; none of an empty or endless one."""
        if label not in self._known:
            compared = len(label) <= _LONGEST and tidy(label)
            keys = self.folding.keys(self._unmarked(label).translate(_DASHES)) if compared else ()
            self._known[label] = keys
        return self._known[label]

    @cached_property
    def _mark(self) -> re.Pattern[str] | None:
        written = {re.escape(mark).replace(re.escape("{number}"), "[0-9]{1,3}") for mark in self.marks}
        return re.compile(rf"(?<=\S)(?:\s*(?:{'|'.join(sorted(written))}))+\s*$") if written else None

    def _unmarked(self, label: str) -> str:
        return self._mark.sub("", label) if self._mark else label

    def same(self, one: str, other: str) -> bool:
        """True when two labels are the same word."""
        return bool(set(self.of(one)) & set(self.of(other)))


@dataclass
class View:
    """A sheet with its rows in order."""

    sheet: RawSheet
    words: Words

    @cached_property
    def rows(self) -> Mapping[int, list[int]]:
        """The columns that hold something, by row, both in order."""
        found: dict[int, list[int]] = {}
        for row, column in sorted(self.sheet.cells):
            found.setdefault(row, []).append(column)
        return found

    @cached_property
    def covered(self) -> Mapping[tuple[int, int], tuple[int, int]]:
        """The first cell of the merged area, for every cell under one."""
        bottom, right = (max(at) for at in zip((0, 0), *self.sheet.cells, strict=True))
        found: dict[tuple[int, int], tuple[int, int]] = {}
        for top, left, last_row, last_column in self.sheet.merges:
            for row in range(top, min(last_row, bottom) + 1):
                for column in range(left, min(last_column, right) + 1):
                    if len(found) >= _MOST_COVERED:
                        return found
                    found[row, column] = (top, left)
        return found

    def cell(self, row: int, column: int) -> RawCell | None:
        """Return what a cell itself holds."""
        return self.sheet.cells.get((row, column))

    def text(self, row: int, column: int) -> str:
        """Return the text or number of a cell as a label; empty when it holds none."""
        cell = self.sheet.cells.get((row, column))
        if cell is None or cell.kind not in {"t", "n"}:
            return ""
        return cell.text if cell.kind == "t" else digits(cell)

    def shown(self, row: int, column: int) -> str:
        """Return the text that people see in a cell: under a merged area that of its first cell."""
        return self.text(*self.covered.get((row, column), (row, column)))

    def texts(self, first_row: int, last_row: int) -> Iterator[tuple[int, int, str]]:
        """Give the texts of some rows with their row and column, from the top."""
        for row, columns in self.rows.items():
            if first_row <= row <= last_row:
                for column in columns:
                    cell = self.sheet.cells[row, column]
                    if cell.kind == "t":
                        yield row, column, cell.text


def digits(cell: RawCell) -> str:
    """Return a stored number as a person would write it: `1.0` and `1` are both `1`."""
    number = number_of(cell.text)
    if number is None:
        return cell.text
    return str(int(number)) if number == int(number) else str(number)
