"""What a run has made before it is drawn: the values that assembling, judging, rendering and delivering hand on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from form1.cells import Address, Cell, CellMap
from form1.definition.form import Form
from form1.definition.layout import Layout
from form1.definition.rulebook import Kind
from form1.findings import Finding, Severity, Verdict
from form1.periods import Period
from form1.texts import Language, Text


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

    @property
    def name(self) -> str:
        """The stem of the edition's files: `form1-2026-Q3-r1`."""
        return f"form1-{self.period}-r{self.revision}"
