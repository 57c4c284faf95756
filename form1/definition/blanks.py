"""The authority's own blank workbooks: which there are, for which periods, and which cells say what the form is."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, ValidationError

from form1.core.errors import DefinitionError
from form1.core.folders import data_folder
from form1.core.periods import Period
from form1.core.texts import Language
from form1.core.validation_errors import first_error
from form1.definition.records import Record

Wanted = Literal["period", "year", "due_on", "code", "head", "compiler", "telephone", "signed_on"]
"""What a cell outside the tables can say."""
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


class About(Record):
    """NAME.toml beside a blank; every key may be missing."""

    language: Language | None = None
    """The language of what is written into it; by default that of the edition."""
    periodicity: tuple[Literal["quarterly", "annual"], ...] = ("quarterly", "annual")
    first: str = ""
    """The first and the last period that it is for, such as 2026-Q1; empty for no bound."""
    last: str = ""
    cells: Mapping[Annotated[str, Field(pattern=r"^.+![A-Z]{1,3}[1-9][0-9]{0,6}$")], Wanted] = Field(
        default_factory=dict
    )
    """What stands in cells outside the tables, by sheet and cell: `Cover!C7`."""


@dataclass(frozen=True)
class Blank:
    """One blank: its name is the stem of its file."""

    name: str
    path: Path
    about: About

    def is_for(self, period: Period) -> bool:
        """True when the blank is to be filled for `period`."""
        kind = "annual" if period.is_annual else "quarterly"
        first, last = (Period.parse(bound).last_day if bound else None for bound in (self.about.first, self.about.last))
        day = period.last_day
        return kind in self.about.periodicity and (first is None or first <= day) and (last is None or day <= last)


def folder() -> Path:
    """Return where blanks are laid: templates/blanks."""
    return data_folder("templates") / "blanks"


def load_blanks(place: Path) -> tuple[Blank, ...]:
    """Return the blanks in a folder, by name; none when there is no folder. DefinitionError names what is wrong."""
    if not place.is_dir():
        return ()
    found = []
    for path in sorted(place.glob("*.xlsx")):
        if path.name.startswith((".", "~$")):
            continue
        if not _NAME.fullmatch(path.stem):
            raise DefinitionError(f"{path}: the name of a blank is made of letters a-z, digits, - and _, at most 40.")
        found.append(Blank(path.stem, path, _about(path.with_suffix(".toml"))))
    return tuple(found)


def _about(path: Path) -> About:
    if not path.exists():
        return About()
    try:
        about = About.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        for bound in (about.first, about.last):
            if bound:
                Period.parse(bound)
    except ValidationError as error:
        first, known = first_error(error), ", ".join(About.model_fields)
        raise DefinitionError(f"{path}: {first.key}: {first.message} (known keys: {known}).") from None
    except Exception as error:  # unreadable, no TOML, or no period
        raise DefinitionError(f"{path}: {error}") from None
    return about
