"""The unattended run: what is owed, what can be built, what cannot and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path

from form1.archive import store
from form1.archive.signing import signer
from form1.build import drafts, rejected
from form1.build.exports_folder import path_of
from form1.build.publishing import Planned, Prepared, draw_all, plan, put
from form1.build.recipe import BuildOrder, leave_report, prepare
from form1.core import clock
from form1.core.cells import CellMap
from form1.core.errors import DeliveryError, Form1Error
from form1.core.findings import Severity, Verdict
from form1.core.periods import Period
from form1.definition.configuration import Calendar, Run
from form1.model.forms import Edition, Judged
from form1.unattended import inbox, schedule
from form1.unattended.events import Log
from form1.unattended.hooks import hook_for
from form1.unattended.schedule import Obligation, Stage
from form1.unattended.settling import FolderState, settled, state_of


class PeriodState(StrEnum):
    """How it stands with a form that is owed, after a run. The values are words of words.toml after `run_`."""

    STANDS = "stands"
    BUILT = "built"
    REVISED = "revised"
    DRAFTED = "drafted"
    """A draft stands, and somebody must sign it off."""
    AWAITED = "awaited"
    """There are no exports yet, or the marker that says that they are complete is not there."""
    UNSETTLED = "unsettled"
    INCOMPLETE = "incomplete"
    """An export is missing or cannot be read."""
    REJECTED = "rejected"
    HARMED = "harmed"
    """Its editions are not as they were published; nothing is published beside them."""
    FAILED = "failed"
    """It could not be put in its place."""


@dataclass(frozen=True)
class PeriodResult:
    """What became of one period."""

    obligation: Obligation
    state: PeriodState
    edition: Path | None = None
    """The edition that is the latest after the run."""
    submission: Judged | None = None
    why: str = ""
    report: Path | None = None
    """Where the findings of a form that could not be published stand."""
    draft: Path | None = None
    """The draft that is to be signed off."""

    @property
    def period(self) -> Period:
        return self.obligation.period

    @property
    def exit_code(self) -> int:
        """What an operator must act on: 3 the data, 4 whatever is missing or in the way."""
        if self.state == PeriodState.REJECTED:
            return 3
        if self.state in {PeriodState.UNSETTLED, PeriodState.INCOMPLETE, PeriodState.HARMED, PeriodState.FAILED}:
            return 4
        late = self.obligation.stage in {Stage.URGENT, Stage.OVERDUE}
        return 4 if self.state in {PeriodState.AWAITED, PeriodState.DRAFTED} and late else 0

    def as_json(self) -> dict[str, str]:
        """Return how the period ended and where its files stand."""
        return {
            "period": str(self.period),
            "state": str(self.state),
            "deadline": self.obligation.deadline.isoformat(),
            "stage": str(self.obligation.stage),
            "verdict": str(self.submission.verdict) if self.submission else "",
            "edition": str(self.edition or ""),
            "report": str(self.report or ""),
            "draft": str(self.draft or ""),
            "why": self.why,
        }


@dataclass(frozen=True)
class RunOrder:
    """What a run is asked to look after: paths, language and signatories are those of `order`, its period is not."""

    order: BuildOrder
    calendar: Calendar
    run: Run
    id: str


@dataclass(frozen=True)
class RunOutcome:
    """How the run ended, period by period in the order in which they fell due, and the day on which that may change."""

    results: tuple[PeriodResult, ...]
    until: date

    @property
    def exit_code(self) -> int:
        """The gravest of the periods' exit codes."""
        return max((result.exit_code for result in self.results), default=0)

    @property
    def name(self) -> str:
        """How the run ended, by the name of the hook that is called: success, rejection or failure."""
        return hook_for(self.exit_code)

    def as_json(self) -> dict[str, object]:
        """Return how each period ended and where its files stand; no figures and no names."""
        return {
            "outcome": self.name,
            "exit_code": self.exit_code,
            "periods": [result.as_json() for result in self.results],
        }

    @property
    def is_quiet(self) -> bool:
        """True when the same run again would find nothing to do."""
        return self.exit_code == 0


