"""From exports to a published edition."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from form1 import rules
from form1.archive import locking, store
from form1.archive.signatures import signer
from form1.build import assemble, summary
from form1.build.assemble import Filled
from form1.build.blanks import with_blanks
from form1.build.gathering import Gathered, folder_of, gather
from form1.build.publishing import Prepared, draw, plan, put
from form1.core import clock
from form1.core.cells import CellMap
from form1.core.findings import Fact, Finding, Place, Severity, Verdict, sort_key, verdict
from form1.core.periods import Period
from form1.core.texts import LANGUAGES, Language, Text
from form1.definition import Form
from form1.definition.carried import carry, why_not
from form1.definition.configuration import Signing
from form1.model.forms import Judged
from form1.model.history import History

Progress = Callable[[str], None]
"""Called with the id of a word of words.toml when a step begins."""


@dataclass(frozen=True)
class Outcome:
    """How a build ended: `edition` is the folder that stands, or None when nothing was published."""

    submission: Judged
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
        occasion = store.Occasion(order.now)
        planned = plan(prepared, store.recover(order.output, occasion))
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
    signed = _signed_otherwise(order, gathered)
    findings = tuple(sorted([*gathered.findings, *filled.findings, *judged, *signed], key=sort_key))
    judged_form = Judged(
        form=order.form,
        period=order.period,
        language=order.language,
        cells=filled.cells,
        layouts=filled.layouts,
        signatories={**order.signatories, **gathered.signatories},
        summary=summary.summarise(order.form, order.period, filled.cells, filled.layouts, compared),
        is_invented=any(finding.message == "exports_invented" for finding in findings),
        inputs=gathered.inputs,
        findings=findings,
        results=tuple(results),
        verdict=verdict(findings),
    )
    submission, blanks = with_blanks(judged_form)
    folder = folder_of(order.exports, order.period)
    return Prepared(order.output, order.exports, folder, submission, blanks, compared)


def _signed_otherwise(order: Order, gathered: Gathered) -> Iterator[Finding]:
    """Say which signatories of the configuration give way to those on the cover of a form filled by hand."""
    for field_ in order.form.identity.signature:
        key = field_.from_configuration
        was, now = order.signatories.get(key, ""), gathered.signatories.get(key, "")
        if was and now and was != now:
            facts: dict[str, Fact] = {"field": field_.label, "found": now, "other": was}
            yield Finding("fillin_signatory", Severity.INFORMATION, 0, Place(), facts)


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
    edition = store.Archive(order.output).latest(period)
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
