"""Layouts: laying a grid out as one line per count, whatever way its counts lie."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from form1.build.sources.above import Above, other_unit, unit_of_note
from form1.build.sources.columns import Columns
from form1.build.sources.grid import Grid
from form1.build.sources.header import Header, Heading, Role, Vocabulary, find_header, without_mark
from form1.build.sources.lines import Kind, Lines
from form1.build.sources.roles import CellRole, ColumnAccount, GridAccount
from form1.core.cells import TOTAL
from form1.core.findings import Fact, Finding, Place
from form1.core.periods import Period
from form1.definition.labels import Meaning
from form1.definition.stated_period import period_reader
from form1.model.exports import PERIOD_STATED, Export, cell_of, label_of
from form1.model.forms import InputFile

if TYPE_CHECKING:
    import polars as pl

_ROLES = {
    Role.DIMENSION: CellRole.LABEL,
    Role.MEASURE: CellRole.COUNT,
    Role.WIDE: CellRole.COUNT,
    Role.PERIOD: CellRole.PERIOD,
    Role.UNIT: CellRole.UNIT,
    Role.CODE: CellRole.NOT_USED,
    Role.IGNORED: CellRole.NOT_USED,
    Role.SPANNING: CellRole.NOT_USED,
    Role.UNKNOWN: CellRole.NOT_USED,
}


class Laying:
    """Lays one grid; what it finds on the way is collected in `findings`, what was taken for what in `account`."""

    def __init__(self, grid: Grid, vocabulary: Vocabulary, input: InputFile, period: Period) -> None:
        self.grid, self.vocabulary, self.input, self.period = grid, vocabulary, input, period
        self.table = vocabulary.table
        self.form = vocabulary.form
        self.findings: list[Finding] = []
        self.account = GridAccount(self.table.id, input.name, grid.sheet)
        self.reader = period_reader(self.form.sources.period_words)
        self._checked: set[str] = set()
        """Texts that were held against the period and the unit; each is told once."""

    def export(self) -> Export | None:
        """Return the grid as an export, or None when no head tells what its columns hold."""
        header = find_header(self.grid, self.vocabulary, self.form.sources.header_search_rows)
        self._check_text(self.grid.sheet, 0, None)
        self._check_text(PurePath(self.input.name.removesuffix(".gz")).stem.replace("_", " "), 0, None)
        if header is None:
            expected = [self.vocabulary.headers_of(dimension)[0] for dimension in self.table.dimensions]
            self._find("header_missing", expected=(*expected, self.form.sources.measure_id))
            self.account.cells[CellRole.NONE] += sum(1 for row in self.grid.rows for text in row if text.strip())
            return None
        header = self._without_twins(self._dated(header))
        above = self._read_above(header)
        lines = Lines(self.grid, self.vocabulary, header)
        self._tell_lines(header, lines)
        columns = Columns(self.grid, self.vocabulary, header, lines, self._place)
        header, labels = columns.read()
        self.findings += columns.findings
        for at in lines.data():
            if not self.grid.lettered:
                self._check_width(header.names, lines.row(at), lines.line(at))
        self._check_units(header, lines)
        self._tell_columns(header, lines, labels, columns.without_role)
        line = self.grid.lines[header.row]
        if not lines.data():
            self._find("export_without_rows", line=line)
            return None
        frame = self._frame(header, lines, labels, above)
        return Export(self.table.id, self.input, self.grid.sheet, frame, line, header.across)

    def _dated(self, header: Header) -> Header:
        """Read a head that is a period: the counts of that period, when it is the one asked for."""
        headings = list(header.headings)
        line = self.grid.lines[header.row]
        has_counts = any(heading.role in {Role.MEASURE, Role.WIDE} for heading in headings)
        for column, heading in enumerate(headings):
            name = header.names[column]
            if not name:
                continue
            is_right = self._check_text(name, line, column)
            stated = self.reader.read(name) if self.reader else None
            if heading.role is Role.UNKNOWN and stated and stated.years and (stated.quarters or stated.is_other):
                headings[column] = Heading(Role.MEASURE if is_right and not has_counts else Role.UNKNOWN)
                has_counts = has_counts or is_right
        return replace(header, headings=tuple(headings))

    def _check_text(self, text: str, line: int, column: int | None) -> bool:
        """Find a text that names another period or another unit; True where it does not."""
        stated = self.reader.read(text) if self.reader and text else None
        is_right = stated is None or stated.fits(self.period)
        if text in self._checked:
            return is_right
        self._checked.add(text)
        if stated and stated.month and is_right:
            self._find("period_unclear", line, column, text, written=text.strip(), number=1)
        if not is_right:
            self._find("other_period", line, column, text, written=text.strip(), period=str(self.period))
        if (unit := other_unit(self.form, text)) and text:
            self._find("unit_not_persons", line, column, text, written=text.strip(), unit=unit)
            is_right = False
        return is_right

    def _read_above(self, header: Header) -> list[dict[str, str | int]]:
        """Read the lines above the head; return the totals that stand there as lines of the table."""
        above = Above(self.grid, self.vocabulary, header, self.reader)
        for role, at, column, text in above.cells():
            line = self.grid.lines[at]
            if role is not CellRole.NONE:
                self.account.take(role, line, text)
                if role in {CellRole.TITLE, CellRole.PERIOD, CellRole.UNIT}:
                    self._check_text(text, line, column)
                continue
            self.account.cells[CellRole.NONE] += 1
            self._find("cell_without_role", line, column, text, written=text.strip())
        return above.totals

    def _tell_lines(self, header: Header, lines: Lines) -> None:
        head = self.grid.lines[header.first : header.row + 1]
        self.account.head_lines = tuple(head)
        self.account.cells[CellRole.HEAD] += _filled(self.grid.rows[header.first : header.row + 1])
        numbered = []
        for at, kind in enumerate(lines.kinds):
            row, line = lines.row(at), lines.line(at)
            match kind:
                case Kind.HEAD:
                    self.account.cells[CellRole.HEAD] += _filled([row])
                case Kind.COLUMN_NUMBERS:
                    self.account.cells[CellRole.COLUMN_NUMBER] += _filled([row])
                    numbered.append(str(line))
                case Kind.CAPTION:
                    self.account.cells[CellRole.LABEL] += _filled([row])
                case Kind.NOTE:
                    for text in filter(str.strip, row):
                        self.account.take(CellRole.NOTE, line, text)
                        if unit := unit_of_note(self.vocabulary, text):
                            self._find("unit_not_persons", line, written=text.strip(), unit=unit)
                case Kind.UNCLEAR:
                    self.account.cells[CellRole.NONE] += _filled([row])
                    self._find("line_without_role", line, written=next(filter(str.strip, row)).strip())
                case Kind.FOREIGN:
                    self.account.cells[CellRole.NONE] += _filled([row])
        if numbered:
            self._find("column_numbers_read", self.grid.lines[header.row], lines=tuple(numbered))
        if lines.second:
            first, second = self.grid.lines[header.row], self.grid.lines[lines.second]
            self._find("two_tables", second, first=str(first), second=str(second))

    def _without_twins(self, header: Header) -> Header:
        """Find the columns that stand there twice; the first of them is read. Totals are held against each other."""
        line, names = self.grid.lines[header.row], header.names
        seen: dict[object, int] = {}
        headings = list(header.headings)
        for column, heading in enumerate(headings):
            is_total = any(code.startswith(f"{Meaning.TOTAL}:") for code in heading.codes)
            if heading.role not in {Role.MEASURE, Role.WIDE} or is_total:
                continue
            first = seen.setdefault((heading.role, heading.codes), column)
            if first != column:
                other = self.grid.column_name(first, names[first])
                self._find("column_twice", line, column, names[column], header=names[column], other=other)
                headings[column] = Heading(Role.IGNORED)
        return replace(header, headings=tuple(headings))

    def _check_units(self, header: Header, lines: Lines) -> None:
        for column, heading in enumerate(header.headings):
            if heading.role is not Role.UNIT:
                continue
            for at in lines.data():
                row = lines.row(at)
                if column < len(row) and not self._check_text(row[column], lines.line(at), column):
                    break

    def _tell_columns(
        self, header: Header, lines: Lines, labels: Mapping[int, Sequence[str]], without_role: Iterable[int]
    ) -> None:
        """Count the cells of the table by role, a line of totals apart."""
        data = lines.data()
        self.account.lines = len(data)
        filled: Counter[int] = Counter()
        totals: Counter[int] = Counter()
        of_total = self._total_lines(header, lines, labels)
        for index, at in enumerate(data):
            for column, text in enumerate(lines.row(at)):
                if text.strip():
                    (totals if index in of_total else filled)[column] += 1
        columns = []
        lacking = set(without_role)
        for column in range(max((*filled, *totals, len(header.headings) - 1)) + 1):
            heading = header.headings[column] if column < len(header.headings) else Heading(Role.UNKNOWN)
            name = header.names[column] if column < len(header.names) else ""
            role = CellRole.NONE if column in lacking else _ROLES[heading.role]
            if role is CellRole.COUNT and any(code.startswith(f"{Meaning.TOTAL}:") for code in heading.codes):
                role = CellRole.TOTAL
            self.account.cells[role] += filled[column]
            self.account.cells[CellRole.TOTAL if role is CellRole.COUNT else role] += totals[column]
            if name or filled[column] or totals[column]:
                meaning = tuple((heading.labels or {}).values()) or ((heading.dimension,) if heading.dimension else ())
                columns.append(ColumnAccount(self.grid.column_name(column, name), name, role, meaning))
        self.account.columns = tuple(columns)

    def _total_lines(self, header: Header, lines: Lines, labels: Mapping[int, Sequence[str]]) -> set[int]:
        del lines
        found: set[int] = set()
        for column, texts in labels.items():
            known = self.vocabulary.labels[header.headings[column].dimension]
            means = {text: known.resolve(text).meaning for text in set(texts)}
            found |= {at for at, text in enumerate(texts) if means[text] in {Meaning.TOTAL, Meaning.GROUP}}
        return found

    def _frame(
        self,
        header: Header,
        lines: Lines,
        labels: Mapping[int, Sequence[str]],
        above: Sequence[Mapping[str, str | int]],
    ) -> pl.DataFrame:
        """Return one line per count of the lines of the table, row by row; too short a row is filled up."""
        import polars as pl

        data = lines.data()
        names = header.names
        shared: dict[str, object] = {"line": [lines.line(at) for at in data]}
        stated = 0
        for column, heading in enumerate(header.headings):
            if heading.role is Role.DIMENSION and column in labels:
                name, texts = heading.dimension, list(labels[column])
            elif heading.role is Role.PERIOD:
                name, texts = f"{PERIOD_STATED}{stated or ''}", self._texts(lines, data, column)
                stated += 1
            else:
                continue
            shared[label_of(name)] = texts
            shared[cell_of(name)] = [self.grid.column_name(column, names[column])] * len(data)
        for block in self._blocks(header, lines, labels):
            shared |= block
        shared = self._without_spare(shared)
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
                written = pl.Series("written", self._texts(lines, data, column), dtype=pl.String)
                counts.append(rows.with_columns(cell.alias("cell"), *across, written))
        if not counts:
            return rows.with_columns(cell=pl.lit(""))
        laid = pl.concat(counts).sort("line", maintain_order=True)
        return pl.concat([laid, _totals(laid, above)]) if above else laid

    def _texts(self, lines: Lines, data: Iterable[int], column: int) -> list[str]:
        rows = (lines.row(at) for at in data)
        return [row[column] if column < len(row) else "" for row in rows]

    def _without_spare(self, shared: dict[str, object]) -> dict[str, object]:
        """Leave out the rows' dimension of a table that prints its total alone, where the export has no more either."""
        dimension = self.table.rows.dimension
        if self.table.rows.detail or dimension is None or label_of(dimension) not in shared:
            return shared
        texts = shared[label_of(dimension)]
        known = self.vocabulary.labels[dimension]
        assert isinstance(texts, list)
        if any(known.resolve(text).meaning is not Meaning.TOTAL for text in texts):
            return shared
        return {
            name: values for name, values in shared.items() if name not in {label_of(dimension), cell_of(dimension)}
        }

    def _blocks(self, header: Header, lines: Lines, labels: Mapping[int, Sequence[str]]) -> list[dict[str, list[str]]]:
        """Return the labels of the dimension by which a printed table cuts its rows into blocks, from their heads."""
        rows = self.table.rows
        present = {heading.dimension for heading in header.headings if heading.role is Role.DIMENSION}
        missing = {block.dimension for block in rows.block} - present - set(header.across)
        of_rows = next((c for c in labels if header.headings[c].dimension == rows.dimension), None)
        if not missing or of_rows is None or rows.dimension is None:
            return []
        by_code = {block.code: block for block in rows.block}
        apart = {code for block in rows.block for code in block.apart}
        known = self.vocabulary.labels[rows.dimension]
        said = dict(zip(lines.data(), labels[of_rows], strict=True))
        current, found, any_block = "", [], False
        first = rows.block[0]
        for at, kind in enumerate(lines.kinds):
            row = lines.row(at)
            text = said.get(at, without_mark(row[of_rows]) if of_rows < len(row) else "")
            meant = known.resolve(text)
            block = by_code.get(meant.code) if meant.meaning is Meaning.GROUP else None
            if block is not None:
                current, any_block = block.value, True
            if kind is Kind.DATA:
                value = TOTAL if meant.meaning is Meaning.TOTAL else current
                if meant.meaning is Meaning.CODE and meant.code in apart:
                    value = first.value if current in {"", first.value} else current
                found.append(value)
        if not any_block:
            return []
        (dimension,) = missing
        cell = self.grid.column_name(of_rows, header.names[of_rows])
        return [{label_of(dimension): found, cell_of(dimension): [cell] * len(found)}]

    def _check_width(self, names: Sequence[str], row: Sequence[str], line: int) -> None:
        """Find a line with more or fewer fields than the head names; empty fields at its end are no matter."""
        wanted = len(names)
        while wanted and not names[wanted - 1].strip():
            wanted -= 1
        found = len(row)
        while found > wanted and not row[found - 1].strip():
            found -= 1
        if found != wanted:
            self._find("row_ragged", line, found=found, expected=wanted)

    def _find(self, message: str, line: int = 0, column: int | None = None, name: str = "", **facts: Fact) -> None:
        self.findings.append(Finding.of(message, self._place(line, column, name), **facts))

    def _place(self, line: int, column: int | None = None, name: str = "") -> Place:
        cell = "" if column is None else self.grid.column_name(column, name)
        return Place(self.table.id, file=self.input.name, sheet=self.grid.sheet, line=line, cell=cell)


def _totals(laid: pl.DataFrame, above: Sequence[Mapping[str, str | int]]) -> pl.DataFrame:
    """Return the totals that stand above the head, with the columns of the lines below it."""
    import polars as pl

    labels = [name for name in laid.columns if name.startswith(label_of(""))]
    rows = [
        {name: total.get(name, "") for name in laid.columns}
        | {n: total.get(n, TOTAL) for n in labels if ":period" not in n}
        for total in above
    ]
    return pl.DataFrame(rows, schema=laid.schema, orient="row")


def _filled(rows: Iterable[Sequence[str]]) -> int:
    return sum(1 for row in rows for text in row if text.strip())
