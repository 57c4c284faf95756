"""Small pictures of the tables: one square per cell, and a mark on every cell that a finding or a cause speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Final

from form1.core.cells import Address
from form1.core.findings import Place
from form1.core.literal import plain
from form1.definition.layout import Layout
from form1.model.forms import Received
from form1.render.page.tables import Mark
from form1.views.causes import CauseView
from form1.views.findings import KNOWN, WEIGHTS, FindingView, where
from form1.views.tables import anchor, table_name

CAUSE: Final = "cause"
"""The mark of a cell that a cause would change; it outweighs every finding about the cell."""

_WORDS: Final = {CAUSE: "cause_cell", KNOWN: "known_warning"}
"""The words of marks that are not called by their severity."""

_PITCH: Final = 10
_SQUARE: Final = 8
_HIGHEST: Final = 30
"""A table with more rows is folded into strips that stand side by side."""


@dataclass(frozen=True, slots=True)
class MarkView:
    """A mark in a picture: its corner in pixels, its kind, the cell's anchor, and what it says."""

    x: int
    y: int
    kind: str
    target: str
    title: str


@dataclass(frozen=True, slots=True)
class PictureView:
    """A table as squares: SVG paths of the ordinary cells, the totals and the gaps, and the marks on top of them."""

    table: str
    name: str
    short_title: str
    width: int
    height: int
    plain: str
    totals: str
    gaps: str
    marks: tuple[MarkView, ...]


def marks(findings: Iterable[FindingView], causes: Iterable[CauseView]) -> Mapping[Address, Mark]:
    """Return the mark of every cell that is spoken of: its cause, else the gravest finding about it."""
    found: dict[Address, Mark] = {}
    for cause in causes:
        for amendment in cause.amendments:
            found.setdefault(amendment.at, Mark(cause.anchor, CAUSE))
    for finding in sorted(findings, key=lambda finding: WEIGHTS.index(finding.weight)):
        if finding.at is not None:
            found.setdefault(finding.at, Mark(finding.anchor, finding.weight))
    return found


def picture_views(
    received: Received, marked: Mapping[Address, Mark], findings: Iterable[FindingView]
) -> tuple[PictureView, ...]:
    """Return a picture of each table, in the order of the form."""
    counts: dict[Address, int] = {}
    for finding in findings:
        if finding.at is not None:
            counts[finding.at] = counts.get(finding.at, 0) + 1
    return tuple(_picture(received, layout, marked, counts) for layout in received.layouts.values())


def _picture(
    received: Received, layout: Layout, marked: Mapping[Address, Mark], counts: Mapping[Address, int]
) -> PictureView:
    form, language = received.form, received.language
    strips = max(1, ceil(len(layout.rows) / _HIGHEST))
    high, wide = ceil(len(layout.rows) / strips), len(layout.columns) + 1
    squares: dict[str, list[str]] = {"plain": [], "totals": [], "gaps": []}
    shown: list[MarkView] = []
    for place, row in enumerate(layout.rows):
        for across, column in enumerate(layout.columns):
            x, y = (place // high * wide + across) * _PITCH, place % high * _PITCH
            address = Address(layout.table.id, row.code, column.code)
            if address in marked:
                shown.append(_mark(received, address, marked[address], counts.get(address, 0), x, y))
                continue
            cell = received.cells.get(address)
            kind = "gaps" if cell is None or cell.value is None else "totals" if row.parts or column.parts else "plain"
            squares[kind].append(f"M{x} {y}h{_SQUARE}v{_SQUARE}h-{_SQUARE}z")
    return PictureView(
        table=layout.table.id,
        name=table_name(form, layout.table, language),
        short_title=layout.table.short_title.of(language),
        width=(strips * wide - 1) * _PITCH - (_PITCH - _SQUARE),
        height=high * _PITCH - (_PITCH - _SQUARE),
        plain="".join(squares["plain"]),
        totals="".join(squares["totals"]),
        gaps="".join(squares["gaps"]),
        marks=tuple(shown),
    )


def _mark(received: Received, address: Address, mark: Mark, count: int, x: int, y: int) -> MarkView:
    form, language = received.form, received.language
    there = plain(where(received, Place(*address)))
    what = form.word(_WORDS.get(mark.severity, mark.severity), language)
    title = f"{there}: {what}" + (f" ({count})" if count > 1 else "")
    return MarkView(x, y, mark.severity, anchor(*address), title)