def run(round: RunOrder, log: Log) -> RunOutcome:
    """Look after every form that is owed: build what can be built, in order, and say what cannot and why.

    The caller holds the lock. Raises what concerns the archive as a whole; whatever concerns a period is in its result.
    """
    order, stamp = round.order, store.RunStamp(round.order.now, round.id)
    inbox.require(order.exports)
    harmed = store.recover(order.output, stamp)
    today = clock.in_baku(order.now).date()
    owed = schedule.obligations(order.form, round.calendar, today, inbox.known_periods(order))
    results, waiting = _looked_at(round, owed, harmed, log)
    results |= _built(round, waiting, harmed, stamp, log)
    for result in results.values():
        if result.state in {PeriodState.STANDS, PeriodState.BUILT, PeriodState.REVISED, PeriodState.DRAFTED}:
            rejected.clear(order.output, result.period)
    return RunOutcome(
        tuple(results[obligation.period] for obligation in owed),
        schedule.next_change(order.form, round.calendar, today, owed),
    )


def _looked_at(
    round: RunOrder, owed: Iterable[Obligation], harmed: Mapping[Period, str], log: Log
) -> tuple[dict[Period, PeriodResult], dict[Obligation, Mapping[Path, FolderState]]]:
    """Tell the periods for which nothing is to be read (harmed, without exports, unchanged, still being written) from
    those that are to be read, with all folders that reading them may look into, as they have settled.
    """
    order = round.order
    archive = store.Archive(order.output)
    results: dict[Period, PeriodResult] = {}
    reach: dict[Obligation, frozenset[Path]] = {}
    for obligation in owed:
        period, latest = obligation.period, archive.latest(obligation.period)
        edition = latest.folder if latest is not None else None
        if period in harmed:
            result = PeriodResult(obligation, PeriodState.HARMED, edition, why=f"{harmed[period]}.")
        elif not inbox.is_there(path_of(order.exports, period), round.run.marker):
            result = PeriodResult(obligation, PeriodState.AWAITED if edition is None else PeriodState.STANDS, edition)
        elif latest is not None and inbox.is_made_from(latest, order.exports, inbox.no_exports(order.form, round.run)):
            result = PeriodResult(obligation, PeriodState.STANDS, edition)
        elif (draft := _drafted(round, period)) is not None:
            result = PeriodResult(obligation, PeriodState.DRAFTED, edition, draft=draft)
        elif (lacking := inbox.unmarked(order.form, order.exports, period, round.run.marker)) is not None:
            why = f"{lacking} has no {round.run.marker}, and it counts in the year to date"
            result = PeriodResult(obligation, PeriodState.UNSETTLED, edition, why=why)
        else:
            reach[obligation] = inbox.within_reach(order.exports, period)
            continue
        results[period] = result
    quiet = settled(frozenset().union(*reach.values()), round.run.settle, round.run.patience)
    moving = [obligation for obligation, folders in reach.items() if not folders <= quiet.keys()]
    for obligation in moving:
        # An earlier quarter counts in the year to date, so this form waits for its exports too.
        edition = _latest(order.output, obligation.period)
        results[obligation.period] = PeriodResult(obligation, PeriodState.UNSETTLED, edition)
    for period, result in results.items():
        log.write(
            "looked_at", str(result.state), str(period), None, stage=str(result.obligation.stage), **_facts(result)
        )
    to_read: dict[Obligation, Mapping[Path, FolderState]] = {
        obligation: {folder: quiet[folder] for folder in folders}
        for obligation, folders in reach.items()
        if obligation.period not in results
    }
    return results, to_read


