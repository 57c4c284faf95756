"""What changed between two versions of the form beside its tables: acts, header, deadlines, exports, rules, notes."""

from __future__ import annotations

from collections.abc import Iterator

from form1.core.texts import Text
from form1.definition.bridge import bridge
from form1.definition.changes_in_tables import Changed, VersionPair, table_changes
from form1.definition.records import HeaderField, Identity, SignatureField
from form1.definition.rulebook import Derived, Rule, Rulebook
from form1.definition.versions import Version


def changes(pair: VersionPair) -> list[Changed]:
    """Return every change from the older to the newer version, the form's first, then table by table."""
    return [*_header(pair), *_deadlines(pair), *table_changes(pair), *_sources(pair), *_rules(pair), *_notes(pair)]


def acts(pair: VersionPair) -> list[Version]:
    """Return the versions that begin after the older one, up to the newer one, in order; of a way back, the same."""
    first, last = sorted((pair.was.version, pair.form.version), key=lambda version: version.valid_from)
    return [version for version in pair.form.versions if first.valid_from < version.valid_from <= last.valid_from]


def _header(pair: VersionPair) -> Iterator[Changed]:
    was, now = pair.was.identity, pair.form.identity
    for what in ("title", "subtitle"):
        if getattr(was, what) != getattr(now, what):
            says = pair.word("form_titled", was=getattr(was, what), now=getattr(now, what))
            yield Changed("form", says)
    before, after = _lines(was), _lines(now)
    for id in dict.fromkeys((*before, *after)):
        old, new = before.get(id), after.get(id)
        if old is None and new is not None:
            yield Changed("field", pair.word("field_new", label=new.label))
        elif new is None and old is not None:
            yield Changed("field", pair.word("field_ended", label=old.label))
        elif old is not None and new is not None:
            text_was, text_now = (field.text if isinstance(field, HeaderField) else field.label for field in (old, new))
            if old.label != new.label or text_was != text_now:
                yield Changed("field", pair.word("field", label=new.label, was=text_was, now=text_now))


def _lines(identity: Identity) -> dict[str, HeaderField | SignatureField]:
    """The lines of the cover and of the signature block."""
    return {**{field.id: field for field in identity.header}, **{field.id: field for field in identity.signature}}


def _deadlines(pair: VersionPair) -> Iterator[Changed]:
    before = {one.periodicity: (one.day, one.months_after) for one in pair.was.identity.deadline}
    for one in pair.form.identity.deadline:
        old = before.get(one.periodicity)
        if old is not None and old != (one.day, one.months_after):
            says = pair.word(
                "deadline",
                kind=pair.form.words[f"change_{one.periodicity}"],
                was=old[0],
                was_months=old[1],
                now=one.day,
                now_months=one.months_after,
            )
            yield Changed("deadline", says)


def _sources(pair: VersionPair) -> Iterator[Changed]:
    before = {source.table: source for source in pair.was.sources.source}
    for source in pair.form.sources.source:
        old = before.get(source.table)
        if old is not None and old.name != source.name:
            yield Changed("source", pair.word("source", was=old.name, now=source.name), source.table)


def _rules(pair: VersionPair) -> Iterator[Changed]:
    before, after = _by_id(pair.was.rulebook), _by_id(pair.form.rulebook)
    for id in dict.fromkeys((*before, *after)):
        old, new = before.get(id), after.get(id)
        if old is None and new is not None:
            yield Changed("rule", pair.word("rule_new", id=id, says=new.says))
        elif new is None and old is not None:
            yield Changed("rule", pair.word("rule_ended", id=id, says=old.says))
        elif old is not None and new is not None:
            old = _followed(pair, old)
            differ = [name for name in sorted(type(new).model_fields) if getattr(old, name) != getattr(new, name)]
            told = [name for name in differ if name not in {"source", "status", "implements"}]
            if told:
                keys = Text.same(", ".join(told))
                yield Changed("rule", pair.word("rule", id=id, says=new.says, keys=keys))


def _followed(pair: VersionPair, rule: Rule | Derived) -> Rule | Derived:
    """The rule with the rows that it names under the codes that these have now: a new number alone changes no rule."""
    if not isinstance(rule, Rule):
        return rule
    terms = {name: term for name in ("left", "right", "cells") if (term := getattr(rule, name)) is not None}
    moved = {}
    for name, term in terms.items():
        found = bridge(pair.was, pair.then, pair.form, pair.now, term.table)
        row = found.rows.onwards().get(term.row) if found is not None else None
        if row is not None:
            moved[name] = term.model_copy(update={"row": row})
    return rule.model_copy(update=moved)


def _by_id(rulebook: Rulebook) -> dict[str, Rule | Derived]:
    return {**{rule.id: rule for rule in rulebook.derived}, **{rule.id: rule for rule in rulebook.rule}}


def _notes(pair: VersionPair) -> Iterator[Changed]:
    before = {note.id: note for note in pair.was.notes}
    after = {note.id: note for note in pair.form.notes}
    for id in dict.fromkeys((*before, *after)):
        old, new = before.get(id), after.get(id)
        if old is None and new is not None:
            yield Changed("note", pair.word("note_new", id=id, text=new.text), new.table or "")
        elif new is None and old is not None:
            yield Changed("note", pair.word("note_ended", id=id, text=old.text), old.table or "")
        elif old is not None and new is not None and old.text != new.text:
            yield Changed("note", pair.word("note", id=id, was=old.text, now=new.text), new.table or "")
