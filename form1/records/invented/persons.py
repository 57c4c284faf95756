"""Persons of a slice of the register: their group, countries, sex and birth, each drawn by the shares of the group."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import fsum
from typing import TYPE_CHECKING, Final

from form1.core.errors import DefinitionError
from form1.core.periods import Period
from form1.definition.codelists import codes_of
from form1.definition.form import Form
from form1.records.invented.random_draws import RandomDraws, pick, steps
from form1.records.invented.settings import Group, Register, Shares

if TYPE_CHECKING:
    from form1.records.invented.random_draws import Floats, Ints, Mask

NOTHING: Final = -(2**31)
"""Stands where there is no day and no code."""
EPOCH: Final = date(1970, 1, 1)
ADULT: Final = 18
OLDEST: Final = 84
NOT_ESTABLISHED: Final = "XXX"
STATELESS: Final = "stateless"
FOREIGNER: Final = "foreigner"


@dataclass(frozen=True)
class Calendar:
    """The days of a register, counted from 1970: it begins, the period ends, and the extract is taken."""

    begins: int
    last_day: int
    taken: int
    new_year: int

    @classmethod
    def of(cls, period: Period, register: Register, earliest: date) -> Calendar:
        """Return the days of a period; nothing is earlier than `earliest`."""
        begins = max(date(period.year - register.years_before, 1, 1), earliest)
        taken = period.last_day + timedelta(days=register.days_after)
        days = (begins, period.last_day, taken, period.first_day)
        return cls(*((day - EPOCH).days for day in days))


@dataclass(frozen=True)
class Persons:
    """Some persons of one group: what is drawn for them once, as places in code lists and days from 1970."""

    random_draws: RandomDraws
    first_day: Ints
    status: Ints
    citizenship: Ints
    residence: Ints
    sex: Ints
    """0 for men, 1 for women."""
    birth: Ints
    stated: Mask
    """False for those whose day of birth nobody wrote down."""
    work: Ints
    """The place, among the rows that give the sex, of what a person does; 0 where these are countries."""

    def among(self, mask: Mask) -> Persons:
        """Return those for whom `mask` is true."""
        parts = ("first_day", "status", "citizenship", "residence", "sex", "birth", "stated", "work")
        return Persons(self.random_draws.among(mask), *(getattr(self, part)[mask] for part in parts))

    def __len__(self) -> int:
        return len(self.first_day)


class Population:
    """How the persons of one group are drawn."""

    def __init__(self, form: Form, register: Register, shares: Shares, group: Group, calendar: Calendar) -> None:
        self.group, self.register, self.calendar = group, register, calendar
        quarters, shift = shares.season(group.season)
        self._days = steps(_by_day(calendar, quarters))
        rows = shares.rows("countries")
        countries, statuses = (codes_of(form.codelists[form.records.columns[name].codes or ""]) for name in
                               ("residence_country", "legal_status"))  # fmt: skip
        self._country = [_place(countries, code, "countries") for _, code, _ in rows]
        self._status = [_place(statuses, status, "legal_status") for status, _, _ in rows]
        self._stateless = [status == STATELESS for status, _, _ in rows]
        self._unknown = [code == NOT_ESTABLISHED for _, code, _ in rows]
        self._rows = steps(_country_weights(rows, group))
        only_foreigners = [
            weight if status == FOREIGNER and code != NOT_ESTABLISHED else 0.0
            for weight, (status, code, _) in zip(_country_weights(rows, group), rows, strict=True)
        ]
        self._others = steps(only_foreigners)
        by_country = group.sex == "countries"
        of_sex = rows if by_country else shares.rows(group.sex)
        self._men = [(values["men"] + (shift if by_country else 0)) / 100 for _, _, values in of_sex]
        self._works = None if by_country else steps([values["weight"] for _, _, values in of_sex])
        self._ages = tuple(steps(_by_year(shares.split(group.ages), sex)) for sex in (0, 1))
        self.young = float(self._ages[0][ADULT - 1]), float(self._ages[1][ADULT - 1])
        """Which part of the men and of the women is under age."""

    def draw(self, random_draws: RandomDraws) -> Persons:
        """Return the persons that `random_draws` is about."""
        import numpy as np

        id, edges = self.group.id, self.register.edges
        row = pick(self._rows, random_draws.uniform(id, "country"))
        other = pick(self._others, random_draws.uniform(id, "other country"))
        differs = random_draws.happens(self.group.other_country_per_mille, 1000, id, "differs")
        country, status = np.array(self._country)[row], np.array(self._status)[row]
        stateless, unknown = np.array(self._stateless)[row], np.array(self._unknown)[row]
        second = np.where(differs, np.array(self._country)[other], country)
        counted_by_citizenship = self.group.counted_by == "citizenship"
        citizenship, residence = (country, second) if counted_by_citizenship else (second, country)
        citizenship = np.where(stateless | unknown, NOTHING, citizenship)
        residence = np.where(stateless, country, np.where(unknown, np.array(self._country)[other], residence))
        silent = random_draws.happens(self.register.not_stated.residence_country, 1000, id, "silent")
        residence = np.where(silent & ~stateless, NOTHING, residence)
        work = row if self._works is None else pick(self._works, random_draws.uniform(id, "work"))
        sex = (random_draws.uniform(id, "sex") >= np.array(self._men)[work]).astype(np.int64)
        first = self.calendar.begins + pick(self._days, random_draws.uniform(id, "day"))
        on_edge = random_draws.happens(edges.first_on_edge, 1000, id, "edge")
        days = np.array([self.calendar.last_day, self.calendar.last_day + 1, self.calendar.new_year])
        first = np.where(on_edge, days[random_draws.days(0, len(days) - 1, id, "which edge")], first)
        birth = self._birth(random_draws, first, sex)
        stated = ~random_draws.happens(self.register.not_stated.birth_date, 1000, id, "birth not stated")
        nothing = np.zeros(len(row), dtype=np.int64)
        return Persons(random_draws, first, status, citizenship, residence, sex, birth, stated,
                       nothing if self._works is None else work)  # fmt: skip

    def _birth(self, random_draws: RandomDraws, first: Ints, sex: Ints) -> Ints:
        """Days of birth such that on the first day everybody is as old, in whole years, as drawn, or a little older."""
        import numpy as np

        id, edges = self.group.id, self.register.edges
        drawn = random_draws.uniform(id, "age")
        age = np.where(sex == 0, pick(self._ages[0], drawn), pick(self._ages[1], drawn))
        year, month, day = civil(first)
        turned = from_civil(year - age, month, np.where((month == 2) & (day == 29), 28, day))
        birth = turned - random_draws.days(0, 364, id, "days since birthday")
        year, month, day = civil(birth)
        leap = random_draws.happens(edges.born_on_29_february, 1000, id, "29 February")
        birth = np.where(
            leap, from_civil(year - 1 - (year - 1) % 4, np.full(len(year), 2), np.full(len(year), 29)), birth
        )
        on_last = random_draws.happens(edges.birthday_on_last_day, 1000, id, "birthday") & ~leap
        _, last_month, last_day = civil(np.full(len(year), self.calendar.last_day))
        return np.where(on_last, from_civil(year - 1, last_month, last_day), birth)


def civil(days: Ints) -> tuple[Ints, Ints, Ints]:
    """Return year, month and day of days counted from 1970."""
    import numpy as np

    at = days.astype("datetime64[D]")
    months = at.astype("datetime64[M]")
    number = months.astype(np.int64)
    return number // 12 + 1970, number % 12 + 1, (at - months.astype("datetime64[D]")).astype(np.int64) + 1


def from_civil(year: Ints, month: Ints, day: Ints) -> Ints:
    """Return the days from 1970 of dates that exist."""
    import numpy as np

    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    return np.asarray(months.astype("datetime64[D]").astype(np.int64) + day - 1)


def _by_day(calendar: Calendar, quarters: tuple[float, ...]) -> Floats:
    """The weight of each day from the first to the one on which the extract is taken."""
    import numpy as np

    days = np.arange(calendar.begins, calendar.taken + 1, dtype=np.int64)
    year, month, _ = civil(days)
    quarter = (month - 1) // 3
    one = np.ones(len(days), dtype=np.int64)
    begins = from_civil(year, quarter * 3 + 1, one)
    ends = from_civil(year + quarter // 3, (quarter * 3 + 3) % 12 + 1, one)
    return np.asarray(np.array(quarters)[quarter] / (ends - begins))


def _country_weights(rows: list[tuple[str, str, dict[str, float]]], group: Group) -> list[float]:
    """The weights of the rows of countries; those drawn elsewhere are taken away, down to none."""

    def column(name: str) -> list[float]:
        if any(name not in values for _, _, values in rows):
            raise DefinitionError(f"register.toml: {group.id}: the countries of shares.toml have no column {name!r}.")
        found = [values[name] for _, _, values in rows]
        return [weight / fsum(found) for weight in found]

    weights = column(group.country)
    if group.less is not None:
        less = group.less.per_cent / 100
        pairs = zip(weights, column(group.less.country), strict=True)
        weights = [max(weight - less * other, 0.0) for weight, other in pairs]
    return weights


def _by_year(bands: dict[str, tuple[float, float]], sex: int) -> Floats:
    """The weight of each age in years; that of a band is spread evenly over its years."""
    import numpy as np

    weights = np.zeros(OLDEST + 1)
    for code, pair in bands.items():
        low, _, high = code.rstrip("+").partition("-")
        if low.isdigit():
            years = range(int(low), (int(high) if high else OLDEST) + 1)
            weights[years.start : years.stop] += pair[sex] / len(years)
    return weights


def _place(codes: tuple[str, ...], code: str, name: str) -> int:
    if code not in codes:
        raise DefinitionError(f"shares.toml: {code!r} is no code of {name}.")
    return codes.index(code)
