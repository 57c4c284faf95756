"""The form as it is signed: cover, contents, tables, legend, classifications, notes and revisions, on A4."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from form1.definition.wording import day_in_words, period_in_words
from form1.model.forms import Edition, FilledForm
from form1.render.finish import Attached
from form1.render.page import engine, summary, tables, templates
from form1.views import notes

TRAVELLING: Final = {
    "cells.csv": ("Data", "attached_cells"),
    "changes.csv": ("Supplement", "attached_changes"),
    "findings.json": ("Supplement", "attached_findings"),
    "metadata.json": ("Supplement", "attached_metadata"),
}
"""Relationship to the document (ISO 32000-2, 7.11.3) and the word that describes the file, by the file's name."""


def attached(filled: FilledForm, files: Mapping[str, bytes]) -> tuple[Attached, ...]:
    """Return those of an edition's files that travel inside the PDF, dated by the last day of the period."""
    return tuple(
        Attached(
            name,
            files[name],
            filled.form.word(word, filled.language),
            relationship,
            filled.period.last_day,
        )
        for name, (relationship, word) in TRAVELLING.items()
        if name in files
    )


def draw(edition: Edition, files: Mapping[str, bytes] | None = None) -> bytes:
    """Return the PDF of a edition: PDF/A-3a and PDF/UA-1, and the same bytes for the same edition.

    `files` are the other files of the edition by name; those of `TRAVELLING` travel inside. MachineError when
    this machine lacks Pango or the package with the fonts.
    """
    return engine.write(html(edition), attached(edition, files or {}))


def html(edition: Edition) -> str:
    """Return the page from which the PDF is made; it asks for nothing but `form1:/fonts/` (see `engine.fetcher`)."""
    form, period, language = edition.form, edition.period, edition.language
    own = [layout.table for layout in edition.layouts.values()]
    before, _, rest = form.word("page_of", language).partition("{page}")
    between, _, after = rest.partition("{pages}")
    return templates.fill(
        "form.html.jinja",
        edition,
        edition=edition,
        style=templates.style("print.css"),
        period=period_in_words(period, language),
        # Dates of the file come from the period, so that the same form always has the same bytes.
        dated=period.last_day.isoformat(),
        deadline=day_in_words(form.deadline(period), language),
        page_words=(before, between, after),
        figures=summary.figure_views(edition),
        tables=tables.table_views(edition, noted=edition.marks),
        numbered_notes=notes.numbered_notes(edition),
        form_notes=notes.form_notes(edition),
        table_notes=notes.table_notes(edition, own),
        signs=notes.signs(edition),
        classifications=notes.classifications(edition, own),
        **templates.edition_values(edition),
    )
