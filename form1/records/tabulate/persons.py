"""The record that counts of every person, with Polars and in bounded memory: one share of the persons at a time.

As long as there are not too many persons, the only share is everybody, and one look at the records is enough. When
there are more, the share is halved and the others are left away; the records are then gone through again for each
of the other shares.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import narwhals as nw

from form1.records.tabulate import counting
from form1.records.tabulate.engines import Counted
from form1.records.tabulate.plan import Plan

if TYPE_CHECKING:
    import polars as pl

MOST_PERSONS: Final = 3_000_000
"""Lines of `counting.representatives` that are held at once, some 100 to 200 MB."""
FULL: Final = 0.75
"""Of these, more persons than this make the next slices join too often: the share is halved."""


class Persons:
    """The persons of one universe."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.shares = 1
        self._share = 0
        self._held: list[pl.DataFrame] = []
        self._lines = 0
        self._counted: Counter[tuple[int, int]] = Counter()

    @property
    def counted(self) -> Counted:
        """Persons by table and key, of the shares that were gone through."""
        return dict(self._counted)

    def of_share(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """Return the records of the persons of the present share."""
        import polars as pl

        if self.shares == 1:
            return frame
        return frame.filter(pl.col(counting.PERSON).hash() % self.shares == self._share)

    def add(self, best: pl.DataFrame) -> None:
        """Remember what `counting.representatives` gives of a slice."""
        self._held.append(best)
        self._lines += len(best)
        if self._lines <= MOST_PERSONS:
            return
        self._hold(self._joined().collect(engine="streaming"))
        while self._share == 0 and self._lines > MOST_PERSONS * FULL:
            self.shares *= 2
            self._hold(self.of_share(self._held[0].lazy()).collect())

    def _hold(self, best: pl.DataFrame) -> None:
        self._held, self._lines = [best], len(best)

    def _joined(self) -> pl.LazyFrame:
        import polars as pl

        frame = pl.concat(self._held).lazy()
        if len(self._held) == 1:
            return frame
        joined: pl.LazyFrame = counting.best_of(nw.from_native(frame), self.plan).to_native()
        return joined

    def next_share(self) -> bool:
        """Count the present share and begin the next; False when there is none."""
        if self._held:
            cells = counting.by_cell(nw.from_native(self._joined()), self.plan)
            frame = counting.margins(cells, self.plan).to_native().collect(engine="streaming")
            self._counted.update({(table, key): records for table, key, records in frame.iter_rows()})
        self._held, self._lines = [], 0
        self._share += 1
        return self._share < self.shares
