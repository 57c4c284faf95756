"""Which cells the solver looks at: those around failed equations, in blocks that have nothing to do with each other."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from form1.check.localise.suspicion import Suspicion
from form1.check.localise.system import System
from form1.core.cells import Address


@dataclass(frozen=True)
class Block:
    """Cells that may move and slips that may have happened, apart from those of any other block."""

    numbers: frozenset[int]
    """The equations that are kept or mended."""
    cells: tuple[Address, ...]
    slips: tuple[Suspicion, ...]


def blocks(system: System, slips: Sequence[Suspicion], reach: int) -> list[Block]:
    """Return what may move within `reach` equations of a failed one: 1 takes the cells of the failed equations alone.

    All equations of these cells stay in force, so an explanation never breaks what was sound.
    """
    near = {address for number in system.residuals for address in system.cells_of(number)}
    for _ in range(1, reach):
        numbers = {number for address in near for number in system.of[address]}
        near |= {address for number in numbers for address in system.cells_of(number)}
    return list(_apart(system, near, slips))


def _apart(system: System, near: Collection[Address], slips: Sequence[Suspicion]) -> Iterator[Block]:
    by_equation: dict[int, list[int]] = {}
    for position, slip in enumerate(slips):
        for number in slip.effect:
            by_equation.setdefault(number, []).append(position)
    open_numbers = dict.fromkeys(system.residuals)
    while open_numbers:
        seen: set[int] = set()
        edge = {next(iter(open_numbers))}
        cells: set[Address] = set()
        chosen: set[int] = set()
        while edge:
            seen |= edge
            new = {at for number in edge for at in system.cells_of(number) if at in near} - cells
            taken = {position for number in edge for position in by_equation.get(number, ())} - chosen
            cells |= new
            chosen |= taken
            edge = {number for at in new for number in system.of[at]} - seen
            edge |= {number for position in taken for number in slips[position].effect} - seen
        for number in seen:
            open_numbers.pop(number, None)
        yield Block(frozenset(seen), tuple(sorted(cells)), tuple(slips[position] for position in sorted(chosen)))


def explanations(system: System, suspicions: Sequence[Suspicion]) -> list[tuple[Suspicion, ...]]:
    """Return the suspicions in groups that stand alone: those that meet in a sound equation belong together."""
    meeting: dict[int, list[int]] = {}
    for position, suspicion in enumerate(suspicions):
        for number in suspicion.effect:
            if number not in system.residuals:
                meeting.setdefault(number, []).append(position)
    group = list(range(len(suspicions)))
    for positions in meeting.values():
        joined = {group[position] for position in positions}
        group = [min(joined) if of in joined else of for of in group]
    return [
        tuple(suspicion for position, suspicion in enumerate(suspicions) if group[position] == of)
        for of in dict.fromkeys(group)
    ]
