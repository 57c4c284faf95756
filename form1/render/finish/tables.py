"""Tables in the structure tree: one element each, and every number announced with its row and its heads.

WeasyPrint counts columns wrongly where heads span rows or columns, writes no scope, and makes an element of each page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from pydyf import Array, Dictionary, String

from form1.core.errors import DefinitionError
from form1.render.finish.boxes import Cell, Row, Table
from form1.render.finish.tree import Element, Tree

_COLUMN_SCOPES = {"col", "colgroup"}


def join(tree: Tree, fragments: Iterable[Table]) -> list[Table]:
    """Return the tables, each as one: its pages below each other, its panels beside each other."""
    joined: dict[int, Table] = {}
    groups: dict[tuple[int, int], Element] = {}
    rows: dict[tuple[int, int], Row] = {}
    for part in fragments:
        key = id(part.markup)
        first = joined.setdefault(key, part)
        for row in part.rows:
            _add_row(tree, key, first, row, groups, rows, is_first=first is part)
        if first is not part:
            tree.detach(part.element)
    named: dict[str, Table] = {}
    whole = []
    for table in joined.values():
        if (name := table.markup.get("data-goes-on")) is None:
            named[table.markup.get("id") or ""] = table
            whole.append(table)
        elif name in named:
            _join_panel(tree, named[name], table)
        else:
            raise DefinitionError(f"templates: a table goes on with {name!r}, and no table before it has that id.")
    return whole


def associate(tree: Tree, tables: Iterable[Table]) -> None:
    """Give each heading its scope and each data cell its headings; tables that are none get other tags."""
    identifiers: list[tuple[str, Element]] = []
    for table in tables:
        role = table.markup.get("role")
        if role == "presentation":
            _as_paragraphs(tree, table)
        elif role == "doc-toc":
            _as_contents(tree, table)
        else:
            identifiers += _associate(table)
        for cell in (cell for row in table.rows for cell in row.cells if cell.whole_words):
            tree.say(cell.element, cell.whole_words)
    # Identifiers are only valid when the tree lists them, in order.
    names = Array()
    for identifier, element in sorted(identifiers, key=lambda pair: pair[0].encode()):
        names.extend((String(identifier), element.reference))
    if names:
        listed = Dictionary({"Names": names})
        tree.pdf.add_object(listed)
        tree.root["IDTree"] = listed.reference


def _add_row(
    tree: Tree,
    key: int,
    table: Table,
    row: Row,
    groups: dict[tuple[int, int], Element],
    rows: dict[tuple[int, int], Row],
    *,
    is_first: bool,
) -> None:
    """Hang a row of a page below the table; a repeated head or foot is left where it is, to become an artefact."""
    group = groups.setdefault((key, id(row.group)), tree.parent(row.element))
    known = rows.setdefault((key, id(row.markup)), row)
    if known is not row:
        if not (row.in_head or row.in_foot):  # a row that is broken between two pages
            for before, after in zip(known.cells, row.cells, strict=True):
                tree.pour(after.element, before.element)
        return
    if is_first:
        return
    own = tree.parent(row.element)
    if own is group:  # the first row of a group that begins on this page
        tree.detach(group)
        tree.move(group, table.element)
    elif tree.parent(group) is table.element:
        tree.detach(row.element)
        tree.move(row.element, group)
    table.rows.append(row)


def _join_panel(tree: Tree, table: Table, panel: Table) -> None:
    """Add the columns of a panel to the rows of the table; what it repeats stays behind."""
    for row, more in zip(table.rows, panel.rows, strict=True):
        for cell in more.cells:
            if cell.again is None:
                tree.detach(cell.element)
                tree.move(cell.element, row.element)
                row.cells.append(cell)
            elif cell.again == "cut":
                row.cells[-1].columns += cell.columns
    division = tree.parent(panel.element)
    for element in list(tree.kids(division)):
        tree.detach(element)
        if element is panel.element:
            break


def _associate(table: Table) -> Iterator[tuple[str, Element]]:
    over: dict[int, list[tuple[int, Element]]] = defaultdict(list)
    beside: dict[int, list[Element]] = defaultdict(list)
    placed = list(_grid(table))
    for cell, row, column in placed:
        _span(cell)
        if cell.element["S"] != "/TH":
            continue
        scope = cell.markup.get("scope")
        if scope in _COLUMN_SCOPES or (scope is None and table.rows[row].in_head):
            cell.element["A"]["Scope"] = "/Column"
            for each in range(column, column + cell.columns):
                over[each].append((row + cell.rows, cell.element))
        else:
            cell.element["A"]["Scope"] = "/Row"
            for each in range(row, row + cell.rows):
                beside[each].append(cell.element)
        yield cell.element["ID"].string, cell.element
    above = list(_groups(table))
    for cell, row, column in placed:
        if cell.element["S"] == "/TD":
            rows = [*above[row], *(head for each in range(row, row + cell.rows) for head in beside[each])]
            heads = [
                head
                for each in range(column, column + cell.columns)
                for ends, head in over[each]
                if ends <= row
            ]  # fmt: skip
            _announce(cell.element, [*rows, *heads])


def _announce(element: Element, heads: list[Element]) -> None:
    # The row is announced before the heads of its columns, and what spans several of them once.
    once = {head.reference: head for head in heads}
    if once:
        element["A"]["Headers"] = Array([head["ID"] for head in once.values()])
    else:
        element["A"].pop("Headers", None)


def _groups(table: Table) -> Iterator[list[Element]]:
    """Yield for each row the heads of the groups that it belongs to, the outermost first."""
    over: list[tuple[int, Element]] = []
    for row in table.rows:
        level = int(row.markup.get("data-level") or 0)
        while over and over[-1][0] >= level:
            over.pop()
        yield [head for _, head in over]
        if row.markup.get("data-heads") is not None:
            over += [(level, cell.element) for cell in row.cells if cell.element["S"] == "/TH"][:1]


def _grid(table: Table) -> Iterator[tuple[Cell, int, int]]:
    """Yield each cell with its row and its first column."""
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(table.rows):
        column = 0
        for cell in row.cells:
            while (number, column) in taken:
                column += 1
            if cell.rows > 1:
                covered = range(column, column + cell.columns)
                taken.update((below, each) for below in range(number + 1, number + cell.rows) for each in covered)
            yield cell, number, column
            column += cell.columns


def _span(cell: Cell) -> None:
    attributes: Any = cell.element["A"]
    for name, size in (("ColSpan", cell.columns), ("RowSpan", cell.rows)):
        if size > 1:
            attributes[name] = size
        else:
            attributes.pop(name, None)


def _as_paragraphs(tree: Tree, table: Table) -> None:
    """A table that only sets things beside each other: a division of paragraphs."""
    table.element["S"] = "/Div"
    table.element["K"].clear()
    for row in table.rows:
        for cell in row.cells:
            _rename(cell.element, "/P")
            tree.move(cell.element, table.element)


def _as_contents(tree: Tree, table: Table) -> None:
    """A list of contents: an entry for each row, with its label and its reference."""
    table.element["S"] = "/TOC"
    table.element["K"].clear()
    for row in table.rows:
        row.element["S"] = "/TOCI"
        tree.move(row.element, table.element)
        for cell in row.cells:
            has_link = any(kid["S"] == "/Link" for kid in tree.kids(cell.element))
            _rename(cell.element, "/Reference" if has_link else "/Lbl")


def _rename(element: Element, tag: str) -> None:
    element["S"] = tag
    element.pop("A", None)
    element.pop("ID", None)
