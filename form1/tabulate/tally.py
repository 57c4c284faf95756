"""Tallies: for every universe the records by cell, and how many were left out for which reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import narwhals as nw

from form1.definition.form import Form
from form1.tabulate import counting
from form1.tabulate.batches import batches, typed
from form1.tabulate.engines import Counted, Engine, started
from form1.tabulate.opened import Opened
from form1.tabulate.plan import Plan

if TYPE_CHECKING:
    import polars as pl

MOST_PERSONS: Final = 4_000_000
"""Persons that are remembered at once; with more, the records are gone through again for each share of them."""


@dataclass(frozen=True)
class Tally:
    """What was counted of one universe: `records` in = the sum of `cells` + the sum of `left_out`."""

    plan: Plan
    records: int
    cells: Mapping[int, int]
    left_out: Mapping[str, int]
    """By reason, in the order of `counting.REASONS`; reasons without records are not there."""

    @property
    def counted(self) -> int:
        """The records that the tables count."""
        return sum(self.cells.values())


def tally(form: Form, plans: Sequence[Plan], parts: Mapping[str, Sequence[Opened]], engine: Engine) -> list[Tally]:
    """Count every universe from the parts of its extract."""
    found: dict[str, Tally] = {}
    if engine == "polars":
        for extract in dict.fromkeys(plan.extract for plan in plans):
            of_extract = [plan for plan in plans if plan.extract == extract]
            found |= {item.plan.universe.id: item for item in _by_polars(form, of_extract, parts[extract])}
    else:
        with started(form, engine) as source:
            for plan in plans:
                held = parts[plan.extract]
                there = [column for column in plan.columns if column in held[0].headers]
                frame = source.frame(held, there)
                if plan.rules["unit"] == "records":
                    keyed = source.counts(counting.keyed(frame, plan, there))
                else:
                    keyed = source.counts(counting.left_out(frame, plan, there))
                    best = counting.representatives(frame, plan, there)
                    keyed = _persons(keyed, source.counts(counting.by_cell(best, plan)))
                found[plan.universe.id] = _tally(plan, keyed)
    return [found[plan.universe.id] for plan in plans]


def _by_polars(form: Form, plans: Sequence[Plan], parts: Sequence[Opened]) -> Iterable[Tally]:
    """Count the universes of one extract in one go through its slices."""
    keyed: dict[str, Counter[int]] = {plan.universe.id: Counter() for plan in plans}
    best: dict[str, list[pl.DataFrame]] = {plan.universe.id: [] for plan in plans if plan.rules["unit"] == "persons"}
    wanted = sorted({column for plan in plans for column in plan.columns})
    for part in parts:
        there = [column for column in wanted if column in part.headers]
        for batch in batches(part, there):
            frame = nw.from_native(batch.raw.select(*(_canonical(form, part, column) for column in there)))
            results = _collect(_asked(frame, plans, there))
            for (universe, what), result in results.items():
                if what == "best":
                    best[universe].append(result)
                else:
                    keyed[universe].update(dict(result.iter_rows()))
        part.require_unchanged()
    for plan in plans:
        id = plan.universe.id
        if id in best:
            yield _tally(plan, _persons(keyed[id], _joined(best.pop(id), plan)))
        else:
            yield _tally(plan, keyed[id])


def _asked(
    frame: nw.LazyFrame[Any], plans: Sequence[Plan], there: Sequence[str]
) -> dict[tuple[str, str], nw.LazyFrame[Any]]:
    asked: dict[tuple[str, str], nw.LazyFrame[Any]] = {}
    for plan in plans:
        if plan.rules["unit"] == "records":
            asked[plan.universe.id, "keyed"] = counting.keyed(frame, plan, there)
        else:
            asked[plan.universe.id, "keyed"] = counting.left_out(frame, plan, there)
            asked[plan.universe.id, "best"] = counting.representatives(frame, plan, there)
    return asked


def _collect(asked: Mapping[tuple[str, str], nw.LazyFrame[Any]]) -> dict[tuple[str, str], pl.DataFrame]:
    import polars as pl

    frames = pl.collect_all([frame.to_native() for frame in asked.values()], engine="streaming")
    return dict(zip(asked, frames, strict=True))


def _canonical(form: Form, part: Opened, column: str) -> pl.Expr:
    """The shape that `counting` knows: of a code its place in the list."""
    import polars as pl

    value = typed(form, part, column)
    return value.to_physical().cast(pl.Int64) if form.records.columns[column].type == "code" else value


def _joined(best: Sequence[pl.DataFrame], plan: Plan) -> Counted:
    import polars as pl

    if not best:
        return {}
    joined = (
        counting.best_of(nw.from_native(pl.concat(best).lazy()), plan)
        if len(best) > 1
        else nw.from_native(best[0].lazy())
    )
    frame = counting.by_cell(joined, plan).to_native().collect(engine="streaming")
    return dict(frame.iter_rows())


def _persons(keyed: Mapping[int, int], by_cell: Mapping[int, int]) -> Counted:
    """Put the persons in the place of the candidates; the other records of the same persons are left out."""
    twice = keyed.get(0, 0) - sum(by_cell.values())
    left = {key: records for key, records in keyed.items() if key < 0}
    return {**left, -len(counting.REASONS): twice, **by_cell}


def _tally(plan: Plan, keyed: Mapping[int, int]) -> Tally:
    names = (*counting.REASONS, counting.SAME_PERSON)
    left = {names[-key]: records for key, records in sorted(keyed.items(), reverse=True) if key < 0 and records}
    cells = {key: records for key, records in sorted(keyed.items()) if key >= 0}
    return Tally(plan, sum(keyed.values()), cells, left)
