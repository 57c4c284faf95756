"""The columns left of the counts: which of them holds labels, which printed codes, which line codes.

Found by what stands in them, so that moved and inserted columns mislead nobody.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from form1.recognise.blocks import Block
from form1.recognise.printed import Printed
from form1.recognise.view import Words
from form1.xlsx.read.raw import RawCell

_FIGURES = re.compile(r"[\s0-9.,_%+−-]*[0-9][\s0-9.,_%+−]*")
_LONGEST_FIGURE = 40
_MOST_COLUMNS = 40
"""Columns outside the counts in which labels and codes are looked for."""
_MOST_LINES = 2000
"""Rows that a table can have at most."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a block: its row in the sheet and what is written before its counts."""

    row: int
    line: str
    code: str
    label: str
    filled: bool
    """True when its count cells hold more than words: heads and notes do not make a line."""
    written: bool = False
    """True when a count cell holds words or a sign of its own; what is merged into one is somebody's note."""


@dataclass(frozen=True, slots=True)
class Stub:
    """Columns of the sheet; 0 where there is none."""

    label: int
    code: int
    line: int


def read_lines(block: Block, printed: Printed, words: Words) -> tuple[Stub, list[Line]]:
    """Return the stub of a block and every row below its column numbers that holds something."""
    stub = find_stub(block, printed, words)
    view = block.view
    lines: list[Line] = []
    for row, columns in view.rows.items():
        if not block.row < row <= block.last_row or len(lines) >= _MOST_LINES:
            continue
        line = Line(
            row,
            canonical(view.text(row, stub.line)) if stub.line else "",
            view.text(row, stub.code).strip() if stub.code else "",
            view.shown(row, stub.label).strip() if stub.label else "",
            any(column in block.counts and is_figure(view.sheet.cells[row, column]) for column in columns),
            any(column in block.counts and (row, column) not in view.covered for column in columns),
        )
        if line.filled or line.written or line.line or line.code or line.label:
            lines.append(line)
    return stub, lines


def is_figure(cell: RawCell) -> bool:
    """True when a cell holds more than words: a number, a formula, or a text of figures."""
    return (
        cell.kind != "t"
        or bool(cell.formula)
        or (len(cell.text) <= _LONGEST_FIGURE and bool(_FIGURES.fullmatch(cell.text)))
    )


def find_stub(block: Block, printed: Printed, words: Words) -> Stub:
    """Give each role to the column with the most of its kind; a column has one role."""
    view = block.view
    near = range(block.row + 1, min(block.last_row, block.row + _MOST_LINES) + 1)
    outside = sorted({column for row in near for column in view.rows.get(row, ()) if column not in block.counts})
    outside = outside[:_MOST_COLUMNS]
    lines = {canonical(row.line) for row in printed.whole.rows if row.line}
    votes: dict[str, dict[int, int]] = {"label": {}, "code": {}, "line": {}}
    for column in outside:
        label = code = line = 0
        before = -1
        for row in near:
            text = view.text(row, column).strip()
            if not text:
                continue
            label += bool(printed.rows_of(words, text))
            code += bool(printed.row_of(words, text))
            number = canonical(text)
            if number in lines:
                # Line codes go up; years and remarks in a column of notes seldom do.
                place = int(number) if number.isdigit() else before + 1
                line += 1 if place > before else 0
                before = place
        votes["label"][column], votes["code"][column], votes["line"][column] = label, code, line
    taken: set[int] = set()
    roles: dict[str, int] = {}
    for role in ("line", "label", "code"):
        ranked = sorted(
            (column for column in outside if column not in taken and votes[role][column]),
            # A column under a letter goes before one that somebody wrote beside the table.
            key=lambda column: (-votes[role][column], column not in block.stub, column),
        )
        roles[role] = ranked[0] if ranked and (role != "code" or printed.table.rows.show_code) else 0
        taken.add(roles[role])
    return Stub(roles["label"], roles["code"], roles["line"])


def canonical(line: str) -> str:
    """Return a line code without the zeros before it: Excel makes 1 of 01.

    >>> [canonical(line) for line in ("01", "1", "10", "0", "01.2", " 007 ")]
    ['1', '1', '10', '0', '01.2', '7']
    """
    line = line.strip()
    return (line.lstrip("0") or "0") if line.isascii() and line.isdigit() else line
