"""Values of cells: a whole number, or a status that says why there is none; and how each of them looks.

`show` is the one function that decides how a number looks in PDF, HTML, console and findings; `EXCEL_FORMAT`
says the same to a spreadsheet. The signs of absence come from `reference/codes/conventional_signs.csv`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

_COUNT: Final = re.compile(r"[0-9]{1,15}")
_THIN: Final = "\u00a0"

EXCEL_FORMAT: Final = '[>=1000000]#\\ ###\\ ##0;[=0]"{zero}";#\\ ##0'
"""Counts in groups of three with a space, zero as the sign for "absent"; fill in `zero`."""


class Status(StrEnum):
    """Why a cell has or has no number (SDMX observation status, reduced to what the form needs)."""

    NUMBER = "number"
    NOT_AVAILABLE = "not_available"
    NOT_APPLICABLE = "not_applicable"
    SUPPRESSED = "suppressed"


def parse_count(written: str) -> int | None:
    """Return the count that `written` holds, or None when it is not a whole number of 0 or more.

    Only ASCII digits count: `3.5`, `-2`, `1e3`, `1_000`, `٣` and `12 %` are faults, never rounded away.

    >>> [parse_count(text) for text in ("1204", "007", "3.5", "-2", "1e3", "٣", "1_58", "")]
    [1204, 7, None, None, None, None, None, None]
    """
    return int(written) if _COUNT.fullmatch(written) else None


def group_digits(number: int) -> str:
    """Return a number in groups of three, apart by a no-break space, with a real minus sign.

    >>> group_digits(-1204).replace("\\u00a0", " ")
    '−1 204'
    """
    return f"{abs(number):,}".replace(",", _THIN) if number >= 0 else "−" + f"{-number:,}".replace(",", _THIN)


def show(value: int | None, status: str, signs: Mapping[str, str]) -> str:
    """Return a cell as people read it: the number, the sign for zero, or the sign of its status.

    `signs` maps "zero" and each status other than "number" to its sign.
    """
    if status != Status.NUMBER or value is None:
        return signs[status]
    return group_digits(value) if value else signs["zero"]


def show_share(share: float, *, comma: bool) -> str:
    """Return a share as a percentage with one decimal, rounded half up, with a decimal comma where it is the custom.

    >>> show_share(0.2925, comma=True), show_share(0.0005, comma=False)
    ('29,3', '0.1')
    """
    return show_tenths(int(share * 1000 + (0.5 if share >= 0 else -0.5) + (1e-9 if share >= 0 else -1e-9)), comma=comma)


def show_tenths(tenths: int, *, comma: bool) -> str:
    """Return a percentage that is given in tenths.

    >>> show_tenths(-293, comma=True), show_tenths(12_345_678, comma=False).replace("\\u00a0", " ")
    ('−29,3', '1 234 567.8')
    """
    text = f"{group_digits(abs(tenths) // 10)}{',' if comma else '.'}{abs(tenths) % 10}"
    return f"−{text}" if tenths < 0 else text


def tenths(part: int, whole: int) -> int:
    """Return `part` of `whole` in tenths of a per cent, rounded half away from zero; `whole` is above zero.

    >>> tenths(1, 3), tenths(1, 2000), tenths(-1, 2000)
    (333, 1, -1)
    """
    rounded = (2000 * abs(part) + whole) // (2 * whole)
    return rounded if part >= 0 else -rounded
