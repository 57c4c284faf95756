"""`form1 render EDITION --lang LANGUAGE`: a translation of an edition that stands."""

from __future__ import annotations

from pathlib import Path

import click

from form1.cli.options import Call, shared


@click.command("render")
@click.argument("edition")
@click.option("--to", type=click.Path(path_type=Path), help="Folder of the translation (default: renditions/…).")
@shared
def command(edition: str, to: Path | None, call: Call) -> int:
    """Draw EDITION in another language (--lang), from its own numbers: workbook and PDF, which say what they translate.

    EDITION is a period (2026-Q3, its latest edition) or one revision (2026-Q3/r1) in the archive (--output), or the
    path of an edition's folder. Nothing is published, and nothing is written into the edition: the translation stands
    in renditions/PERIOD-rN-LANGUAGE below the archive, or in --to.
    """
    settings = call.settle()
    from form1.archive import locking
    from form1.build.rendition import RenderOrder, render

    order = RenderOrder(settings.form, settings.output, edition, settings.language, settings.signatories, to)
    with locking.watch(settings.output):
        folder = render(order)
    click.echo(f"{settings.form.word('rendition', settings.language)}: {folder}")
    for path in sorted(folder.iterdir()):
        click.echo(f"  {path}")
    return 0
