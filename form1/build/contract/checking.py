"""Checking one export against the contract that the definition implies, and its failures in our words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from form1.build.contract.resolve import ResolvedExport, is_clear, is_detail, named_by, resolve, stated_periods
from form1.build.contract.schema import (
    Rule,
    coverage,
    coverage_schema,
    expected_codes,
    lines_schema,
)
from form1.build.contract.totals import codes_that_are_totals, compare_totals, parts_of_whole, totals_once
from form1.core.findings import Finding, Place, Severity
from form1.core.periods import Period
from form1.core.texts import LANGUAGES, Text
from form1.definition.form import Form
from form1.definition.labels import complaint
from form1.definition.records import Table
from form1.definition.spelling import tidy
from form1.model.exports import CheckedCounts, Export, cell_of, label_of

if TYPE_CHECKING:
    import pandera.polars as pa
    import polars as pl

_LETTERS: Final = re.compile("[A-Z]{1,3}")
_SHOWN: Final = 8
"""Ranges of cells that one finding names."""
_LONGEST_FORMULA: Final = 120
_GROUPED_BY_MARK: Final = re.compile(r"[1-9][0-9]{0,2}(?:[.,][0-9]{3})+")
"""`1.204` and `1,204`: to some a count in groups, to others a fraction."""

Failure = dict[str, Any]
"""One row of pandera's failure cases: `check`, `column`, `index` (of the line) and `failure_case`."""


def check(form: Form, table: Table, period: Period, export: Export) -> tuple[CheckedCounts | None, list[Finding]]:
    """Return the counts of an export under their codes, and everything that breaks its contract.

    Labels resolve by the code lists in force on the last day of `period`. Totals and groups are compared with the
    detail they cover and left out. Counts keep one line per count of the export: several lines may bear the same
    codes when different codes are counted as one (the districts of a city), and are to be added up.
    Counts are None when there is a finding of severity error; all findings are collected first.
    """
    blank = _blank_counts(form, table, export)
    resolved, totals = totals_once(resolve(form, table, period, export))
    missing, findings = _lines(form, resolved, str(period))
    findings += [*blank, *totals, *_unclear_periods(resolved)]
    if not missing:
        findings += compare_totals(form, resolved)
        findings += parts_of_whole(resolved)
        findings += codes_that_are_totals(resolved)
        findings += _coverage(form, resolved)
    if any(finding.severity is Severity.ERROR for finding in findings):
        return None, findings
    detail = resolved.lines.filter(is_detail(resolved.dimensions))
    return CheckedCounts(table.id, period, export.input, export.sheet, detail), findings


def _lines(form: Form, export: ResolvedExport, period: str) -> tuple[bool, list[Finding]]:
    """Return whether columns are missing, and what the schema finds in the lines."""
    failures = _failures(lines_schema(export, period), export.lines, export.table)
    lines = list(export.lines.iter_rows(named=True)) if failures else []
    missing = _missing(
        form, export, [failure["failure_case"] for failure in failures if failure["check"] == Rule.COLUMN]
    )
    # A label or a period that stands on many lines, or beside several counts, is told once, where it stands first.
    others: dict[tuple[str, str | Place], Finding] = {}
    labels: dict[tuple[str, str | Place], Finding] = {}
    counts: list[int] = []
    for failure in failures:
        column, at = failure["column"], failure["index"]
        match failure["check"]:
            case Rule.PERIOD:
                finding = _other_period(export, column.removeprefix(named_by("")), lines[at], period)
                others.setdefault((column, str(finding.facts["written"])), finding)
            case Rule.CODE:
                finding = _unclear(form, export, column.removeprefix(named_by("")), lines[at])
                label = tidy(lines[at][label_of(column.removeprefix(named_by("")))])
                labels.setdefault((column, label or finding.place), finding)
            case Rule.COUNT | Rule.RANGE:
                counts.append(at)
    twice = _twice(export, sorted(failure["index"] for failure in failures if failure["check"] == Rule.KEY))
    found = [
        *missing,
        *others.values(),
        *labels.values(),
        *_no_counts(export, [lines[at] for at in sorted(set(counts))]),
        *twice,
    ]
    return bool(missing), found


