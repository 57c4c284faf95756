"""`form1 verify RECEIPT FILE`: whether a file is the one that was received and judged."""

from __future__ import annotations

from pathlib import Path

import click

from form1.cli.options import Call, shared


@click.command("verify")
@click.argument("receipt", type=click.Path(path_type=Path))
@click.argument("file", type=click.Path(path_type=Path))
@shared
def command(receipt: Path, file: Path, call: Call) -> int:
    """Say whether FILE is byte for byte the workbook for which RECEIPT (receipt.json of a check) was written.

    Exit code 0 when it is, 3 when it is another file.
    """
    settings = call.settle()
    from form1.deliver.receipt import matches, read_receipt
    from form1.texts import plain

    word, language = settings.form.word, settings.language
    known = read_receipt(receipt)
    same = matches(known, file)
    click.echo(f"{plain(file.name)}: {word('is_the_received' if same else 'is_not_the_received', language)}")
    click.echo(f"  {plain(known.file)}, {known.period}, {known.received}, {word(known.verdict, language)}")
    if known.reference_sha256 != settings.form.sha256:
        click.echo(f"  {word('other_rulebook', language)}")
    return 0 if same else 3
