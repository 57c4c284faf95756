"""The period that a text names, in whatever wording: `III rüb 2025`, `yanvar–sentyabr 2026`, `30.09.2026`."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from form1.core.periods import Period
from form1.core.texts import lower_az
from form1.definition.records import PeriodWords
from form1.definition.spelling import tidy

_YEAR: Final = re.compile(r"(?<![0-9.])(20[0-9]{2})(?![0-9])")
_DAY: Final = re.compile(r"(?<![0-9])([0-3]?[0-9])[./-]([01]?[0-9])[./-](20[0-9]{2})(?![0-9])")
_ISO_DAY: Final = re.compile(r"(?<![0-9])(20[0-9]{2})-([01][0-9])-([0-3][0-9])(?![0-9])")
_DAY_OF_US: Final = re.compile(r"(?<![0-9])([01]?[0-9])/(1[3-9]|[23][0-9])/(20[0-9]{2})(?![0-9])")
_SHORT_DAY: Final = re.compile(r"(?<![0-9.])([0-3][0-9])\.([01][0-9])\.([0-9]{2})(?![0-9.])")
_CODED: Final = re.compile(
    r"(?<![^\W_])q ?-?([1-4])(?![^\W_])|(?<=[0-9])q([1-4])(?![^\W_])|(?<![^\W_])([1-4])q(?![^\W\d_])"
)
_HALF: Final = re.compile(r"(?<![^\W\d_])h ?-?([12])(?![^\W_])|(?<![^\W_])([12])h(?![^\W\d_])")
_MONTHS: Final = re.compile(r"(?<![^\W_])(3|6|9|12)m(?![^\W\d_])")
_ROMAN: Final = re.compile(
    r"(?<![0-9.])20[0-9]{2}[ /-]+(iv|i{1,3})(?![^\W_])|(?<![^\W_])(iv|i{1,3})[ /-]+20[0-9]{2}(?![0-9])"
)
_SLASHED: Final = re.compile(r"(?<![0-9./-])20[0-9]{2}/([1-4])(?![0-9./-])")
_ROMANS: Final = ("i", "ii", "iii", "iv")
_SHORT_YEAR: Final = (
    r"(?<![^\W_])(?:q ?-?[1-4]|[1-4]q|h[12]|[12]h|(?:3|6|9|12)m|(?:%s)\.?)[ '/-]{0,2}([0-9]{2})(?![0-9]|\.[0-9])"
)
_NUMBERED_MONTH: Final = re.compile(
    r"(?<![0-9./-])(20[0-9]{2})[./-](0[1-9]|1[0-2])(?![0-9]|[./-][0-9])"
    r"|(?<![0-9./-])(0[1-9]|1[0-2])[./-](20[0-9]{2})(?![0-9]|[./-][0-9])"
)
_SHORT_MONTH: Final = re.compile(r"(?<![^\W_])([^\W\d_]{3,9})[-.'/]{1,2}([0-9]{2})(?![0-9])")
_NUMERALS: Final = str.maketrans({"ⅰ": "i", "ⅱ": "ii", "ⅲ": "iii", "ⅳ": "iv"})
_WORD: Final = re.compile(r"[0-9]+|[^\W\d_]+")
_LONGEST: Final = 600


@dataclass(frozen=True, slots=True)
class Stated:
    """What a text says of the period. A period fits when no part of it says otherwise."""

    years: frozenset[int]
    """Empty where no year is named."""
    quarters: frozenset[int]
    """0 for a whole year; empty where the year alone is named."""
    is_other: bool = False
    """True where months are named that no period of the form covers, or the year before."""
    month: int = 0
    """Set where one month of a year and no day is named: nobody knows what the text covers, only what it does not."""

    def fits(self, period: Period) -> bool:
        """True when the text may be about `period`: of months the last one, or the next, in which it is published."""
        if self.month:
            last = period.last_day.year, period.last_day.month
            after = (last[0] + 1, 1) if last[1] == 12 else (last[0], last[1] + 1)
            return any((year, self.month) in {last, after} for year in self.years)
        if self.is_other or (self.years and period.year not in self.years):
            return False
        return not self.quarters or period.quarter in self.quarters


class PeriodReader:
    """Reads the periods that texts name, by the words of sources.toml."""

    def __init__(self, words: PeriodWords) -> None:
        self.words = words
        self._months = [_folded(names) for names in words.months]
        self._quarters = [_folded(names) for names in words.quarters]
        self._quarter, self._half, self._month = _folded(words.quarter), _folded(words.half), _folded(words.month)
        self._counted = {3 * at: _folded(names) for at, names in enumerate(words.counted_months, start=1)}
        self._short_year = re.compile(_SHORT_YEAR % "|".join(map(re.escape, self._quarter)))
        self._last_year, self._acts = _folded(words.last_year), _folded(words.acts)

    def read(self, text: str) -> Stated | None:
        """Return what `text` says of the period, or None when it names none that this program understands.

        >>> from form1.definition import load
        >>> reader = PeriodReader(load().sources.period_words)
        >>> [reader.read(text).fits(Period(2026, 3)) for text in ("III rüb 2026", "yanvar-sentyabr 2026", "Q3 2025")]
        [True, True, False]
        """
        if len(text) > _LONGEST:
            return None
        text = _fold(text)
        years: set[int] = set()
        quarters: set[int] = set()
        is_other = False
        days = list(_days(text))
        if any(act in text for act in self._acts):
            days = []
        else:
            years |= {int(year) for year in _YEAR.findall(_DAY.sub(" ", _ISO_DAY.sub(" ", text)))}
        words = _WORD.findall(_DAY.sub(" ", _ISO_DAY.sub(" ", text)))
        years |= {2000 + int(year) for year in self._short_year.findall(text)}
        quarters |= set(_lettered(text))
        quarters |= {int(next(filter(None, found))) for found in _CODED.findall(text)}
        quarters |= set(self._spelled(words))
        months = list(self._named(words))
        spans = [(1, number) for number in (*self._numbered(words), *map(int, _MONTHS.findall(text)))]
        dated = self._dated(words)
        if dated and not quarters and not spans:
            days.append(dated)
            months = []
        if len(months) > 1:
            spans.append((months[0], months[-1]))
        for first, last in spans:
            if last % 3 or first not in {1, last - 2}:
                is_other = True
            else:
                quarters |= {last // 3} | ({0} if (first, last) == (1, 12) else set())
        if days and not quarters:
            ends = [end for end in map(_end, days) if end is not None]
            if ends:
                years |= {ends[-1][0]}
                quarters |= {ends[-1][1]} | ({0} if ends[-1][1] == 4 else set())
        elif days:
            years |= {year for year, _, _ in days}
        if any(word in text for word in self._last_year) and not years:
            return Stated(frozenset(), frozenset(quarters), is_other=True)
        if not quarters and not spans and not days and (alone := self._month_alone(text, months, years)):
            return alone
        if len(months) == 1 and not quarters and not spans and not days:
            return None
        if is_other and not quarters:
            return Stated(frozenset(years), frozenset(), is_other=True)
        return Stated(frozenset(years), frozenset(quarters)) if years or quarters else None

    def read_cell(self, text: str) -> Stated | None:
        """Return what a cell of a column of periods says, where the number of a quarter may stand alone: `3`, `III`."""
        stated = self.read(text)
        words = _WORD.findall(_fold(text)) if stated is None and len(text) <= _LONGEST else []
        if len(words) == 1:
            number = next((n for n, names in enumerate(self._quarters, 1) if words[0] in names), 0)
            return Stated(frozenset(), frozenset({number})) if number else None
        return stated

    def is_vague(self, text: str) -> bool:
        """True for a text that names one month of a year and no day: nobody knows what it covers."""
        stated = self.read(text)
        return stated is not None and stated.month > 0

    def _month_alone(self, text: str, months: list[int], years: set[int]) -> Stated | None:
        """One month of a year: `sentyabr 2026`, `Sep-26`, `2026-09`."""
        if len(months) == 1 and len(years) == 1:
            return Stated(frozenset(years), frozenset(), month=months[0])
        for name, year in _SHORT_MONTH.findall(text) if len(months) == 1 and not years else ():
            if self._month_of(name):
                return Stated(frozenset({2000 + int(year)}), frozenset(), month=months[0])
        numbered = list(_NUMBERED_MONTH.finditer(text))
        if len(numbered) == 1 and len(years) < 2 and not months:
            (found,) = numbered
            return Stated(frozenset({int(found[1] or found[4])}), frozenset(), month=int(found[2] or found[3]))
        return None

    def _spelled(self, words: list[str]) -> Iterator[int]:
        """Quarters and halves with their word before or behind: `III rüb`, `3-cü rübü`, `квартал 3`, `first half`."""
        for at, word in enumerate(words):
            is_quarter, is_half = _begins(word, self._quarter), _begins(word, self._half)
            if not is_quarter and not is_half:
                continue
            near = [*words[max(0, at - 2) : at][::-1], *words[at + 1 : at + 2]]
            number = next((n for other in near for n, names in enumerate(self._quarters, 1) if _is(other, names)), 0)
            if number:
                yield number if is_quarter else min(2 * number, 4)

    def _numbered(self, words: list[str]) -> Iterator[int]:
        """Months since January by their number: `9 ay`, `девять месяцев`."""
        for at, word in enumerate(words):
            if at and _begins(word, self._month) and not self._month_of(word):
                before = " ".join(words[max(0, at - 2) : at])
                for number, names in self._counted.items():
                    if any(before == name or before.endswith(f" {name}") for name in names):
                        yield number

    def _named(self, words: list[str]) -> Iterator[int]:
        for word in words:
            month = self._month_of(word)
            if month:
                yield month

    def _dated(self, words: list[str]) -> tuple[int, int, int] | None:
        """A day with the name of its month: `30 sentyabr 2026`, `September 30, 2026`."""
        year = next((int(word) for word in words if re.fullmatch("20[0-9]{2}", word)), 0)
        at = [index for index, word in enumerate(words) if self._month_of(word)]
        if not year or len(at) != 1:
            return None
        beside = [*words[max(0, at[0] - 1) : at[0]], *words[at[0] + 1 : at[0] + 2]]
        day = next((int(word) for word in beside if re.fullmatch("[0-3]?[0-9]", word)), 0)
        return (year, self._month_of(words[at[0]]), day) if 1 <= day <= 31 else None

    def _month_of(self, word: str) -> int:
        for number, names in enumerate(self._months, start=1):
            if any(word == name or (len(name) > 3 and word.startswith(name)) for name in names):
                return number
            if any(word.startswith(name) and word[len(name) :] in {"in", "da", "dan", "ı", "i"} for name in names):
                return number
        return 0


@lru_cache(maxsize=4)
def period_reader(words: PeriodWords | None) -> PeriodReader | None:
    """Return the reader for these words, made once; None where the definition has no words."""
    return PeriodReader(words) if words else None


def _lettered(text: str) -> Iterator[int]:
    """Quarters by the letters of tables: `H1 2026`, `II/2026`, `2026/2`."""
    yield from (2 * int(first or second) for first, second in _HALF.findall(text))
    yield from (_ROMANS.index(first or second) + 1 for first, second in _ROMAN.findall(text))
    yield from map(int, _SLASHED.findall(text))


def _days(text: str) -> Iterator[tuple[int, int, int]]:
    for found in _DAY.finditer(text):
        yield int(found[3]), int(found[2]), int(found[1])
    for found in _SHORT_DAY.finditer(text):
        yield 2000 + int(found[3]), int(found[2]), int(found[1])
    for found in _DAY_OF_US.finditer(text):
        yield int(found[3]), int(found[1]), int(found[2])
    for found in _ISO_DAY.finditer(text):
        yield int(found[1]), int(found[2]), int(found[3])


def _end(day: tuple[int, int, int]) -> tuple[int, int] | None:
    """The quarter at whose end a day stands: its last day, or the first of the next one (`на 1 октября`)."""
    year, month, of_month = day
    if month % 3 == 0 and 1 <= month <= 12 and of_month == calendar.monthrange(year, month)[1]:
        return year, month // 3
    if of_month == 1 and month in {1, 4, 7, 10}:
        return (year, month // 3) if month > 1 else (year - 1, 4)
    return None


def _begins(word: str, names: Iterable[str]) -> bool:
    return any(word.startswith(name) and len(word) - len(name) <= 5 for name in names)


def _is(word: str, names: Iterable[str]) -> bool:
    return any(word == name or (len(name) > 3 and word.startswith(name)) for name in names)


def _folded(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(_fold(name) for name in names)


def _fold(text: str) -> str:
    return lower_az(tidy(text)).replace("ı", "i").replace("ё", "е").translate(_NUMERALS)
