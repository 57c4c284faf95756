"""`form1 build PERIOD`: the submission of a period, or the complete list of what is wrong."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from form1.cli.options import Call, shared

if TYPE_CHECKING:
    from form1.build.drafts import SignOff
    from form1.build.recipe import BuildOutcome, Progress
    from form1.cli.options import Settings
    from form1.core.periods import Period


@click.command("build")
@click.argument("period")
@click.option("--records", type=click.Path(path_type=Path), help="Count the exports from these records first.")
@click.option("--draft", is_flag=True, help="Make everything and publish nothing: output/drafts/PERIOD.")
@click.option("--signed-off", metavar="SHA256", help="Publish the draft that was seen, named by its sha256.")
@click.option("--by", default="", metavar="NAME", help="Who signs off.")
@click.option("--handed-over-by", default="", metavar="NAME", help="Who handed the draft over.")
@shared
def command(
    period: str, records: Path | None, draft: bool, signed_off: str | None, by: str, handed_over_by: str, call: Call
) -> int:
    """Make the submission of PERIOD (2026-Q3, or 2026 for the annual form) from its exports.

    Prints the verdict, every finding, and the paths of the edition. When the data have errors nothing is published, and
    the report stands in output/rejected/PERIOD.

    Where form1.toml says `[approval] required = true`, a draft is made, and it is published when it was signed off.
    """
    from form1.core.periods import Period

    wanted = Period.parse(period)
    sign_off = _sign_off(draft, signed_off, by, handed_over_by)
    settings = call.settle(wanted)
    if records is not None:
        from form1.cli import tabulate

        tabulated = tabulate.run(settings, wanted, records)
        tabulate.show(settings, wanted, tabulated)
        if tabulated.placed is None:
            return tabulate.exit_code(tabulated)
    from form1.build.recipe import BuildOrder, build

    order = BuildOrder(
        form=settings.form,
        period=wanted,
        exports=settings.exports,
        output=settings.output,
        language=settings.language,
        signatories=settings.signatories,
        signing=settings.signing,
        draft=draft,
        approval=settings.approval,
        sign_off=sign_off,
    )
    outcome = build(order, _progress(settings))
    _show(settings, outcome)
    if outcome.edition is not None or outcome.draft is not None:
        return 0
    return 4 if outcome.unreadable else 3


def _sign_off(draft: bool, signed_off: str | None, by: str, handed_over_by: str) -> SignOff | None:
    from form1.core.errors import UsageError
    from form1.core.sentences import says

    if signed_off is None:
        if by or handed_over_by:
            raise says(UsageError, "sign_off_without_name")
        return None
    if draft:
        raise says(UsageError, "draft_or_signed_off")
    from form1.build.drafts import SignOff

    return SignOff(signed_off, by, handed_over_by)


def _show(settings: Settings, outcome: BuildOutcome) -> None:
    from form1.core.findings import Severity
    from form1.model.forms import RuleOutcome
    from form1.views.findings import sentences

    submission, language = outcome.submission, settings.language
    word = settings.form.word
    found = Counter(finding.severity for finding in submission.findings)
    ended = Counter(result.outcome for result in submission.results)
    for severity in Severity:
        for sentence in sentences(submission, severity):
            click.echo(f"{word(severity, language)}: {sentence}")
    summary = word("counts_of_findings", language).format(
        errors=found[Severity.ERROR],
        warnings=found[Severity.WARNING],
        informations=found[Severity.INFORMATION],
    )
    judged = word("rules_summary", language).format(
        passed=ended[RuleOutcome.PASS], failed=ended[RuleOutcome.FAIL], open=ended[RuleOutcome.NOT_EVALUATED]
    )
    click.echo(f"{submission.period}: {word(submission.verdict, language)} ({summary}; {judged})")
    if outcome.draft is not None:
        _show_draft(settings, outcome.submission.period, outcome.draft)
        return
    if outcome.edition is None:
        if outcome.report is not None:
            click.echo(f"{word('rejected_report', language)}: {outcome.report}")
        click.echo(f"form1: {word('nothing_published', language)}", err=True)
        return
    state = word("edition_new" if outcome.is_new else "edition_stands", language)
    click.echo(f"{word('edition', language)}: {outcome.edition} ({state})")
    for path in sorted(outcome.edition.iterdir()):
        click.echo(f"  {path}")
    _hint_at_translation(settings, outcome.edition)
    if outcome.is_new:
        from form1.render.page.engine import lacking

        if lacks := lacking():
            click.echo(f"form1: {lacks}", err=True)


def _show_draft(settings: Settings, period: Period, draft: Path) -> None:
    from form1.build import drafts

    word, language = settings.form.word, settings.language
    click.echo(f"{word('draft', language)}: {draft} ({word('draft_made', language)})")
    for path in sorted(draft.iterdir()):
        click.echo(f"  {path}")
    if settings.approval:
        head = settings.signatories.get("head") or word("draft_head", language)
        click.echo(word("draft_awaits", language).format(head=head, period=period, sha256=drafts.sha256(draft)))
    else:
        click.echo(f"sha256: {drafts.sha256(draft)}")


def _hint_at_translation(settings: Settings, edition: Path) -> None:
    """Say how an edition is had in the language of the call, when it stands in another."""
    from form1.archive.store import Edition
    from form1.core.periods import Period

    name = f"{edition.parent.name}/{edition.name}"
    original = Edition(Period.parse(edition.parent.name), 0, edition).manifest.get("language")
    word, language = settings.form.word, settings.language
    if original and original != language:
        hint = word("rendition_hint", language)
        spoken = word(f"language_{original}", language)
        click.echo(hint.format(original=spoken, edition=name, language=language))


def _progress(settings: Settings) -> Progress:
    """Steps on stderr, when somebody is there to watch."""
    if not sys.stderr.isatty():
        return lambda step: None

    def show(step: str) -> None:
        click.secho(f"… {settings.form.word(step, settings.language)}", dim=True, err=True)

    return show
