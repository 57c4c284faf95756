"""How the rows and columns of a table go on from one day to another, so that numbers of two versions can be compared.

Codes go on as themselves unless bridges.csv says otherwise; a group of rows goes on where its members do. What was
divided, brought together, begun or ended is told as such and never matched by its looks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from form1.core.cells import TOTAL
from form1.definition.codelists import Code
from form1.definition.form import Form
from form1.definition.records import Rows, Table


class Fate(StrEnum):
    """What became of a code on the way, seen from the later day. The values are words of words.toml after `bridge_`."""

    FOLLOWED = "followed"
    """It is the same one, whatever its code was."""
    NEW = "new"
    SPLIT = "split"
    """It took over a part of what others counted."""
    MERGED = "merged"
    """It holds what several others counted, each wholly."""
    ENDED = "ended"
    """An earlier one that goes on nowhere."""


@dataclass(frozen=True)
class Past:
    """Where a row or a column comes from: its fate, and the codes of the earlier day that went into it."""

    fate: Fate
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Passage:
    """The rows of a table, or its columns, between two days. Codes that are not named go on as themselves."""

    past: Mapping[str, Past] = field(default_factory=dict)
    """By code of the later day."""
    ended: tuple[str, ...] = ()
    """Codes of the earlier day that go on nowhere."""

    def of(self, code: str) -> Past:
        """Return where a code of the later day comes from."""
        return self.past.get(code, Past(Fate.FOLLOWED, (code,)))

    def onwards(self) -> dict[str, str | None]:
        """The codes of the earlier day that go on under another one, or (None) are not followed."""
        moved: dict[str, str | None] = dict.fromkeys(self.ended)
        moved |= {
            old: code if past.fate is Fate.FOLLOWED else None for code, past in self.past.items() for old in past.codes
        }
        return moved


@dataclass(frozen=True)
class Bridge:
    """How one table goes on."""

    rows: Passage = Passage()
    columns: Passage = Passage()

    @property
    def is_plain(self) -> bool:
        """True when everything goes on as itself."""
        return self == _PLAIN


_PLAIN = Bridge()


def bridge(was: Form, then: date, form: Form, now: date, table: str) -> Bridge | None:
    """Return how the rows and columns of `table` go on from `was` on one day to `form` on a later or an earlier one.

    None when one of the two versions has no such table.
    """
    if table not in was.tables or table not in form.tables:
        return None
    old, new = was.tables[table], form.tables[table]
    lists = _lists(new)
    if lists == _lists(old) and all(was.codelists[id].on(then) == form.codelists[id].on(now) for id in lists):
        same = old.rows == new.rows and [c.dimension for c in old.columns] == [c.dimension for c in new.columns]
        if same and not any(link.list in lists and _between(link.on, then, now) for link in form.links):
            return _PLAIN
    return Bridge(_rows(was, then, form, now, old, new), _columns(was, then, form, now, old, new))


def _lists(table: Table) -> set[str]:
    rows = table.rows
    named = {rows.codes, rows.groups.codes if rows.groups else None} if rows.detail else set()
    return {codes for codes in named if codes} | {column.codes for column in table.columns}


def _between(day: date, then: date, now: date) -> bool:
    return min(then, now) < day <= max(then, now)


def passage(was: Form, then: date, form: Form, now: date, old: str, new: str) -> Passage:
    """Return how the codes of the list `old` of `was` go on in the list `new` of `form`.

    A list that takes the place of another shares no code with it, however they look: K is finance in NACE Rev. 2 and
    telecommunications in Rev. 2.1.
    """
    before = {entry.code for entry in was.codelists[old].on(then) if not entry.counted_as}
    after = {entry.code for entry in form.codelists[new].on(now) if not entry.counted_as}
    steps = _steps(form, {old, new}, then, now)
    named = before if old == new else {code for step in steps for code in step}
    forward = {code: _follow(code, steps) & after if code in named else set() for code in before}
    return _turned(forward, before, after)


def successor(form: Form, codelist: str, code: str, day: date) -> str | None:
    """Return the code that stands on `day` for one that does not: what it became, or what became of it.

    None when it was divided, ended, begun anew, or is in force on that day and needs none.
    """
    there = {entry.code for entry in form.codelists[codelist].on(day)}
    found: set[str] = set()
    for entry in form.codelists[codelist].codes:
        if entry.code == code and code not in there:
            stood = entry.valid_to if entry.valid_to and entry.valid_to < day else entry.valid_from
            found |= _follow(code, _steps(form, {codelist}, stood or day, day))
    return found.pop() if len(found) == 1 and found <= there else None


def _steps(form: Form, lists: set[str], then: date, now: date) -> list[dict[str, set[str]]]:
    """What becomes of codes, day by day on the way; on the way back, of what they became."""
    by_day: dict[date, dict[str, set[str]]] = {}
    for link in form.links:
        if link.list in lists and _between(link.on, then, now):
            source, target = (link.code, link.becomes) if then < now else (link.becomes, link.code)
            step = by_day.setdefault(link.on, {})
            if source:
                step.setdefault(source, set()).update({target} if target else ())
    return [by_day[day] for day in sorted(by_day, reverse=then > now)]


def _follow(code: str, steps: Iterable[Mapping[str, set[str]]]) -> set[str]:
    codes = {code}
    for step in steps:
        codes = {later for one in codes for later in step.get(one, {one})}
    return codes


def _turned(forward: Mapping[str, set[str]], before: Iterable[str], after: Iterable[str]) -> Passage:
    """Seen from the later day: where each code comes from, where that is not simply itself."""
    back: dict[str, list[str]] = {code: [] for code in after}
    for code in sorted(forward):
        for later in forward[code]:
            back[later].append(code)
    past: dict[str, Past] = {}
    for code in sorted(back):
        sources = tuple(back[code])
        if not sources:
            past[code] = Past(Fate.NEW)
        elif any(len(forward[source]) > 1 for source in sources):
            past[code] = Past(Fate.SPLIT, sources)
        elif len(sources) > 1:
            past[code] = Past(Fate.MERGED, sources)
        elif sources != (code,):
            past[code] = Past(Fate.FOLLOWED, sources)
    return Passage(past, tuple(sorted(code for code in before if not forward.get(code))))


def _rows(was: Form, then: date, form: Form, now: date, old: Table, new: Table) -> Passage:
    earlier, later = old.rows, new.rows
    codes = Passage()
    if _is_detailed(earlier) and _is_detailed(later) and earlier.dimension == later.dimension:
        codes = passage(was, then, form, now, str(earlier.codes), str(later.codes))
    elif _is_detailed(later):
        return Passage({code: Past(Fate.NEW) for code in _members(form, now, later)})
    past: dict[str, Past] = {}
    ended: list[str] = []
    for prefix in _prefixes(later):
        inherited = prefix in _prefixes(earlier)
        for code, origin in codes.past.items():
            sources = tuple(_row(earlier, prefix, source) for source in origin.codes) if inherited else ()
            past[_row(later, prefix, code)] = Past(origin.fate if inherited else Fate.NEW, sources)
        ended += [_row(earlier, prefix, code) for code in codes.ended if inherited]
    blocks = {block.code for block in earlier.block}
    past |= {block.code: Past(Fate.NEW) for block in later.block if block.code not in blocks}
    groups = _groups(was, then, form, now, earlier, later, codes)
    return Passage({**past, **groups.past}, (*ended, *groups.ended))


def _groups(was: Form, then: date, form: Form, now: date, earlier: Rows, later: Rows, codes: Passage) -> Passage:
    """Groups of rows go on where all members that go on at all do: a member that is new or ended decides nothing."""
    before, after = _group_members(was, then, earlier), _group_members(form, now, later)
    if before.keys() == after.keys() and before == after:
        return Passage()
    home = {code: group for group, members in after.items() for code in members}
    forward: dict[str, set[str]] = {}
    onwards = codes.onwards()
    for group, members in before.items():
        goes = {onwards.get(code, code) for code in members}
        forward[group] = {home[code] for code in goes if code is not None and code in home}
        if not members and group in after:
            forward[group] = {group}
    return _turned(forward, before, after)


def _group_members(form: Form, day: date, rows: Rows) -> dict[str, set[str]]:
    if not rows.groups or not _is_detailed(rows):
        return {}
    entries = [entry for entry in form.codelists[str(rows.codes)].on(day) if not entry.counted_as]
    return {
        group.code: {entry.code for entry in entries if entry.parent == group.code}
        for group in form.codelists[rows.groups.codes].on(day)
    }


def _members(form: Form, day: date, rows: Rows) -> Iterable[str]:
    entries: Iterable[Code] = form.codelists[str(rows.codes)].on(day)
    return [_row(rows, prefix, e.code) for prefix in _prefixes(rows) for e in entries if not e.counted_as]


def _is_detailed(rows: Rows) -> bool:
    return rows.detail and rows.codes is not None


def _prefixes(rows: Rows) -> tuple[str, ...]:
    return tuple(block.prefix for block in rows.block) or ("",)


def _row(rows: Rows, prefix: str, code: str) -> str:
    return prefix + rows.renamed.get(code, code)


def _columns(was: Form, then: date, form: Form, now: date, old: Table, new: Table) -> Passage:
    """Columns go on by the codes of their dimensions; a breakdown that was added has a past in its total alone."""
    earlier = {column.dimension: column for column in old.columns}
    passages = {
        column.dimension: passage(was, then, form, now, earlier[column.dimension].codes, column.codes)
        for column in new.columns
        if column.dimension in earlier
    }
    axes = {column.dimension: [TOTAL, *_codes(form, column.codes, now)] for column in new.columns}
    past: dict[str, Past] = {}
    for combination in _product(axes):
        code = ".".join(combination.values())
        origins = {axis: passages[axis].of(one) if axis in passages else None for axis, one in combination.items()}
        added = any(origin is None and combination[axis] != TOTAL for axis, origin in origins.items())
        fates = {origin.fate for origin in origins.values() if origin is not None}
        if added or Fate.NEW in fates:
            past[code] = Past(Fate.NEW)
            continue
        choices = {axis: (origins[axis].codes if origins.get(axis) else (TOTAL,)) for axis in earlier}  # type: ignore[union-attr]
        sources = tuple(".".join(one.values()) for one in _product(choices))
        fate = next((fate for fate in (Fate.SPLIT, Fate.MERGED) if fate in fates), Fate.FOLLOWED)
        if fate is not Fate.FOLLOWED or sources != (code,):
            past[code] = Past(fate, sources)
    kept = {source for origin in past.values() for source in origin.codes}
    kept |= {".".join(one.values()) for one in _product(axes)} - past.keys()
    before = _product({column.dimension: [TOTAL, *_codes(was, column.codes, then)] for column in old.columns})
    return Passage(past, tuple(code for code in (".".join(one.values()) for one in before) if code not in kept))


def _codes(form: Form, codelist: str, day: date) -> list[str]:
    return [entry.code for entry in form.codelists[codelist].on(day)]


def _product(axes: Mapping[str, Iterable[str]]) -> list[dict[str, str]]:
    combinations: list[dict[str, str]] = [{}]
    for axis, codes in axes.items():
        combinations = [{**one, axis: code} for one in combinations for code in codes]
    return combinations
