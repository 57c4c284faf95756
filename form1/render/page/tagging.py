"""Tables that a screen reader can read: each number of the PDF announces its row and its heads.

WeasyPrint counts columns wrongly where heads span rows or columns, and writes no scope. Its structure tree is mended
just before the file is written: cells are laid on a grid, and each data cell is given the heads above and beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell of the structure tree on the grid of its table."""

    element: Any
    row: int
    columns: range
    rows: range
    in_head: bool

    @property
    def is_heading(self) -> bool:
        return bool(self.element["S"] == "/TH")

    def speaks_for(self, cell: _Cell) -> bool:
        """True when this heading stands above `cell` in the table's head, or beside it in its row."""
        if self.in_head:
            return self.rows[-1] < cell.row and _meet(self.columns, cell.columns)
        return _meet(self.rows, cell.rows)


def mend_tables(document: Any, pdf: Any) -> None:
    """Give each heading its scope and each data cell its headings, in all tables (a finisher of WeasyPrint)."""
    import pydyf  # type: ignore[import-untyped]

    identifiers: list[tuple[str, Any]] = []
    dictionaries = [thing for thing in pdf.objects if isinstance(thing, pydyf.Dictionary)]
    for table in [thing for thing in dictionaries if thing.get("S") == "/Table"]:
        cells = list(_grid(pdf, table))
        headings = [cell for cell in cells if cell.is_heading]
        for cell in headings:
            cell.element["A"]["Scope"] = "/Column" if cell.in_head else "/Row"
            identifiers.append((cell.element["ID"].string, cell.element))
        for cell in cells:
            if not cell.is_heading:
                # The row is announced before the heads of its columns.
                announced = sorted((h for h in headings if h.speaks_for(cell)), key=lambda h: h.in_head)
                cell.element["A"]["Headers"] = pydyf.Array([heading.element["ID"] for heading in announced])
    # Identifiers are only valid when the tree lists them, in order.
    names = pydyf.Array()
    for identifier, element in sorted(identifiers, key=lambda pair: pair[0].encode()):
        names.extend((pydyf.String(identifier), element.reference))
    tree = pydyf.Dictionary({"Names": names})
    pdf.add_object(tree)
    for root in [thing for thing in dictionaries if thing.get("Type") == "/StructTreeRoot"]:
        root["IDTree"] = tree.reference


def _meet(one: range, other: range) -> bool:
    return one.start < other.stop and other.start < one.stop


def _grid(pdf: Any, table: Any) -> Iterator[_Cell]:
    taken: set[tuple[int, int]] = set()
    for number, (row, in_head) in enumerate(_table_rows(pdf, table, in_head=False)):
        column = 0
        for element in _children(pdf, row):
            while (number, column) in taken:
                column += 1
            rows = range(number, number + int(element["A"].get("RowSpan", 1)))
            columns = range(column, column + int(element["A"].get("ColSpan", 1)))
            taken.update((r, c) for r in rows for c in columns)
            yield _Cell(element, number, columns, rows, in_head)


def _table_rows(pdf: Any, part: Any, *, in_head: bool) -> Iterator[tuple[Any, bool]]:
    for child in _children(pdf, part):
        if child["S"] == "/TR":
            yield child, in_head
        elif child["S"] in {"/THead", "/TBody", "/TFoot", "/NonStruct"}:
            yield from _table_rows(pdf, child, in_head=in_head or child["S"] == "/THead")


def _children(pdf: Any, element: Any) -> Iterator[Any]:
    for kid in element["K"]:
        if isinstance(kid, bytes):  # a reference: b"12 0 R"; content itself is a number
            yield pdf.objects[int(kid.split()[0])]
