"""Heads: which rows of a grid are the head of its table, and what each of its columns holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from itertools import combinations, pairwise, permutations
from typing import Final

from form1.build.sources.grid import Grid
from form1.core.texts import LANGUAGES
from form1.definition.form import Form
from form1.definition.labels import Labels, Meaning, labels_of
from form1.definition.records import Table
from form1.definition.spelling import Folding, halves, tidy

_JOINTS = ("\n", " / ", "/", "|", ".", ", ", " ")
"""What stands between the labels of a header over two dimensions; a column code has a point."""
_MOST_ROWS: Final = 3
"""Rows that a head may have."""
_NUMBER: Final = re.compile(r"\s*[-−–+]?[0-9][0-9\s.,'’]*(?:e[+-]?[0-9]+)?\s*%?\s*", re.IGNORECASE)
_DAY: Final = re.compile(r"\s*[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}\s*")
_MARK: Final = re.compile(r"(?:\s*\[[0-9]{1,3}\])+\s*$")
"""Marks of notes behind a label of the printed form."""


class Role(StrEnum):
    """What a column of an export holds."""

    DIMENSION = "dimension"
    MEASURE = "measure"
    WIDE = "wide"
    PERIOD = "period"
    UNIT = "unit"
    CODE = "code"
    """Codes beside names: of which dimension, their values tell."""
    IGNORED = "ignored"
    SPANNING = "spanning"
    """A head over several columns that says nothing of any one of them."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Heading:
    """One header: the dimension of a labels' column, or the labels by dimension of a wide column of counts."""

    role: Role
    dimension: str = ""
    labels: Mapping[str, str] | None = None
    codes: tuple[str, ...] = ()
    """What the labels of a wide column mean, to see that no two columns mean the same."""
    caption: tuple[str, ...] = ()
    """Words above the labels that say nothing this program knows; allowed where all columns of counts bear them."""


@dataclass(frozen=True)
class Header:
    """The rows of the head: their places in the grid, the headings in order; `across` are the dimensions laid wide."""

    first: int
    row: int
    """The last row of the head."""
    headings: tuple[Heading, ...]
    across: tuple[str, ...]
    names: tuple[str, ...]
    """What stands above each column, from its first row to its last."""
    covers: int = 0
    """Dimensions of the table that the head tells."""


