"""What judging a received form has made: the values that receiving, judging, rendering and delivering hand on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from form1.core.cells import Address, CellMap
from form1.core.findings import Finding, Verdict
from form1.core.periods import Period
from form1.core.texts import Language
from form1.definition.form import Form
from form1.definition.layout import Layout
from form1.model.submission import InputFile, RuleResult


class CausesStatus(StrEnum):
    """How the search for causes ended."""

    SOLVED = "causes_solved"
    TIME_LIMIT = "causes_time_limit"
    NOT_AVAILABLE = "causes_not_available"
    NOTHING_TO_DO = "causes_nothing_to_do"


@dataclass(frozen=True, slots=True)
class Amendment:
    """One cell that a cause would change: what it holds, and what it would have to hold."""

    address: Address
    value: int
    would_be: int


@dataclass(frozen=True)
class Cause:
    """The fewest cells whose change mends a set of findings; it is a proposal, nothing is changed.

    `kind` is a word of words.toml (a digit transposed, a total not updated …), `alternatives` are other changes of the
    same weight, `mends` the failed comparisons by the address of their total or left cell. `more` is the number of
    other changes of the same weight that are not listed: -1 when there are some and nobody has counted them.
    """

    kind: str
    amendments: tuple[Amendment, ...]
    weight: float
    alternatives: tuple[tuple[Amendment, ...], ...] = ()
    mends: tuple[Address, ...] = ()
    more: int = 0


@dataclass(frozen=True)
class Causes:
    """The causes found, the gravest first, and how the search ended."""

    status: CausesStatus
    causes: tuple[Cause, ...] = ()


@dataclass(frozen=True)
class Progress:
    """A form compared with the one sent before: what was mended, what is new, what is still open."""

    fixed: tuple[str, ...] = ()
    """Sentences of the earlier check, which no longer hold."""
    new: frozenset[int] = frozenset()
    """Positions in the findings of this check."""
    still_open: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Judgement:
    """One received form, judged."""

    form: Form
    language: Language
    file: InputFile
    period: Period
    cells: CellMap
    layouts: Mapping[str, Layout]
    at: Mapping[Address, tuple[str, str]]
    """Sheet and cell of the sender's workbook by the address in the form."""
    findings: tuple[Finding, ...]
    results: tuple[RuleResult, ...]
    verdict: Verdict
    causes: Causes = field(default_factory=lambda: Causes(CausesStatus.NOTHING_TO_DO))
    cause_of: Mapping[int, int] = field(default_factory=dict)
    """Position of a cause by the position of a finding that it explains."""
    progress: Progress | None = None
    content: bytes = field(default=b"", repr=False)
    """The sender's workbook as it was judged."""
