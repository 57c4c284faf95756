"""Sound forms of random counts, with the earlier periods that the rules look at, as a sender would have them.

Tables of one universe split the same margin, flows add up their quarters, so whatever a rule says of such a form is a
false alarm. Sizes and countries follow from the seed.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from form1.build import assemble
from form1.build.assemble import Filled
from form1.core.findings import Verdict
from form1.core.periods import Period
from form1.core.texts import LANGUAGES, Language
from form1.definition import Form
from form1.definition.equations import shared_dimensions
from form1.definition.records import Table
from form1.model.exports import CheckedCounts
from form1.model.forms import Edition
from form1.render.data import cells_csv
from form1.render.workbook import draw
from form1.rules import needed_periods
from sample_data.population import share_out
from tests.making import counts

Keys = tuple[tuple[str, str], ...]
"""The codes of one count by dimension."""

SIZES = {
    "registered": (30_000, 150_000),
    "temporary_permits": (900, 2_400),
    "permanent_permits": (150, 1_000),
    "work_permits": (2_600, 9_000),
    "valid_work_permits": (800, 2_500),
    "exempt_from_work_permit": (2_000, 60_000),
}
"""What a quarter adds to a universe, or what a stock holds: within the bounds of the rulebook."""


@dataclass(frozen=True)
class Sent:
    """One sound form as it was sent, and the archive of its earlier periods."""

    form: Form
    period: Period
    language: Language
    now: Filled
    earlier: Mapping[Period, Filled]
    content: bytes
    """The workbook as `build` draws it."""


def sound_form(form: Form, seed: int, *, period: Period | None = None, gap: bool = False) -> Sent:
    """Return the form that follows from `seed`, in the language whose turn it is; with `gap` one count is missing."""
    chance = random.Random(f"form {seed}")
    period = period or Period(chance.randrange(2023, 2031), chance.choice([0, 1, 2, 3, 4]))
    language = LANGUAGES[seed % len(LANGUAGES)]
    making = _Making(form, seed, period)
    now = making.filled(period, gap=gap)
    earlier = {other: making.filled(other) for other in needed_periods(form, period)}
    submission = Edition(
        form=form,
        period=period,
        revision=1,
        language=language,
        cells=now.cells,
        layouts=now.layouts,
        findings=(),
        results=(),
        verdict=Verdict.ACCEPTED,
        signatories={},
    )
    return Sent(form, period, language, now, earlier, draw(submission))


def archive(sent: Sent, folder: Path) -> Path:
    """Put the earlier periods into an archive of editions: nothing but their cells."""
    for period, filled in sent.earlier.items():
        edition = folder / str(period) / "r1"
        edition.mkdir(parents=True)
        content = cells_csv(filled.cells)
        (edition / "cells.csv").write_bytes(content)
        outputs = [{"name": "cells.csv", "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}]
        (edition / "manifest.json").write_text(json.dumps({"outputs": outputs}), encoding="utf-8")
    return folder


class _Making:
    """The counts of one seed in any period."""

    def __init__(self, form: Form, seed: int, period: Period) -> None:
        self.form, self.seed = form, seed
        self.days = [period.last_day, *(other.last_day for other in needed_periods(form, period))]
        chance = random.Random(f"sizes {seed}")
        self.size = {universe: chance.randrange(*bounds) for universe, bounds in SIZES.items()}
        self.growth = {universe: chance.uniform(0.95, 1.08) for universe in SIZES}
        known = [entry.code for entry in form.codelists["countries"].codes if "territory" not in entry.flags]
        self.countries = set(chance.sample(known, chance.randrange(8, len(known)))) - {"AZ", "XXX"}

    def filled(self, period: Period, *, gap: bool = False) -> Filled:
        """Return the cells of a period; a year is its fourth quarter."""
        quarter = period.last_quarter
        whole: dict[str, list[CheckedCounts]] = {}
        for tables in self._universes():
            for table in tables:
                found: Counter[Keys] = Counter()
                for part in quarter.quarters_to_date() if table.basis == "year_to_date" else (quarter,):
                    found.update(self._quarter(table, tables, part))
                rows: list[tuple[dict[str, str], int | None]] = [(dict(keys), count) for keys, count in found.items()]
                if gap and table is tables[-1] and table.id == "T07":
                    rows[0] = (rows[0][0], None)
                whole[table.id] = [counts(self.form, table, period, rows, "not_available")]
        return assemble.fill(self.form, period, whole)

    def _universes(self) -> Iterator[list[Table]]:
        by_universe: dict[str, list[Table]] = {}
        for table in self.form.tables.values():
            by_universe.setdefault(table.universe, []).append(table)
        yield from by_universe.values()

    def _quarter(self, table: Table, tables: list[Table], quarter: Period) -> dict[Keys, int]:
        """What a quarter adds to a table: its share of each cell of the margin that the universe has in common."""
        universe = table.universe
        others = [set(shared_dimensions(self.form, table, other)) for other in tables if other is not table]
        common = tuple(each for each in table.dimensions if all(each in shared for shared in others) and others)
        size = self.size[universe] * self.growth[universe] ** (quarter.year - 2026)
        size *= random.Random(f"{self.seed} {universe} {quarter}").uniform(0.95, 1.05)
        weights = {keys: self._weight(f"{universe} {keys}", quarter) for keys in self._combinations(table, common)}
        margin = share_out(int(size), weights, f"{self.seed} {universe} {quarter}") if common else {(): int(size)}
        rest = tuple(each for each in table.dimensions if each not in common)
        found: dict[Keys, int] = {}
        for keys, count in margin.items():
            split = {
                (*keys, *more): self._weight(f"{table.id} {keys} {more}", quarter)
                for more in self._combinations(table, rest)
            }
            found |= share_out(count, split, f"{self.seed} {table.id} {quarter} {keys}")
        return {keys: count for keys, count in found.items() if count}

    def _combinations(self, table: Table, dimensions: Iterable[str]) -> list[Keys]:
        return list(itertools.product(*([(name, code) for code in self._codes(table, name)] for name in dimensions)))

    @functools.cache  # noqa: B019 - a making lives as long as its one form
    def _codes_of(self, table: str, dimension: str) -> tuple[str, ...]:
        entries = self.form.codelist_of(self.form.tables[table], dimension).codes
        return tuple(
            entry.code
            for entry in entries
            if not entry.counted_as
            and not entry.flags & {"observed", "territory"}
            and all(entry.in_force(day) for day in self.days)
            and (dimension != "country" or entry.code in self.countries)
        )

    def _codes(self, table: Table, dimension: str) -> tuple[str, ...]:
        return self._codes_of(table.id, dimension)

    def _weight(self, name: str, quarter: Period) -> int:
        """A weight of the cell's own, a few large and many small, moved a little from quarter to quarter."""
        own, moved = _hash(f"{self.seed} {name}"), _hash(f"{self.seed} {name} {quarter}")
        size = 1 + int(1000 / (1 + own % 400)) ** 2 // 10 + own % 37
        if "stateless" in name:
            size = size // 40 if own % 5 == 0 else 0
        return size * (900 + moved % 200)


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
