"""Slips with a name that concern a table, the form, or the name of a line: told by the rules on shape and time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from form1.check.localise.traced import NamedCause, TracedCause
from form1.core.cells import Address, CellMap
from form1.core.findings import Fact, Finding, Place
from form1.core.periods import Period
from form1.core.texts import Text
from form1.definition.form import Form
from form1.definition.layout import Layout, lay_out
from form1.model.causes import Cause, Causes, CausesStatus
from form1.model.history import History

_OF_TABLE: Final = {
    "not_sorted": "cause_sorted",
    "not_shifted": "cause_shifted",
    "not_scaled": "cause_scaled",
}
"""Kinds of rules whose finding is the cause itself."""
_WEIGHT: Final = 1.0
_NOTABLE: Final = 10
"""A line of fewer persons may come and go."""
_ALIKE: Final = 2.0
"""Up to this factor a line that appeared may be one that is gone."""


def find_named(
    form: Form,
    period: Period,
    cells: CellMap,
    layouts: Mapping[str, Layout],
    findings: Sequence[Finding],
    history: Mapping[Period, History],
) -> tuple[NamedCause, ...]:
    """Return the slips that findings of the rules on shape and time name, those of the form before those of a table."""
    kinds = {rule.id: rule.kind for rule in form.rulebook.rule}
    by_kind: dict[str, list[int]] = {}
    for position, finding in enumerate(findings):
        by_kind.setdefault(kinds.get(finding.rule.split(".")[0], ""), []).append(position)
    causes = [
        *_repeated(layouts, findings, by_kind.get("repeats", ())),
        *_exchanged(layouts, findings, by_kind.get("not_exchanged", ())),
        *(
            _of_table(_OF_TABLE[kind], findings[position], period)
            for kind in _OF_TABLE
            for position in by_kind.get(kind, ())
        ),
    ]
    whole = {table for cause in causes for table in cause.tables}
    renamed = _renamed(form, period, cells, layouts, history.get(period.previous), whole)
    causes = _first_of_each_table([*causes, *renamed])
    return tuple(
        replace(
            cause,
            positions=frozenset(
                position
                for position, finding in enumerate(findings)
                if _is_of(cause, finding, kinds.get(finding.rule.split(".")[0], ""))
            ),
        )
        for cause in causes
    )


def with_named(named: Sequence[NamedCause], found: Causes) -> Causes:
    """Return the causes of failed sums behind those with a name, without what these have said already."""
    others = tuple(cause for cause in found.causes if not any(_is_said(one, cause) for one in named))
    if not named:
        return found
    status = CausesStatus.SOLVED if found.status == CausesStatus.NOTHING_TO_DO or not others else found.status
    return Causes(status, (*named, *others))


def _is_said(named: NamedCause, cause: Cause) -> bool:
    """True when a cause moves cells of a table that is wrong as a whole, or by the very counts of a misnamed line."""
    cells = cause.amendments
    if not named.counts:
        margins = cause.explains if isinstance(cause, TracedCause) else ()
        touched = {at.table for equation in margins for at in (equation.total, *equation.parts)}
        return bool(cells) and (
            {item.address.table for item in cells} <= named.tables
            or (bool(touched & named.tables) and all(equation.kind == "margin" for equation in margins))
        )
    return bool(cells) and all(
        item.address.table == named.place.table
        and abs(item.would_be - item.value) == named.counts.get(item.address.column)
        for item in cells
    )


def _is_of(cause: NamedCause, finding: Finding, kind: str) -> bool:
    place = finding.place
    if cause.counts:
        parts = finding.facts.get("difference")
        is_sum = isinstance(parts, int) and abs(parts) == cause.counts.get(place.column)
        return place.table == cause.place.table and (place.row in cause.rows or is_sum)
    tables = {place.table, *finding.rule.replace("-", ".").split(".")}
    return bool(tables & cause.tables) and finding.level >= 1 and kind not in {"forbidden", "present", "in_range"}


def _first_of_each_table(causes: Iterable[NamedCause]) -> list[NamedCause]:
    """One cause for a table: a form that was relabelled is not sorted as well."""
    kept: list[NamedCause] = []
    taken: set[str] = set()
    for cause in causes:
        if not cause.tables or not cause.tables <= taken:
            kept.append(cause)
            taken |= cause.tables
    return kept


def _repeated(
    layouts: Mapping[str, Layout], findings: Sequence[Finding], positions: Iterable[int]
) -> Iterator[NamedCause]:
    of_period: dict[str, list[str]] = {}
    for position in positions:
        of_period.setdefault(str(findings[position].facts["other"]), []).append(findings[position].place.table)
    for other, tables in sorted(of_period.items(), key=lambda item: -len(item[1])):
        if 2 * len(set(tables)) > len(layouts):
            yield _cause("cause_form_of_period", Place(), layouts, {"other": other})
        else:
            for table in dict.fromkeys(tables):
                yield _cause("cause_table_of_period", Place(table), (table,), {"other": other})


def _exchanged(
    layouts: Mapping[str, Layout], findings: Sequence[Finding], positions: Iterable[int]
) -> Iterator[NamedCause]:
    """Columns exchanged in the form where most of the tables that have them are, else table by table."""
    pairs: dict[str, list[tuple[int, int, str]]] = {}
    for position in positions:
        finding = findings[position]
        layout = layouts[finding.place.table]
        left = layout.column[finding.place.column]
        right = next(
            layout.column[pair[1]]
            for column in layout.columns
            for pair in column.parts
            if len(pair) == 2 and pair[0] == left.code
        )
        pairs.setdefault(layout.table.id, []).append((left.number, right.number, str(finding.facts["other"])))
    bearing = [table for table, layout in layouts.items() if any(len(p) == 2 for c in layout.columns for p in c.parts)]
    if len(pairs) > 1 and 2 * len(pairs) > len(bearing):
        listed = Text.same(", ".join(pairs))
        other = next(iter(pairs.values()))[0][2]
        yield _cause("cause_form_columns_exchanged", Place(), pairs, {"listed": listed, "other": other})
        return
    for table, columns in pairs.items():
        left_of, right_of = (", ".join(str(pair[side]) for pair in columns) for side in (0, 1))
        facts = {"left": left_of, "right": right_of, "other": columns[0][2]}
        yield _cause("cause_table_columns_exchanged", Place(table), (table,), facts)


def _of_table(kind: str, finding: Finding, period: Period) -> NamedCause:
    """A table that one finding tells; without an earlier period it is the period of the form that is named."""
    place = Place(finding.place.table)
    facts = {"other": str(finding.facts.get("other", period))}
    return _cause(kind, place, (place.table,), facts)


def _cause(kind: str, place: Place, tables: Iterable[str], facts: Mapping[str, Fact]) -> NamedCause:
    return NamedCause(kind, (), _WEIGHT, place=place, facts={"table": place.table, **facts}, tables=frozenset(tables))


def _renamed(
    form: Form,
    period: Period,
    cells: CellMap,
    layouts: Mapping[str, Layout],
    before: History | None,
    whole: set[str],
) -> Iterator[NamedCause]:
    """Lines that appeared beside lines that are gone, with counts alike: one was named after another country."""
    if before is None or before.cells is None:
        return
    for table, layout in layouts.items():
        if not layout.table.rows.open or table in whole:
            continue
        first = layout.columns[0].code
        was = {at.row: cell.value or 0 for at, cell in before.cells.items() if at.table == table and at.column == first}
        now = {row.code: _count(cells, Address(table, row.code, first)) for row in layout.rows if row.counted}
        known = {row.code for row in layout.rows}
        grouped = {row.code for row in layout.rows if row.parts}
        gone = {
            row: count
            for row, count in was.items()
            if count >= _NOTABLE
            and row not in grouped
            and not now.get(row, 0)
            and (row in known or not before.why_not(Address(table, row, first)))
        }
        came = {row: count for row, count in now.items() if count >= _NOTABLE and not was.get(row, 0)}
        for row, count in came.items():
            near = [other for other, old in gone.items() if old / _ALIKE <= count <= old * _ALIKE]
            if near:
                best = min(near, key=lambda other: _apart(cells, before.cells or {}, layout, row, other))
                counts = {column.code: _count(cells, Address(table, row, column.code)) for column in layout.columns}
                facts: dict[str, Fact] = {
                    "table": table,
                    "where": Place(table, row),
                    "found": layout.row[row].label,
                    "other": _label(form, period, layout, best),
                }
                yield NamedCause(
                    kind="cause_other_country",
                    amendments=(),
                    weight=_WEIGHT,
                    place=Place(table, row),
                    facts=facts,
                    counts=counts,
                    rows=frozenset({row, best}),
                )
                del gone[best]


def _apart(cells: CellMap, before: CellMap, layout: Layout, row: str, other: str) -> float:
    table = layout.table.id
    return sum(
        abs(_count(cells, Address(table, row, column.code)) - _count(before, Address(table, other, column.code)))
        for column in layout.columns
    )


def _label(form: Form, period: Period, layout: Layout, row: str) -> Text:
    """What a line is called, though the form at hand does not have it."""
    known = lay_out(form, layout.table, period.last_day, {row}).row.get(row)
    return known.label if known else Text.same(row)


def _count(cells: CellMap, address: Address) -> int:
    cell = cells.get(address)
    return (cell.value or 0) if cell is not None else 0
