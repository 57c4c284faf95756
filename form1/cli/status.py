"""`form1 status`: every form with its deadline, revision, verdict, and what is missing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from form1.cli.options import Call, shared

if TYPE_CHECKING:
    from form1.cli.options import Settings
    from form1.definition.configuration import Calendar
    from form1.unattended.status import PeriodStatus


@click.command("status")
@shared
@click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text", help="How it is printed.")
@click.option("--at", "at", type=click.DateTime(["%Y-%m-%d"]), help="As on another day (2026-10-22), to plan ahead.")
@click.option("--register", type=click.Path(path_type=Path), help="Show a register of receptions instead.")
def command(call: Call, shape: str, at: datetime | None, register: Path | None) -> int:
    """Show what is owed and until when, what was published, and what is missing. Changes nothing.

    With --register: of each period when it was due, what was received, in time or late, with which verdict, and who
    accepted it.
    """
    from dataclasses import replace

    from form1.build.recipe import BuildOrder
    from form1.core.periods import Period
    from form1.definition.configuration import read_configuration
    from form1.unattended.status import status

    settings = call.settle()
    configuration = read_configuration(call.config)
    if register is not None:
        return _board(settings, register, configuration.calendar, shape, at)
    order = BuildOrder(
        settings.form, Period(2026), settings.exports, settings.output, settings.language, approval=settings.approval
    )
    if at is not None:
        order = replace(order, now=at.replace(tzinfo=order.now.tzinfo))
    standings = status(order, configuration.calendar, configuration.run)
    if shape == "json":
        click.echo(json.dumps([standing.as_json() for standing in standings], ensure_ascii=False, indent=1))
        return 0
    for line in _table(settings, standings):
        click.echo(line)
    return 0


def _board(settings: Settings, folder: Path, calendar: Calendar, shape: str, at: datetime | None) -> int:
    from form1.core import clock
    from form1.core.errors import UsageError
    from form1.unattended.board import board

    if not folder.is_dir():
        raise UsageError(f"{folder} is no register: there is no such folder.")
    lines = board(settings.form, folder, calendar, (at or clock.now()).date())
    if shape == "json":
        click.echo(json.dumps([line.as_json() for line in lines], ensure_ascii=False, indent=1))
        return 0
    word, language = settings.form.word, settings.language
    heads = ("period", "deadline", "receptions", "last_received", "", "verdict_head", "accepted_form")
    rows = [[word(head, language) if head else "" for head in heads]]
    rows += [line.in_words(settings.form, language) for line in lines]
    for told in _aligned(rows):
        click.echo(told)
    return 0


def _table(settings: Settings, standings: Sequence[PeriodStatus]) -> Iterator[str]:
    """Yield the lines of a table with its columns as wide as what stands in them."""
    word, language = settings.form.word, settings.language
    heads = [word(head, language) for head in ("period", "state", "deadline", "days_left", "revision", "verdict_head")]
    rows = [[*heads, word("published_on", language), ""], *(_row(settings, standing) for standing in standings)]
    yield from _aligned(rows)


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()


def _row(settings: Settings, standing: PeriodStatus) -> list[str]:
    from datetime import date

    from form1.definition.wording import day_in_words

    word, language = settings.form.word, settings.language
    missing = f"{word('missing', language)}: {', '.join(standing.missing)}" if standing.missing else ""
    open_still = standing.state not in {"published", "changed", "harmed"}
    late = f", {word('overdue', language)}" if open_still and standing.stage == "overdue" else ""
    return [
        standing.period,
        word(f"state_{standing.state}", language) + late,
        day_in_words(date.fromisoformat(standing.deadline), language),
        str(standing.days_left) if open_still else "",
        f"r{standing.revision}" if standing.revision else "",
        word(standing.verdict, language) if standing.verdict else "",
        standing.published[:16].replace("T", " "),
        standing.report or (missing if standing.state == "incomplete" else ""),
    ]
