"""Pictures, links and lists in the structure tree: what is seen, where it leads, how it is counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pydyf import Array, Dictionary, String

from form1.core.errors import DefinitionError
from form1.render.finish.tree import Element, Tree

_NUMBERINGS = {
    "disc": "Disc",
    "circle": "Circle",
    "square": "Square",
    "decimal": "Decimal",
    "lower-roman": "LowerRoman",
    "upper-roman": "UpperRoman",
    "lower-alpha": "LowerAlpha",
    "upper-alpha": "UpperAlpha",
}
_POINTS = 0.75
"""Points in a pixel of CSS."""


def describe_pictures(tree: Tree) -> None:
    """Set the place of every picture right; DefinitionError for one without a text alternative."""
    for element in _all(tree, tree.document):
        if element["S"] != "/Figure":
            continue
        page = tree.page_of[element["Pg"]]
        if not str(getattr(element.get("Alt"), "string", "")).strip():
            raise DefinitionError(
                f"templates: a picture on page {page + 1} of the PDF has no text alternative. Give its svg a <title>, "
                "or its img an alt, that says what is seen."
            )
        left, top, right, bottom = element["A"]["BBox"]
        height = tree.at(element["Pg"])["MediaBox"][3]
        # WeasyPrint writes pixels from the top; the standard counts points from below.
        element["A"]["BBox"] = Array(
            (left * _POINTS, height - bottom * _POINTS, right * _POINTS, height - top * _POINTS)
        )
        element["A"]["Placement"] = "/Block"


def describe_links(tree: Tree, document: Any) -> None:
    """Make one element of each link, however many lines it takes, and say in it where it leads."""
    for page in document.pages:
        known: dict[int, Element] = {}
        for kind, _, _, box in page.links:
            annotation = box.link_annotation
            if kind == "attachment" or annotation is None or "StructParent" not in annotation:
                continue
            words = box.element.get("aria-label") or "".join(box.element.itertext())
            annotation["Contents"] = String(" ".join(words.split()))
            annotation["F"] = 4  # printed: PDF/A allows no other
            element = tree.owner(annotation)
            link = known.setdefault(id(box.element), element)
            if box.is_leader:  # dots that lead to a page number: seen, clicked and not read
                element["K"][:] = [kid for kid in element["K"] if not isinstance(kid, int)]
            if element is not link:
                tree.detach(element)
                tree.pour(element, link)


def count_lists(lists: Iterable[tuple[Element, str]]) -> None:
    """Say of each list how it is counted, which its labels alone do not tell."""
    for element, style in lists:
        if numbering := _NUMBERINGS.get(style):
            element["A"] = Dictionary({"O": "/List", "ListNumbering": f"/{numbering}"})


def _all(tree: Tree, element: Element) -> Iterator[Element]:
    yield element
    for kid in tree.kids(element):
        yield from _all(tree, kid)
