"""`form1 build PERIOD`: the submission of a period, or the complete list of what is wrong."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from form1.cli.options import Call, shared

if TYPE_CHECKING:
    from form1.build.recipe import BuildOutcome, Progress
    from form1.cli.options import Settings


@click.command("build")
@click.argument("period")
@click.option("--records", type=click.Path(path_type=Path), help="Count the exports from these records first.")
@shared
def command(period: str, records: Path | None, call: Call) -> int:
    """Make the submission of PERIOD (2026-Q3, or 2026 for the annual form) from its exports.

    Prints the verdict, every finding, and the paths of the edition. When the data have errors nothing is published.
    """
    from form1.core.periods import Period

    wanted = Period.parse(period)
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
    )
    outcome = build(order, _progress(settings))
    _show(settings, outcome)
    if outcome.edition is not None:
        return 0
    return 4 if outcome.unreadable else 3


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
    if outcome.edition is None:
        click.echo(f"form1: {word('nothing_published', language)}", err=True)
        return
    state = word("edition_new" if outcome.is_new else "edition_stands", language)
    click.echo(f"{word('edition', language)}: {outcome.edition} ({state})")
    for path in sorted(outcome.edition.iterdir()):
        click.echo(f"  {path}")
    if outcome.is_new:
        from form1.render.page.engine import lacking

        if lacks := lacking():
            click.echo(f"form1: {lacks}", err=True)


def _progress(settings: Settings) -> Progress:
    """Steps on stderr, when somebody is there to watch."""
    if not sys.stderr.isatty():
        return lambda step: None

    def show(step: str) -> None:
        click.secho(f"… {settings.form.word(step, settings.language)}", dim=True, err=True)

    return show
