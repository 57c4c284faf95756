"""Texts and addresses of cells for the annotator, whose child process has nothing but the standard library."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_CELL: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_AREA: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Za-z]{1,3})\$?([0-9]{1,7}))?")
_INDEX: Final = re.compile(r"[0-9]{1,9}")
_LAST_ROW: Final = 1_048_576
_LAST_COLUMN: Final = 16_384

Spot = tuple[int, int]
"""Row and column of a cell, counted from 1."""


def plain(text: str) -> str:
    """Return text with control and direction characters escaped; the same as that of `form1.core.texts`.

    >>> plain("Tür\\x1bkiyə\\u202e")
    'Tür\\\\x1bkiyə\\\\u202e'
    """
    return "".join(
        letter.encode("unicode_escape").decode("ascii") if unicodedata.category(letter) in _UNSEEN else letter
        for letter in text
    )


def index(text: str | None, otherwise: int = 0) -> int:
    """Return a number without sign of at most nine digits, `otherwise` for any other text.

    >>> [index("12"), index("-1"), index("9" * 6000), index(None, 5)]
    [12, 0, 0, 5]
    """
    return int(text) if text is not None and _INDEX.fullmatch(text) else otherwise


def spot(cell: str) -> Spot:
    """Return row and column of an address such as `D17`; ValueError when no sheet has it.

    >>> spot("D17")
    (17, 4)
    """
    match = _CELL.fullmatch(cell)
    row, column = (int(match[2]), column_number(match[1])) if match else (0, 0)
    if not (1 <= row <= _LAST_ROW and 1 <= column <= _LAST_COLUMN):
        raise ValueError(f"{plain(cell)!r} is not the address of a cell")
    return row, column


def area(ref: str) -> tuple[int, int, int, int] | None:
    """Return left, top, right, bottom of a range; None when it is not one of cells.

    >>> [area("B2:$D$9"), area("C3"), area("A:B")]
    [(2, 2, 4, 9), (3, 3, 3, 3), None]
    """
    match = _AREA.fullmatch(ref)
    if match is None:
        return None
    left, top = column_number(match[1]), int(match[2])
    return left, top, column_number(match[3] or match[1]), int(match[4] or match[2])


def column_number(letters: str) -> int:
    """Return the number of a column from its letters.

    >>> [column_number(letters) for letters in ("A", "z", "AA", "XFD")]
    [1, 26, 27, 16384]
    """
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - ord("A") + 1
    return number
