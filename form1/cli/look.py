"""`form1 look FILE|FOLDER`: what was taken for what in exports, before anything is built."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from form1.cli.options import Call, shared

if TYPE_CHECKING:
    from form1.build.looking import Looked
    from form1.build.sources import ColumnAccount, GridAccount
    from form1.cli.options import Settings

_TOLD = ("title", "unit", "period", "note")
"""Roles whose texts are shown, by their value."""
_LONGEST = 90


@click.command("look")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--period", "written", help="Period of the exports (default: that of their folder, else the last ended).")
@click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text", help="How it is printed.")
@shared
def command(path: Path, written: str | None, shape: str, call: Call) -> int:
    """Show what was taken for what in PATH, an export or a folder of exports: nothing is built, nothing written.

    For every table: its head, its columns and what they mean, the number of counts and totals, notes, what is not used,
    and every fault with its remedy. Exit code 0, or 3 where a cell is nothing that is known or a fault is an error.
    """
    from form1.build.looking import look, period_of
    from form1.core import clock
    from form1.core.periods import Period

    if written:
        period = Period.parse(written)
    else:
        today = clock.now().date()
        period = period_of(path, Period(today.year, (today.month - 1) // 3 + 1).previous)
    settings = call.settle(period)
    looked = look(settings.form, path, period)
    if shape == "json":
        click.echo(json.dumps(_as_json(settings, looked), ensure_ascii=False, indent=1))
    else:
        for line in _text(settings, looked):
            click.echo(line)
    return 0 if looked.is_clear else 3


def _text(settings: Settings, looked: Looked) -> Iterator[str]:
    from form1.core.findings import Severity
    from form1.core.literal import plain
    from form1.definition.wording import say

    form, language = settings.form, settings.language
    told = set()
    for account in looked.accounts:
        sheet = f" · {form.word('sheet', language)} {plain(account.sheet)}" if account.sheet else ""
        table = form.tables[account.table]
        yield f"{plain(account.file)}{sheet} → {account.table} {table.short_title.of(language)}"
        yield from (f"  {line}" for line in _account(settings, account))
        for at, finding in enumerate(looked.findings):
            if finding.place.file == account.file and finding.place.sheet in {account.sheet, ""}:
                told.add(at)
                yield f"  {form.word(str(finding.severity), language)}: {say(form, finding, language)}"
    for at, finding in enumerate(looked.findings):
        if at not in told:
            yield f"{form.word(str(finding.severity), language)}: {say(form, finding, language)}"
    weights = [finding.severity for finding in looked.findings]
    yield form.word("look_files", language).format(
        files=len({account.file for account in looked.accounts}),
        tables=len({account.table for account in looked.accounts}),
        errors=weights.count(Severity.ERROR),
        warnings=weights.count(Severity.WARNING),
    )


def _account(settings: Settings, account: GridAccount) -> Iterator[str]:
    from form1.build.sources import CellRole
    from form1.core.literal import plain

    form, language = settings.form, settings.language
    if any(account.head_lines):  # a Parquet file has no line for its head
        first, last = account.head_lines[0], account.head_lines[-1]
        lines = f"{first}–{last}" if last > first else str(first)
        yield form.word("look_head", language).format(lines=lines)
    for role, columns in groupby(account.columns, key=lambda column: column.role):
        yield from (f"  {line}" for line in _columns(settings, role, list(columns)))
    counts = {"lines": account.lines, "counts": account.cells[CellRole.COUNT], "totals": account.cells[CellRole.TOTAL]}
    if account.head_lines:
        yield form.word("look_lines", language).format(**counts)
    for role, texts in account.texts.items():
        if role in _TOLD:
            for line, text in texts:
                where = f"{form.word('line', language).lower()} {line}"
                yield f"{form.word(f'role_{role}', language)}, {where}: {plain(text[:_LONGEST])}"
    if not account.is_complete:
        yield f"{form.word('role_none', language)}: {account.cells[CellRole.NONE]}"


def _columns(settings: Settings, role: str, columns: list[ColumnAccount]) -> Iterator[str]:
    """A column each; a run of columns of counts as its first and its last."""
    from form1.core.literal import plain

    form, language = settings.form, settings.language
    dimensions = {dimension.id: dimension.name.of(language) for dimension in form.sources.dimension}
    shown = columns if len(columns) <= 4 else [columns[0], columns[-1]]
    for at, column in enumerate(shown):
        if at and len(columns) > len(shown):
            yield f"… ({len(columns)})"
        meaning = ", ".join(dimensions.get(meant, plain(meant)) for meant in column.meaning)
        name = "" if column.place == column.header else f"{plain(column.place)}  "
        said = form.word(f"role_{role}", language)
        yield f"{name}{plain(column.header) or '–'}: {said}{f' ({meaning})' if meaning else ''}"


def _as_json(settings: Settings, looked: Looked) -> dict[str, object]:
    from form1.definition.wording import say

    return {
        "period": str(looked.period),
        "clear": looked.is_clear,
        "tables": [account.plain() for account in looked.accounts],
        "findings": [
            {
                "severity": str(finding.severity),
                "message": finding.message,
                "table": finding.place.table,
                "file": finding.place.file,
                "sheet": finding.place.sheet,
                "line": finding.place.line,
                "cell": finding.place.cell,
                "text": say(settings.form, finding, settings.language),
            }
            for finding in looked.findings
        ],
    }
