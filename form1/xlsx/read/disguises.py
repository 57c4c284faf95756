"""What shows people other numbers than are stored: conditional formats, letters like their ground, shapes on top."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from form1.xlsx.read.formats import alters_number, hides_number
from form1.xlsx.read.markup import new_parser
from form1.xlsx.read.pieces import parse
from form1.xlsx.read.raw import Area, Disguise

_MOST: Final = 5000
"""Areas of a sheet that are kept."""
_CORNER: Final = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")
_THEME: Final = ("FFFFFF", "000000", "E7E6E6", "44546A", "4472C4", "ED7D31", "A5A5A5", "FFC000", "5B9BD5", "70AD47")
_INDEXED: Final = {0: "000000", 1: "FFFFFF", 8: "000000", 9: "FFFFFF", 64: "000000", 65: "FFFFFF"}
_NEAR: Final = 48
"""Red, green and blue together: colours that are this near cannot be told apart on paper."""


@dataclass
class Look:
    """What a style says of its number format, its letters and its ground."""

    format: str = ""
    font: str = ""
    fill: str = ""
    is_plain: bool = True
    """False for a patterned or unreadable ground, of which nothing is said."""

    @property
    def alters(self) -> bool:
        """True when a count is shown with other digits, as a word, or not at all."""
        return bool(self.format) and (bool(alters_number(self.format, 1)) or hides_number(self.format))

    @property
    def hides(self) -> bool:
        """True when letters have the colour of their ground."""
        return bool(self.font) and self.is_plain and _apart(self.font, self.fill or "FFFFFF") <= _NEAR


@dataclass
class Styles:
    """The looks of the cell formats and of the conditional formats, in their order."""

    cells: list[Look] = field(default_factory=list)
    conditional: list[Look] = field(default_factory=list)


def read_looks(part: str, content: bytes) -> Styles:
    """Return how the styles of a workbook look."""
    fonts: list[Look] = []
    fills: list[Look] = []
    styles, path = Styles(), [""]
    look = Look()
    parser = new_parser(part)

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal look
        tag = name.rpartition(" ")[2]
        parent = path[-1]
        path.append(tag)
        if tag in {"font", "fill"} and parent in {"fonts", "fills"}:
            look = Look()
            (fonts if tag == "font" else fills).append(look)
        elif tag == "dxf":
            look = Look()
            styles.conditional.append(look)
        elif tag == "xf" and parent == "cellXfs":
            font, fill = (_at(attributes.get(each), of) for each, of in (("fontId", fonts), ("fillId", fills)))
            styles.cells.append(Look("", font.font, fill.fill, fill.is_plain))
        else:
            _note(look, tag, parent, attributes, conditional="dxf" in path)

    def end(_: str) -> None:
        path.pop()

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parse(parser, part, content)
    return styles


def conditional(part: str, content: bytes, styles: Styles) -> list[Disguise]:
    """Return the areas of a worksheet whose conditional formats show another number, or none."""
    if b"onditional" not in content and b"\0o\0n\0d\0i" not in content:
        return []
    found: list[Disguise] = []
    path: list[str] = []
    areas: list[Area] = []
    hows: list[str] = []
    look = Look()
    text: list[str] = []
    parser = new_parser(part)

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal look
        tag = name.rpartition(" ")[2]
        path.append(tag)
        text.clear()
        if tag == "conditionalFormatting":
            areas[:], hows[:] = _areas(attributes.get("sqref", "")), []
        elif tag == "cfRule":
            look = _at(attributes.get("dxfId"), styles.conditional)
            hows.extend(_how(look))
        elif tag in {"dataBar", "iconSet"} and attributes.get("showValue") in {"0", "false"}:
            hows.append("colour")
        elif tag == "dxf":
            look = Look()
        elif "dxf" in path:
            _note(look, tag, path[-2], attributes, conditional=True)

    def end(name: str) -> None:
        tag = path.pop()
        if tag == "dxf":
            hows.extend(_how(look))
        elif tag == "sqref":
            areas.extend(_areas("".join(text)))
        elif tag == "conditionalFormatting":
            found.extend(Disguise(how, area) for how in dict.fromkeys(hows) for area in areas)

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text.append
    parse(parser, part, content)
    return found[:_MOST]


def shapes(part: str, content: bytes) -> list[Disguise]:
    """Return the areas that pictures, shapes and charts of a drawing cover, from corner to corner."""
    found: list[Disguise] = []
    path: list[str] = []
    text: list[str] = []
    corners: dict[str, int] = {}
    parser = new_parser(part)

    def start(name: str, _: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        path.append(tag)
        text.clear()
        if tag in {"twoCellAnchor", "oneCellAnchor"}:
            corners.clear()

    def end(_: str) -> None:
        tag = path.pop()
        if tag in {"row", "col"} and path and path[-1] in {"from", "to"}:
            written = "".join(text).strip()
            corners[path[-1] + tag] = int(written) if re.fullmatch("[0-9]{1,7}", written) else 0
        elif tag in {"twoCellAnchor", "oneCellAnchor"} and "fromrow" in corners:
            top, left = corners["fromrow"] + 1, corners.get("fromcol", 0) + 1
            bottom, right = corners.get("torow", top - 1) + 1, corners.get("tocol", left - 1) + 1
            found.append(Disguise("shape", (top, left, max(top, bottom), max(left, right))))

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text.append
    parse(parser, part, content)
    return found[:_MOST]


def _how(look: Look) -> Iterator[str]:
    if look.alters:
        yield "format"
    if look.hides:
        yield "colour"


def _note(look: Look, tag: str, parent: str, attributes: dict[str, str], *, conditional: bool) -> None:
    if tag == "numFmt":
        look.format = attributes.get("formatCode", "")[:255]
    elif tag == "color" and parent == "font":
        look.font = _colour(attributes)
    elif tag == "gradientFill":
        look.is_plain = False
    elif tag == "patternFill":
        look.is_plain = look.is_plain and attributes.get("patternType", "solid") in {"solid", "none"}
    elif tag == ("bgColor" if conditional else "fgColor"):
        look.fill = _colour(attributes)
        look.is_plain = look.is_plain and bool(look.fill)


def _colour(attributes: dict[str, str]) -> str:
    """Red, green and blue as six digits; nothing for what cannot be said."""
    if re.fullmatch("[0-9A-Fa-f]{8}", attributes.get("rgb", "")):
        return attributes["rgb"][2:].upper()
    theme, indexed = attributes.get("theme", ""), attributes.get("indexed", "")
    if theme.isdecimal() and int(theme) < len(_THEME):
        return _tinted(_THEME[int(theme)], attributes.get("tint", "0"))
    return _INDEXED.get(int(indexed), "") if re.fullmatch("[0-9]{1,2}", indexed) else ""


def _tinted(colour: str, tint: str) -> str:
    """A colour made lighter or darker, channel by channel."""
    try:
        by = max(-1.0, min(1.0, float(tint)))
    except ValueError:
        by = 0.0
    channels = (int(colour[at : at + 2], 16) for at in (0, 2, 4))
    return "".join(f"{round(c + (255 - c) * by if by > 0 else c * (1 + by)):02X}" for c in channels)


def _apart(one: str, other: str) -> int:
    return sum(abs(int(one[at : at + 2], 16) - int(other[at : at + 2], 16)) for at in (0, 2, 4))


def _at(written: str | None, looks: list[Look]) -> Look:
    number = int(written) if written and re.fullmatch("[0-9]{1,6}", written) else -1
    return looks[number] if 0 <= number < len(looks) else Look()


def _areas(sqref: str) -> list[Area]:
    found: list[Area] = []
    for each in sqref.split()[:_MOST]:
        first, _, last = each.partition(":")
        corners = [_CORNER.fullmatch(corner) for corner in (first, last or first)]
        if corners[0] and corners[1]:
            (left, top), (right, bottom) = ((_column(each[1]), int(each[2])) for each in corners if each)
            found.append((top, left, bottom, right))
    return found


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
