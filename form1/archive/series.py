"""The series of a cell over everything that was published."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from form1.archive import store
from form1.core.cells import Address, CellMap
from form1.core.errors import UsageError
from form1.core.periods import Period
from form1.definition import Form
from form1.definition.series import Point, series


def published(form: Form, output: Path) -> dict[Period, CellMap]:
    """Return the cells of the latest edition of each period; an edition that was changed afterwards is left out."""
    archive = store.Archive(output)
    editions = [archive.latest(period) for period in archive.periods() if form.covers(period)]
    return {edition.period: edition.cells() for edition in editions if edition is not None and not edition.damage()}


def over_the_archive(form: Form, output: Path, address: Address, now: Period | None = None) -> tuple[Point, ...]:
    """Return the series of a cell at its address in the form for `now`, quarters or, where `now` is a year, years."""
    cells = published(form, output)
    now = now or last(cells, output)
    return series(form, {period: of for period, of in cells.items() if period.is_annual == now.is_annual}, now, address)


def last(cells: Iterable[Period], output: Path) -> Period:
    """Return the last quarter that was published, or the last year where there is none; UsageError when nothing was."""
    by_kind = sorted(cells, key=lambda period: (not period.is_annual, period.in_time))
    if not by_kind:
        raise UsageError(f"{output} holds no edition: there is no series yet.")
    return by_kind[-1]
