"""A pyramid: two sides of bars back to back, the ages between them, the youngest at the bottom."""

from __future__ import annotations

from typing import Final

from form1.core.texts import Language
from form1.core.values import group_digits
from form1.model.figures import Figure
from form1.render.pictures import canvas

_PITCH: Final = 11.0
_HEAD: Final = 14.0
_SIDES: Final = (canvas.MAIN, canvas.PALE)


def draw(drawn: Figure, language: Language, width: float) -> str:
    """Return the pyramid as SVG, `width` points wide."""
    points = drawn.points
    labels = [canvas.wrap(point.label.of(language), width * 0.25, lines=1) for point in points]
    middle = max(map(canvas.text_width, labels)) + 10
    longest = max((cell.value or 0 for point in points for cell in point.cells), default=0)
    counts = canvas.text_width(group_digits(longest)) + 6
    side = (width - middle) / 2 - counts
    height = _PITCH * len(points) + _HEAD + 4
    picture = canvas.figure(width, height)
    places = range(len(points))
    for number, head in enumerate(drawn.heads):
        left = counts if number == 0 else counts + side + middle
        axes = canvas.axes(picture, left, 2, side, height - _HEAD - 4)
        values = [point.cells[number].value for point in points]
        axes.barh(
            places, [value or 0 for value in values], height=0.8, color=_SIDES[number], edgecolor=canvas.LINE,
            linewidth=0.5, clip_on=False,
        )  # fmt: skip
        for place, value in zip(places, values, strict=True):
            axes.annotate(
                "…" if value is None else group_digits(value) if value else "", (value or 0, place),
                (-3 if number == 0 else 3, 0), textcoords="offset points", ha="right" if number == 0 else "left",
                va="center", fontsize=canvas.SIZE, color=canvas.INK,
            )  # fmt: skip
        ends = (max(longest, 1), 0) if number == 0 else (0, max(longest, 1))
        axes.set(xlim=ends, ylim=(-0.5, len(points) - 0.5), xticks=[], yticks=[])
        inner = 1.0 if number == 0 else 0.0
        axes.annotate(
            head.of(language), (inner, 1), (0, 4), xycoords="axes fraction", textcoords="offset points",
            ha="right" if number == 0 else "left", va="bottom", fontsize=canvas.SIZE, weight="semibold",
            color=canvas.INK,
        )  # fmt: skip
    between = canvas.axes(picture, counts + side, 2, middle, height - _HEAD - 4)
    between.set(xlim=(0, 1), ylim=(-0.5, len(points) - 0.5), xticks=[], yticks=[])
    for place, label in zip(places, labels, strict=True):
        between.text(0.5, place, label, ha="center", va="center", fontsize=canvas.SIZE, color=canvas.INK)
    return canvas.finish(picture)
