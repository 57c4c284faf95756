"""From exports to a published edition."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from form1 import rules
from form1.archive import locking, store
from form1.archive.signing import signer
from form1.build import assemble, drafts, history, rejected, summary
from form1.build.assemble import Filled
from form1.build.blanks import with_blanks
from form1.build.drafts import SignOff
from form1.build.exports_folder import folder_of
from form1.build.gathering import Gathered, gather
from form1.build.publishing import Prepared, draw, plan, put
from form1.core import clock
from form1.core.cells import CellMap
from form1.core.errors import Form1Error
from form1.core.findings import Finding, Verdict, sort_key, verdict
from form1.core.periods import Period
from form1.core.texts import Language
from form1.definition import Form
from form1.definition.configuration import Signing
from form1.model.forms import Judged

Progress = Callable[[str], None]
"""Called with the id of a word of words.toml when a step begins."""


@dataclass(frozen=True)
class BuildOutcome:
    """How a build ended: `edition` is the folder that stands, or None when nothing was published."""

    submission: Judged
    edition: Path | None = None
    is_new: bool = False
    draft: Path | None = None
    """The folder of the draft that was made."""
    report: Path | None = None
    """The findings for people, where the form was rejected and there was room for them."""

    @property
    def unreadable(self) -> bool:
        """True when a source is missing or cannot be read: the run could not be made at all."""
        return any(finding.unreadable for finding in self.submission.findings)


@dataclass(frozen=True)
class BuildOrder:
    """What is to be built, from where, to where; with `signing`, `now` is the time of signing, with its time zone.

    `form` becomes the version of the form that is in force for the period, whichever version was given.
    """

    form: Form
    period: Period
    exports: Path
    output: Path
    language: Language = "az"
    signatories: Mapping[str, str] = field(default_factory=dict)
    now: datetime = field(default_factory=lambda: clock.now())  # noqa: PLW0108 - read when called
    """The moment of the call: whether the period is over; it stands in the journal and in signatures alone."""
    signing: Signing | None = None
    draft: bool = False
    """True when all is to be made and nothing published."""
    approval: bool = False
    """True when somebody must sign off a draft before it is published."""
    sign_off: SignOff | None = None

    @property
    def stops_at_a_draft(self) -> bool:
        """True when nothing is published by this order."""
        return self.draft or (self.approval and self.sign_off is None)

    def __post_init__(self) -> None:
        object.__setattr__(self, "form", self.form.of(self.period))


def build(order: BuildOrder, progress: Progress = lambda step: None) -> BuildOutcome:
    """Make one edition: from exports to files in their place; or, when the data have errors, only the findings.

    Unchanged inputs publish nothing: the edition that stands is returned.
    """
    if order.sign_off is not None:
        drafts.require_two(order.sign_off)
    prepared = prepare(order, progress)
    if prepared.submission.verdict == Verdict.REJECTED:
        report = None
        with suppress(Form1Error), locking.hold(order.output, "form1 build", order.now):
            report = leave_report(order, prepared.submission)
        return BuildOutcome(prepared.submission, report=report)
    with locking.hold(order.output, "form1 build", order.now):
        return _deliver(order, prepared, progress)


def _deliver(order: BuildOrder, prepared: Prepared, progress: Progress) -> BuildOutcome:
    """Draw what an accepted form becomes and put it in its place. The caller holds the lock."""
    stamp = store.RunStamp(order.now)
    planned = plan(prepared, store.recover(order.output, stamp))
    if planned.submission.verdict == Verdict.REJECTED:
        refused = planned.submission.judged
        return BuildOutcome(refused, report=leave_report(order, refused))
    if planned.stands is not None and not order.draft:
        rejected.clear(order.output, order.period)
        return BuildOutcome(planned.submission, planned.stands)
    if order.stops_at_a_draft:
        planned = drafts.as_draft(planned)
        folder = drafts.keep(planned, draw(planned.submission, progress))
        rejected.clear(order.output, order.period)
        return BuildOutcome(planned.submission, draft=folder)
    approval = drafts.require_seen(planned, order.sign_off, order.now) if order.sign_off is not None else None
    sign = signer(order.signing, order.now)
    files = draw(planned.submission, progress)
    progress("publishing")
    edition = put(planned, files, stamp, sign, approval)
    rejected.clear(order.output, order.period)
    return BuildOutcome(planned.submission, edition, is_new=True)


def leave_report(order: BuildOrder, judged: Judged) -> Path:
    """Leave the findings of a rejected form, and mark the draft that stands as older. The caller holds the lock."""
    report = rejected.keep(order.output, judged)
    drafts.mark_older(judged.form, order.output, judged.period, order.now)
    return report


def prepare(
    order: BuildOrder, progress: Progress = lambda step: None, fresh: Mapping[Period, CellMap] = MappingProxyType({})
) -> Prepared:
    """Read, check, fill and judge; nothing is drawn and nothing written.

    `fresh` gives the cells of earlier periods that are about to be published: the rules look at those.
    """
    progress("reading")
    form, period = order.form, order.period
    gathered = gather(form, order.exports, period)
    filled = assemble.fill(form, period, gathered.counts)
    progress("judging")
    of_rules = history.for_rules(form, period, editions=order.output, exports=order.exports, fresh=fresh)
    drawn = {earlier: tables for earlier, tables in summary.needed(form, period).items() if earlier not in of_rules}
    of_summary = history.collect(form, period, drawn, editions=order.output, exports=order.exports, fresh=fresh)
    judged, results = rules.judge(form, period, filled.cells, filled.layouts, of_rules)
    signed = _signed_otherwise(order, gathered)
    early = rules.not_over(period, order.now, draft=order.draft)
    findings = tuple(sorted([*early, *gathered.findings, *filled.findings, *judged, *signed], key=sort_key))
    compared = {**of_summary, **of_rules}
    judged_form = Judged(
        form=form,
        period=period,
        language=order.language,
        cells=filled.cells,
        layouts=filled.layouts,
        signatories={**order.signatories, **gathered.signatories},
        summary=summary.summarise(form, period, filled.cells, filled.layouts, compared),
        corrections=filled.corrections,
        is_invented=gathered.is_invented,
        inputs=gathered.inputs,
        findings=findings,
        results=tuple(results),
        verdict=verdict(findings),
    )
    submission, blanks = with_blanks(judged_form)
    folder = folder_of(order.exports, period)
    return Prepared(order.output, order.exports, folder, submission, blanks, compared)


def _signed_otherwise(order: BuildOrder, gathered: Gathered) -> Iterator[Finding]:
    """Say which signatories of the configuration give way to those on the cover of a form filled by hand."""
    for field_ in order.form.identity.signature:
        key = field_.from_configuration
        was, now = order.signatories.get(key, ""), gathered.signatories.get(key, "")
        if was and now and was != now:
            yield Finding.of("fillin_signatory", field=field_.label, found=now, other=was)


def lineage(order: BuildOrder) -> tuple[Gathered, Filled]:
    """Return what `explain` needs: the counts of the exports and the cells that they fill."""
    gathered = gather(order.form, order.exports, order.period)
    return gathered, assemble.fill(order.form, order.period, gathered.counts)
