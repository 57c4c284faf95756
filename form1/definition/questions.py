"""questions.toml and the office's answers: what the notes leave open, and what they say once it is answered."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from pydantic import Field

from form1.core.periods import Period
from form1.core.texts import LANGUAGES, Text
from form1.definition.form import Form
from form1.definition.notes import Note
from form1.definition.records import Question, Record


class Answer(Record):
    """What the office answers to a question: in Azerbaijani, and in other languages where it says so."""

    az: str = Field(min_length=1, max_length=2000)
    en: str = Field(default="", max_length=2000)
    ru: str = Field(default="", max_length=2000)
    by: str = ""
    on: date | None = None

    @property
    def text(self) -> Text:
        """The answer in every language; the Azerbaijani one stands in where there is no other."""
        return Text(az=self.az, en=self.en or self.az, ru=self.ru or self.az)

    @property
    def source(self) -> str:
        """Where the answer comes from, as a source of a note."""
        day = self.on.isoformat() if self.on else ""
        return ", ".join(filter(None, ("answer of the office", self.by, day)))


def asked(form: Form) -> tuple[tuple[Question, tuple[Note, ...]], ...]:
    """Return the questions that notes of the form leave open, each with these notes, in the order of questions.toml."""
    by_question = ((question, tuple(_asking(form.notes, question))) for question in form.questions)
    return tuple((question, notes) for question, notes in by_question if notes)


def answered(form: Form, answers: Mapping[str, Answer]) -> Form:
    """Return the form with the answers in its notes; those to other questions change nothing."""
    if not answers:
        return form
    carried = {
        question.id: {note.id for note in _carriers(form.notes, question)}
        for question in form.questions
        if question.id in answers
    }
    overlays = {
        version: replace(overlay, notes=tuple(_with(note, answers, carried) for note in overlay.notes))
        for version, overlay in form.overlays.items()
    }
    return replace(form, notes=tuple(_with(note, answers, carried) for note in form.notes), overlays=overlays)


def answers_used(form: Form, period: Period) -> str:
    """Return a hash of the office's answers that stand in the form of a period; empty when none does."""
    used = [
        note.model_dump_json(include={"id", "az", "en", "ru", "source"})
        for note in form.notes
        if note.by_office and note.in_force(period.last_day)
    ]
    return hashlib.sha256("\n".join(used).encode()).hexdigest() if used else ""


def question_faults(form: Form) -> Iterator[str]:
    """Give every question that no note asks or whose note does not ask it, and every note that asks what is none."""
    notes = [*form.notes, *(note for overlay in form.overlays.values() for note in overlay.notes)]
    known = {question.id for question in form.questions}
    for note in notes:
        for id in note.asks:
            if id not in known:
                yield f"notes/: {note.id} asks {id!r}, which is no question of questions.toml."
    for question in form.questions:
        asking = [note.id for note in _asking(form.notes, question)]
        if asking and question.note and question.note not in asking:
            yield f"questions.toml: the answer to {question.id} belongs to {question.note}, which does not ask it."


def _asking(notes: Iterable[Note], question: Question) -> Iterator[Note]:
    return (note for note in notes if question.id in note.asks)


def _carriers(notes: Iterable[Note], question: Question) -> list[Note]:
    """The notes in which the answer to a question stands."""
    asking = list(_asking(notes, question))
    if question.note:
        return [note for note in asking if note.id == question.note]
    return [note for note in asking if not note.is_printed] or asking[:1]


def _with(note: Note, answers: Mapping[str, Answer], carried: Mapping[str, set[str]]) -> Note:
    """A note after the answers to its questions; what they settle is no longer open."""
    settled = [id for id in note.asks if id in answers]
    if not settled:
        return note
    left = tuple(id for id in note.asks if id not in settled)
    told = [answers[id] for id in settled if note.id in carried[id]]
    if not told:
        # Answered in another note: nothing is open here any more, and there is nothing to add.
        return note if left else note.model_copy(update={"open": None})
    known = [note.text] if note.is_printed else []
    texts = {
        str(language): " ".join(text.of(language) for text in (*known, *(one.text for one in told)))
        for language in LANGUAGES
    }
    source = "; ".join([*([note.source] if known else []), *dict.fromkeys(one.source for one in told)])
    said: dict[str, object] = {
        **texts,
        "source": source,
        "status": note.status if known else "CONFIRMED",
        "open": note.open if left else None,
        "by_office": True,
    }
    return note.model_copy(update=said)
