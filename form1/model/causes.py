"""What may explain the findings on a received form, and how it compares with the form sent before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from form1.core.cells import Address
from form1.core.findings import Fact, Place


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
    place: Place = field(default_factory=Place)
    """Where a cause of many cells stands: a table, or a line of it."""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    """What fills the word of the kind, where the cause is told in words and not by cells."""


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
