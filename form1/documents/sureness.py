"""How sure each part of the definition is, and what is still to be asked of the authority."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import get_args

from form1.definition import Form
from form1.definition.questions import asked
from form1.definition.records import Confirmation, Sourced
from form1.documents.markdown import code, table, text


def statements(form: Form) -> Iterator[tuple[str, Iterable[Sourced]]]:
    """Give every kind of statement in reference/ that carries a source, with its statements."""
    identity, rulebook = form.identity, form.rulebook
    yield "deadlines", identity.deadline
    yield "lines of the cover", identity.header
    yield "lines of the signature block", identity.signature
    yield "tables", form.tables.values()
    yield "exports", form.sources.source
    yield "columns of the exports", form.sources.dimension
    yield "code lists", (codelist.classification for codelist in form.codelists.values())
    for name, codelist in form.codelists.items():
        yield f"entries of {code(name)}", codelist.codes
    yield "derived rules", rulebook.derived
    yield "rules", rulebook.rule
    yield "notes", form.notes
    yield "corrections", form.corrections
    yield "versions of the form", form.versions
    yield "lines of the bridges", form.links


def sureness(form: Form) -> Iterator[str]:
    """Give the lines of the table of counts."""
    marks = get_args(Confirmation)
    counted = {kind: Counter(one.status for one in of) for kind, of in statements(form)}
    every = sum(counted.values(), Counter[Confirmation]())
    yield "## What is confirmed, inferred and not found"
    yield ""
    yield from table(
        ["statements", *marks],
        [
            *((kind, *(str(count[mark] or "") for mark in marks)) for kind, count in counted.items()),
            ("**all**", *(f"**{every[mark]}**" for mark in marks)),
        ],
    )


def questions(form: Form) -> Iterator[str]:
    """Give the lines on what was looked for in vain: each is a question to the authority."""
    yield "## Open questions to the authority"
    yield ""
    yield (
        "What the notes leave open is not printed on the form. An answer stands in `answers.toml` of the office's"
        " folder under the name of its question (`form1 questions` shows how) and is printed as a note; an answer with"
        " a public source is an edit in `reference/`."
    )
    yield ""
    yield from table(
        ["question", "asked", "why it matters", "left open by"],
        [
            (
                code(question.id),
                text(question.ask.en),
                text(question.why.en),
                ", ".join(code(note.id) for note in notes),
            )
            for question, notes in asked(form)
        ],
    )
    others = [
        (kind, text(str(getattr(one, "id", getattr(one, "code", "")))), text(one.source))
        for kind, of in statements(form)
        for one in of
        if kind != "notes" and one.status == "NOT FOUND"
    ]
    if others:
        yield from table(["among", "statement", "looked for in"], others)
    hedged = list(_hedged(form))
    if hedged:
        yield "Remarks in the code lists that speak of something not found:"
        yield ""
        yield from table(["list", "entries", "remark"], hedged)


def _hedged(form: Form) -> Iterator[tuple[str, str, str]]:
    """Remarks of codes that say "not found": one line per list and remark."""
    for name, codelist in form.codelists.items():
        remarks: dict[str, list[str]] = {}
        for entry in codelist.codes:
            if "not found" in entry.note.lower():
                remarks.setdefault(entry.note, []).append(entry.code)
        for remark, entries in remarks.items():
            span = code(entries[0]) + (f" … {code(entries[-1])}" if len(entries) > 1 else "")
            yield code(name), span, text(remark)
