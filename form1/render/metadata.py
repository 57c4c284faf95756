"""metadata.json: the reference metadata of an edition, for machines.

A metadata message of SDMX-JSON 2.0.0: one metadata set for the form and one for each table. An attribute is a concept
of SIMS 2.0 by its concept id; its annotations say where it stands in SIMS, in the European structure and under the
authority's own headings, its source, how sure it is, and at which places of the tables its mark stands.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from form1.core.texts import LANGUAGES, Text
from form1.definition.audit.notes import CHAPTERS, CONCEPTS, HEADINGS
from form1.definition.codelists import Code
from form1.definition.notes import Note
from form1.definition.records import Table
from form1.model.forms import Edition

NAME: Final = "metadata.json"
"""The name under which it stands in an edition and is attached to its PDF."""

_SCHEMA: Final = (
    "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/"
    "metadata-message/tools/schemas/2.0.0/sdmx-json-metadata-schema.json"
)
_VERSION: Final = "1.0.0"


def metadata_json(edition: Edition) -> bytes:
    """Return the notes in force at the end of the period as SDMX-JSON, in all languages; the same bytes every time."""
    identity, language = edition.form.identity, edition.language
    sender = next((field.text for field in identity.header if field.id == "respondent"), identity.title)
    message = {
        "meta": {
            "schema": _SCHEMA,
            "id": edition.name,
            # The time is that of the period, as everywhere in an edition.
            "prepared": f"{edition.period.last_day.isoformat()}T00:00:00+04:00",
            "contentLanguages": [language, *(other for other in LANGUAGES if other != language)],
            **_named(identity.title, edition),
            "sender": {"id": identity.agency, **_named(sender, edition)},
        },
        "data": {"metadataSets": [_of_form(edition), *_of_tables(edition)]},
    }
    return (json.dumps(message, ensure_ascii=False, indent=1) + "\n").encode()


def _of_form(edition: Edition) -> dict[str, object]:
    notes = [note for note in _in_force(edition) if note.concept]
    by_concept = {concept: [note for note in notes if note.concept == concept] for concept in _concepts(edition)}
    attributes = _attributes(edition, "", by_concept, whole=True)
    return _set(edition, "FORM", edition.form.identity.title, attributes)


def _of_tables(edition: Edition) -> Iterable[dict[str, object]]:
    for layout in edition.layouts.values():
        table = layout.table
        concepts = {aspect.id: aspect.concept for aspect in edition.form.aspects}
        by_concept: dict[str, list[Note]] = {}
        for note in _in_force(edition):
            if note.table == table.id and note.aspect:
                by_concept.setdefault(concepts[note.aspect], []).append(note)
        attributes = _attributes(edition, "", by_concept, whole=False)
        if attributes:
            yield _set(edition, table.id, table.title, attributes, table)


def _set(
    edition: Edition,
    part: str,
    name: Text,
    attributes: Sequence[Mapping[str, object]],
    table: Table | None = None,
) -> dict[str, object]:
    identity, period = edition.form.identity, edition.period
    flow = f"F{identity.code}" + (f"_{table.id}" if table else "")
    model = "urn:sdmx:org.sdmx.infomodel"
    return {
        "id": f"{edition.name}-{part}",
        "version": _VERSION,
        "agencyID": identity.agency,
        "reportingBegin": period.first_day.isoformat(),
        "reportingEnd": period.last_day.isoformat(),
        **_named(name, edition),
        "metadataflow": f"{model}.metadatastructure.Metadataflow={identity.agency}:SIMS({_VERSION})",
        "targets": [f"{model}.datastructure.Dataflow={identity.agency}:{flow}({_VERSION})"],
        "attributes": attributes,
    }


def _attributes(
    edition: Edition, parent: str, notes: Mapping[str, Sequence[Note]], *, whole: bool
) -> list[dict[str, object]]:
    """Return the concepts under a parent with what is said on them; `whole` keeps those on which nothing is said."""
    found: list[dict[str, object]] = []
    for concept in _concepts(edition).values():
        if concept.parent != parent:
            continue
        below = _attributes(edition, concept.code, notes, whole=whole)
        said = [_note(edition, concept, note) for note in notes.get(concept.code, ())]
        if not said and (below or whole):
            # A concept that only groups others has no value of its own; else it is said that nothing was found.
            said = [_silent(edition, concept, grouping=bool(below))]
        if said and below:
            said[0]["attributes"] = below
        found += said
    return found


def _note(edition: Edition, concept: Code, note: Note) -> dict[str, object]:
    own = [("note", note.id), ("status", note.status), ("source", note.source)]
    own += [(HEADINGS, heading) for heading in _headings(edition, note)]
    own += [("answered", "office")] if note.by_office else []
    own += [("break", note.breaks.isoformat())] if note.breaks else []
    if number := edition.marks.number_of(note):
        own.append(("number", str(number)))
        own += [("mark", anchor.place) for anchor in note.at]
    annotations: list[dict[str, object]] = [{"type": kind, "value": value} for kind, value in own]
    if note.name is not None:
        annotations.append({"type": "name", "texts": {each: note.name.of(each) for each in LANGUAGES}})
    return {
        "id": _id(edition, concept),
        "annotations": [*_where(edition, concept), *annotations],
        "value": {language: note.whole.of(language) for language in LANGUAGES},
    }


def _silent(edition: Edition, concept: Code, *, grouping: bool) -> dict[str, object]:
    annotations = [*_where(edition, concept)]
    if not grouping:
        annotations.append({"type": "status", "value": "NOT FOUND"})
    return {"id": _id(edition, concept), "annotations": annotations, "value": ""}


def _where(edition: Edition, concept: Code) -> list[dict[str, object]]:
    """Say which concept it is: its place and name in SIMS, and the chapter of the European structure."""
    names = {language: concept.name.of(language) for language in LANGUAGES}
    where: list[dict[str, object]] = [{"id": "SIMS", "value": concept.code, "texts": names}]
    chapter = concept.code.split(".")[1]
    if any(code.code == chapter for code in edition.form.codelists[CHAPTERS].codes):
        where.append({"id": "ESMS", "value": chapter})
    return where


def _headings(edition: Edition, note: Note) -> tuple[str, ...]:
    of_aspect = (aspect.headings for aspect in edition.form.aspects if aspect.id == note.aspect)
    return (*note.headings, *next(of_aspect, ()))


def _id(edition: Edition, concept: Code) -> str:
    """The concept id of SDMX, which the list of concepts has as another name of its code."""
    aliases = edition.form.codelists[CONCEPTS].aliases
    return next((alias for code, alias in aliases if code == concept.code), concept.code.replace(".", "_"))


def _concepts(edition: Edition) -> dict[str, Code]:
    return {code.code: code for code in edition.form.codelists[CONCEPTS].codes}


def _in_force(edition: Edition) -> list[Note]:
    return [note for note in edition.form.notes if note.in_force(edition.period.last_day)]


def _named(name: Text, edition: Edition) -> dict[str, object]:
    return {
        "name": name.of(edition.language),
        "names": {language: name.of(language) for language in LANGUAGES},
    }
