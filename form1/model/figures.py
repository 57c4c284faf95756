"""The figures of a summary as values: numbers, labels and sentences, whatever they are drawn with."""

from __future__ import annotations

from dataclasses import dataclass

from form1.core.cells import Cell
from form1.core.texts import Text
from form1.definition.summary import FigureKind


@dataclass(frozen=True, slots=True)
class Change:
    """How far a count moved since the same period of the last year; `tenths` of a per cent, None from zero."""

    difference: int
    tenths: int | None


@dataclass(frozen=True, slots=True)
class Point:
    """A row of a figure: its cells under the figure's heads, and what else is known of it."""

    code: str
    label: Text
    cells: tuple[Cell, ...]
    share: int | None = None
    """Tenths of a per cent of the whole; None when there is no share to speak of."""
    short: Text | None = None
    """What it is called where the label is too long."""
    is_rest: bool = False
    """True for the row that adds up what is not shown by itself."""
    change: Change | None = None
    remark: Text | None = None
    """Why there is no change."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the summary, ready to be drawn; without points there is nothing to draw and a remark says why."""

    id: str
    kind: FigureKind
    title: Text
    alt: Text
    basis: Text
    heads: tuple[Text, ...]
    points: tuple[Point, ...]
    stub: Text
    """The heading over the labels of the points."""
    over: tuple[tuple[Text, int], ...] = ()
    """Heads above the heads, each with the number of heads below it."""
    statements: tuple[Text, ...] = ()
    remarks: tuple[Text, ...] = ()
    table: str = ""
    """The table from which all of its numbers come; empty when there are several."""

    @property
    def has_picture(self) -> bool:
        """True when there is something to be seen; the headline figures are a table of their own."""
        return self.kind != "headline" and any(cell.value for point in self.points for cell in point.cells)
