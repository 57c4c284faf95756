"""Findings: what is wrong (or worth knowing) about the data, where, and the numbers that show it.

A finding carries no sentence: it names a message of `reference/messages.toml` or a rule of `reference/rules.toml`
and the facts that fill it, so that the same finding can be said in every language (see `definition.wording`).
`Finding.of` makes one: severity, level and the names of the facts stand in messages.toml beside the sentence. A finding
of a rule has the severity and the level of its rule: `Finding.by_rule`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Final

from form1.core.cells import Address
from form1.core.errors import DefinitionError
from form1.core.folders import data_folder
from form1.core.texts import Text

_FILE: Final = "messages.toml"


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

    @property
    def address(self) -> Address:
        """The cell of the form; parts of it may be empty."""
        return Address(self.table, self.row, self.column)


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

    @classmethod
    def of(cls, message: str, place: Place = Place(), /, **facts: Fact) -> Finding:
        """Return the finding that a message of messages.toml declares, at a place, with the facts of its sentence.

        DefinitionError when there is no such message, when only a rule gives it, or when its fields are others.
        """
        declared = _declared(message, facts)
        if declared.severity is None or declared.level is None:
            raise DefinitionError(f"{_FILE}: {message} has no severity or no level of its own: only a rule gives it.")
        return cls(message, declared.severity, declared.level, place, facts, unreadable=declared.unreadable)

    @classmethod
    def by_rule(
        cls, rule: str, severity: Severity, level: int, message: str, place: Place = Place(), /, **facts: Fact
    ) -> Finding:
        """Return the finding of a rule, which has the severity and the level of the rule.

        DefinitionError when there is no such message, when it has a severity of its own, or when its fields are others.
        """
        if _declared(message, facts).severity is not None:
            raise DefinitionError(f"{_FILE}: {message} has a severity of its own: no rule gives it.")
        return cls(message, severity, level, place, facts, rule)


@dataclass(frozen=True, slots=True)
class Declaration:
    """What messages.toml declares of a message beside its sentences."""

    fields: frozenset[str]
    """Names of the facts: no more and no fewer."""
    severity: Severity | None
    level: int | None
    """Both None for a message that only a rule gives."""
    unreadable: bool


@lru_cache(maxsize=1)
def declarations() -> Mapping[str, Declaration]:
    """Return the declaration of every message of the program's own messages.toml, read when it is first asked for."""
    import tomllib  # a call that finds nothing does not pay for it

    path = data_folder("reference") / _FILE
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))["message"]
        return {
            entry["id"]: Declaration(
                frozenset(entry["fields"]),
                Severity(entry["severity"]) if "severity" in entry else None,
                entry.get("level"),
                entry.get("unreadable", False),
            )
            for entry in entries
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DefinitionError(f"{path} cannot be used: {error}.") from None


def _declared(message: str, facts: Mapping[str, Fact]) -> Declaration:
    declared = declarations().get(message)
    if declared is None:
        raise DefinitionError(f"{_FILE} declares no message {message!r}.")
    if declared.fields != facts.keys():
        wanted, given = (", ".join(sorted(names)) or "none" for names in (declared.fields, facts))
        raise DefinitionError(f"{_FILE}: {message} has the fields {wanted}; the program gives {given}.")
    return declared


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
