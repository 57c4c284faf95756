"""`form1 tabulate PERIOD`: the ten exports, counted from the records of the information system."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from form1.cli.options import Call, shared

if TYPE_CHECKING:
    from form1.cli.options import Settings
    from form1.core.periods import Period
    from form1.records.recipe import Tabulated
    from form1.records.tabulate.engines import Engine


@click.command("tabulate")
@click.argument("period")
@click.option("--records", type=click.Path(path_type=Path), help="Folder with the extracts of records.")
@click.option(
    "--engine",
    type=click.Choice(["polars", "duckdb", "spark"]),
    default="polars",
    show_default=True,
    help="What counts; the numbers are the same.",
)
@click.option("--as-of", metavar="DATE", help="Leave out what was entered in the system after this day (2026-10-20).")
@shared
def command(period: str, records: Path | None, engine: Engine, as_of: str | None, call: Call) -> int:
    """Count records into the ten exports of PERIOD (2026-Q3, or 2026 for a year), with an account of every record.

    The exports go into the folder of the period below --exports, where `form1 build` takes them from, and with them
    tabulation.json: from which records and by which rules they were counted, and what was left out. Counts that are
    the same leave the folder as it is; others replace it, and what stood there is kept below `replaced`.
    """
    from form1.core.periods import Period

    wanted, cut_off = Period.parse(period), _day(as_of)
    settings = call.settle(wanted)
    outcome = run(settings, wanted, records, engine, cut_off)
    show(settings, wanted, outcome)
    return exit_code(outcome)


def run(
    settings: Settings, period: Period, records: Path | None, engine: Engine = "polars", as_of: date | None = None
) -> Tabulated:
    """Tabulate with the settings of a call."""
    from form1.records.recipe import TabulateOrder, tabulate

    return tabulate(TabulateOrder(settings.form, period, records or settings.records, settings.exports, engine, as_of))


def exit_code(outcome: Tabulated) -> int:
    """Return 0 when the exports stand, 4 when records are missing or unreadable, else 3."""
    if outcome.placed is not None:
        return 0
    return 4 if outcome.unreadable else 3


def show(settings: Settings, period: Period, outcome: Tabulated) -> None:
    """Print the findings, the control totals of every table, and what became of the exports."""
    from form1.core.values import group_digits
    from form1.definition.wording import say

    form, language = settings.form, settings.language
    for finding in outcome.findings:
        click.echo(f"{form.word(finding.severity, language)}: {say(form, finding, language)}")
    if outcome.account is None or outcome.placed is None:
        click.echo(f"form1: {form.word('nothing_tabulated', language)}", err=True)
        return
    for total in outcome.account["totals"]:
        left = "; ".join(
            f"{form.word('left_out_' + reason, language)} {group_digits(records)}"
            for reason, records in total["left_out"].items()
        )
        told = form.word("control_total", language).format(
            table=total["table"],
            records=group_digits(total["records"]),
            counted=group_digits(total["counted"]),
            left_out=group_digits(total["records"] - total["counted"]),
        )
        click.echo(f"{told} ({left})" if left else told)
    said = form.word(outcome.placed, language).format(folder=settings.exports / str(period), kept=outcome.kept)
    click.echo(said)


def _day(written: str | None) -> date | None:
    from form1.core.errors import UsageError

    if written is None:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise UsageError(f"no such day: {written!r}. Write it as 2026-10-20.") from None
