"""Reading the exports of a period: from a folder of files to one export per table, every fault collected."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from form1.build.sources.folder import PARQUET, WORKBOOK, FoundFile, Names, list_files, read_bytes
from form1.build.sources.grid import Grid, Unreadable
from form1.build.sources.header import Vocabulary
from form1.build.sources.layout import Laying
from form1.build.sources.parquet import read_parquet
from form1.build.sources.sheets import read_workbook
from form1.build.sources.text import read_text
from form1.core.findings import Finding, Place
from form1.core.periods import Period
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
        self.names = Names.of(form)
        self.aside = aside
        self.findings: list[Finding] = []
        self.inputs: list[InputFile] = []
        self.grids: dict[str, list[tuple[Grid, InputFile]]] = {}
        self.missing: dict[str, Finding] = {}
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
        for file in files:
            if file.name in self.aside:
                continue
            if not file.table or file.table in self.wanted or file.kind == WORKBOOK:
                self._read_file(file)
        exports = {table: export for table in self.wanted if (export := self._export(table))}
        return ReadPeriod(exports, self.findings, self.inputs, self.missing)

    def _read_file(self, file: FoundFile) -> None:
        try:
            data, input = read_bytes(file, self.period)
            if file.kind == WORKBOOK:
                grids = list(self._sheets(file, read_workbook(data)))
            else:
                grids = [(file.table, read_parquet(data) if file.kind == PARQUET else read_text(data))]
        except Unreadable as fault:
            if not file.table or file.table in self.wanted:
                self.named.add(file.table)
                place = Place(file.table, file=self._named(file), sheet=fault.sheet, line=fault.line)
                self.findings.append(Finding.of(fault.message, place, **fault.facts))
            return
        used = [(table, grid) for table, grid in grids if table in self.wanted]
        for table, grid in used:
            self.grids.setdefault(table, []).append((grid, input))
        if used:
            self.inputs.append(input)

    def _sheets(self, file: FoundFile, sheets: dict[str, Grid]) -> Iterator[tuple[str, Grid]]:
        """Yield the sheets of a workbook with their tables: by their titles, else the only sheet by the file's name."""
        by_title = {title: self.names.table_of(title) for title in sheets}
        if not any(by_title.values()):
            if file.table and len(sheets) == 1:
                yield file.table, next(iter(sheets.values()))
            elif not file.table:
                self._warn(Finding.of("file_not_used", Place(file=self._named(file))))
            elif file.table in self.wanted:
                self.named.add(file.table)
                place = Place(file.table, file=self._named(file))
                self.findings.append(Finding.of("sheet_unclear", place, sheets=tuple(sheets)))
            return
        for title, grid in sheets.items():
            if by_title[title]:
                yield by_title[title], grid
            else:
                self._warn(Finding.of("sheet_not_used", Place(file=self._named(file), sheet=title)))

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
        return export

    def _named(self, file: FoundFile) -> str:
        return f"{self.period}/{file.name}"

    def _warn(self, finding: Finding) -> None:
        if len(self.wanted) == len(self.form.tables):
            self.findings.append(finding)
