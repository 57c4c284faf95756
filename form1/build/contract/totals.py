"""Totals that an export carries beside its detail: compared with the sum of what they cover, never added in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

from form1.build.contract.coded import Coded, Line
from form1.core.cells import TOTAL
from form1.core.findings import Fact, Finding, Place, Severity
from form1.definition.form import Form
from form1.definition.labels import Meaning
from form1.definition.records import Table

_FEW = 3
"""Codes of a list that is short enough for each of them to be expected."""

Pattern = tuple[Meaning, ...]
"""Which labels of a line are codes, groups or totals."""


@dataclass
class _Sum:
    value: int = 0
    gaps: int = 0

    def add(self, value: int | None) -> None:
        if value is None:
            self.gaps += 1
        else:
            self.value += value


def compare_totals(form: Form, table: Table, on: date, coded: Coded) -> Iterator[Finding]:
    """Yield a finding for each total or group of the export that is not the sum of the detail it covers.

    A total over detail with a gap, or with a label that nobody knows, cannot be compared: that is information.
    A total of more than zero over no detail at all differs by its whole value.
    """
    totals = [line for line in coded.lines if line.is_clear and not line.is_detail]
    if not totals:
        return
    detail = [line for line in coded.lines if not line.is_total]
    groups = _memberships(form, table, on, coded, detail)
    sums: dict[Pattern, dict[tuple[str, ...], _Sum]] = {}
    for line in totals:
        pattern = tuple(meant.meaning for meant in line.meant)
        if pattern not in sums:
            sums[pattern] = _sums(pattern, detail, groups)
        covered = sums[pattern].get(tuple(meant.raw for meant in line.meant), _Sum())
        if line.value is None:
            continue  # a gap, or no count at all, which the contract has found
        facts: dict[str, Fact] = {"labels": line.labels}
        if covered.gaps:
            facts["gaps"] = covered.gaps
            yield Finding("export_total_not_compared", Severity.INFORMATION, 1, coded.place(line), facts)
        elif line.value != covered.value:
            facts |= {"written": line.value, "computed": covered.value, "difference": line.value - covered.value}
            yield Finding("export_total_differs", Severity.ERROR, 1, coded.place(line), facts)


def parts_of_whole(coded: Coded) -> Iterator[Finding]:
    """Yield a finding where a code equals the sum of the codes that are counted as it.

    A city and its districts are added up; when the city's own count is just the sum of its districts, the export
    gives the same people twice.
    """
    own: dict[tuple[str, ...], Line] = {}
    parts: dict[tuple[str, ...], list[Line]] = defaultdict(list)
    for line in coded.lines:
        if line.is_detail:
            key = tuple(meant.code for meant in line.meant)
            if all(meant.code == meant.raw for meant in line.meant):
                own[key] = line
            else:
                parts[key].append(line)
    for key, lines in parts.items():
        whole = own.get(key)
        if whole is None or not whole.value:
            continue
        if whole.value == _persons(lines):
            facts: dict[str, Fact] = {
                "labels": whole.labels,
                "written": whole.value,
                "lines": tuple(str(line.line) for line in lines),
            }
            # Two different units may happen to have the same count; several parts hardly add up to it by chance.
            message = "export_whole_and_parts" if len(lines) > 1 else "export_counted_twice"
            yield Finding.of(message, coded.place(whole), **facts)


def codes_that_are_totals(coded: Coded) -> Iterator[Finding]:
    """Yield a finding where the code T of a list (a NACE section) holds about as much as all other codes together.

    T is the sign of a total as well: an export that writes its total row as T would count everybody twice.
    """
    for place, dimension in enumerate(coded.dimensions):
        whole = [line for line in coded.lines if line.is_detail and line.meant[place].code == TOTAL]
        others = [line for line in coded.lines if line.is_detail and line.meant[place].code != TOTAL]
        if not whole or len({line.meant[place].code for line in others}) < 2:
            continue
        if 10 * _persons(whole) >= 9 * _persons(others):
            first = min(whole, key=lambda line: line.line)
            yield Finding("export_total_as_code", Severity.ERROR, 1, coded.place(first), {"dimension": dimension})


def codes_left_out(form: Form, table: Table, coded: Coded) -> Iterator[Finding]:
    """Yield a warning for each code of a short list over the columns (a sex, a decision) that no line mentions.

    A complete source without such a line means zero; that a whole sex is absent is more likely a slip.
    """
    detail = [line for line in coded.lines if line.is_detail]
    if not _persons(detail):
        return
    for column in table.columns:
        entries = form.codelist_of(table, column.dimension).on(coded.on)
        if column.dimension not in coded.dimensions or len(entries) > _FEW:
            continue
        place = coded.dimensions.index(column.dimension)
        seen = {line.meant[place].code for line in detail}
        for entry in entries:
            if entry.code not in seen:
                where = Place(coded.table, file=coded.file, sheet=coded.sheet)
                yield Finding("code_left_out", Severity.WARNING, 1, where, {"label": entry.name})


def _persons(lines: Iterable[Line]) -> int:
    return sum(line.value or 0 for line in lines)


def _sums(pattern: Pattern, detail: list[Line], groups: list[Sequence[str]]) -> dict[tuple[str, ...], _Sum]:
    """Return the sums of the detail by the codes, groups or totals that a pattern asks for."""
    sums: dict[tuple[str, ...], _Sum] = defaultdict(_Sum)
    for line, memberships in zip(detail, groups, strict=True):
        options: list[Sequence[str]] = [
            (TOTAL,) if meaning is Meaning.TOTAL else memberships if meaning is Meaning.GROUP else (meant.raw,)
            for meaning, meant in zip(pattern, line.meant, strict=True)
        ]
        for key in product(*options):
            sums[key].add(line.value if line.is_clear else None)
    return sums


def _memberships(form: Form, table: Table, on: date, coded: Coded, detail: list[Line]) -> list[Sequence[str]]:
    """Return the groups and blocks to which each line of detail belongs; only the rows of a table have any."""
    rows = table.rows
    if rows.dimension not in coded.dimensions or rows.codes is None:
        return [()] * len(detail)
    groups = {group.code for group in form.codelists[rows.groups.codes].on(on)} if rows.groups else set()
    parents = {entry.code: entry.parent for entry in form.codelists[rows.codes].on(on) if entry.parent in groups}
    place = coded.dimensions.index(rows.dimension)
    blocks = [
        (block, coded.dimensions.index(block.dimension)) for block in rows.block if block.dimension in coded.dimensions
    ]
    memberships: list[Sequence[str]] = []
    for line in detail:
        if not line.is_clear:
            memberships.append((*groups, *(block.code for block in rows.block)))  # it may belong to any
            continue
        code = line.meant[place].code
        inside = [block.code for block, at in blocks if line.meant[at].code == block.value and code not in block.apart]
        memberships.append((*inside, parents[code]) if code in parents else inside)
    return memberships
