"""The notes of a sheet: the sender's are kept, ours are added or continue the note that stands at the cell."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import Final

from form1.xlsx.edit.letters import Spot
from form1.xlsx.edit.package import Package
from form1.xlsx.edit.shapes import add_shapes, empty_drawing, enlarge_shapes
from form1.xlsx.edit.sheet import Worksheet
from form1.xlsx.edit.xml import DECLARATION, MAIN, MAIN_STRICT, Element, Part, escape, unescape
from form1.xlsx.read.raw import column_letters

_COMMENTS_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_SHAPES_TYPE: Final = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_LOOK: Final = '<{p}rPr><{p}sz val="9"/><{p}color indexed="81"/><{p}rFont val="Tahoma"/><{p}family val="2"/></{p}rPr>'


def write_notes(package: Package, worksheet: Worksheet, texts: Mapping[Spot, str], author: str) -> None:
    """Put a note with its text at each cell: the part of notes, the shapes that show them, and what leads there."""
    name = worksheet.part.name
    targets = {each.kind: each.target for each in package.relations(name) if each.kind == "comments" and each.target}
    shapes = next(
        (each.target for each in package.relations(name) if each.id == worksheet.legacy_drawing() and each.target), ""
    )
    folder = posixpath.dirname(package.workbook)
    comments = targets.get("comments", "")
    if not comments:
        comments = package.create(posixpath.join(folder, "comments{}.xml"), _empty_comments(package), _COMMENTS_TYPE)
        package.relate(name, "comments", comments)
    part = package.part(comments)
    before = _notes(part)
    _write_comments(part, before, texts, author)
    full = {
        spot: f"{_text(part, before[_ref(spot)])}\n\n{text}" for spot, text in texts.items() if _ref(spot) in before
    }
    new = {spot: text for spot, text in texts.items() if spot not in full}
    if shapes:
        package.write(shapes, enlarge_shapes(package.read(shapes), worksheet, full))
    else:
        # Notes that came without shapes are given theirs, or no program would show them.
        new = {**full, **new}
        shapes = package.create(posixpath.join(folder, "drawings/vmlDrawing{}.vml"), empty_drawing(), _SHAPES_TYPE)
        worksheet.set_legacy_drawing(package.relate(name, "vmlDrawing", shapes), package.relation_space)
    package.write(shapes, add_shapes(package.read(shapes), worksheet, new))


def _empty_comments(package: Package) -> bytes:
    space = MAIN_STRICT if package.strict else MAIN
    empty = "<authors></authors><commentList></commentList>"
    return f'{DECLARATION}<comments xmlns="{space}">{empty}</comments>'.encode()


def _notes(part: Part) -> dict[str, Element]:
    listed = part.child(part.root, "commentList")
    if listed is None:
        return {}
    return {each.attributes.get("ref", ""): each for each in part.children(listed) if each.name == "comment"}


def _write_comments(part: Part, before: Mapping[str, Element], texts: Mapping[Spot, str], author: str) -> None:
    p = part.root.prefix
    number = _author(part, author)
    added = []
    for spot, text in sorted(texts.items()):
        known = before.get(_ref(spot))
        if known is not None:
            _continue(part, known, text)
        else:
            added.append(
                f'<{p}comment ref="{_ref(spot)}" authorId="{number}"><{p}text>{_run(p, text)}</{p}text></{p}comment>'
            )
    if added:
        listed = part.child(part.root, "commentList")
        if listed is None:
            part.append(part.root, f"<{p}commentList>{''.join(added)}</{p}commentList>")
        else:
            part.append(listed, "".join(added))


def _author(part: Part, author: str) -> int:
    """Return the number of the author in the part, who is added when not there."""
    p = part.root.prefix
    listed = part.child(part.root, "authors")
    if listed is None:
        part.insert(part.root.inside, f"<{p}authors><{p}author>{escape(author)}</{p}author></{p}authors>")
        return 0
    names = [part.text[each.inside : each.close] for each in part.children(listed)]
    if escape(author) in names:
        return names.index(escape(author))
    part.append(listed, f"<{p}author>{escape(author)}</{p}author>")
    return len(names)


def _continue(part: Part, comment: Element, text: str) -> None:
    """Add a run to the sender's note; its own letters stay."""
    p = comment.prefix
    body = part.child(comment, "text")
    if body is None:
        part.append(comment, f"<{p}text>{_run(p, text)}</{p}text>")
        return
    at = body.inside
    for element in part.children(body):
        if element.name == "t":  # a plain text and runs do not stand side by side: the text becomes a run
            part.insert(element.start, f"<{p}r>")
            part.insert(element.end, f"</{p}r>")
        if element.name in {"t", "r"}:
            at = element.end
    if body.empty:
        part.append(body, _run(p, text))
    else:
        part.insert(at, _run(p, f"\n\n{text}"))


def _run(prefix: str, text: str) -> str:
    look = _LOOK.format(p=prefix)
    return f'<{prefix}r>{look}<{prefix}t xml:space="preserve">{escape(text)}</{prefix}t></{prefix}r>'


def _text(part: Part, comment: Element) -> str:
    """Return what a note says, without its formats."""
    body = part.child(comment, "text")
    texts: list[str] = []
    for element in part.children(body) if body else ():
        found = element if element.name == "t" else part.child(element, "t")
        if found is not None and element.name in {"t", "r"}:
            texts.append(unescape(part.text[found.inside : found.close]))
    return "".join(texts)


def _ref(spot: Spot) -> str:
    return f"{column_letters(spot[1])}{spot[0]}"
