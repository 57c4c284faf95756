"""Where tables stand in a sheet: each begins with a row of column numbers, letters over the stub, then 1, 2, 3 …"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from form1.core.texts import LANGUAGES
from form1.definition.form import Form
from form1.recognise.view import View

_MOST_COLUMNS = 300
_MOST_LETTERS = 6
_MOST_BLOCKS = 40
"""Blocks of one sheet; a sheet full of column numbers costs no time."""
_MOST_STRANGE = 2
"""Cells of the row that are neither a letter nor a number: somebody's remark beside the table."""


@dataclass(frozen=True)
class Block:
    """One table, or one panel of a table, in a sheet."""

    view: View
    row: int
    """The row of column numbers."""
    first_row: int
    """The first row that can belong to the title and the heads."""
    last_row: int
    """The last row before the next block, or of the sheet."""
    stub: tuple[int, ...]
    """Columns under a letter."""
    numbers: tuple[tuple[int, int], ...]
    """Column of the sheet and column number, from the left; a number may stand twice."""

    @cached_property
    def counts(self) -> frozenset[int]:
        """The columns of the sheet that hold counts."""
        return frozenset(column for column, _ in self.numbers)


def blocks_of(form: Form, view: View) -> list[Block]:
    """Return the blocks of a sheet from the top; without letters a row counts when it is 1, 2, 3 … and nothing else."""
    letters = _letters(form)
    rows = [(row, list(_segments(view, row, letters))) for row in view.rows]
    found = [(row, segment) for row, segments in rows for segment in segments if _is_lettered(*segment)]
    if not found:
        found = [(row, segment) for row, segments in rows for segment in segments if _is_bare(*segment)]
    if not found:
        return []
    found = found[:_MOST_BLOCKS]
    last = max(view.rows)
    starts = sorted({row for row, _ in found})
    after = {row: following - 1 for row, following in zip(starts, [*starts[1:], last + 1], strict=True)}
    before = {row: previous + 1 for row, previous in zip(starts, [0, *starts[:-1]], strict=True)}
    return [Block(view, row, before[row], after[row], tuple(stub), tuple(numbers)) for row, (stub, numbers, _) in found]


_Segment = tuple[list[int], list[tuple[int, int]], int]
"""Columns of letters, columns with their number, and how many cells are neither."""


def _segments(view: View, row: int, letters: frozenset[str]) -> Iterator[_Segment]:
    """Cut a row where the letters begin anew: panels may stand side by side."""
    stub: list[int] = []
    numbers: list[tuple[int, int]] = []
    strange = 0
    for column in view.rows[row]:
        text = view.text(row, column).strip()
        if text in letters:
            if len(numbers) > 1 and stub and stub[0] < numbers[0][0]:
                yield stub, numbers, strange
                stub, numbers, strange = [], [], 0
            stub.append(column)
        elif text.isascii() and text.isdigit() and len(text) < 4 and 0 < int(text) <= _MOST_COLUMNS and text[0] != "0":
            numbers.append((column, int(text)))
        else:
            strange += 1
    if numbers:
        yield stub, numbers, strange


def _is_lettered(stub: list[int], numbers: list[tuple[int, int]], strange: int) -> bool:
    """A row of counts may begin with the letter of an activity: one letter alone must not have a label beside it."""
    if len(stub) > _MOST_LETTERS or strange > (_MOST_STRANGE if len(stub) > 1 else 0):
        return False
    written = [number for _, number in numbers]
    steps = sum(1 for number in written if number + 1 in written or number - 1 in written)
    return bool(stub) and len(set(written)) >= len(written) - 2 and steps >= len(written) / 2 - 1 and min(written) < 99


def _is_bare(stub: list[int], numbers: list[tuple[int, int]], strange: int) -> bool:
    written = [number for _, number in numbers]
    return (
        not stub and not strange and len(written) > 2 and written == list(range(written[0], written[0] + len(written)))
    )


def _letters(form: Form) -> frozenset[str]:
    """Return the letters as they are printed: `c` alone is a conventional sign."""
    return frozenset(letter for language in LANGUAGES for letter in form.word("stub_letters", language).split())
