"""Totals that an export carries beside its detail: compared with the sum of what they cover, never added in.

A schema knows no sum over other lines, so these comparisons stand beside pandera.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
    for meanings, alike in totals.group_by([meaning_of(dimension) for dimension in dimensions], maintain_order=True):
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
            yield Finding.of(
                "export_total_differs",
                place,
                labels=labels,
                written=written,
                computed=covers,
                difference=written - covers,
            )


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
