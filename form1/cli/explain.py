"""`form1 explain ADDRESS`: a number's lineage, from the definition to the lines of the export."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from form1.cli.options import Call, shared
from form1.core.cells import Address

if TYPE_CHECKING:
    from form1.build.assemble import Contribution
    from form1.cli.options import Settings
    from form1.core.periods import Period
    from form1.definition.layout import Layout


@click.command("explain")
@click.argument("address")
@shared
def command(address: str, call: Call) -> int:
    """Show where the number at ADDRESS comes from: its definition, and the lines of the exports behind it.

    ADDRESS is PERIOD/TABLE/ROW/COLUMN. ROW is a row code or a line code, COLUMN a column code or a column number:
    2026-Q3/T03/45.1.8/M, 2026-Q3/T08/06/4, 2026-Q3/T08/F/20-24.M. Without a column the total is meant.
    """
    from form1.core.errors import UsageError
    from form1.core.periods import Period

    parts = address.split("/")
    if not 3 <= len(parts) <= 4:
        raise UsageError(
            f"no such address: {address!r}. Write PERIOD/TABLE/ROW/COLUMN, for example 2026-Q3/T03/45.1.8/M."
        )
    period, table = Period.parse(parts[0]), parts[1].upper()
    settings = call.settle(period)
    if table not in settings.form.tables:
        raise UsageError(f"no such table: {parts[1]!r}. The form has {', '.join(settings.form.tables)}.")
    return _explain(settings, period, table, parts[2], parts[3] if len(parts) == 4 else "")


def _explain(settings: Settings, period: Period, table: str, row: str, column: str) -> int:
    from form1.build import assemble
    from form1.build.recipe import BuildOrder, lineage
    from form1.core.errors import SourceError
    from form1.core.values import show

    form, language = settings.form, settings.language
    order = BuildOrder(form, period, settings.exports, settings.output, language)
    gathered, filled = lineage(order)
    layout = filled.layouts.get(table)
    if layout is None:
        raise SourceError(
            f"{table} of {period} cannot be filled from {settings.exports}: run form1 build {period} to see why."
        )
    at = Address(table, row_of(layout, row), column_of(layout, column))
    cell = filled.cells[at]
    click.echo(f"{period} · {_words(settings, layout, at)} = {show(cell.value, cell.status, form.signs())}")
    _definition(settings, layout, period, at)
    if table in gathered.rules:
        click.echo(f"  {form.word('counted_from_records', language)}: {gathered.rules[table][language]}")
    contributions = assemble.trace(layout, gathered.counts[table], at[1], at[2])
    _counts(settings, contributions, str(cell.origin))
    _edition(settings, period, contributions)
    return 0


def _definition(settings: Settings, layout: Layout, period: Period, at: Address) -> None:
    from form1.definition.wording import basis_in_words
    from form1.views.tables import table_name

    form, language = settings.form, settings.language
    table, row, column = layout.table, layout.row[at[1]], layout.column[at[2]]
    click.echo(f"  {table_name(form, table, language)}: {table.title.of(language)}")
    click.echo(f"  {form.word('basis', language)}: {basis_in_words(form, table, period, language)}")
    if row.parts:
        click.echo(
            f"  {form.word('row', language)} {row.line} = {' + '.join(layout.row[part].line for part in row.parts)}"
        )
    for parts in column.parts:
        numbers = " + ".join(str(layout.column[part].number) for part in parts)
        click.echo(f"  {form.word('column', language)} {column.number} = {numbers}")
    for note in form.notes:
        if note.table == table.id and note.aspect in {"universe", "counting_unit", "source_system"}:
            click.echo(f"  {form.word(note.aspect, language)}: {note.whole.of(language)}")


def _counts(settings: Settings, contributions: list[Contribution], origin: str) -> None:
    from form1.core.literal import plain
    from form1.core.values import group_digits

    form, language = settings.form, settings.language
    line, column = (form.word(word, language).lower() for word in ("line", "column"))
    click.echo(f"  {form.word('origin_' + origin, language)}")
    file = ""
    for item in contributions:
        heading = " · ".join(filter(None, (plain(item.input.name), plain(item.sheet), f"sha256 {item.input.sha256}")))
        if heading != file:
            click.echo(f"  {form.word('file', language)}: {heading}")
            file = heading
        persons = "…" if item.persons is None else group_digits(item.persons)
        where = f"{line} {item.line}, {column} {plain(item.cell)}"
        click.echo(f"    {where}: {item.row} / {item.column}: {persons}")


def _edition(settings: Settings, period: Period, contributions: list[Contribution]) -> None:
    """Say whether the edition that stands was made from these very files."""
    from form1.archive.store import Archive

    edition = Archive(settings.output).latest(period)
    if edition is None:
        return
    listed = {(file["name"], file["sha256"]) for file in edition.manifest.get("inputs", [])}
    same = {(item.input.name, item.input.sha256) for item in contributions} <= listed
    word = settings.form.word("made_from_these" if same else "made_from_others", settings.language)
    click.echo(f"  {settings.form.word('edition', settings.language)} {edition.folder}: {word}")


def _words(settings: Settings, layout: Layout, at: Address) -> str:
    from form1.core.findings import Place
    from form1.definition.wording import locate

    return locate(settings.form, Place(*at), settings.language, {layout.table.id: layout})


def row_of(layout: Layout, written: str) -> str:
    """Return the code of the row that a row code or a line code names; UsageError when there is none."""
    from form1.core.errors import UsageError

    if written in layout.row:
        return written
    for row in layout.rows:
        if row.line == written:
            return row.code
    lines = f"{layout.rows[0].line} to {layout.rows[-1].line}"
    raise UsageError(f"{layout.table.id} has no row or line {written!r}; it has the lines {lines}.")


def column_of(layout: Layout, written: str) -> str:
    """Return the code of the column that a column code or number names, by default the first."""
    from form1.core.errors import UsageError

    if not written:
        return layout.columns[0].code
    if written in layout.column:
        return written
    for column in layout.columns:
        if str(column.number) == written:
            return column.code
    codes = ", ".join(column.code for column in layout.columns[:6])
    raise UsageError(f"{layout.table.id} has no column {written!r}; it has 1 to {len(layout.columns)} ({codes} …).")
