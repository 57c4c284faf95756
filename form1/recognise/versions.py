"""Whether a received table is laid out by another version of the form than the one in force for its period."""

from __future__ import annotations

from collections.abc import Sequence

from form1.core.findings import Finding, Place
from form1.core.texts import LANGUAGES
from form1.definition.form import Form
from form1.definition.layout import Layout, Row, lay_out
from form1.definition.versions import Version
from form1.recognise.lines import Placed
from form1.recognise.stub import Line, canonical
from form1.recognise.view import Words

_ENOUGH = 0.8
"""Share of the lines that must stand as another version has them, for it to be the one that was used."""


def laid_out_by_another(
    form: Form, layout: Layout, placed: Sequence[Placed], differs: bool, words: Words
) -> Finding | None:
    """Return the finding that a table is laid out as in another version, which fits its lines better than `form` does.

    Tables with open rows tell nothing, and neither do those whose lines are as they should be: `differs` is False.
    """
    table = layout.table
    if table.rows.open or not table.rows.detail or not differs:
        return None
    # What stands below a table, such as its notes, has no line code.
    lines = [line for each in placed for line in each.lines if line.label and line.line]
    best, found = _fit(layout, lines, words), form.version
    for version in _nearest_first(form):
        other = form.in_version(version.id)
        if table.id in other.tables:
            fit = _fit(lay_out(other, other.tables[table.id], version.valid_from), lines, words)
            if fit > best and fit >= _ENOUGH:
                best, found = fit, version
    if found is form.version:
        return None
    return Finding.of(
        "received_other_version",
        Place(table.id, sheet=_sheet(placed)),
        found=found.title,
        expected=form.version.title,
        since=form.version.valid_from.isoformat(),
        act=form.version.act,
    )


def _nearest_first(form: Form) -> list[Version]:
    """The other versions, the nearest in time first: versions that print a table alike cannot be told apart."""
    own = form.versions.index(form.version)
    others = [(abs(at - own), at, version) for at, version in enumerate(form.versions) if at != own]
    return [version for _, _, version in sorted(others, key=lambda one: one[:2])]


def _fit(layout: Layout, lines: Sequence[Line], words: Words) -> float:
    rows = {canonical(row.line): row for row in layout.rows}
    hits = sum(line.line in rows and _is(rows[line.line], line, layout, words) for line in lines)
    return hits / max(len(lines), len(rows), 1)


def _is(row: Row, line: Line, layout: Layout, words: Words) -> bool:
    names = {key for language in LANGUAGES for key in words.of(row.label.of(language))}
    shown = set(words.of(row.shown_code))
    coded = not (line.code and layout.table.rows.show_code and row.shown_code) or shown & set(words.of(line.code))
    return bool(names & set(words.of(line.label)) and coded)


def _sheet(placed: Sequence[Placed]) -> str:
    return placed[0].block.view.sheet.name if placed else ""
