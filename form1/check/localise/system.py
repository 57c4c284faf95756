"""The equations of one filled form, the numbers that stand in them, and by how much each equation fails."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from form1.check.localise.suspicion import Suspicion
from form1.core.cells import Address, CellMap
from form1.definition.equations import column_sums, linked_tables, margins, row_sums
from form1.definition.form import Form
from form1.definition.layout import Layout


@dataclass(frozen=True, slots=True)
class Equation:
    """`total` equals the sum of `parts`; a margin has one part, the cell of the other table."""

    kind: Literal["rows", "columns", "margin"]
    total: Address
    parts: tuple[Address, ...]


@dataclass(frozen=True)
class System:
    """Equations by their number, and the cells of which they are made."""

    equations: tuple[Equation, ...]
    values: Mapping[Address, int]
    of: Mapping[Address, Mapping[int, int]]
    """The equations of a cell: 1 where it is the total, -1 where it is a part."""
    residuals: Mapping[int, int]
    """Total minus parts of the equations that fail; none of them is 0."""
    totals: frozenset[Address]
    """The cells that are the sum of others."""

    def cells_of(self, number: int) -> Iterator[Address]:
        """Give the cells with a number of an equation."""
        equation = self.equations[number]
        for address in (equation.total, *equation.parts):
            if address in self.values:
                yield address

    def effect(self, deltas: Mapping[Address, int]) -> dict[int, int]:
        """Return by how much each residual would move if the cells moved by `deltas`; unmoved ones are left out."""
        moved: dict[int, int] = {}
        for address, delta in deltas.items():
            for number, sign in self.of[address].items():
                moved[number] = moved.get(number, 0) + sign * delta
        return {number: by for number, by in moved.items() if by}

    def mended(self, explained: Iterable[Sequence[Suspicion]], *, back: bool = False) -> System:
        """Return the system as it would be without these slips, or (`back`) with them again."""
        values, residuals, times = dict(self.values), dict(self.residuals), -1 if back else 1
        for suspicion in (suspicion for explanation in explained for suspicion in explanation):
            for address, by in suspicion.deltas.items():
                if address in values:
                    values[address] += times * by
            for number, by in suspicion.effect.items():
                residual = residuals.pop(number, 0) + times * by
                if residual:
                    residuals[number] = residual
        return replace(self, values=values, residuals=residuals)


def build(form: Form, cells: CellMap, layouts: Mapping[str, Layout]) -> System:
    """Return the system of a form; an equation with a gap in it, or a cell that is not there, is left out."""
    values = {address: cell.value for address, cell in cells.items() if cell.value is not None}
    equations = tuple(equation for equation in _equations(form, layouts) if _is_known(equation, cells))
    of: dict[Address, dict[int, int]] = {address: {} for address in values}
    residuals: dict[int, int] = {}
    for number, equation in enumerate(equations):
        residual = values.get(equation.total, 0) - sum(values.get(part, 0) for part in equation.parts)
        if residual:
            residuals[number] = residual
        for address, sign in ((equation.total, 1), *((part, -1) for part in equation.parts)):
            if address in of:
                of[address][number] = sign
    totals = frozenset(equation.total for equation in equations if equation.kind != "margin")
    return System(equations, values, of, residuals, totals)


def components(system: System, numbers: Iterable[int]) -> list[frozenset[int]]:
    """Return the equations in groups: two of one group are linked by cells that they share."""
    left, groups = set(numbers), []
    while left:
        group, edge = set(), {min(left)}
        while edge:
            group |= edge
            touched = {other for number in edge for address in system.cells_of(number) for other in system.of[address]}
            edge = (touched & left) - group
        left -= group
        groups.append(frozenset(group))
    return groups


def _equations(form: Form, layouts: Mapping[str, Layout]) -> Iterator[Equation]:
    for layout in layouts.values():
        for total, parts in row_sums(layout):
            yield Equation("rows", total, tuple(parts))
        for total, parts in column_sums(layout):
            yield Equation("columns", total, tuple(parts))
    for left, right in linked_tables(form):
        if left.id in layouts and right.id in layouts:
            for here, there in margins(form, layouts[left.id], layouts[right.id]):
                yield Equation("margin", here, (there,))


def _is_known(equation: Equation, cells: CellMap) -> bool:
    """Sums need every cell; an open table leaves rows out that it did not observe, so a margin takes them for zero."""
    for address in (equation.total, *equation.parts):
        cell = cells.get(address)
        if cell is None and equation.kind != "margin":
            return False
        if cell is not None and cell.value is None:
            return False
    return True
