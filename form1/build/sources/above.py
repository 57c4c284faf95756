"""What stands above the head of a table: titles, the period, the unit, and totals told beforehand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from form1.build.sources.grid import Grid
from form1.build.sources.header import Header, Vocabulary, is_number, without_mark
from form1.build.sources.roles import CellRole
from form1.core.texts import lower_az
from form1.definition.form import Form
from form1.definition.labels import Meaning
from form1.definition.spelling import tidy
from form1.definition.stated_period import PeriodReader
from form1.model.exports import cell_of, label_of

_LONGEST: Final = 600
_MOST_WORDS: Final = 4
"""Of a note that gives the unit and says nothing else."""
_FIGURE: Final = re.compile(r"(?<![0-9])(?!000|1 ?000)[0-9]")


class Above:
    """Gives every cell above the head its role; `totals` are lines of the table for the numbers among them."""

    def __init__(self, grid: Grid, vocabulary: Vocabulary, header: Header, reader: PeriodReader | None) -> None:
        self.grid, self.vocabulary, self.header, self.reader = grid, vocabulary, header, reader
        self.totals: list[dict[str, str | int]] = []

    def cells(self) -> Iterator[tuple[CellRole, int, int, str]]:
        """Yield the role, the row, the column and the text of each cell above the head."""
        form = self.vocabulary.form
        units = {key for head in form.sources.unit_headers for key in self.vocabulary.folding.keys(head)}
        for at, row in enumerate(self.grid.rows[: self.header.first]):
            for column, text in enumerate(row):
                if not text.strip():
                    continue
                stated = self.reader.read(text) if self.reader else None
                begun = self.vocabulary.folding.keys(text.partition(":")[0])
                if stated is not None:
                    yield CellRole.PERIOD, at, column, text
                elif text.strip() == form.identity.code:
                    yield CellRole.TITLE, at, column, text
                elif is_number(text):
                    yield (CellRole.TOTAL if self._is_total(at, column) else CellRole.NONE), at, column, text
                elif units & set(begun):
                    yield CellRole.UNIT, at, column, text
                else:
                    yield CellRole.TITLE, at, column, text

    def _is_total(self, at: int, column: int) -> bool:
        """True for a number under or beside the label of a total of the table, which is then held against it."""
        above = self.grid.rows[at - 1] if at else ()
        captions = [above[column] if column < len(above) else "", self.grid.rows[at][column - 1] if column else ""]
        for caption in map(without_mark, captions):
            labels = self._labels(caption.strip())
            if labels is not None:
                name = self.grid.column_name(column, caption)
                total: dict[str, str | int] = {
                    "line": self.grid.lines[at], "cell": name, "written": self.grid.rows[at][column]
                }  # fmt: skip
                for dimension, label in labels.items():
                    total |= {label_of(dimension): label, cell_of(dimension): name}
                self.totals.append(total)
                return True
        return False

    def _labels(self, caption: str) -> dict[str, str] | None:
        if not caption or is_number(caption):
            return None
        columns = self.vocabulary.columns
        found = self.vocabulary.wide(caption, columns)
        if found is not None:
            return dict(found.labels or {})
        totals = [self.vocabulary.labels[name].resolve(caption).meaning is Meaning.TOTAL for name in columns]
        return {} if all(totals) else None


def other_unit(form: Form, text: str) -> str:
    """Return the word in a text that says that its numbers are no persons one by one, or an empty string.

    >>> from form1.definition import load
    >>> form = load()
    >>> [other_unit(form, text) for text in ("Ölçü vahidi: min nəfər", "тыс. чел.", "nəfər", "Minsk")]
    ['min', 'тыс', '', '']
    """
    if not text or len(text) > _LONGEST:
        return ""
    found = _units(form.sources.other_units).search(lower_az(tidy(text)))
    return found[0] if found else ""


def unit_of_note(vocabulary: Vocabulary, text: str) -> str:
    """Return the unit that a note below a table gives its counts; one that speaks of more than the unit gives none."""
    sources, folding = vocabulary.form.sources, vocabulary.folding
    begun, _, rest = text.partition(":")
    heads = {key for head in (*sources.unit_headers, *sources.note_words) for key in folding.keys(head)}
    said = rest if heads.intersection(folding.keys(begun)) else text
    return other_unit(vocabulary.form, said) if len(said.split()) <= _MOST_WORDS and not _FIGURE.search(said) else ""


@lru_cache(maxsize=4)
def _units(words: tuple[str, ...]) -> re.Pattern[str]:
    said = "|".join(re.escape(lower_az(word)) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<![^\W_])(?:{said})(?![^\W_])")
