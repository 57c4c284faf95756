"""The whole definition of the form, as one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from form1.definition.codelists import Code, CodeList
from form1.definition.counting import Counting
from form1.definition.record_layout import Records
from form1.definition.records import Correction, Dimension, Identity, Message, Note, Source, Sources, Table
from form1.definition.rulebook import Rulebook
from form1.errors import DefinitionError
from form1.periods import Period
from form1.texts import Language, Text
from form1.values import Status


@dataclass(frozen=True)
class Form:
    """Everything that reference/ says; `folder` is where it was read, `sha256` the hash over its files."""

    folder: Path
    sha256: str
    identity: Identity
    tables: Mapping[str, Table]
    """By id, in the order of the form."""
    codelists: Mapping[str, CodeList]
    sources: Sources
    rulebook: Rulebook
    messages: Mapping[str, Message]
    words: Mapping[str, Text]
    notes: tuple[Note, ...]
    corrections: tuple[Correction, ...]
    records: Records
    """The extracts from which `form1 tabulate` makes the exports."""
    counting: Counting
    """The rules by which it counts."""

    def source_of(self, table: str) -> Source:
        """Return the export that feeds `table`."""
        return self._source_by_table[table]

    def dimension(self, dimension: str) -> Dimension:
        """Return a dimension by its id."""
        return self._dimension_by_id[dimension]

    def codelist_of(self, table: Table, dimension: str) -> CodeList:
        """Return the code list that `table` uses for `dimension`."""
        for column in table.columns:
            if column.dimension == dimension:
                return self.codelists[column.codes]
        for block in table.rows.block:
            if block.dimension == dimension:
                return self.codelists[block.codes]
        if table.rows.dimension == dimension and table.rows.codes:
            return self.codelists[table.rows.codes]
        raise DefinitionError(f"{table.id} has no dimension {dimension!r}")

    def word(self, word: str, language: Language) -> str:
        """Return a word of words.toml."""
        return self.words[word].of(language)

    def signs(self) -> dict[str, str]:
        """Return the sign of zero and of each status, from the list of conventional signs."""
        return dict(self._signs)

    def deadline(self, period: Period) -> date:
        """Return the last day on which the form for `period` is accepted.

        Quarterly: the 25th of the next month; annual: 15 February (SSC form metadata, code 03102111).
        """
        kind = "annual" if period.is_annual else "quarterly"
        for deadline in self.identity.deadline:
            if deadline.periodicity == kind:
                month = period.last_day.month - 1 + deadline.months_after
                return date(period.year + month // 12, month % 12 + 1, deadline.day)
        raise DefinitionError(f"form.toml gives no {kind} deadline")

    @cached_property
    def _signs(self) -> dict[str, str]:
        signs: dict[str, str] = {}
        for code in self.codelists["conventional_signs"].codes:
            for flag in code.flags:
                signs.setdefault(flag, code.code)
        missing = {"zero", *Status} - {Status.NUMBER} - signs.keys()
        if missing:
            raise DefinitionError(f"codes/conventional_signs.csv has no sign for {', '.join(sorted(missing))}")
        return signs

    @cached_property
    def _source_by_table(self) -> dict[str, Source]:
        return {source.table: source for source in self.sources.source}

    @cached_property
    def _dimension_by_id(self) -> dict[str, Dimension]:
        return {dimension.id: dimension for dimension in self.sources.dimension}

    def code(self, codelist: str, code: str, on: date) -> Code | None:
        """Return the entry of `codelist` in force on a day, or None."""
        return next((entry for entry in self.codelists[codelist].on(on) if entry.code == code), None)
