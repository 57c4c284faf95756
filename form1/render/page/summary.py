"""The summary as a template draws it: each figure with its picture, its numbers as text, and what is said of it."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from functools import lru_cache

from form1.core.cells import Cell
from form1.core.texts import Language
from form1.core.values import Status, group_digits, show, show_tenths
from form1.model.figures import Figure, Point
from form1.model.forms import FilledForm
from form1.render import pictures
from form1.views.tables import table_name


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the numbers: a label, the numbers as they look, and a remark in the place of those that lack."""

    label: str
    numbers: tuple[str, ...]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class FigureView:
    """A figure: `svg` and `image` (the same as a data URL) are empty where there is nothing to be seen."""

    id: str
    kind: str
    title: str
    basis: str
    alt: str
    svg: str
    image: str
    stub: str
    over: tuple[tuple[str, int], ...]
    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    statements: tuple[str, ...]
    remarks: tuple[str, ...]
    table: str
    table_name: str


def figure_views(filled: FilledForm) -> tuple[FigureView, ...]:
    """Return the views of all figures of the filled, in their order."""
    return tuple(_view(filled, figure) for figure in filled.summary)


@lru_cache(maxsize=32)
def picture(figure: Figure, language: Language) -> str:
    """Return the picture of a figure; PDF and page show the same."""
    return pictures.svg(figure, language)


def numbers(filled: FilledForm, figure: Figure) -> tuple[tuple[str, ...], tuple[Line, ...]]:
    """Return the heads and the lines of a figure's numbers."""
    form, language = filled.form, filled.language
    heads = [head.of(language) for head in figure.heads]
    if figure.kind == "headline":
        heads += [form.word("difference_count", language), form.word("difference_percent", language)]
    elif any(point.share is not None for point in figure.points):
        heads.append(form.word("share_percent", language))
    return tuple(heads), tuple(_line(filled, figure, point) for point in figure.points)


def signed_tenths(tenths: int, language: Language) -> str:
    """Return a change in per cent with its sign."""
    return ("+" if tenths > 0 else "") + show_tenths(tenths, comma=language != "en")


def _view(filled: FilledForm, figure: Figure) -> FigureView:
    form, language = filled.form, filled.language
    heads, lines = numbers(filled, figure)
    svg = picture(figure, language) if figure.has_picture else ""
    return FigureView(
        figure.id,
        figure.kind,
        figure.title.of(language),
        figure.basis.of(language),
        figure.alt.of(language),
        svg,
        "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode() if svg else "",
        figure.stub.of(language),
        tuple((head.of(language), count) for head, count in figure.over),
        heads,
        lines,
        tuple(statement.of(language) for statement in figure.statements),
        tuple(remark.of(language) for remark in figure.remarks),
        figure.table,
        table_name(form, form.tables[figure.table], language) if figure.table else "",
    )


def _line(filled: FilledForm, figure: Figure, point: Point) -> Line:
    language, signs = filled.language, filled.form.signs()
    shown = [_cell(cell, signs) for cell in point.cells]
    remark = point.remark.of(language) if point.remark else ""
    if figure.kind == "headline" and point.change is not None:
        shown.append(("+" if point.change.difference > 0 else "") + group_digits(point.change.difference))
        if point.change.tenths is not None:
            shown.append(signed_tenths(point.change.tenths, language))
    elif figure.kind == "headline" and not remark:
        shown += [signs[Status.NOT_AVAILABLE]] * 2
    elif point.share is not None:
        shown.append(show_tenths(point.share, comma=language != "en"))
    return Line(point.label.of(language), tuple(shown), remark)


def _cell(cell: Cell, signs: dict[str, str]) -> str:
    return show(cell.value, cell.status, signs)
