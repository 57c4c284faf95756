"""`form1 sample-records PERIOD`: an invented register, for trials, training and measurements."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import cast

import click

from form1.cli.options import Call, shared


@click.command("sample-records")
@click.argument("period")
@click.option("--persons", type=int, required=True, help="How many persons the register has.")
@click.option("--records", type=click.Path(path_type=Path), help="Folder to write: empty, or not there yet.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same records.")
@click.option(
    "--format",
    "written",
    type=click.Choice(["parquet", "csv"]),
    default="parquet",
    show_default=True,
    help="What the extracts are written as.",
)
@click.option(
    "--codes",
    type=click.Choice(["enum", "text"]),
    default="enum",
    show_default=True,
    help="How codes stand in Parquet.",
)
@click.option(
    "--parts",
    type=click.Choice(["one", "monthly"]),
    default="one",
    show_default=True,
    help="One file of each extract, or a folder with one for each month.",
)
@shared
def command(
    period: str, persons: int, records: Path | None, seed: int, written: str, codes: str, parts: str, call: Call
) -> int:
    """Invent a register as it could stand after PERIOD (2026-Q3, or 2026), as extracts that `form1 tabulate` counts.

    Nobody in it exists: sizes and shares follow published figures where there are any. The folder appears whole or not
    at all, with INVENTED.json, which says how it was made; nothing that stands there is overwritten.
    """
    from form1.core.periods import Period
    from form1.core.values import group_digits
    from form1.records.invented.recipe import SampleOrder, make
    from form1.records.invented.writing import Format, Manner, Parts

    wanted = Period.parse(period)
    settings = call.settle(wanted)
    form, language = settings.form, settings.language
    folder = records or settings.records
    manner = Manner(cast("Format", written), codes == "enum", cast("Parts", parts))
    show = sys.stderr.isatty()

    def progress(done: int) -> None:
        if show:
            click.echo(f"\r{group_digits(done)} / {group_digits(persons)}", err=True, nl=done == persons)

    made = make(SampleOrder(form, wanted, persons, folder, seed=seed, manner=manner), progress)
    for id, extract in made["extracts"].items():
        title = form.records.extracts[id].title.of(language)
        told = form.word("records_of_extract", language)
        click.echo(told.format(title=title, extract=id, records=group_digits(extract["records"])))
    click.echo(form.word("records_written", language).format(folder=folder))
    click.echo(form.word("records_are_invented", language))
    return 0
