"""Writing into a workbook of another hand: its formats stay, and what cannot be kept is said."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from zipfile import ZipFile

from form1.render.workbook.package import pack

if TYPE_CHECKING:
    from openpyxl import Workbook

Spot = tuple[str, int, int]
"""Sheet, row, column."""
_LOST: Final = {
    "shapes": rb"<xdr:(?:sp|cxnSp|grpSp)\b",
    "controls": rb"<controls\b",
    "header pictures": rb"<legacyDrawingHF\b",
    "extensions": rb"<extLst\b",
    "background": rb"<picture\b",
    "printer settings": rb"printerSettings[0-9]+\.bin",
}
"""What the library may not keep, and how it is known in the package."""
_NUMBER_FORMAT: Final = "0"


@dataclass(frozen=True)
class Written:
    """A filled blank: its bytes, cells that held text of their own and were left alone, and what was not kept."""

    content: bytes
    taken: tuple[Spot, ...]
    replaced: int
    """Formulas that gave way to the numbers that they would have given."""
    lost: tuple[str, ...]


class BlankBook:
    """A blank workbook as it was laid."""

    def __init__(self, content: bytes) -> None:
        from openpyxl import load_workbook

        self._content = content
        self._book: Workbook = load_workbook(io.BytesIO(content), rich_text=True)

    def framed(self, sheet: str, row: int, column: int) -> bool:
        """True when a cell has a border at its left or at its foot."""
        border = self._book[sheet].cell(row, column).border
        return bool(border and (border.left.style or border.bottom.style))

    def has(self, sheet: str) -> bool:
        """True when there is such a sheet."""
        return sheet in self._book.sheetnames

    def fill(self, counts: Mapping[Spot, int | str], texts: Mapping[Spot, str]) -> Written:
        """Write counts (a number, or the sign of its absence) and texts; return the workbook.

        A count is never written over text; the formats, widths, merges and print settings of the blank stay.
        """
        taken: list[Spot] = []
        replaced = 0
        for spot, value in counts.items():
            cell = self._book[spot[0]].cell(*spot[1:])
            if cell.data_type == "f":
                replaced += 1
            elif cell.value is not None and not isinstance(cell.value, int | float) and str(cell.value).strip():
                taken.append(spot)
                continue
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
            elif cell.is_date or "%" in cell.number_format:
                cell.number_format = _NUMBER_FORMAT
        for spot, text in texts.items():
            cell = self._book[spot[0]].cell(*spot[1:])
            cell.value = text
            cell.data_type = "s"
        content = pack(self._book, {})
        return Written(content, tuple(taken), replaced, _lost(self._content, content))


def _lost(before: bytes, after: bytes) -> tuple[str, ...]:
    was, now = _marks(before), _marks(after)
    return tuple(name for name in _LOST if now[name] < was[name])


def _marks(content: bytes) -> Mapping[str, int]:
    with ZipFile(io.BytesIO(content)) as package:
        names = [name for name in package.namelist() if name.startswith("xl/") and name.endswith((".xml", ".rels"))]
        parts = [package.read(name) for name in names]
    return {name: sum(len(re.findall(mark, part)) for part in parts) for name, mark in _LOST.items()}
