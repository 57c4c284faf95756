"""Write the sample exports: `python sample_data/make_exports.py [--output DIR]`, the same bytes every time.

shares.toml says how large the invented population is, files.toml in which file each export stands and how
it is written; headers and labels come from reference/, so that they are those which the form knows.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import Any

from form1.core.periods import Period
from form1.core.texts import Text
from form1.definition import Form, load
from form1.definition.codelists import Code
from form1.definition.records import Table
from sample_data import population
from sample_data.formats import Sheet, as_csv, as_parquet, as_workbook
from sample_data.population import Cell

HERE = Path(__file__).parent
CODES = "code"

Keys = tuple[str, ...]
Line = tuple[str | int, ...]
Across = dict[str, int]
"""The counts of one line, by the code that lies across ("" where none does)."""


@dataclass(frozen=True)
class Plan:
    """How one export is written: an entry of files.toml, which explains the fields."""

    as_: str
    words: str
    separator: str = ","
    encoding: str = "utf-8"
    file: str = ""
    sheet: str = ""
    across: str = ""
    official: bool = False
    total_column: bool = False
    total_row: bool = False
    subtotals: bool = False
    zeros: bool = False
    numbered: bool = False
    below: str = ""
    within: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Export:
    """One export on its way into a file: its table, its counts, and the code lists of the period."""

    form: Form
    table: Table
    plan: Plan
    period: Period
    counts: Mapping[Cell, int]
    official_names: Mapping[str, str]

    def codes(self, dimension: str) -> tuple[Code, ...]:
        """The codes of a dimension that are in force at the end of the period, in the order of the form."""
        return self.form.codelist_of(self.table, dimension).on(self.period.last_day)

    def label(self, dimension: str, code: str) -> str:
        """The label of a code as this export writes it."""
        words = self.plan.labels.get(dimension, self.plan.words)
        if words == CODES:
            return code
        if dimension == "country" and self.plan.official and code in self.official_names:
            return self.official_names[code]
        return next(_in(entry.name, words) for entry in self.codes(dimension) if entry.code == code)

    def header(self, dimension: str) -> str:
        """The heading of a column as this export writes it."""
        sources = self.form.sources
        if dimension in self.plan.headers:
            return self.plan.headers[dimension]
        if self.plan.words == CODES:
            return dimension
        name = sources.measure if dimension == sources.measure_id else self.form.dimension(dimension).name
        return _in(name, self.plan.words)

    def total(self) -> str:
        """The label of a total."""
        return _in(self.table.rows.total, self.plan.words)


def make_all(output: Path) -> list[Path]:
    """Write every export of files.toml into `output`, one folder per period; return other files there."""
    form = load(HERE.parent / "reference")
    shares = population.shares()
    _check_official_names(form, shares["official_names"])
    with (HERE / "files.toml").open("rb") as file:
        plans = tomllib.load(file)
    strangers: list[Path] = []
    for written, by_table in plans.items():
        period = Period.parse(written)
        counts = population.counts(shares, period, quarter_alone=_quarter_alone(form, period))
        exports = [
            Export(form, form.tables[table], _plan(entry), period, counts[table], shares["official_names"])
            for table, entry in by_table.items()
        ]
        files = dict(_files([_by_parts(export, shares["within"]) for export in exports]))
        folder = output / written
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
        strangers += [path for path in sorted(folder.iterdir()) if path.name not in files]
    return strangers


def lay_out(export: Export) -> Sheet:
    """Return the export as lines of labels and counts: long, or with one dimension side by side."""
    plan = export.plan
    down = [dimension for dimension in export.table.dimensions if dimension != plan.across]
    across = [code.code for code in export.codes(plan.across)] if plan.across else [""]
    counted: dict[Keys, Across] = {}
    for keys, count in _in_order(export):
        row = counted.setdefault(tuple(keys[dimension] for dimension in down), {})
        row[keys.get(plan.across, "")] = count

    def line(labels: Sequence[str], rows: Sequence[Across]) -> Line:
        sums = [sum(row.get(code, 0) for row in rows) for code in across]
        return (*labels, *sums, *([sum(sums)] if plan.total_column else []))

    by_keys = {keys: line(list(map(export.label, down, keys)), [row]) for keys, row in counted.items()}
    lines = list(by_keys.values())
    if plan.subtotals:
        lines = list(_with_subtotals(export, by_keys, counted, line))
    if plan.total_row:
        lines.append(line([export.total(), *[""] * (len(down) - 1)], list(counted.values())))
    if plan.across:
        headers = [*map(export.header, down), *(export.label(plan.across, code) for code in across)]
    else:
        headers = [*map(export.header, down), export.header(export.form.sources.measure_id)]
    if plan.total_column:
        headers.append(export.total())
    if plan.numbered:
        headers = [export.form.sources.ignored_headers[0], *headers]
        lines = [(number, *cells) for number, cells in enumerate(lines, start=1)]
    title = (_in(export.table.title, plan.words), plan.below) if plan.below else ()
    return Sheet(plan.sheet or "Export", title, tuple(headers), tuple(lines))


def _in_order(export: Export) -> Iterator[tuple[dict[str, str], int]]:
    """Yield the counts with their codes by dimension, in the order of the form's code lists."""
    dimensions = export.table.dimensions
    cells: dict[Keys, int] = {}
    if export.plan.zeros:
        listed = ([code.code for code in export.codes(d) if "observed" not in code.flags] for d in dimensions)
        cells = dict.fromkeys(product(*listed), 0)
    for cell, count in export.counts.items():
        cells[tuple(dict(cell)[dimension] for dimension in dimensions)] = count
    places = [{code.code: place for place, code in enumerate(export.codes(d))} for d in dimensions]

    def place_of(keys: Keys) -> list[int]:
        return [place[code] for place, code in zip(places, keys, strict=True)]

    for keys in sorted(cells, key=place_of):
        yield dict(zip(dimensions, keys, strict=True)), cells[keys]


