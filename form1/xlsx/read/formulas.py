"""Computing again what simple formulas of a received workbook say: SUM, plus, minus, numbers and plain references.

Nothing else is computed, nothing is fetched, and the work is bounded; what cannot be computed has a reason.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final

from form1.xlsx.read.raw import RawBook, RawCell

_TOKEN: Final = re.compile(
    r"""\s*(?:
      (?P<sheet>'(?:[^']|'')+'!|[^\W\d][\w.]*!)?\$?(?P<left>[A-Za-z]{1,3})\$?(?P<top>[1-9][0-9]{0,6})
        (?::\$?(?P<right>[A-Za-z]{1,3})\$?(?P<bottom>[1-9][0-9]{0,6}))?(?![\w(.!\[])
      |(?P<number>[0-9]+(?:\.[0-9]+)?)(?![\w.:!])
      |(?P<sum>SUM)\s*\(
      |(?P<mark>[-+(),;])
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_ANCHORS: Final = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)([1-9][0-9]{0,6})")
_EXTERNAL: Final = re.compile(r"\[[^\[\]]*\]")
_QUOTED: Final = re.compile(r'"(?:[^"]|"")*"')
_NUMBER: Final = re.compile(r"-?[0-9]{1,40}(?:\.[0-9]{1,60})?(?:[Ee][-+]?[0-9]{1,3})?")
_MOST_DIGITS: Final = 30
_DEEPEST: Final = 60
_MOST_STEPS: Final = 2_000_000

Spot = tuple[str, int, int]
"""Sheet, row, column."""


class NotComputed(Exception):
    """A formula that is not computed again here."""


@dataclass(frozen=True, slots=True)
class _Area:
    sheet: str
    top: int
    left: int
    bottom: int
    right: int


def number_of(text: str) -> Decimal | None:
    """Return a stored number; None for infinities, strange digits and numbers beyond all counts.

    >>> [number_of(text) for text in ("1204", "1.2E3", "1e999", "inf", "١٢", "1_000")]
    [Decimal('1204'), Decimal('1.2E+3'), None, None, None, None]
    """
    if not _NUMBER.fullmatch(text):
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.adjusted() <= _MOST_DIGITS and number.is_finite() else None


def is_external(formula: str) -> bool:
    """True when a formula draws on another workbook.

    >>> [is_external(text) for text in ("[1]Sheet1!A1", "'C:\\\\[b.xlsx]S'!A1", "SUM(Table1[men])", 'A1&"[x]!"')]
    [True, True, False, False]
    """
    bare = _QUOTED.sub("", formula)
    first = _EXTERNAL.search(bare)
    return first is not None and "!" in bare[first.end() :]


def has_constant(formula: str) -> bool:
    """True when a number is written into a formula beside what it adds up.

    >>> [has_constant(text) for text in ("SUM(B2:B9)+5", "B2+B3", "SUM(B2:B9,3)")]
    [True, False, True]
    """
    return any(match["number"] for match in _TOKEN.finditer(formula))


@dataclass
class Computer:
    """Computes the formulas of one workbook."""

    book: RawBook
    _known: dict[Spot, Decimal] = field(default_factory=dict)
    _open: set[Spot] = field(default_factory=set)
    _steps: int = 0

    def __post_init__(self) -> None:
        self._sheets: Mapping[str, Mapping[tuple[int, int], RawCell]] = {
            sheet.name.casefold(): sheet.cells for sheet in self.book.sheets
        }

    def value(self, sheet: str, row: int, column: int) -> Decimal:
        """Return what the formula of a cell gives; NotComputed when it is not a formula of the simple kind."""
        try:
            return self._computed((sheet.casefold(), row, column))
        except RecursionError:
            raise NotComputed from None

    def _computed(self, spot: Spot) -> Decimal:
        if spot in self._known:
            return self._known[spot]
        if spot in self._open or len(self._open) >= _DEEPEST:
            raise NotComputed
        cell = self._sheets[spot[0]][spot[1], spot[2]]
        self._open.add(spot)
        try:
            self._known[spot] = _Reading(self, spot, cell).total()
        finally:
            self._open.discard(spot)
        return self._known[spot]

    def content(self, spot: Spot, *, alone: bool) -> Decimal:
        """Return the number of a cell; in a SUM texts and truth values count as nothing, `alone` they are no number."""
        self._steps += 1
        if self._steps > _MOST_STEPS or spot[0] not in self._sheets:
            raise NotComputed
        cell = self._sheets[spot[0]].get((spot[1], spot[2]))
        if cell is None:
            return Decimal(0)
        if cell.formula:
            return self._computed(spot)
        number = number_of(cell.text) if cell.kind == "n" else None
        if number is not None:
            return number
        if cell.kind in {"t", "b"} and not alone:
            return Decimal(0)
        raise NotComputed

    def area(self, area: _Area) -> Decimal:
        """Return the sum over an area."""
        cells = self._sheets.get(area.sheet)
        if cells is None or self._steps > _MOST_STEPS:
            raise NotComputed
        rows, columns = range(area.top, area.bottom + 1), range(area.left, area.right + 1)
        if len(rows) * len(columns) > len(cells):
            self._steps += len(cells)
            inside = [at for at in cells if at[0] in rows and at[1] in columns]
        else:
            inside = [(row, column) for row in rows for column in columns]
        return sum((self.content((area.sheet, *at), alone=False) for at in inside), Decimal(0))


class _Reading:
    """One formula, read from left to right: terms apart by plus and minus, inside brackets and SUM."""

    def __init__(self, computer: Computer, spot: Spot, cell: RawCell) -> None:
        self._computer, self._spot = computer, spot
        row, column = cell.shared_from or spot[1:]
        self._down, self._across = spot[1] - row, spot[2] - column
        self._tokens = self._split(cell.formula)
        self._next = 0

    @staticmethod
    def _split(formula: str) -> list[re.Match[str]]:
        tokens: list[re.Match[str]] = []
        at, formula = 0, formula.strip().removeprefix("=")
        while at < len(formula):
            match = _TOKEN.match(formula, at)
            if match is None:
                raise NotComputed
            tokens.append(match)
            at = match.end()
        return tokens

    def total(self) -> Decimal:
        value = self._sum_of_terms(0)
        if self._next != len(self._tokens):
            raise NotComputed
        return value

    def _sum_of_terms(self, depth: int) -> Decimal:
        if depth > _DEEPEST:
            raise NotComputed
        value = self._term(depth)
        while self._mark() in {"+", "-"}:
            sign = -1 if self._mark() == "-" else 1
            self._next += 1
            value += sign * self._term(depth)
        return value

    def _term(self, depth: int) -> Decimal:
        sign = 1
        while self._mark() in {"+", "-"}:
            sign = -sign if self._mark() == "-" else sign
            self._next += 1
        token = self._take()
        if token["number"]:
            return sign * Decimal(token["number"])
        if token["sum"]:
            return sign * self._arguments(depth)
        if token["mark"] == "(":
            value = self._sum_of_terms(depth + 1)
            if self._take()["mark"] != ")":
                raise NotComputed
            return sign * value
        if token["left"] and not token["right"]:
            area = self._area(token)
            return sign * self._computer.content((area.sheet, area.top, area.left), alone=True)
        raise NotComputed

    def _arguments(self, depth: int) -> Decimal:
        value = Decimal(0)
        while True:
            token = self._tokens[self._next] if self._next < len(self._tokens) else None
            after = self._tokens[self._next + 1]["mark"] if self._next + 1 < len(self._tokens) else None
            if token is not None and token["left"] and after in {",", ")"}:
                self._next += 1
                value += self._computer.area(self._area(token))
            else:
                value += self._sum_of_terms(depth + 1)
            mark = self._take()["mark"]
            if mark == ")":
                return value
            if mark != ",":
                raise NotComputed

    def _area(self, token: re.Match[str]) -> _Area:
        """Return the area that a reference means; those of a shared formula move along unless they are fixed by $."""
        corners = [self._corner(found) for found in _ANCHORS.finditer(token[0].rpartition("!")[2])]
        (top, left), (bottom, right) = corners[0], corners[-1]
        sheet = token["sheet"]
        name = sheet[:-1].strip("'").replace("''", "'").casefold() if sheet else self._spot[0]
        return _Area(name, min(top, bottom), min(left, right), max(top, bottom), max(left, right))

    def _corner(self, found: re.Match[str]) -> tuple[int, int]:
        column = 0
        for letter in found[2].upper():
            column = column * 26 + ord(letter) - 64
        return (
            int(found[4]) + (0 if found[3] else self._down),
            column + (0 if found[1] else self._across),
        )

    def _mark(self) -> str | None:
        return self._tokens[self._next]["mark"] if self._next < len(self._tokens) else None

    def _take(self) -> re.Match[str]:
        if self._next >= len(self._tokens):
            raise NotComputed
        self._next += 1
        return self._tokens[self._next - 1]
