"""The form at each step of its life: filled, judged, and then either an edition of ours or a form that was received.

FilledForm ⊂ Judged ⊂ Edition | Received: each value has what the one before it has, and more. What draws tables takes a
FilledForm, what writes data files a Judged, what draws an edition an Edition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import cached_property
from typing import Any

from form1.core.cells import Address, CellMap, SheetCell
from form1.core.findings import Finding, Severity, Verdict
from form1.core.periods import Period
from form1.core.texts import Language, Text
from form1.definition.form import Form
from form1.definition.layout import Layout
from form1.definition.marks import Marks, marks
from form1.definition.records import Correction
from form1.definition.rulebook import Kind
from form1.model.causes import Causes, CausesStatus, Progress
from form1.model.figures import Figure
from form1.model.revisions import ChangedCell, MovedCell, Revision


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


@dataclass(frozen=True)
class FilledBlank:
    """A blank of the authority, filled: its bytes, and where the cells of the form stand in it."""

    content: bytes = field(repr=False)
    places: Mapping[SheetCell, Address] = field(default_factory=dict, repr=False)
    """By sheet and cell (`D8`); a cell without a place is missing."""


@dataclass(frozen=True, kw_only=True)
class FilledForm:
    """The cells of a form and what is needed to print them as its tables."""

    form: Form
    period: Period
    language: Language
    cells: CellMap
    layouts: Mapping[str, Layout]
    """By table id, in the order of the form."""
    signatories: Mapping[str, str] = field(default_factory=dict)
    """What form1.toml gives for the signature fields, by key; empty strings leave the line to the pen."""
    summary: tuple[Figure, ...] = ()
    """The figures of the summary, computed when the form was filled."""
    corrections: tuple[Correction, ...] = ()
    """The known errors of a source that were corrected in the cells."""
    is_invented: bool = False
    """True when the numbers were counted from records that nobody collected: every page says so."""

    @cached_property
    def marks(self) -> Marks:
        """The numbered notes and where their marks stand."""
        return marks(self.form, self.period, self.layouts)


@dataclass(frozen=True, kw_only=True)
class Judged(FilledForm):
    """A filled form with the outcome of every rule, all findings and the verdict."""

    inputs: tuple[InputFile, ...] = ()
    """The files that its numbers were read from."""
    findings: tuple[Finding, ...]
    results: tuple[RuleResult, ...]
    verdict: Verdict
    at: Mapping[Address, SheetCell] = field(default_factory=dict)
    """Sheet and cell of the sender's workbook by the address in the form; empty for a form filled from exports."""

    @property
    def designation(self) -> str:
        """What tells this form from others of its period."""
        return "not published"


@dataclass(frozen=True, slots=True)
class Rendered:
    """The edition that a translation was drawn from."""

    name: str
    """As it is named everywhere: `2026-Q3/r2`."""
    language: Language
    manifest_sha256: str
    same_definition: bool
    """False when labels and notes are those of another state of reference/ than the edition's."""


@dataclass(frozen=True, kw_only=True)
class Edition(Judged):
    """A judged form as one revision of its period, ready to be drawn."""

    revision: int
    changes: tuple[ChangedCell, ...] = ()
    """Against the revision before."""
    revisions: tuple[Revision, ...] = ()
    """The first to this one, oldest first; empty in a first revision."""
    moved: tuple[MovedCell, ...] = ()
    """The cells that are not the same in all revisions, in the order of the form."""
    blanks: Mapping[str, FilledBlank] = field(default_factory=dict, repr=False)
    """The authority's own blanks, filled, by name."""
    is_draft: bool = False
    """True for what is looked at before anything is published: every page says so."""
    renders: Rendered | None = None
    """The edition of which this is a translation; None for the edition itself."""

    @classmethod
    def of(cls, judged: Judged, **more: Any) -> Edition:
        """Return a judged form as an edition; `more` are the values that an edition has beside it."""
        return cls(**{each.name: getattr(judged, each.name) for each in fields(Judged)} | more)

    @property
    def judged(self) -> Judged:
        """The form alone, without what an edition has beside it."""
        return Judged(**{each.name: getattr(self, each.name) for each in fields(Judged)})

    @property
    def designation(self) -> str:
        """What tells this form from others of its period."""
        return f"draft of revision {self.revision}" if self.is_draft else f"revision {self.revision}"

    @property
    def name(self) -> str:
        """The stem of the edition's files: `form1-2026-Q3-r1`, `form1-2026-Q3-draft`, `form1-2026-Q3-r1-en`."""
        if self.is_draft:
            return f"form1-{self.period}-draft"
        return f"form1-{self.period}-r{self.revision}" + (f"-{self.language}" if self.renders else "")


@dataclass(frozen=True, kw_only=True)
class Received(Judged):
    """A form that somebody sent, judged; `inputs` holds its workbook alone."""

    causes: Causes = field(default_factory=lambda: Causes(CausesStatus.NOTHING_TO_DO))
    cause_of: Mapping[int, int] = field(default_factory=dict)
    """Position of a cause by the position of a finding that it explains."""
    progress: Progress | None = None
    content: bytes = field(default=b"", repr=False)
    """The sender's workbook as it was judged."""

    @property
    def file(self) -> InputFile:
        """The sender's workbook."""
        return self.inputs[0]

    @property
    def designation(self) -> str:
        """What tells this form from others of its period."""
        return f"received sha256 {self.file.sha256}"
