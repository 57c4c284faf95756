"""Codes by date: each day of the register has those in force on it, with the shares of what they became later."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import fsum
from typing import TYPE_CHECKING, Final

from form1.core.errors import DefinitionError
from form1.definition.codelists import CodeList, codes_of
from form1.definition.form import Form
from form1.records.invented.random_draws import pick, steps
from form1.records.invented.settings import Draw, Shares

if TYPE_CHECKING:
    from form1.records.invented.random_draws import Floats, Ints, Mask

EPOCH: Final = date(1970, 1, 1)
SPECIAL: Final = frozenset({"territory", "not_stated"})
"""Flags of codes that nobody is given unless the shares say so."""
Weights = Mapping[str, tuple[float, float]]
"""Weights of men and of women by code."""


@dataclass(frozen=True)
class ValidityPeriod:
    """Days, counted from 1970, in which the same codes are in force: from `first` on, to the next period."""

    first: int
    bounds: tuple[Floats, Floats]
    """What is drawn, for men and for women, as bounds over all codes of the list."""
    young: tuple[Floats, Floats] | None
    in_force: Mask


@dataclass(frozen=True)
class Coding:
    """The codes of a column and how they are drawn."""

    column: str
    codes: tuple[str, ...]
    periods: tuple[ValidityPeriod, ...]
    silent: tuple[int, ...]
    """Places of codes that say that nothing is stated; they stand as nothing where a column may be empty."""

    def draw(self, drawn: Floats, day: Ints, sex: Ints, young: Mask) -> Ints:
        """Return the place of a code for each drawn number, as it is drawn on that day for that sex."""
        import numpy as np

        found, period = np.zeros(len(drawn), dtype=np.int64), self._period_of(day)
        for number, of_period in enumerate(self.periods):
            for of_sex in (0, 1):
                for is_young, bounds in ((False, of_period.bounds), (True, of_period.young or of_period.bounds)):
                    those = (period == number) & (sex == of_sex) & (young == is_young)
                    if those.any():
                        found[those] = pick(bounds[of_sex], drawn[those])
        return found

    def holds(self, place: Ints, day: Ints) -> Mask:
        """True where the code at a place is in force on the day."""
        import numpy as np

        return np.asarray(np.array([period.in_force for period in self.periods])[self._period_of(day), place])

    def _period_of(self, day: Ints) -> Ints:
        import numpy as np

        return np.searchsorted(np.array([period.first for period in self.periods]), day, side="right") - 1


def coding(
    form: Form, column: str, draw: Draw | None, shares: Shares, days: tuple[date, date],
    young: tuple[float, float] = (0.0, 0.0), fixed: str | None = None, without: Collection[str] = (),
) -> Coding:  # fmt: skip
    """Return how a column is coded from the first to the last of `days`; `fixed` gives everybody one code.

    `young` is which part of the men and of the women is under age: what they have, the others have less often.

    Without a draw every code in force is as frequent as the others. DefinitionError when no code is in force.
    """
    import numpy as np

    name = form.records.columns[column].codes
    assert name is not None  # so says the definition
    codelist = form.codelists[name]
    wanted = _weights(codelist, draw, shares, fixed)
    known = set(codes_of(codelist))
    odd = sorted(({*wanted, *without} | set(draw.under_18 if draw else ())) - known)
    if odd:
        raise DefinitionError(f"register.toml or shares.toml: {column}: {odd[0]!r} is no code of {name}.")
    periods = []
    for first in _beginnings(form, codelist, days):
        given = _on(form, codelist, wanted, first, draw.least if draw and fixed is None else 0)
        left_out = {code for out in without for code in (out, *_before(form, codelist, out, first))}
        given = {code: weights for code, weights in given.items() if code not in left_out}
        if not any(sum(weights) for weights in given.values()):
            raise DefinitionError(f"sample records: no code of {name} that {column} could have is in force on {first}.")
        children = _of_children(form, codelist, draw, first, given)
        others = _without(given, children, young) if children else given
        codes = codes_of(codelist)
        in_force = {entry.code for entry in codelist.on(first)}
        periods.append(ValidityPeriod(
            (first - EPOCH).days, _bounds(codes, others), _bounds(codes, children) if children else None,
            np.array([code in in_force for code in codes]),
        ))  # fmt: skip
    silent = {entry.code for entry in codelist.codes if "not_stated" in entry.flags}
    codes = codes_of(codelist)
    return Coding(column, codes, tuple(periods), tuple(place for place, code in enumerate(codes) if code in silent))


def first_day(form: Form, column: str) -> date:
    """Return the first day on which the list of a column has a code in force."""
    codelist = form.codelists[form.records.columns[column].codes or ""]
    return min(entry.valid_from or date.min for entry in codelist.codes)


def _weights(codelist: CodeList, draw: Draw | None, shares: Shares, fixed: str | None) -> Weights:
    if fixed is not None:
        return {fixed: (1.0, 1.0)}
    if draw is None:
        return {entry.code: (1.0, 1.0) for entry in codelist.codes if not SPECIAL & entry.flags}
    if draw.rows is not None:
        # The sex follows from the row, so both sexes are drawn by the same weights.
        return {code: (values["weight"], values["weight"]) for _, code, values in shares.rows(draw.rows)}
    assert draw.split is not None  # so says Draw
    found = shares.split(draw.split)
    for code, (men, women) in list(found.items()):
        parts = shares.within(code) if draw.within else {}
        whole, moved = fsum(parts.values()), draw.within / 100
        if parts:
            found[code] = men * (1 - moved), women * (1 - moved)
            found |= {part: (men * moved * w / whole, women * moved * w / whole) for part, w in parts.items()}
    return found


def _beginnings(form: Form, codelist: CodeList, days: tuple[date, date]) -> list[date]:
    """The days on which an period begins: the first of all, and every one on which a code comes or goes."""
    found = {days[0]}
    for entry in codelist.codes:
        found |= {entry.valid_from} if entry.valid_from else set()
        found |= {entry.valid_to + timedelta(days=1)} if entry.valid_to else set()
    return sorted(day for day in found if days[0] <= day <= days[1])


def _on(form: Form, codelist: CodeList, wanted: Weights, on: date, least: int) -> dict[str, tuple[float, float]]:
    """The weights of the codes in force on a day: their own, or those of what they became."""
    in_force = {entry.code: entry for entry in codelist.on(on)}
    found = {code: weights for code, weights in wanted.items() if code in in_force}
    for code, (men, women) in wanted.items():
        if code not in in_force:
            before = [earlier for earlier in _before(form, codelist, code, on) if earlier in in_force]
            for earlier in before:
                had = found.get(earlier, (0.0, 0.0))
                found[earlier] = had[0] + men / len(before), had[1] + women / len(before)
    for sex in (0, 1):
        floor = fsum(weights[sex] for weights in found.values()) * least / 1_000_000
        for code, entry in in_force.items():
            if floor and not SPECIAL & entry.flags:
                weights = list(found.get(code, (0.0, 0.0)))
                weights[sex] = max(weights[sex], floor)
                found[code] = weights[0], weights[1]
    return found


def _before(form: Form, codelist: CodeList, code: str, on: date) -> list[str]:
    """The codes that went into `code` after the day."""
    links = [
        link for link in form.links if link.list == codelist.id and link.becomes == code != link.code and link.on > on
    ]
    return [earlier for link in links for earlier in (link.code, *_before(form, codelist, link.code, on))]


def _of_children(
    form: Form, codelist: CodeList, draw: Draw | None, on: date, given: Weights
) -> dict[str, tuple[float, float]]:
    allowed = {code for one in (draw.under_18 if draw else ()) for code in (one, *_before(form, codelist, one, on))}
    return {code: weights for code, weights in given.items() if code in allowed}


def _without(given: Weights, children: Weights, young: tuple[float, float]) -> dict[str, tuple[float, float]]:
    """The weights that adults have, so that they and the children together have those given."""
    found: dict[str, list[float]] = {code: list(weights) for code, weights in given.items()}
    for sex in (0, 1):
        of_all, of_children = (fsum(weights[sex] for weights in those.values()) for those in (given, children))
        for code, weights in children.items():
            less = weights[sex] / of_children * young[sex] * of_all if of_children else 0.0
            found[code][sex] = max(weights[sex] - less, 0.0)
    return {code: (men, women) for code, (men, women) in found.items()}


def _bounds(codes: tuple[str, ...], given: Weights) -> tuple[Floats, Floats]:
    men, women = ([given.get(code, (0.0, 0.0))[sex] for code in codes] for sex in (0, 1))
    return steps(men if sum(men) else women), steps(women if sum(women) else men)
