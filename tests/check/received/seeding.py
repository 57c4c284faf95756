"""Errors put into a sound workbook, by kind: what was touched, and who may be expected to see it."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from form1.core.cells import Address
from form1.definition.layout import Layout, Row
from tests.check.received.generated import Sent
from tests.check.received.workbook import Book, Place, Sheet, place


class By(StrEnum):
    """Who may be expected to see an error."""

    ARITHMETIC = "arithmetic"
    FORM = "form"
    PLAUSIBILITY = "plausibility"
    HARMLESS = "harmless"
    NOBODY = "nobody"


Touched = frozenset[tuple[str, ...]]
"""Cells of the form (table, row, column; a row alone has no column) or of the workbook (sheet, cell)."""
Right = list[Touched]
"""What has to be named: all of one of these; no entry where there is nothing to name."""

COUNTRIES = ("T01", "T02", "T06", "T07")
"""Tables with open rows."""
LINKED = ("T02", "T03", "T04", "T05", "T06", "T08", "T09")
"""Tables that share a margin with another."""
ALONE = ("T01", "T07", "T10")
ALL = tuple(sorted({*LINKED, *ALONE}))


@dataclass
class Spot:
    """One table of one sound workbook, about to be spoiled."""

    chance: random.Random
    sent: Sent
    at: Mapping[Address, tuple[str, str]]
    table: str
    book: Book

    @cached_property
    def layout(self) -> Layout:
        """The table as it stands in the workbook."""
        return self.sent.now.layouts[self.table]

    @cached_property
    def values(self) -> dict[Address, int]:
        """Every number of the form."""
        return {at: cell.value for at, cell in self.sent.now.cells.items() if cell.value is not None}

    @cached_property
    def before(self) -> dict[Address, int]:
        """Every number of the period before."""
        cells = self.sent.earlier[self.sent.period.previous].cells
        return {at: cell.value for at, cell in cells.items() if cell.value is not None}

    @cached_property
    def year_before(self) -> dict[Address, int]:
        """Every number of the same period of the year before."""
        cells = self.sent.earlier[self.sent.period.year_before].cells
        return {at: cell.value for at, cell in cells.items() if cell.value is not None}

    @property
    def sheet(self) -> Sheet:
        """The sheet of the table."""
        return self.book.sheet(self.sheet_name)

    @property
    def sheet_name(self) -> str:
        """The name of that sheet."""
        return str(self.layout.table.number)

    @cached_property
    def cells(self) -> list[Address]:
        """The cells of the table."""
        return [at for at in self.values if at[0] == self.table]

    @cached_property
    def detail(self) -> list[Address]:
        """The cells that are no sum."""
        return [at for at in self.cells if self.layout.row[at[1]].counted and not self.layout.column[at[2]].parts]

    @cached_property
    def counted(self) -> list[Row]:
        """The rows that are no sum and hold more than zeros."""
        return [row for row in self.layout.rows if row.counted and self.values[self.table, row.code, self.first] > 0]

    @property
    def first(self) -> str:
        """The code of the first column: the total of a row."""
        return self.layout.columns[0].code

    def row(self, code: str) -> list[Address]:
        """The cells of a row."""
        return [(self.table, code, column.code) for column in self.layout.columns]

    def place(self, address: Address) -> Place:
        """Where a cell stands in its sheet."""
        return place(self.at[address][1])

    def line(self, row: str) -> int:
        """The row of the sheet in which a row of the form stands."""
        return self.place((self.table, row, self.first))[0]

    @property
    def stub(self) -> int:
        """The last column of the sheet before the counts: that of the line codes."""
        return self.place((self.table, self.layout.rows[0].code, self.first))[1] - 1

    def one_of(self, addresses: Collection[Address], wanted: Callable[[int], bool] = bool) -> Address | None:
        """One of the cells whose number is as wanted."""
        fit = [at for at in addresses if wanted(self.values[at])]
        return self.chance.choice(fit) if fit else None

    def put(self, new: Mapping[Address, int]) -> Right:
        """Write numbers; what is named has to be every one that changed."""
        changed = {at: value for at, value in new.items() if value != self.values[at]}
        for at, value in changed.items():
            self.book.sheet(self.at[at][0]).number(self.place(at), value)
        return [frozenset(changed)] if changed else []

    def summed(self, detail: Mapping[tuple[str, str], int]) -> dict[Address, int]:
        """The whole table over its counts of detail, with every sum."""
        known = {(self.table, *at): count for at, count in detail.items()}
        columns = sorted(self.layout.columns, key=lambda column: len(column.parts))
        for row in reversed(self.layout.rows):
            for column in columns:
                at = (self.table, row.code, column.code)
                if row.counted and column.parts:
                    known[at] = sum(known[self.table, row.code, part] for part in column.parts[0])
                elif not row.counted:
                    known[at] = sum(known[self.table, part, column.code] for part in row.parts)
        return known

    def all_detail(self) -> dict[tuple[str, str], int]:
        """The counts of detail by row and column."""
        return {at[1:]: self.values[at] for at in self.detail}


Seed = Callable[[Spot], Right | None]
"""Spoils the workbook of a spot; None when the table has no room for the kind."""


@dataclass(frozen=True)
class Kind:
    """One kind of error (or of harmless change)."""

    name: str
    by: By
    seed: Seed
    tables: tuple[str, ...]


KINDS: list[Kind] = []


def kind(name: str, by: By, tables: tuple[str, ...] = ALL) -> Callable[[Seed], Seed]:
    """Enter a kind into the list; a function may stand for several, in different tables."""

    def enter(seed: Seed) -> Seed:
        KINDS.append(Kind(name, by, seed, tables))
        return seed

    return enter
