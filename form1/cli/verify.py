"""`form1 verify`: whether editions are what was published, or a file is the one for which a receipt was written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from form1.cli.options import Call, shared

if TYPE_CHECKING:
    from form1.cli.options import Settings


@click.command("verify")
@click.argument("target")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@shared
def command(target: str, file: Path | None, call: Call) -> int:
    """Prove that editions are what was published; with a FILE, that it is the one for which a receipt was written.

    TARGET is all, a period (2026-Q3), one revision (2026-Q3/r1) or its folder: every file is held against the
    manifest, the manifest against the journal, the numbers of workbook, PDF and cells.csv against each other. With
    FILE, TARGET is the receipt.json of a check.

    Exit code 0 when all is as it was, 3 when something is not, 5 when a run is at work in the folder.
    """
    settings = call.settle()
    return _receipt(settings, Path(target), file) if file is not None else _editions(settings, target)


def _editions(settings: Settings, target: str) -> int:
    from form1.archive import locking, signing
    from form1.archive.store.proof import Kind
    from form1.archive.verify import verify
    from form1.core.literal import plain

    word, language = settings.form.word, settings.language
    with locking.watch(settings.output):
        proved = verify(settings.output, target, signing.Trust.of(settings.signing))
    said = {where: signing.tell(check, settings.form, language) for where, check in proved.signatures}
    for harm in proved.harms:
        detail = f" ({plain(harm.detail)})" if harm.detail else ""
        if harm.kind == Kind.SIGNATURE:
            detail = f": {said.pop(harm.where)}"
        told = word(f"harm_{harm.kind}", language)
        click.echo(f"{word('harm', language)}: {plain(harm.where)}: {told}{detail}")
    for where, told in said.items():
        click.echo(f"{plain(where)}: {told}")
    for edition in proved.without_numbers:
        click.echo(f"{edition}: {word('numbers_not_read_back', language)}")
    counted = {"editions": len(proved.editions), "harms": len(proved.harms)}
    click.echo(word("verified" if not proved.harms else "not_verified", language).format(**counted))
    return 3 if proved.harms else 0


def _receipt(settings: Settings, receipt: Path, file: Path) -> int:
    from form1.archive.store.receipt import matches, read_receipt
    from form1.core.literal import plain

    word, language = settings.form.word, settings.language
    known = read_receipt(receipt)
    same = matches(known, file)
    click.echo(f"{plain(file.name)}: {word('is_the_received' if same else 'is_not_the_received', language)}")
    click.echo(f"  {plain(known.file)}, {known.period}, {known.received}, {word(known.verdict, language)}")
    if known.reference_sha256 != settings.form.sha256:
        click.echo(f"  {word('other_rulebook', language)}")
    return 0 if same else 3
