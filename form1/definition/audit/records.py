"""The audit of records.toml and counting.toml: what is counted, from which columns, by which rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from form1.core.texts import LANGUAGES
from form1.definition.counting import ABOUT, KNOWN, CountingRule, Universe
from form1.definition.form import Form
from form1.definition.record_layout import Extract
from form1.definition.spelling import Folding


def record_faults(form: Form) -> Iterator[str]:
    """Yield every contradiction of the two files, with themselves and with the tables."""
    yield from _twice("records.toml: column", (column.id for column in form.records.column))
    yield from _twice("records.toml: extract", (extract.id for extract in form.records.extract))
    yield from _twice("counting.toml: universe", (universe.id for universe in form.counting.universe))
    for column in form.records.column:
        if column.codes and column.codes not in form.codelists:
            yield f"records.toml: {column.id}: there is no code list {column.codes!r} in codes/."
    for extract in form.records.extract:
        yield from _extract(form, extract)
    yield from _names(form)
    for universe in form.counting.universe:
        yield from _universe(form, universe)
    yield from _tables(form)
    yield from _rules(form)


def _twice(what: str, names: Iterable[str]) -> Iterator[str]:
    for name, times in Counter(names).items():
        if times > 1:
            yield f"{what} {name!r} stands more than once."


def _extract(form: Form, extract: Extract) -> Iterator[str]:
    columns = form.records.columns
    for name in extract.columns:
        if name not in columns:
            yield f"records.toml: {extract.id}: column {name!r} is not described."
    for name in {*extract.nullable, *extract.key, extract.placed_by, *(day for pair in extract.order for day in pair)}:
        if name not in extract.columns:
            yield f"records.toml: {extract.id} speaks of {name!r}, which is none of its columns."
    for name in {*extract.key, extract.placed_by} & set(extract.nullable):
        yield f"records.toml: {extract.id}: {name!r} can be empty, so it is no key and places no record."
    for name in {extract.placed_by, *(day for pair in extract.order for day in pair)}:
        if name in columns and columns[name].type != "date":
            yield f"records.toml: {extract.id}: {name!r} is no date."
    folding, owners = Folding(form.sources.look_alikes), dict[str, str]()
    for name in extract.columns:
        for header in headers(form, name) if name in columns else ():
            for key in folding.name_keys(header):
                if owners.setdefault(key, name) != name:
                    yield f"records.toml: {extract.id}: the header {header!r} belongs to {owners[key]} and to {name}."


def _names(form: Form) -> Iterator[str]:
    folding, owners = Folding(form.sources.look_alikes), dict[str, str]()
    for extract in form.records.extract:
        for name in (extract.id, *extract.also_named):
            for key in folding.name_keys(name):
                if owners.setdefault(key, extract.id) != extract.id:
                    yield f"records.toml: the name {name!r} belongs to two extracts."


def headers(form: Form, column: str) -> tuple[str, ...]:
    """Return every header under which a column of records may stand."""
    described = form.records.columns[column]
    return (column, *(described.name.of(language) for language in LANGUAGES), *described.headers)


def _universe(form: Form, universe: Universe) -> Iterator[str]:
    extract = form.records.extracts.get(universe.extract)
    if extract is None:
        yield f"counting.toml: {universe.id} counts {universe.extract!r}, which is no extract."
        return
    for item in universe.breakdown:
        for name in filter(None, (item.source, item.stateless)):
            if name not in extract.columns:
                yield f"counting.toml: {universe.id}: {extract.id} has no column {name!r}."
            elif name in extract.nullable and not item.unknown:
                yield f"counting.toml: {universe.id}: {name!r} can be empty, so {item.dimension} needs `unknown`."
        if item.stateless and "legal_status" not in extract.columns:
            yield f"counting.toml: {universe.id}: `stateless` needs the column legal_status in {extract.id}."
    placed = [rule.value for rule in form.counting.rule if rule.universe == universe.id and rule.about == "placed_by"]
    for name in placed:
        if name not in extract.columns:
            yield f"counting.toml: {universe.id} is placed by {name!r}, which {extract.id} does not have."


def _tables(form: Form) -> Iterator[str]:
    for table in form.tables.values():
        universe = form.counting.universes.get(table.universe)
        if universe is None:
            continue
        extract = form.records.extracts.get(universe.extract)
        for dimension in table.dimensions:
            item = universe.by_dimension.get(dimension)
            if item is None:
                continue  # a table may be fed from an export that nobody counts from records
            column = form.records.columns.get(item.source)
            wanted = form.codelist_of(table, dimension)
            if extract and column and column.type == "code" and column.codes != wanted.id:
                yield (
                    f"counting.toml: {universe.id}: {item.source} has codes of {column.codes},"
                    f" {table.id} those of {wanted.id}."
                )
            if item.unknown and item.unknown not in {entry.code for entry in wanted.codes}:
                yield f"counting.toml: {universe.id}: {item.unknown!r} is not in {wanted.id}."


_ASKS: Final[Mapping[str, str]] = {"decisions": "decision", "in_force": "valid_to"}
"""The column that a rule looks at, unless its value asks for none."""


def _asked_of(form: Form, rule: CountingRule, universe: Universe) -> Iterator[str]:
    extract, column = form.records.extracts.get(universe.extract), _ASKS.get(rule.about)
    if extract and column and rule.value not in {"none", "any"} and column not in extract.columns:
        yield f"counting.toml: {universe.id}: {rule.about} = {rule.value!r} asks for {column}, not in {extract.id}."


def _rules(form: Form) -> Iterator[str]:
    said = Counter((choice.about, choice.value) for choice in form.counting.choice)
    for about, values in KNOWN.items():
        for value in sorted(values):
            if said[about, value] != 1:
                yield f"counting.toml: {about} = {value!r} needs exactly one [[choice]], and has {said[about, value]}."
    there = Counter((rule.universe, rule.about) for rule in form.counting.rule)
    for universe in form.counting.universe:
        for about in ABOUT:
            times = there[universe.id, about]
            if times != 1:
                yield f"counting.toml: {universe.id} needs exactly one rule on {about}, and has {times}."
    for rule in form.counting.rule:
        counted = form.counting.universes.get(rule.universe)
        if counted is None:
            yield f"counting.toml: a rule speaks of {rule.universe!r}, which is no universe."
        else:
            yield from _asked_of(form, rule, counted)
        if rule.value not in KNOWN[rule.about]:
            known = ", ".join(sorted(KNOWN[rule.about]))
            yield f"counting.toml: {rule.universe}: {rule.about} = {rule.value!r} is not known; write one of {known}."
