"""What a run has made before it is drawn: the values that assembling, judging, rendering and delivering hand on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from form1.core.cells import Address, Cell, CellMap
from form1.core.findings import Finding, Severity, Verdict
from form1.core.periods import Period
from form1.core.texts import Language, Text
from form1.definition.form import Form
from form1.definition.layout import Layout
from form1.definition.marks import Marks, marks
from form1.definition.rulebook import Kind
from form1.model.figures import Figure


class RuleOutcome(StrEnum):
    """The three values in which a rule can end."""

    PASS = "pass"
    FAIL = "fail"
    NOT_EVALUATED = "not_evaluated"


@dataclass(frozen=True, slots=True)
class RuleResult:
    """How a rule ended: how many comparisons it made, how many failed, and what blocked it."""

    rule: str
    kind: Kind
    says: Text
    severity: Severity
    level: int
    outcome: RuleOutcome
    tested: int = 0
    failed: int = 0
    blocked_by: Text | None = None


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file that the run has read: its name inside the exports folder, size in bytes, sha256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that differs from the edition before; None where the cell did not exist."""

    address: Address
    was: Cell | None
    now: Cell | None


class Why(StrEnum):
    """What a revision can be made from that the one before was not made from."""

    FILE_CHANGED = "file_changed"
    FILE_ADDED = "file_added"
    FILE_REMOVED = "file_removed"
    DEFINITION = "definition"
    TEMPLATES = "templates"
    PROGRAM = "program"
    LANGUAGE = "language"
    SIGNATORIES = "signatories"
    HISTORY = "history"


@dataclass(frozen=True, slots=True)
class Because:
    """One difference in what a revision was made from; `name` is the file's, or the period of the history's."""

    what: Why
    name: str = ""


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision of a period: why it was made, and in how many cells it differs from the one before."""

    number: int
    reason: str = ""
    """What the sender wrote about it, on one line, control characters escaped; empty when nothing was given."""
    because: tuple[Because, ...] = ()
    changed: int | None = 0
    """None when it is not known, because this revision or the one before was lost."""
    is_lost: bool = False
    """True when its folder is missing or was changed after it was published: none of its numbers is used."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A cell that is not the same in all revisions."""

    address: Address
    cells: Mapping[int, Cell | None]
    """By revision, in order, for those that are not lost; None where the form had no such cell."""

    @property
    def since(self) -> tuple[int, int]:
        """The revisions between which the last number came to stand: twice the same when none of them was lost.

        >>> Moved(("T10", "T", "M"), {1: Cell(5), 2: Cell(7), 3: Cell(7)}).since
        (2, 2)
        >>> Moved(("T10", "T", "M"), {1: Cell(5), 4: Cell(7)}).since
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


@dataclass(frozen=True)
class FilledBlank:
    """A blank of the authority, filled: its bytes, and where the cells of the form stand in it."""

    content: bytes = field(repr=False)
    places: Mapping[tuple[str, str], Address] = field(default_factory=dict, repr=False)
    """By sheet and cell (`D8`); a cell without a place is missing."""


@dataclass(frozen=True)
class Submission:
    """One edition of the form, ready to be drawn."""

    form: Form
    period: Period
    revision: int
    language: Language
    cells: CellMap
    layouts: Mapping[str, Layout]
    """By table id, in the order of the form."""
    findings: tuple[Finding, ...]
    results: tuple[RuleResult, ...]
    verdict: Verdict
    signatories: Mapping[str, str]
    """What form1.toml gives for the signature fields, by key; empty strings leave the line to the pen."""
    inputs: tuple[InputFile, ...] = ()
    changes: tuple[Change, ...] = ()
    """Against the revision before."""
    revisions: tuple[Revision, ...] = ()
    """The first to this one, oldest first; empty in a first revision."""
    moved: tuple[Moved, ...] = ()
    """The cells that are not the same in all revisions, in the order of the form."""
    blanks: Mapping[str, FilledBlank] = field(default_factory=dict, repr=False)
    """The authority's own blanks, filled, by name."""
    summary: tuple[Figure, ...] = ()
    """The figures of the summary, computed when the form was filled."""

    @cached_property
    def marks(self) -> Marks:
        """The numbered notes and where their marks stand."""
        return marks(self.form, self.period, self.layouts)

    @property
    def is_invented(self) -> bool:
        """True when the numbers were counted from records that nobody collected: every page says so."""
        return any(finding.message == "exports_invented" for finding in self.findings)

    @property
    def name(self) -> str:
        """The stem of the edition's files: `form1-2026-Q3-r1`."""
        return f"form1-{self.period}-r{self.revision}"
