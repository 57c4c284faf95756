"""From the exports of a period to counts that can be filled into the form: read, checked, brought to the period."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from form1.build import assemble, contract, sources
from form1.build.exports_folder import folder_of
from form1.build.filled_by_hand import FilledIn, Templates
from form1.core.findings import Finding, Place, Severity
from form1.core.periods import Period
from form1.definition import Form
from form1.definition.bridge import Fate, passage
from form1.definition.records import Table
from form1.model.exports import Account, CheckedCounts, Export
from form1.model.forms import InputFile


@dataclass(frozen=True)
class Gathered:
    """What the exports of a period hold: the counts of every table that could be read, and what is wrong."""

    counts: Mapping[str, tuple[CheckedCounts, ...]]
    findings: tuple[Finding, ...]
    inputs: tuple[InputFile, ...]
    rules: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """How the exports of each table were counted from records, by language; empty when they were not."""
    signatories: Mapping[str, str] = field(default_factory=dict)
    """What a form that was filled by hand says of those who sign."""
    is_invented: bool = False
    """True when the exports were counted from records that nobody collected."""


def gather(form: Form, exports: Path, period: Period, tables: Collection[str] = ()) -> Gathered:
    """Read and check every export that the figures of `period` are made from; with `tables`, of these alone."""
    folder = folder_of(exports, period)
    templates = Templates(form, exports)
    accounts, findings = _accounts(form, exports, folder)
    wanted: dict[Period, list[str]] = {}
    for table in (form.tables[id] for id in form.tables if not tables or id in tables):
        stated = partial(_is_stated, templates, accounts, table.id)
        for piece in assemble.periods_added_up(table, form.source_of(table.id), folder, stated):
            wanted.setdefault(piece, []).append(table.id)
    counts: dict[str, list[CheckedCounts]] = {}
    inputs: dict[str, InputFile] = {}
    broken: set[str] = set()
    read_by_period: dict[Period, Mapping[str, Export]] = {}
    for piece, ids in sorted(wanted.items()):
        by_hand = templates.of(piece)
        read = sources.read_period(form, exports, piece, ids, aside=by_hand.files)
        read_by_period[piece] = read.exports
        found = [*read.findings, *_beside(by_hand, ids, read.exports)]
        files = [*read.inputs, *by_hand.inputs]
        # Beside a template no export is missed.
        missing = {table: each for table, each in read.missing.items() if not (table and by_hand.files)}
        findings += [*found, *(missing.values() if piece == folder else _as_quarter(form, piece, ids, missing))]
        inputs |= {file.name: file for file in files}
        if piece in accounts:
            inputs[accounts[piece].input.name] = accounts[piece].input
            findings += sources.edited(accounts[piece], files)
        for id in ids:
            export = read.exports.get(id)
            if id in by_hand.held:
                if export is None and id in by_hand.counts:
                    counts.setdefault(id, []).append(by_hand.counts[id])
                else:
                    broken.add(id)
                continue
            checked, faults = contract.check(form, form.tables[id], piece, export) if export else (None, [])
            findings += faults
            if export is None or checked is None or _has_error(export, found):
                broken.add(id)
            else:
                counts.setdefault(id, []).append(_brought_to(form, form.tables[id], checked, period))
    whole = {id: tuple(pieces) for id, pieces in counts.items() if id not in broken}
    findings += [finding for pieces in whole.values() for finding in assemble.remarks(pieces)]
    findings += _stale(exports, folder, inputs)
    findings += _gone(form, exports, folder, templates, read_by_period)
    account = accounts.get(folder)
    return Gathered(
        counts=whole,
        findings=tuple(findings),
        inputs=tuple(inputs.values()),
        rules=account.rules if account else {},
        signatories=templates.of(folder).signatories,
        is_invented=account is not None and account.is_invented,
    )


def _brought_to(form: Form, table: Table, counts: CheckedCounts, period: Period) -> CheckedCounts:
    """Return the counts of an earlier quarter with the codes in force at the end of `period`.

    Codes that were brought together are one; those that were divided or ended stay as they are, and filling the form
    says that they have no row there.
    """
    if counts.period.last_day == period.last_day:
        return counts
    frame = counts.frame
    for dimension in table.dimensions:
        codes = form.codelist_of(table, dimension).id
        way = passage(form, counts.period.last_day, form, period.last_day, codes, codes)
        moved = {
            old: code
            for code, past in way.past.items()
            if past.fate in {Fate.FOLLOWED, Fate.MERGED}
            for old in past.codes
        }
        if moved:
            frame = frame.with_columns(frame[dimension].replace(moved))
    return replace(counts, frame=frame)


def _accounts(form: Form, exports: Path, folder: Period) -> tuple[dict[Period, Account], list[Finding]]:
    """The accounts of tabulations beside the exports of `folder` and of the quarters before it."""
    accounts: dict[Period, Account] = {}
    findings: list[Finding] = []
    for period in (folder,) if folder.is_annual else folder.quarters_to_date():
        account, faults = sources.read_account(form, exports, period)
        findings += faults if period == folder else []
        if account is not None:
            accounts[period] = account
    return accounts, findings


def _is_stated(templates: Templates, accounts: Collection[Period], table: str, quarter: Period) -> bool:
    return quarter in accounts or table in templates.of(quarter).held


def _beside(by_hand: FilledIn, tables: Collection[str], read: Mapping[str, Export]) -> Iterator[Finding]:
    """The findings on a template beside exports: a table comes from the template or from an export, never both."""
    blank = [finding for table, finding in by_hand.blank.items() if table not in read]
    for finding in [*by_hand.findings, *blank]:
        if not finding.place.table or finding.place.table in tables:
            yield finding
    for table in sorted(by_hand.held & read.keys()):
        files = (*by_hand.files, read[table].input.name.rpartition("/")[2])
        yield Finding.of("two_sources", Place(table), files=files)


def _as_quarter(form: Form, piece: Period, tables: Iterable[str], missing: Collection[str]) -> Iterator[Finding]:
    """What is missing of an earlier quarter, with the reason why its export is needed at all."""
    for table in tables:
        if table in missing or "" in missing:
            name = form.source_of(table).name
            yield Finding.of("quarter_missing", Place(table), quarter=str(piece), expected=name)


def _gone(
    form: Form, exports: Path, folder: Period, templates: Templates, read: Mapping[Period, Mapping[str, Export]]
) -> Iterator[Finding]:
    """Warnings about exports that have much less than those of the quarter before in the same year."""
    now = read.get(folder, {})
    if folder.is_annual or folder.previous.year != folder.year or not (exports / str(folder.previous)).is_dir():
        return
    before = dict(read.get(folder.previous, {}))
    if rest := now.keys() - before.keys():
        aside = templates.of(folder.previous).files
        before |= sources.read_period(form, exports, folder.previous, rest, aside=aside).exports
    yield from sources.what_is_gone(form, now, before, str(folder.previous))


def _stale(exports: Path, folder: Period, inputs: Mapping[str, InputFile]) -> list[Finding]:
    """Files that are byte for byte those of the quarter before: most likely they were copied and forgotten."""
    if folder.is_annual:
        return []
    findings = []
    for file in inputs.values():
        period, _, name = file.name.partition("/")
        if period == str(folder) and _is_same(exports / str(folder.previous) / name, file):
            findings.append(Finding.of("same_as_before", Place(file=file.name), other=f"{folder.previous}/{name}"))
    return findings


def _is_same(before: Path, file: InputFile) -> bool:
    """False also where it cannot be told: a file that may not be read says nothing about this one."""
    try:
        if not before.is_file() or before.stat().st_size != file.size:
            return False
        return hashlib.sha256(before.read_bytes()).hexdigest() == file.sha256
    except OSError:
        return False


def _has_error(export: Export, findings: Iterable[Finding]) -> bool:
    """True when reading found an error in the export: its counts cannot be trusted, even where they look right."""
    return any(
        finding.severity == Severity.ERROR
        and finding.place.file == export.input.name
        and finding.place.sheet in {"", export.sheet}
        for finding in findings
    )