class Vocabulary:
    """The headers by which the columns of one table's export are known on a day."""

    def __init__(self, form: Form, table: Table, on: date) -> None:
        self.form, self.table, self.on = form, table, on
        self.folding = Folding.by(form.sources.look_alikes)
        self.columns = tuple(column.dimension for column in table.columns)
        # A table that prints its total alone may still get its detail; the contract then adds it up.
        spare = () if table.rows.detail or table.rows.dimension is None else (table.rows.dimension,)
        self.dimensions = (*table.rows.wanted, *spare, *self.columns)
        sources = form.sources
        measure = (sources.measure_id, *(sources.measure.of(x) for x in LANGUAGES), *sources.measure_headers)
        members = [text.of(x) for column in table.columns if (text := column.members) for x in LANGUAGES]
        line_codes = [form.word("line_code", language) for language in LANGUAGES]
        known: list[tuple[Heading, Iterable[str]]] = [
            (Heading(Role.SPANNING), (*sources.spanning_heads, *members)),
            (Heading(Role.CODE), sources.code_headers),
            (Heading(Role.UNIT), sources.unit_headers),
            (Heading(Role.IGNORED), (*sources.ignored_headers, *line_codes)),
            (Heading(Role.PERIOD), sources.period_headers),
            (Heading(Role.MEASURE), measure),
            *((Heading(Role.DIMENSION, name), self.headers_of(name)) for name in reversed(self.dimensions)),
        ]
        if table.rows.dimension:
            heads = [table.rows.heading.of(language) for language in LANGUAGES]
            known.append((Heading(Role.DIMENSION, table.rows.dimension), heads))
        self._known = {key: what for what, heads in known for head in heads for key in self.folding.name_keys(head)}
        self._headings: dict[str, Heading] = {}

    def headers_of(self, dimension: str) -> tuple[str, ...]:
        """Return the headers of a dimension, its identifier first."""
        known = self.form.dimension(dimension)
        return (known.id, *(known.name.of(language) for language in LANGUAGES), *known.headers)

    @cached_property
    def labels(self) -> dict[str, Labels]:
        """The labels of each dimension of the table."""
        return {dimension: labels_of(self.form, self.table, dimension, self.on) for dimension in self.dimensions}

    def heading(self, header: str) -> Heading:
        """Return what a header says, wide columns aside; of two halves (`Cins / Sex`) both must say the same."""
        if header not in self._headings:
            self._headings[header] = self._heading(header)
        return self._headings[header]

    def _heading(self, header: str) -> Heading:
        whole = self._one(header)
        if whole is not None:
            return whole
        for left, right in halves(tidy(without_mark(header))):
            first, second = self._one(left), self._one(right)
            if first is not None and first == second:
                return first
        return Heading(Role.UNKNOWN)

    def _one(self, header: str) -> Heading | None:
        header = without_mark(header).strip().rstrip(":")
        return next((self._known[key] for key in self.folding.name_keys(header) if key in self._known), None)

    def wide(self, header: str, across: Sequence[str]) -> Heading | None:
        """Return the heading of a column of counts for one label of each dimension in `across`, or None.

        A total alone, over several dimensions, is the total of them all.
        """
        header = without_mark(header)
        if len(across) > 1 and all(self.labels[name].resolve(header).meaning is Meaning.TOTAL for name in across):
            return self._labelled(dict.fromkeys(across, header))
        for parts in _cut(header, len(across)):
            for order in permutations(across):
                found = self._labelled(dict(zip(order, parts, strict=True)))
                if found:
                    return Heading(Role.WIDE, labels=found.labels, codes=self._codes(found.labels or {}, across))
        return None

    def _labelled(self, labels: Mapping[str, str]) -> Heading | None:
        means = [self.labels[dimension].resolve(label) for dimension, label in labels.items()]
        # A group over columns is a subtotal that the contract does not know.
        if not all(meant.meaning in {Meaning.CODE, Meaning.TOTAL} for meant in means):
            return None
        return Heading(Role.WIDE, labels=labels, codes=self._codes(labels, labels))

    def _codes(self, labels: Mapping[str, str], order: Iterable[str]) -> tuple[str, ...]:
        means = [self.labels[dimension].resolve(labels[dimension]) for dimension in order]
        return tuple(f"{meant.meaning}:{meant.raw}" for meant in means)

    def stack(self, parts: Sequence[str], across: Sequence[str]) -> Heading:
        """Return what the heads above a column say together, from the upper to the lower, where `across` lie wide."""
        known = [self.heading(part) for part in parts]
        said = [
            (part, heading)
            for part, heading in zip(parts, known, strict=True)
            if heading.role is not Role.SPANNING and not (heading.dimension and heading.dimension in across)
        ]
        plain = [heading for _, heading in said if heading.role is not Role.UNKNOWN]
        rest = [part for part, heading in said if heading.role is Role.UNKNOWN]
        if not rest:
            roles = {heading.role for heading in plain}
            if len(roles) == 1:
                return plain[-1]
            measured = roles <= {Role.MEASURE, Role.UNIT}
            return Heading(Role.MEASURE) if roles and measured else Heading(Role.UNKNOWN)
        if not across or any(heading.role is not Role.MEASURE for heading in plain):
            return Heading(Role.UNKNOWN)
        for captions in range(len(rest)):
            labels = [without_mark(part) for part in rest[captions:]]
            found = self._joined(labels, across)
            if found:
                return replace(found, caption=tuple(rest[:captions]))
        return Heading(Role.UNKNOWN)

    def _joined(self, labels: Sequence[str], across: Sequence[str]) -> Heading | None:
        if len(labels) == 1:
            return self.wide(labels[0], across)
        if len(labels) == len(across):
            for order in permutations(across):
                found = self._labelled(dict(zip(order, labels, strict=True)))
                if found:
                    return Heading(Role.WIDE, labels=found.labels, codes=self._codes(found.labels or {}, across))
        return None


