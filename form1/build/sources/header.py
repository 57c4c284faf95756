"""Headers: which row of a grid is the header, and what each of its columns holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from itertools import combinations, pairwise, permutations

from form1.build.sources.grid import Grid
from form1.core.texts import LANGUAGES
from form1.definition.form import Form
from form1.definition.labels import Labels, Meaning, labels_of
from form1.definition.records import Table
from form1.definition.spelling import Folding, tidy

_JOINTS = ("\n", " / ", "/", "|", ".", ", ", " ")
"""What stands between the labels of a header over two dimensions; a column code has a point."""


class Role(StrEnum):
    """What a column of an export holds."""

    DIMENSION = "dimension"
    MEASURE = "measure"
    WIDE = "wide"
    PERIOD = "period"
    IGNORED = "ignored"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Heading:
    """One header: the dimension of a labels' column, or the labels by dimension of a wide column of counts."""

    role: Role
    dimension: str = ""
    labels: Mapping[str, str] | None = None
    codes: tuple[str, ...] = ()
    """What the labels of a wide column mean, to see that no two columns mean the same."""


@dataclass(frozen=True)
class Header:
    """The header row: its place in the grid, and its headings in order; `across` are the dimensions laid wide."""

    row: int
    headings: tuple[Heading, ...]
    across: tuple[str, ...]


class Vocabulary:
    """The headers by which the columns of one table's export are known on a day."""

    def __init__(self, form: Form, table: Table, on: date) -> None:
        self.form, self.table, self.on = form, table, on
        self.folding = Folding.by(form.sources.look_alikes)
        self.columns = tuple(column.dimension for column in table.columns)
        # A table that prints its total alone may still get its detail; the contract then adds it up.
        spare = () if table.rows.detail or table.rows.dimension is None else (table.rows.dimension,)
        self.dimensions = (*table.rows.wanted, *spare, *self.columns)
        self._ignored = {key for header in form.sources.ignored_headers for key in self.folding.name_keys(header)}
        sources = form.sources
        self._period = {key for header in sources.period_headers for key in self.folding.name_keys(header)}
        measure = (sources.measure_id, *(sources.measure.of(x) for x in LANGUAGES), *sources.measure_headers)
        self._measure = {key for header in measure for key in self.folding.name_keys(header)}
        self._dimension = {
            key: dimension
            for dimension in reversed(self.dimensions)
            for header in self.headers_of(dimension)
            for key in self.folding.name_keys(header)
        }

    def headers_of(self, dimension: str) -> tuple[str, ...]:
        """Return the headers of a dimension, its identifier first."""
        known = self.form.dimension(dimension)
        return (known.id, *(known.name.of(language) for language in LANGUAGES), *known.headers)

    @cached_property
    def labels(self) -> dict[str, Labels]:
        """The labels of each dimension that may lie across."""
        return {dimension: labels_of(self.form, self.table, dimension, self.on) for dimension in self.columns}

    def heading(self, header: str) -> Heading:
        """Return what a header says, wide columns aside."""
        for key in self.folding.name_keys(header):
            if key in self._dimension:
                return Heading(Role.DIMENSION, self._dimension[key])
            if key in self._measure:
                return Heading(Role.MEASURE)
            if key in self._period:
                return Heading(Role.PERIOD)
            if key in self._ignored:
                return Heading(Role.IGNORED)
        return Heading(Role.UNKNOWN)

    def wide(self, header: str, across: Sequence[str]) -> Heading | None:
        """Return the heading of a column of counts for one label of each dimension in `across`, or None."""
        for parts in _cut(header, len(across)):
            for order in permutations(across):
                labels = dict(zip(order, parts, strict=True))
                means = [self.labels[dimension].resolve(labels[dimension]) for dimension in across]
                # A group over columns is a subtotal that the contract does not know.
                if all(meant.meaning in {Meaning.CODE, Meaning.TOTAL} for meant in means):
                    return Heading(Role.WIDE, labels=labels, codes=tuple(f"{m.meaning}:{m.raw}" for m in means))
        return None


def find_header(grid: Grid, vocabulary: Vocabulary, search_rows: int) -> Header | None:
    """Return the header that says most among the first rows of a grid, or None when no row says anything."""
    best: Header | None = None
    most = 0
    for number, row in enumerate(grid.rows[:search_rows]):
        header = _read(number, row, vocabulary)
        said = _said(header)
        if said > most:
            best, most = header, said
    if best is None or any(heading.role in {Role.DIMENSION, Role.MEASURE} for heading in best.headings):
        return best
    return None if vocabulary.table.rows.wanted else best


def _read(number: int, row: Sequence[str], vocabulary: Vocabulary) -> Header:
    headings = [vocabulary.heading(header) for header in row]
    present = {heading.dimension for heading in headings}
    missing = tuple(dimension for dimension in vocabulary.columns if dimension not in present)
    if not missing:
        return Header(number, tuple(headings), ())
    laid = [
        vocabulary.wide(header, missing) if heading.role in {Role.UNKNOWN, Role.MEASURE} and header.strip() else None
        for header, heading in zip(row, headings, strict=True)
    ]
    if not any(laid):
        return Header(number, tuple(headings), ())
    # Beside columns of counts a column "number of persons" is one more that nobody explained.
    plain = [Heading(Role.UNKNOWN) if heading.role is Role.MEASURE else heading for heading in headings]
    return Header(number, tuple(wide or heading for wide, heading in zip(laid, plain, strict=True)), missing)


def _said(header: Header) -> int:
    dimensions = {heading.dimension for heading in header.headings if heading.role is Role.DIMENSION}
    counts = sum(1 for heading in header.headings if heading.role is Role.WIDE)
    measure = any(heading.role is Role.MEASURE for heading in header.headings)
    return len(dimensions) + (counts or int(measure))


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
