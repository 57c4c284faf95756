"""The mixed-integer programme: the cheapest suspicions that together mend every equation, solved by HiGHS."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from math import fsum
from typing import Any, Final

from form1.check.localise.suspicion import Suspicion
from form1.check.localise.system import System
from form1.core.cells import Address
from form1.core.quiet import STDOUT, quiet

LARGEST: Final = 10**8
"""No count of persons is greater: ten times the inhabitants of the country. Keeps the programme within doubles."""
_GAP = 1e-4
_TOLERANCE = 1e-9
_SHORT = 10
"""Cells of a short equation."""


@dataclass(frozen=True)
class Solution:
    """Cells that move and slips that are taken, with their price; `is_best` when nothing cheaper exists."""

    deltas: Mapping[Address, int]
    slips: tuple[int, ...]
    price: float
    is_best: bool


Cut = tuple[frozenset[Address], frozenset[int]]
"""Cells and slips that must not all be suspected together again."""


def is_available() -> bool:
    """Return whether highspy is installed (the extra `causes`)."""
    return find_spec("highspy") is not None


def solve(
    system: System,
    prices: Mapping[Address, float],
    slips: Sequence[Suspicion],
    cuts: Collection[Cut],
    seconds: float,
    dearest: float = float("inf"),
) -> Solution | None:
    """Return the cheapest explanation, up to the price `dearest`, in which only cells of `prices` move; else None.

    Every equation of these cells is kept or mended. Counts stay whole numbers from 0 to LARGEST. A cell outside that
    range is wrong in any case: it is suspected from the start, and its count is free.
    """
    if seconds <= 0:
        return None
    return _Model(system, prices, slips, cuts, dearest).run(seconds)


class _Model:
    """Columns: the move of each cell, the suspicion of each cell, the choice of each slip, in this order."""

    def __init__(
        self,
        system: System,
        prices: Mapping[Address, float],
        slips: Sequence[Suspicion],
        cuts: Collection[Cut],
        dearest: float,
    ) -> None:
        self.system, self.slips = system, slips
        self.prices = prices
        self.cells = list(prices)
        self.column = {address: number for number, address in enumerate(self.cells)}
        self.forced = {at for at in self.cells if not 0 <= system.values[at] <= LARGEST}
        self.rows: list[tuple[float, float, dict[int, float]]] = []
        self._equations()
        self._suspicions()
        self._covers()
        for cells, chosen in cuts:
            terms = {self._suspected(at): 1.0 for at in cells} | {self._taken(number): 1.0 for number in chosen}
            self.rows.append((-float("inf"), len(terms) - 1.0, terms))
        costs = {self._suspected(at): price for at, price in prices.items()}
        self.rows.append((-float("inf"), dearest, costs | {self._taken(n): s.price for n, s in enumerate(slips)}))

    def _suspected(self, address: Address) -> int:
        return len(self.cells) + self.column[address]

    def _taken(self, slip: int) -> int:
        return 2 * len(self.cells) + slip

    def _equations(self) -> None:
        system = self.system
        numbers = dict.fromkeys(number for address in self.cells for number in system.of[address])
        numbers |= dict.fromkeys(number for slip in self.slips for number in slip.effect)
        self.targets = {number: -system.residuals.get(number, 0) for number in numbers}
        for address in self.forced:
            for number, sign in system.of[address].items():
                self.targets[number] += sign * system.values[address]
        self.terms = terms = {number: dict[int, float]() for number in numbers}
        for address in self.cells:
            for number, sign in system.of[address].items():
                terms[number][self.column[address]] = sign
        for chosen, slip in enumerate(self.slips):
            for number, by in slip.effect.items():
                terms[number][self._taken(chosen)] = by
        self.rows += [(target, target, terms[number]) for number, target in self.targets.items()]

    def _covers(self) -> None:
        """What follows from the rest, said to the solver at once: bounds on moves alone tell it next to nothing.

        A failed equation has a suspect; in a sound one (a short one: long ones cost more than they tell) no cell is the
        only suspect.
        """
        for number, terms in self.terms.items():
            suspects = {self._suspected_by(column): 1.0 for column in terms}
            if number in self.system.residuals:
                self.rows.append((1, float("inf"), suspects))
            elif len(terms) <= _SHORT:
                for column in suspects:
                    self.rows.append((0, float("inf"), {**suspects, column: -1.0}))

    def _suspected_by(self, column: int) -> int:
        return column + len(self.cells) if column < len(self.cells) else column

    def _suspicions(self) -> None:
        """A cell moves only when it is suspected, and is suspected at most once."""
        # Moves add up along totals, seldom to more than twice the greatest failure; loose bounds make a slow solver.
        reach = min(LARGEST, 2 * max(abs(target) for target in self.targets.values()))
        touching: dict[Address, list[int]] = {}
        for chosen, slip in enumerate(self.slips):
            for address in slip.deltas:
                touching.setdefault(address, []).append(chosen)
        self.bounds: list[tuple[float, float]] = []
        for address in self.cells:
            if address in self.forced:
                self.bounds.append((0, LARGEST))
                continue
            move, suspected = self.column[address], self._suspected(address)
            low = min(self.system.values[address], reach)
            self.bounds.append((-low, reach))
            self.rows.append((0, float("inf"), {move: 1.0, suspected: float(low)}))
            self.rows.append((-float("inf"), 0, {move: 1.0, suspected: -float(reach)}))
            if address in touching:
                terms = {suspected: 1.0} | {self._taken(chosen): 1.0 for chosen in touching[address]}
                self.rows.append((-float("inf"), 1, terms))

    def run(self, seconds: float) -> Solution | None:
        """Solve within `seconds`; one thread, so that the same form gives the same causes."""
        with quiet(STDOUT):  # highspy 1.16 prints its name and licence, whatever output_flag says
            return self._run(import_module("highspy"), seconds)

    def _run(self, highspy: Any, seconds: float) -> Solution | None:
        solver = highspy.Highs()
        options = {"output_flag": False, "threads": 1, "random_seed": 1, "time_limit": float(seconds)}
        gaps = {"mip_rel_gap": 0.0, "mip_abs_gap": _GAP}
        tolerances = {"mip_feasibility_tolerance": _TOLERANCE, "primal_feasibility_tolerance": _TOLERANCE}
        for name, value in (options | gaps | tolerances).items():
            solver.setOptionValue(name, value)
        solver.passModel(self._programme(highspy))
        solver.run()
        status = solver.getModelStatus()
        best = status == highspy.HighsModelStatus.kOptimal
        if not best and solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return None
        return self._read(solver.getSolution().col_value, best)

    def _programme(self, highspy: Any) -> Any:
        import numpy as np

        programme = highspy.HighsLp()
        count, chosen = len(self.cells), len(self.slips)
        programme.num_col_ = 2 * count + chosen
        programme.num_row_ = len(self.rows)
        suspected = [float(address in self.forced) for address in self.cells]
        programme.col_lower_ = np.array([low for low, _ in self.bounds] + suspected + [0.0] * chosen)
        programme.col_upper_ = np.array([high for _, high in self.bounds] + [1.0] * (count + chosen))
        programme.col_cost_ = np.array(
            [0.0] * count + [self.prices[at] for at in self.cells] + [slip.price for slip in self.slips]
        )
        programme.integrality_ = [highspy.HighsVarType.kInteger] * programme.num_col_
        programme.row_lower_ = np.array([low for low, _, _ in self.rows])
        programme.row_upper_ = np.array([high for _, high, _ in self.rows])
        programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        programme.a_matrix_.start_ = np.cumsum([0, *(len(terms) for _, _, terms in self.rows)], dtype=np.int32)
        programme.a_matrix_.index_ = np.array([at for _, _, terms in self.rows for at in terms], dtype=np.int32)
        programme.a_matrix_.value_ = np.array([by for _, _, terms in self.rows for by in terms.values()], dtype=float)
        return programme

    def _read(self, values: Sequence[float], best: bool) -> Solution | None:
        """Whole numbers out of doubles, checked in whole numbers: an explanation that does not add up is none."""
        moves = {at: round(values[number]) for at, number in self.column.items()}
        deltas = {at: by - self.system.values[at] if at in self.forced else by for at, by in moves.items()}
        deltas = {at: by for at, by in deltas.items() if by}
        slips = tuple(number for number in range(len(self.slips)) if values[self._taken(number)] > 0.5)
        effect = self.system.effect(deltas)
        for chosen in slips:
            for number, by in self.slips[chosen].effect.items():
                effect[number] = effect.get(number, 0) + by
        if any(effect.get(number, 0) != -self.system.residuals.get(number, 0) for number in self.targets):
            return None
        price = fsum(self.prices[at] for at in deltas) + fsum(self.slips[chosen].price for chosen in slips)
        return Solution(deltas, slips, price, best)
