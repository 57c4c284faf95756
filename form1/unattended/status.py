"""How it stands with every form: owed until when, published in which revision, or what is missing."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from form1.archive import store
from form1.archive.store import journal
from form1.build import drafts, rejected, sources
from form1.build.exports_folder import path_of
from form1.build.filled_by_hand import Templates
from form1.build.recipe import BuildOrder
from form1.build.rejected import REPORT
from form1.core import clock
from form1.core.errors import DeliveryError
from form1.core.periods import Period
from form1.definition.configuration import Calendar, Run
from form1.unattended import schedule
from form1.unattended.inbox import is_made_from, known_periods, no_exports
from form1.unattended.schedule import Obligation


@dataclass(frozen=True)
class PeriodStatus:
    """One period: `state` is a word of words.toml after `state_`."""

    period: str
    state: str
    deadline: str
    """ISO 8601; the last day on which the form is accepted."""
    days_left: int
    stage: str
    revision: int
    """The latest; 0 when nothing was published."""
    verdict: str
    published: str
    """When the latest revision was published, ISO 8601, as the journal says."""
    missing: tuple[str, ...]
    """Tables for which the exports hold no file, where nothing was published."""
    report: str
    """The findings of the last run, where it could not publish."""

    def as_json(self) -> dict[str, object]:
        """Return the line for machines."""
        return asdict(self)


def status(order: BuildOrder, calendar: Calendar, run: Run) -> list[PeriodStatus]:
    """Return every period that is owed, and what was published before; last the period that is running."""
    today = clock.in_baku(order.now).date()
    archive, known = store.Archive(order.output), journal.read(order.output)
    owed = {o.period: o for o in schedule.obligations(order.form, calendar, today, known_periods(order))}
    older = {
        p: _obligation(order, calendar, p, today) for p in archive.periods() if p not in owed and order.form.covers(p)
    }
    harmed = store.harmed(archive, known)
    running = next(p for year in (today.year,) for q in (1, 2, 3, 4) if (p := Period(year, q)).last_day >= today)
    all = {**older, **owed, running: _obligation(order, calendar, running, today)}
    return [
        _standing(order, archive, known, all[period], run, running=period == running, harmed=period in harmed)
        for period in sorted(all, key=lambda period: period.in_time)
    ]


def _obligation(order: BuildOrder, calendar: Calendar, period: Period, today: date) -> Obligation:
    return schedule.obligation(order.form, calendar, period, today)


def _standing(
    order: BuildOrder,
    archive: store.Archive,
    known: journal.Reading,
    obligation: Obligation,
    run: Run,
    *,
    running: bool,
    harmed: bool,
) -> PeriodStatus:
    period = obligation.period
    latest = archive.latest(period)
    report = rejected.folder_of(order.output, period) / REPORT
    entry = known.standing.get(latest.key) if latest is not None else None
    missing = () if latest is not None else _missing(order, period)
    if harmed:
        state = "harmed"
    elif report.is_file():
        state = "rejected"
    elif _awaits_sign_off(order, latest, period, run):
        state = "drafted"
    elif latest is not None:
        there = path_of(order.exports, period).is_dir()
        same = is_made_from(latest, order.exports, no_exports(order.form, run))
        state = "changed" if there and not same else "published"
    elif running:
        state = "running"
    else:
        state = "awaited" if len(missing) == len(order.form.of(period).tables) else "incomplete" if missing else "ready"
    return PeriodStatus(
        period=str(period),
        state=state,
        deadline=obligation.deadline.isoformat(),
        days_left=obligation.days_left,
        stage=str(obligation.stage),
        revision=latest.revision if latest is not None else 0,
        verdict=entry.verdict or _verdict(latest) if entry is not None else "",
        published=entry.time if entry is not None else "",
        missing=missing,
        report=str(report) if report.is_file() else "",
    )


def _awaits_sign_off(order: BuildOrder, latest: store.Edition | None, period: Period, run: Run) -> bool:
    """True when the draft was made from the exports that stand there, and no edition was."""
    passed_over = no_exports(order.form, run)
    draft = drafts.find(order.output, period) if order.approval else None
    if draft is None or not is_made_from(draft, order.exports, passed_over):
        return False
    return latest is None or not is_made_from(latest, order.exports, passed_over)


def _verdict(edition: store.Edition | None) -> str:
    try:
        return str(edition.manifest.get("verdict", "")) if edition is not None else ""
    except DeliveryError:
        return ""


def _missing(order: BuildOrder, period: Period) -> tuple[str, ...]:
    """Tables for which no file of the folder holds an export; a workbook is opened only to see its sheets."""
    form, folder = order.form.of(period), path_of(order.exports, period)
    if not folder.is_dir():
        return tuple(form.tables)
    given = Period.parse(folder.name)
    by_hand = Templates(form, order.exports).of(given)
    there = sources.read_period(form, order.exports, given, aside=by_hand.files).exports
    return tuple(table for table in form.tables if table not in there and table not in by_hand.counts)
