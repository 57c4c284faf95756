"""The audit of the notes: every one has its place, every place exists, and nothing is left out silently."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import cache

from form1.core.periods import FIRST_YEAR, Period
from form1.core.texts import LANGUAGES
from form1.definition.fillable import possible_rows
from form1.definition.form import Form
from form1.definition.layout import Layout, lay_out
from form1.definition.marks import spot_of
from form1.definition.notes import Anchor, Note
from form1.definition.questions import question_faults

CONCEPTS, HEADINGS, CHAPTERS = "sims_concepts", "ssc_form_metadata_headings", "esms_chapters"
"""The lists of concepts, of the authority's own headings, and of the chapters of the European metadata structure."""

_CONCEPT = re.compile(r"\bS\.[0-9]+(?:\.[0-9]+)*\b")
_BY_HAND = re.compile(r"\[[0-9]+\]|[¹²³⁰⁴-⁹]")
"""A mark that somebody typed into a label."""


LaidOut = Callable[[str, date], Layout | None]
"""Gives the layout of a table on a day, with every row that it could have; None where no such table is in force."""


def layouts(form: Form) -> LaidOut:
    """Return what lays out the tables of `form` in all its versions; each layout is made once."""
    today = form.newest or form

    @cache
    def laid_out(table: str, day: date) -> Layout | None:
        version = next((version for version in today.versions if version.in_force(day)), form.version)
        one = today.in_version(version.id)
        if table not in one.tables:
            return None
        return lay_out(one, one.tables[table], day, possible_rows(one, one.tables[table], day))

    return laid_out


def contradictions(form: Form, laid_out: LaidOut | None = None) -> Iterator[str]:
    """Give what no form can be made with: a note of nothing, a mark that leads nowhere.

    `laid_out` are the `layouts` of the form, where there are some already.
    """
    concepts = {entry.code for entry in form.codelists[CONCEPTS].codes}
    headings = {entry.code for entry in form.codelists[HEADINGS].codes}
    aspects = {aspect.id for aspect in form.aspects}
    for aspect in form.aspects:
        if aspect.id not in form.words:
            yield f"notes/aspects.toml: words.toml has no {aspect.id!r}."
        yield from _known(f"notes/aspects.toml: {aspect.id}", aspect.concept, aspect.headings, concepts, headings)
    for note in form.notes:
        yield from _known(f"notes/: {note.id}", note.concept, note.headings, concepts, headings)
        if note.table and note.table not in form.tables:
            yield f"notes/: {note.id} belongs to {note.table}, which is no table."
        if note.aspect and note.aspect not in aspects:
            yield f"notes/: {note.id} is on {note.aspect!r}, which is no aspect of notes/aspects.toml."
    yield from _places(form, laid_out or layouts(form))
    yield from _references(form)
    yield from _typed(form)
    yield from question_faults(form)


def gaps(form: Form) -> Iterator[str]:
    """Give what is still to be written: an aspect of a table, a concept, a heading of the authority."""
    for table in form.tables:
        for aspect in form.aspects:
            there = [note for note in form.notes if note.table == table and note.aspect == aspect.id]
            for day in _turns(there):
                count = sum(note.in_force(day) for note in there)
                if count != 1:
                    since = f" from {day.isoformat()} on" if len(there) > 1 else ""
                    yield f"notes/: {table} needs exactly one note on {aspect.id}, and has {count}{since}."
                    break
    concepts, headings = noted(form)
    for code in _leaves(form, CONCEPTS):
        if code not in concepts:
            yield f"notes/: nothing is said on the concept {code}: write a note, and be it that nothing was found."
    for code in _leaves(form, HEADINGS):
        if code not in headings:
            yield f"notes/: no note answers the authority's heading {code}: name it in the headings of a note."


def noted(form: Form) -> tuple[dict[str, list[Note]], dict[str, list[Note]]]:
    """Return the notes by concept and by the authority's heading; notes on tables count for those of their aspect."""
    aspects = {aspect.id: aspect for aspect in form.aspects}
    concepts: dict[str, list[Note]] = {}
    headings: dict[str, list[Note]] = {}
    for note in form.notes:
        aspect = aspects.get(note.aspect or "")
        concepts.setdefault(aspect.concept if aspect else note.concept, []).append(note)
        for heading in (*note.headings, *(aspect.headings if aspect else ())):
            headings.setdefault(heading, []).append(note)
    return concepts, headings


def _known(who: str, concept: str, named: Iterable[str], concepts: set[str], headings: set[str]) -> Iterator[str]:
    if concept and concept not in concepts:
        yield f"{who} belongs to {concept!r}, which is no SIMS concept."
    for heading in sorted(set(named) - headings):
        yield f"{who} answers {heading!r}, which is no heading of {HEADINGS}."


def _places(form: Form, laid_out: LaidOut) -> Iterator[str]:
    """Every mark has its place on some day on which its note is in force: else no table uses the note."""
    today = form.newest or form
    signs = {entry.code for entry in form.codelists["conventional_signs"].codes}
    for note in form.notes:
        for anchor in note.at:
            if anchor.sign and anchor.sign not in signs:
                yield f"notes/: {note.id} is marked at the sign {anchor.sign!r}, which is no conventional sign."
            elif anchor.table and anchor.table not in {**form.tables, **today.tables}:
                yield f"notes/: {note.id} is marked in {anchor.table}, which is no table."
            elif anchor.table and not _stands(note, anchor, laid_out):
                yield f"notes/: {note.id} is marked at {anchor.place}, which the table never has while it is in force."


def _stands(note: Note, anchor: Anchor, laid_out: LaidOut) -> bool:
    layouts = (laid_out(anchor.table or "", day) for day in _days(note))
    return any(spot_of(anchor, layout) for layout in layouts if layout)


def _days(note: Note) -> Iterator[date]:
    """Give the first and the last day on which a form can carry the note's marks."""
    first = max(note.begins or date.min, Period(FIRST_YEAR).first_day)
    last = note.valid_to or date.max
    if note.breaks:
        last = min(last, date(note.breaks.year + 1, 12, 31))
    yield from (day for day in dict.fromkeys((first, last)) if first <= last)


def _references(form: Form) -> Iterator[str]:
    """A text that sends the reader to a concept sends to a note."""
    concepts, _ = noted(form)
    for note in form.notes:
        for code in sorted({code for language in LANGUAGES for code in _CONCEPT.findall(note.whole.of(language))}):
            if code not in concepts:
                yield f"notes/: {note.id} refers to {code}, on which there is no note."


def _typed(form: Form) -> Iterator[str]:
    """No label carries a mark of its own: marks come from the places of the notes."""
    labels = [(table.id, text) for table in form.tables.values() for text in (table.title, table.rows.heading)]
    labels += [
        (f"codes/{name}.csv", entry.name) for name, codelist in form.codelists.items() for entry in codelist.codes
    ]
    for where, text in labels:
        for language in LANGUAGES:
            if _BY_HAND.search(text.of(language)):
                yield f"{where}: {text.of(language)!r} carries a mark without its note: give the note a place (at)."


def _turns(notes: list[Note]) -> list[date]:
    """Return the days on which the notes in force may change, from the first year of the form on."""
    first = Period(FIRST_YEAR).first_day
    days = {first, *(note.begins for note in notes if note.begins)}
    days |= {note.valid_to + timedelta(days=1) for note in notes if note.valid_to}
    return sorted(day for day in days if day >= first)


def _leaves(form: Form, codelist: str) -> Iterator[str]:
    parents = {entry.parent for entry in form.codelists[codelist].codes}
    yield from (entry.code for entry in form.codelists[codelist].codes if entry.code not in parents)
