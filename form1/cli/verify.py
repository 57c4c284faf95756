"""`form1 verify`: whether editions or receptions are what they were, or a file is the one of a receipt."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from form1.cli.options import Call, shared

if TYPE_CHECKING:
    from form1.cli.options import Settings


@click.command("verify")
@click.argument("target", required=False)
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--register", type=click.Path(path_type=Path), help="Prove a register of receptions instead of editions.")
@click.option("--expect", "expected", metavar="SEAL", help="A seal of the journal that was kept elsewhere.")
@shared
def command(target: str | None, file: Path | None, register: Path | None, expected: str | None, call: Call) -> int:
    """Prove that editions are what was published; with a FILE, that it is the one for which a receipt was written.

    TARGET is all, a period (2026-Q3) or one revision (2026-Q3/r1) of the archive, or the path of an edition's folder
    (./2026-Q3/r1): every file is held against the manifest, the manifest against its signature and the journal, the
    numbers of workbook, PDF and cells.csv against each other. The seal that is printed stands for the whole journal:
    keep it elsewhere, and --expect finds later whether anything was taken back. With FILE, TARGET is the receipt.json
    of a check. With --register there is no TARGET: receptions and acceptances are held against their journal.

    Exit code 0 when all is as it was, 3 when something is not, 5 when a run is at work in the folder.
    """
    if file is not None and expected is not None:
        raise click.UsageError("--expect is a seal of the journal; a receipt has none")
    settings = call.settle()
    if register is not None:
        return _register(settings, register, expected)
    if target is None:
        from form1.core.errors import UsageError

        raise UsageError("write what is to be proved: all, a period, an edition, or --register FOLDER.")
    return _receipt(settings, Path(target), file) if file is not None else _editions(settings, target, expected)


def _editions(settings: Settings, target: str, expected: str | None) -> int:
    from form1.archive import locking, signing
    from form1.archive.store.journal import as_seal
    from form1.archive.store.proof import Kind
    from form1.archive.verify import verify
    from form1.core.literal import plain

    word, language = settings.form.word, settings.language
    with locking.watch(settings.output):
        seal = as_seal(expected) if expected is not None else ""
        proved = verify(settings.output, target, signing.Trust.of(settings.signing), seal)
    said = {where: signing.tell(check, settings.form, language) for where, check in proved.signatures}
    for harm in proved.harms:
        detail = f" ({plain(harm.detail)})" if harm.detail else ""
        if harm.kind == Kind.SIGNATURE:
            detail = f": {said.pop(harm.where)}"
        told = word(f"harm_{harm.kind}", language)
        click.echo(f"{word('harm', language)}: {plain(harm.where)}: {told}{detail}")
    for where, told in said.items():
        click.echo(f"{plain(where)}: {told}")
    for edition in proved.unsigned:
        click.echo(f"{edition}: {word('edition_unsigned', language)}")
    for edition in proved.without_numbers:
        click.echo(f"{edition}: {word('numbers_not_read_back', language)}")
    if proved.lines:
        click.echo(word("seal_of_the_journal", language).format(line=proved.lines, seal=proved.seal))
    counted = {"editions": len(proved.editions), "harms": len(proved.harms)}
    click.echo(word("verified" if not proved.harms else "not_verified", language).format(**counted))
    return 3 if proved.harms else 0


def _register(settings: Settings, folder: Path, expected: str | None) -> int:
    from form1.archive import locking, receptions
    from form1.archive.store import journal
    from form1.archive.store.proof import Harm, Kind
    from form1.core.errors import UsageError
    from form1.core.literal import plain

    word, language = settings.form.word, settings.language
    if not folder.is_dir():
        raise UsageError(f"{folder} is no register: there is no such folder.")
    register = receptions.Register(folder)
    with locking.watch(folder):
        known = journal.read(folder)
        harms = list(receptions.harms(register, known))
        counted = {
            "receptions": len(register.all()),
            "acceptances": sum(entry.event == journal.Event.ACCEPTED for entry in known.entries),
        }
    if expected is not None and not known.keeps(journal.as_seal(expected)):
        harms.append(Harm(Kind.ROLLED_BACK, journal.FILE))
    for harm in harms:
        detail = f" ({plain(harm.detail)})" if harm.detail else ""
        click.echo(f"{word('harm', language)}: {plain(harm.where)}: {word(f'harm_{harm.kind}', language)}{detail}")
    click.echo(word("register_seal", language).format(seal=known.seal))
    told = word("register_not_verified" if harms else "register_verified", language)
    click.echo(told.format(harms=len(harms), **counted))
    return 3 if harms else 0


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
