"""Tallies: for every universe the records by table and cell, and how many were left out for which reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw

from form1.core.errors import MachineError
from form1.definition.form import Form
from form1.records.tabulate import counting
from form1.records.tabulate.batches import Batch, batches, placed
from form1.records.tabulate.engines import Counted, Engine, Source, started
from form1.records.tabulate.opened import Opened
from form1.records.tabulate.persons import Persons
from form1.records.tabulate.plan import Plan

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Tally:
    """What was counted of one universe: `records` in = `counted` + the sum of `left_out`."""

    plan: Plan
    records: int
    cells: Mapping[str, Mapping[int, int]]
    """By table, the records of each cell of its axes."""
    left_out: Mapping[str, int]
    """By reason, in the order of `counting.REASONS`; reasons without records are not there."""

    @property
    def counted(self) -> int:
        """The records that each of the tables counts."""
        return self.records - sum(self.left_out.values())


def tally(form: Form, plans: Sequence[Plan], parts: Mapping[str, Sequence[Opened]], engine: Engine) -> list[Tally]:
    """Count every universe from the parts of its extract.

    MachineError when an engine did not account for every record that the parts hold, in every table.
    """
    found: dict[str, Tally] = {}
    if engine == "polars":
        for extract in dict.fromkeys(plan.extract for plan in plans):
            of_extract = [plan for plan in plans if plan.extract == extract]
            found |= {item.plan.universe.id: item for item in _by_polars(form, of_extract, parts[extract])}
    else:
        with started(form, engine) as source:
            found = {plan.universe.id: _by(source, plan, parts[plan.extract]) for plan in plans}
    for item in found.values():
        require_all(item, sum(part.rows for part in parts[item.plan.extract]), engine)
    return [found[plan.universe.id] for plan in plans]


def require_all(item: Tally, there: int, engine: Engine) -> None:
    """Hold what was counted against the records seen when the parts were opened; MachineError when they differ."""
    left = sum(item.left_out.values())
    for table, cells in item.cells.items():
        if sum(cells.values()) + left != there or min(item.left_out.values(), default=0) < 0:
            raise MachineError(
                f"{engine} accounts for {sum(cells.values()) + left} of the {there} records of {item.plan.extract} in"
                f" {table}. Nothing was written. Count with another --engine, and report this line."
            )


def _by(source: Source, plan: Plan, parts: Sequence[Opened]) -> Tally:
    """Count one universe with an engine that goes through all parts by itself."""
    there = [column for column in plan.columns if column in parts[0].headers]
    frame = source.frame(parts, there)
    persons: Counted | None = None
    if plan.rules["unit"] == "records":
        keyed = source.counts(counting.margins(counting.keyed(frame, plan, there), plan))
    else:
        keyed = source.counts(counting.margins(counting.left_out(frame, plan, there), plan))
        best = counting.representatives(frame, plan, there)
        persons = source.counts(counting.margins(counting.by_cell(best, plan), plan))
    for part in parts:
        part.require_unchanged()
    return _tally(plan, keyed, persons)


def _by_polars(form: Form, plans: Sequence[Plan], parts: Sequence[Opened]) -> Iterable[Tally]:
    """Count the universes of one extract in one go through its slices; see `persons` for when it takes more."""
    keyed: dict[str, Counter[tuple[int, int]]] = {plan.universe.id: Counter() for plan in plans}
    persons = {plan.universe.id: Persons(plan) for plan in plans if plan.rules["unit"] == "persons"}
    for batch, there in _slices(plans, parts):
        frame = placed(form, batch, there)
        results = _collect(_asked(frame, plans, there, persons))
        for (universe, what), result in results.items():
            if what == "best":
                persons[universe].add(result)
            else:
                keyed[universe].update({(table, key): records for table, key, records in result.iter_rows()})
    for held in persons.values():
        while held.next_share():
            for batch, there in _slices([held.plan], parts):
                held.add(_best(held, placed(form, batch, there), there).collect(engine="streaming"))
    for plan in plans:
        id = plan.universe.id
        yield _tally(plan, keyed[id], persons[id].counted if id in persons else None)


def _slices(plans: Sequence[Plan], parts: Sequence[Opened]) -> Iterable[tuple[Batch, list[str]]]:
    """Yield every slice of every part, with the columns that the plans look at and the part has."""
    wanted = sorted({column for plan in plans for column in plan.columns})
    for part in parts:
        there = [column for column in wanted if column in part.headers]
        for batch in batches(part, there, numbered=False):
            yield batch, there
        part.require_unchanged()


def _asked(
    native: pl.LazyFrame, plans: Sequence[Plan], there: Sequence[str], persons: Mapping[str, Persons]
) -> dict[tuple[str, str], pl.LazyFrame]:
    frame: nw.LazyFrame[Any] = nw.from_native(native)
    asked: dict[tuple[str, str], pl.LazyFrame] = {}
    for plan in plans:
        id = plan.universe.id
        if id in persons:
            counted = counting.left_out(frame, plan, there)
            asked[id, "best"] = _best(persons[id], native, there)
        else:
            counted = counting.keyed(frame, plan, there)
        asked[id, "keyed"] = counting.margins(counted, plan).to_native()
    return asked


def _best(persons: Persons, native: pl.LazyFrame, there: Sequence[str]) -> pl.LazyFrame:
    frame: nw.LazyFrame[Any] = nw.from_native(persons.of_share(native))
    best: pl.LazyFrame = counting.representatives(frame, persons.plan, there).to_native()
    return best


def _collect(asked: Mapping[tuple[str, str], pl.LazyFrame]) -> dict[tuple[str, str], pl.DataFrame]:
    import polars as pl

    return dict(zip(asked, pl.collect_all(asked.values(), engine="streaming"), strict=True))


def _tally(plan: Plan, keyed: Counted, persons: Counted | None = None) -> Tally:
    """Put the numbers together; `persons` take the place of the candidates among `keyed`, whose key is 0.

    The other records of the same persons are then left out.
    """
    left = {-key: records for (table, key), records in keyed.items() if table == 0 and key < 0}
    counted = {at: records for at, records in keyed.items() if at[1] >= 0}
    if persons is not None:
        everybody = sum(records for (table, _), records in persons.items() if table == 0)
        left[len(counting.REASONS)] = counted.get((0, 0), 0) - everybody
        counted = persons
    names = (*counting.REASONS, counting.SAME_PERSON)
    cells = {
        table.id: {key: records for (at, key), records in sorted(counted.items()) if at == place}
        for place, table in enumerate(plan.tables)
    }
    records = sum(cells[plan.tables[0].id].values()) + sum(left.values())
    return Tally(plan, records, cells, {names[reason]: left[reason] for reason in sorted(left) if left[reason]})
