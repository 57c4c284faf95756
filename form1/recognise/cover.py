"""What the cover of a received form says of itself: code, respondent, title, and who signs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from form1.core.findings import Finding, Place, Severity
from form1.core.texts import LANGUAGES, Text
from form1.definition.form import Form
from form1.recognise.view import View
from form1.xlsx.read.raw import cell_name

_ROWS: Final = 60
_LABELS: Final = 3
"""A sheet with so many labels of the cover is one."""
_LONGEST: Final = 120


def judge_cover(form: Form, views: Iterable[View]) -> Iterator[Finding]:
    """Give what a cover says otherwise than the form; `views` are the sheets that hold no table.

    Only what stands beside a label of the form is compared: a cover that is laid out by its own hand says nothing.
    """
    for view in views:
        labels = sum(_is_label(form, view, text.partition(":")[0]) for _, _, text in view.texts(1, _ROWS))
        for row, column, text in view.texts(1, _ROWS) if labels >= _LABELS else ():
            yield from _header(form, view, row, column, text)
            yield from _signature(form, view, row, column, text)
            yield from _title(form, view, row, column, text)


def _header(form: Form, view: View, row: int, column: int, text: str) -> Iterator[Finding]:
    for field in form.identity.header:
        beside = _beside(form, view, row, column, text, field.label) if field.differs else None
        if beside is None:
            continue
        at, found = beside
        if found and not _is_one(view, found, field.text):
            place = Place(sheet=view.sheet.name, cell=cell_name(*at))
            told = Finding.of(
                "received_cover_differs", place, label=field.label, found=found[:_LONGEST], expected=field.text
            )
            yield replace(told, severity=Severity(field.differs))


def _signature(form: Form, view: View, row: int, column: int, text: str) -> Iterator[Finding]:
    for field in form.identity.signature:
        beside = _beside(form, view, row, column, text, field.label) if field.missing else None
        if beside is not None and not beside[1]:
            place = Place(sheet=view.sheet.name, cell=cell_name(*beside[0]))
            finding = Finding.of("received_cover_open", place, label=field.label)
            yield replace(finding, severity=Severity(field.missing))


def _title(form: Form, view: View, row: int, column: int, text: str) -> Iterator[Finding]:
    """A title of the same kind with another number is that of another form."""
    for language in LANGUAGES:
        title = form.identity.title.of(language)
        start = title.partition(" (")[0]
        pattern = re.sub(r"[0-9]+", "([0-9]+)", re.escape(start))
        told = re.match(pattern, " ".join(text.split()))
        own = re.match(pattern, start)
        if told and own and told.groups() != own.groups():
            place = Place(sheet=view.sheet.name, cell=cell_name(row, column))
            yield Finding.of("received_cover_title", place, found=text[:_LONGEST], expected=form.identity.title)
            return


def _beside(
    form: Form, view: View, row: int, column: int, text: str, label: Text
) -> tuple[tuple[int, int], str] | None:
    """The cell in which a line of the cover says what its label asks for, and what it says."""
    for language in LANGUAGES:
        name, colon, rest = text.partition(":")
        if view.words.same(name, label.of(language)):
            if colon and rest.strip():
                return (row, column), rest.strip()
            ends = {(top, left): (low, right) for top, left, low, right in view.sheet.merges}
            low, right = ends.get((row, column), (row, column))
            beside, below = (row, right + 1), (low + 1, column)
            for at in (beside, below):
                found = view.text(*at).strip()
                if found and not _is_label(form, view, found):
                    return at, found
            return beside, ""
    return None


def _is_label(form: Form, view: View, text: str) -> bool:
    labels = [*(each.label for each in form.identity.header), *(each.label for each in form.identity.signature)]
    return any(view.words.same(text, label.of(language)) for label in labels for language in LANGUAGES)


def _is_one(view: View, found: str, text: Text) -> bool:
    """True when a cover says what the form says, in any language; a code may have lost the zeros before it."""
    stripped = found.lstrip("0")
    return any(
        view.words.same(found, text.of(language))
        or (stripped.isdecimal() and stripped == text.of(language).lstrip("0"))
        for language in LANGUAGES
    )
