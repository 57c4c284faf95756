"""An invented register: the records of any slice of its persons, extract by extract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from form1.core.errors import DefinitionError
from form1.core.periods import Period
from form1.definition.form import Form
from form1.records.invented import chains
from form1.records.invented.chains import Links
from form1.records.invented.codes_by_date import Coding, coding, first_day
from form1.records.invented.columns import ORDER, Columns
from form1.records.invented.described import coded, require_described
from form1.records.invented.persons import EPOCH, Calendar, Persons, Population
from form1.records.invented.random_draws import RandomDraws, pick, steps
from form1.records.invented.settings import Chain, Group, Register, Shares

if TYPE_CHECKING:
    import polars as pl

MOST_PERSONS: Final = 100_000_000
"""More would not fit into the numbers of records."""
LONGEST: Final = timedelta(days=20 * 366)
"""No record lasts longer after the extract was taken."""


class Invented:
    """An invented register for a period."""

    def __init__(self, form: Form, period: Period, register: Register, shares: Shares, seed: int) -> None:
        self.form, self.register, self.seed = form, register, seed
        require_described(form, register)
        earliest = max(
            [form.records.not_before]
            + [first_day(form, column) for extract in form.records.extract for column in coded(form, extract)]
        )
        self.calendar = Calendar.of(period, register, earliest)
        if EPOCH + timedelta(days=self.calendar.taken) + LONGEST > form.records.not_after:
            raise DefinitionError(
                f"sample records: permits of {period} would end after {form.records.not_after}, the last day that "
                "records.toml allows. Choose an earlier period."
            )
        if self.calendar.begins > self.calendar.new_year:
            raise DefinitionError(f"sample records: no codes are in force at the beginning of {period.year}.")
        self._groups = steps([group.weight for group in register.group])
        self._populations = [Population(form, register, shares, group, self.calendar) for group in register.group]
        self._columns = [
            [
                (chain, f"{group.id}/{chain.extract}", self._describe(group, chain, people, shares))
                for chain in group.chain
            ]
            for group, people in zip(register.group, self._populations, strict=True)
        ]

    def slice(self, first: int, count: int) -> dict[str, pl.DataFrame]:
        """Return the records of `count` persons from number `first` on, by extract, in the order of the persons.

        `first` is a multiple of 4.
        """
        import numpy as np
        import polars as pl

        everybody = RandomDraws(self.seed, first, count, np.arange(count, dtype=np.int64))
        group = pick(self._groups, everybody.uniform("group"))
        found: dict[str, list[pl.DataFrame]] = {extract.id: [] for extract in self.form.records.extract}
        for number, population in enumerate(self._populations):
            persons = population.draw(everybody.among(group == number))
            made: dict[str, list[Links]] = {}
            for chain, name, columns in self._columns[number]:
                made[chain.extract] = self._links(chain, name, persons, made)
                found[chain.extract] += [columns.frame(links) for links in made[chain.extract]]
        return {extract: pl.concat(frames).sort(ORDER).drop(ORDER) for extract, frames in found.items()}

    def _links(self, chain: Chain, name: str, persons: Persons, made: Mapping[str, Sequence[Links]]) -> list[Links]:
        if chain.follows is None:
            return list(chains.links(chain, persons, self.register, self.calendar, name))
        return list(chains.following(chain, made[chain.follows], self.register, self.calendar, name))

    def _describe(self, group: Group, chain: Chain, people: Population, shares: Shares) -> Columns:
        extract = self.form.records.extracts[chain.extract]
        days: tuple[date, date] = (
            EPOCH + timedelta(days=self.calendar.begins), EPOCH + timedelta(days=self.calendar.taken),
        )  # fmt: skip
        codings: list[tuple[Coding, int]] = []
        of_work: dict[str, tuple[int, ...]] = {}
        for column in coded(self.form, extract):
            draw = self.register.draws.get(column)
            made = coding(
                self.form, column, draw, shares, days, people.young,
                chain.fixed.get(column), chain.without.get(column, ()),
            )  # fmt: skip
            codings.append((made, draw.changes_per_mille if draw else 0))
            if draw and draw.rows and draw.rows == group.sex and column not in chain.fixed:
                of_work[column] = tuple(made.codes.index(code) for _, code, _ in shares.rows(draw.rows))
        return Columns(self.form, extract, chain, f"{group.id}/{chain.extract}", tuple(codings), of_work)
