"""A list on a sheet for people: a few lines of title, a head that stays, fitted columns, a filter, ready to print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Final

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from form1.core.values import group_digits
from form1.render.workbook.printing import A4, head_pages, set_up
from form1.render.workbook.writer import SheetWriter, Value, width_for
from form1.xlsx.read.raw import column_letters

LONGEST_TEXT: Final = 32000
"""Characters that a cell is given at most; Excel takes a workbook with more than 32,767 for damaged."""

_NARROWEST: Final = 4.5
_WIDEST: Final = 27.0
_TEXT_AT_LEAST: Final = 80.0
_FILTER_ARROW: Final = 3.0
"""Room for the arrow of the filter beside a heading, in characters."""
_BROADEST: Final = 1.9
"""No letter of a list takes more characters of column width than this."""

_COLOURS: Final = (("FFC7CE", "9C0006"), ("FFEB9C", "7F6000"), ("DDEBF7", "1F3864"))
"""Fill and font of what is bad, doubtful and good; the word itself stands in the cell."""


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column: its heading, the role of its cells, and its share of the width that short columns leave over."""

    heading: str
    role: str = "field"
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a list; `links` leads cells, by the place of their column, to a row of the sheet named."""

    values: tuple[Value, ...]
    links: Mapping[int, tuple[str, int]]
    continues: bool = False
    """True for a row that belongs to the one above: it can be folded away."""


class Listing:
    """The rows of a list, gathered first and then drawn, so that the columns fit what stands in them."""

    def __init__(self, titles: Sequence[tuple[str, str]], columns: Sequence[ListColumn]) -> None:
        self.titles, self.columns = titles, columns
        self.lines: list[Line] = []

    @property
    def next_row(self) -> int:
        """The row of the sheet, from 1, that the next line will have."""
        return len(self.titles) + 2 + len(self.lines)

    def add(self, *values: Value, links: Mapping[int, tuple[str, int]] | None = None, continues: bool = False) -> None:
        """Add a line, one value per column."""
        self.lines.append(Line(tuple(_bounded(value) for value in values), links or {}, continues))

    def draw(self, sheet: Worksheet, writer: SheetWriter, coloured: tuple[int, Sequence[str]]) -> None:
        """Draw the list; `coloured` gives a column (from 0) and the words in it that stand for bad, doubtful, good."""
        paper = A4(landscape=True)
        widths = self._widths(paper)
        for number, width in enumerate(widths, start=1):
            sheet.column_dimensions[column_letters(number)].width = round(width, 2)
        for row, (text, role) in enumerate(self.titles, start=1):
            writer.put(sheet, text, role, row, 1, to_column=len(widths))
            sheet.row_dimensions[row].height = writer.height(text, role, fsum(widths)) + 2
        head = len(self.titles) + 1
        writer.row(sheet, ((column.heading, "head") for column in self.columns))
        sheet.row_dimensions[head].height = 4 + max(
            writer.height(column.heading, "head", width - _FILTER_ARROW)
            for column, width in zip(self.columns, widths, strict=True)
        )
        for row, line in enumerate(self.lines, start=head + 1):
            self._draw_line(sheet, writer, row, line, widths)
        last = column_letters(len(widths))
        sheet.auto_filter.ref = f"A{head}:{last}{max(head, sheet.max_row)}"
        sheet.freeze_panes = sheet.cell(head + 1, 1)
        sheet.sheet_view.showGridLines = False
        sheet.sheet_properties.outlinePr.summaryBelow = False
        _colour(sheet, column_letters(coloured[0] + 1), head + 1, coloured[1])
        set_up(sheet, paper, writer.footer)
        sheet.print_title_rows = f"{head}:{head}"
        sheet.print_area = f"A1:{last}{max(head, sheet.max_row)}"
        head_pages(sheet, sheet.title)

    def _draw_line(self, sheet: Worksheet, writer: SheetWriter, row: int, line: Line, widths: Sequence[float]) -> None:
        each = [
            (value, "link" if place in line.links else _role(column.role, value))
            for place, (value, column) in enumerate(zip(line.values, self.columns, strict=True))
        ]
        writer.row(sheet, each)
        for place, (title, to) in line.links.items():
            cell = sheet.cell(row, place + 1)
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{title}'!A{to}")
        # Only what may not fit on one line is measured letter by letter: lists are long, most of their cells short.
        sheet.row_dimensions[row].height = max(
            writer.height(value if len(str(value)) * _BROADEST > width else "", role, width)
            for (value, role), width in zip(each, widths, strict=True)
        )
        if line.continues:
            sheet.row_dimensions[row].outlineLevel = 1

    def _widths(self, paper: A4) -> list[float]:
        """Return a width for each column: of its longest value, or of its share of what the others leave."""
        widths: list[float] = []
        for place, column in enumerate(self.columns):
            values = {_shown(line.values[place]) for line in self.lines}
            words = max(width_for(word, 8) for word in column.heading.split()) + _FILTER_ARROW
            longest = max((width_for(value, 9) + 0.8 for value in values), default=0.0)
            linked = any(place in line.links for line in self.lines)
            widths.append(max(_NARROWEST, words, longest if linked else min(_WIDEST, longest)))
        shares = fsum(column.share for column in self.columns)
        left = paper.width - fsum(width for width, column in zip(widths, self.columns, strict=True) if not column.share)
        spread = max(left, _TEXT_AT_LEAST)
        return [
            spread * column.share / shares if column.share else width
            for width, column in zip(widths, self.columns, strict=True)
        ]


def _role(role: str, value: Value) -> str:
    """Return the role of a cell: a count is drawn as a count, a text in a column of counts as text."""
    return "field" if role == "member count" and isinstance(value, str) else role


def _shown(value: Value) -> str:
    return group_digits(value) if isinstance(value, int) else value or ""


def _bounded(value: Value) -> Value:
    return value[:LONGEST_TEXT] + "…" if isinstance(value, str) and len(value) > LONGEST_TEXT else value


def _colour(sheet: Worksheet, letter: str, first: int, words: Sequence[str]) -> None:
    """Colour the words in a column, also after people sort it."""
    cells = f"{letter}{first}:{letter}{max(first, sheet.max_row)}"
    for word, (fill, font) in zip(words, _COLOURS, strict=True):
        rule = FormulaRule(
            formula=[f'{letter}{first}="{word}"'],
            font=Font(bold=True, color=font),
            fill=PatternFill(fill_type="solid", bgColor=fill),
        )
        sheet.conditional_formatting.add(cells, rule)
