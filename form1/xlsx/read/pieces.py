"""What sheets and the table of shared texts have in common: names of elements, texts, and the parse itself."""

from __future__ import annotations

import re
from typing import Final
from xml.parsers import expat

from form1.xlsx.read.markup import new_parser
from form1.xlsx.read.refusal import MOST_CELLS, Refused

_SPACES: Final = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
LONGEST_TEXT: Final = 2000
"""Letters of a text that are kept; no label of the form comes near."""


def tags(*names: str) -> dict[str, str]:
    """Return the local name by the full name of elements, in ordinary and in Strict Open XML."""
    return {f"{space} {name}": name for space in _SPACES for name in names}


_TAGS: Final = tags("si", "t", "rPh")


def read_strings(part: str, content: bytes) -> list[str]:
    """Return the shared texts, in order; the reading aids of East Asian texts are left out."""
    strings: list[str] = []
    pieces: list[str] = []
    open_tags = {"t": False, "rPh": False}
    parser = new_parser(part)

    def start(name: str, _: dict[str, str]) -> None:
        tag = _TAGS.get(name)
        if tag == "si":
            pieces.clear()
        elif tag in open_tags:
            open_tags[tag] = True

    def end(name: str) -> None:
        tag = _TAGS.get(name)
        if tag == "si":
            strings.append(text_of(pieces))
            if len(strings) > MOST_CELLS:
                raise Refused("received_many_cells", bound=MOST_CELLS)
        elif tag in open_tags:
            open_tags[tag] = False

    def characters(text: str) -> None:
        if open_tags["t"] and not open_tags["rPh"]:
            pieces.append(text)

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, characters
    parse(parser, part, content)
    return strings


def parse(parser: expat.XMLParserType, part: str, content: bytes) -> None:
    """Run a parser over a whole part; Refused when it is not well-formed, MemoryError when there is no room for it."""
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        if "memory" in str(error):
            raise MemoryError from None
        raise Refused("received_damaged", part=part) from None


def text_of(pieces: list[str]) -> str:
    """Return the pieces of a text as one, cut where no label is that long, its escaped letters written out."""
    text = "".join(pieces)[:LONGEST_TEXT]
    return _ESCAPED.sub(_unescaped, text) if "_x" in text else text


def _unescaped(match: re.Match[str]) -> str:
    letter = chr(int(match[1], 16))
    return match[0] if 0xD800 <= ord(letter) <= 0xDFFF else letter
