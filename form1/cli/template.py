"""`form1 template PERIOD`: a blank form that a person fills by hand."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import click


@click.command("template")
@click.argument("period")
@click.option(
    "--output", type=click.Path(path_type=Path), help="File or folder to write into (default: the current folder)."
)
@click.option("--lang", type=click.Choice(["az", "en", "ru"]), help="Language of the form.")
@click.option("--config", type=click.Path(path_type=Path), help="Configuration file (default: form1.toml, when there).")
@click.option("--reference", type=click.Path(path_type=Path), help="Definition (default: the installed one).")
def command(period: str, output: Path | None, lang: str | None, config: Path | None, reference: Path | None) -> int:
    """Make a blank form for PERIOD (2026-Q3, or 2026 for the annual form), to be filled in by hand.

    Once it is filled in, `form1 check FILE` judges it, and `form1 build PERIOD` makes the submission from it when it
    stands in the folder of the period in place of the exports. A file that is there already is never overwritten.
    """
    from form1.core.periods import Period
    from form1.core.texts import Language
    from form1.definition import load
    from form1.definition.audit.form import require_sound
    from form1.definition.configuration import read_configuration

    wanted = Period.parse(period)
    configuration = read_configuration(config)
    form = load(reference or configuration.reference, configuration.annexes)
    require_sound(form)
    from form1.build.template import make

    language = cast("Language", lang or configuration.language)
    path = make(form, wanted, language, configuration.signature.model_dump(), output or Path())
    click.echo(str(path))
    return 0
