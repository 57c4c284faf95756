"""One cell of the form over several periods, whichever version of the form each of them is in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from form1.core.cells import Address, Cell, CellMap
from form1.core.periods import Period
from form1.core.texts import Text
from form1.definition.bridge import Fate, Past
from form1.definition.carried import recalculated, why_not
from form1.definition.form import Form


@dataclass(frozen=True)
class Point:
    """The number of one period; `cell` is None where there is none, and `how` says why, or how it was found."""

    period: Period
    cell: Cell | None
    fate: Fate
    how: Text | None = None
    """None where the row is the very same."""


def series(form: Form, cells: Mapping[Period, CellMap], now: Period, address: Address) -> tuple[Point, ...]:
    """Return the numbers that a cell of the form for `now` stands for, in the order of the periods.

    A row that has another code is followed; rows that were brought together are added up, and so is a group whose
    members changed; a row that was divided, or was not there, has no number in earlier periods.
    """
    later = form.of(now)
    periods = sorted((period for period in cells if form.covers(period)), key=lambda period: period.in_time)
    return tuple(_point(form.of(period), cells[period], period, later, now, address) for period in periods)


def _point(was: Form, cells: CellMap, period: Period, form: Form, now: Period, address: Address) -> Point:
    table, row, column = address
    if table not in was.tables or not any(at[0] == table for at in cells):
        return Point(period, None, Fate.NEW, form.words["series_table_absent"].filled(table=table))
    cell, (past_row, past_column), rows = recalculated(cells, was, period, form, now, address)
    if cell is not None:
        fate = next((p.fate for p in (past_row, past_column) if p.fate is not Fate.FOLLOWED), Fate.FOLLOWED)
        codes = _codes(rows, row, past_column, column)
        word = "series_followed" if fate is Fate.FOLLOWED else "series_added_up"
        return Point(period, cell, fate, form.words[word].filled(codes=codes) if codes else None)
    whole = past_column if past_row.fate is Fate.FOLLOWED else past_row
    side = Address(table, "", column) if whole is past_column else Address(table, row, "")
    return Point(period, None, whole.fate, why_not(was, form, side, whole, period))


def _codes(rows: Iterable[str], row: str, past: Past, column: str) -> str:
    """The codes under which a number stood, where they are not those of now."""
    told = [" + ".join(codes) for codes, own in ((tuple(rows), row), (past.codes, column)) if codes != (own,)]
    return " / ".join(told)
