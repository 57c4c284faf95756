"""What a form says of itself as a whole: which revision it is, that it is a draft, or what it translates."""

from __future__ import annotations

from form1.model.forms import Edition


def mark(edition: Edition) -> str:
    """Return what stands large at the head of every page; nothing for an edition."""
    word, language = edition.form.word, edition.language
    if edition.is_draft:
        return word("draft_mark", language)
    return word("rendition_mark", language).format(edition=edition.renders.name) if edition.renders else ""


def standing(edition: Edition) -> str:
    """Return what stands at the foot of every page beside form and period."""
    revision = f"{edition.form.word('revision', edition.language)} {edition.revision}"
    return " · ".join(filter(None, (revision, mark(edition))))


def notice(edition: Edition) -> str:
    """Return the sentence on the cover that says what a draft or a translation is worth; nothing for an edition."""
    word, language, source = edition.form.word, edition.language, edition.renders
    if edition.is_draft:
        return word("draft_notice", language)
    if source is None:
        return ""
    told = word("rendition_notice", language).format(
        edition=source.name, original=word(f"language_{source.language}", language), sha256=source.manifest_sha256
    )
    return told if source.same_definition else f"{told} {word('rendition_other_definition', language)}"
