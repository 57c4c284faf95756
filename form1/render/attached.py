"""The files of an edition that travel inside its PDF: which they are, and what each is to the document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from form1.model.forms import FilledForm
from form1.render.finish import Attached

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
