"""Whether register.toml describes the extracts that records.toml has: what it cannot invent is refused in words."""

from __future__ import annotations

from collections.abc import Iterator

from form1.core.errors import DefinitionError
from form1.definition.form import Form
from form1.definition.record_layout import Extract
from form1.records.invented.columns import DAYS, DECISION, ISSUED, OF_PERSONS, RENEWED, SEXES
from form1.records.invented.settings import Register

_TYPES = {"person_id": "identifier", "birth_date": "date"}
_CODES = {"sex": SEXES, DECISION: (ISSUED, RENEWED)}
_MUST_BE_EMPTY_AT_TIMES = ("citizenship", "deregistered_on", "annulled_on")


def require_described(form: Form, register: Register) -> None:
    """Raise DefinitionError when records of some extract, or some column, could not be invented."""
    faults = list(described_faults(form, register))
    if faults:
        raise DefinitionError(" ".join(faults))


def described_faults(form: Form, register: Register) -> Iterator[str]:
    """Yield what register.toml does not say, or says about nothing that there is."""
    there = form.records.extracts
    made = {chain.extract for group in register.group for chain in group.chain}
    for name in there:
        if name not in made:
            yield f"register.toml: no group has records of {name}; add a [[group.chain]] with extract = {name!r}."
    for group in register.group:
        before: list[str] = []
        for chain in group.chain:
            if chain.extract not in there:
                yield f"register.toml: {group.id}: {chain.extract!r} is no extract of records.toml."
            if chain.extract in before:
                yield f"register.toml: {group.id} has two chains of {chain.extract}; put them into one."
            if chain.follows is not None and chain.follows not in before:
                yield f"register.toml: {group.id}: {chain.extract} follows {chain.follows!r}, which stands before it."
            before.append(chain.extract)
            extract = there.get(chain.extract)
            for column in (*chain.fixed, *chain.without) if extract else ():
                if extract is not None and column not in coded(form, extract):
                    yield f"register.toml: {group.id}: {chain.extract} has no drawn column {column!r}."
    for extract in form.records.extract:
        yield from _columns(form, extract)
        yield from _order(extract)


def coded(form: Form, extract: Extract) -> tuple[str, ...]:
    """Return the columns of an extract whose codes are drawn for its records."""
    known = {*OF_PERSONS, DECISION}
    return tuple(
        column for column in extract.columns if form.records.columns[column].type == "code" and column not in known
    )


def _columns(form: Form, extract: Extract) -> Iterator[str]:
    for column in extract.columns:
        described = form.records.columns[column]
        wanted = "date" if column in DAYS or column == extract.placed_by else _TYPES.get(column, "")
        if wanted and described.type != wanted:
            yield f"records.toml: {column} is of type {described.type}; sample records know it as {wanted}."
        known = {entry.code for entry in form.codelists[described.codes].codes} if described.codes else set()
        for code in _CODES.get(column, ()):
            if code not in known:
                yield f"records.toml: {column} has no code {code!r}, which sample records give it."
        if column in _MUST_BE_EMPTY_AT_TIMES and column not in extract.nullable:
            yield f"records.toml: {extract.id}: {column} cannot be empty, and sample records leave it empty at times."
        if described.type == "date" and not wanted and column not in extract.nullable:
            yield (
                f"records.toml: {extract.id}: sample records do not know the day {column}; let it be empty, or say in"
                " form1/records/invented/columns.py which day it is."
            )
    numbered = any(form.records.columns[c].type == "identifier" and c != "person_id" for c in extract.key)
    if not numbered and not {"person_id", extract.placed_by} <= set(extract.key):
        yield f"records.toml: {extract.id}: sample records cannot keep the key {', '.join(extract.key)}."


def _order(extract: Extract) -> Iterator[str]:
    later = {"valid_from", "valid_to", "deregistered_on", "annulled_on", "recorded_on", extract.placed_by}
    kept = {("birth_date", day) for day in later} | {(extract.placed_by, day) for day in later}
    kept |= {("valid_from", "valid_to"), ("deregistered_on", "valid_to"), ("annulled_on", "valid_to")}
    known = {*later, "birth_date"}
    for first, second in extract.order:
        if {first, second} <= known and (first, second) not in kept:
            yield f"records.toml: {extract.id}: sample records do not keep {first} before {second}."
