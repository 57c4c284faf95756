"""notes/*.toml as frozen records: reference metadata by concept, notes on tables by aspect, and numbered notes.

A numbered note is one with `at`: a mark stands at each of these places of the tables, and leads to the note.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import ConfigDict, Field, model_validator

from form1.core.periods import Period
from form1.core.texts import LANGUAGES, Text
from form1.definition.records import Identifier, Record, Sourced, TableId

Part = Literal["title", "basis", "unit", "rows"]
"""Title, what the counts cover, unit, heading of the rows."""


class Aspect(Record):
    """What every table has exactly one note on: the concept and the headings that such a note answers.

    A word of words.toml has the same id.
    """

    id: Identifier
    concept: str = Field(min_length=1)
    headings: tuple[str, ...] = ()


class Anchor(Record):
    """A place of the tables to which a numbered note belongs: a table's title unless it says more.

    `row` is a row code. `column` is a column code (its own head), or the first of its parts (the head over them).
    `sign` is a conventional sign, wherever it stands: its mark is in the legend.
    """

    table: TableId | None = None
    part: Part | None = None
    row: str = ""
    column: str = ""
    sign: str = ""

    @model_validator(mode="after")
    def _one_place(self) -> Anchor:
        if bool(self.table) == bool(self.sign):
            raise ValueError("a place is in a table, or is a sign")
        if sum(map(bool, (self.part, self.row, self.column, self.sign))) > 1:
            raise ValueError("a place has one of part, row, column and sign")
        return self

    @property
    def place(self) -> str:
        """The place in a few words, for messages to the maintainer."""
        parts = (self.table, self.part, f"row {self.row}" if self.row else "", f"column {self.column}")
        return f"sign {self.sign}" if self.sign else " ".join(filter(None, parts[: 4 if self.column else 3]))


class Note(Sourced):
    """A metadata note: for the form by concept, for a table by aspect, or numbered, at places of the tables.

    What its subject leaves open stands apart: `open` says it, `asks` names the questions. A note that is NOT FOUND is
    open as a whole; neither is printed, and the office's answer is.

    It stands in the forms of periods that end between `valid_from` and `valid_to`, both inclusive. A `break` is the
    day from which the figures do not compare with those before: the note stands from then on, its marks only in the
    year of the break and the year after, where figures are read beside those of the year before.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Identifier
    az: str = Field(min_length=1)
    en: str = Field(min_length=1)
    ru: str = Field(min_length=1)
    name: Text | None = None
    """What it is about in a few words: numbered notes need it."""
    open: Text | None = None
    """What is not known of it, in sentences of their own."""
    asks: tuple[Identifier, ...] = ()
    """The questions that it leaves open in reference/, answered or not."""
    by_office: bool = False
    """True when an answer of the office is part of it."""
    concept: str = ""
    headings: tuple[str, ...] = ()
    """The authority's own metadata headings that it answers."""
    table: TableId | None = None
    aspect: Identifier | None = None
    at: tuple[Anchor, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    breaks: date | None = Field(default=None, alias="break")

    @model_validator(mode="after")
    def _one_home(self) -> Note:
        if bool(self.concept) == bool(self.table) or bool(self.table) != bool(self.aspect):
            raise ValueError("a note has a concept, or a table and an aspect")
        if self.table and self.at:
            raise ValueError("a note on an aspect of a table has no places: give it a concept instead")
        if bool(self.at) != bool(self.name):
            raise ValueError("a note with places (at) has a name, and no other note has one")
        if self.breaks and self.valid_from:
            raise ValueError("a break begins on its own day: leave out valid_from")
        if self.begins and self.valid_to and self.begins > self.valid_to:
            raise ValueError("the note ends before it begins")
        if self.open and self.status == "NOT FOUND":
            raise ValueError("a note that is NOT FOUND is open as a whole: it has no further text (open)")
        if self.is_open != bool(self.asks):
            raise ValueError("a note that leaves something open names its questions (asks), and no other note has any")
        return self

    @property
    def text(self) -> Text:
        """The note in its languages."""
        return Text(az=self.az, en=self.en, ru=self.ru)

    @property
    def whole(self) -> Text:
        """The note with what it leaves open, for those who are to answer."""
        if self.open is None:
            return self.text
        return Text(**{language: f"{self.text.of(language)} {self.open.of(language)}" for language in LANGUAGES})

    @property
    def is_open(self) -> bool:
        """True when something of it is not known."""
        return self.status == "NOT FOUND" or self.open is not None

    @property
    def is_printed(self) -> bool:
        """True when it says something that is known: what is not found is no part of the form."""
        return self.status != "NOT FOUND"

    @property
    def begins(self) -> date | None:
        """The first day of the note, None when it always held."""
        return self.breaks or self.valid_from

    def in_force(self, on: date) -> bool:
        """True when the note stands in the form of a period that ends on a day."""
        return (self.begins is None or self.begins <= on) and (self.valid_to is None or on <= self.valid_to)

    def is_marked(self, period: Period) -> bool:
        """True when its marks stand in the tables of a period.

        >>> limit = {"id": "x", "az": "x", "en": "x", "ru": "x", "concept": "S.15.2", "break": date(2018, 6, 29)}
        >>> note = Note.model_validate(limit | {"source": "law", "status": "CONFIRMED", "name": Text.same("x"),
        ...                             "at": [{"table": "T01"}]})
        >>> [note.is_marked(Period.parse(text)) for text in ("2018-Q1", "2018-Q2", "2019-Q4", "2020-Q1")]
        [False, True, True, False]
        """
        recent = self.breaks is None or period.year - self.breaks.year <= 1
        return bool(self.at) and recent and self.is_printed and self.in_force(period.last_day)
