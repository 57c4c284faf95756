"""A first guess without a solver: again and again the slip that mends most equations and breaks fewest.

It is a bound for the solver, which then need not look at anything dearer, and all there is when no solver is installed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from time import monotonic

from form1.check.localise.prices import Prices
from form1.check.localise.single import of_cell
from form1.check.localise.suspicion import Suspicion
from form1.check.localise.system import System
from form1.core.cells import Address

_Choice = tuple[int, float, int]
"""Equations gained, minus the price, and the move."""


def guess(system: System, prices: Prices, slips: Sequence[Suspicion], ends_at: float) -> list[Suspicion]:
    """Return suspicions that mend the system, or as much of it as could be guessed before `ends_at`.

    Each step leaves fewer equations failed than there were before. `ends_at` is on the monotonic clock.
    """
    return _Guess(system, prices, slips).run(ends_at)


class _Guess:
    def __init__(self, system: System, prices: Prices, slips: Sequence[Suspicion]) -> None:
        self.system, self.prices, self.slips = system, prices, slips
        self.values, self.residuals = dict(system.values), dict(system.residuals)
        self.price = {at: prices.of(at) for number in self.residuals for at in system.cells_of(number)}
        self.choices: dict[Address, _Choice] = {}

    def run(self, ends_at: float) -> list[Suspicion]:
        """Move cell after cell, or take slip after slip."""
        moved: dict[Address, int] = {}
        taken: list[Suspicion] = []
        self._look_at(self.price)
        while self.residuals and monotonic() < ends_at:
            address = max(self.choices, key=lambda at: self.choices[at][:2], default=None)
            cell = self.choices[address][:2] if address is not None else (0, 0.0)
            gain, slip = max(((self._gain(slip.effect), slip) for slip in self.slips), key=_first, default=(0, None))
            if slip is not None and (gain, -slip.price) > cell and gain > 1:
                taken.append(slip)
                for at, by in slip.deltas.items():
                    if at in self.values:
                        self.values[at] += by
                self._apply(slip.effect)
            elif address is not None and cell[0] > 0:
                by = self.choices[address][2]
                moved[address] = moved.get(address, 0) + by
                self.values[address] += by
                self._apply({number: sign * by for number, sign in self.system.of[address].items()})
            else:
                break
        return [*taken, *(of_cell(self.system, self.prices, at, by) for at, by in moved.items() if by)]

    def _apply(self, effect: Mapping[int, int]) -> None:
        for number, by in effect.items():
            residual = self.residuals.pop(number, 0) + by
            if residual:
                self.residuals[number] = residual
        self._look_at({at for number in effect for at in self.system.cells_of(number)})

    def _look_at(self, cells: Iterable[Address]) -> None:
        for address in cells:
            best = max(self._moves(address), default=None)
            if best is not None and best[0] > 0:
                self.choices[address] = best
            else:
                self.choices.pop(address, None)

    def _moves(self, address: Address) -> Iterator[_Choice]:
        signs, value = self.system.of[address], self.values[address]
        price = self.price.get(address)
        if price is None:
            price = self.price[address] = self.prices.of(address)
        for by in {-sign * self.residuals[number] for number, sign in signs.items() if number in self.residuals}:
            if value + by >= 0:
                yield self._gain({number: sign * by for number, sign in signs.items()}), -price, by

    def _gain(self, effect: Mapping[int, int]) -> int:
        """Equations that would be mended, less those that would break."""
        gain = 0
        for number, by in effect.items():
            residual = self.residuals.get(number, 0)
            gain += (residual + by == 0) - (residual == 0)
        return gain


def _first(choice: tuple[int, Suspicion | None]) -> tuple[int, float]:
    return choice[0], -choice[1].price if choice[1] is not None else 0.0
