"""What sheets and the table of shared texts have in common: names of elements, texts, and the parse itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from form1.xlsx.read.markup import new_parser
from form1.xlsx.read.raw import Mark, RawText
from form1.xlsx.read.refusal import Refused

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


_TAGS: Final = tags("si", "t", "rPh", "r", "vertAlign", "strike")
RAISED: Final = {"superscript": Mark.RAISED, "subscript": Mark.LOWERED}
"""By what `vertAlign` says."""
_GRAVEST: Final = (Mark.STRUCK, Mark.LOWERED, Mark.RAISED)


@dataclass
class Pieces:
    """The pieces of one text as they come by, each with its mark."""

    texts: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    mark: str = ""
    """That of the run that is being read."""

    def add(self, text: str) -> None:
        """Add a piece of the run that is being read."""
        self.texts.append(text)
        self.marks.append(self.mark)

    def begin_run(self) -> None:
        """A run begins; what its properties say comes next."""
        self.mark = ""

    def property_of(self, tag: str, value: str | None) -> None:
        """Note a property of a run or of a font: `vertAlign` or `strike`."""
        self.mark = mark_of(tag, value, self.mark)

    def text(self) -> RawText:
        """Return the pieces as one text."""
        whole = text_of(self.texts)
        if not any(self.marks):
            return RawText(whole)
        rest = [text for text, mark in zip(self.texts, self.marks, strict=True) if not mark]
        return RawText(whole, text_of(rest), next(mark for mark in _GRAVEST if mark in self.marks))


def mark_of(tag: str, value: str | None, known: str) -> str:
    """Return the mark that a property `vertAlign` or `strike` gives beside the one that is known."""
    if tag == "strike":
        return known if value in {"0", "false"} else Mark.STRUCK
    return known if known == Mark.STRUCK else RAISED.get(value or "", known)


def read_strings(part: str, content: bytes, most: int) -> list[RawText]:
    """Return the shared texts, in order; the reading aids of East Asian texts are left out."""
    strings: list[RawText] = []
    pieces = Pieces()
    open_tags = {"t": False, "rPh": False}
    parser = new_parser(part)

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal pieces
        tag = _TAGS.get(name)
        if tag == "si":
            pieces = Pieces()
        elif tag == "r":
            pieces.begin_run()
        elif tag in {"vertAlign", "strike"}:
            pieces.property_of(tag, attributes.get("val"))
        elif tag in open_tags:
            open_tags[tag] = True
        elif tag is None and name.endswith(" AlternateContent"):
            raise Refused("received_alternate", part=part)

    def end(name: str) -> None:
        tag = _TAGS.get(name)
        if tag == "si":
            strings.append(pieces.text())
            if len(strings) > most:
                raise Refused("received_many_cells", bound=most)
        elif tag in open_tags:
            open_tags[tag] = False

    def characters(text: str) -> None:
        if open_tags["t"] and not open_tags["rPh"]:
            pieces.add(text)

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
