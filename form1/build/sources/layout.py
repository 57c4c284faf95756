"""Layouts: laying a grid out as one line per count, whatever way its counts lie."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from form1.build.sources.grid import Grid
from form1.build.sources.header import Header, Heading, Role, Vocabulary, find_header
from form1.core.findings import Fact, Finding, Place
from form1.core.values import parse_count
from form1.definition.labels import Meaning, complaint
from form1.model.exports import PERIOD_STATED, Export, cell_of, label_of
from form1.model.forms import InputFile

if TYPE_CHECKING:
    import polars as pl


class Laying:
    """Lays one grid; what it finds on the way is collected in `findings`."""

    def __init__(self, grid: Grid, vocabulary: Vocabulary, input: InputFile) -> None:
        self.grid, self.vocabulary, self.input = grid, vocabulary, input
        self.table = vocabulary.table
        self.form = vocabulary.form
        self.findings: list[Finding] = []

    def export(self) -> Export | None:
        """Return the grid as an export, or None when no header tells what its columns hold."""
        header = find_header(self.grid, self.vocabulary, self.form.sources.header_search_rows)
        if header is None:
            expected = [self.vocabulary.headers_of(dimension)[0] for dimension in self.table.dimensions]
            self._find("header_missing", expected=(*expected, self.form.sources.measure_id))
            return None
        header = self._without_twins(header)
        self._name_unused(header)
        for row, line in zip(self.grid.rows[header.row + 1 :], self.grid.lines[header.row + 1 :], strict=True):
            if not self.grid.lettered:
                self._check_width(self.grid.rows[header.row], row, line)
        line = self.grid.lines[header.row]
        if len(self.grid.rows) == header.row + 1:
            self._find("export_without_rows", line=line)
            return None
        return Export(self.table.id, self.input, self.grid.sheet, self._lines(header), line, header.across)

    def _without_twins(self, header: Header) -> Header:
        """Find the columns that stand there twice; the first of them is read."""
        line, names = self.grid.lines[header.row], self.grid.rows[header.row]
        seen: dict[object, int] = {}
        headings = list(header.headings)
        for column, heading in enumerate(headings):
            if heading.role not in {Role.DIMENSION, Role.MEASURE, Role.WIDE}:
                continue
            first = seen.setdefault((heading.role, heading.dimension, heading.codes), column)
            if first != column:
                other = self.grid.column_name(first, names[first])
                self._find("column_twice", line, column, names[column], header=names[column], other=other)
                headings[column] = Heading(Role.IGNORED)
        return replace(header, headings=tuple(headings))

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
                self._find("column_not_used", line, column, name, header=name.strip() or "–")

    def _find_wide(self, header: Header, column: int, name: str) -> None:
        line = self.grid.lines[header.row]
        dimension = header.across[-1]
        meant = self.vocabulary.labels[dimension].resolve(name)
        known = self.form.dimension(dimension).name
        place = self._place(line, column, name)
        found = None if meant.meaning is Meaning.GROUP else complaint(meant, name, known, self.vocabulary.on, place)
        unclear = self.vocabulary.heading(name).role is Role.MEASURE or len(header.across) > 1
        if found is None or unclear:
            found = Finding.of("column_unclear", place, header=name.strip() or "–")
        self.findings.append(found)

    def _lines(self, header: Header) -> pl.DataFrame:
        """Return one line per count of the rows below the header, row by row; too short a row is filled up."""
        import polars as pl

        names, body = self.grid.rows[header.row], self.grid.rows[header.row + 1 :]
        columns = [[row[column] if column < len(row) else "" for row in body] for column in range(len(names))]
        shared: dict[str, object] = {"line": self.grid.lines[header.row + 1 :]}
        stated = 0
        for column, heading in enumerate(header.headings):
            if heading.role is Role.DIMENSION:
                name = heading.dimension
            elif heading.role is Role.PERIOD:
                name, stated = f"{PERIOD_STATED}{stated or ''}", stated + 1
            else:
                continue
            shared[label_of(name)] = columns[column]
            shared[cell_of(name)] = [self.grid.column_name(column, names[column])] * len(body)
        schema = {name: pl.Int64 if name == "line" else pl.String for name in shared}
        rows = pl.DataFrame(shared, schema=schema)
        counts = []
        for column, heading in enumerate(header.headings):
            if heading.role in {Role.MEASURE, Role.WIDE}:
                cell = pl.lit(self.grid.column_name(column, names[column]))
                across = [
                    each
                    for dimension, label in (heading.labels or {}).items()
                    for each in (pl.lit(label).alias(label_of(dimension)), cell.alias(cell_of(dimension)))
                ]
                written = pl.Series("written", columns[column], dtype=pl.String)
                counts.append(rows.with_columns(cell.alias("cell"), *across, written))
        return pl.concat(counts).sort("line", maintain_order=True) if counts else rows.with_columns(cell=pl.lit(""))

    def _check_width(self, names: tuple[str, ...], row: tuple[str, ...], line: int) -> None:
        most = least = len(names)
        while least and not names[least - 1].strip():
            least -= 1
        found = len(row)
        while found > most and not row[found - 1].strip():
            found -= 1
        if not least <= found <= most:
            self._find("row_ragged", line, found=found, expected=least)

    def _find(self, message: str, line: int = 0, column: int | None = None, name: str = "", **facts: Fact) -> None:
        self.findings.append(Finding.of(message, self._place(line, column, name), **facts))

    def _place(self, line: int, column: int | None = None, name: str = "") -> Place:
        cell = "" if column is None else self.grid.column_name(column, name)
        return Place(self.table.id, file=self.input.name, sheet=self.grid.sheet, line=line, cell=cell)
