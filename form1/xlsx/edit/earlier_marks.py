"""Our own marks of the check before, taken off a workbook that comes back: sheet of findings, fills and notes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from form1.xlsx.edit.findings_sheet import renumber
from form1.xlsx.edit.letters import index, spot
from form1.xlsx.edit.package import Package
from form1.xlsx.edit.shapes import remove_shapes
from form1.xlsx.edit.sheet import Worksheet
from form1.xlsx.edit.styles import TAB_COLOUR, Styles
from form1.xlsx.edit.xml import escape

_NUMBER = re.compile(r" \([0-9]{1,3}\)$")


def without_earlier_marks(
    workbook: bytes, styles_part: str, sheets: dict[str, str], author: str, titles: Sequence[str]
) -> bytes:
    """Return the workbook without the notes of `author`, the fills under them, and sheets of findings.

    A sheet of findings has one of `titles` and the colour of our tab. A note of the sender that ours continued stays.
    """
    package = Package(workbook)
    styles = Styles(package.part(styles_part))
    ours = [
        name
        for name, part in sheets.items()
        if _NUMBER.sub("", name) in titles and TAB_COLOUR[2:].encode() in package.read(part)[:4000]
    ]
    changed = bool(ours)
    for name, part in sheets.items():
        if name not in ours:
            changed |= _clean(package, styles, part, author)
    if not changed:
        return workbook
    if len(ours) < len(sheets):
        _remove(package, sheets, ours)
    styles.finish()
    return package.pack()


def _clean(package: Package, styles: Styles, name: str, author: str) -> bool:
    comments = next((each.target for each in package.relations(name) if each.kind == "comments" and each.target), "")
    if not comments or escape(author).encode() not in package.read(comments):
        return False
    part = package.part(comments)
    authors, listed = part.child(part.root, "authors"), part.child(part.root, "commentList")
    if authors is None or listed is None:
        return False
    names = [part.text[each.inside : each.close] for each in part.children(authors)]
    found = [
        each
        for each in part.children(listed)
        if names[index(each.attributes.get("authorId"), -1) :][:1] == [escape(author)] and each.attributes.get("ref")
    ]
    for each in found:
        part.replace(each.start, each.end, "")
    spots = {spot(each.attributes["ref"]) for each in found}
    worksheet = Worksheet(package.part(name))
    worksheet.unmark(spots, styles)
    shapes = next(
        (each.target for each in package.relations(name) if each.id == worksheet.legacy_drawing() and each.target), ""
    )
    if shapes:
        package.write(shapes, remove_shapes(package.read(shapes), spots))
    return bool(found)


def _remove(package: Package, sheets: dict[str, str], ours: Sequence[str]) -> None:
    book = package.part(package.workbook)
    listed = book.child(book.root, "sheets")
    assert listed is not None
    order: list[bool] = []
    for each in book.children(listed):
        is_ours = each.attributes.get("name", "") in ours
        order.append(not is_ours)
        if is_ours:
            book.replace(each.start, each.end, "")
            package.remove(package.workbook, each.relation, sheets[each.attributes["name"]])
    kept = [number for number, stays in enumerate(order) if stays]
    if ours:
        renumber(book, lambda at: kept.index(at) if at in kept else None)
