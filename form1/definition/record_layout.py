"""records.toml as frozen records: the extracts of the information system from which the exports are counted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Literal

from pydantic import Field, field_validator, model_validator

from form1.core.texts import Text
from form1.definition.records import Identifier, Record, Sourced


class RecordColumn(Record):
    """A column of records, wherever it stands."""

    id: Identifier
    type: Literal["identifier", "code", "date"]
    codes: Identifier | None = None
    """The code list of a column of type code."""
    name: Text
    headers: tuple[str, ...] = ()
    """Further headers, beside the name in each language and the identifier."""
    personal: bool = False
    """True when what stands there must be shown nowhere."""
    not_before: date | None = None

    @model_validator(mode="after")
    def _codes_of_codes(self) -> RecordColumn:
        if (self.type == "code") != (self.codes is not None):
            raise ValueError("a column of type code, and no other, names its code list")
        return self


class Extract(Sourced):
    """One extract: records of one kind."""

    id: Identifier
    title: Text
    also_named: tuple[str, ...] = ()
    columns: tuple[Identifier, ...] = Field(min_length=1)
    nullable: tuple[Identifier, ...] = ()
    key: tuple[Identifier, ...] = Field(min_length=1)
    placed_by: Identifier
    order: tuple[tuple[Identifier, Identifier], ...] = ()
    """Pairs of dates of which the first is never after the second."""


class Records(Record):
    """records.toml."""

    date_formats: tuple[Literal["%Y-%m-%d", "%d.%m.%Y"], ...] = Field(min_length=1)
    not_before: date
    not_after: date
    identifier: str
    no_identifier: tuple[str, ...] = ()
    """What stands for an identifier that is not known; compared as it is, in small and in capital letters."""
    sums: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")
    """The file that lists the sha256 of the records' files, where the sender gives one."""
    thin_below: float = Field(ge=0, le=1)
    """A month is noticed with less than this share of what the months beside it have on average,"""
    thin_from: int = Field(ge=1)
    """when that is at least so many records."""
    column: tuple[RecordColumn, ...]
    extract: tuple[Extract, ...]

    @field_validator("identifier")
    @classmethod
    def _is_pattern(cls, written: str) -> str:
        try:
            re.compile(written)
        except re.error as error:
            raise ValueError(f"no regular expression: {error}") from None
        return written

    @cached_property
    def columns(self) -> Mapping[str, RecordColumn]:
        """Columns by id."""
        return {column.id: column for column in self.column}

    @cached_property
    def extracts(self) -> Mapping[str, Extract]:
        """Extracts by id."""
        return {extract.id: extract for extract in self.extract}
