"""The layout of a table: its rows and columns in order, with line codes, column numbers, heads and parts.

Everything that draws a table, fills it, judges its sums or reads it back goes by this one layout.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import groupby, product
from typing import Literal

from form1.core.cells import TOTAL, column_code
from form1.core.texts import Text
from form1.definition.codelists import Code
from form1.definition.form import Form
from form1.definition.records import Block, Rows, Table

OBSERVED = "observed"
"""Flag of a code that is printed only when a count was reported for it."""
NOT_STATED = "not_stated"
"""Flag of the code of those of whom the characteristic is not known."""


@dataclass(frozen=True)
class Row:
    """One row: `parts` are the codes of the rows that add up to it (none for a row of detail)."""

    code: str
    line: str
    label: Text
    kind: Literal["total", "group", "member"]
    level: int
    shown_code: str = ""
    parts: tuple[str, ...] = ()
    flags: frozenset[str] = frozenset()
    keys: Mapping[str, str] = field(default_factory=dict)
    """The codes, by dimension, of the counts that a row of detail adds up."""
    counted: bool = False
    """True when the row is filled from counts, false when it is the sum of other rows."""


@dataclass(frozen=True)
class Column:
    """One column: `heads` from the outermost to the innermost; `parts` are the ways in which it is a sum."""

    code: str
    number: int
    heads: tuple[Text, ...]
    keys: Mapping[str, str]
    parts: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Head:
    """A head over columns `first` to `last` (column numbers), on `level` of `levels`, reaching down `depth` levels."""

    text: Text
    first: int
    last: int
    level: int
    depth: int


@dataclass(frozen=True)
class Layout:
    """A table as it stands on a given day with given observations."""

    table: Table
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    heads: tuple[Head, ...]
    levels: int

    @cached_property
    def row(self) -> Mapping[str, Row]:
        """Rows by code."""
        return {row.code: row for row in self.rows}

    @cached_property
    def column(self) -> Mapping[str, Column]:
        """Columns by code."""
        return {column.code: column for column in self.columns}

    @cached_property
    def panels(self) -> tuple[tuple[Column, ...], ...]:
        """The columns of each panel that is printed: as equal as can be without cutting a head of the first level."""
        blocks = [list(columns) for _, columns in groupby(self.columns, key=lambda column: column.heads[0])]
        wanted = min(self.table.print.panels, len(blocks))
        panels: list[tuple[Column, ...]] = []
        while blocks:
            share = sum(map(len, blocks)) / (wanted - len(panels))
            panel = blocks.pop(0)
            while blocks and len(panel) + len(blocks[0]) / 2 <= share and len(blocks) > wanted - len(panels) - 1:
                panel += blocks.pop(0)
            panels.append(tuple(panel))
        return tuple(panels)


def lay_out(form: Form, table: Table, on: date, observed: Collection[str] = ()) -> Layout:
    """Return the layout of `table` with the codes in force `on` a day.

    `observed` are the row codes (and column codes) for which there are counts: open tables list these alone.
    """
    rows = _rows(form, table, on, set(observed))
    columns = _columns(form, table, on, set(observed))
    return Layout(table, _numbered(rows, table.rows.lines), columns, tuple(_heads(table, columns)), _levels(table))


def row_code(table: Table, keys: Mapping[str, str]) -> str:
    """Return the code of the row to which a count with these codes by dimension belongs."""
    if not table.rows.detail or table.rows.dimension is None:
        return TOTAL
    code = table.rows.renamed.get(keys[table.rows.dimension], keys[table.rows.dimension])
    for block in table.rows.block:
        if keys.get(block.dimension) == block.value:
            return block.prefix + code
    return code


def _rows(form: Form, table: Table, on: date, observed: set[str]) -> list[Row]:
    rows = table.rows
    if not rows.detail or rows.codes is None:
        return [Row(TOTAL, "", rows.total, "total", 0, counted=True)]
    entries = [entry for entry in form.codelists[rows.codes].on(on) if not entry.counted_as]
    groups = form.codelists[rows.groups.codes].on(on) if rows.groups else ()
    if not rows.block:
        body = _block_rows(rows, None, entries, groups, observed, level=1)
    else:
        body = []
        for block in rows.block:
            inside = [entry for entry in entries if entry.code not in block.apart]
            content = _block_rows(rows, block, inside, groups, observed, level=2)
            top = tuple(row.code for row in content if row.level == 2)
            body.append(Row(block.code, "", block.label, "group", 1, block.code, top))
            body += content
            apart = [entry for entry in entries if entry.code in block.apart]
            body += _members(rows, block, apart, observed, level=1)
    top = tuple(row.code for row in body if row.level == 1)
    return [Row(TOTAL, "", rows.total, "total", 0, parts=top), *body]


def _block_rows(
    rows: Rows,
    block: Block | None,
    entries: Iterable[Code],
    groups: Iterable[Code],
    observed: set[str],
    level: int,
) -> list[Row]:
    entries = list(entries)
    if block is not None and not block.grouped:
        return _members(rows, block, entries, observed, level)
    body: list[Row] = []
    for group in groups:
        members = _members(rows, block, [entry for entry in entries if entry.parent == group.code], observed, level + 1)
        parts = tuple(member.code for member in members)
        body.append(Row(group.code, "", group.name, "group", level, group.code, parts))
        body += members
    known = {group.code for group in groups}
    return body + _members(rows, block, [entry for entry in entries if entry.parent not in known], observed, level)


def _members(rows: Rows, block: Block | None, entries: Iterable[Code], observed: set[str], level: int) -> list[Row]:
    prefix = block.prefix if block else ""
    assert rows.dimension is not None  # rows without a dimension never get here
    keys = {block.dimension: block.value} if block else {}
    return [
        Row(
            code=code,
            line="",
            label=rows.labels.get(code, entry.name),
            kind="member",
            level=level,
            shown_code=prefix + entry.code,
            flags=entry.flags,
            keys={**keys, rows.dimension: entry.code},
            counted=True,
        )
        for code, entry in ((prefix + rows.renamed.get(entry.code, entry.code), entry) for entry in entries)
        if code in observed or not (rows.open or OBSERVED in entry.flags)
    ]


def _numbered(rows: list[Row], lines: Mapping[str, str]) -> tuple[Row, ...]:
    width = max(2, len(str(len(rows))))
    return tuple(
        Row(**{**row.__dict__, "line": lines.get(row.code, str(number).zfill(width))})
        for number, row in enumerate(rows, start=1)
    )


def _columns(form: Form, table: Table, on: date, observed: set[str]) -> tuple[Column, ...]:
    axes: list[list[tuple[str, Text]]] = []
    for dimension in table.columns:
        shown = [
            (entry.code, entry.name)
            for entry in form.codelists[dimension.codes].on(on)
            if OBSERVED not in entry.flags or any(entry.code in code.split(".") for code in observed)
        ]
        axes.append([(TOTAL, dimension.total), *shown])
    columns: list[Column] = []
    for number, combination in enumerate(product(*axes), start=1):
        codes = [code for code, _ in combination]
        parts = tuple(
            tuple(column_code([*codes[:axis], member, *codes[axis + 1 :]]) for member, _ in axes[axis][1:])
            for axis, code in enumerate(codes)
            if code == TOTAL
        )
        keys = {dimension.dimension: code for dimension, code in zip(table.columns, codes, strict=True)}
        columns.append(Column(column_code(codes), number, tuple(name for _, name in combination), keys, parts))
    return tuple(columns)


def _levels(table: Table) -> int:
    """Levels of heads: one per dimension, and one more for an "of which" over the members."""
    return len(table.columns) + sum(1 for dimension in table.columns if dimension.members)


def _heads(table: Table, columns: tuple[Column, ...]) -> Iterable[Head]:
    levels = _levels(table)
    only = table.columns[0]
    if len(table.columns) == 1 and only.members:
        yield Head(columns[0].heads[0], 1, 1, 0, levels)
        yield Head(only.members, 2, len(columns), 0, 1)
        for column in columns[1:]:
            yield Head(column.heads[0], column.number, column.number, 1, 1)
        return
    for level in range(levels):
        for _, same in groupby(
            columns, key=lambda column: [column.keys[d.dimension] for d in table.columns[: level + 1]]
        ):
            group = list(same)
            yield Head(group[0].heads[level], group[0].number, group[-1].number, level, 1)
