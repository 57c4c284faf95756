"""`form1 changes A B`: what changed in the form between two of its versions, in sentences for people."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from textwrap import fill
from typing import TYPE_CHECKING

import click

from form1.cli.options import Call, shared

if TYPE_CHECKING:
    from form1.cli.options import Settings
    from form1.definition.changes_in_tables import Changed, VersionPair

_WIDTH = 110


@click.command("changes")
@click.argument("a")
@click.argument("b")
@click.option(
    "--format", "shape", type=click.Choice(["text", "markdown", "json"]), default="text", help="How it is printed."
)
@shared
def command(a: str, b: str, shape: str, call: Call) -> int:
    """Show what changed in the form from A to B: tables, rows, line codes, columns, rules and notes, with the acts.

    A and B are versions of the form by their first month (2015-07, 2019-07), or periods (2016-Q2, 2026), each of which
    stands for the version that is in force for it.
    """
    settings = call.settle()
    from form1.definition.changes import changes
    from form1.definition.changes_in_tables import version_pair

    pair = version_pair(settings.form, a, b)
    found = changes(pair)
    if shape == "json":
        click.echo(json.dumps(_as_json(settings, pair, found), ensure_ascii=False, indent=1))
        return 0
    for heading, lines in _sections(settings, pair, found):
        click.echo(f"{'##' if shape == 'markdown' else '=='} {heading}")
        for line in lines:
            click.echo(
                f"- {line}"
                if shape == "markdown"
                else fill(line, _WIDTH, initial_indent="  ", subsequent_indent="      ", break_on_hyphens=False)
            )
    if not found:
        click.echo(settings.form.word("change_none", settings.language))
    return 0


def _sections(settings: Settings, pair: VersionPair, found: Sequence[Changed]) -> Iterator[tuple[str, list[str]]]:
    """The acts, the form as a whole, then table by table."""
    from form1.definition.changes import acts
    from form1.definition.wording import day_in_words

    word, language = settings.form.word, settings.language
    versions = acts(pair)
    heading = word("change_heading", language).format(
        was=pair.was.version.title.of(language), now=pair.form.version.title.of(language)
    )
    told = [
        word("change_act", language).format(
            day=day_in_words(version.valid_from, language),
            act=version.act.of(language),
            known=version.known.of(language),
            status=version.status,
            source=version.source,
        )
        for version in versions
    ]
    yield heading, [f"{word('change_acts', language)}: {line}" for line in told]
    tables = {**pair.was.tables, **pair.form.tables}
    for table in ("", *tables):
        says = [one.says.of(language) for one in found if one.table == table]
        if says and table:
            yield f"{table} · {tables[table].short_title.of(language)}", says
        elif says:
            yield word("change_whole", language), says


def _as_json(settings: Settings, pair: VersionPair, found: Sequence[Changed]) -> dict[str, object]:
    from form1.definition.changes import acts

    language = settings.language
    return {
        "from": pair.was.version.id,
        "to": pair.form.version.id,
        "acts": [
            {
                "version": version.id,
                "valid_from": version.valid_from.isoformat(),
                "act": version.act.of(language),
                "known": version.known.of(language),
                "source": version.source,
                "status": version.status,
            }
            for version in acts(pair)
        ],
        "changes": [
            {
                "what": one.what,
                "table": one.table,
                "row": one.row,
                "column": one.column,
                "line": one.line,
                "says": one.says.of(language),
            }
            for one in found
        ],
    }
