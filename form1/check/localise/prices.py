"""What it costs to suspect a cell: totals are dearer than details, cells that moved against the last period cheaper."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from statistics import median

from form1.check.localise.system import System
from form1.core.cells import Address, CellMap

DETAIL = 1.0
TOTAL_PREMIUM = 0.2
"""Well below a cell: fewer cells always win, and the premium decides between equally many."""
MOVED_DISCOUNT = 0.15
TELLING_DISCOUNT = 0.1
NEAR = 0.5
"""Explanations within this of the cheapest are told beside it; another cell more costs about 1."""

_SWING = 0.1
"""Counts move by a tenth for reasons of their own."""
_FIRM = 5
"""Counts below this say nothing about how a table grew."""


class Prices:
    """Prices of single cells, from the system and, where there is one, the earlier period."""

    def __init__(self, system: System, earlier: CellMap | None) -> None:
        self._system = system
        self._before = {at: cell.value for at, cell in (earlier or {}).items() if cell.value is not None}
        self._growth = _growth(system.values, self._before)

    def before(self, address: Address) -> int | None:
        """Return what the cell held in the earlier period."""
        return self._before.get(address)

    def of(self, address: Address) -> float:
        """Return the price of suspecting a cell: from 0.85 to 1.2."""
        price = DETAIL + (TOTAL_PREMIUM if address in self._system.totals else 0.0)
        gain = self._gain(address)
        return price - MOVED_DISCOUNT * gain / (gain + 1.0)

    def surprise(self, address: Address, value: int) -> float:
        """Return how far `value` is from the earlier period grown like its table, in units of its usual spread."""
        growth = self._growth.get(address[0])
        if growth is None:
            return 0.0
        expected = self._before.get(address, 0) * growth
        return abs(value - expected) / (sqrt(expected + 1.0) + _SWING * expected)

    def _gain(self, address: Address) -> float:
        """By how much the cell would be less odd, had it the count that some failed equation asks for."""
        residuals, value = self._system.residuals, self._system.values[address]
        asked = [
            value - sign * residuals[number]
            for number, sign in self._system.of[address].items()
            if number in residuals and value >= sign * residuals[number]
        ]
        if not asked:
            return 0.0
        return max(0.0, self.surprise(address, value) - min(self.surprise(address, count) for count in asked))


def _growth(values: Mapping[Address, int], before: Mapping[Address, int]) -> dict[str, float]:
    """The usual ratio of a cell to the earlier period, by table; a median, so that a wrong cell does not bend it."""
    ratios: dict[str, list[float]] = {}
    for address, was in before.items():
        if address in values:
            known = ratios.setdefault(address[0], [])
            if was >= _FIRM:
                known.append(values[address] / was)
    return {table: median(known) if known else 1.0 for table, known in ratios.items()}
