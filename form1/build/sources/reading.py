"""Reading the exports of a period: from a folder of files to one export per table, every fault collected."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from form1.build.sources.account import Sums
from form1.build.sources.folder import PARQUET, WORKBOOK, FoundFile, list_files, read_bytes, unpacked
from form1.build.sources.grid import Grid, Unreadable
from form1.build.sources.header import Vocabulary
from form1.build.sources.layout import Laying
from form1.build.sources.naming import Names
from form1.build.sources.parquet import read_parquet
from form1.build.sources.roles import GridAccount
from form1.build.sources.seen import unseen
from form1.build.sources.sheets import read_workbooks
from form1.build.sources.text import read_text
from form1.core.findings import Finding, Place
from form1.core.periods import Period
from form1.core.values import parse_count
from form1.definition.form import Form
from form1.model.exports import Export
from form1.model.forms import InputFile


@dataclass(frozen=True)
class ReadPeriod:
    """What the folder of a period holds: exports by table, what is wrong with them, and the files that were read."""

    exports: Mapping[str, Export]
    findings: Sequence[Finding]
    inputs: Sequence[InputFile]
    missing: Mapping[str, Finding]
    """By table without an export: the finding that says so, which is not among the others; by "" that of the folder."""
    accounts: Sequence[GridAccount] = ()
    """What was taken for what, by grid."""


def read_period(
    form: Form,
    exports: Path,
    period: Period,
    tables: Collection[str] | None = None,
    aside: Collection[str] = (),
) -> ReadPeriod:
    """Return the exports of a period by table, what was found wrong with them, and the files that were read.

    `exports` holds one folder per period; `tables` are those wanted (by default all of the form), `aside`
    the names of files that are no exports. A table whose
    export is missing, unreadable, or there twice has no entry and at least one finding of severity error.
    """
    return _Reading(form, exports, period, tables, aside).read()


class _Reading:
    def __init__(
        self, form: Form, exports: Path, period: Period, tables: Collection[str] | None, aside: Collection[str]
    ) -> None:
        self.form, self.period = form, period
        self.folder = exports / str(period)
        self.shown_folder = f"{exports.absolute().name}/{period}"
        self.wanted = [table for table in form.tables if tables is None or table in tables]
        self.names = Names.of(form, period.last_day)
        self.aside = aside
        self.findings: list[Finding] = []
        self.inputs: list[InputFile] = []
        self.grids: dict[str, list[tuple[Grid, InputFile]]] = {}
        self.missing: dict[str, Finding] = {}
        self.accounts: list[GridAccount] = []
        self.sums = Sums("", {}, ())
        self.named: set[str] = set()
        """Tables for which a file is there, readable or not."""

    def read(self) -> ReadPeriod:
        try:
            if not self.folder.is_dir():
                missing = Finding.of("period_folder_missing", folder=self.shown_folder, period=str(self.period))
                return ReadPeriod({}, [], [], {"": missing})
            files, findings = list_files(self.form, self.folder, self.names)
        except OSError:
            missing = Finding.of("period_folder_unreadable", folder=self.shown_folder)
            return ReadPeriod({}, [], [], {"": missing})
        if len(self.wanted) == len(self.form.tables):
            self.findings += findings
        else:
            self.findings += [finding for finding in findings if finding.place.table in self.wanted]
        self._read_files(
            [file for file in files if file.name not in self.aside and (not file.table or self._may_hold(file))]
        )
        exports = {table: export for table in self.wanted if (export := self._export(table))}
        return ReadPeriod(exports, self.findings, self.inputs, self.missing, self.accounts)

    def _may_hold(self, file: FoundFile) -> bool:
        return file.table in self.wanted or file.kind == WORKBOOK

    def _read_files(self, files: Sequence[FoundFile]) -> None:
        """Read files in their order; the workbooks among them together, since that takes a process of its own."""
        contents: dict[str, tuple[tuple[bytes, ...], InputFile]] = {}
        faults: dict[str, Unreadable] = {}
        for file in files:
            try:
                contents[file.name] = read_bytes(file, self.period)
            except Unreadable as fault:
                faults[file.name] = fault
        self._hold_against_sums(contents)
        books = [file.name for file in files if file.kind == WORKBOOK and file.name in contents]
        read = dict(zip(books, read_workbooks([contents[name][0][0] for name in books]), strict=True))
        for file in files:
            try:
                if file.name in faults:
                    raise faults[file.name]
                parts, input = contents[file.name]
                if file.kind == WORKBOOK:
                    sheets = read[file.name]
                    if isinstance(sheets, Unreadable):
                        raise sheets
                    grids = list(self._sheets(file, sheets))
                else:
                    grid = read_parquet(parts) if file.kind == PARQUET else read_text(unpacked(file, parts[0]))
                    grids = list(self._by_content(file, grid)) if not file.table else [(file.table, grid)]
            except Unreadable as fault:
                self._refuse(file, fault)
                continue
            used = [(table, grid) for table, grid in grids if table in self.wanted]
            for table, grid in used:
                self.grids.setdefault(table, []).append((grid, input))
            if used:
                self.inputs.append(input)

    def _hold_against_sums(self, contents: Mapping[str, tuple[tuple[bytes, ...], InputFile]]) -> None:
        self.sums = Sums.read(self.form, self.folder)
        files = {name: input.sha256 for name, (_, input) in contents.items()}
        for name, finding in self.sums.faults(files, self.folder, self.period):
            table = self.names.table_of(name.partition(".")[0])
            if len(self.wanted) == len(self.form.tables) or table in self.wanted:
                self.findings.append(finding)

    def _refuse(self, file: FoundFile, fault: Unreadable) -> None:
        if not file.table or file.table in self.wanted:
            self.named.add(file.table)
            place = Place(file.table, file=self._named(file), sheet=fault.sheet, line=fault.line)
            self.findings.append(Finding.of(fault.message, place, **fault.facts))

    def _sheets(self, file: FoundFile, sheets: Mapping[str, Grid]) -> Iterator[tuple[str, Grid]]:
        """Yield the sheets of a workbook with their tables: by their titles, by the file's name, by what they hold.

        A hidden sheet is no export: nobody sees what would be counted.
        """
        seen = {title: grid for title, grid in sheets.items() if not grid.hidden}
        if not seen:
            self._refuse(file, Unreadable("sheets_all_hidden", sheets=tuple(sheets)))
            return
        for title in sheets.keys() - seen.keys():
            self._warn(Finding.of("sheet_hidden", Place(file=self._named(file), sheet=title)))
        tables = {title: table for title in seen if (table := self.names.table_of(title))}
        if not tables and file.table:
            if len(seen) == 1:
                tables = dict.fromkeys(seen, file.table)
            else:
                fitting = [title for title, grid in seen.items() if self.names.table_of_content(grid, [file.table])]
                if len(fitting) != 1:
                    self._refuse(file, Unreadable("sheet_unclear", sheets=tuple(seen)))
                    return
                tables = dict.fromkeys(fitting, file.table)
        else:
            for title in seen.keys() - tables.keys():
                found = [table for table in self.names.table_of_content(seen[title]) if table not in tables.values()]
                if len(found) == 1:
                    tables[title] = found[0]
        if not tables:
            self._warn(Finding.of("file_not_used", Place(file=self._named(file))))
            return
        for title, grid in seen.items():
            if title in tables:
                yield tables[title], grid
            else:
                place = Place(file=self._named(file), sheet=title)
                self._warn(Finding.of("sheet_not_used" if _holds_counts(grid) else "sheet_of_notes", place))

    def _by_content(self, file: FoundFile, grid: Grid) -> Iterator[tuple[str, Grid]]:
        """Yield the table of a file whose name says nothing, when it fits one table alone."""
        found = self.names.table_of_content(grid)
        if len(found) == 1:
            yield found[0], grid
        elif found:
            self._warn(Finding.of("file_fits_several", Place(file=self._named(file)), tables=found))
        else:
            self._warn(Finding.of("file_not_used", Place(file=self._named(file))))

    def _export(self, table: str) -> Export | None:
        grids = self.grids.get(table, [])
        if len(grids) > 1:
            files = tuple(
                f"{input.name.rpartition('/')[2]}{f' ({grid.sheet})' if grid.sheet else ''}" for grid, input in grids
            )
            self.findings.append(Finding.of("export_twice", Place(table), files=files))
            return None
        if not grids:
            if table not in self.named:
                name = self.form.source_of(table).name
                self.missing[table] = Finding.of("export_missing", Place(table), folder=self.shown_folder, name=name)
            return None
        grid, input = grids[0]
        laying = Laying(grid, Vocabulary(self.form, self.form.tables[table], self.period.last_day), input, self.period)
        export = laying.export()
        self.findings += laying.findings
        self.accounts.append(laying.account)
        if grid.open_end and not self.form.source_of(table).last_line_open and not self.sums.proves(input):
            self.findings.append(Finding.of("export_cut", Place(table, file=input.name, line=grid.lines[-1])))
        if export is not None:
            self.findings += unseen(grid, export)
        return export

    def _named(self, file: FoundFile) -> str:
        return f"{self.period}/{file.name}"

    def _warn(self, finding: Finding) -> None:
        if len(self.wanted) == len(self.form.tables):
            self.findings.append(finding)


def _holds_counts(grid: Grid) -> bool:
    """True for a sheet that may be a table: a row of it ends in a label and a count."""
    return any(
        any(map(str.strip, row[:at])) and parse_count(text.strip()) is not None
        for row in grid.rows
        for at, text in enumerate(row)
    )
