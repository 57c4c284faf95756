"""The structure tree of a document that WeasyPrint is about to write, and how it is changed.

Only `K` and `P` are kept right while it is changed. `settle` at the end drops what says nothing, makes an artefact of
all content that no longer hangs on the tree, and writes the way from content back to its element anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydyf import Array, Dictionary, String

# Elements are pydyf.Dictionary objects, references bytes such as b"12 0 R"; both come from a library without types.
Element = Any

_LEAF = {"Type", "S", "K", "Pg", "P"}
"""What an element has that says nothing but "here is content"."""
_KEEPS_LEAVES = {"/Document", "/Sect", "/Div", "/Part", "/Art", "/BlockQuote", "/Table", "/TR", "/L", "/LI", "/TOC"}
"""Elements that may not hold content themselves."""
_MAY_BE_EMPTY = {"/Document", "/TD", "/TH", "/TR"}
_DIVISIONS = {"/Div", "/Sect"}
_WORDS = {"/Span", "/Link"}
_ONCE = {"/P", "/H1", "/H2", "/H3", "/H4", "/H5", "/H6"}
"""Elements that never stand inside their like: the inner one is a box without a name."""


class Tree:
    """The structure tree: its elements, their pages, and what they hold."""

    def __init__(self, pdf: Any) -> None:
        self.pdf = pdf
        self.root: Element = self.at(pdf.catalog["StructTreeRoot"])
        self.document: Element = self.at(self.root["K"][0])
        self.page_of = {reference: number for number, reference in enumerate(pdf.page_references)}
        numbers = self.at(self.root["ParentTree"])["Nums"]
        self._numbers = numbers
        owners = dict(zip(numbers[::2], numbers[1::2], strict=True))
        self._contents = [len(owners[number]) for number in range(len(self.page_of))]
        self._owners = {number: owner for number, owner in owners.items() if isinstance(owner, bytes)}

    def at(self, reference: bytes) -> Element:
        """Return the object that a reference names."""
        return self.pdf.objects[int(reference.split()[0])]

    def kids(self, element: Element) -> Iterator[Element]:
        """Yield the elements directly below an element; content and annotations are none."""
        for kid in element["K"]:
            if isinstance(kid, bytes) and (child := self.at(kid)).get("Type") == "/StructElem":
                yield child

    def parent(self, element: Element) -> Element:
        """Return the element above."""
        return self.at(element["P"])

    def owner(self, annotation: Element) -> Element:
        """Return the element that holds an annotation."""
        return self.at(self._owners[annotation["StructParent"]])

    def detach(self, element: Element) -> None:
        """Take an element out of its parent; what stays in it becomes an artefact."""
        self.parent(element)["K"].remove(element.reference)

    def move(self, element: Element, parent: Element) -> None:
        """Hang an element below another, as its last."""
        element["P"] = parent.reference
        parent["K"].append(element.reference)

    def pour(self, source: Element, target: Element) -> None:
        """Move everything that an element holds into another, after what stands there; the source stays empty."""
        for kid in source["K"]:
            target["K"].append(self._carried(kid, source, target))
        source["K"].clear()

    def say(self, element: Element, words: str) -> None:
        """Let an element be read as `words`, whatever is drawn: as one span, which every reader knows."""
        span = Dictionary({"Type": "/StructElem", "S": "/Span", "K": Array(), "Pg": element["Pg"]})
        self.pdf.add_object(span)
        self.pour(element, span)
        span["ActualText"] = String(words)
        self.move(span, element)

    def settle(self) -> None:
        """Drop what says nothing, turn loose content into artefacts, and write the parent tree."""
        self._tidy(self.document)
        found: list[dict[int, bytes]] = [{} for _ in self.page_of]
        annotated: dict[int, bytes] = {}
        self._collect(self.document, found, annotated)
        self._numbers.clear()
        for number, (contents, owned) in enumerate(zip(self._contents, found, strict=True)):
            page = self.at(list(self.page_of)[number])
            self._numbers.append(number)
            self._numbers.append(Array(owned.get(identifier, b"null") for identifier in range(contents)))
            _loosen(self.at(page["Contents"]), owned)
            self._drop_annotations(page, annotated)
        for number, owner in sorted(annotated.items()):
            self._numbers.extend((number, owner))

    def _carried(self, kid: Any, source: Element, target: Element) -> Any:
        """Return what stands for a kid in its new parent."""
        if isinstance(kid, int):
            if source["Pg"] == target["Pg"]:
                return kid
            return Dictionary({"Type": "/MCR", "Pg": source["Pg"], "MCID": kid})
        if isinstance(kid, bytes) and (child := self.at(kid)).get("Type") == "/StructElem":
            child["P"] = target.reference
        return kid

    def _tidy(self, element: Element) -> None:
        kids: list[Any] = []
        if element["S"] in _DIVISIONS and element["K"] and {kid["S"] for kid in self.kids(element)} <= _WORDS:
            element["S"] = "/P"  # text that stands in a division without a paragraph of its own
        for kid in element["K"]:
            child = self.at(kid) if isinstance(kid, bytes) else {}
            if child.get("Type") != "/StructElem":
                kids.append(kid)
                continue
            self._tidy(child)
            if not child["K"] and child["S"] not in _MAY_BE_EMPTY and "Alt" not in child:
                child.clear()
            elif self._says_nothing(child, element):
                kids.extend(self._carried(grandchild, child, element) for grandchild in child["K"])
                child.clear()
            else:
                kids.append(kid)
        element["K"][:] = kids

    def _says_nothing(self, child: Element, parent: Element) -> bool:
        if not child.keys() <= _LEAF:
            return False
        if child["S"] in _ONCE:
            return bool(child["S"] == parent["S"])
        return (
            child["S"] in {"/Span", "/NonStruct"}
            and parent["S"] not in _KEEPS_LEAVES
            and (child["Pg"] == parent["Pg"] or not any(isinstance(kid, int) for kid in child["K"]))
        )

    def _collect(self, element: Element, found: list[dict[int, bytes]], annotated: dict[int, bytes]) -> None:
        for kid in element["K"]:
            if isinstance(kid, int):
                found[self.page_of[element["Pg"]]][kid] = element.reference
                continue
            thing = self.at(kid) if isinstance(kid, bytes) else kid
            if thing["Type"] == "/StructElem":
                self._collect(thing, found, annotated)
            elif thing["Type"] == "/MCR":
                found[self.page_of[thing["Pg"]]][thing["MCID"]] = element.reference
            else:
                annotated[self.at(thing["Obj"])["StructParent"]] = element.reference

    def _drop_annotations(self, page: Element, annotated: dict[int, bytes]) -> None:
        """An annotation of what is an artefact goes: nobody could reach it but with a mouse."""
        if "Annots" in page:
            kept = [each for each in page["Annots"] if self.at(each).get("StructParent", -1) in annotated]
            page["Annots"][:] = kept
            if not kept:
                del page["Annots"]


def _loosen(stream: Any, owned: dict[int, bytes]) -> None:
    """Turn marked content that no element owns into an artefact."""
    operations = stream.stream
    for place, operand in enumerate(operations):
        if isinstance(operand, dict) and "MCID" in operand and operand["MCID"] not in owned:
            operations[place - 1] = b"/Artifact"
            operations[place] = b"<</Type /Pagination>>"
