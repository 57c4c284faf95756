"""One sheet of a received workbook: cells get another format, missing cells are put in, nothing else moves."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping
from math import isfinite
from typing import Final

from form1.core.errors import SourceError
from form1.xlsx.edit.letters import Spot, area, column_number, index, plain
from form1.xlsx.edit.styles import Styles
from form1.xlsx.edit.xml import Element, Part
from form1.xlsx.read.raw import column_letters

# fmt: off
_ORDER: Final = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews",
    "mergeCells", "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions",
    "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches",
    "ignoredErrors", "smartTags", "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture",
    "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
)
# fmt: on
"""The children of a worksheet, in the order that the format demands."""
_TRUE: Final = ("1", "true")
_LETTERS = re.compile(r"[A-Za-z]{1,3}(?=[0-9])")


class Worksheet:
    """The XML of one worksheet; raises SourceError when it has no cells' element."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self._by_name: dict[str, Element] = {}
        for element in part.children(part.root):
            if element.space == part.root.space:
                self._by_name.setdefault(element.name, element)
        if "sheetData" not in self._by_name:
            raise SourceError(f"{plain(part.name)}: no sheetData")
        self._data = self._by_name["sheetData"]
        self._rows = self._read_rows()
        self._numbers = [number for number, _ in self._rows]
        self._first_of_row = dict(reversed(self._rows))
        self._widths: dict[int, int] = {}
        self._columns = [each.attributes for each in self._within("cols")]
        self._merged = [area(each.attributes.get("ref", "")) for each in self._within("mergeCells")]
        self._format = self._by_name["sheetFormatPr"].attributes if "sheetFormatPr" in self._by_name else {}

    def visible(self, spots: Collection[Spot]) -> dict[Spot, Spot]:
        """Return the cell that shows for each of `spots`: the first of the merged range over it, or itself."""
        found = {spot: spot for spot in spots}
        by_row: dict[int, list[int]] = {}
        for row, column in spots:
            by_row.setdefault(row, []).append(column)
        rows = sorted(by_row)
        for left, top, right, bottom in filter(None, self._merged):
            for row in rows[bisect_left(rows, top) : bisect_right(rows, bottom)]:
                found |= {(row, column): (top, left) for column in by_row[row] if left <= column <= right}
        return found

    def mark(self, severities: Mapping[Spot, str], styles: Styles) -> None:
        """Give cells the fill of their severity; a cell or a row that is not in the XML is put where it belongs."""
        by_row: dict[int, dict[int, str]] = {}
        for (row, column), severity in sorted(severities.items()):
            by_row.setdefault(row, {})[column] = severity
        added: list[Spot] = []
        for number, wanted in by_row.items():
            element = self._first_of_row.get(number)
            if element is None:
                self._put_row(number, self._new_cells(number, {}, wanted, styles))
                missing = list(wanted)
            else:
                missing = self._mark_row(number, element, wanted, styles)
            added += [(number, column) for column in missing]
        self._widen_dimension(added)

    def unmark(self, spots: Collection[Spot], styles: Styles) -> None:
        """Take our fills off cells."""
        for number, row in self._rows:
            column = 0
            for element in self.part.children(row) if any(spot[0] == number for spot in spots) else ():
                if element.name == "c":
                    column = _column_of(element.attributes.get("r", ""), column + 1)
                    style = int(_number(element.attributes.get("s")))
                    if (number, column) in spots and (plain_style := styles.unmarked(style)) != style:
                        self.part.set_attribute(element, "s", str(plain_style))

    def legacy_drawing(self) -> str:
        """Return the identifier of the relationship to the sheet's notes' shapes; empty when it has none."""
        element = self._by_name.get("legacyDrawing")
        return element.relation if element else ""

    def set_legacy_drawing(self, relation: str, space: str) -> None:
        """Lead the sheet to its notes' shapes; `space` is the namespace of the attribute."""
        element = self._by_name.get("legacyDrawing")
        if element is not None:
            self.part.replace(element.start, element.end, "")
        declared = f' xmlns:r="{space}"' if self.part.root.scope.get("r") != space else ""
        at = self.part.place(self.part.root, _ORDER, "legacyDrawing")
        self.part.insert(at, f'<{self.part.root.prefix}legacyDrawing{declared} r:id="{relation}"/>')

    def column_width(self, column: int) -> int:
        """Return the width of a column in pixels, 0 when it is hidden."""
        if column not in self._widths:
            values = self._column(column)
            width = _number(values.get("width", self._format.get("defaultColWidth")), 9.14)
            self._widths[column] = 0 if values.get("hidden") in _TRUE else round(7 * width) or 64
        return self._widths[column]

    def row_height(self, row: int) -> int:
        """Return the height of a row in pixels, 0 when it is hidden."""
        element = self._first_of_row.get(row)
        values = element.attributes if element else {}
        if values.get("hidden") in _TRUE or (self._format.get("zeroHeight") in _TRUE and "ht" not in values):
            return 0
        return round(_number(values.get("ht", self._format.get("defaultRowHeight")), 15) * 4 / 3) or 20

    def _read_rows(self) -> list[tuple[int, Element]]:
        rows: list[tuple[int, Element]] = []
        number = 0
        for element in self.part.children(self._data):
            if element.name == "row":
                # A row without a number follows the one before it.
                number = int(_number(element.attributes.get("r"), number + 1))
                rows.append((number, element))
        return rows

    def _within(self, name: str) -> Iterable[Element]:
        element = self._by_name.get(name)
        return self.part.children(element) if element else ()

    def _mark_row(self, number: int, row: Element, wanted: Mapping[int, str], styles: Styles) -> list[int]:
        """Mark the cells of one row and return the columns that had to be put in."""
        cells: dict[int, Element] = {}
        column, last = 0, row.inside
        for element in self.part.children(row):
            if element.name == "c":
                column = _column_of(element.attributes.get("r", ""), column + 1)
                cells.setdefault(column, element)
                last = element.end
        missing = [column for column in wanted if column not in cells]
        for column in wanted:
            if column in cells:
                style = int(_number(cells[column].attributes.get("s")))
                self.part.set_attribute(cells[column], "s", str(styles.marked(style, wanted[column])))
        new = self._new_cells(number, row.attributes, {column: wanted[column] for column in missing}, styles)
        for column, xml in new.items():
            after = [cell.start for place, cell in cells.items() if place > column]
            if row.empty:
                self.part.append(row, xml)
            else:
                self.part.insert(min(after, default=last), xml)
        if missing:
            self._widen_spans(row, missing)
        return missing

    def _new_cells(
        self, number: int, row: Mapping[str, str], wanted: Mapping[int, str], styles: Styles
    ) -> dict[int, str]:
        """Return the XML of empty cells that look as they looked while they were not there, but for the fill."""
        cells = {}
        for column, severity in wanted.items():
            style = row.get("s") if row.get("customFormat") in _TRUE else self._column(column).get("style")
            marked = styles.marked(int(_number(style)), severity)
            cells[column] = f'<{self._data.prefix}c r="{column_letters(column)}{number}" s="{marked}"/>'
        return cells

    def _column(self, column: int) -> Mapping[str, str]:
        """Return what the sheet says of a column; nothing when it says nothing."""
        of_it = (c for c in self._columns if _number(c.get("min")) <= column <= _number(c.get("max")))
        return next(of_it, {})

    def _put_row(self, number: int, cells: Mapping[int, str]) -> None:
        tag = f"{self._data.prefix}row"
        xml = f'<{tag} r="{number}">{"".join(cells.values())}</{tag}>'
        following = bisect_right(self._numbers, number)
        if following < len(self._rows):
            self.part.insert(self._rows[following][1].start, xml)
        else:
            self.part.append(self._data, xml)

    def _widen_spans(self, row: Element, columns: Iterable[int]) -> None:
        first, _, last = row.attributes.get("spans", "").partition(":")
        if index(first) and index(last):
            wide = f"{min(index(first), *columns)}:{max(index(last), *columns)}"
            if wide != f"{first}:{last}":
                self.part.set_attribute(row, "spans", wide)

    def _widen_dimension(self, added: Iterable[Spot]) -> None:
        """Readers that trust the declared range would drop cells put in beyond it."""
        element = self._by_name.get("dimension")
        declared = area(element.attributes.get("ref", "")) if element else None
        if element is None or declared is None:
            return
        left, top, right, bottom = declared
        for row, column in added:
            left, top, right, bottom = min(left, column), min(top, row), max(right, column), max(bottom, row)
        if (left, top, right, bottom) != declared:
            ref = f"{column_letters(left)}{top}:{column_letters(right)}{bottom}"
            self.part.set_attribute(element, "ref", ref)


def _column_of(cell: str, otherwise: int) -> int:
    named = _LETTERS.match(cell)
    return column_number(named[0]) if named else otherwise


def _number(text: str | None, otherwise: float = 0) -> float:
    try:
        number = float(text) if text is not None else otherwise
    except ValueError:
        return otherwise
    return number if isfinite(number) else otherwise
