"""The audit: reference/ agrees with itself. Every name resolves, everything is used, nothing is a placeholder."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise

from form1.core.cells import TOTAL
from form1.core.errors import DefinitionError
from form1.core.findings import Severity
from form1.core.periods import Period
from form1.core.texts import LANGUAGES
from form1.definition.annexes import annex_faults
from form1.definition.audit import notes, versions
from form1.definition.audit.records import record_faults
from form1.definition.audit.summary import summary_faults
from form1.definition.codelists import Code
from form1.definition.form import Form
from form1.definition.records import Message, Table

_PLACEHOLDER = re.compile(r"\b(TODO|FIXME|TBD|[Ll]orem ipsum)\b|\?\?\?")
_OF_THE_NOTES = {notes.CONCEPTS, notes.HEADINGS, notes.CHAPTERS, "conventional_signs"}
"""Code lists that documents use, not tables."""


def audit(form: Form) -> list[str]:
    """Return every contradiction in the definition as one line each; an empty list when it agrees with itself."""
    faults = _everywhere(form)
    return [*faults, *_gaps(form), *([] if faults else versions.unstable(form))]


def require_sound(form: Form) -> None:
    """Raise DefinitionError with the first contradiction, when there is any.

    A note that is still to be written, or a code list that no table uses yet, does not stop a run.
    """
    faults = _everywhere(form)
    if faults:
        more = f" (and {len(faults) - 1} more; see `form1 doctor`)" if len(faults) > 1 else ""
        raise DefinitionError(f"reference/ contradicts itself: {faults[0]}{more}")


def _everywhere(form: Form) -> list[str]:
    """The contradictions of today's version, those of the older ones that are not the same, and of the bridges."""
    laid_out = notes.layouts(form)
    faults = _contradictions(form, laid_out)
    if faults:
        return faults
    known: set[str] = set()
    for version in reversed(form.versions[:-1]):
        # What a folder says holds for the older versions too: a fault is told of the newest version that has it.
        if version.id in form.overlays:
            new = [fault for fault in _contradictions(form.in_version(version.id), laid_out) if fault not in known]
            known.update(new)
            faults += [f"version {version.id}: {fault}" for fault in new]
    # Of versions that contradict themselves nothing further can be asked.
    return faults or [*versions.links(form), *versions.unsaid(form)]


def _contradictions(form: Form, laid_out: notes.LaidOut) -> list[str]:
    # The other questions cannot be asked of a list that is not there.
    return [*_missing_lists(form)] or [
        *_tables(form),
        *_codelists(form),
        *_sources(form),
        *_rules(form),
        *_messages(form),
        *notes.contradictions(form, laid_out),
        *_corrections(form),
        *record_faults(form),
        *annex_faults(form),
        *summary_faults(form, _term),
    ]


def _gaps(form: Form) -> list[str]:
    return [*_unused_lists(form), *notes.gaps(form), *_placeholders(form)]


def _lists_of(table: Table) -> set[str]:
    used = {column.codes for column in table.columns} | {block.codes for block in table.rows.block}
    return used | {
        codes for codes in (table.rows.codes, table.rows.groups.codes if table.rows.groups else None) if codes
    }


def _missing_lists(form: Form) -> Iterator[str]:
    for table in form.tables.values():
        for codelist in sorted(_lists_of(table) - set(form.codelists)):
            yield f"{table.id}: there is no code list {codelist!r} in codes/."
    for codelist in sorted(_OF_THE_NOTES - set(form.codelists)):
        yield f"codes/{codelist}.csv is missing."


def _tables(form: Form) -> Iterator[str]:
    numbers = [table.number for table in form.tables.values()]
    if len(set(numbers)) != len(numbers):
        yield "tables/: two tables carry the same number."
    for table in form.tables.values():
        if table.unit not in form.words:
            yield f"{table.id}: words.toml has no {table.unit!r}."
        yield from _row_codes(form, table)
        yield from _column_codes(form, table)


