"""Links of chains as records: the columns of an extract, codes as Enums, days as dates, numbers as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from form1.definition.codelists import codes_of
from form1.definition.form import Form
from form1.definition.record_layout import Extract
from form1.records.invented.chains import Links
from form1.records.invented.codes_by_date import Coding
from form1.records.invented.persons import ADULT, NOTHING, Persons, civil
from form1.records.invented.settings import Chain

if TYPE_CHECKING:
    import polars as pl

    from form1.records.invented.random_draws import Ints, Mask

ORDER: Final = "(order)"
"""The column, not written, by which records are sorted."""
DAYS: Final[Mapping[str, str]] = {
    "valid_from": "valid_from", "valid_to": "valid_to", "deregistered_on": "left", "annulled_on": "annulled",
    "recorded_on": "entered",
}  # fmt: skip
"""Which day of a link stands in which column."""
OF_PERSONS: Final = ("person_id", "legal_status", "citizenship", "residence_country", "sex", "birth_date")
DECISION: Final = "decision"
ISSUED, RENEWED = "issued", "renewed"
SEXES: Final = ("M", "F")
INVENTED: Final = "SMP"
"""Begins the number of every person: `exports.INVENTED_PERSON`. With it a number still has twelve letters, which polars
keeps without a heap."""
_SPREAD, _SHIFT = 17_179_869_197, 611_953
_OF_PERSONS, _OF_RECORDS = 100_000_000, 100_000_000_000
"""Number n stands as base + (n · spread + shift) modulo 9 · base; these have no common divisor with it: all differ."""


@dataclass(frozen=True)
class Columns:
    """The columns of the records of one chain; `codings` are the drawn ones, each with how often it changes, per mille.

    `of_work` gives, for a column that follows from what a person does, the place of the code by that.
    """

    form: Form
    extract: Extract
    chain: Chain
    name: str
    codings: tuple[tuple[Coding, int], ...]
    of_work: Mapping[str, tuple[int, ...]]

    def frame(self, links: Links) -> pl.DataFrame:
        """Return records with the columns of the extract, and by what they are sorted."""
        import polars as pl

        columns: dict[str, Any] = {ORDER: pl.Series(links.own)}
        columns |= {column: self._column(column, links) for column in self.extract.columns}
        for coding, changes in self.codings:
            columns[coding.column] = self._drawn(coding, changes, links)
        return pl.DataFrame(columns)

    def _column(self, column: str, links: Links) -> pl.Series:
        import numpy as np
        import polars as pl

        persons, extract = links.persons, self.extract
        can_be_empty = column in extract.nullable
        if column in OF_PERSONS:
            return self._of_person(column, persons, can_be_empty)
        if column == extract.placed_by:
            return _dates(links.decided)
        if column == "valid_to" and can_be_empty:
            return _dates(np.where(links.open, NOTHING, links.valid_to))
        if column in DAYS:
            return _dates(getattr(links, DAYS[column]))
        if column == DECISION:
            codes = self._codes(column)
            return self._enum(column, np.where(links.renewed, codes.index(RENEWED), codes.index(ISSUED)))
        described = self.form.records.columns[column]
        if described.type == "identifier" and not can_be_empty:
            return self.chain.prefix + _opaque(links.number, _OF_RECORDS)
        kinds: Mapping[str, Any] = {"identifier": pl.String, "date": pl.Date, "code": pl.Enum(self._codes(column))}
        return pl.Series(column, [None], dtype=kinds[described.type]).new_from_index(0, len(persons))

    def _of_person(self, column: str, persons: Persons, can_be_empty: bool) -> pl.Series:
        import numpy as np

        if column == "person_id":
            return INVENTED + _opaque(persons.random_draws.numbers, _OF_PERSONS)
        if column == "birth_date":
            return _dates(np.where(persons.stated | (not can_be_empty), persons.birth, NOTHING))
        if column == "sex":
            return self._enum(column, np.array([self._codes(column).index(code) for code in SEXES])[persons.sex])
        places = {"legal_status": persons.status, "citizenship": persons.citizenship}
        return self._enum(column, places.get(column, persons.residence))

    def _drawn(self, coding: Coding, changes: int, links: Links) -> pl.Series:
        """The codes of a column: those drawn for the person, until a record has another."""
        import numpy as np

        persons, random_draws = links.persons, links.persons.random_draws
        column = coding.column
        drawn, changed = random_draws.uniform(self.name, column), np.zeros(len(persons), dtype=np.bool_)
        for place in range(1, links.place + 1):
            other = random_draws.happens(changes, 1000, self.name, column, place, "changes")
            drawn = np.where(other, random_draws.uniform(self.name, column, place), drawn)
            changed |= other
        young = _under_age(persons.birth, links.decided)
        found = coding.draw(drawn, links.decided, persons.sex, young)
        if column in self.of_work:
            own = np.array(self.of_work[column])[persons.work]
            found = np.where(changed | ~coding.holds(own, links.decided), found, own)
        if column in self.extract.nullable:
            found = np.where(np.isin(found, coding.silent), NOTHING, found)
        return self._enum(column, found)

    def _codes(self, column: str) -> tuple[str, ...]:
        name = self.form.records.columns[column].codes
        return codes_of(self.form.codelists[name]) if name else ()

    def _enum(self, column: str, places: Ints) -> pl.Series:
        import polars as pl

        enum = pl.Enum(self._codes(column))
        series = pl.Series(column, places)
        if (places == NOTHING).any():
            series = series.set(series == NOTHING, None)
        return series.cast(pl.Series([], dtype=enum).to_physical().dtype).cat.to(enum)


def _under_age(birth: Ints, on: Ints) -> Mask:
    import numpy as np

    (born, month, day), (year, of_month, of_day) = civil(birth), civil(on)
    before = (of_month < month) | ((of_month == month) & (of_day < day))
    return np.asarray(year - born - before < ADULT)


def _dates(days: Ints) -> pl.Series:
    import polars as pl

    series = pl.Series(days).cast(pl.Int32)
    return series.set(series == NOTHING, None).cast(pl.Date)


def _opaque(numbers: Ints, base: int) -> pl.Series:
    """Numbers as text, none twice, that tell nothing about the order of persons."""
    import polars as pl

    return pl.Series((numbers.astype("uint64") * _SPREAD + _SHIFT) % (9 * base) + base).cast(pl.String)
