"""Annexes: tables beside the form, in folders of reference/annexes/, that are added where somebody asks for them.

The ten tables, their notes and their rules stay as they are; without an annex nothing of it is read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from form1.core.errors import DefinitionError
from form1.core.texts import Text
from form1.definition.form import Form
from form1.definition.notes import Note
from form1.definition.records import Identifier, Sourced, Table, TableId
from form1.definition.residence import ABOUT, Residence
from form1.definition.rulebook import Rulebook
from form1.definition.versions import SourcesPart

FOLDER = "annexes"


class About(Sourced):
    """annex.toml."""

    title: Text
    tables: tuple[TableId, ...]


@dataclass(frozen=True)
class Annex:
    """What a folder of annexes/ holds."""

    id: Identifier
    about: About
    tables: Mapping[str, Table]
    sources: SourcesPart
    rulebook: Rulebook
    notes: tuple[Note, ...]
    residence: Residence


def with_annexes(form: Form, annexes: Sequence[Annex]) -> Form:
    """Return today's form with the tables of annexes behind its own, and with what is said about them.

    Its hash tells that they are there: editions with and without an annex are made from different definitions.
    """
    for annex in annexes:
        missing = sorted(set(annex.about.tables) ^ set(annex.tables))
        if missing or set(annex.tables) & set(form.tables):
            raise DefinitionError(
                f"annexes/{annex.id}: annex.toml lists {', '.join(annex.about.tables)}, its tables/ and the form do "
                "not fit that."
            )
        if form.residence is not None:
            raise DefinitionError(f"annexes/{annex.id}: only one annex at a time can count stays.")
        form = replace(
            form,
            sha256=hashlib.sha256(f"{form.sha256} {annex.id}".encode()).hexdigest(),
            identity=form.identity.model_copy(update={"tables": (*form.identity.tables, *annex.about.tables)}),
            tables={**form.tables, **{id: annex.tables[id] for id in annex.about.tables}},
            sources=form.sources.model_copy(
                update={
                    "dimension": (*form.sources.dimension, *annex.sources.dimension),
                    "source": (*form.sources.source, *annex.sources.source),
                }
            ),
            rulebook=Rulebook(
                derived=(*form.rulebook.derived, *annex.rulebook.derived),
                rule=(*form.rulebook.rule, *annex.rulebook.rule),
            ),
            notes=(*form.notes, *annex.notes),
            residence=annex.residence,
            annexes=(*form.annexes, annex.id),
        )
    return form


def annex_faults(form: Form) -> Iterator[str]:
    """Yield every contradiction of residence.toml with itself, the records and the tables."""
    residence = form.residence
    if residence is None:
        return
    for about in ABOUT:
        times = sum(rule.id == about for rule in residence.rule)
        if times != 1:
            yield f"residence.toml needs exactly one rule on {about}, and has {times}."
    if not any(right.joins for right in residence.right):
        yield "residence.toml: no right joins; permits do."
    for right in residence.right:
        extract = form.records.extracts.get(right.extract)
        if extract is None:
            yield f"residence.toml: {right.extract!r} is no extract of records.toml."
            continue
        for column in (right.begins, right.ends, *right.cut_by):
            if column not in extract.columns or form.records.columns[column].type != "date":
                yield f"residence.toml: {right.extract} has no day {column!r}."
        for column in {right.begins, right.ends} & set(extract.nullable):
            yield f"residence.toml: {right.extract}: {column!r} can be empty, so no stay begins or ends with it."
        for item in residence.breakdown:
            for column in filter(None, (item.source, item.stateless)):
                if column not in extract.columns:
                    yield f"residence.toml: {right.extract} has no column {column!r}."
    there = {item.dimension for item in residence.breakdown}
    shapes = {form.tables[counted.table].dimensions for counted in residence.count if counted.table in form.tables}
    if len(shapes) > 1:
        yield "residence.toml: its tables do not have the same breakdowns."
    for counted in residence.count:
        table = form.tables.get(counted.table)
        if table is None:
            yield f"residence.toml counts {counted.table}, which is no table."
        elif not set(table.dimensions) <= there:
            yield f"residence.toml: {counted.table} needs breakdowns by {', '.join(table.dimensions)}."
