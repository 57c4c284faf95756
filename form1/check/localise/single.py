"""Suspicions of one cell: the count that stands in it is not the one that belongs there."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from form1.check.localise.numbers import is_telling, slip
from form1.check.localise.prices import TELLING_DISCOUNT, Prices
from form1.check.localise.suspicion import Suspicion
from form1.check.localise.system import System
from form1.core.cells import Address


def of_cell(system: System, prices: Prices, address: Address, delta: int) -> Suspicion:
    """Return the suspicion that one cell is wrong by `delta`; a number that tells of a slip of the hand is cheaper."""
    value = system.values[address]
    kind = slip(value, value + delta, is_total=address in system.totals, before=prices.before(address))
    price = prices.of(address) - (TELLING_DISCOUNT if is_telling(kind) else 0.0)
    effect = {number: sign * delta for number, sign in system.of[address].items()}
    return Suspicion(kind, {address: delta}, effect, price)


def single_cells(system: System, prices: Prices, numbers: Collection[int]) -> Iterator[Suspicion]:
    """Give every cell whose change alone mends exactly these failed equations; counts stay whole and not negative."""
    wanted = set(numbers)
    first = min(wanted, key=lambda number: len(system.equations[number].parts))
    for address in system.cells_of(first):
        signs = system.of[address]
        if signs.keys() == wanted:
            deltas = {-sign * system.residuals[number] for number, sign in signs.items()}
            if len(deltas) == 1 and system.values[address] + min(deltas) >= 0:
                yield of_cell(system, prices, address, min(deltas))


def plausibility(system: System, prices: Prices, suspicion: Suspicion) -> tuple[float, float]:
    """Return the key that puts suspicions in order: price, then how much odder the cells would be afterwards."""
    odder = 0.0
    for address, delta in suspicion.deltas.items():
        if address in system.values:
            value = system.values[address]
            odder += prices.surprise(address, value + delta) - prices.surprise(address, value)
    return (round(suspicion.price, 6), odder)
