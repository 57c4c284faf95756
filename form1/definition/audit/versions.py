"""The audit of versions and bridges: line codes are stable inside a version, and no row ends unsaid."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from form1.definition.codelists import CodeList
from form1.definition.form import Form
from form1.definition.layout import lay_out
from form1.definition.records import Table


def links(form: Form) -> Iterator[str]:
    """Lines of bridges.csv that name a list, a code or a day that is not there."""
    for number, link in enumerate(form.links, start=2):
        where = f"bridges.csv line {number}"
        if link.list not in form.codelists:
            yield f"{where}: there is no code list {link.list!r}."
            continue
        if not _stands(form, link.list, link.code, link.on - timedelta(days=1)):
            yield f"{where}: {link.code!r} is not in force in {link.list} on the day before {link.on}."
        if link.becomes and not any(_stands(form, name, link.becomes, link.on) for name in form.codelists):
            yield f"{where}: {link.code} becomes {link.becomes!r}, which is in force in no list on {link.on}."


def unsaid(form: Form) -> Iterator[str]:
    """Codes of closed rows that end, and of which nobody says what becomes of them."""
    said = {(link.list, link.code, link.on) for link in form.links}
    for table in form.tables.values():
        for name in _closed_rows(table):
            codelist = form.codelists[name]
            for entry in codelist.codes:
                after = entry.valid_to + timedelta(days=1) if entry.valid_to else None
                if after and not _in(codelist, entry.code, after) and (name, entry.code, after) not in said:
                    yield (
                        f"bridges.csv: {entry.code} of {name} ends on {entry.valid_to}; "
                        "say what becomes of it, or leave `becomes` empty when it goes on nowhere."
                    )


def unstable(form: Form) -> Iterator[str]:
    """Days inside a version on which a table that lists every code gets other rows, and with them other line codes."""
    for version in form.versions:
        of_version = form.in_version(version.id)
        for table in of_version.tables.values():
            for day in sorted(_changes(of_version, table)):
                if version.valid_from < day and (version.valid_to is None or day <= version.valid_to):
                    before, after = (_rows(of_version, table, one) for one in (day - timedelta(days=1), day))
                    if before != after:
                        yield (
                            f"versions.toml: the rows of {table.id} change on {day}, inside the version {version.id}; "
                            "begin a version on that day, so that line codes are stable."
                        )


def _rows(form: Form, table: Table, day: date) -> tuple[list[tuple[str, str]], list[str]]:
    layout = lay_out(form, table, day)
    return [(row.code, row.line) for row in layout.rows], [column.code for column in layout.columns]


def _changes(form: Form, table: Table) -> set[date]:
    rows = table.rows
    lists = {*_closed_rows(table), *(column.codes for column in table.columns)}
    if _closed_rows(table) and rows.groups:
        lists.add(rows.groups.codes)
    entries = [entry for name in lists for entry in form.codelists[name].codes]
    ends = {entry.valid_to + timedelta(days=1) for entry in entries if entry.valid_to}
    return ends | {entry.valid_from for entry in entries if entry.valid_from}


def _closed_rows(table: Table) -> list[str]:
    rows = table.rows
    return [rows.codes] if rows.detail and not rows.open and rows.codes else []


def _stands(form: Form, name: str, code: str, day: date) -> bool:
    """True when a list holds a code on a day, in today's version or in the one of that day."""
    forms = [form, *(form.in_version(version.id) for version in form.versions if version.in_force(day))]
    return any(name in one.codelists and _in(one.codelists[name], code, day) for one in forms)


def _in(codelist: CodeList, code: str, day: date) -> bool:
    return any(entry.code == code and entry.in_force(day) for entry in codelist.codes)
