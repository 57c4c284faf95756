"""Earlier periods, as far as they are there."""

from __future__ import annotations

from dataclasses import dataclass

from form1.cells import CellMap
from form1.texts import Text


@dataclass(frozen=True)
class History:
    """The cells of an earlier period, or the reason why there are none."""

    cells: CellMap | None
    reason: Text | None = None
