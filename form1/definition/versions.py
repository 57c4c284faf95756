"""Versions of the form: which definition is in force when, and how the rows of one go on in the next.

A version is what SDMX calls a version of the data structure definition; an edition is what was published of a period.
`versions.toml` says when each version is in force; `versions/ID/` holds what differs from today's files; what stands
there holds for that version and for every older one that has none of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Annotated

from pydantic import Field

from form1.core.errors import DefinitionError
from form1.core.texts import Text
from form1.definition.codelists import CodeList
from form1.definition.notes import Note
from form1.definition.records import Dimension, Identifier, Identity, Record, Source, Sourced, Table
from form1.definition.rulebook import Rulebook

VersionId = Annotated[str, Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
"""The year and month in which a version begins: `2019-07`. It cannot be taken for a period."""


class Version(Sourced):
    """One version of the form, in force from `valid_from` to `valid_to`, both inclusive."""

    id: VersionId
    title: Text
    valid_from: date
    valid_to: date | None = None
    act: Text
    """The act that made the version, with its number and date."""
    known: Text
    """What is known of the version, and what was looked for in vain."""

    def in_force(self, on: date) -> bool:
        """True when the version is in force on the day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


class Link(Sourced):
    """A line of bridges.csv: from the day `on`, what was counted under `code` is counted under `becomes`.

    Several lines of one code and day split it; several codes that become one are merged; `becomes` is empty for a code
    that goes on nowhere.
    """

    list: Identifier
    code: str = Field(min_length=1)
    on: date
    becomes: str = ""
    note: str = ""


class SourcesPart(Record):
    """sources.toml of a version: the exports and dimensions that differ, by table and by id."""

    dimension: tuple[Dimension, ...] = ()
    source: tuple[Source, ...] = ()


@dataclass(frozen=True)
class Overlay:
    """What a folder of versions/ holds."""

    identity: Identity | None = None
    tables: Mapping[str, Table] = field(default_factory=dict)
    codelists: Mapping[str, CodeList] = field(default_factory=dict)
    sources: SourcesPart = field(default_factory=SourcesPart)
    rulebook: Rulebook = field(default_factory=Rulebook)
    notes: tuple[Note, ...] = ()


def in_order(versions: Sequence[Version]) -> tuple[Version, ...]:
    """Return the versions from the oldest to the newest; DefinitionError unless each day belongs to exactly one."""
    ordered = sorted(versions, key=lambda version: version.valid_from)
    if not ordered:
        raise DefinitionError("versions.toml: no version of the form stands there.")
    for version in ordered:
        if version.valid_to is not None and version.valid_to < version.valid_from:
            raise DefinitionError(f"versions.toml: version {version.id} ends before it begins.")
        if not version.valid_from.isoformat().startswith(version.id):
            raise DefinitionError(
                f"versions.toml: version {version.id} begins on {version.valid_from}; its id is the month of that day."
            )
    for earlier, later in pairwise(ordered):
        wanted = later.valid_from - timedelta(days=1)
        if earlier.valid_to is None or earlier.valid_to > wanted:
            raise DefinitionError(
                f"versions.toml: the versions {earlier.id} and {later.id} are both in force on {later.valid_from}; "
                f"end {earlier.id} with valid_to = {wanted}."
            )
        if earlier.valid_to < wanted:
            raise DefinitionError(
                f"versions.toml: between {earlier.id} (to {earlier.valid_to}) and {later.id} (from {later.valid_from}) "
                "no version is in force; close the gap."
            )
    return tuple(ordered)
