"""The versions of the form, and how the rows of one go on in the next."""

from __future__ import annotations

from collections.abc import Iterator

from form1.definition import Form
from form1.definition.layout import lay_out
from form1.definition.versions import Version
from form1.documents.markdown import code, codes, table, text


def versions(form: Form) -> Iterator[str]:
    """Give the lines on every version: in force when, by which act, with how many rows; and those of bridges.csv."""
    yield "## Versions of the form"
    yield ""
    yield (
        "A period belongs to the version in force on its last day. Older versions differ from today's by the dates of"
        " the code lists, and by what stands in `reference/versions/`; `form1 changes` tells what changed between two."
    )
    yield ""
    yield from table(
        ["version", "in force", "act", "known", "own files", "status", "source"],
        [
            (
                code(version.id),
                f"{version.valid_from} – {version.valid_to or ''}".rstrip(),
                text(version.act.en),
                text(version.known.en),
                _files(form, version),
                version.status,
                text(version.source),
            )
            for version in form.versions
        ],
    )
    yield "Rows of the tables that list every code, on the first day of each version:"
    yield ""
    closed = [one.id for one in form.tables.values() if one.rows.detail and not one.rows.open]
    yield from table(
        ["version", *closed],
        [(code(version.id), *(_rows(form, version, id) for id in closed)) for version in form.versions],
    )
    yield "Codes that go on under another one, or nowhere (`bridges.csv`); all others go on as themselves, and a group"
    yield "of rows goes on where its members do:"
    yield ""
    yield from table(
        ["list", "code", "from", "becomes", "status", "remark"],
        [
            (
                code(link.list), code(link.code), link.on.isoformat(),
                code(link.becomes) if link.becomes else "nothing", link.status, text(link.note),
            )
            for link in form.links
        ],
    )  # fmt: skip


def _files(form: Form, version: Version) -> str:
    overlay = form.overlays.get(version.id)
    if overlay is None:
        return ""
    own = [
        ("form.toml", overlay.identity is not None),
        ("tables/", bool(overlay.tables)),
        ("codes/", bool(overlay.codelists)),
        ("sources.toml", bool(overlay.sources.source or overlay.sources.dimension)),
        ("rules.toml", bool(overlay.rulebook.rule or overlay.rulebook.derived)),
        ("notes.toml", bool(overlay.notes)),
    ]
    return codes(name for name, there in own if there)


def _rows(form: Form, version: Version, table: str) -> str:
    """The rows of a table, or nothing where the version does not have it; a row that is rarely printed is left out."""
    of_version = form.in_version(version.id)
    if table not in of_version.tables:
        return ""
    return str(len(lay_out(of_version, of_version.tables[table], version.valid_from).rows))