def _row_codes(form: Form, table: Table) -> Iterator[str]:
    rows = table.rows
    if not rows.codes:
        return
    members = {
        rows.renamed.get(entry.code, entry.code) for entry in form.codelists[rows.codes].codes if not entry.counted_as
    }
    reserved = {TOTAL, *(block.code for block in rows.block)}
    reserved |= {entry.code for entry in form.codelists[rows.groups.codes].codes} if rows.groups else set()
    for clash in sorted(members & reserved):
        yield f"{table.id}: row code {clash!r} is that of a total or a group as well: give it another in rows.renamed."
    for unknown in sorted(set(rows.renamed) - {entry.code for entry in form.codelists[rows.codes].codes}):
        yield f"{table.id}: rows.renamed names {unknown!r}, which is not in {rows.codes}."
    twice = [line for line in rows.lines.values() if list(rows.lines.values()).count(line) > 1]
    if twice:
        yield f"{table.id}: line code {twice[0]!r} stands more than once."
    if rows.groups:
        groups = form.codelists[rows.groups.codes].codes
        for entry in form.codelists[rows.codes].codes:
            if entry.parent and not any(group.code == entry.parent for group in groups):
                yield f"codes/{rows.codes}.csv: parent {entry.parent!r} of {entry.code} is not in {rows.groups.codes}."


def _column_codes(form: Form, table: Table) -> Iterator[str]:
    for column in table.columns:
        for entry in form.codelists[column.codes].codes:
            if entry.code == TOTAL or "." in entry.code:
                yield f"{table.id}: {entry.code!r} of {column.codes} cannot be a column code."


def _unused_lists(form: Form) -> Iterator[str]:
    versions = [form.in_version(version.id) for version in form.versions]
    used = _OF_THE_NOTES.union(*(_lists_of(table) for each in versions for table in each.tables.values()))
    used |= {column.codes for column in form.records.column if column.codes}
    for name in form.codelists:
        if name not in used:
            yield f"codes/{name}.csv: no table uses this list."


def _codelists(form: Form) -> Iterator[str]:
    for name, codelist in form.codelists.items():
        if not codelist.codes:
            yield f"codes/{name}.csv: the list is empty."
        known = {entry.code for entry in codelist.codes}
        for code, label in codelist.aliases:
            if code not in known:
                yield f"codes/aliases.csv: {label!r} stands for {code!r}, which is not in {name}."
        for code in known:
            yield from _validity(name, [entry for entry in codelist.codes if entry.code == code])
        for entry in codelist.codes:
            if entry.counted_as and entry.counted_as not in known:
                yield f"codes/{name}.csv: {entry.code} is counted as {entry.counted_as!r}, which is not in the list."


def _validity(name: str, entries: list[Code]) -> Iterator[str]:
    entries = sorted(entries, key=lambda entry: entry.valid_from or date.min)
    for entry in entries:
        if entry.valid_from and entry.valid_to and entry.valid_from > entry.valid_to:
            yield f"codes/{name}.csv: {entry.code} ends before it begins."
    for earlier, later in pairwise(entries):
        if earlier.valid_to is None or later.valid_from is None or later.valid_from <= earlier.valid_to:
            yield f"codes/{name}.csv: two entries of {later.code} are in force on the same day."


def _sources(form: Form) -> Iterator[str]:
    dimensions = {dimension.id for dimension in form.sources.dimension}
    fed = [source.table for source in form.sources.source]
    for table in form.tables.values():
        if fed.count(table.id) != 1:
            yield f"sources.toml: {table.id} needs exactly one source, and has {fed.count(table.id)}."
        for dimension in table.dimensions:
            if dimension not in dimensions:
                yield f"sources.toml: dimension {dimension!r} of {table.id} is not described."
    for stray in set(fed) - set(form.tables):
        yield f"sources.toml: a source feeds {stray}, which is no table."
    names = [name.lower() for source in form.sources.source for name in (source.name, *source.also_named)]
    for name in {name for name in names if names.count(name) > 1}:
        yield f"sources.toml: the name {name!r} belongs to two sources."
    for source in form.sources.source:
        for coverage in source.coverage:
            if not coverage.since.isascii() or Period.parse(coverage.since).is_annual:
                yield f"sources.toml: {source.name} gives a coverage since {coverage.since!r}; write a quarter."


