"""counting.toml as frozen records: how records become the counts of a universe, and every rule in words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Final, Literal, get_args

from pydantic import Field

from form1.core.texts import Language, Text
from form1.definition.records import Identifier, Record, Sourced

About = Literal["unit", "several", "placed_by", "span", "decisions", "in_force", "last_day", "annulled", "age_on"]
ABOUT: Final[tuple[About, ...]] = get_args(About)

KNOWN: Final[Mapping[About, frozenset[str]]] = {
    "unit": frozenset({"records", "persons"}),
    "several": frozenset({"first", "last"}),
    "placed_by": frozenset({"registered_on", "decided_on", "valid_from", "recorded_on"}),
    "span": frozenset({"year_to_date", "any_day"}),
    "decisions": frozenset({"issued", "renewed", "both", "none"}),
    "in_force": frozenset({"any", "at_period_end"}),
    "last_day": frozenset({"in_force", "ended"}),
    "annulled": frozenset({"counted", "left_out"}),
    "age_on": frozenset({"placed", "period_end"}),
}
"""The values that the counting understands."""


class Breakdown(Record):
    """Where the codes of a dimension of the exports come from."""

    dimension: Identifier
    source: Identifier = Field(alias="from")
    """A column of records.toml; a date gives the age group."""
    stateless: Identifier | None = None
    """The column that takes its place for stateless persons."""
    unknown: str = ""
    """The code of records that leave the column empty."""


class Universe(Record):
    """The records that the tables of one universe count."""

    id: Identifier
    extract: Identifier
    breakdown: tuple[Breakdown, ...] = Field(min_length=1)

    @cached_property
    def by_dimension(self) -> Mapping[str, Breakdown]:
        """Breakdowns by dimension."""
        return {item.dimension: item for item in self.breakdown}


class Choice(Record):
    """What a value of a rule means, in words."""

    about: About
    value: Identifier
    az: str = Field(min_length=1)
    en: str = Field(min_length=1)
    ru: str = Field(min_length=1)

    @property
    def text(self) -> Text:
        """The sentence in its languages."""
        return Text(az=self.az, en=self.en, ru=self.ru)


class CountingRule(Sourced):
    """One rule of a universe, in force until a statistician writes another value."""

    universe: Identifier
    about: About
    value: Identifier


class Counting(Record):
    """counting.toml."""

    universe: tuple[Universe, ...]
    choice: tuple[Choice, ...]
    rule: tuple[CountingRule, ...]

    @cached_property
    def universes(self) -> Mapping[str, Universe]:
        """Universes by id."""
        return {universe.id: universe for universe in self.universe}

    @cached_property
    def _values(self) -> Mapping[tuple[str, str], str]:
        return {(rule.universe, rule.about): rule.value for rule in self.rule}

    def value(self, universe: str, about: About) -> str:
        """Return what is chosen for a universe."""
        return self._values[universe, about]

    def sentences(self, universe: str, language: Language) -> tuple[str, ...]:
        """Return the rules of a universe in words, in the order of `ABOUT`."""
        said = {(choice.about, choice.value): choice.text.of(language) for choice in self.choice}
        return tuple(said[about, self.value(universe, about)] for about in ABOUT if self._matters(universe, about))

    def _matters(self, universe: str, about: About) -> bool:
        """True unless another rule of the universe leaves this one without effect."""
        if about == "several":
            return self.value(universe, "unit") == "persons"
        if about == "last_day":
            return self.value(universe, "in_force") == "at_period_end"
        if about in {"decisions", "in_force"}:
            return self.value(universe, about) not in {"none", "any"}
        if about == "age_on":
            return "age_group" in self.universes[universe].by_dimension
        return True
