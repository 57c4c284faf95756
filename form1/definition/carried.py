"""The cells of one period at the addresses of another: what is followed, what is not, what can be recalculated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product

from form1.core.cells import Address, Cell, CellMap, total
from form1.core.periods import Period
from form1.core.texts import LANGUAGES, Text
from form1.definition.bridge import Bridge, Fate, Passage, Past, bridge
from form1.definition.form import Form

Side = Address
"""A whole row (table, row code, "") or a whole column (table, "", column code)."""


@dataclass(frozen=True)
class Carried:
    """The cells of a period at the addresses of another; `breaks` are the rows and columns without a match there."""

    cells: Mapping[Address, Cell]
    breaks: Mapping[Side, Past] = field(default_factory=dict)


def carry(cells: CellMap, was: Form, then: Period, form: Form, now: Period) -> Carried:
    """Return `cells`, those of the period `then` in the version `was`, at the addresses of `form` for `now`.

    Cells of tables that `form` does not have are left out, and so are those of rows that are not followed.
    """
    bridges = {
        table: found
        for table in form.tables
        if (found := bridge(was, then.last_day, form, now.last_day, table)) is not None
    }
    if set(bridges) >= {address[0] for address in cells} and all(each.is_plain for each in bridges.values()):
        return Carried(cells)
    moved = {table: (each.rows.onwards(), each.columns.onwards()) for table, each in bridges.items()}
    carried: dict[Address, Cell] = {}
    for (table, row, column), cell in cells.items():
        if table in moved:
            rows, columns = moved[table]
            new_row, new_column = rows.get(row, row), columns.get(column, column)
            if new_row is not None and new_column is not None:
                carried[Address(table, new_row, new_column)] = cell
    return Carried(carried, {side: past for table, each in bridges.items() for side, past in _breaks(table, each)})


def _breaks(table: str, found: Bridge) -> Iterable[tuple[Side, Past]]:
    for row, past in found.rows.past.items():
        if past.fate is not Fate.FOLLOWED:
            yield Address(table, row, ""), past
    for column, past in found.columns.past.items():
        if past.fate is not Fate.FOLLOWED:
            yield Address(table, "", column), past
    for row in found.rows.ended:
        # The code may be that of another row now: then that row has its own past, and this one ends unseen.
        if row not in found.rows.past:
            yield Address(table, row, ""), Past(Fate.ENDED, (row,))
    for column in found.columns.ended:
        if column not in found.columns.past:
            yield Address(table, "", column), Past(Fate.ENDED, (column,))


def recalculated(
    cells: CellMap, was: Form, then: Period, form: Form, now: Period, address: Address
) -> tuple[Cell | None, tuple[Past, Past], list[str]]:
    """Return the number of `then` that a cell of `now` stands for, the past of its row and column, and the rows added.

    A row that is the same has its own number; what was brought together is added up; a group of rows whose members
    changed is added up from its present members. None where that cannot be done, or the table was not there.
    """
    table, row, column = address
    found = bridge(was, then.last_day, form, now.last_day, table) or Bridge()
    pasts = found.rows.of(row), found.columns.of(column)
    rows, columns = _sources(form, now, table, row, found.rows), _sources_of(pasts[1])
    if rows is None or columns is None:
        return None, pasts, []
    return total(cells.get(Address(table, one, other), Cell(0)) for one, other in product(rows, columns)), pasts, rows


def _sources(form: Form, now: Period, table: str, row: str, passage: Passage) -> list[str] | None:
    """The rows of the earlier day that add up to a row of the later one."""
    past = passage.of(row)
    if past.fate is not Fate.SPLIT:
        return _sources_of(past)
    rows = form.tables[table].rows
    if not rows.groups or row not in {group.code for group in form.codelists[rows.groups.codes].codes}:
        return None
    found: list[str] = []
    for entry in form.codelists[str(rows.codes)].on(now.last_day):
        if entry.parent == row and not entry.counted_as:
            origin = passage.of(rows.renamed.get(entry.code, entry.code))
            if origin.fate is Fate.SPLIT:
                return None
            found += origin.codes
    return found


def _sources_of(past: Past) -> list[str] | None:
    return list(past.codes) if past.fate in {Fate.FOLLOWED, Fate.MERGED} else None


def why_not(was: Form, form: Form, side: Side, past: Past, then: Period) -> Text:
    """Return the reason why a row or a column cannot be compared with the period `then`."""
    table, row, column = side
    here = form if past.fate is not Fate.ENDED else was
    what = _named(here, table, row or column, bool(row))
    there = [_named(was, table, code, bool(row)) for code in past.codes]
    told: dict[str, str] = {}
    for language in LANGUAGES:
        told[language] = form.word(f"bridge_{past.fate}", language).format(
            table=table,
            what=f"{form.word('row' if row else 'column', language).lower()} {what.of(language)}",
            sources=", ".join(one.of(language) for one in there),
            version=(form if past.fate is Fate.ENDED else was).version.title.of(language),
            period=then,
        )
    return Text(az=told["az"], en=told["en"], ru=told["ru"])


def _named(form: Form, table: str, code: str, is_row: bool) -> Text:
    """A row code with the name that a code list gives it."""
    rows = form.tables[table].rows
    lists = [rows.codes, rows.groups.codes if rows.groups else None] if is_row else []
    entries = [entry for id in lists if id for entry in form.codelists[id].codes]
    stem = code.rpartition(".")[2] if any(code.startswith(b.prefix) for b in rows.block if b.prefix) else code
    name = next((e.name for e in reversed(entries) if rows.renamed.get(e.code, e.code) in {code, stem}), None)
    if name is None:
        return Text.same(code)
    return Text(az=f"{code} ({name.az})", en=f"{code} ({name.en})", ru=f"{code} ({name.ru})")
