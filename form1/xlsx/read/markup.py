"""Reading small XML parts, and the beginnings of large ones, with the parser of the standard library and no DTD.

A document type can only stand before the first element, so looking as far as that is enough to know that there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from xml.parsers import expat

from form1.xlsx.read.refusal import MOST_DEPTH, Refused

Start = Callable[[str, dict[str, str]], None]


class _Root(Exception):
    """The first element has begun."""


def new_parser(part: str) -> expat.XMLParserType:
    """Return a parser that refuses a document type; names come as `namespace name`, texts in one piece."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def doctype(*_: object) -> None:
        raise Refused("received_doctype", part=part)

    parser.StartDoctypeDeclHandler = doctype
    return parser


def refuse_doctype(part: str, chunks: Iterator[bytes], *, must_be_xml: bool) -> int:
    """Look at the beginning of a part as far as its first element; return how many bytes were taken from `chunks`.

    A part that need not be XML is only searched for a document type, since drawings of old kinds are not well-formed.
    """
    taken = 0
    if not must_be_xml:
        start = next(chunks, b"")
        if (
            b"<!DOCTYPE" in start.upper().replace(b"\0", b"")
            and start.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \r\n\t")[:1] == b"<"
        ):
            raise Refused("received_doctype", part=part)
        return len(start)
    parser = new_parser(part)

    def begun(*_: object) -> None:
        raise _Root

    parser.StartElementHandler = begun
    try:
        for chunk in chunks:
            taken += len(chunk)
            parser.Parse(chunk)
        parser.Parse(b"", True)
    except _Root:
        return taken
    except (expat.ExpatError, ValueError, LookupError):
        pass
    raise Refused("received_damaged", part=part)


def walk(part: str, content: bytes, start: Start, characters: Callable[[str], None] | None = None) -> None:
    """Call `start` with the local name and the attributes of every element of a part, `characters` with its texts."""
    parser, depth = new_parser(part), 0

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MOST_DEPTH:
            raise Refused("received_damaged", part=part)
        start(name.rpartition(" ")[2], attributes)

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    if characters is not None:
        parser.CharacterDataHandler = characters
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError):
        raise Refused("received_damaged", part=part) from None
