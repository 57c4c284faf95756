"""`form1 series ADDRESS`: one cell over everything that was published, across the versions of the form."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from form1.cli.options import Call, shared
from form1.core.cells import Address

if TYPE_CHECKING:
    from form1.cli.options import Settings
    from form1.definition import Form
    from form1.definition.layout import Layout
    from form1.definition.series import Point


@click.command("series")
@click.argument("address")
@click.option("--as-of", "written", metavar="PERIOD", help="In the form for this period (default: the last published).")
@click.option(
    "--format", "shape", type=click.Choice(["text", "csv", "json"]), default="text", help="How it is printed."
)
@shared
def command(address: str, written: str | None, shape: str, call: Call) -> int:
    """Show the number at ADDRESS in every published period: quarters, or years with --as-of a year.

    ADDRESS is TABLE/ROW/COLUMN as for explain: T03/45.1.8/M, T04/ER06, T08/06/4. A row that had another code in an
    older version of the form is followed; a group of rows whose members changed is added up from its present members.
    Where a row was divided or is new, the reason stands instead of a number.
    """
    from form1.archive.series import last, over_the_archive, published
    from form1.cli.explain import column_of, row_of
    from form1.core.errors import UsageError
    from form1.core.periods import Period
    from form1.definition.layout import lay_out

    parts = address.split("/")
    if not 2 <= len(parts) <= 3:
        raise UsageError(f"no such address: {address!r}. Write TABLE/ROW/COLUMN, for example T03/45.1.8/M.")
    settings = call.settle(Period.parse(written) if written else None)
    now = Period.parse(written) if written else last(published(settings.form, settings.output), settings.output)
    form, id = settings.form.of(now), parts[0].upper()
    if id not in form.tables:
        raise UsageError(f"no such table: {parts[0]!r}. The form for {now} has {', '.join(form.tables)}.")
    table = form.tables[id]
    layout = lay_out(form, table, now.last_day, {parts[1]})
    _hint(form, layout, parts[1])
    at = Address(id, row_of(layout, parts[1]), column_of(layout, parts[2] if len(parts) == 3 else ""))
    points = over_the_archive(form, settings.output, at, now)
    if shape == "json":
        click.echo(json.dumps([_as_json(settings, point) for point in points], ensure_ascii=False, indent=1))
    elif shape == "csv":
        click.echo(_as_csv(settings, at, points), nl=False)
    else:
        _show(replace(settings, form=form), layout, at, points)
    return 0


def _hint(form: Form, layout: Layout, written: str) -> None:
    """A code of an older version is answered with the code under which it goes on."""
    from form1.core.errors import UsageError

    onwards = [link.becomes for link in form.links if link.code == written and link.becomes in layout.row]
    if written not in layout.row and onwards:
        raise UsageError(
            f"{layout.table.id} has no row {written!r} in the version {form.version.id} of the form; "
            f"it goes on as {', '.join(onwards)}. Name that, or give --as-of a period of the older version."
        )


def _show(settings: Settings, layout: Layout, at: Address, points: Sequence[Point]) -> None:
    from form1.core.findings import Place
    from form1.core.values import show
    from form1.definition.wording import locate

    form, language = settings.form, settings.language
    place = locate(form, Place(*at), language, {at[0]: layout})
    version = form.version.title.of(language)
    click.echo(form.word("series_heading", language).format(place=place, version=version))
    signs = form.signs()
    numbers = [show(p.cell.value, p.cell.status, signs) if p.cell else "" for p in points]
    width = max(map(len, numbers), default=0)
    for point, number in zip(points, numbers, strict=True):
        how = point.how.of(language) if point.how else ""
        click.echo(f"  {point.period!s:<8}{number:>{width + 1}}  {how}".rstrip())


def _as_json(settings: Settings, point: Point) -> dict[str, object]:
    return {
        "period": str(point.period),
        "value": point.cell.value if point.cell else None,
        "status": str(point.cell.status) if point.cell else None,
        "how": str(point.fate),
        "says": point.how.of(settings.language) if point.how else "",
    }


def _as_csv(settings: Settings, at: Address, points: Sequence[Point]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["period", "table", "row", "column", "value", "status", "how", "says"])
    for point in points:
        one = _as_json(settings, point)
        writer.writerow([one["period"], *at, one["value"], one["status"], one["how"], one["says"]])
    return text.getvalue()
