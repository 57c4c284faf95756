"""Causes with the equations that they explain, and the findings that stand under each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from form1.check.localise.system import Equation
from form1.core.cells import Address
from form1.core.findings import Finding, Part
from form1.model.causes import Cause, Causes


@dataclass(frozen=True)
class TracedCause(Cause):
    """A cause that knows its failed equations."""

    explains: tuple[Equation, ...] = ()


@dataclass(frozen=True)
class NamedCause(Cause):
    """A slip with a name, which whole findings told."""

    positions: frozenset[int] = frozenset()
    """Positions of the findings that it explains."""
    tables: frozenset[str] = frozenset()
    """The tables of which nothing can be said beside it."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """The counts of the line that it is about, by column."""
    rows: frozenset[str] = frozenset()
    """That line, and the one whose counts it holds."""


def group(findings: Sequence[Finding], causes: Causes) -> dict[int, int]:
    """Return the position of a cause by the position of each finding that it explains.

    A sum or margin that fails belongs to the first cause that moves one of its cells; any other finding at a cell
    of a cause (too great, moved too much) belongs to that cause.
    """
    found: dict[int, int] = {}
    for position, finding in enumerate(findings):
        for number, cause in enumerate(causes.causes):
            if position in cause.positions if isinstance(cause, NamedCause) else _explains(cause, finding):
                found[position] = number
                break
    return found


def _explains(cause: Cause, finding: Finding) -> bool:
    place = finding.place
    address = place.address
    equations = cause.explains if isinstance(cause, TracedCause) else ()
    parts = finding.facts.get("parts")
    if isinstance(parts, tuple):
        return any(_is_sum(equation, address, parts) for equation in equations)
    margins = [equation for equation in equations if equation.kind == "margin" and equation.total == address]
    if any(equation.parts[0][0] in finding.rule.replace("-", ".").split(".") for equation in margins):
        return True
    return any(amendment.address == address for amendment in cause.amendments)


def _is_sum(equation: Equation, address: Address, parts: tuple[Part, ...] | tuple[str, ...]) -> bool:
    if equation.kind == "margin" or equation.total != address:
        return False
    known = {(part[1], part[2]) for part in equation.parts}
    return all(isinstance(part, Part) and (part.row, part.column) in known for part in parts)
