"""The marks that lead from places of the tables to numbered notes, for one form.

Notes are numbered in the order in which their marks are met: table by table, in each from the title down to the last
row, and the signs of the legend last. A note none of whose places is on this form has no number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from form1.core.periods import Period
from form1.core.texts import Text
from form1.definition.form import Form
from form1.definition.layout import Head, Layout
from form1.definition.notes import Anchor, Note

Where = Literal["title", "basis", "unit", "rows", "head", "row", "sign"]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of a form; `key` is the row code, the head as `level.first column`, or the sign."""

    table: str
    where: Where
    key: str = ""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A note with its number and the places of its marks, in order."""

    number: int
    note: Note
    spots: tuple[Spot, ...]

    @property
    def name(self) -> Text:
        """What the note is about: a note with places has a name."""
        return self.note.name or self.note.text

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that it is marked in."""
        return tuple(dict.fromkeys(spot.table for spot in self.spots if spot.table))


@dataclass(frozen=True)
class Marks:
    """The numbered notes of a form, in order, and the numbers at each place."""

    numbered: tuple[Numbered, ...] = ()
    by_spot: Mapping[Spot, tuple[int, ...]] = field(default_factory=dict)

    def at(self, table: str, where: Where, key: str = "") -> tuple[int, ...]:
        """Return the numbers of the notes at a place, in order."""
        return self.by_spot.get(Spot(table, where, key), ())

    def head(self, table: str, head: Head) -> tuple[int, ...]:
        """Return the numbers of the notes at a head."""
        return self.at(table, "head", _key(head))

    def number_of(self, note: Note) -> int:
        """Return the number of a note, 0 when it has none on this form."""
        return next((numbered.number for numbered in self.numbered if numbered.note.id == note.id), 0)


NO_MARKS: Final = Marks()


def marks(form: Form, period: Period, layouts: Mapping[str, Layout]) -> Marks:
    """Return the marks of the form of a period whose tables are laid out so."""
    spots: dict[Spot, list[Note]] = {}
    for note in form.notes:
        if note.is_marked(period):
            for anchor in note.at:
                layout = layouts.get(anchor.table or "")
                spot = Spot("", "sign", anchor.sign) if anchor.sign else spot_of(anchor, layout) if layout else None
                if spot is not None:
                    spots.setdefault(spot, []).append(note)
    met: dict[str, list[Spot]] = {}
    by_id = {note.id: note for note in form.notes}
    for spot in _in_order(form, period, layouts):
        for note in spots.get(spot, ()):
            met.setdefault(note.id, []).append(spot)
    numbers = {id: number for number, id in enumerate(met, start=1)}
    by_spot = {
        spot: tuple(sorted({numbers[note.id] for note in notes if note.id in numbers})) for spot, notes in spots.items()
    }
    return Marks(tuple(Numbered(numbers[id], by_id[id], tuple(at)) for id, at in met.items()), by_spot)


def spot_of(anchor: Anchor, layout: Layout) -> Spot | None:
    """Return where a place is in a table that is laid out so; None when the table has no such place."""
    table = layout.table.id
    if anchor.row:
        return Spot(table, "row", anchor.row) if anchor.row in layout.row else None
    if anchor.column:
        head = _head_over(anchor.column, layout)
        return Spot(table, "head", _key(head)) if head else None
    return Spot(table, anchor.part or "title")


def _head_over(code: str, layout: Layout) -> Head | None:
    """Return the innermost head over exactly the columns whose codes are `code` or begin with it."""
    over = [column.number for column in layout.columns if f"{column.code}.".startswith(f"{code}.")]
    exact = [head for head in layout.heads if over and (head.first, head.last) == (over[0], over[-1])]
    return max(exact, key=lambda head: head.level, default=None)


def _in_order(form: Form, period: Period, layouts: Mapping[str, Layout]) -> Iterator[Spot]:
    """Give every place at which a mark can stand, in the order of reading."""
    for table, layout in layouts.items():
        yield from (Spot(table, "title"), Spot(table, "basis"), Spot(table, "unit"), Spot(table, "rows"))
        yield from (Spot(table, "head", _key(head)) for head in layout.heads)
        yield from (Spot(table, "row", row.code) for row in layout.rows)
    for sign in form.codelists["conventional_signs"].on(period.last_day):
        yield Spot("", "sign", sign.code)


def _key(head: Head) -> str:
    return f"{head.level}.{head.first}"