def find_header(grid: Grid, vocabulary: Vocabulary, search_rows: int) -> Header | None:
    """Return the head that says most among the first rows of a grid, or None when no row says anything.

    It has one to three rows; a further row belongs to it only when more is known with it than without.
    """
    best: Header | None = None
    most = (0, 0)
    for first in range(min(search_rows, len(grid.rows))):
        own = _best_from(grid, vocabulary, first)
        if own is None:
            continue
        if _says(own) > most:
            best, most = own, _says(own)
        if own.covers == len(vocabulary.table.dimensions) and _counts(own):
            # A table begins here; what says more further down is another one. Its head may begin below a title.
            starts = (_best_from(grid, vocabulary, start) for start in range(first, own.row + 1))
            best = max((header for header in starts if header), key=lambda header: (_says(header), -header.first))
            break
    while best is not None and best.first < best.row:  # a title right above is no part of the head
        lower = read_header(grid, vocabulary, best.first + 1, best.row - best.first)
        if lower is None or _says(lower) < _says(best):
            break
        best = lower
    telling = {Role.DIMENSION, Role.MEASURE, Role.CODE}
    if best is None or any(heading.role in telling for heading in best.headings):
        return best
    return None if vocabulary.table.rows.wanted else best


def _best_from(grid: Grid, vocabulary: Vocabulary, first: int) -> Header | None:
    """Return the head that says most of those that begin with a row; of two that say the same the lower one."""
    best: Header | None = None
    for height in range(1, _MOST_ROWS + 1):
        header = read_header(grid, vocabulary, first, height)
        if header is None:
            break
        if best is None or _says(header) > _says(best):
            best = header
    return best


def read_header(grid: Grid, vocabulary: Vocabulary, first: int, height: int) -> Header | None:
    """Return what rows of a grid say when they are read as a head; None when they cannot be one: they hold numbers."""
    rows = range(first, first + height)
    if rows[-1] >= len(grid.rows) or grid.lines[rows[-1]] - grid.lines[first] != height - 1:
        return None
    if any(is_number(text) for text in grid.rows[rows[-1]]) or _is_letters(grid.rows[rows[-1]]):
        return None
    stacks = _stacks(grid, vocabulary, rows)
    dimensions = [_label_column(vocabulary, stack) for stack in stacks]
    present = set(filter(None, dimensions))
    missing = tuple(dimension for dimension in vocabulary.columns if dimension not in present)
    headings = [
        Heading(Role.DIMENSION, dimension)
        if dimension
        else (vocabulary.stack(stack, missing) if stack else Heading(Role.UNKNOWN))
        for stack, dimension in zip(stacks, dimensions, strict=True)
    ]
    laid = [heading for heading in headings if heading.role is Role.WIDE]
    if any(heading.caption for heading in laid) and (len({each.caption for each in laid}) > 1 or len(laid) < 2):
        # Words over some of the columns alone (last year, this year) tell them apart, and nobody knows how.
        headings = [Heading(Role.UNKNOWN) if heading.caption else heading for heading in headings]
        laid = [heading for heading in laid if not heading.caption]
    if laid:
        # Beside columns of counts a column "number of persons" is one more that nobody explained.
        headings = [Heading(Role.UNKNOWN) if heading.role is Role.MEASURE else heading for heading in headings]
    across = missing if laid else ()
    wanted = {*vocabulary.table.dimensions}
    names = tuple(" / ".join(stack) for stack in stacks)
    return Header(first, rows[-1], tuple(headings), across, names, len(wanted & {*present, *across}))


