"""The annexes of the definition: the tables beside the form, and how their stays are made of records."""

from __future__ import annotations

from collections.abc import Iterator

from form1.definition import Form, load
from form1.definition.load import annexes_of
from form1.definition.residence import Residence
from form1.documents.markdown import code, codes, table, text


def beside(form: Form) -> Iterator[str]:
    """Give the lines of the section on the annexes, one part for each."""
    names = annexes_of(form.folder)
    if not names:
        return
    yield "## Tables beside the form"
    yield ""
    yield (
        "No part of the form, and off unless `--annex NAME` or `annexes` in `form1.toml` asks for them. What is said of"
        " them stands in `reference/annexes/NAME/`."
    )
    yield ""
    for name in names:
        yield from _annex(form, load(form.folder, [name]), name)


def _annex(form: Form, annexed: Form, name: str) -> Iterator[str]:
    tables = [described for id, described in annexed.tables.items() if id not in form.tables]
    yield f"### {code(name)}"
    yield ""
    yield from table(
        ["table", "English", "Azerbaijani", "export", "status", "source"],
        [
            [
                described.id,
                text(described.title.en),
                text(described.title.az),
                code(annexed.source_of(described.id).name),
                described.status,
                text(described.source),
            ]
            for described in tables
        ],
    )
    if annexed.residence is not None:
        yield from _residence(annexed.residence)
    first = tables[0].id
    yield f"Notes on {first}; those on the others differ in universe and basis:"
    yield ""
    for note in annexed.notes:
        if note.table == first:
            yield f"- *{note.aspect}*: {text(note.en)} [{note.status}: {text(note.source)}]"
    yield ""


def _residence(residence: Residence) -> Iterator[str]:
    yield "Records that give a right to reside; a day in “ended by” is the first without it:"
    yield ""
    yield from table(
        ["extract", "from", "to", "ended by", "a short gap is bridged", "status", "source"],
        [
            [
                code(right.extract),
                code(right.begins),
                code(right.ends),
                codes(right.cut_by),
                "yes" if right.joins else "no",
                right.status,
                text(right.source),
            ]
            for right in residence.right
        ],
    )
    yield from table(
        ["rule", "status", "source"],
        [[text(rule.sentence("en")), rule.status, text(rule.source)] for rule in residence.rule],
    )
