"""The annex: every entry of every code list."""

from __future__ import annotations

from collections.abc import Iterator

from form1.definition import Form
from form1.definition.codelists import Code, CodeList
from form1.documents.markdown import code, table, text


def annexes(form: Form) -> Iterator[str]:
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
