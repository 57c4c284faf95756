"""A ranking as horizontal bars, the largest on top, each with its count and share."""

from __future__ import annotations

from typing import Any, Final

from form1.core.texts import Language, first_upper
from form1.core.values import group_digits, show_tenths
from form1.model.figures import Figure, Point
from form1.render.pictures import canvas

_PITCH: Final = 18.0
"""Points from bar to bar: room for a label of two lines."""
_LABELS: Final = 0.47
"""The most of the width that labels take."""


def draw(drawn: Figure, language: Language, width: float) -> str:
    """Return the bars as SVG, `width` points wide."""
    points = drawn.points
    labels = [label(point, language, width) for point in points]
    left = max(canvas.text_width(line) for text in labels for line in text.split("\n")) + 8
    counts = [_count(point, language) for point in points]
    right = max(canvas.text_width(count, bold=True) for count in counts) + 8
    height = _PITCH * len(points) + 4
    picture = canvas.figure(width, height)
    axes = canvas.axes(picture, left, 2, width - left - right, height - 4)
    places = range(len(points))
    values = [point.cells[0].value or 0 for point in points]
    bars = axes.barh(places, values, height=0.62, color=[_fill(point) for point in points], clip_on=False)
    for bar, point in zip(bars, points, strict=True):
        if point.is_rest:
            bar.set(edgecolor=canvas.LINE, linewidth=0.6)
    axes.bar_label(bars, counts, padding=3, fontsize=canvas.SIZE, color=canvas.INK, weight="semibold")
    axes.set(yticks=[], xticks=[], xlim=(0, max([*values, 1])), ylim=(len(points) - 0.5, -0.5))
    for place, text in enumerate(labels):
        canvas.beside(axes, text, place)
    _base(axes, len(points))
    return canvas.finish(picture)


def label(point: Point, language: Language, width: float) -> str:
    """Return the label of a bar on two lines; where it does not fit, what the row is called within a sentence."""
    room = width * _LABELS
    whole = canvas.wrap(point.label.of(language), room)
    if "…" in whole and point.short is not None:
        return canvas.wrap(first_upper(point.short.of(language), language), room)
    return whole


def _base(axes: Any, count: int) -> None:
    """The line from which the bars begin."""
    axes.plot([0, 0], [-0.5, count - 0.5], color=canvas.LINE, linewidth=0.8, clip_on=False)


def _fill(point: Point) -> str:
    return canvas.PALE if point.is_rest else canvas.MAIN


def _count(point: Point, language: Language) -> str:
    count = group_digits(point.cells[0].value or 0)
    return count if point.share is None else f"{count} · {show_tenths(point.share, comma=language != 'en')} %"
