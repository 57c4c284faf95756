"""A suspicion: one slip of the sender that would explain equations that fail, with its price."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from form1.core.cells import Address


@dataclass(frozen=True)
class Suspicion:
    """One slip, however many cells it moved: rows exchanged are one mistake and not six."""

    kind: str
    """Word of words.toml."""
    deltas: Mapping[Address, int]
    """By how much each cell would move; a cell of a missing row is none of the system's cells."""
    effect: Mapping[int, int]
    """By how much the residual of each equation would move."""
    price: float

    def mends(self, residuals: Mapping[int, int], numbers: Collection[int]) -> bool:
        """Return whether the slip alone accounts for all of these failed equations, and for nothing else."""
        return len(self.effect) == len(numbers) and all(
            self.effect.get(number) == -residuals[number] for number in numbers
        )
