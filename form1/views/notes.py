"""What stands behind the tables: notes by concept and by table, the legend, and the classifications that were used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from form1.core.texts import Language
from form1.definition.codelists import Code
from form1.definition.notes import Note
from form1.definition.records import Table
from form1.model.forms import FilledForm
from form1.views.tables import table_name


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note: what it is about, what it says, how sure that is (empty when confirmed), and where it comes from.

    Of a concept on which only numbered notes speak, text, doubt, source and status are empty.
    """

    code: str
    concept: str
    """The name of the concept or of the aspect of a table."""
    name: str
    """The same with the note's own name, where it has one."""
    text: str = ""
    doubt: str = ""
    source: str = ""
    status: str = ""
    see: tuple[tuple[int, str], ...] = ()
    """Numbers and names of the numbered notes on the same concept, whose texts stand elsewhere."""


@dataclass(frozen=True, slots=True)
class NumberedView:
    """A numbered note: number, name, text, how sure it is, its source, and the tables that lead to it (id, name)."""

    number: int
    name: str
    text: str
    doubt: str
    source: str
    status: str
    tables: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ChapterView:
    """Notes under one heading."""

    anchor: str
    code: str
    name: str
    notes: tuple[NoteView, ...]


@dataclass(frozen=True, slots=True)
class SignView:
    """A conventional sign and what it means; `notes` are the numbers of its notes."""

    sign: str
    meaning: str
    notes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ClassificationView:
    """A classification, its version, who keeps it, and the numbers of the tables that use it."""

    title: str
    version: str
    agency: str
    tables: str


def numbered_notes(filled: FilledForm) -> tuple[NumberedView, ...]:
    """Return the notes to which marks in the tables lead, by number."""
    form, language = filled.form, filled.language
    return tuple(
        NumberedView(
            each.number,
            each.name.of(language),
            each.note.text.of(language),
            _doubt(filled, each.note),
            each.note.source,
            _status(filled, each.note),
            tuple((table, table_name(form, form.tables[table], language)) for table in each.tables),
        )
        for each in filled.marks.numbered
    )


def form_notes(filled: FilledForm) -> tuple[ChapterView, ...]:
    """Return the notes on the form as a whole, by chapter of the list of concepts, in the list's order.

    A note that has a number is not printed twice: its place under its concept says which one it is.
    """
    language, noted = filled.language, filled.marks
    concepts = {code.code: code for code in filled.form.codelists["sims_concepts"].codes}
    chapters: dict[str, list[NoteView]] = {}
    in_force = [note for note in filled.form.notes if note.is_printed and note.in_force(filled.period.last_day)]
    for concept in concepts.values():
        about = [note for note in in_force if note.concept == concept.code]
        told = [note for note in about if not noted.number_of(note)]
        see = tuple((each.number, each.name.of(language)) for each in noted.numbered if each.note in about)
        views = [
            replace(_note(filled, note, concept.code, concept.name.of(language)), name=named(concept, note, language))
            for note in told
        ]
        if see:
            last = (
                views.pop() if views else NoteView(concept.code, concept.name.of(language), concept.name.of(language))
            )
            views.append(replace(last, see=see))
        if views:
            chapters.setdefault(_chapter(concepts, concept), []).extend(views)
    return tuple(
        ChapterView(f"note-{code}", code, concepts[code].name.of(language), tuple(views))
        for code, views in chapters.items()
    )


def named(concept: Code, note: Note, language: Language) -> str:
    """Return what a note under a concept is about: one that carries a mark in other periods has a name of its own."""
    return concept.name.of(language) + (f" ({note.name.of(language)})" if note.name else "")


def _chapter(concepts: Mapping[str, Code], concept: Code) -> str:
    """The concept of the first level under which a concept stands."""
    while concept.parent in concepts:
        concept = concepts[concept.parent]
    return concept.code


def _note(filled: FilledForm, note: Note, code: str, about: str) -> NoteView:
    return NoteView(
        code=code,
        concept=about,
        name=about,
        text=note.text.of(filled.language),
        doubt=_doubt(filled, note),
        source=note.source,
        status=_status(filled, note),
    )


def table_notes(filled: FilledForm, tables: Iterable[Table]) -> tuple[ChapterView, ...]:
    """Return the notes on each of the tables, by aspect."""
    form, language = filled.form, filled.language
    chapters: list[ChapterView] = []
    for table in tables:
        notes = tuple(
            _note(filled, note, "", form.word(note.aspect, language))
            for note in form.notes
            if note.table == table.id and note.aspect and note.is_printed and note.in_force(filled.period.last_day)
        )
        name = table_name(form, table, language)
        if notes:
            chapters.append(ChapterView(f"note-{table.id}", name, table.short_title.of(language), notes))
    return tuple(chapters)


def signs(filled: FilledForm) -> tuple[SignView, ...]:
    """Return the legend: every conventional sign in force at the end of the period."""
    codes = filled.form.codelists["conventional_signs"].on(filled.period.last_day)
    noted = filled.marks
    return tuple(SignView(code.code, code.name.of(filled.language), noted.at("", "sign", code.code)) for code in codes)


def classifications(
    filled: FilledForm, tables: Iterable[Table], *, blocks_first: bool = False
) -> tuple[ClassificationView, ...]:
    """Return the classifications of rows and columns, in the order in which the tables first use them.

    Of the rows of one table that of its groups comes before that of its blocks, with `blocks_first` behind it.
    """
    used: dict[str, list[str]] = {}
    for table in tables:
        for codelist in dict.fromkeys(_codelists(table, blocks_first)):
            used.setdefault(codelist, []).append(str(table.number))
    language, views = filled.language, []
    for codelist, numbers in used.items():
        known = filled.form.codelists[codelist].classification
        views.append(
            ClassificationView(
                title=known.title.of(language),
                version=known.version.of(language),
                agency=known.agency.of(language),
                tables=", ".join(numbers),
            )
        )
    return tuple(views)


def _codelists(table: Table, blocks_first: bool) -> list[str]:
    rows = table.rows
    if not rows.detail:
        return [column.codes for column in table.columns]
    groups, blocks = [rows.groups.codes] if rows.groups else [], [block.codes for block in rows.block]
    further = [*blocks, *groups] if blocks_first else [*groups, *blocks]
    return [*filter(None, [rows.codes, *further]), *(column.codes for column in table.columns)]


def _status(filled: FilledForm, note: Note) -> str:
    return filled.form.word(note.status.lower().replace(" ", "_"), filled.language)


def _doubt(filled: FilledForm, note: Note) -> str:
    return filled.form.word("inferred", filled.language) if note.status == "INFERRED" else ""
