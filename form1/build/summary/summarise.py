"""All figures of the summary, in the order in which reference/ lists them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from form1.build.summary import headline, pyramid, quarters, ranking
from form1.build.summary.case import Case, empty
from form1.core.cells import CellMap
from form1.core.periods import Period
from form1.definition.form import Form
from form1.definition.layout import Layout
from form1.definition.summary import Figure as Wanted
from form1.model.figures import Figure
from form1.model.history import History

_KINDS = {
    "headline": headline.figure,
    "ranking": ranking.figure,
    "pyramid": pyramid.figure,
    "quarters": quarters.figure,
}


def summarise(
    form: Form,
    period: Period,
    cells: CellMap,
    layouts: Mapping[str, Layout],
    history: Mapping[Period, History],
) -> tuple[Figure, ...]:
    """Return the figures of a form; `history` gives the earlier periods that `needed` asks for.

    A figure without data keeps its place, and a remark says what is missing.
    """
    case = Case(form, period, cells, layouts, history)
    return tuple(_figure(case, wanted) for wanted in _of_form(form))


def needed(form: Form, period: Period) -> dict[Period, frozenset[str]]:
    """Return the earlier periods that the figures look at, each with the tables that they want from it."""
    wanted: dict[Period, set[str]] = {}
    for figure in _of_form(form):
        if figure.kind == "quarters":
            periods = [quarter for quarter in quarters.shown(figure, period) if quarter != period.last_quarter]
        else:
            periods = [period.year_before]
        tables = {figure.table} if figure.table else {quantity.table for quantity in figure.quantity}
        for earlier in periods:
            wanted.setdefault(earlier, set()).update(table for table in tables if table)
    return {earlier: frozenset(tables) for earlier, tables in sorted(wanted.items())}


def _of_form(form: Form) -> Iterator[Wanted]:
    """The figures of the summary as far as the form, which may be an older version, has their tables."""
    for figure in form.summary:
        there = tuple(quantity for quantity in figure.quantity if quantity.table in form.tables)
        if there or figure.table in form.tables:
            yield figure if there == figure.quantity else figure.model_copy(update={"quantity": there})


def _figure(case: Case, wanted: Wanted) -> Figure:
    missing = wanted.table if wanted.table and wanted.table not in case.layouts else ""
    if missing:
        remark = case.word("table_not_filled", table=missing)
        return empty(case, wanted, remark)
    figure = _KINDS[wanted.kind](case, wanted)
    if figure.points or figure.remarks:
        return figure
    return replace(figure, remarks=(case.word("no_figure"),))
