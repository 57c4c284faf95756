"""From exports to a published edition."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from types import MappingProxyType

from form1 import assemble, clock, contract, deliver, locking, rules, sources, summary
from form1.assemble import Filled
from form1.cells import CellMap
from form1.configuration import Signing
from form1.definition import Form
from form1.definition.carried import carry, why_not
from form1.exports import Account, Counts, Export
from form1.findings import Fact, Finding, Place, Severity, Verdict, sort_key, verdict
from form1.history import History
from form1.periods import Period
from form1.runs.blanks import with_blanks
from form1.runs.by_hand import FilledIn, Templates
from form1.runs.publishing import Prepared, draw, plan, put
from form1.runs.quarters import brought_to
from form1.runs.signatures import signer
from form1.submission import InputFile, Submission
from form1.texts import LANGUAGES, Language, Text

Progress = Callable[[str], None]
"""Called with the id of a word of words.toml when a step begins."""


@dataclass(frozen=True)
class Gathered:
    """What the exports of a period hold: the counts of every table that could be read, and what is wrong."""

    counts: Mapping[str, tuple[Counts, ...]]
    findings: tuple[Finding, ...]
    inputs: tuple[InputFile, ...]
    rules: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """How the exports of each table were counted from records, by language; empty when they were not."""


@dataclass(frozen=True)
class Outcome:
    """How a build ended: `edition` is the folder that stands, or None when nothing was published."""

    submission: Submission
    edition: Path | None = None
    is_new: bool = False

    @property
    def unreadable(self) -> bool:
        """True when a source is missing or cannot be read: the run could not be made at all."""
        return any(finding.unreadable for finding in self.submission.findings)


@dataclass(frozen=True)
class Order:
    """What is to be built, from where, to where; with `signing`, `now` is the time of signing, with its time zone.

    `form` becomes the version of the form that is in force for the period, whichever version was given.
    """

    form: Form
    period: Period
    exports: Path
    output: Path
    language: Language = "az"
    signatories: Mapping[str, str] = field(default_factory=dict)
    now: datetime = field(default_factory=clock.now)
    """The moment of the call; it stands in the journal and in signatures, and in nothing else."""
    signing: Signing | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "form", self.form.of(self.period))


def build(order: Order, progress: Progress = lambda step: None) -> Outcome:
    """Make one edition: from exports to files in their place; or, when the data have errors, only the findings.

    Unchanged inputs publish nothing: the edition that stands is returned.
    """
    prepared = prepare(order, progress)
    if prepared.submission.verdict == Verdict.REJECTED:
        return Outcome(prepared.submission)
    with locking.hold(order.output, "form1 build", order.now):
        occasion = deliver.Occasion(order.now)
        planned = plan(prepared, deliver.recover(order.output, occasion))
        if planned.stands is not None:
            return Outcome(planned.submission, planned.stands)
        sign = signer(order.signing, order.now)
        files = draw(planned.submission, progress)
        progress("publishing")
        return Outcome(planned.submission, put(planned, files, occasion, sign), is_new=True)


def prepare(
    order: Order, progress: Progress = lambda step: None, fresh: Mapping[Period, CellMap] = MappingProxyType({})
) -> Prepared:
    """Read, check, fill and judge; nothing is drawn and nothing written.

    `fresh` gives the cells of earlier periods that are about to be published: the rules look at those.
    """
    progress("reading")
    gathered = gather(order.form, order.exports, order.period)
    filled = assemble.fill(order.form, order.period, gathered.counts)
    progress("judging")
    history = earlier(order, fresh)
    compared = {**_for_summary(order, fresh, history), **history}
    judged, results = rules.judge(order.form, order.period, filled.cells, filled.layouts, history)
    findings = tuple(sorted([*gathered.findings, *filled.findings, *judged], key=sort_key))
    submission = Submission(
        order.form, order.period, 1, order.language, filled.cells, filled.layouts, findings, tuple(results),
        verdict(findings), order.signatories, gathered.inputs,
        summary=summary.summarise(order.form, order.period, filled.cells, filled.layouts, compared),
    )  # fmt: skip
    submission = with_blanks(submission)
    return Prepared(order.output, order.exports, folder_of(order.exports, order.period), submission, compared)


def gather(form: Form, exports: Path, period: Period, tables: Collection[str] = ()) -> Gathered:
    """Read and check every export that the figures of `period` are made from; with `tables`, of these alone."""
    folder = folder_of(exports, period)
    templates = Templates(form, exports)
    accounts, findings = _accounts(exports, folder)
    wanted: dict[Period, list[str]] = {}
    for table in (form.tables[id] for id in form.tables if not tables or id in tables):
        stated = partial(_is_stated, templates, accounts, table.id)
        for piece in assemble.pieces(table, form.source_of(table.id), folder, stated):
            wanted.setdefault(piece, []).append(table.id)
    counts: dict[str, list[Counts]] = {}
    inputs: dict[str, InputFile] = {}
    broken: set[str] = set()
    for piece, ids in sorted(wanted.items()):
        by_hand = templates.of(piece)
        read, found, files = sources.read_period(form, exports, piece, ids, aside=by_hand.files)
        found = _beside(by_hand, ids, read, found)
        files += by_hand.inputs
        findings += found if piece == folder else _as_quarter(form, piece, ids, found)
        inputs |= {file.name: file for file in files}
        if piece in accounts:
            inputs[accounts[piece].input.name] = accounts[piece].input
            findings += sources.edited(accounts[piece], files)
        for id in ids:
            export = read.get(id)
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
                counts.setdefault(id, []).append(brought_to(form, form.tables[id], checked, period))
    whole = {id: tuple(pieces) for id, pieces in counts.items() if id not in broken}
    findings += [finding for pieces in whole.values() for finding in assemble.remarks(pieces)]
    findings += _stale(exports, folder, inputs)
    account = accounts.get(folder)
    return Gathered(whole, tuple(findings), tuple(inputs.values()), account.rules if account else {})


def _accounts(exports: Path, folder: Period) -> tuple[dict[Period, Account], list[Finding]]:
    """The accounts of tabulations beside the exports of `folder` and of the quarters before it."""
    accounts: dict[Period, Account] = {}
    findings: list[Finding] = []
    for period in (folder,) if folder.is_annual else folder.quarters_to_date():
        account, faults = sources.read_account(exports, period)
        findings += faults if period == folder else []
        if account is not None:
            accounts[period] = account
    return accounts, findings


def _is_stated(templates: Templates, accounts: Collection[Period], table: str, quarter: Period) -> bool:
    return quarter in accounts or table in templates.of(quarter).held


def _beside(
    by_hand: FilledIn, tables: Collection[str], read: Mapping[str, Export], found: Iterable[Finding]
) -> list[Finding]:
    """The findings on a folder with a template in it: a table comes from the template or from an export, never both."""
    if not by_hand.files:
        return list(found)
    kept = [finding for finding in found if finding.message != "export_missing"]
    for finding in by_hand.findings:
        table = finding.place.table
        given = finding.message == "fillin_table_blank" and table in read
        if not given and (not table or table in tables):
            kept.append(finding)
    for table in sorted(by_hand.held & read.keys()):
        files = (*by_hand.files, read[table].input.name.rpartition("/")[2])
        kept.append(Finding("two_sources", Severity.ERROR, 0, Place(table), {"files": files}))
    return kept


def folder_of(exports: Path, period: Period) -> Period:
    """Return the period whose folder holds the exports: of a year without a folder of its own, the fourth quarter."""
    return period if not period.is_annual or (exports / str(period)).is_dir() else period.last_quarter


def _as_quarter(form: Form, piece: Period, tables: Iterable[str], findings: Iterable[Finding]) -> list[Finding]:
    """The findings on an earlier quarter, with the reason why its export is needed at all."""
    missing = {"export_missing", "period_folder_missing", "period_folder_unreadable"}
    kept = [finding for finding in findings if finding.message not in missing]
    named = {finding.place.table for finding in findings if finding.message in missing}
    for table in tables:
        if named & {"", table}:
            facts: dict[str, Fact] = {"quarter": str(piece), "expected": form.source_of(table).name}
            place = Place(table)
            kept.append(Finding("quarter_missing", Severity.ERROR, 0, place, facts, unreadable=True))
    return kept


def _stale(exports: Path, folder: Period, inputs: Mapping[str, InputFile]) -> list[Finding]:
    """Files that are byte for byte those of the quarter before: most likely they were copied and forgotten."""
    if folder.is_annual:
        return []
    findings = []
    for file in inputs.values():
        period, _, name = file.name.partition("/")
        before = exports / str(folder.previous) / name
        if period != str(folder) or not before.is_file() or before.stat().st_size != file.size:
            continue
        if hashlib.sha256(before.read_bytes()).hexdigest() == file.sha256:
            facts: dict[str, Fact] = {"other": f"{folder.previous}/{name}"}
            findings.append(Finding("same_as_before", Severity.WARNING, 2, Place(file=file.name), facts))
    return findings


def _has_error(export: Export, findings: Iterable[Finding]) -> bool:
    """True when reading found an error in the export: its counts cannot be trusted, even where they look right."""
    return any(
        finding.severity == Severity.ERROR
        and finding.place.file == export.input.name
        and finding.place.sheet in {"", export.sheet}
        for finding in findings
    )


def earlier(order: Order, fresh: Mapping[Period, CellMap] = MappingProxyType({})) -> dict[Period, History]:
    """Return the earlier periods that the rules look at.

    From `fresh`, what is about to be published; else from the edition that was published; else from the exports. Cells
    of another version of the form are brought to the addresses that they have in this one.
    """
    return {period: _earlier(order, fresh, period) for period in rules.needed_periods(order.form, order.period)}


def _for_summary(
    order: Order, fresh: Mapping[Period, CellMap], known: Mapping[Period, History]
) -> dict[Period, History]:
    """Return the further periods that the summary looks at, with the tables that it wants from each."""
    needed = summary.needed(order.form, order.period)
    return {period: _earlier(order, fresh, period, needed[period]) for period in needed if period not in known}


def _earlier(order: Order, fresh: Mapping[Period, CellMap], period: Period, tables: Collection[str] = ()) -> History:
    if not order.form.covers(period):
        return History(None, _filled_in(order.form, "history_before_versions", period))
    if period in fresh:
        return _carried(order, period, _only(fresh[period], tables))
    edition = deliver.Archive(order.output).latest(period)
    if edition is None:
        return _from_exports(order, period, tables)
    if edition.damage():
        return History(None, _filled_in(order.form, "history_damaged", period))
    return _carried(order, period, _only(edition.cells(), tables))


def _carried(order: Order, period: Period, cells: CellMap) -> History:
    was, form = order.form.of(period), order.form
    carried = carry(cells, was, period, form, order.period)
    breaks = {side: why_not(was, form, side, past, period) for side, past in carried.breaks.items()}
    return History(carried.cells, breaks=breaks)


def _from_exports(order: Order, period: Period, tables: Collection[str]) -> History:
    form, exports = order.form.of(period), order.exports
    folder = folder_of(exports, period)
    if not (exports / str(folder)).is_dir():
        return History(None, _filled_in(form, "history_absent", period))
    gathered = gather(form, exports, period, tables)
    filled = assemble.fill(form, period, gathered.counts)
    cells = _only(filled.cells, tables)
    if not cells:
        return History(None, _filled_in(form, "history_unusable", period))
    return replace(_carried(order, period, cells), is_published=False)


def _only(cells: CellMap, tables: Collection[str]) -> CellMap:
    """An edition and the exports behind it give the same cells, whoever asks for some of the tables."""
    return {address: cell for address, cell in cells.items() if address[0] in tables} if tables else cells


def _filled_in(form: Form, word: str, period: Period) -> Text:
    text = form.words[word]
    spoken = {language: text.of(language).format(period=period) for language in LANGUAGES}
    return Text(az=spoken["az"], en=spoken["en"], ru=spoken["ru"])


def lineage(order: Order) -> tuple[Gathered, Filled]:
    """Return what `explain` needs: the counts of the exports and the cells that they fill."""
    gathered = gather(order.form, order.exports, order.period)
    return gathered, assemble.fill(order.form, order.period, gathered.counts)
