"""Quarters beside those of earlier years: a panel for each quantity, in it a group of columns for each quarter."""

from __future__ import annotations

from typing import Any, Final

from form1.core.cells import Cell
from form1.core.texts import Language
from form1.core.values import group_digits
from form1.model.figures import Figure, Point
from form1.render.pictures import canvas

_QUARTERS: Final = 4
_ACROSS: Final = 2
"""Panels side by side."""
_HEIGHT: Final = 96.0
_TITLE: Final = 31.0
_FOOT: Final = 24.0
_GAP: Final = 16.0
_LEGEND: Final = 16.0
_SHADES: Final = ("#ffffff", "#f1f4f7", "#e3e9ef", canvas.PALE, canvas.MAIN)
"""From the oldest year to the period's own, which is the darkest."""


def draw(drawn: Figure, language: Language, width: float) -> str:
    """Return the panels as SVG, `width` points wide."""
    years = _years(drawn)
    shades = list(_SHADES[-len(years) :])
    rows = -(-len(drawn.points) // _ACROSS)
    panel = _HEIGHT + _TITLE + _FOOT
    height = rows * panel + _LEGEND
    picture = canvas.figure(width, height)
    each = (width - _GAP * (_ACROSS - 1)) / _ACROSS
    for number, point in enumerate(drawn.points):
        left = number % _ACROSS * (each + _GAP)
        top = height - _LEGEND - number // _ACROSS * panel
        axes = canvas.axes(picture, left, top - panel + _FOOT, each, _HEIGHT)
        _panel(axes, drawn, point, years, shades, language, each)
    _legend(picture, years, shades, width, height)
    return canvas.finish(picture)


def _years(drawn: Figure) -> list[tuple[str, list[int]]]:
    """The years, each with the places of its quarters among the cells."""
    years, first = [], 0
    for head, count in drawn.over:
        years.append((head.en, list(range(first, first + count))))
        first += count
    return years


def _panel(
    axes: Any, drawn: Figure, point: Point, years: list[tuple[str, list[int]]], shades: list[str], language: Language,
    width: float,
) -> None:  # fmt: skip
    highest = max((cell.value or 0 for cell in point.cells), default=0) or 1
    column = 0.84 / len(years)
    longest = max(canvas.text_width(group_digits(cell.value or 0)) for cell in point.cells)
    room = width / _QUARTERS * column
    for number, ((_, places), shade) in enumerate(zip(years, shades, strict=True)):
        at = [quarter - 0.42 + column * (number + 0.5) for quarter in range(len(places))]
        cells = [point.cells[place] for place in places]
        bars = axes.bar(
            at, [cell.value or 0 for cell in cells], width=column * 0.92, color=shade, edgecolor=canvas.LINE,
            linewidth=0.5, clip_on=False,
        )  # fmt: skip
        # Counts too long for their columns stand in the table below alone: nothing is set smaller.
        for place, (bar, cell) in enumerate(zip(bars, cells, strict=True)):
            if longest <= room * min(len(years), 2):
                raised = canvas.SIZE if longest > room and _is_highest(point, years, place, cell) else 0
                middle = bar.get_x() + bar.get_width() / 2
                axes.annotate(
                    _count(cell), (middle, cell.value or 0), (0, 1.5 + raised), textcoords="offset points", ha="center",
                    va="bottom", fontsize=canvas.SIZE, color=canvas.INK,
                )  # fmt: skip
    names = list(dict.fromkeys(head.of(language) for head in drawn.heads))
    axes.set(xlim=(-0.5, _QUARTERS - 0.5), ylim=(0, highest), yticks=[], xticks=[])
    for quarter, name in enumerate(names):
        for line, text in enumerate(name.replace("–", "–\n").split("\n")):
            axes.annotate(
                text, (quarter, 0), (0, -3 - canvas.SIZE * 1.1 * line), textcoords="offset points", ha="center",
                va="top", fontsize=canvas.SIZE, color=canvas.INK,
            )  # fmt: skip
    axes.plot([-0.5, _QUARTERS - 0.5], [0, 0], color=canvas.LINE, linewidth=0.8, clip_on=False)
    axes.set_title(
        point.label.of(language), loc="left", fontsize=canvas.SIZE, weight="semibold", color=canvas.INK, pad=20, y=1.0
    )


def _is_highest(point: Point, years: list[tuple[str, list[int]]], quarter: int, cell: Cell) -> bool:
    """True for the one column of a quarter whose count stands above those of its neighbours."""
    beside = [point.cells[places[quarter]] for _, places in years if quarter < len(places)]
    return len(beside) > 1 and max(beside, key=lambda other: other.value or 0) is cell


def _count(cell: Cell) -> str:
    return "…" if cell.value is None else group_digits(cell.value)


def _legend(picture: Any, years: list[tuple[str, list[int]]], shades: list[str], width: float, height: float) -> None:
    axes = canvas.axes(picture, 0, height - _LEGEND, width, _LEGEND)
    axes.set(xlim=(0, width), ylim=(0, _LEGEND), xticks=[], yticks=[])
    at = 0.0
    for (year, _), shade in zip(years, shades, strict=True):
        axes.bar([at + 4], [7], width=8, bottom=5, color=shade, edgecolor=canvas.LINE, linewidth=0.5)
        axes.text(at + 12, 8.5, year, va="center", fontsize=canvas.SIZE, color=canvas.INK)
        at += 24 + canvas.text_width(year)