def _built(
    round: RunOrder,
    waiting: Mapping[Obligation, Mapping[Path, FolderState]],
    harmed: Mapping[Period, str],
    stamp: store.RunStamp,
    log: Log,
) -> dict[Period, PeriodResult]:
    """Read, judge and plan the periods in their order, draw them on all processors, publish them in their order."""
    results: dict[Period, PeriodResult] = {}
    fresh: dict[Period, CellMap] = {}
    plans: list[tuple[Obligation, Planned]] = []
    for obligation, seen in waiting.items():
        began = log.clock()
        order = replace(round.order, period=obligation.period)
        try:
            prepared = prepare(order, fresh=fresh)
            submission = prepared.submission
            if any(state_of(folder) != then for folder, then in seen.items()):
                # Written to since it had settled: what was read may never have been meant.
                result = PeriodResult(obligation, PeriodState.UNSETTLED, _latest(order.output, order.period))
            elif submission.verdict == Verdict.REJECTED:
                result = _refused(obligation, order, submission)
            elif (standing := _same_inputs(prepared)) is not None:
                result = PeriodResult(obligation, PeriodState.STANDS, standing)
            elif (planned := plan(prepared, harmed)).submission.verdict == Verdict.REJECTED:
                result = _refused(obligation, order, planned.submission.judged)
            elif order.stops_at_a_draft:
                plans.append((obligation, drafts.as_draft(planned)))
                continue
            else:
                plans.append((obligation, planned))
                fresh[obligation.period] = submission.cells
                continue
        except Form1Error as error:
            result = PeriodResult(obligation, PeriodState.FAILED, why=str(error))
        results[obligation.period] = result
        log.write("judged", str(result.state), str(obligation.period), log.clock() - began, **_facts(result))
    signs = plans and not round.order.stops_at_a_draft
    sign = signer(round.order.signing if signs else None, round.order.now)
    drawn = draw_all([planned.submission for _, planned in plans], round.run.processes)
    for (obligation, planned), files in zip(plans, drawn, strict=True):
        began = log.clock()
        if planned.submission.is_draft:
            results[obligation.period] = _draft(obligation, planned, files, log)
            continue
        try:
            folder = put(planned, files, stamp, sign)
            state = PeriodState.BUILT if planned.submission.revision == 1 else PeriodState.REVISED
            result = PeriodResult(obligation, state, folder, planned.submission)
        except DeliveryError as error:
            # What stood stands, and the period's neighbours may lie where there is room.
            state = PeriodState.FAILED
            result = PeriodResult(obligation, state, _latest(round.order.output, obligation.period), why=str(error))
        results[obligation.period] = result
        log.write("published", str(state), str(obligation.period), log.clock() - began, **_facts(result))
    return results


def _latest(output: Path, period: Period) -> Path | None:
    latest = store.Archive(output).latest(period)
    return latest.folder if latest is not None else None


def _drafted(round: RunOrder, period: Period) -> Path | None:
    """The draft that stands, when it was made from the exports that stand there and is to be signed off."""
    draft = drafts.find(round.order.output, period) if round.order.stops_at_a_draft else None
    passed_over = inbox.no_exports(round.order.form, round.run)
    return draft.folder if draft is not None and inbox.is_made_from(draft, round.order.exports, passed_over) else None


def _draft(obligation: Obligation, planned: Planned, files: dict[str, bytes], log: Log) -> PeriodResult:
    began, edition = log.clock(), _latest(planned.output, obligation.period)
    try:
        folder = drafts.keep(planned, files)
        result = PeriodResult(obligation, PeriodState.DRAFTED, edition, planned.submission, draft=folder)
    except DeliveryError as error:
        result = PeriodResult(obligation, PeriodState.FAILED, edition, why=str(error))
    log.write("drafted", str(result.state), str(obligation.period), log.clock() - began, **_facts(result))
    return result


def _refused(obligation: Obligation, order: BuildOrder, submission: Judged) -> PeriodResult:
    unreadable = any(finding.unreadable for finding in submission.findings)
    return PeriodResult(
        obligation,
        PeriodState.INCOMPLETE if unreadable else PeriodState.REJECTED,
        _latest(order.output, obligation.period),
        submission,
        report=leave_report(order, submission),
    )


def _same_inputs(prepared: Prepared) -> Path | None:
    """The edition that stands, when it was made from the same exports: no run makes a revision for any other reason."""
    standing = store.Archive(prepared.output).latest(prepared.submission.period)
    if standing is None:
        return None
    known = {(file["name"], file["sha256"]) for file in standing.manifest.get("inputs", [])}
    return standing.folder if known == {(file.name, file.sha256) for file in prepared.submission.inputs} else None


def _facts(result: PeriodResult) -> dict[str, object]:
    """What the log says of a period: how many findings, no count of persons and no name."""
    submission = result.submission
    if submission is None:
        return {"why": result.why} if result.why else {}
    findings = {
        str(severity): sum(finding.severity == severity for finding in submission.findings) for severity in Severity
    }
    return {
        "verdict": str(submission.verdict),
        "findings": findings,
        "tables": len(submission.layouts),
        "inputs": len(submission.inputs),
        "revision": submission.revision if isinstance(submission, Edition) else None,
        "stage": str(result.obligation.stage),
    }