def _failures(schema: pa.DataFrameSchema, frame: pl.DataFrame, table: Table) -> list[Failure]:
    """Return pandera's failure cases; a check that could not run, or a type that we got wrong, is a bug of ours."""
    from pandera.errors import SchemaErrors

    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        failures: list[Failure] = errors.failure_cases.to_dicts()
        for failure in failures:
            is_known = failure["check"] in list(Rule)
            if not is_known or (failure["index"] is None and failure["check"] != Rule.COLUMN):
                raise RuntimeError(f"the contract of {table.id} could not be checked: {failure}") from errors
        return failures
    return []


def _missing(form: Form, export: ResolvedExport, columns: Collection[str]) -> list[Finding]:
    """Name the columns of labels that are not there; where all are there, the column of counts."""
    place = export.place(export.export.header_line)
    found = []
    for dimension in export.table.dimensions:
        if label_of(dimension) in columns:
            known = form.dimension(dimension)
            headers = (known.id, *(known.name.of(language) for language in LANGUAGES), *known.headers)
            found.append(Finding.of("column_missing", place, column_name=known.name, expected=headers[:4]))
    if columns and not found:
        measure = form.sources.measure
        expected = (form.sources.measure_id, *(measure.of(language) for language in LANGUAGES))
        found.append(Finding.of("column_missing", place, column_name=measure, expected=expected))
    return found


def _other_period(export: ResolvedExport, stated: str, line: Mapping[str, Any], period: str) -> Finding:
    return Finding.of(
        "other_period",
        export.place(line["line"], line[cell_of(stated)]),
        written=line[label_of(stated)].strip(),
        period=period,
    )


def _unclear(form: Form, export: ResolvedExport, dimension: str, line: Mapping[str, Any]) -> Finding:
    label = line[label_of(dimension)]
    place = export.place(line["line"], line.get(cell_of(dimension), ""))
    resolved = export.labels[dimension].resolve(label)
    found = complaint(resolved, label, form.dimension(dimension).name, export.on, place)
    if found is None:
        raise RuntimeError(f"{export.table.id}: {label!r} is a code of {dimension}, and its list does not have it")
    return found


