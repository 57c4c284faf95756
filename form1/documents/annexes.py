"""The annexes: the tables beside the form, how their stays are made of records, and the entries of the code lists."""

from __future__ import annotations

from collections.abc import Iterator

from form1.definition import Form, load
from form1.definition.codelists import Code, CodeList
from form1.definition.load import annexes_of
from form1.definition.residence import Residence
from form1.documents.markdown import code, codes, table, text


def tables_beside(form: Form) -> Iterator[str]:
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
            yield f"- *{note.aspect}*: {text(note.whole.en)} [{note.status}: {text(note.source)}]"
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


def code_list_entries(form: Form) -> Iterator[str]:
    """Give the lines of the annex, one folded table per code list."""
    yield "## Annex: the entries of the code lists"
    yield ""
    yield "The source of each entry stands in its file of `reference/codes/`."
    yield ""
    for codelist in form.codelists.values():
        yield "<details>"
        yield f"<summary>{codelist.id}: {text(codelist.classification.title.en)} ({len(codelist.codes)})</summary>"
        yield ""
        yield from _entries(codelist)
        yield "</details>"
        yield ""


def _entries(codelist: CodeList) -> list[str]:
    """The table of a list, with the columns that it uses."""
    heads = ["code", "Azerbaijani", "English", "belongs to", "counted as", "flags", "in force", "status", "remark"]
    rows = [_entry(entry) for entry in codelist.codes]
    used = [place for place in range(len(heads)) if any(row[place] for row in rows)]
    return table([heads[place] for place in used], [[row[place] for place in used] for row in rows])


def _entry(entry: Code) -> list[str]:
    span = f"{entry.valid_from or ''} – {entry.valid_to or ''}".strip() if entry.valid_from or entry.valid_to else ""
    return [
        code(entry.code),
        text(entry.name.az),
        text(entry.name.en),
        text(entry.parent),
        text(entry.counted_as),
        ", ".join(sorted(entry.flags)),
        span,
        entry.status,
        text(entry.note),
    ]
