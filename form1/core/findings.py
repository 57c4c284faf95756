"""Findings: what is wrong (or worth knowing) about the data, where, and the numbers that show it.

A finding carries no sentence: it names a message of `reference/messages.toml` or a rule of `reference/rules.toml`
and the facts that fill it, so that the same finding can be said in every language (see `definition.messages`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from form1.core.texts import Text


class Severity(StrEnum):
    """How much a finding weighs; only errors stop a submission."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"


class Verdict(StrEnum):
    """What the findings amount to."""

    ACCEPTED = "accepted"
    ACCEPTED_WITH_WARNINGS = "accepted_with_warnings"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding stands: in a table of the form, in a file, or both. Empty parts are unknown."""

    table: str = ""
    row: str = ""
    column: str = ""
    file: str = ""
    sheet: str = ""
    line: int = 0
    """Line of a text file or row of a sheet, counted from 1; 0 when not known."""
    cell: str = ""
    """Column letter in a sheet, or the header of the column in a text file."""


@dataclass(frozen=True, slots=True)
class Part:
    """One addend of a sum that a finding explains."""

    value: int
    row: str
    column: str


Fact = int | float | str | Text | Place | tuple[Part, ...] | tuple[str, ...]
"""A Place among the facts is another cell that the finding speaks of."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong or worth knowing."""

    message: str
    """Identifier in reference/messages.toml."""
    severity: Severity
    level: int
    """ESS validation level: 0 file, 1 within the form, 2 over time, 3 between sources."""
    place: Place = Place()
    facts: Mapping[str, Fact] = field(default_factory=dict)
    rule: str = ""
    """Identifier of the rule that failed, when a rule did."""
    unreadable: bool = False
    """True when a source could not be read at all: the run cannot go on, whatever the rules say."""
    accepted: str = ""
    """Why a warning is known and accepted (accepted.toml); empty when it is open."""


def verdict(findings: Iterable[Finding]) -> Verdict:
    """Return what the findings amount to; a warning that was accepted no longer weighs."""
    severities = {finding.severity for finding in findings if not finding.accepted}
    if Severity.ERROR in severities:
        return Verdict.REJECTED
    return Verdict.ACCEPTED_WITH_WARNINGS if Severity.WARNING in severities else Verdict.ACCEPTED


def sort_key(finding: Finding) -> tuple[object, ...]:
    """Return the key that puts findings in reading order: weight, table, file, line."""
    weight = [Severity.ERROR, Severity.WARNING, Severity.INFORMATION].index(finding.severity)
    place = finding.place
    # Within a table the findings keep the order in which the rules and the rows of the table stand.
    return (weight, place.table, place.file, place.sheet, place.line, finding.level)
