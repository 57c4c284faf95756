"""Which table of the form each block is: by its title first, then by its rows, heads, sheet and number of columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from form1.core.findings import Finding, Place
from form1.core.texts import LANGUAGES
from form1.definition.form import Form
from form1.definition.spelling import tidy
from form1.recognise.blocks import Block
from form1.recognise.printed import Printed
from form1.recognise.view import Words
from form1.xlsx.read.raw import cell_name

_TITLE, _NUMBER, _SHEET, _ROWS, _HEADS, _WIDTH = 100, 40, 20, 60, 30, 10
"""What each sign weighs, at most."""
_ENOUGH: Final = 50
_APART: Final = 8
"""A block is that table only when no other table is nearly as likely."""
_BETTER_ROWS: Final = 0.3
_ROWS_LOOKED_AT: Final = 60
_HEAD_ROWS: Final = 8
_TITLE_ROWS: Final = 20
_TEXTS_ABOVE: Final = 400
_TEXTS_LOOKED_AT: Final = 60
_LONGEST_TITLE: Final = 600


@dataclass(frozen=True)
class Likeness:
    """How much a block looks like a table; `rows` is the share of its labels that are rows of the table."""

    table: str
    score: float
    rows: float
    titled: bool


@dataclass
class Named:
    """The blocks of each table, its panels from left to right, and the blocks that are none."""

    blocks: dict[str, list[Block]] = field(default_factory=dict)
    strays: list[Block] = field(default_factory=list)
    is_undecided: bool = False
    """True when a block is as much one table as another."""
    unclear: list[Place] = field(default_factory=list)
    """Where a block stands that could be several tables, or a table that stands elsewhere already."""
    findings: list[Finding] = field(default_factory=list)


def name_blocks(form: Form, blocks: Sequence[Block], tables: Mapping[str, Printed], words: Words) -> Named:
    """Decide for every block which table it is; the likeliest first, each table once (or in panels)."""
    named = Named()
    numbered = _numbers(form, words)
    likenesses = []
    for block in blocks:
        signs = _signs(block, numbered, words)
        found = [likeness(signs, each, words) for each in tables.values()]
        likenesses.append(sorted(found, key=lambda likeness: -likeness.score))
    order = sorted(range(len(blocks)), key=lambda at: -likenesses[at][0].score)
    for at in order:
        _place(named, blocks[at], likenesses[at])
    for panels in named.blocks.values():
        panels.sort(key=lambda block: min(number for _, number in block.numbers))
    return named


@dataclass(frozen=True)
class Signs:
    """What a block shows of its identity: titles above it, its sheet, labels, heads, and the highest column number."""

    titles: tuple[tuple[int, str], ...]
    """Number of the table, 0 where none is written, and the words of the title, of every text above the block."""
    sheet: str
    sheet_number: int
    labels: tuple[tuple[str, ...], ...]
    heads: tuple[tuple[str, ...], ...]
    highest: int


def likeness(signs: Signs, printed: Printed, words: Words) -> Likeness:
    """Return how much a block looks like a table."""
    number = printed.table.number
    titled = any(key in printed.titles for _, rest in signs.titles for key in words.of(rest))
    score = float(_TITLE + _NUMBER) if titled else 0.0
    if not titled and any(found == number for found, _ in signs.titles):
        score += _NUMBER
    if signs.sheet in {str(number), printed.table.id} or signs.sheet_number == number:
        score += _SHEET
    rows = _share(words, signs.labels, (printed.by_label, printed.by_code))
    heads = _share(words, signs.heads, (printed.heads,))
    widths = {len(layout.columns) for layout in printed.widths.values()}
    score += _ROWS * rows + _HEADS * heads
    score += _WIDTH if signs.highest in widths else 0 if signs.highest < max(widths) else -2 * _WIDTH
    return Likeness(printed.table.id, score, rows, titled)


def _signs(block: Block, numbered: Mapping[str, int], words: Words) -> Signs:
    first = max(block.first_row, block.row - _TITLE_ROWS)
    above = [text for _, _, text in block.view.texts(first, block.row - 1) if len(text) < _LONGEST_TITLE]
    above = above[-_TEXTS_ABOVE:]
    sheet = block.view.sheet.name.strip()
    return Signs(
        tuple(_numbered(text, numbered, words) or (0, text) for text in above),
        sheet,
        (_numbered(sheet, numbered, words) or (0, ""))[0],
        tuple(_labels(block)),
        tuple(_heads(block)),
        max(number for _, number in block.numbers),
    )


def _place(named: Named, block: Block, likely: list[Likeness]) -> None:
    best = likely[0]
    if best.score < _ENOUGH:
        named.strays.append(block)
        return
    close = [other.table for other in likely if best.score - other.score < _APART]
    if len(close) > 1:
        place = Place(sheet=block.view.sheet.name)
        named.is_undecided = True
        named.unclear.append(place)
        named.findings.append(Finding.of("received_table_unclear", place, tables=tuple(close)))
        named.strays.append(block)
        return
    if _has_room(named, best.table, block):
        named.blocks.setdefault(best.table, []).append(block)
        return
    for other in likely[1:]:
        if other.score >= _ENOUGH and other.rows > best.rows + _BETTER_ROWS and _has_room(named, other.table, block):
            named.blocks.setdefault(other.table, []).append(block)
            place = Place(table=other.table, sheet=block.view.sheet.name)
            named.findings.append(Finding.of("received_title_differs", place, other=best.table))
            return
    first = named.blocks[best.table][0].view.sheet.name
    cell = cell_name(block.row, block.numbers[0][0])
    place = Place(table=best.table, sheet=block.view.sheet.name, cell=cell)
    named.unclear.append(place)
    named.findings.append(Finding.of("received_table_twice", place, other=first))


def _has_room(named: Named, table: str, block: Block) -> bool:
    """True when no block of the table has a column number of this one: a panel goes on where another ended."""
    there = {number for other in named.blocks.get(table, ()) for _, number in other.numbers}
    return there.isdisjoint(number for _, number in block.numbers)


def _numbers(form: Form, words: Words) -> dict[str, int]:
    """Return the numbers of the tables as people write them in words: `cədvəl 3`."""
    return {
        key: table.number
        for table in form.tables.values()
        for language in LANGUAGES
        for key in words.of(f"{form.word('table', language)} {table.number}")
    }


def _numbered(text: str, numbered: Mapping[str, int], words: Words) -> tuple[int, str] | None:
    """Return the number of the table that a title names, and the rest of the title."""
    match = re.match(r"([^\W\d]+\s*(?:№\s*)?[0-9]{1,3})\s*[.:)–—-]?\s*(.*)", tidy(text), re.DOTALL)
    if match is None:
        return None
    name = re.sub(r"\s*№\s*|(?<=[^\W\d])(?=[0-9])", " ", match[1])
    return next(((numbered[key], match[2]) for key in words.of(name) if key in numbered), None)


def _labels(block: Block) -> list[tuple[str, ...]]:
    """Return the texts of each of the first rows that stand outside the counts."""
    found: list[tuple[str, ...]] = []
    for row, columns in block.view.rows.items():
        if block.row < row <= block.last_row and len(found) < _ROWS_LOOKED_AT:
            texts = tuple(
                block.view.text(row, column)
                for column in columns[:_TEXTS_LOOKED_AT]
                if column not in block.counts and block.view.sheet.cells[row, column].kind == "t"
            )
            named = tuple(text for text in texts if not text.strip().isdigit())
            if named:
                found.append(named)
    return found


def _heads(block: Block) -> list[tuple[str, ...]]:
    first = max(block.first_row, block.row - _HEAD_ROWS)
    return [(text,) for _, column, text in block.view.texts(first, block.row - 1) if column in block.counts]


def _share(
    words: Words, groups: Sequence[tuple[str, ...]], known: Iterable[Mapping[str, object] | frozenset[str]]
) -> float:
    lists = tuple(known)
    hits = sum(1 for texts in groups if any(key in each for text in texts for key in words.of(text) for each in lists))
    return hits / len(groups) if groups else 0.0