def is_number(text: str) -> bool:
    """True for what looks like a number, whole or not; a date is none."""
    return _NUMBER.fullmatch(text) is not None and _DAY.fullmatch(text) is None


def without_mark(text: str) -> str:
    """Return a text without the marks of notes behind it: `Kod [4]`."""
    return _MARK.sub("", text) if "[" in text else text


def _is_letters(row: Sequence[str]) -> bool:
    """True for the row that numbers columns by letters alone: `A`, `B`, `C`."""
    present = [text.strip() for text in row if text.strip()]
    return len(present) > 1 and present == list("ABCDEFGHIJ"[: len(present)])


def _stacks(grid: Grid, vocabulary: Vocabulary, rows: range) -> list[tuple[str, ...]]:
    """What stands above each column: an upper label reaches over its merged area, else over the blanks to its right."""
    width = max(len(grid.rows[row]) for row in rows)
    texts = [[*(text.strip() for text in grid.rows[row]), *[""] * (width - len(grid.rows[row]))] for row in rows]
    for at, row in enumerate(rows):
        line = grid.lines[row]
        wide = [area for area in grid.merges if area[0] <= line <= area[2]]
        for top, left, bottom, right in wide:
            above = top - grid.lines[rows[0]]
            if 0 <= above <= at and left < width:
                for column in range(left, min(right + 1, width)):
                    texts[at][column] = texts[above][left]
            del bottom
        if at == len(rows) - 1 or any(left < right for _, left, _, right in wide):
            continue
        for column in range(1, width):
            before = texts[at][column - 1]
            beneath = any(
                column < len(grid.rows[lower]) and grid.rows[lower][column].strip() for lower in rows[at + 1 :]
            )
            if not texts[at][column] and before and beneath and _spans(vocabulary, before):
                texts[at][column] = before
    return [tuple(dict.fromkeys(filter(None, (row[column] for row in texts)))) for column in range(width)]


def _spans(vocabulary: Vocabulary, text: str) -> bool:
    """True for a head that may stand over several columns: the column of a row's label has nothing beside it."""
    heading = vocabulary.heading(text)
    if heading.role is Role.DIMENSION:
        return heading.dimension in vocabulary.columns
    return heading.role in {Role.MEASURE, Role.UNKNOWN, Role.SPANNING}


def _label_column(vocabulary: Vocabulary, stack: Sequence[str]) -> str:
    """Return the dimension whose labels stand in a column, "" when the column holds something else.

    The lowest head decides: above the names of the rows a pivot writes the names of what lies across.
    """
    headings = [vocabulary.heading(part) for part in stack]
    named = [heading for heading in headings if heading.role is not Role.SPANNING]
    if not named or any(heading.role is not Role.DIMENSION for heading in named[-1:]):
        return ""
    if any(heading.role not in {Role.DIMENSION, Role.UNKNOWN, Role.MEASURE} for heading in named):
        return ""
    return named[-1].dimension


def _says(header: Header) -> tuple[int, int]:
    """How much a head tells: dimensions of the table, then columns that are known."""
    dimensions = {heading.dimension for heading in header.headings if heading.role is Role.DIMENSION}
    return header.covers, len(dimensions) + _counts(header)


def _counts(header: Header) -> int:
    """How many columns of counts a head names; in a long layout one."""
    roles = [heading.role for heading in header.headings]
    return roles.count(Role.WIDE) or int(Role.MEASURE in roles)


def _cut(header: str, parts: int) -> Iterator[tuple[str, ...]]:
    """Yield the ways to cut a header into as many labels as there are dimensions."""
    if parts == 1:
        yield (tidy(header),)
        return
    for joint in _JOINTS:
        words = [tidy(word) for word in header.split(joint)]
        if len(words) < parts:
            continue
        for cuts in combinations(range(1, len(words)), parts - 1):
            ends = (0, *cuts, len(words))
            yield tuple(joint.join(words[first:last]) for first, last in pairwise(ends))