def _with_subtotals(
    export: Export,
    by_keys: Mapping[Keys, Line],
    counted: Mapping[Keys, Across],
    line: Callable[[Sequence[str], Sequence[Across]], Line],
) -> Iterator[Line]:
    """Yield the lines with a line for each group before its members."""
    rows = export.table.rows
    assert rows.groups is not None and rows.dimension is not None
    parents = {code.code: code.parent for code in export.codes(rows.dimension)}
    for group in export.form.codelists[rows.groups.codes].on(export.period.last_day):
        members = [keys for keys in by_keys if parents[keys[0]] == group.code]
        if members:
            yield line([_in(group.name, export.plan.words)], [counted[keys] for keys in members])
            yield from (by_keys[keys] for keys in members)


def _by_parts(export: Export, within: Mapping[str, Any]) -> Export:
    """Return the export with the code of `plan.within`, if it names one, listed by its parts."""
    dimension, whole = export.table.rows.dimension, export.plan.within
    if dimension is None or not whole:
        return export
    counts: dict[Cell, int] = {}
    for cell, count in export.counts.items():
        if dict(cell)[dimension] != whole:
            counts[cell] = count
            continue
        weights = {
            tuple((name, part if name == dimension else code) for name, code in cell): weight
            for part, weight in within[whole]["of"].items()
        }
        counts.update(population.share_out(count, weights, f"{export.period} {cell}"))
    return replace(export, counts=counts)


def _files(exports: list[Export]) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of every file of one period."""
    workbooks: dict[str, list[Sheet]] = {}
    for export in exports:
        plan = export.plan
        name = plan.file or export.form.source_of(export.table.id).name
        if plan.as_ == "xlsx":
            workbooks.setdefault(name, []).append(lay_out(export))
        elif plan.as_ == "parquet":
            yield f"{name}.parquet", as_parquet(lay_out(export))
        else:
            yield f"{name}.csv", as_csv(lay_out(export), plan.separator, plan.encoding)
    for name, sheets in workbooks.items():
        yield f"{name}.xlsx", as_workbook(sheets)


def _quarter_alone(form: Form, period: Period) -> frozenset[str]:
    """Return the tables whose export of this period covers the quarter alone, by sources.toml."""
    alone = set()
    for source in form.sources.source:
        begun = [part for part in source.coverage if Period.parse(part.since) <= period.last_quarter]
        if begun and max(begun, key=lambda part: Period.parse(part.since)).covers == "quarter":
            alone.add(source.table)
    return frozenset(alone)


def _check_official_names(form: Form, names: Mapping[str, str]) -> None:
    known = set(form.codelists["countries"].aliases)
    unknown = [name for code, name in names.items() if (code, name) not in known]
    if unknown:
        raise SystemExit(f"shares.toml: reference/codes/aliases.csv does not know {', '.join(unknown)}.")


def _plan(entry: Mapping[str, Any]) -> Plan:
    return Plan(**{"as_" if key == "as" else key: value for key, value in entry.items()})


def _in(text: Text, words: str) -> str:
    return {"az": text.az, "en": text.en, "ru": text.ru}[words]


if __name__ == "__main__":
    options = argparse.ArgumentParser(description="Write the invented sample exports.")
    options.add_argument("--output", type=Path, default=HERE / "exports", help="takes one folder per period")
    for stranger in make_all(options.parse_args().output):
        print(f"{stranger} is not one of the sample's files.", file=sys.stderr)
