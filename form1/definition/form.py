"""The whole definition of the form, as one value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from form1.core.errors import DefinitionError, UsageError
from form1.core.periods import Period
from form1.core.texts import Language, Text
from form1.core.values import Status
from form1.definition.codelists import Code, CodeList
from form1.definition.counting import Counting
from form1.definition.notes import Aspect, Note
from form1.definition.record_layout import Records
from form1.definition.records import Correction, Dimension, Identity, Message, Question, Source, Sources, Table
from form1.definition.residence import Residence
from form1.definition.rulebook import Rule, Rulebook
from form1.definition.summary import Figure
from form1.definition.versions import Link, Overlay, Version


@dataclass(frozen=True)
class Form:
    """Everything that reference/ says; `folder` is where it was read, `sha256` the hash over its files.

    What is loaded is today's version of the form; `of` gives the version in force for a period.
    """

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
    aspects: tuple[Aspect, ...]
    """What every table has one note on, in the order of the notes."""
    notes: tuple[Note, ...]
    questions: tuple[Question, ...]
    """What the notes leave open."""
    corrections: tuple[Correction, ...]
    summary: tuple[Figure, ...]
    """The figures of the summary, in their order."""
    records: Records
    """The extracts from which `form1 tabulate` makes the exports."""
    counting: Counting
    """The rules by which it counts."""
    residence: Residence | None = None
    """How it counts stays, where an annex asks for it."""
    annexes: tuple[str, ...] = ()
    """The annexes whose tables stand behind those of the form."""
    versions: tuple[Version, ...] = ()
    """Every version of the form, the oldest first; the last is today's."""
    links: tuple[Link, ...] = ()
    """How codes go on in others: bridges.csv."""
    overlays: Mapping[str, Overlay] = field(default_factory=dict, repr=False)
    """What differs from today's version, by the id of the newest version that it holds for."""
    version_id: str = ""
    """The version that this form is of; empty for today's."""
    office_sha256: str = ""
    """The hash of what the office says of its exports, where anything of it is laid over this form."""
    newest: Form | None = field(default=None, repr=False)
    """Today's version, where this form is an older one."""

    @property
    def version(self) -> Version:
        """The version that this form is of."""
        return self._version(self.version_id) if self.version_id else self.versions[-1]

    def of(self, period: Period) -> Form:
        """Return the form in the version that is in force on the last day of `period`.

        UsageError when the period ends before the first version.
        """
        return self.in_version(self.version_of(period).id)

    def version_of(self, period: Period) -> Version:
        """Return the version that is in force on the last day of `period`; UsageError when none is."""
        day = period.last_day
        for version in self.versions:
            if version.in_force(day):
                return version
        first, last = self.versions[0], self.versions[-1]
        bound = (
            f"the first is in force from {first.valid_from}"
            if day < first.valid_from
            else f"the last ended on {last.valid_to}"
        )
        raise UsageError(
            f"no version of the form is in force at the end of {period}: {bound} (reference/versions.toml)."
        )

    def covers(self, period: Period) -> bool:
        """True when some version of the form is in force on the last day of `period`."""
        return any(version.in_force(period.last_day) for version in self.versions)

    def in_version(self, id: str) -> Form:
        """Return the form in one of its versions; UsageError when there is no such version."""
        known = [version.id for version in self.versions]
        if id not in known:
            raise UsageError(f"no such version of the form: {id!r}. There are {', '.join(known)}.")
        today = self.newest or self
        if id == self.version.id:
            return self
        return today if id == known[-1] else today._older[id]

    def passing_over(self, name: str) -> Form:
        """Return today's form for an office with a file of its own beside the exports that is no export."""
        ignored = (*self.sources.ignored_files, name)
        return replace(self, sources=self.sources.model_copy(update={"ignored_files": ignored}))

    def _version(self, id: str) -> Version:
        return next(version for version in self.versions if version.id == id)

    @cached_property
    def _older(self) -> dict[str, Form]:
        """The older versions of today's form, each with the overlays of its own and of every later folder."""
        older: dict[str, Form] = {}
        form = replace(self, newest=self)
        for version in reversed(self.versions[:-1]):
            if version.id in self.overlays:
                form = _laid_over(form, self.overlays[version.id], set(self.tables))
            older[version.id] = form = replace(form, version_id=version.id)
        return older

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


def _laid_over(form: Form, overlay: Overlay, known: set[str]) -> Form:
    """The form with what an overlay says instead; what is about tables that it no longer has is left out.

    `known` are the tables of today's form: only what is about those can be left out, so that a slip stays a fault.
    """
    identity = overlay.identity or form.identity
    tables = {**form.tables, **overlay.tables}
    missing = [table for table in identity.tables if table not in tables]
    if missing:
        raise DefinitionError(f"versions/: form.toml lists {', '.join(missing)}, and no file of tables/ defines it.")
    gone = (known | set(form.tables)) - set(identity.tables)
    dimensions = {**{d.id: d for d in form.sources.dimension}, **{d.id: d for d in overlay.sources.dimension}}
    fed = {**{s.table: s for s in form.sources.source}, **{s.table: s for s in overlay.sources.source}}
    notes = {**{note.id: note for note in form.notes}, **{note.id: note for note in overlay.notes}}
    sources = {
        "dimension": tuple(dimensions.values()),
        "source": tuple(source for source in fed.values() if source.table not in gone),
    }
    derived = {**{d.id: d for d in form.rulebook.derived}, **{d.id: d for d in overlay.rulebook.derived}}
    rules = {**{rule.id: rule for rule in form.rulebook.rule}, **{rule.id: rule for rule in overlay.rulebook.rule}}
    return replace(
        form,
        identity=identity,
        tables={table: tables[table] for table in identity.tables},
        codelists={**form.codelists, **overlay.codelists},
        sources=form.sources.model_copy(update=sources),
        rulebook=Rulebook(derived=tuple(derived.values()), rule=tuple(_still_about(rules.values(), gone))),
        notes=tuple(note for note in notes.values() if note.table not in gone),
        corrections=tuple(entry for entry in form.corrections if entry.table not in gone),
    )


def _still_about(rules: Iterable[Rule], gone: set[str]) -> Iterable[Rule]:
    for rule in rules:
        each = tuple(table for table in rule.each if table not in gone)
        terms = [term for term in (rule.left, rule.right, rule.cells) if term is not None]
        if len(each) == len(rule.each) and not any(term.table in gone for term in terms):
            yield rule
        elif each and not any(term.table in gone for term in terms):
            yield rule.model_copy(update={"each": each})
