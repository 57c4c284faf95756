"""Earlier periods, as far as they are there: what rules and summary compare a form with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from form1.core.cells import Address, CellMap
from form1.core.texts import Text


@dataclass(frozen=True)
class History:
    """The cells of an earlier period at the addresses of this one, or the reason why there are none."""

    cells: CellMap | None
    reason: Text | None = None
    is_published: bool = True
    """False when the cells were filled from exports, because no edition of the period stands."""
    breaks: Mapping[Address, Text] = field(default_factory=dict)
    """Why a row (its column empty) or a column (its row empty) has no match in the earlier period."""

    def why_not(self, address: Address) -> Text | None:
        """Return the reason why a cell cannot be compared with the earlier period, or None when it can."""
        if not self.breaks:
            return None
        table, row, column = address
        return self.breaks.get(Address(table, row, "")) or self.breaks.get(Address(table, "", column))
