"""Layouts: laying a grid out as one line per count, whatever way its counts lie."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from form1.build.sources.grid import Grid
from form1.build.sources.header import Header, Role, Vocabulary, find_header
from form1.core.findings import Fact, Finding, Place, Severity
from form1.core.periods import is_period
from form1.core.texts import LANGUAGES, Text
from form1.core.values import parse_count
from form1.definition.codelists import Code
from form1.definition.labels import Meaning, complaint
from form1.definition.layout import NOT_STATED, OBSERVED
from form1.model.exports import Export
from form1.model.forms import InputFile

if TYPE_CHECKING:
    import polars as pl

CELL_OF = "cell:"
"""Before a dimension's name: the column of `records` that says where the dimension's label stands."""

Record = tuple[int, str, dict[str, tuple[str, str]], str]
"""Line, cell, label and its cell by dimension, the count as written."""


class Laying:
    """Lays one grid; what it finds on the way is collected in `findings`."""

    def __init__(self, grid: Grid, vocabulary: Vocabulary, input: InputFile) -> None:
        self.grid, self.vocabulary, self.input = grid, vocabulary, input
        self.table = vocabulary.table
        self.form = vocabulary.form
        self.findings: list[Finding] = []

    def export(self) -> Export | None:
        """Return the grid as an export, or None when its header leaves open what its columns hold."""
        header = find_header(self.grid, self.vocabulary, self.form.sources.header_search_rows)
        if header is None:
            expected = [self.vocabulary.headers_of(dimension)[0] for dimension in self.table.dimensions]
            self._find("header_missing", expected=(*expected, self.form.sources.measure_id))
            return None
        before = len(self.findings)
        self._check_columns(header)
        if len(self.findings) > before:
            return None
        self._name_unused(header)
        self._check_periods(header)
        records = [
            record for row in range(header.row + 1, len(self.grid.rows)) for record in self._records(header, row)
        ]
        if not records:
            self._find("export_without_rows", line=self.grid.lines[header.row])
            return None
        present = {heading.dimension for heading in header.headings}
        dimensions = [d for d in self.vocabulary.dimensions if d in present or d in header.across]
        return Export(self.table.id, self.input, self.grid.sheet, _frame(records, dimensions))

    def _check_columns(self, header: Header) -> None:
        """Find the columns that are missing or that stand there twice."""
        line = self.grid.lines[header.row]
        names = self.grid.rows[header.row]
        seen: dict[object, int] = {}
        for column, heading in enumerate(header.headings):
            if heading.role not in {Role.DIMENSION, Role.MEASURE, Role.WIDE}:
                continue
            what = (heading.role, heading.dimension, heading.codes)
            first = seen.setdefault(what, column)
            if first != column:
                other = self.grid.column_name(first, names[first])
                self._find("column_twice", line, column, names[column], header=names[column], other=other)
        present = {heading.dimension for heading in header.headings} | set(header.across)
        for dimension in self.table.dimensions:
            if dimension not in present:
                name, headers = self.form.dimension(dimension).name, self.vocabulary.headers_of(dimension)
                self._find("column_missing", line, column_name=name, expected=headers[:4])
        self._check_across(header, line)
        roles = {heading.role for heading in header.headings}
        if not roles & {Role.MEASURE, Role.WIDE} and set(self.table.dimensions) <= present:
            sources = self.form.sources
            expected = (sources.measure_id, sources.measure.az, sources.measure.en, sources.measure.ru)
            self._find("column_missing", line, column_name=sources.measure, expected=expected)

    def _check_across(self, header: Header, line: int) -> None:
        """Find the columns of counts that are not there: a column left out must not pass for zeros."""
        if not header.across:
            return
        there = {heading.codes for heading in header.headings if heading.role is Role.WIDE}
        axes = [self._always_counted(dimension) for dimension in header.across]
        for entries in product(*axes):
            if tuple(f"{Meaning.CODE}:{entry.code}" for entry in entries) not in there:
                names = [" / ".join(entry.name.of(language) for entry in entries) for language in LANGUAGES]
                az, en, ru = names
                code = ".".join(entry.code for entry in entries)
                self._find("column_missing", line, column_name=Text(az=az, en=en, ru=ru), expected=(code, *names))

    def _always_counted(self, dimension: str) -> list[Code]:
        """The codes for which a wide export always has a column."""
        codes = self.form.codelist_of(self.table, dimension).on(self.vocabulary.on)
        return [code for code in codes if not code.counted_as and not code.flags & {OBSERVED, NOT_STATED}]

    def _check_periods(self, header: Header) -> None:
        """Find lines that say that they are of another period than their folder."""
        folder = self.input.name.partition("/")[0]
        for column, heading in enumerate(header.headings):
            if heading.role is not Role.PERIOD:
                continue
            for row in range(header.row + 1, len(self.grid.rows)):
                value = self.grid.rows[row][column].strip() if column < len(self.grid.rows[row]) else ""
                if is_period(value) and value != folder:
                    name = self.grid.rows[header.row][column]
                    self._find("other_period", self.grid.lines[row], column, name, written=value, period=folder)

    def _name_unused(self, header: Header) -> None:
        """Name the columns that nobody reads; between columns of counts, a further one with counts is a fault."""
        line = self.grid.lines[header.row]
        names = self.grid.rows[header.row]
        width = max(len(row) for row in self.grid.rows[header.row :])
        for column in range(width):
            known = column < len(header.headings)
            if known and header.headings[column].role is not Role.UNKNOWN:
                continue
            values = [
                row[column] for row in self.grid.rows[header.row + 1 :] if len(row) > column and row[column].strip()
            ]
            name = names[column] if known else ""
            if not values or (not known and not self.grid.lettered):
                continue  # nothing in it, or too long a line, which is a finding of its own
            if header.across and all(parse_count(value.strip()) is not None for value in values):
                self._find_wide(header, column, name)
            else:
                self._find(
                    "column_not_used",
                    line,
                    column,
                    name,
                    severity=Severity.INFORMATION,
                    header=name.strip() or "–",
                )

    def _find_wide(self, header: Header, column: int, name: str) -> None:
        line = self.grid.lines[header.row]
        dimension = header.across[-1]
        meant = self.vocabulary.labels[dimension].resolve(name)
        known = self.form.dimension(dimension).name
        place = self._place(line, column, name)
        found = None if meant.meaning is Meaning.GROUP else complaint(meant, name, known, self.vocabulary.on, place)
        unclear = self.vocabulary.heading(name).role is Role.MEASURE or len(header.across) > 1
        if found is None or unclear:
            found = Finding("column_unclear", Severity.ERROR, 0, place, {"header": name.strip() or "–"})
        self.findings.append(found)

    def _records(self, header: Header, number: int) -> list[Record]:
        """Return the counts of one row; a line with too few or too many fields is a finding and still read."""
        row, line = self.grid.rows[number], self.grid.lines[number]
        names = self.grid.rows[header.row]
        if not self.grid.lettered:
            self._check_width(names, row, line)
        row = (*row, *[""] * (len(names) - len(row)))
        labels: dict[str, tuple[str, str]] = {}
        for column, heading in enumerate(header.headings):
            if heading.role is Role.DIMENSION:
                labels[heading.dimension] = (row[column], self.grid.column_name(column, names[column]))
        records: list[Record] = []
        for column, heading in enumerate(header.headings):
            cell = self.grid.column_name(column, names[column])
            if heading.role is Role.MEASURE:
                records.append((line, cell, labels, row[column]))
            elif heading.role is Role.WIDE and heading.labels is not None:
                across = {dimension: (label, cell) for dimension, label in heading.labels.items()}
                records.append((line, cell, labels | across, row[column]))
        return records

    def _check_width(self, names: tuple[str, ...], row: tuple[str, ...], line: int) -> None:
        most = least = len(names)
        while least and not names[least - 1].strip():
            least -= 1
        found = len(row)
        while found > most and not row[found - 1].strip():
            found -= 1
        if not least <= found <= most:
            self._find("row_ragged", line, found=found, expected=least)

    def _find(
        self, message: str, line: int = 0, column: int | None = None, name: str = "",
        severity: Severity = Severity.ERROR, **facts: Fact,
    ) -> None:  # fmt: skip
        self.findings.append(Finding(message, severity, 0, self._place(line, column, name), facts))

    def _place(self, line: int, column: int | None = None, name: str = "") -> Place:
        cell = "" if column is None else self.grid.column_name(column, name)
        return Place(self.table.id, file=self.input.name, sheet=self.grid.sheet, line=line, cell=cell)


def _frame(records: list[Record], dimensions: list[str]) -> pl.DataFrame:
    import polars as pl

    columns: dict[str, list[int] | list[str]] = {
        "line": [line for line, _, _, _ in records],
        "cell": [cell for _, cell, _, _ in records],
    }
    for dimension in dimensions:
        columns[dimension] = [labels[dimension][0] for _, _, labels, _ in records]
        columns[CELL_OF + dimension] = [labels[dimension][1] for _, _, labels, _ in records]
    columns["persons"] = [count for _, _, _, count in records]
    schema = {name: pl.Int64 if name == "line" else pl.String for name in columns}
    return pl.DataFrame(columns, schema=schema)
