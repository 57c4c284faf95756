"""residence.toml of an annex as frozen records: how records become stays, and stays the counts of its tables."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Final, Literal, get_args

from pydantic import Field

from form1.core.texts import Language, Text
from form1.definition.counting import Breakdown
from form1.definition.records import Identifier, Record, Sourced, TableId

What = Literal["arrivals", "departures", "residents"]
About = Literal["stay", "gap", "known", "history"]
ABOUT: Final[tuple[About, ...]] = get_args(About)


class Right(Sourced):
    """Records that give a right to reside, from `begins` to `ends`; a day in `cut_by` is the first without it."""

    extract: Identifier
    begins: Identifier
    ends: Identifier
    cut_by: tuple[Identifier, ...] = ()
    joins: bool
    """True when a short gap between two of them does not end a stay."""


class StayRule(Sourced):
    """One rule of stays with its number, where it has one, and its sentence."""

    id: About
    value: int = Field(default=0, ge=0, le=120)
    az: str = Field(min_length=1)
    en: str = Field(min_length=1)
    ru: str = Field(min_length=1)

    def sentence(self, language: Language) -> str:
        """Return the rule in words."""
        return Text(az=self.az, en=self.en, ru=self.ru).of(language).format(value=self.value)


class Counted(Record):
    """Which stays a table counts."""

    table: TableId
    what: What


class Residence(Record):
    """residence.toml."""

    right: tuple[Right, ...] = Field(min_length=1)
    rule: tuple[StayRule, ...]
    count: tuple[Counted, ...]
    breakdown: tuple[Breakdown, ...] = Field(min_length=1)

    @cached_property
    def what(self) -> Mapping[str, What]:
        """What each table counts."""
        return {counted.table: counted.what for counted in self.count}

    def value(self, about: About) -> int:
        """Return the number of a rule."""
        return next(rule.value for rule in self.rule if rule.id == about)

    def sentences(self, language: Language) -> tuple[str, ...]:
        """Return the rules in words."""
        return tuple(rule.sentence(language) for rule in self.rule)
