"""`form1 compare A B`: the cells in which two editions or workbooks differ; of one period, over all its revisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from form1.cli.options import Call, shared

if TYPE_CHECKING:
    from form1.archive.compare import Compared
    from form1.cli.options import Settings
    from form1.core.cells import Cell
    from form1.core.periods import Period
    from form1.model.revisions import ChangedCell


@click.command("compare")
@click.argument("a")
@click.argument("b", required=False)
@shared
def command(a: str, b: str | None, call: Call) -> int:
    """Show the cells in which A and B differ, by table, with totals.

    A and B are editions (2026-Q3, its latest; 2026-Q3/r1; or a folder with cells.csv) or workbooks (.xlsx). Where they
    are of two versions of the form, the rows of A stand beside those that they go on as in B. Without B,
    A is a period: every cell that moved over its revisions, with the differences and since when its number stands.
    """
    if b is None:
        period = _period(a)
        _show_history(call.settle(period), period)
        return 0
    settings = call.settle()
    from form1.archive.compare import beside, find

    form, output = settings.form, settings.output
    _show(settings, beside(form, find(form, output, a), find(form, output, b)))
    return 0


def _show(settings: Settings, compared: Compared) -> None:
    word, language, changes = settings.form.word, settings.language, compared.changes
    for _, reason in compared.apart:
        click.echo(f"{word('not_evaluated', language)}: {reason.of(language)}")
    if not changes:
        click.echo(word("no_difference", language))
        return
    for table in compared.form.tables.values():
        of_table = [change for change in changes if change.address[0] == table.id]
        if not of_table:
            continue
        click.echo(f"{table.id} · {table.short_title.of(language)}: {word('changed', language)}: {len(of_table)}")
        for change in of_table:
            _, row, column = change.address
            was, now = _shown(settings, change.was), _shown(settings, change.now)
            click.echo(f"  {row} / {column}: {was} → {now}{_difference(change)}")
    click.echo(f"{word('total', language)}: {len(changes)}")


def _period(written: str) -> Period:
    from form1.core.errors import UsageError
    from form1.core.periods import Period, is_period

    if not is_period(written):
        raise UsageError(f"{written} has nothing to be compared with. Name two editions or workbooks, or one period.")
    return Period.parse(written)


def _show_history(settings: Settings, period: Period) -> None:
    from form1.build.revisions import history
    from form1.views.revisions import RevisionReport, lines

    report = RevisionReport(settings.form, period, settings.language, {}, *history(settings.output, period))
    for line in lines(report):
        click.echo(line)


def _shown(settings: Settings, cell: Cell | None) -> str:
    from form1.core.values import show

    if cell is None:
        return settings.form.word("no_cell", settings.language)
    return show(cell.value, cell.status, settings.form.signs())


def _difference(change: ChangedCell) -> str:
    from form1.core.values import group_digits

    was, now = (cell.value if cell is not None else None for cell in (change.was, change.now))
    if was is None or now is None:
        return ""
    return f" ({'+' if now > was else ''}{group_digits(now - was)})"
