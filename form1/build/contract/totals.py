"""Totals that an export carries beside its detail: compared with the sum of what they cover, never added in.

A schema knows no sum over other lines, so these comparisons stand beside pandera.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from form1.build.contract.resolve import (
    LARGEST_COUNT,
    ResolvedExport,
    is_clear,
    is_detail,
    is_total,
    meaning_of,
    name_of,
    named_by,
)
from form1.core.cells import TOTAL
from form1.core.findings import Finding, Place
from form1.definition.form import Form
from form1.definition.labels import Meaning, Resolved
from form1.model.exports import label_of

if TYPE_CHECKING:
    import polars as pl

_AT: Final = ":at"
_CLEAR: Final = ":clear"
_GROUP: Final = ":group"
_ALL: Final = ":all"
_SUM: Final = ":sum"
_GAPS: Final = ":gaps"
_MOST_MEMBERS: Final = 60
"""Members among which a difference is looked for in twos and threes."""


def compare_totals(form: Form, export: ResolvedExport) -> Iterator[Finding]:
    """Yield a finding for each total or group of the export that is not the sum of the detail it covers.

    A total over detail with a gap, or with a label that nobody knows, cannot be compared: that is information.
    A total of more than zero over no detail at all differs by its whole value.
    """
    import polars as pl

    dimensions = export.dimensions
    lines = (
        _countable(export).with_row_index(_AT).with_columns(is_clear(dimensions).alias(_CLEAR), pl.lit(0).alias(_ALL))
    )
    totals = lines.filter(pl.col(_CLEAR) & ~is_detail(dimensions))
    if totals.is_empty():
        return
    detail = lines.filter(~is_total(dimensions))
    grouped = _with_groups(form, export, detail)
    compared: list[dict[str, Any]] = []
    for meanings, alike in totals.group_by([meaning_of(dimension) for dimension in dimensions]):
        pattern = {dimension: str(meaning) for dimension, meaning in zip(dimensions, meanings, strict=True)}
        covered = _sums(pattern, grouped if Meaning.GROUP in meanings else detail)
        compared += alike.join(covered, on=_keys(pattern), how="left").to_dicts()
    for line in sorted(compared, key=lambda line: int(line[_AT])):
        if line["persons"] is None:
            continue  # a gap, or no count at all, which the contract has found
        place, labels, written = _place(export, line), _labels(export, line), line["persons"]
        covers, gaps = line[_SUM] or 0, line[_GAPS] or 0
        if gaps:
            yield Finding.of("export_total_not_compared", place, labels=labels, gaps=gaps)
        elif written != covers:
            facts = {"labels": labels, "written": written, "computed": covers, "difference": written - covers}
            members = _explaining(grouped, detail, line, dimensions, written - covers)
            if members:
                yield Finding.of("export_group_differs", place, **facts, members=members)
            else:
                yield Finding.of("export_total_differs", place, **facts)


def totals_once(export: ResolvedExport) -> tuple[ResolvedExport, list[Finding]]:
    """Return the export with each total once: a total that stands twice with the same count is read once, and told.

    Totals that say different things stay, as lines whose labels stand twice.
    """
    import polars as pl

    dimensions = export.dimensions
    if "persons" not in export.lines.columns or not dimensions:
        return export, []
    keys = [named_by(dimension) for dimension in dimensions]
    lines = export.lines.with_row_index(_AT).with_columns((is_total(dimensions) & is_clear(dimensions)).alias(_CLEAR))
    totals = lines.filter(pl.col(_CLEAR) & pl.col("persons").is_not_null())
    again = totals.filter((pl.struct(keys).is_first_distinct().not_()) & (pl.col("persons").n_unique().over(keys) == 1))
    if again.is_empty():
        return export, []
    first = {tuple(line[key] for key in keys): line["line"] for line in totals.reverse().iter_rows(named=True)}
    told: dict[int | None, Finding] = {}
    for line in again.iter_rows(named=True):
        other = first[tuple(line[key] for key in keys)]
        finding = Finding.of("total_twice", _place(export, line), labels=_labels(export, line), other=str(other))
        told.setdefault(line["line"] if other != line["line"] else None, finding)
    kept = lines.filter(~pl.col(_AT).is_in(again[_AT].to_list())).drop(_AT, _CLEAR)
    return replace(export, export=replace(export.export, lines=kept)), list(told.values())


def _explaining(
    grouped: pl.DataFrame, detail: pl.DataFrame, line: Mapping[str, Any], dimensions: Sequence[str], difference: int
) -> tuple[str, ...]:
    """Return the one to three members of a group, or lines outside it, whose counts are just the difference.

    A group that is too small lacks members of ours, one that is too large has others. Only where a single choice
    explains it, it is named; a sum of many small counts explains anything.
    """
    import polars as pl

    of_group = [d for d in dimensions if line[meaning_of(d)] == Meaning.GROUP]
    if len(of_group) != 1:
        return ()
    alike = [
        pl.col(named_by(d)) == line[named_by(d)] for d in dimensions
        if d not in of_group and line[meaning_of(d)] != Meaning.TOTAL
    ]  # fmt: skip
    code, name = of_group[0], line[named_by(of_group[0])]
    inside = grouped.filter(pl.all_horizontal(pl.lit(True), pl.col(_GROUP) == name, *alike))
    lacks = difference < 0
    members = inside if lacks else detail.filter(pl.all_horizontal(pl.lit(True), *alike))
    persons: dict[str, int] = {}
    shown: dict[str, str] = {}
    for one in members.iter_rows(named=True):
        if one["persons"]:
            persons[one[code]] = persons.get(one[code], 0) + one["persons"]
            shown.setdefault(one[code], one[label_of(code)])
    own = set() if lacks else set(inside[code])
    candidates = {one: count for one, count in persons.items() if one not in own and count <= abs(difference)}
    for size in (1, 2, 3):
        if size > 1 and len(candidates) > _MOST_MEMBERS:
            return ()
        found = [each for each in combinations(candidates, size) if sum(candidates[m] for m in each) == abs(difference)]
        if found:
            return tuple(f"{shown[m]} ({candidates[m]})" for m in found[0]) if len(found) == 1 else ()
    return ()


def parts_of_whole(export: ResolvedExport) -> Iterator[Finding]:
    """Yield a finding where a code equals the sum of the codes that are counted as it.

    A city and its districts are added up; when the city's own count is just the sum of its districts, the export
    gives the same people twice.
    """
    import polars as pl

    dimensions = list(export.dimensions)
    detail = _countable(export).filter(is_detail(dimensions))
    is_whole = pl.all_horizontal(pl.lit(True), *(pl.col(name) == pl.col(named_by(name)) for name in dimensions))
    parts = detail.filter(~is_whole)
    if parts.is_empty():
        return
    own = {tuple(line[name] for name in dimensions): line for line in detail.filter(is_whole).iter_rows(named=True)}
    for key, lines in parts.group_by(dimensions, maintain_order=True):
        whole = own.get(key)
        if whole is not None and whole["persons"] and whole["persons"] == lines["persons"].sum():
            # Two different units may happen to have the same count; several parts hardly add up to it by chance.
            yield Finding.of(
                "export_whole_and_parts" if lines.height > 1 else "export_counted_twice",
                _place(export, whole),
                labels=_labels(export, whole),
                written=whole["persons"],
                lines=tuple(map(str, lines["line"])),
            )


def codes_that_are_totals(export: ResolvedExport) -> Iterator[Finding]:
    """Yield a finding where the code T of a list (a NACE section) holds about as much as all other codes together.

    T is the sign of a total as well: an export that writes its total row as T would count everybody twice.
    """
    import polars as pl

    detail = _countable(export).filter(is_detail(export.dimensions))
    for dimension in export.dimensions:
        whole, others = detail.filter(pl.col(dimension) == TOTAL), detail.filter(pl.col(dimension) != TOTAL)
        if whole.is_empty() or others[dimension].n_unique() < 2:
            continue
        if 10 * whole["persons"].sum() >= 9 * others["persons"].sum():
            first = whole.sort("line", maintain_order=True).row(0, named=True)
            yield Finding.of("export_total_as_code", _place(export, first), dimension=dimension)


def _countable(export: ResolvedExport) -> pl.DataFrame:
    """The lines with numbers that are no counts taken out, and room for any sum of counts."""
    import polars as pl

    persons = pl.col("persons")
    return export.lines.with_columns(pl.when(persons <= LARGEST_COUNT).then(persons).cast(pl.Int128).alias("persons"))


def _keys(pattern: Mapping[str, str]) -> list[str]:
    """The columns by which the totals of a pattern are told apart; a pattern is what each label means."""
    return [_ALL, *(named_by(dimension) for dimension, meaning in pattern.items() if meaning != Meaning.TOTAL)]


def _sums(pattern: Mapping[str, str], detail: pl.DataFrame) -> pl.DataFrame:
    """Return the sums of the detail, and how many gaps are in each, by the codes or groups that a pattern asks for."""
    import polars as pl

    groups = [pl.col(_GROUP).alias(named_by(name)) for name, meaning in pattern.items() if meaning == Meaning.GROUP]
    known = pl.when(_CLEAR).then("persons")
    sums = [known.sum().alias(_SUM), known.is_null().sum().alias(_GAPS)]
    return detail.with_columns(groups).group_by(_keys(pattern)).agg(sums)


def _with_groups(form: Form, export: ResolvedExport, detail: pl.DataFrame) -> pl.DataFrame:
    """Return each line of detail once for every group and block to which it belongs; only the rows of a table have any.

    A line with a label that nobody knows may belong to any of them.
    """
    import polars as pl

    rows = export.table.rows
    if rows.dimension not in export.dimensions or rows.codes is None:
        return detail.clear().with_columns(pl.lit("").alias(_GROUP))
    groups = {group.code for group in form.codelists[rows.groups.codes].on(export.on)} if rows.groups else set()
    parents = {entry.code: entry.parent for entry in form.codelists[rows.codes].on(export.on) if entry.parent in groups}
    blocks = [block for block in rows.block if block.dimension in export.dimensions]
    by = list(dict.fromkeys((_CLEAR, rows.dimension, *(block.dimension for block in blocks))))
    kinds = detail.select(by).unique(maintain_order=True)
    belongs: list[list[str]] = []
    for kind in kinds.iter_rows(named=True):
        code = kind[rows.dimension]
        inside = [b.code for b in blocks if kind[b.dimension] == b.value and code not in b.apart]
        inside += [parents[code]] if code in parents else []
        named = inside if kind[_CLEAR] else [*groups, *(block.code for block in rows.block)]
        belongs.append([name_of(Resolved(Meaning.GROUP, group, group)) for group in named])
    of_kind = kinds.with_columns(pl.Series(_GROUP, belongs, dtype=pl.List(pl.String)))
    return detail.join(of_kind, on=by, how="left", maintain_order="left").explode(_GROUP)


def _labels(export: ResolvedExport, line: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(line[label_of(dimension)] for dimension in export.dimensions)


def _place(export: ResolvedExport, line: Mapping[str, Any]) -> Place:
    return export.place(line["line"], line["cell"])
