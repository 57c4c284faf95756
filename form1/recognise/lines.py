"""Which row of the form each line of a block is: by its line code, in open tables by the code printed beside it.

A line that cannot be told is a finding; its numbers are not put anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from form1.core.findings import Finding, Place
from form1.definition.form import Form
from form1.definition.layout import OBSERVED, Layout, Row, lay_out
from form1.recognise.blocks import Block
from form1.recognise.printed import Printed
from form1.recognise.stub import Line, Stub, canonical, read_lines
from form1.recognise.view import Words
from form1.xlsx.read.raw import cell_name


@dataclass
class Placed:
    """The lines of one block by row code, and those that found no row."""

    block: Block
    stub: Stub
    lines: list[Line]
    row_of: dict[str, Line] = field(default_factory=dict)
    doubled: list[tuple[str, Line]] = field(default_factory=list)
    unknown: list[Line] = field(default_factory=list)
    disputed: set[str] = field(default_factory=set)
    """Rows whose line names another row: nobody can say whose its numbers are."""
    left: list[Line] = field(default_factory=list)
    """Lines of a template that nobody filled, in a table that leaves out what was not observed."""
    notes: list[Line] = field(default_factory=list)
    """Lines with numbers that stand apart below the table: somebody's note, and no line of the form."""


@dataclass
class Rows:
    """What the blocks of one table say about its rows."""

    form: Form
    printed: Printed
    words: Words
    by_hand: bool = False
    """True for a template: it prints every row that an open table can have, and those left blank are none."""
    listing: bool = False
    """True for a blank that is to be filled: a label alone makes a line, there are no numbers yet."""
    differs: bool = False
    """True when a line is not as the form prints it: unknown, missing, with another line code, named as another row."""
    unclear: list[Place] = field(default_factory=list)
    """Where a line stands twice, or is named as another row: nobody can say whose its numbers are."""
    findings: list[Finding] = field(default_factory=list)

    def place(self, blocks: Iterable[Block], on: date, rare_columns: frozenset[str]) -> tuple[list[Placed], Layout]:
        """Find the row of every line; return the blocks with their lines, and the layout that follows from them."""
        placed = [Placed(block, *read_lines(block, self.printed, self.words)) for block in blocks]
        table = self.printed.table
        if table.rows.open:
            for each in placed:
                self._by_name(each)
        observed = self._observed(placed) | rare_columns
        layout = lay_out(self.form, table, on, observed)
        lines = {canonical(row.line): row for row in layout.rows}
        for each in placed:
            if table.rows.open:
                self._leftovers(each, layout, lines)
            else:
                self._by_line(each, layout, lines)
            self._set_notes_apart(each)
            self._report(each, layout)
        return placed, layout

    def _observed(self, placed: list[Placed]) -> frozenset[str]:
        """Return the codes of rows that are printed only when observed, and stand there."""
        if self.printed.table.rows.open:
            return frozenset(row for each in placed for row in each.row_of)
        rare = {row.code for row in self.printed.whole.rows if OBSERVED in row.flags}
        found = {row for each in placed for line in each.lines for row in self._meant(line, "")}
        return frozenset(rare & found)

    def _meant(self, line: Line, block: str) -> tuple[str, ...]:
        """Return the rows that the printed code or else the label of a line can mean, those of its block first."""
        by_code = self.printed.row_of(self.words, line.code) if line.code else ""
        if by_code:
            return (by_code,)
        rows = self.printed.rows_of(self.words, line.label) if line.label else ()
        prefix = next((each.prefix for each in self.printed.table.rows.block if each.code == block), "")
        prefixes = tuple(each.prefix for each in self.printed.table.rows.block if each.prefix)
        inside = tuple(
            row for row in rows if (row.startswith(prefix) if prefix else not row.startswith(prefixes or ("\0",)))
        )
        return inside or rows

    def _by_name(self, placed: Placed) -> None:
        """Open rows: the code printed beside the label tells; without it the label, in the block that it stands in."""
        blocks = {each.code for each in self.printed.table.rows.block}
        block = ""
        for line in placed.lines:
            meant = self._meant(line, block)
            if len(meant) != 1 or not (line.filled or line.line or line.code or line.written or self.listing):
                if line.filled or line.written or self._is_coded(line):
                    placed.unknown.append(line)
                continue
            block = meant[0] if meant[0] in blocks else block
            if self.by_hand and self.printed.whole.row[meant[0]].counted and not _is_typed(placed.block, line):
                placed.left.append(line)
                continue
            self._take(placed, meant[0], line)

    def _by_line(self, placed: Placed, layout: Layout, lines: Mapping[str, Row]) -> None:
        """Closed rows: the line code tells; a line without one, or with one of another layout, goes by its name."""
        waiting: list[Line] = []
        for line in placed.lines:
            if line.line in lines:
                self._take(placed, lines[line.line].code, line)
            elif line.filled or line.line or line.written or self.listing or self._is_coded(line):
                waiting.append(line)
        for line in waiting:
            meant = tuple(row for row in self._meant(line, "") if row in layout.row)
            if len(meant) == 1 and meant[0] not in placed.row_of:
                placed.row_of[meant[0]] = line
                place, expected = self._place(placed, line, meant[0]), layout.row[meant[0]].line
                if line.line:
                    self.differs = True
                    found = Finding.of("received_line_code_other", place, found=line.line, expected=expected)
                else:
                    found = Finding.of("received_line_code_missing", place, expected=expected)
                self.findings.append(found)
            elif line.filled or line.written or self._is_coded(line):
                placed.unknown.append(line)

    def _leftovers(self, placed: Placed, layout: Layout, lines: Mapping[str, Row]) -> None:
        """Totals and groups of open tables whose name was damaged are still told by their line code."""
        for line in list(placed.unknown):
            row = lines.get(line.line) if line.label or not self.listing else None
            if row is not None and row.kind != "member" and row.code not in placed.row_of and not line.code:
                placed.unknown.remove(line)
                placed.row_of[row.code] = line

    def _set_notes_apart(self, placed: Placed) -> None:
        """Nothing but a blank row and the want of any code tells a note with numbers from a damaged line."""
        rows = placed.block.view.rows
        last = max((line.row for line in placed.row_of.values()), default=0)
        for line in list(placed.unknown):
            known = line.code and self.printed.row_of(self.words, line.code)
            unclear = self.printed.table.rows.open and self._meant(line, "")
            apart = 0 < last < line.row and any(row not in rows for row in range(last + 1, line.row))
            named = line.line or unclear if line.filled else self._is_coded(line)
            if apart and not (known or named):
                placed.unknown.remove(line)
                placed.notes.append(line)

    def _is_coded(self, line: Line) -> bool:
        """True when a line has a code of the form or a line code beside it."""
        return line.line.isdigit() or bool(line.code and self.printed.row_of(self.words, line.code))

    def _take(self, placed: Placed, row: str, line: Line) -> None:
        """Give a line to a row; of two the one with the right label."""
        other = placed.row_of.get(row)
        if other is None:
            placed.row_of[row] = line
            return
        better = self._is_named(row, line) and not self._is_named(row, other)
        placed.row_of[row] = line if better else other
        placed.doubled.append((row, other if better else line))

    def _is_named(self, row: str, line: Line) -> bool:
        return row in self.printed.rows_of(self.words, line.label)

    def _report(self, placed: Placed, layout: Layout) -> None:
        shifted: list[Line] = []
        for code, line in placed.row_of.items():
            row = layout.row.get(code)
            if row is None:
                continue
            named = self.printed.row_of(self.words, line.code) if line.code else ""
            other_label = line.label and not self._is_named(code, line)
            if other_label or (named and named != code):
                found = line.label if other_label else f"{line.code} {line.label}".strip()
                place = self._place(placed, line, code)
                # A label that names nothing is a spelling; one that names another row makes the numbers anybody's.
                other_row = (named and named != code) or self.printed.rows_of(self.words, line.label)
                if other_row and (other_label or named):
                    placed.disputed.add(code)
                    self.differs = True
                    self.unclear.append(place)
                    self.findings.append(Finding.of("received_label_of_other", place, found=found, expected=row.label))
                    continue
                self.findings.append(Finding.of("received_label_differs", place, found=found, expected=row.label))
            if line.line and line.line != canonical(row.line):
                shifted.append(line)
        if shifted and self.printed.table.rows.open and not self.by_hand and not placed.unknown and not placed.doubled:
            place = self._place(placed, shifted[0])
            self.findings.append(Finding.of("received_lines_shifted", place, count=len(shifted)))
        for code, line in placed.doubled:
            place = self._place(placed, line, code)
            self.unclear.append(place)
            self.findings.append(Finding.of("received_line_twice", place, other=str(placed.row_of[code].row)))
        for line in placed.unknown:
            self.differs = True
            label = " ".join(filter(None, (line.code, line.label)))
            place = self._place(placed, line)
            self.findings.append(Finding.of("received_line_unknown", place, line=line.line, label=label))
        place = Place(table=layout.table.id, sheet=placed.block.view.sheet.name)
        for row in layout.rows:
            if row.code not in placed.row_of:
                self.differs = True
                at = Place(table=place.table, row=row.code, sheet=place.sheet)
                self.findings.append(Finding.of("received_line_missing", at, line=row.line, label=row.label))

    def _place(self, placed: Placed, line: Line, row: str = "") -> Place:
        column = placed.stub.line or placed.stub.label or placed.stub.code or 1
        return Place(
            table=self.printed.table.id,
            row=row,
            sheet=placed.block.view.sheet.name,
            cell=cell_name(line.row, column),
        )


def _is_typed(block: Block, line: Line) -> bool:
    """True when somebody wrote into a count cell of a line: a formula is not of their hand."""
    cells = block.view.sheet.cells
    return any((raw := cells.get((line.row, column))) is not None and not raw.formula for column in block.counts)