def _rules(form: Form) -> Iterator[str]:
    ids = [derived.id for derived in form.rulebook.derived] + [rule.id for rule in form.rulebook.rule]
    for id in {id for id in ids if ids.count(id) > 1}:
        yield f"rules.toml: {id} stands more than once."
    if not ids:
        yield "rules.toml: an empty rulebook would accept everything."
    for rule in form.rulebook.rule:
        named = [term.table for term in (rule.left, rule.right, rule.cells) if term is not None and term.table != "*"]
        for table in (*named, *rule.each):
            if table not in form.tables:
                yield f"rules.toml: {rule.id} names {table}, which is no table."
        terms = [term for term in (rule.left, rule.right) if term is not None]
        if len({term.table for term in terms}) > 1 and any("*" in (term.row, term.column) for term in terms):
            yield f"rules.toml: {rule.id} compares every cell of two tables; their rows need not be the same: name one."
        for term in (rule.left, rule.right, rule.cells):
            if term is not None and term.table in form.tables:
                yield from _term(form, f"rules.toml: {rule.id}", form.tables[term.table], term.row, term.column)


def _term(form: Form, where: str, table: Table, row: str, column: str) -> Iterator[str]:
    blocks = {block.code for block in table.rows.block}
    groups = {entry.code for entry in form.codelists[table.rows.groups.codes].codes} if table.rows.groups else set()
    members = {entry.code for entry in form.codelists[table.rows.codes].codes} if table.rows.codes else set()
    stem = next((row.removeprefix(b.prefix) for b in table.rows.block if b.prefix and row.startswith(b.prefix)), row)
    if row not in {"*", TOTAL} | blocks | groups | set(table.rows.renamed.values()) and stem not in members:
        yield f"{where} names row {row!r}, which {table.id} cannot have."
    parts = column.split(".")
    codes = [{TOTAL, *(entry.code for entry in form.codelists[c.codes].codes)} for c in table.columns]
    fits = len(parts) == len(codes) and all(part in known for part, known in zip(parts, codes, strict=True))
    if column not in {"*", TOTAL} and not fits:
        yield f"{where} names column {column!r}, which {table.id} cannot have."


def _messages(form: Form) -> Iterator[str]:
    for message in form.messages.values():
        fields = {language: _fields(message, language) for language in LANGUAGES}
        if len({frozenset(names) for names in fields.values()}) > 1:
            yield f"messages.toml: {message.id} does not name the same facts in every language."
        if unknown := set().union(*fields.values()) - set(message.fields):
            yield f"messages.toml: {message.id} names {', '.join(sorted(unknown))}, which is none of its fields."
        if len(set(message.fields)) < len(message.fields):
            yield f"messages.toml: {message.id} names a field twice."
        if (message.severity is None) != (message.level is None):
            yield f"messages.toml: {message.id} has a severity without a level, or a level without a severity."
        if message.unreadable and message.severity != Severity.ERROR:
            yield f"messages.toml: {message.id} stops the run and is no error."


def _fields(message: Message, language: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(getattr(message, language)) if name is not None}


def _corrections(form: Form) -> Iterator[str]:
    for correction in form.corrections:
        if correction.table not in form.tables:
            yield f"corrections.toml: {correction.id} names {correction.table}, which is no table."
        try:
            Period.parse(correction.period)
        except Exception as error:
            yield f"corrections.toml: {correction.id}: {error}"


def _placeholders(form: Form) -> Iterator[str]:
    for where, text in _texts(form):
        if _PLACEHOLDER.search(text):
            yield f"{where}: a placeholder stands where people read: {text[:60]!r}."


def _texts(form: Form) -> Iterable[tuple[str, str]]:
    for note in form.notes:
        yield from (("notes/ " + note.id, note.text.of(language)) for language in LANGUAGES)
    for name, codelist in form.codelists.items():
        yield from (
            (f"codes/{name}.csv", entry.name.of(language)) for entry in codelist.codes for language in LANGUAGES
        )
    for table in form.tables.values():
        yield from ((table.id, table.title.of(language)) for language in LANGUAGES)
    for message in form.messages.values():
        yield from (("messages.toml " + message.id, getattr(message, language)) for language in LANGUAGES)
    for choice in form.counting.choice:
        yield from (("counting.toml " + choice.value, choice.text.of(language)) for language in LANGUAGES)
    for figure in form.summary:
        yield from ((f"summary.toml {figure.id}", figure.title.of(language)) for language in LANGUAGES)
    for word, text in form.words.items():
        yield from (("words.toml " + word, text.of(language)) for language in LANGUAGES)
