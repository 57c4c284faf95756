"""The lines below a head: which are of the table, and which are heads again, column numbers, pages and notes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Final

from form1.build.sources.grid import Grid
from form1.build.sources.header import Header, Role, Vocabulary, is_number, read_header, without_mark
from form1.definition.labels import Meaning
from form1.definition.records import Sources

_SEQUENCE: Final = re.compile(r"([0-9]{1,3})(?:\s*[=(].*)?")
_ALPHABETS: Final = ("ABCDEFGHIJ", "АБВГДЕЖЗИК")
_TELLING: Final = 4
"""Columns of counts that run 1, 2, 3, … by design and not by chance."""
_END: Final = "\x1a"
"""The end mark of old text files."""


class Kind(StrEnum):
    """What a line below the head is."""

    DATA = "data"
    HEAD = "head"
    COLUMN_NUMBERS = "column_numbers"
    CAPTION = "caption"
    """A line of labels that groups those below it and has no counts of its own."""
    NOTE = "note"
    UNCLEAR = "unclear"
    """A line without counts whose text is known to nobody."""
    FOREIGN = "foreign"
    """A line of another table."""


@dataclass
class Lines:
    """Sorts the lines below a head; `kinds` has one entry per row of the grid below it."""

    grid: Grid
    vocabulary: Vocabulary
    header: Header
    kinds: list[Kind] = field(default_factory=list)
    second: int = 0
    """The row of the grid where a second table begins; 0 when there is none."""

    def __post_init__(self) -> None:
        self.kinds = [Kind.DATA] * (len(self.grid.rows) - self.header.row - 1)
        self._heads_and_pages()
        self._notes()
        self._without_counts()
        if not self.second:
            self._second_block()

    @cached_property
    def counts(self) -> list[int]:
        """Columns of counts; where no head names any, all but those of labels."""
        of = [column for column, h in enumerate(self.header.headings) if h.role in {Role.MEASURE, Role.WIDE}]
        labels = {Role.DIMENSION, Role.IGNORED, Role.CODE, Role.PERIOD, Role.UNIT}
        return of or [column for column, h in enumerate(self.header.headings) if h.role not in labels]

    @cached_property
    def labels(self) -> list[int]:
        """Columns of labels."""
        return [column for column, heading in enumerate(self.header.headings) if heading.role is Role.DIMENSION]

    @cached_property
    def signs(self) -> frozenset[str]:
        """The signs that may stand for a count."""
        return frozenset(self.vocabulary.form.signs().values())

    def row(self, at: int) -> tuple[str, ...]:
        """Return a row below the head."""
        return self.grid.rows[self.header.row + 1 + at]

    def line(self, at: int) -> int:
        """Return the line of a row below the head."""
        return self.grid.lines[self.header.row + 1 + at]

    def data(self) -> list[int]:
        """Return the rows of the table, by their place below the head."""
        return [at for at, kind in enumerate(self.kinds) if kind is Kind.DATA]

    def _heads_and_pages(self) -> None:
        height = self.header.row - self.header.first + 1
        head = [_stripped(row) for row in self.grid.rows[self.header.first : self.header.row + 1]]
        after_head = True
        at = 0
        while at < len(self.kinds):
            row = self.row(at)
            if after_head and self._numbers_columns(at, row):
                self.kinds[at] = Kind.COLUMN_NUMBERS
            elif at == 0 and self._says_again():
                self.kinds[at] = Kind.HEAD
            elif [_stripped(self.row(at + n)) for n in range(height) if at + n < len(self.kinds)] == head:
                if self._repeats(at, at + height):
                    self._foreign(at)
                    return
                self.kinds[at : at + height] = [Kind.HEAD] * height
                at, after_head = at + height, True
                continue
            elif self._is_page(row):
                self.kinds[at] = Kind.NOTE
            elif self._begins_table(at, row):
                self._foreign(at)
                return
            else:
                after_head = False
            at += 1

    def _says_again(self) -> bool:
        """True for a line below the head that says the same of every column, in another language."""
        other = read_header(self.grid, self.vocabulary, self.header.row + 1, 1)
        said = [[(h.role, h.dimension, h.codes) for h in each.headings] for each in (self.header, other) if each]
        return len(said) == 2 and said[0] == said[1]

    def _foreign(self, at: int) -> None:
        self.second = self.header.row + 1 + at
        self.kinds[at:] = [Kind.FOREIGN] * (len(self.kinds) - at)

    def _numbers_columns(self, at: int, row: Sequence[str]) -> bool:
        """True for the row that numbers the columns: A, B, 1, 2, 3, … or 1, 2, 3, …"""
        cells = [without_mark(text).strip() for text in row if text.strip()]
        letters = 0
        for alphabet in _ALPHABETS:
            while letters < len(cells) and letters < len(alphabet) and cells[letters] == alphabet[letters]:
                letters += 1
        numbers = [_SEQUENCE.fullmatch(text) for text in cells[letters:]]
        if len(cells) < 2 or not all(numbers):
            return False
        if [int(found[1]) for found in numbers if found] != list(range(1, len(numbers) + 1)):
            return False
        if any(column >= len(row) or not row[column].strip() for column in self.counts):
            return False
        if len(numbers) >= _TELLING and len(self.counts) >= _TELLING:
            return True
        known = [self._meaning(column, row) for column in self.labels]
        if known and not all(meaning in {Meaning.CODE, Meaning.TOTAL, Meaning.GROUP} for meaning in known):
            return True
        key = self._key(row)
        later = range(at + 1, len(self.kinds))
        return any(self._key(self.row(other)) == key for other in later) if known else bool(later)

    def _is_page(self, row: Sequence[str]) -> bool:
        cells = [text.strip() for text in row if text.strip()]
        if cells == [_END]:
            return True
        return len(cells) == 1 and _page(self.vocabulary.form.sources).fullmatch(cells[0]) is not None

    def _begins_table(self, at: int, row: Sequence[str]) -> bool:
        if sum(1 for text in row if text.strip()) < 2 or any(is_number(text) for text in row):
            return False
        for height in (1, 2, 3):
            other = read_header(self.grid, self.vocabulary, self.header.row + 1 + at, height)
            if other is None:
                return False
            roles = [heading.role for heading in other.headings]
            wide = roles.count(Role.WIDE)
            if Role.DIMENSION in roles and (Role.MEASURE in roles or wide):
                return True
            if wide > 1 and (self.header.across or not self.vocabulary.table.rows.wanted) and not self.labels:
                return True
        return False

    def _repeats(self, first: int, later: int) -> bool:
        """True when labels above a repeated head stand below it again: that is a second table, not a second page."""
        above = {key for at in range(first) if self.kinds[at] is Kind.DATA and (key := self._detail(self.row(at)))}
        return any(self._detail(self.row(at)) in above for at in range(later, len(self.kinds)))

    def _second_block(self) -> None:
        """Find a block after blank rows that has the labels of the first one again."""
        seen: set[tuple[str, ...]] = set()
        rows = self.data()
        for before, at in zip([None, *rows], rows, strict=False):
            key = self._detail(self.row(at))
            is_apart = before is not None and self.line(at) - self.line(before) > at - before
            if key and is_apart and key in seen:
                self._foreign(at)
                return
            if key:
                seen.add(key)

    def _notes(self) -> None:
        """Take the lines after the last one with counts for notes, where they stand apart or begin like a note."""
        end = len(self.kinds) - (self.kinds.count(Kind.FOREIGN) if self.second else 0)
        first = end
        while first and self.kinds[first - 1] in {Kind.DATA, Kind.NOTE} and not self._counted(self.row(first - 1)):
            first -= 1
        is_apart = False
        for at in range(first, end):
            before = self.line(at - 1) if at else self.grid.lines[self.header.row]
            is_apart = is_apart or self.line(at) - before > 1
            if self._is_labelled(self.row(at)):
                is_apart = False
            elif is_apart or self._begins_like_note(self.row(at)):
                self.kinds[at] = Kind.NOTE
                is_apart = True

    def _without_counts(self) -> None:
        for at in self.data():
            row = self.row(at)
            if any(column < len(row) and row[column].strip() for column in self.counts) or not self.counts:
                continue
            cells = [text for text in row if text.strip()]
            meanings = [self._meaning(column, row) for column in self.labels if _at(row, column)]
            spans = all(self.vocabulary.heading(text).role is Role.SPANNING for text in cells)
            if spans or (meanings and all(meaning is Meaning.GROUP for meaning in meanings)):
                self.kinds[at] = Kind.CAPTION
            elif len(cells) == 1 and not (meanings and meanings[0] is not Meaning.UNKNOWN):
                self.kinds[at] = Kind.UNCLEAR

    def _counted(self, row: Sequence[str]) -> bool:
        """True for a line with a number, or with the sign of one, where counts stand."""
        return any((text := _at(row, column)) and (is_number(text) or text in self.signs) for column in self.counts)

    def _is_labelled(self, row: Sequence[str]) -> bool:
        return any(self._meaning(column, row) is not Meaning.UNKNOWN for column in self.labels if _at(row, column))

    def _begins_like_note(self, row: Sequence[str]) -> bool:
        text = next((text.strip() for text in row if text.strip()), "")
        folding = self.vocabulary.folding
        for word in self.vocabulary.form.sources.note_words:
            if not word[-1].isalnum():
                if text.startswith(word):
                    return True
                continue
            begun = folding.keys(word)[0]
            folded = folding.keys(text)[0]
            if folded.startswith(begun) and not folded[len(begun) : len(begun) + 1].isalnum():
                return True
        return False

    def _meaning(self, column: int, row: Sequence[str]) -> Meaning:
        labels = self.vocabulary.labels[self.header.headings[column].dimension]
        return labels.resolve(without_mark(_at(row, column))).meaning

    def _key(self, row: Sequence[str]) -> tuple[str, ...]:
        return tuple(_at(row, column) for column in self.labels)

    def _detail(self, row: Sequence[str]) -> tuple[str, ...]:
        """The labels of a line of detail; nothing for totals, which may stand twice, and for lines without a label."""
        key = self._key(row)
        if not all(key) or any(self._meaning(column, row) is Meaning.TOTAL for column in self.labels):
            return ()
        return key


def _at(row: Sequence[str], column: int) -> str:
    return row[column].strip() if column < len(row) else ""


def _stripped(row: Sequence[str]) -> tuple[str, ...]:
    cells = [text.strip() for text in row]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def _page(sources: Sources) -> re.Pattern[str]:
    """`Səhifə 1 / 2`, `Page 1 of 2`, `стр. 1`, `- 1 -`."""
    named, of = ("|".join(map(re.escape, words)) for words in (sources.page_words, sources.pages_of))
    number = rf"[0-9]{{1,4}}(?:\s*(?:{of})\s*[0-9]{{1,4}})?"
    return re.compile(rf"(?:{named})\.?\s*{number}|-\s*[0-9]{{1,4}}\s*-", re.IGNORECASE)
