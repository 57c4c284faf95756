"""A first guess without a solver: again and again the slip that mends most equations and breaks fewest.

It is a bound for the solver, which then need not look at anything dearer, and all there is when no solver is installed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from time import monotonic

from form1.check.localise.prices import Prices
from form1.check.localise.single import of_cell
from form1.check.localise.suspicion import Suspicion
from form1.check.localise.system import System
from form1.core.cells import Address

_Move = tuple[tuple[int, float], int]
"""What a move is worth (equations gained, minus the price), and the move."""


def guess(system: System, prices: Prices, slips: Sequence[Suspicion], ends_at: float) -> list[Suspicion]:
    """Return suspicions that mend the system, or as much of it as could be guessed before `ends_at`.

    Each step leaves fewer equations failed than there were before. `ends_at` is on the monotonic clock.
    """
    return _Guess(system, prices, slips).run(ends_at)


class _Guess:
    def __init__(self, system: System, prices: Prices, slips: Sequence[Suspicion]) -> None:
        self.system, self.prices, self.slips = system, prices, slips
        self.values, self.residuals = dict(system.values), dict(system.residuals)
        self.price = cache(prices.of)
        self.choices: dict[Address, _Move] = {}

    def run(self, ends_at: float) -> list[Suspicion]:
        """Move cell after cell, or take slip after slip."""
        moved: dict[Address, int] = defaultdict(int)
        taken: list[Suspicion] = []
        self._look_around(self.residuals)
        while self.residuals and monotonic() < ends_at:
            address = max(self.choices, key=lambda at: self.choices[at][0], default=None)
            slip = max(filter(self._mends_several, self.slips), key=self._worth, default=None)
            if slip is not None and (address is None or self._worth(slip) > self.choices[address][0]):
                taken.append(slip)
                for at, by in slip.deltas.items():
                    if at in self.values:
                        self.values[at] += by
                self._apply(slip.effect)
            elif address is not None:
                _, by = self.choices[address]
                moved[address] += by
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
        self._look_around(effect)

    def _look_around(self, numbers: Iterable[int]) -> None:
        """Choose anew for the cells of these equations, in their order: the same form gives the same guess."""
        for address in dict.fromkeys(at for number in numbers for at in self.system.cells_of(number)):
            self.choices.pop(address, None)
            if moves := list(self._moves(address)):
                self.choices[address] = max(moves)

    def _moves(self, address: Address) -> Iterator[_Move]:
        """The moves of a cell that mend more than they break."""
        signs, value = self.system.of[address], self.values[address]
        for by in {-sign * self.residuals[number] for number, sign in signs.items() if number in self.residuals}:
            gain = self._gain({number: sign * by for number, sign in signs.items()})
            if gain > 0 and value + by >= 0:
                yield (gain, -self.price(address)), by

    def _gain(self, effect: Mapping[int, int]) -> int:
        """Equations that would be mended, less those that would break."""
        gain = 0
        for number, by in effect.items():
            residual = self.residuals.get(number, 0)
            gain += (residual + by == 0) - (residual == 0)
        return gain

    def _mends_several(self, slip: Suspicion) -> bool:
        return self._gain(slip.effect) > 1

    def _worth(self, slip: Suspicion) -> tuple[int, float]:
        return self._gain(slip.effect), -slip.price
