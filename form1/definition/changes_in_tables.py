"""What changed between two versions of the form, as sentences for people: tables, rows, line codes, columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from form1.core.errors import UsageError
from form1.core.periods import Period, is_period
from form1.core.texts import Text
from form1.definition.bridge import Bridge, Fate, Past, bridge
from form1.definition.form import Form
from form1.definition.layout import Column, Layout, Row, lay_out
from form1.definition.records import Table


@dataclass(frozen=True)
class Changed:
    """One change: of what (words of words.toml after `change_`), in which table, at which line or column, and how."""

    what: str
    says: Text
    table: str = ""
    """Empty for what concerns the form as a whole."""
    row: str = ""
    column: str = ""
    line: str = ""


@dataclass(frozen=True)
class VersionPair:
    """Two versions of the form beside each other: `was` on the day `then`, `form` on the day `now`."""

    was: Form
    then: date
    form: Form
    now: date

    def word(self, word: str, **facts: Text | str | int) -> Text:
        """Return a sentence of words.toml with its facts."""
        return self.form.words[f"change_{word}"].filled(**facts)


def version_pair(form: Form, a: str, b: str) -> VersionPair:
    """Return the versions `a` and `b`, each a version (`2019-07`) or a period (`2019-Q4`); UsageError for all else.

    A version is looked at on the day that is nearest to the other, a period on its last day.
    """
    was, now = _named_form(form, a), _named_form(form, b)
    backwards = was.version.valid_from > now.version.valid_from
    return VersionPair(was, _day(was, a, first=backwards), now, _day(now, b, first=not backwards))


def _named_form(form: Form, named: str) -> Form:
    if is_period(named):
        return form.of(Period.parse(named))
    if named not in {version.id for version in form.versions}:
        known = ", ".join(version.id for version in form.versions)
        raise UsageError(f"{named} is neither a version of the form ({known}) nor a period from 2015-Q3 on.")
    return form.in_version(named)


def _day(form: Form, named: str, *, first: bool) -> date:
    if is_period(named):
        return Period.parse(named).last_day
    version = form.version
    return version.valid_from if first or version.valid_to is None else version.valid_to


def table_changes(pair: VersionPair) -> Iterator[Changed]:
    """Give the changes of every table: those that are new or gone, then what is inside the others, line by line."""
    for id in dict.fromkeys((*pair.was.tables, *pair.form.tables)):
        old, new = pair.was.tables.get(id), pair.form.tables.get(id)
        if old is None and new is not None:
            yield Changed("table_added", pair.word("table_added", title=new.title), id)
        elif new is None and old is not None:
            yield Changed("table_dropped", pair.word("table_dropped", title=old.title), id)
        elif old is not None and new is not None:
            yield from _about(pair, old, new)
            found = bridge(pair.was, pair.then, pair.form, pair.now, id)
            assert found is not None
            yield from _rows(pair, old, new, found)
            yield from _columns(pair, old, new, found)


def _about(pair: VersionPair, old: Table, new: Table) -> Iterator[Changed]:
    unit = [pair.was.words[old.unit], pair.form.words[new.unit]]
    basis = [form.words[f"change_{table.basis}"] for form, table in ((pair.was, old), (pair.form, new))]
    parts: list[tuple[str, Text | str, Text | str]] = [
        ("table_titled", old.title, new.title),
        ("table_numbered", str(old.number), str(new.number)),
        ("table_basis", basis[0], basis[1]),
        ("table_unit", unit[0], unit[1]),
        ("table_stub", old.rows.heading, new.rows.heading),
    ]
    for what, was, now in parts:
        if was != now:
            yield Changed(what, pair.word(what, was=was, now=now), new.id)


def _rows(pair: VersionPair, old: Table, new: Table, found: Bridge) -> Iterator[Changed]:
    is_open = new.rows.open and old.rows.open
    before, after = lay_out(pair.was, old, pair.then), lay_out(pair.form, new, pair.now)
    if is_open:
        yield from _open_rows(pair, new, found)
    changed: list[tuple[int, Changed]] = []
    shifted: list[tuple[Row, Row]] = []
    for place, row in enumerate(after.rows):
        past = found.rows.of(row.code)
        origin = before.row.get(past.codes[0]) if past.fate is Fate.FOLLOWED else None
        if past.fate is Fate.FOLLOWED and origin is None:
            past = Past(Fate.NEW)
        says = list(_of_row(pair, row, past, origin, found, before, after))
        if says:
            changed.append((place, _row_changed(pair, new, row, origin, says, is_open)))
        elif origin is not None and origin.line != row.line and not is_open:
            shifted.append((origin, row))
    order = {row.code: place for place, row in enumerate(after.rows)}
    changed += [(order[rows[0][1].code], _shift(pair, new, rows)) for rows in _runs(shifted, before, after)]
    changed += list(_left(pair, new, found, before, after))
    yield from (one for _, one in sorted(changed, key=lambda pair: pair[0]))


def _of_row(
    pair: VersionPair, row: Row, past: Past, origin: Row | None, found: Bridge, before: Layout, after: Layout
) -> Iterator[Text]:
    if past.fate is Fate.NEW:
        yield pair.word("row_new")
    elif past.fate in {Fate.SPLIT, Fate.MERGED}:
        yield pair.word(f"row_{past.fate}", sources=_named(before, past.codes))
    elif origin is not None:
        if origin.code != row.code and _shown(origin) != _shown(row):
            yield pair.word("row_coded", was=_shown(origin))
        if origin.label != row.label:
            yield pair.word("row_named", was=origin.label)
    was, now = _group(before, past.codes[0]) if past.codes else None, _group(after, row.code)
    if (
        past.fate is Fate.FOLLOWED
        and was is not None
        and now is not None
        and found.rows.of(now.code) != Past(Fate.FOLLOWED, (was.code,))
    ):
        yield pair.word("row_moved", was=was.label, now=now.label)


def _row_changed(
    pair: VersionPair, table: Table, row: Row, origin: Row | None, says: list[Text], is_open: bool
) -> Changed:
    line = "" if is_open else row.line
    if origin is not None and origin.line != row.line and not is_open:
        says = [*says, pair.word("line_was", was=origin.line)]
    head = pair.word("row" if line else "row_open", line=line, code=row.code, label=row.label)
    return Changed("row", Text.joined([head, Text.joined(says, "; ")], ": "), table.id, row.code, line=line)


def _left(
    pair: VersionPair, table: Table, found: Bridge, before: Layout, after: Layout
) -> Iterator[tuple[int, Changed]]:
    """Rows of the older version that were divided, or that end: they stand where they stood."""
    place = {row.code: number for number, row in enumerate(before.rows)}
    goes: dict[str, list[str]] = {}
    for code, past in found.rows.past.items():
        for source in past.codes if past.fate is Fate.SPLIT else ():
            goes.setdefault(source, []).append(code)
    order = {row.code: number for number, row in enumerate(after.rows)}
    for code in (*goes, *found.rows.ended):
        row = before.row.get(code)
        if row is None:
            continue
        into = sorted(goes.get(code, ()), key=lambda one: order.get(one, 0))
        says = pair.word("row_divided", into=_named(after, tuple(into))) if into else pair.word("row_ended")
        head = pair.word("row_before", line=row.line, code=row.code, label=row.label)
        yield place[code], Changed("row_left", Text.joined([head, says], ": "), table.id, code, line=row.line)


def _open_rows(pair: VersionPair, table: Table, found: Bridge) -> Iterator[Changed]:
    """Codes that a table with open rows can print since, or no longer can."""
    codes = str(table.rows.codes)
    then = {entry.code: entry for entry in pair.was.codelists[codes].on(pair.then)}
    now = {entry.code: entry for entry in pair.form.codelists[codes].on(pair.now)}
    for code, entry in now.items():
        past = found.rows.of(code)
        head = pair.word("row_open", line="", code=code, label=entry.name)
        if past.fate is Fate.NEW:
            says = pair.word("row_new")
        elif past.fate is not Fate.FOLLOWED:
            named = Text.joined([Text.same(source) for source in past.codes])
            says = pair.word(f"row_{past.fate}", sources=named)
        elif past.codes[0] in then and then[past.codes[0]].name != entry.name:
            says = pair.word("row_named", was=then[past.codes[0]].name)
        else:
            continue
        yield Changed("row", Text.joined([head, says], ": "), table.id, code)
    for code in found.rows.ended:
        if code in then:
            head = pair.word("row_open", line="", code=code, label=then[code].name)
            yield Changed("row_left", Text.joined([head, pair.word("row_ended")], ": "), table.id, code)


def _runs(shifted: list[tuple[Row, Row]], before: Layout, after: Layout) -> list[list[tuple[Row, Row]]]:
    """Rows of which nothing but the line code changed, those that follow one another together."""
    was = {row.code: place for place, row in enumerate(before.rows)}
    now = {row.code: place for place, row in enumerate(after.rows)}
    runs: list[list[tuple[Row, Row]]] = []
    for pair in shifted:
        if runs:
            old, new = runs[-1][-1]
            if was[pair[0].code] == was[old.code] + 1 and now[pair[1].code] == now[new.code] + 1:
                runs[-1].append(pair)
                continue
        runs.append([pair])
    return runs


def _shift(pair: VersionPair, table: Table, rows: list[tuple[Row, Row]]) -> Changed:
    (old, new), (last_old, last_new) = rows[0], rows[-1]
    if len(rows) == 1:
        says = pair.word("line_alone", was=old.line, now=new.line, code=new.code, label=new.label)
    else:
        says = pair.word(
            "lines",
            was=f"{old.line}–{last_old.line}",
            now=f"{new.line}–{last_new.line}",
            first=new.label,
            last=last_new.label,
        )
    return Changed("lines", says, table.id, new.code, line=new.line)


def _columns(pair: VersionPair, old: Table, new: Table, found: Bridge) -> Iterator[Changed]:
    before, after = lay_out(pair.was, old, pair.then), lay_out(pair.form, new, pair.now)
    for column in after.columns:
        past = found.columns.of(column.code)
        origin = before.column.get(past.codes[0]) if past.fate is Fate.FOLLOWED else None
        says: list[Text] = []
        if past.fate is Fate.NEW or (past.fate is Fate.FOLLOWED and origin is None):
            says.append(pair.word("column_new"))
        elif past.fate in {Fate.SPLIT, Fate.MERGED}:
            says.append(pair.word(f"row_{past.fate}", sources=_heads(before, past.codes)))
        elif origin is not None:
            if origin.heads != column.heads:
                says.append(pair.word("row_named", was=_head(origin)))
            if origin.number != column.number:
                says.append(pair.word("column_was", was=origin.number))
        if says:
            head = pair.word("column", number=column.number, label=_head(column))
            yield Changed("column", Text.joined([head, Text.joined(says, "; ")], ": "), new.id, column=column.code)
    for code in found.columns.ended:
        if code in before.column:
            gone = before.column[code]
            head = pair.word("column_before", number=gone.number, label=_head(gone))
            says = [pair.word("row_ended")]
            yield Changed("column_left", Text.joined([head, *says], ": "), new.id, column=code)


def _head(column: Column) -> Text:
    return Text.joined(column.heads, " / ")


def _heads(layout: Layout, codes: Iterable[str]) -> Text:
    return Text.joined([_head(layout.column[code]) if code in layout.column else Text.same(code) for code in codes])


def _shown(row: Row) -> str:
    return row.shown_code or row.code


def _group(layout: Layout, code: str) -> Row | None:
    """The group to whose sum a row belongs."""
    return _groups(layout).get(code)


def _groups(layout: Layout) -> Mapping[str, Row]:
    return {part: row for row in layout.rows if row.kind == "group" for part in row.parts}


def _named(layout: Layout, codes: tuple[str, ...]) -> Text:
    """Rows by code and label."""
    return Text.joined(
        [
            Text.same(f"{code} ").filled() if code not in layout.row else _code_and_label(layout.row[code])
            for code in codes
        ]
    )


def _code_and_label(row: Row) -> Text:
    return Text(az=f"{row.code} ({row.label.az})", en=f"{row.code} ({row.label.en})", ru=f"{row.code} ({row.label.ru})")
