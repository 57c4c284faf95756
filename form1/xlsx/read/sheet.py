"""One worksheet's XML, and the table of shared texts: read once, front to back, with limits.

The declared dimension of a sheet is not looked at; a cell without a reference stands right of the one before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from form1.xlsx.read.markup import new_parser
from form1.xlsx.read.pieces import LONGEST_TEXT, Pieces, parse, tags, text_of
from form1.xlsx.read.raw import Area, Disguise, RawCell, RawSheet, RawText, cell_name
from form1.xlsx.read.refusal import FORMS, MOST_DEPTH, Bounds, Refused

_TAGS: Final = tags("sheetData", "row", "c", "v", "f", "is", "t", "rPh", "col", "mergeCell", "r", "vertAlign", "strike")
_KINDS: Final = {"n": "n", "s": "t", "str": "t", "inlineStr": "t", "b": "b", "e": "e", "d": "d"}
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_NUMBER: Final = re.compile(r"[0-9]{1,9}")
_QUOTED: Final = re.compile(r'"[^"]*"|\'[^\']*\'')
_LIVE: Final = re.compile(r"\|[^|]*!|\bDDE(?:AUTO)?\s*\(", re.IGNORECASE)
_FETCHING: Final = re.compile(
    r"(?:\b|_XLFN\.|_XLUDF\.)(WEBSERVICE|RTD|CALL|REGISTER(?:\.ID)?|EXEC|IMAGE|STOCKHISTORY|SQL\.REQUEST|CUBE[A-Z]+)\s*\(",
    re.IGNORECASE,
)
"""Functions that fetch from outside, or call other programs."""
LONGEST_FORMULA: Final = 8192
_MOST_MERGES: Final = 200_000
_MOST_UNSEEN: Final = 20_000
_LEAST_WIDTH: Final = 0.3
"""Letters."""
_LEAST_HEIGHT: Final = 1.0
"""Points."""
_MEASURE: Final = re.compile(r"[0-9]{1,9}(?:\.[0-9]{0,30})?(?:[Ee]-?[0-9]{1,3})?")


@dataclass(frozen=True)
class Tables:
    """What cells point at: shared texts, and by style the number format and the mark of the font."""

    strings: tuple[RawText, ...] = ()
    formats: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    unseen: frozenset[int] = frozenset()
    """The styles whose letters have the colour of their ground."""


@dataclass
class Limits:
    """How many cells may still be read, over all sheets, and the bounds for each sheet."""

    cells: int
    bounds: Bounds = FORMS


def is_live_link(formula: str) -> bool:
    """True when a formula asks another program for its value (`cmd|'/c calc'!A1`, `DDE(…)`).

    >>> [is_live_link(text) for text in ("cmd|'/c calc'!A0", "SUM(A1:A3)", "'a|b'!A1", 'DDE("soffice","x","y")')]
    [True, False, False, True]
    """
    return ("|" in formula or "DDE" in formula.upper()) and _LIVE.search(_QUOTED.sub("", formula)) is not None


def fetching_function(formula: str) -> str:
    """Return the function by which a formula fetches something from outside or calls another program; "" for none.

    >>> [fetching_function(text) for text in ('_xlfn.WEBSERVICE("http://x")', "SUM(A1)", '"CALL(me)"', "RECALL(1)")]
    ['WEBSERVICE', '', '', '']
    """
    found = _FETCHING.search(_QUOTED.sub("", formula)) if "(" in formula else None
    return found[1].upper() if found else ""


def read_sheet(name: str, part: str, state: str, content: bytes, tables: Tables, limits: Limits) -> RawSheet:
    """Return the non-empty cells of a worksheet; Refused when they cannot be trusted to stand where they say."""
    reader = _Reader(name, tables, limits)
    parser = new_parser(part)
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    reader.part = part
    parse(parser, part, content)
    return RawSheet(
        name,
        part,
        state if state in {"hidden", "veryHidden"} else "visible",
        reader.cells,
        tuple(reader.merges),
        frozenset(reader.hidden_rows),
        frozenset(reader.hidden_columns),
        tuple(Disguise("colour", (row, column, row, column)) for row, column in reader.unseen[:_MOST_UNSEEN]),
    )


class _Reader:
    """The handlers of one worksheet, and what they have met so far."""

    def __init__(self, name: str, tables: Tables, limits: Limits) -> None:
        self.name, self.tables, self.limits, self.part = name, tables, limits, ""
        self.cells: dict[tuple[int, int], RawCell] = {}
        self.merges: list[Area] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.unseen: list[tuple[int, int]] = []
        self.alternate = 0
        self.shared: dict[str, tuple[str, tuple[int, int]]] = {}
        self.depth = self.row = self.column = 0
        self.in_data = self.aside = False
        self.pieces: list[str] | None = None
        self.columns: dict[str, int] = {}
        self.begin_cell({})

    def begin_cell(self, attributes: dict[str, str]) -> None:
        self.cell = attributes
        self.value: str | None = None
        self.inline = Pieces()
        self.formula: str | None = None
        self.formula_at: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        tag = _TAGS.get(name)
        if tag is None:
            if self.depth > MOST_DEPTH:
                raise Refused("received_damaged", part=self.part)
            if name.endswith(" AlternateContent"):
                if self.in_data:
                    raise Refused("received_alternate", part=self.part)
                self.alternate += 1
        elif tag == "c":
            self.begin_cell(attributes)
            self._place(attributes.get("r"))
        elif tag in {"v", "t"}:
            self.pieces = []
        elif tag == "f":
            self.pieces, self.formula_at = [], attributes
        elif tag == "row":
            self._begin_row(attributes)
        elif tag == "sheetData":
            if self.alternate:
                raise Refused("received_alternate", part=self.part)
            self.in_data = True
        elif tag == "rPh":
            self.aside = True
        elif tag == "r":
            self.inline.begin_run()
        elif tag in {"vertAlign", "strike"}:
            self.inline.property_of(tag, attributes.get("val"))
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif tag == "col" and (_true(attributes.get("hidden")) or _below(attributes.get("width"), _LEAST_WIDTH)):
            first, last = _whole(attributes.get("min")), _whole(attributes.get("max"))
            if first and last:
                self.hidden_columns.update(range(first, min(last, self.limits.bounds.columns) + 1))

    def end(self, name: str) -> None:
        self.depth -= 1
        tag = _TAGS.get(name)
        if tag == "c":
            if self.value is not None or self.inline.texts or self.formula is not None:
                self._keep()
        elif tag == "v":
            self.value, self.pieces = "".join(self.pieces or ()), None
        elif tag == "t":
            if not self.aside and self.pieces:
                self.inline.add("".join(self.pieces))
            self.pieces = None
        elif tag == "f":
            self.formula, self.pieces = "".join(self.pieces or ()), None
        elif tag == "rPh":
            self.aside = False
        elif tag == "sheetData":
            self.in_data = False
        elif self.alternate and name.endswith(" AlternateContent"):
            self.alternate -= 1

    def characters(self, text: str) -> None:
        if self.pieces is not None:
            self.pieces.append(text)

    def _begin_row(self, attributes: dict[str, str]) -> None:
        written = attributes.get("r")
        number = self.row + 1 if written is None else _whole(written)
        if not number or number <= self.row:
            raise Refused("received_damaged", part=self.part)
        self.row, self.column = number, 0
        if _true(attributes.get("hidden")) or _below(attributes.get("ht"), _LEAST_HEIGHT):
            self.hidden_rows.add(number)

    def _place(self, reference: str | None) -> None:
        """Find out where a cell stands; its row must be the row that it is written in."""
        if reference is None:
            self.column += 1
            return
        match = _REFERENCE.fullmatch(reference)
        if match is None or int(match[2]) != self.row or not self.in_data:
            raise Refused("received_damaged", part=self.part)
        letters = match[1]
        if letters not in self.columns:
            number = 0
            for letter in letters:
                number = number * 26 + ord(letter) - 64
            self.columns[letters] = number
        self.column = self.columns[letters]

    def _keep(self) -> None:
        at = (self.row, self.column)
        bounds = self.limits.bounds
        if self.row > bounds.rows or self.column > bounds.columns:
            raise Refused("received_far_cell", sheet=self.name, cell=cell_name(*at))
        if at in self.cells:
            raise Refused("received_cell_twice", sheet=self.name, cell=cell_name(*at))
        self.limits.cells -= 1
        if self.limits.cells < 0:
            raise Refused("received_many_cells", bound=bounds.cells)
        written = self.cell.get("t", "n")
        kind = _KINDS.get(written)
        if kind is None:
            raise Refused("received_damaged", part=self.part)
        text, unmarked, mark = self._stored(written)
        formula, shared_from = self._formula(at)
        if formula or (text and (kind != "t" or not text.isspace())):
            style = _whole(self.cell.get("s", "0"))
            marks = self.tables.marks
            if style is not None and style < len(marks) and marks[style]:
                # The font of the cell holds for all of it; runs with a font of their own are rare beside it.
                unmarked, mark = "", marks[style]
            self.cells[at] = RawCell(kind, text, self._format(style), formula, shared_from, unmarked, mark)
            if style in self.tables.unseen:
                self.unseen.append(at)

    def _stored(self, written: str) -> RawText:
        if written == "inlineStr":
            return self.inline.text()
        value = self.value or ""
        if written == "s" and value:
            index = _whole(value.strip())
            if index is None or index >= len(self.tables.strings):
                raise Refused("received_damaged", part=self.part)
            return self.tables.strings[index]
        return RawText(text_of([value]) if written == "str" else value.strip()[:LONGEST_TEXT])

    def _formula(self, at: tuple[int, int]) -> tuple[str, tuple[int, int] | None]:
        if self.formula is None:
            return "", None
        text, kind = self.formula[:LONGEST_FORMULA], self.formula_at.get("t", "normal")
        if is_live_link(text):
            raise Refused("received_live_link")
        if function := fetching_function(text):
            raise Refused("received_function", function=function, sheet=self.name, cell=cell_name(*at))
        if kind == "dataTable":
            return "TABLE()", None
        if kind == "shared":
            index = self.formula_at.get("si", "")
            if text:
                self.shared[index] = (text, at)
            elif index in self.shared:
                text, origin = self.shared[index]
                return text, origin
        return text or "?", None

    def _format(self, style: int | None) -> str:
        formats = self.tables.formats
        return formats[style] if style is not None and style < len(formats) else "General"

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        corners = [_REFERENCE.fullmatch(corner) for corner in (first, last or first)]
        if len(self.merges) >= _MOST_MERGES or corners[0] is None or corners[1] is None:
            raise Refused("received_damaged", part=self.part)
        (left, top), (right, bottom) = ((_column(match[1]), int(match[2])) for match in corners if match)
        self.merges.append((top, left, bottom, right))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _whole(written: str | None) -> int | None:
    return int(written) if written is not None and _NUMBER.fullmatch(written) else None


def _below(written: str | None, least: float) -> bool:
    """True when a width or height is so small that nobody sees what stands there."""
    return written is not None and _MEASURE.fullmatch(written) is not None and float(written) < least


def _true(written: str | None) -> bool:
    return written in {"1", "true"}
