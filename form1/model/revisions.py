"""The revisions of a period: why each was made, and which cells changed from one to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from form1.core.cells import Address, Cell


@dataclass(frozen=True, slots=True)
class ChangedCell:
    """One cell that differs from the edition before; None where the cell did not exist."""

    address: Address
    was: Cell | None
    now: Cell | None


class DifferenceKind(StrEnum):
    """What a revision can be made from that the one before was not made from."""

    FILE_CHANGED = "file_changed"
    FILE_ADDED = "file_added"
    FILE_REMOVED = "file_removed"
    DEFINITION = "definition"
    OFFICE = "office"
    TEMPLATES = "templates"
    PROGRAM = "program"
    LANGUAGE = "language"
    SIGNATORIES = "signatories"
    HISTORY = "history"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference in what a revision was made from; `name` is the file's, or the period of the history's."""

    kind: DifferenceKind
    name: str = ""


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision of a period: why it was made, and in how many cells it differs from the one before."""

    number: int
    reason: str = ""
    """What the sender wrote about it, on one line, control characters escaped; empty when nothing was given."""
    differences: tuple[Difference, ...] = ()
    """What it was made from that the revision before was not made from."""
    changed: int | None = 0
    """None when it is not known, because this revision or the one before was lost."""
    is_lost: bool = False
    """True when its folder is missing or was changed after it was published: none of its numbers is used."""


@dataclass(frozen=True, slots=True)
class MovedCell:
    """A cell that is not the same in all revisions."""

    address: Address
    cells: Mapping[int, Cell | None]
    """By revision, in order, for those that are not lost; None where the form had no such cell."""

    @property
    def stands_since(self) -> tuple[int, int]:
        """The revisions between which the last number came to stand: twice the same when none of them was lost.

        >>> MovedCell(("T10", "T", "M"), {1: Cell(5), 2: Cell(7), 3: Cell(7)}).stands_since
        (2, 2)
        >>> MovedCell(("T10", "T", "M"), {1: Cell(5), 4: Cell(7)}).stands_since
        (2, 4)
        """
        numbers = list(self.cells)
        stands = numbers[-1]
        for number in reversed(numbers):
            if content(self.cells[number]) != content(self.cells[numbers[-1]]):
                return number + 1, stands
            stands = number
        return numbers[0], stands

    def difference(self, number: int, before: int) -> int | None:
        """Return by how much the cell of a revision exceeds that of another; None where either has no number."""
        now, was = self.cells.get(number), self.cells.get(before)
        if now is None or was is None or now.value is None or was.value is None:
            return None
        return now.value - was.value


def content(cell: Cell | None) -> tuple[object, ...] | None:
    """Return what makes two cells the same: number and status, however they came about."""
    return (cell.value, cell.status) if cell is not None else None
