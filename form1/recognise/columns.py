"""Which column of the form each column of a block is: by its number, checked against the heads above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from form1.core.findings import Finding, Place
from form1.core.texts import LANGUAGES, Text
from form1.definition.layout import Column, Layout
from form1.recognise.blocks import Block
from form1.recognise.printed import Printed
from form1.recognise.view import Words
from form1.xlsx.read.raw import cell_name

_HEAD_ROWS = 8
"""Rows above the column numbers in which heads are looked for."""


@dataclass
class Columns:
    """The column of the sheet by column code, for each block of a table."""

    found: list[dict[str, int]] = field(default_factory=list)
    disputed: set[str] = field(default_factory=set)
    """Columns whose head is that of another column: nobody can say whose their numbers are."""
    unclear: list[Place] = field(default_factory=list)
    """Where a column number stands of which nobody can say whose numbers are below it."""
    findings: list[Finding] = field(default_factory=list)


def rare_columns(blocks: Sequence[Block], printed: Printed, words: Words) -> frozenset[str]:
    """Return the codes, of those printed only when observed, that the columns of the blocks show."""
    highest = max(number for block in blocks for _, number in block.numbers)

    def fit(codes: frozenset[str]) -> tuple[int, int]:
        layout = printed.widths[codes]
        by_number = {column.number: column for column in layout.columns}
        headed = sum(
            1
            for block in blocks
            for at, number in block.numbers
            if number in by_number and has_head(block, at, by_number[number], words)
        )
        return (-abs(len(layout.columns) - highest), headed)

    return max(printed.widths, key=fit)


def place_columns(blocks: Sequence[Block], layout: Layout, words: Words) -> Columns:
    """Find the column of every column number; a number that stands twice goes by its head, or is not placed."""
    columns = Columns()
    by_number = {column.number: column for column in layout.columns}
    seen: set[int] = set()
    for block in blocks:
        here: dict[str, int] = {}
        for at, number in block.numbers:
            column = by_number.get(number)
            twins = [other for other, same in block.numbers if same == number]
            if column is None:
                if any((row, at) in block.view.sheet.cells for row in range(block.row + 1, block.last_row + 1)):
                    columns.unclear.append(_place(layout, block, at))
                    columns.findings.append(
                        Finding.of("received_column_unknown", _place(layout, block, at), number=number)
                    )
                continue
            headed = [other for other in twins if is_headed(block, other, column, layout, words)]
            if len(twins) > 1:
                if at == twins[-1]:
                    place = _place(layout, block, at, column.code)
                    columns.unclear.append(place)
                    columns.findings.append(Finding.of("received_column_twice", place, number=number))
                if headed != [at]:
                    continue
            elif not headed:
                found = " / ".join(dict.fromkeys(heads_over(block, at)))
                others = (other for other in layout.columns if len(other.heads) == len(column.heads))
                named = any(other is not column and has_head(block, at, other, words) for other in others)
                place, expected = _place(layout, block, at, column.code), _heads(column)
                if named:
                    columns.disputed.add(column.code)
                    columns.unclear.append(place)
                    columns.findings.append(
                        Finding.of("received_head_of_other", place, number=number, expected=expected, found=found)
                    )
                elif found:
                    columns.findings.append(
                        Finding.of("received_head_differs", place, number=number, expected=expected, found=found)
                    )
            here[column.code] = at
            seen.add(number)
        columns.found.append(here)
    for number, column in by_number.items():
        if number not in seen:
            place = _place(layout, blocks[-1], 0, column.code)
            columns.findings.append(
                Finding.of("received_column_missing", place, number=number, expected=column.heads[-1])
            )
    return columns


def heads_over(block: Block, column: int) -> list[str]:
    """Return the heads above a column of a block, from the outermost to the innermost."""
    left = min(block.counts)
    # What is merged from the stub on is a title, a period or a unit.
    rows = [row for row in _head_rows(block) if block.view.covered.get((row, column), (row, column))[1] >= left]
    return [text for row in rows if (text := block.view.shown(row, column).strip())]


def has_head(block: Block, at: int, column: Column, words: Words) -> bool:
    """True when the heads above a column name it, in any language: each of its heads stands there, innermost last."""
    above = heads_over(block, at)
    if not above:
        return False
    needed = column.heads if len(column.heads) > 1 else column.heads[:1]
    named = [any(_is_one(words, text, head) for text in above) for head in needed]
    return all(named) and _is_one(words, above[-1], needed[-1])


def is_headed(block: Block, at: int, column: Column, layout: Layout, words: Words) -> bool:
    """True when the heads above a column name it, or when its own head does and its group's stands over another member.

    Without merged cells the head of a group stands over one of its columns alone. A row of heads that names the group
    must not name anything else over the same columns.
    """
    if has_head(block, at, column, words):
        return True
    above = heads_over(block, at)
    if len(column.heads) < 2 or not above or not _is_one(words, above[-1], column.heads[-1]):
        return False
    at_column = {number: other for other, number in block.numbers}
    for level, head in enumerate(column.heads[:-1]):
        group = [other.number for other in layout.columns if other.heads[: level + 1] == column.heads[: level + 1]]
        columns = [at_column[number] for number in group if number in at_column]
        if not any(_stands_alone(block, row, columns, head, words) for row in _head_rows(block)):
            return False
    return True


def _stands_alone(block: Block, row: int, columns: Sequence[int], head: Text, words: Words) -> bool:
    texts = {text for at in columns if (text := block.view.shown(row, at).strip())}
    return bool(texts) and all(_is_one(words, text, head) for text in texts)


def _is_one(words: Words, text: str, head: Text) -> bool:
    return any(words.same(text, head.of(language)) for language in LANGUAGES)


def _head_rows(block: Block) -> range:
    return range(max(block.first_row, block.row - _HEAD_ROWS), block.row)


def _heads(column: Column) -> Text:
    """The heads of a column as one text, from the outermost to the innermost."""
    az, en, ru = (" / ".join(dict.fromkeys(head.of(language) for head in column.heads)) for language in LANGUAGES)
    return Text(az=az, en=en, ru=ru)


def _place(layout: Layout, block: Block, at: int, code: str = "") -> Place:
    """Return the place of a column number; `at` is 0 for a column that is not there."""
    cell = cell_name(block.row, at) if at else ""
    return Place(layout.table.id, column=code, sheet=block.view.sheet.name, cell=cell)
