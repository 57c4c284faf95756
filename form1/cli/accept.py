"""`form1 accept`: a received form becomes the standing form of its period, by name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from form1.cli.options import Call

if TYPE_CHECKING:
    from form1.archive.receptions import Reception, Register


@click.command("accept")
@click.argument("period")
@click.option("--register", type=click.Path(path_type=Path), help="Register of receptions (default: as configured).")
@click.option("--by", required=True, help="Who accepts it; best a function, since names have no place in files.")
@click.option("--reason", help="Why, where that has to be said.")
@click.option("--reception", type=click.IntRange(min=1), metavar="N", help="Which reception (default: the last).")
@click.option("--lang", type=click.Choice(["az", "en", "ru"]), help="Language of what is printed.")
@click.option("--config", type=click.Path(path_type=Path), help="Configuration (default: form1.toml, if there).")
@click.option("--reference", type=click.Path(path_type=Path), help="Definition (default: the installed one).")
def command(
    period: str,
    register: Path | None,
    by: str,
    reason: str | None,
    reception: int | None,
    lang: str | None,
    config: Path | None,
    reference: Path | None,
) -> int:
    """Accept a received form of PERIOD: from now on later checks compare with it.

    A form that was rejected or refused cannot be accepted. A later acceptance replaces this one; both stay on record.
    Exit code 0 done, 3 the form cannot be accepted, 5 another call holds the register.
    """
    settings = Call(None, None, lang, config, reference).settle()
    from form1.archive import locking, receptions
    from form1.check.reception import name_of
    from form1.core import clock
    from form1.core.errors import DeliveryError, UsageError
    from form1.core.findings import Verdict
    from form1.core.literal import plain
    from form1.core.periods import Period

    folder, now, home = register or settings.register, clock.now(), str(Period.parse(period))
    if folder is None:
        raise UsageError("name the register: --register FOLDER, or register = in form1.toml.")
    if len(by.strip()) < 2:
        raise UsageError("--by must say who accepts the form.")
    if not folder.is_dir():
        raise UsageError(f"{folder} is no register: there is no such folder.")
    book = receptions.Register(folder)
    with locking.hold(folder, "form1 accept", now):
        receptions.mend(book, now)
        chosen = _chosen(book, home, reception)
        if damage := chosen.damage():
            raise DeliveryError(
                f"{chosen.folder} was changed after it was recorded ({', '.join(damage)}). Restore it from a backup."
            )
        named, language = name_of(chosen, settings.form, settings.language), settings.language
        if chosen.verdict not in {Verdict.ACCEPTED, Verdict.ACCEPTED_WITH_WARNINGS}:
            verdict = settings.form.word(chosen.verdict, language)
            click.echo(settings.form.word("not_to_be_accepted", language).format(reception=named, verdict=verdict))
            return 3
        before = book.acceptances(home)
        accepted = receptions.accept(book, chosen, plain(by.strip()), plain(reason) if reason else None, now)
    facts = {"reception": named, "by": accepted.by, "time": f"{now:%d.%m.%Y %H:%M}"}
    click.echo(settings.form.word("form_accepted", language).format(**facts))
    for last in before[-1:]:
        facts = {"reception": str(last.reception), "by": last.by, "time": last.time[:10]}
        click.echo(settings.form.word("acceptance_replaced", language).format(**facts))
    return 0


def _chosen(book: Register, home: str, number: int | None) -> Reception:
    from form1.core.errors import UsageError

    received = book.receptions(home)
    if not received:
        raise UsageError(f"{book.folder} holds no reception of {home}.")
    fitting = [each for each in received if number in {None, each.number}]
    if not fitting:
        raise UsageError(f"{book.folder} holds no reception {number} of {home}; there are {len(received)}.")
    return fitting[-1]
