"""The search for root causes: the fewest slips of the sender that explain every sum that fails."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from math import fsum
from time import monotonic

from form1.check.localise import programme
from form1.check.localise.guess import guess
from form1.check.localise.neighbourhood import Block, blocks, explanations
from form1.check.localise.prices import NEAR, Prices
from form1.check.localise.single import of_cell, plausibility, single_cells
from form1.check.localise.slips import TABLE_PRICE, slips
from form1.check.localise.suspicion import Suspicion
from form1.check.localise.system import System, build, components
from form1.check.localise.traced import TracedCause
from form1.core.cells import Address, CellMap
from form1.definition.form import Form
from form1.definition.layout import Layout
from form1.model.causes import Amendment, Causes, CausesStatus

ALTERNATIVES = 5
"""As many other explanations of one cause are told."""

_SECONDS_FOR_ALTERNATIVES = 0.3
"""For each cause of several cells; alternatives are worth less than the causes that are still to come."""

_SAME = 1e-6
"""Prices that differ by less are the same."""

Explanation = tuple[Suspicion, ...]
"""Suspicions that only together leave every sound equation sound."""


def find_causes(
    form: Form,
    cells: CellMap,
    layouts: Mapping[str, Layout],
    earlier: CellMap | None = None,
    time_limit: float = 2.0,
) -> Causes:
    """Return the fewest cells (or rows exchanged, and the like) whose change satisfies all equations of the form.

    `earlier` are the cells of the period before, as far as they are known; `time_limit` is in seconds. Nothing is
    changed. Causes stand in the order of how many equations they explain. Without highspy the causes that need no
    solver are found all the same; others are then guessed, and the status says so. The proposed counts satisfy every
    equation, but for two kinds: a missing row can only be added, and a table left from the last period must be filled
    anew (its margins alone are known).
    """
    started = monotonic()
    system = build(form, cells, layouts)
    if not system.residuals:
        return Causes(CausesStatus.NOTHING_TO_DO)
    return _Search(system, Prices(system, earlier), slips(system, layouts, earlier), started, time_limit).run()


class _Search:
    """One search; the clock is the monotonic one, in seconds."""

    def __init__(
        self, system: System, prices: Prices, slips: Sequence[Suspicion], started: float, seconds: float
    ) -> None:
        self.system, self.prices, self.slips = system, prices, slips
        self.seconds, self.ends_at = seconds, started + seconds
        self.is_best = True
        self.reach = 1

    def run(self) -> Causes:
        """Take what explains itself, leave the rest to the solver, then look for what would do as well."""
        cells, combined = self._self_evident()
        found, solvable = [*cells, *combined], programme.is_available()
        rest = self.system.mended(found)
        if rest.residuals:
            # What several cells explain among themselves may be part of a cheaper whole: only single cells are sure.
            rest = self.system.mended(cells)
            guessed = guess(rest, self.prices, self._possible(rest), monotonic() + self.seconds / 4)
            found = [*cells, *(self._solved(rest, guessed) if solvable else explanations(rest, guessed))]
            self.is_best = self.is_best and solvable
        mended = self.system.mended(found)
        causes = [self._traced(mended, explanation) for explanation in found]
        causes.sort(key=lambda cause: -len(cause.explains))
        if not solvable and not self.is_best:
            return Causes(CausesStatus.NOT_AVAILABLE, tuple(causes))
        best = self.is_best and not mended.residuals
        return Causes(CausesStatus.SOLVED if best else CausesStatus.TIME_LIMIT, tuple(causes))

    def _possible(self, system: System) -> list[Suspicion]:
        return [slip for slip in self.slips if slip.effect.keys() <= system.residuals.keys()]

    def _self_evident(self) -> tuple[list[Explanation], list[Explanation]]:
        """Groups of failed equations that one slip explains: single cells, and slips of several cells."""
        alone: dict[frozenset[int], Suspicion | None] = {}
        for group in components(self.system, self.system.residuals):
            cells = single_cells(self.system, self.prices, group)
            alone[group] = min(cells, key=self._plausibility, default=None)
        combined: list[Explanation] = []
        sure = [slip for slip in self.slips if slip.price <= TABLE_PRICE]
        for slip in sorted(sure, key=lambda slip: (-len(slip.effect), self._plausibility(slip))):
            groups = [group for group in alone if not group.isdisjoint(slip.effect)]
            # No such slip is cheaper than one cell, and each is cheaper than two.
            is_cheaper = len(groups) > 1 or [alone[group] for group in groups] == [None]
            if is_cheaper and slip.mends(self.system.residuals, frozenset().union(*groups)):
                combined.append((slip,))
                for group in groups:
                    del alone[group]
        return [(cell,) for cell in alone.values() if cell], combined

    def _plausibility(self, suspicion: Suspicion) -> tuple[float, float]:
        return plausibility(self.system, self.prices, suspicion)

    def _solved(self, system: System, guessed: Sequence[Suspicion]) -> list[Explanation]:
        """Explanations from ever more cells around the failures, until more cells make them no cheaper."""
        best = explanations(system, guessed)
        whole = not system.mended(best).residuals
        looked_at: int | None = None
        for reach in count(1):
            around = sorted(blocks(system, self._possible(system), reach), key=lambda block: len(block.cells))
            cells = sum(len(block.cells) for block in around)
            if cells == looked_at:
                break
            looked_at = cells
            known = [suspicion for explanation in best for suspicion in explanation]
            parts = [self._cheapest(system, block, _within(block, known), whole) for block in around]
            found = [explanation for part, _ in parts for explanation in explanations(system, part)]
            solved = all(is_whole for _, is_whole in parts)
            cheaper = _price(found) < _price(best) - _SAME
            if solved and (reach == 1 or not whole or cheaper):
                best, whole, self.reach = found, True, reach
            elif solved:
                break
            elif not whole:
                best = found
            if whole and all(len(explanation) == 1 for explanation in best):
                break
            if monotonic() >= self.ends_at:
                self.is_best = False
                break
        return best

    def _cheapest(self, system: System, block: Block, known: Explanation, whole: bool) -> tuple[Explanation, bool]:
        """The cheapest explanation of a block, and whether it explains the block.

        `known` is one that is at hand; when it is `whole`, nothing dearer is of interest.
        """
        prices = {address: self.prices.of(address) for address in block.cells}
        dearest = _price([known]) + _SAME if whole else float("inf")
        solution = programme.solve(system, prices, block.slips, (), self.ends_at - monotonic(), dearest)
        if solution is None:
            return known, whole
        self.is_best = self.is_best and solution.is_best
        return self._suspicions(system, solution, block.slips), True

    def _suspicions(self, system: System, solution: programme.Solution, chosen: Sequence[Suspicion]) -> Explanation:
        moved = [of_cell(system, self.prices, address, delta) for address, delta in solution.deltas.items()]
        return (*moved, *(chosen[number] for number in solution.slips))

    def _traced(self, mended: System, found: Explanation) -> TracedCause:
        """The cause with its alternatives: what else would do, if all the other causes are as they were found."""
        others = mended.mended([found], back=True)
        (first, *further), more = self._candidates(others, found)
        numbers = sorted(number for number in others.residuals if number in self.system.residuals)
        explains = tuple(self.system.equations[number] for number in numbers)
        return TracedCause(
            kind=_kind(first),
            amendments=_amendments(others, first),
            weight=round(_price([first]), 3),
            alternatives=tuple(_amendments(others, explanation) for explanation in further),
            mends=tuple(dict.fromkeys(equation.total for equation in explains)),
            more=more,
            explains=explains,
        )

    def _candidates(self, system: System, found: Explanation) -> tuple[list[Explanation], int]:
        """What would do, the most plausible first, and how many more there are (-1: some, not counted)."""
        numbers = system.residuals.keys()
        alone = [
            *single_cells(system, self.prices, numbers),
            *(slip for slip in self.slips if slip.mends(system.residuals, numbers)),
        ]
        ranked: list[Explanation] = [
            (suspicion,) for suspicion in sorted(alone, key=lambda item: plausibility(system, self.prices, item))
        ]
        counted = bool(ranked)
        if not counted:
            ranked = [found, *self._as_cheap(system, found)]
        elif _price([found]) < _price(ranked[:1]) - _SAME:
            ranked.insert(0, found)
        dearest = _price(ranked[:1]) + NEAR
        near = [explanation for explanation in ranked if _price([explanation]) <= dearest]
        more = max(0, len(near) - ALTERNATIVES - 1)
        return near[: ALTERNATIVES + 1], more if counted else -min(more, 1)

    def _as_cheap(self, system: System, found: Explanation) -> list[Explanation]:
        """Other explanations by several cells: solve again, each time without what was found before.

        One more than is told, because nothing else says whether there are more.
        """
        others: list[Explanation] = []
        ends_at = min(self.ends_at, monotonic() + _SECONDS_FOR_ALTERNATIVES)
        if monotonic() >= ends_at or not programme.is_available():
            return others
        cuts = [_cut(found)]
        around = blocks(system, (), self.reach)
        while len(around) == 1 and len(others) <= ALTERNATIVES:
            dearest = _price([found]) + NEAR
            prices = {address: self.prices.of(address) for address in around[0].cells}
            solution = programme.solve(system, prices, (), cuts, ends_at - monotonic(), dearest)
            if solution is None:
                break
            others.append(self._suspicions(system, solution, ()))
            cuts.append(_cut(others[-1]))
        return others


def _cut(explanation: Explanation) -> programme.Cut:
    return frozenset(address for suspicion in explanation for address in suspicion.deltas), frozenset()


def _price(explained: Iterable[Explanation]) -> float:
    return fsum(suspicion.price for explanation in explained for suspicion in explanation)


def _within(block: Block, suspicions: Iterable[Suspicion]) -> Explanation:
    return tuple(suspicion for suspicion in suspicions if not block.numbers.isdisjoint(suspicion.effect))


def _kind(explanation: Explanation) -> str:
    if len(explanation) == 1:
        return explanation[0].kind
    sizes = {abs(delta) for suspicion in explanation for delta in suspicion.deltas.values()}
    return "cause_carried" if len(sizes) == 1 else "cause_together"


def _amendments(system: System, explanation: Explanation) -> tuple[Amendment, ...]:
    """Every cell that would change, with what it holds; a cell of a missing row holds nothing yet."""
    deltas: dict[Address, int] = {}
    for suspicion in explanation:
        for address, delta in suspicion.deltas.items():
            deltas[address] = deltas.get(address, 0) + delta
    return tuple(
        Amendment(address, system.values.get(address, 0), system.values.get(address, 0) + delta)
        for address, delta in sorted(deltas.items())
    )
