"""What WeasyPrint laid out, as far as its structure tree has lost it: which boxes are parts of one thing.

The tree has one element per page for whatever is broken over pages. The boxes still know the element of the page's
markup that they come from; each box of a cell knows its element of the tree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from form1.render.finish.tree import Element, Tree

_AROUND = {"html", "body"}
"""Boxes without an element in the tree."""


@dataclass(slots=True)
class Cell:
    """A cell as it was laid out on one page: its element, and its element in the markup."""

    element: Element
    markup: Any
    columns: int
    rows: int
    whole_words: str = ""
    """What it says, where words are broken by hyphens at the end of lines; empty where none is."""

    @property
    def again(self) -> str | None:
        """What the markup says when the cell only repeats another; None when it does not."""
        said: str | None = self.markup.get("data-again")
        return said


@dataclass(slots=True)
class Row:
    """A row as it was laid out on one page: its element, its elements in the markup, its cells."""

    element: Element
    markup: Any
    group: Any
    cells: list[Cell]
    in_head: bool = False
    in_foot: bool = False


@dataclass(slots=True)
class Table:
    """A table as it was laid out on one page, at first; joined later to what it is on all of them."""

    element: Element
    markup: Any
    rows: list[Row]


def tables(tree: Tree, document: Any) -> Iterator[Table]:
    """Yield the tables page by page; one that goes on over pages comes once for each."""
    for page in document.pages:
        for box in _tables_in(page._page_box):
            rows = [row for group in box.children for row in _rows(tree, group)]
            if rows:
                yield Table(tree.parent(tree.parent(rows[0].element)), box.element, rows)


def lists(pdf: Any, document: Any) -> Iterator[tuple[Element, str]]:
    """Yield every list with the style of its labels in CSS, empty for terms and their meanings."""
    elements = [thing for thing in pdf.objects if isinstance(thing, dict) and thing.get("S") == "/L"]
    if elements:
        found = [box for page in document.pages for box in _lists_in(page._page_box)]
        for element, box in zip(elements, found, strict=True):
            yield element, "" if box.element_tag == "dl" else str(box.style["list_style_type"])


def join_over_pages(tree: Tree, document: Any) -> None:
    """Make one element of sections, paragraphs and lists that are broken over pages; tables are joined elsewhere."""
    tops: list[list[Element]] = [[] for _ in tree.page_of]
    for element in tree.kids(tree.document):
        tops[tree.page_of[element["Pg"]]].append(element)
    boxes = [_top_boxes(page._page_box) for page in document.pages]
    for number in range(1, len(tops)):
        if tops[number - 1] and tops[number] and boxes[number - 1] and boxes[number]:
            before, after = tops[number - 1][-1], tops[number][0]
            if _join(tree, before, boxes[number - 1][-1], after, boxes[number][0]):
                tree.detach(after)
                if len(tops[number]) == 1:
                    tops[number][0] = before  # goes on with the next page


def _join(tree: Tree, before: Element, last: Any, after: Element, first: Any) -> bool:
    """Pour `after` into `before` when the boxes are two parts of one thing, from the inside out."""
    if last.element is None or last.element is not first.element or last.element_tag != first.element_tag:
        return False
    if before["S"] != after["S"] or before["S"] == "/Table":
        return False
    ends, begins = list(tree.kids(before))[-1:], list(tree.kids(after))[:1]
    above = [box for box in last.children if _is_block(box)][-1:]
    below = [box for box in first.children if _is_block(box)][:1]
    for end, upper, begin, lower in zip(ends, above, begins, below, strict=False):
        if _join(tree, end, upper, begin, lower):
            tree.detach(begin)
    tree.pour(after, before)
    return True


def _top_boxes(box: Any) -> list[Any]:
    """Return the boxes right below the body, whose elements are the first of the tree."""
    found: list[Any] = []
    for child in box.children:
        if child.element_tag in _AROUND:
            found += _top_boxes(child)
        elif _is_block(child):
            found.append(child)
    return found


def _is_block(box: Any) -> bool:
    from weasyprint.formatting_structure import boxes

    return isinstance(box, boxes.BlockLevelBox) and not isinstance(box, boxes.MarginBox)


def _lists_in(box: Any) -> Iterator[Any]:
    from weasyprint.formatting_structure import boxes

    if box.element_tag in {"ul", "ol", "dl"}:
        yield box
    if not isinstance(box, boxes.LineBox | boxes.MarginBox):
        for child in getattr(box, "children", ()):
            yield from _lists_in(child)


def _tables_in(box: Any) -> Iterator[Any]:
    from weasyprint.formatting_structure import boxes

    if isinstance(box, boxes.TableBox):
        yield box
    elif not isinstance(box, boxes.LineBox | boxes.MarginBox):
        for child in getattr(box, "children", ()):
            yield from _tables_in(child)


def _rows(tree: Tree, group: Any) -> Iterator[Row]:
    for box in group.children:
        cells = [Cell(cell.mark, cell.element, cell.colspan, cell.rowspan, _whole_words(cell)) for cell in box.children]
        if cells:
            element = tree.parent(cells[0].element)
            yield Row(element, box.element, group.element, cells, group.is_header, group.is_footer)


def _whole_words(cell: Any) -> str:
    """Return the text of a cell of plain lines where some end in a hyphen that is not in the text."""
    if cell.style["hyphens"] != "auto" or not all(_is_line_of_text(line) for line in cell.children):
        return ""
    drawn = "".join(box.text for line in cell.children for box in line.children)
    words = "".join(cell.element.itertext()).split()
    return " ".join(words) if "".join(drawn.split()) != "".join(words) else ""


def _is_line_of_text(box: Any) -> bool:
    from weasyprint.formatting_structure import boxes

    return isinstance(box, boxes.LineBox) and all(isinstance(child, boxes.TextBox) for child in box.children)
