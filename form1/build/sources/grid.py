"""A grid: what a text file, a sheet or a Parquet file holds, as rows of text, each with its line number."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from form1.core.errors import SourceError
from form1.core.findings import Fact
from form1.xlsx.read.raw import Mark

MOST_BYTES: Final = 64 * 1024**2
MOST_ROWS: Final = 200_000


_FOOTNOTE: Final = re.compile(r"\(?(?:[0-9]{1,2}|[^\W\d_])\)?(?:\s*[,;]\s*(?:[0-9]{1,2}|[^\W\d_])\)?)*|[*†‡§]{1,4}\)?")
_CODE: Final = re.compile(r"[A-Z]{1,3}|[A-Z0-9.+-]*[0-9][A-Z0-9.+-]*")
_LEAST_LETTERS: Final = 3


class Unreadable(SourceError):
    """A file that cannot be read; `message` names its sentence in messages.toml, `facts` fill it."""

    def __init__(self, message: str, line: int = 0, sheet: str = "", **facts: Fact) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.sheet = sheet
        self.facts: Mapping[str, Fact] = facts


@dataclass(frozen=True, slots=True)
class Remark:
    """What is odd about the number of one cell of a sheet: a finding where the cell turns out to be a count."""

    line: int
    cell: str
    """The letter of its column."""
    message: str
    facts: Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Marked:
    """A cell of a sheet in which something is raised, lowered or struck out."""

    line: int
    column: int
    """From 0."""
    whole: str
    """Its text with everything in it."""
    rest: str
    """Its text without what is marked; empty when all of it is."""
    mark: str
    """`Mark` of the reader of workbooks."""

    @property
    def is_footnoted(self) -> bool:
        """True for a label with a raised sign of a footnote behind it: no code, no number, nothing struck out.

        >>> texts = [("Kişi1)", "Kişi"), ("6633", "663"), ("TR1", "TR")]
        >>> [Marked(1, 0, whole, rest, "raised").is_footnoted for whole, rest in texts]
        [True, False, False]
        """
        sign = self.whole[len(self.rest) :].strip()
        label = self.rest.strip()
        return (
            self.mark == Mark.RAISED
            and self.whole.startswith(self.rest)
            and _FOOTNOTE.fullmatch(sign) is not None
            and _CODE.fullmatch(label) is None
            and sum(map(str.isalpha, label)) >= _LEAST_LETTERS
        )

    @property
    def read(self) -> str:
        """The text that is read: without the sign of a footnote, else with everything."""
        return self.rest.rstrip() if self.is_footnoted else self.whole


@dataclass(frozen=True)
class Grid:
    """Rows of text; `lines` are the line numbers of the rows in the file or sheet, blank rows are left out."""

    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    sheet: str = ""
    lettered: bool = False
    """True when columns go by letters (a sheet), false when they go by their headers."""
    merges: tuple[tuple[int, int, int, int], ...] = ()
    """Merged areas of a sheet: first line, first column, last line, last column; lines from 1, columns from 0."""
    hidden_lines: frozenset[int] = frozenset()
    """Lines of a sheet that people do not see."""
    hidden_columns: frozenset[int] = frozenset()
    """Columns of a sheet, from 0, that people do not see."""

    hidden: bool = False
    """True for a sheet that people do not see."""
    open_end: bool = False
    """True for a text whose last line has no end while those before it have one: it may be cut."""
    delimiter: str = ""
    """What stands between the fields of a text."""
    remarks: tuple[Remark, ...] = ()
    marked: tuple[Marked, ...] = ()

    def column_name(self, column: int, header: str) -> str:
        """Return how people find a column: its letter in a sheet, else its header, else its number."""
        return letter(column) if self.lettered else header.strip() or str(column + 1)


def letter(column: int) -> str:
    """Return the letters of a sheet's column, counted from 0.

    >>> [letter(column) for column in (0, 25, 26, 701, 702)]
    ['A', 'Z', 'AA', 'ZZ', 'AAA']
    """
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def as_text(value: object) -> str:
    """Return the value of a Parquet file's cell as text: nothing is rounded, nothing is made a number.

    A whole number kept as a float or a decimal becomes its digits, bytes become the text that they are in UTF-8;
    fractions, truth values, dates and errors stay visible.

    >>> [as_text(value) for value in (1204, 1204.0, 3.5, True, None, date(2026, 10, 14), float("nan"))]
    ['1204', '1204', '3.5', 'TRUE', '', '2026-10-14', 'nan']
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, Decimal) and value.is_finite():
        return str(int(value)) if value == int(value) else format(value.normalize(), "f")
    if isinstance(value, float):
        return str(int(value)) if math.isfinite(value) and value.is_integer() else repr(value)
    if isinstance(value, datetime) and (value.hour, value.minute, value.second, value.microsecond) == (
        0,
        0,
        0,
        0,
    ):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
