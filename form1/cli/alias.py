"""`form1 alias LABEL CODE`: this office says it so; the label is known from now on."""

from __future__ import annotations

from pathlib import Path

import click

from form1.cli.options import Call, shared


@click.command("alias")
@click.argument("label")
@click.argument("code")
@click.option("--list", "codelist", metavar="LIST", help="Code list, where several have the code (countries, …).")
@click.option("--by", default="", metavar="NAME", help="Who says so; it stands beside the label.")
@shared
def command(label: str, code: str, codelist: str | None, by: str, call: Call) -> int:
    """Let LABEL stand for CODE in the exports of this office.

    Written into aliases.csv of the office's folder (--office, or `office` in form1.toml). A label that is the name of
    another code is refused.
    """
    from form1.core import clock
    from form1.core.errors import UsageError
    from form1.core.literal import plain
    from form1.definition.office import Alias, add_alias, list_of

    settings = call.settle()
    if settings.office is None:
        raise UsageError("no folder of the office: name one with --office, or with `office` in form1.toml.")
    entry = Alias(list=codelist or list_of(settings.form, code), code=code, label=label, by=by, on=clock.now().date())
    path = add_alias(settings.office, settings.form, entry)
    name = next(known.name for known in settings.form.codelists[entry.list].codes if known.code == code)
    click.echo(f"{plain(label)} = {code} ({name.of(settings.language)}): {Path(path)}")
    return 0
