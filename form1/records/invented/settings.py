"""sample_data/register.toml and shares.toml as frozen records: by which shares a register is invented."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError, model_validator

from form1.core.errors import DefinitionError
from form1.core.validation_errors import first_error
from form1.definition.records import Identifier, Record, Sourced

PerMille = Annotated[int, Field(ge=0, le=1000)]
PerCent = Annotated[int, Field(ge=0, le=100)]
Days = tuple[int, int]
Spans = tuple[tuple[int, int, int], ...]
"""Days from, days to, weight."""
MOST_RECORDS = 8
"""Records that one person can have in an extract: the number of a record leaves room for so many."""


class Entered(Sourced):
    """How late a record is entered in the system."""

    days: Spans = Field(min_length=1)


class NotStated(Sourced):
    """What nobody wrote down, per mille of the persons."""

    birth_date: PerMille
    residence_country: PerMille


class Edges(Sourced):
    """Cases made more frequent than they are, per mille."""

    born_on_29_february: PerMille
    birthday_on_last_day: PerMille
    first_on_edge: PerMille
    ends_on_last_day: PerMille


class Draw(Sourced):
    """How the codes of a column are drawn."""

    column: Identifier
    split: Identifier | None = None
    rows: Identifier | None = None
    within: PerCent = 0
    least: int = Field(default=0, ge=0, le=10_000)
    changes_per_mille: PerMille = 0
    under_18: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _one_of_two(self) -> Draw:
        if (self.split is None) == (self.rows is None):
            raise ValueError("a draw names a split or rows of shares.toml, one of the two")
        return self


class Chain(Sourced):
    """The records of one extract that persons of a group have, one after the other."""

    extract: Identifier
    prefix: str = Field(default="", pattern="[A-Za-z0-9]*")
    share: PerCent = 100
    follows: Identifier | None = None
    """The extract of the same group whose records these follow one by one, ending with them."""
    starts_after: Days = (0, 0)
    times: tuple[int, ...] = Field(default=(1,), min_length=1, max_length=MOST_RECORDS)
    first_days: Spans = ()
    next_days: Spans = ()
    next_after: Days = (0, 0)
    keeps_number: bool = False
    anew_per_cent: PerCent = 0
    anew_after: Days = (1, 1)
    left_share: PerCent = 0
    open_share: PerCent = 0
    annulled_per_mille: PerMille = 0
    fixed: Mapping[str, str] = Field(default_factory=dict)
    without: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _has_an_end(self) -> Chain:
        if (self.follows is None) == (not self.first_days):
            raise ValueError("a chain says how long its records are valid (first_days), or what it follows")
        return self


class Less(Record):
    """Shares that are taken away from others: so many per cent of all are drawn elsewhere by that column."""

    country: Identifier
    per_cent: float = Field(gt=0, lt=100)


class Group(Sourced):
    """Persons who have the same kinds of records."""

    id: Identifier
    weight: int = Field(ge=1)
    country: Identifier
    counted_by: Identifier
    less: Less | None = None
    other_country_per_mille: PerMille = 0
    season: Identifier
    sex: Identifier
    ages: Identifier
    chain: tuple[Chain, ...] = Field(min_length=1)


class Register(Sourced):
    """register.toml."""

    years_before: int = Field(ge=0, le=20)
    days_after: int = Field(ge=0, le=90)
    entered: Entered
    not_stated: NotStated
    edges: Edges
    draw: tuple[Draw, ...]
    group: tuple[Group, ...] = Field(min_length=1)

    @cached_property
    def draws(self) -> Mapping[str, Draw]:
        """Draws by column."""
        return {draw.column: draw for draw in self.draw}


class Shares:
    """shares.toml: what the invented exports and the invented register have in common."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self._content = content

    def split(self, id: str) -> dict[str, tuple[float, float]]:
        """Return the weights of men and of women by code."""
        return {code: (float(men), float(women)) for code, (men, women) in self._at("splits", id)["of"].items()}

    def within(self, code: str) -> dict[str, float]:
        """Return the weights of the parts of a code; empty when it has none."""
        return {part: float(weight) for part, weight in self._content["within"].get(code, {"of": {}})["of"].items()}

    def rows(self, id: str) -> list[tuple[str, str, dict[str, float]]]:
        """Return the rows of a list: legal status ("" where there is none), code, and values by column."""
        found = self._at("rows", id)
        return [
            (part.get("with", {}).get("legal_status", ""), code, dict(zip(found["columns"], values, strict=True)))
            for part in found["of"]
            for code, values in part["values"].items()
        ]

    def season(self, universe: str) -> tuple[tuple[float, ...], int]:
        """Return the four quarters of a whole year of a universe, and by how many per cent its men are shifted."""
        for entry in self._content["universe"]:
            if entry["id"] == universe:
                year = next(quarters for quarters in entry["quarters"].values() if len(quarters) == 4)
                return tuple(map(float, year)), int(entry.get("men_shift", 0))
        raise DefinitionError(f"shares.toml has no universe {universe!r}, of which register.toml speaks.")

    def _at(self, kind: str, id: str) -> Any:
        try:
            return self._content[kind][id]
        except KeyError:
            raise DefinitionError(f"shares.toml has no [{kind}.{id}], of which register.toml speaks.") from None


def read(folder: Path) -> tuple[Register, Shares]:
    """Return the two files of `folder`; DefinitionError names the file and what is wrong with it."""
    content = {name: _toml(folder / f"{name}.toml") for name in ("register", "shares")}
    try:
        return Register.model_validate(content["register"]), Shares(content["shares"])
    except ValidationError as error:
        first = first_error(error)
        raise DefinitionError(f"register.toml: {first.key}: {first.message}.") from None


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DefinitionError(f"{path.name} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DefinitionError(f"{path.name}: {error}.") from None
