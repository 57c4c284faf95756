"""`form1 questions`: what the notes leave open, why it matters, and where the office answers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from form1.cli.options import Call, shared

if TYPE_CHECKING:
    from form1.cli.options import Settings
    from form1.definition.notes import Note
    from form1.definition.questions import Answer
    from form1.definition.records import Question


@click.command("questions")
@click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text", help="How it is printed.")
@shared
def command(shape: str, call: Call) -> int:
    """Show every question that the notes leave open: why it matters, which notes wait for it, and where to answer.

    An answer stands in answers.toml of the office's folder (--office, or `office` in form1.toml), under the name of its
    question: `[contact_name]`, then az = "…" and, where there are, en, ru, by and on. It is printed on the form as a
    note; a question without an answer is not printed.
    """
    from form1.definition.office import ANSWERS, read_office
    from form1.definition.questions import asked

    settings = call.settle()
    answers = read_office(settings.office).answers if settings.office else {}
    place = str(settings.office / ANSWERS) if settings.office else ANSWERS
    questions = asked(settings.form)
    if shape == "json":
        told = [_as_json(settings, question, notes, answers.get(question.id), place) for question, notes in questions]
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return 0
    word, language = settings.form.word, settings.language
    for question, notes in questions:
        click.echo(f"{question.id}: {question.ask.of(language)}")
        if question.id in answers:
            click.echo(f"  {word('question_answer', language)}: {answers[question.id].text.of(language)}")
        else:
            click.echo(f"  {word('question_why', language)}: {question.why.of(language)}")
            click.echo(f"  {word('question_notes', language)}: {', '.join(dict.fromkeys(_names(settings, notes)))}")
            click.echo(f"  {word('question_place', language)}: {place}, [{question.id}]")
    left = sum(question.id not in answers for question, _ in questions)
    click.echo(word("questions_summary", language).format(open=left, answered=len(questions) - left))
    return 0


def _names(settings: Settings, notes: tuple[Note, ...]) -> list[str]:
    """What each note is on: its table, or its concept."""
    from form1.views.tables import table_name

    form, language = settings.form, settings.language
    concepts = {entry.code: entry.name.of(language) for entry in form.codelists["sims_concepts"].codes}
    return [
        table_name(form, form.tables[note.table], language)
        if note.table
        else f"{note.concept} {concepts[note.concept]}"
        for note in notes
    ]


def _as_json(
    settings: Settings, question: Question, notes: tuple[Note, ...], answer: Answer | None, place: str
) -> dict[str, object]:
    language = settings.language
    return {
        "question": question.id,
        "ask": question.ask.of(language),
        "why": question.why.of(language),
        "notes": [note.id for note in notes],
        "file": place,
        "answer": answer.text.of(language) if answer else None,
    }
