"""What is counted, worked out from the definition: for every universe its rules, days, and axes with their codes.

A combination of codes is one whole number, the cell: with the axes (sex: M, F) and (decision: issued, renewed), the
cell of women and renewals is 1 + 2 · 1 = 3. So a table of any shape is counted by one column of whole numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import prod
from typing import Final

from form1.core.errors import DefinitionError
from form1.core.periods import Period
from form1.definition.codelists import CodeList, codes_of
from form1.definition.counting import About, Breakdown, Universe
from form1.definition.form import Form
from form1.definition.records import Table

_BAND: Final = re.compile(r"([0-9]{1,3})(?:-([0-9]{1,3})|\+)")
STATUS: Final = "legal_status"
STATELESS: Final = "stateless"
DAYS: Final = 2**16
"""More than the days, 372 to a year, between the first and the last that records.toml allows."""


@dataclass(frozen=True)
class Axis:
    """One dimension of the counting with the codes of its list, each once, in the order of the form."""

    dimension: str
    codelist: str
    codes: tuple[str, ...]
    item: Breakdown
    bands: tuple[tuple[int, int], ...] = ()
    """For ages: the lowest age of each band in force and its place in the list, youngest first."""

    @property
    def unknown(self) -> int:
        """The place of the code of records that do not say; -1 when they must say it."""
        return self.codes.index(self.item.unknown) if self.item.unknown else -1


@dataclass(frozen=True)
class Plan:
    """How one universe is counted for a period; `as_of` is the last day of entry that counts, None for any."""

    universe: Universe
    tables: tuple[Table, ...]
    axes: tuple[Axis, ...]
    """Those of all its tables together."""
    axes_of: Mapping[str, tuple[Axis, ...]]
    """Those of each table, in the order of its dimensions."""
    rules: Mapping[About, str]
    first_day: date
    last_day: date
    as_of: date | None
    epoch: int
    """The first year that a date other than a birth can have."""
    statuses: tuple[str, ...]
    """The codes of the legal status, in the order of their list."""
    decisions: tuple[str, ...]

    @property
    def extract(self) -> str:
        """The extract from which the universe is counted."""
        return self.universe.extract

    @cached_property
    def size(self) -> int:
        """How many cells there can be."""
        return prod(len(axis.codes) for axis in self.axes)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns of the extract that the counting looks at."""
        named = {"person_id", self.rules["placed_by"], "recorded_on"}
        for axis in self.axes:
            named |= {axis.item.source} | ({axis.item.stateless, STATUS} if axis.item.stateless else set())
        if self.rules["decisions"] != "none":
            named.add("decision")
        named |= {"valid_from", "valid_to", "annulled_on", "deregistered_on"}
        return tuple(sorted(named))

    def ends(self, there: Iterable[str]) -> tuple[str, ...]:
        """The columns that end a record before its time, of those that an extract has."""
        return tuple(column for column in ("annulled_on", "deregistered_on") if column in set(there))

    def steps(self, axes: Sequence[Axis]) -> Iterator[tuple[int, int, int]]:
        """Yield of each of these axes its step and length in the cell, and its step in a cell of these axes alone."""
        own = 1
        for axis in axes:
            before = self.axes[: self.axes.index(axis)]
            yield prod(len(other.codes) for other in before), len(axis.codes), own
            own *= len(axis.codes)


def plans(form: Form, period: Period, as_of: date | None = None) -> tuple[Plan, ...]:
    """Return a plan for every universe of the tables that can be counted from records, in the order of the tables.

    DefinitionError when a universe has too many combinations, or an age belongs to no band or to two.
    """
    epoch = form.records.not_before.year
    if (form.records.not_after.year + 1 - epoch) * 372 >= DAYS - 1:
        raise DefinitionError("records.toml: not_before and not_after lie too far apart; allow 170 years at most.")
    statuses, decisions = (codes_in(form, column) for column in (STATUS, "decision"))
    found: list[Plan] = []
    countable = [table for table in form.tables.values() if can_be_counted(form, table)]
    for id in dict.fromkeys(table.universe for table in countable):
        tables = tuple(table for table in countable if table.universe == id)
        universe = form.counting.universes[id]
        rules: dict[About, str] = {rule.about: rule.value for rule in form.counting.rule if rule.universe == id}
        axes_of = {table.id: axes_for(form, universe, table, period.last_day) for table in tables}
        axes = tuple(dict.fromkeys(axis for of_table in axes_of.values() for axis in of_table))
        plan = Plan(
            universe, tables, axes, axes_of, rules, period.first_day, period.last_day, as_of,
            epoch, statuses, decisions,
        )  # fmt: skip
        if plan.size >= 2**30:  # with the order of records before it, a cell must fit in 63 bits
            raise DefinitionError(f"counting.toml: {id} has {plan.size} combinations of codes; leave out a breakdown.")
        found.append(plan)
    return tuple(found)


def can_be_counted(form: Form, table: Table) -> bool:
    """True when counting.toml has the universe of a table with all its breakdowns."""
    universe = form.counting.universes.get(table.universe)
    return universe is not None and set(table.dimensions) <= set(universe.by_dimension)


def axes_for(form: Form, universe: Universe, table: Table, on: date) -> tuple[Axis, ...]:
    """Return the axes of a table, in the order of its dimensions; age bands are those in force on a day."""
    return tuple(
        _axis(form, universe.by_dimension[dimension], form.codelist_of(table, dimension), on)
        for dimension in table.dimensions
    )


def _axis(form: Form, item: Breakdown, codelist: CodeList, on: date) -> Axis:
    codes = codes_of(codelist)
    is_age = form.records.columns[item.source].type == "date"
    return Axis(item.dimension, codelist.id, codes, item, _bands(codelist, codes, on) if is_age else ())


def _bands(codelist: CodeList, codes: Sequence[str], on: date) -> tuple[tuple[int, int], ...]:
    """Return the lowest age of each band in force and its place; every age from 0 on belongs to one of them."""
    matches = [
        (int(match[1]), int(match[2]) if match[2] else None, codes.index(entry.code))
        for entry in codelist.on(on)
        if (match := _BAND.fullmatch(entry.code))
    ]
    matches.sort(key=lambda band: band[0])
    follows = [0, *(None if highest is None else highest + 1 for _, highest, _ in matches)]
    if follows != [*(lowest for lowest, _, _ in matches), None]:
        raise DefinitionError(
            f"codes/{codelist.id}.csv: the age bands in force on {on} do not hold every age from 0 on exactly once."
        )
    return tuple((lowest, place) for lowest, _, place in matches)


def codes_in(form: Form, column: str) -> tuple[str, ...]:
    """Return the codes of a column of records; none when it has no list."""
    described = form.records.columns.get(column)
    return codes_of(form.codelists[described.codes]) if described and described.codes else ()