def _no_counts(export: ResolvedExport, lines: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """Yield what is wrong with counts: empty cells told at once, each other one by what is written."""
    empty = [line for line in lines if not line["count"]]
    if len(empty) == 1:
        yield Finding.of("count_empty", export.place(empty[0]["line"], empty[0]["cell"]))
    elif empty:
        cells = ranges([(line["line"], line["cell"]) for line in empty])
        yield Finding.of("counts_empty", export.place(), number=len(empty), cells=cells)
    yield from (_no_count(export, line) for line in lines if line["count"])


def _no_count(export: ResolvedExport, line: Mapping[str, Any]) -> Finding:
    place = export.place(line["line"], line["cell"])
    if line["count"].startswith("="):  # a sheet's formula that was never calculated
        return Finding.of("received_formula_empty", place, formula=line["count"][:_LONGEST_FORMULA])
    if _GROUPED_BY_MARK.fullmatch(line["count"]):
        grouped = line["count"].replace(",", "").replace(".", "")
        return Finding.of("count_ambiguous", place, written=line["count"], grouped=grouped)
    return Finding.of("count_not_whole", place, written=line["count"])


def ranges(cells: Sequence[tuple[int, str]]) -> tuple[str, ...]:
    """Return cells as people name them: a run of lines of one column, or of neighbours with the same lines, at once.

    >>> ranges([(5, "C"), (5, "D"), (6, "C"), (6, "D"), (9, "C")])
    ('C5:D6', 'C9')
    """
    lines_by_cell: dict[str, list[int]] = {}
    for line, cell in cells:
        lines_by_cell.setdefault(cell, []).append(line)
    runs: dict[tuple[int, int], list[str]] = {}
    for cell, lines in lines_by_cell.items():
        first = last = lines[0]
        for line in (*lines[1:], -1):
            if line == last + 1:
                last = line
                continue
            runs.setdefault((first, last), []).append(cell)
            first = last = line
    found = []
    for (first, last), columns in runs.items():
        lettered = all(_LETTERS.fullmatch(column) for column in columns)
        if not lettered:
            found += [f"{column}: {first}" + (f"–{last}" if last > first else "") for column in columns]
        elif len(columns) == 1 and first == last:
            found.append(f"{columns[0]}{first}")
        else:
            found.append(f"{columns[0]}{first}:{columns[-1]}{last}")
    return (*found[:_SHOWN], "…") if len(found) > _SHOWN else tuple(found)


def _blank_counts(form: Form, table: Table, export: Export) -> list[Finding]:
    if not form.source_of(table.id).blank_means_zero or "written" not in export.lines.columns:
        return []
    blank = sum(1 for text in export.lines["written"] if not (text or "").strip())
    place = Place(table.id, file=export.input.name, sheet=export.sheet)
    return [Finding.of("blanks_are_zero", place, number=blank)] if blank else []


def _unclear_periods(export: ResolvedExport) -> Iterator[Finding]:
    """Yield a finding for each text in a column of periods that names none which this program understands."""
    for stated in stated_periods(export.lines):
        found: dict[str, Mapping[str, Any]] = {}
        times: Counter[str] = Counter()
        for line in export.lines.select("line", label_of(stated), cell_of(stated), named_by(stated)).rows(named=True):
            text = line[label_of(stated)].strip()
            if text and not line[named_by(stated)]:
                found.setdefault(text, line)
                times[text] += 1
        for text, first in found.items():
            place = export.place(first["line"], first[cell_of(stated)])
            yield Finding.of("period_unclear", place, written=text, number=times[text])


def _twice(export: ResolvedExport, failing: Sequence[int]) -> Iterator[Finding]:
    """Yield a finding for each line whose labels stand on an earlier line already.

    pandera lists every line of a key and none of its fellows. Lines with a label that means nothing have their finding.
    """
    dimensions = export.dimensions
    clear = export.lines.select(is_clear(dimensions)).to_series()
    first: dict[tuple[str, ...], tuple[int, int]] = {}
    lines = export.lines[list(failing)].iter_rows(named=True)
    for at, line in zip(failing, lines, strict=True):
        if not clear[at]:
            continue
        key = tuple(line[named_by(dimension)] for dimension in dimensions)
        earlier, other = first.setdefault(key, (at, line["line"]))
        if earlier != at:
            labels = tuple(line[label_of(dimension)] for dimension in dimensions)
            place = export.place(line["line"], line["cell"])
            yield Finding.of("key_twice", place, labels=labels, other=str(other))


def _coverage(form: Form, export: ResolvedExport) -> list[Finding]:
    """Name the columns of a wide export that are not there, and the codes of short lists that no line mentions."""
    expected = expected_codes(form, export)
    findings = []
    for failure in _failures(coverage_schema(), coverage(export, expected), export.table):
        lacking = expected[failure["index"]]
        if lacking.is_column:
            az, en, ru = (" / ".join(code.name.of(language) for code in lacking.codes) for language in LANGUAGES)
            name = Text(az=az, en=en, ru=ru)
            codes = ".".join(code.code for code in lacking.codes)
            place = export.place(export.export.header_line)
            findings.append(Finding.of("column_missing", place, column_name=name, expected=(codes, az, en, ru)))
        else:
            findings.append(Finding.of("code_left_out", export.place(), label=lacking.codes[0].name))
    return findings
