"""The XML of one part of a package, edited in place: what is not meant keeps every byte.

Parsers that write XML again rename prefixes, drop unknown extensions and reorder attributes. Here the text of the part
is only cut and joined: elements are found by their offsets, and an edit is "put this text between these two offsets".
The part must be well-formed, which the gate has made sure of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from form1.core.errors import SourceError
from form1.xlsx.edit.letters import plain

MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
MAIN_STRICT: Final = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS_STRICT: Final = "http://purl.oclc.org/ooxml/officeDocument/relationships"
DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
LONGEST: Final = 32_000
"""Characters of one text; a spreadsheet refuses more than 32,767."""

_BYTE_ORDER_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_DECLARED = re.compile(rb"<\?xml[^>]*?\bencoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_ATTRIBUTE = re.compile(r"([^\s=/]+)\s*=\s*(\"[^\"]*\"|'[^']*')")
_BLANK = re.compile(r"\r\n|[\t\r\n]")
_REFERENCE = re.compile(r"&(?:#x([0-9A-Fa-f]+)|#([0-9]+)|(lt|gt|amp|quot|apos));")
_NAMED: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_LAST_CHARACTER: Final = 0x10FFFF
_SURROGATES: Final = range(0xD800, 0xE000)
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True, slots=True)
class Element:
    """Where an element stands in the text of its part: its start tag from `start` to `inside`, its end tag from
    `close` to `end`; an empty-element tag has `inside == close == end`."""

    tag: str
    """Name with its prefix."""
    start: int
    inside: int
    close: int
    end: int
    attributes: Mapping[str, str]
    """Values by name with prefix, references resolved."""
    scope: Mapping[str, str]
    """Namespaces by prefix."""

    @property
    def prefix(self) -> str:
        """The prefix with its colon, for new elements beside or within this one; empty when there is none."""
        return self.tag[: self.tag.find(":") + 1]

    @property
    def name(self) -> str:
        """Local name."""
        return self.tag[len(self.prefix) :]

    @property
    def space(self) -> str:
        """Namespace of the element."""
        return self.scope.get(self.prefix[:-1], "")

    @property
    def empty(self) -> bool:
        """Whether it is one tag that ends with a slash."""
        return self.inside == self.end

    @property
    def relation(self) -> str:
        """Value of its attribute `id` of the relationships' namespace; empty when there is none."""
        for name, value in self.attributes.items():
            prefix, _, local = name.rpartition(":")
            if local == "id" and self.scope.get(prefix) in (RELATIONS, RELATIONS_STRICT):
                return value
        return ""


class Part:
    """The text of one XML part and the edits made to it.

    Raises SourceError when the bytes are not text in the encoding that they declare, or hold no element.
    """

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        self._mark, self._encoding = _encoding_of(data)
        try:
            self.text = data[len(self._mark) :].decode(self._encoding)
            faithful = self._mark + self.text.encode(self._encoding) == data
        except (UnicodeError, LookupError):
            faithful = False
        if not faithful:
            raise SourceError(f"{plain(name)}: not readable as {plain(self._encoding)}")
        self._edits: list[tuple[int, int, str]] = []
        self._children: dict[int, tuple[Element, list[str]]] = {}
        match = _next_tag(self.text, 0, len(self.text))
        if match is None:
            raise SourceError(f"{plain(name)}: no element")
        self.root = self._element(match, {})

    @property
    def changed(self) -> bool:
        """Whether any edit was made."""
        return bool(self._edits or self._children)

    def children(self, parent: Element) -> Iterator[Element]:
        """Yield the elements directly within `parent`, in order; comments, text and their like are passed over."""
        at = parent.inside
        while at < parent.close and (match := _next_tag(self.text, at, parent.close)):
            element = self._element(match, parent.scope)
            yield element
            at = element.end

    def child(self, parent: Element, name: str) -> Element | None:
        """Return the first child of that local name and of the parent's namespace."""
        return next((e for e in self.children(parent) if e.name == name and e.space == parent.space), None)

    def raw(self, element: Element) -> str:
        """Return the element as it is written."""
        return self.text[element.start : element.end]

    def insert(self, at: int, xml: str) -> None:
        """Put `xml` at an offset; several at one offset follow each other in the order of the calls."""
        self._edits.append((at, at, xml))

    def replace(self, start: int, end: int, xml: str) -> None:
        """Put `xml` in the place of a span."""
        self._edits.append((start, end, xml))

    def append(self, parent: Element, xml: str) -> None:
        """Put `xml` last within `parent`, which is opened when it is an empty tag."""
        self._children.setdefault(parent.start, (parent, []))[1].append(xml)

    def set_attribute(self, element: Element, name: str, value: str) -> None:
        """Set an attribute of `element`, in its place or as the last one."""
        self._edits.append(_attribute_edit(self.text, element.start, element.inside, name, value))

    def place(self, parent: Element, order: Sequence[str], name: str) -> int:
        """Return the offset within `parent` where a child `name` belongs by the `order` of its vocabulary."""
        rank = {known: number for number, known in enumerate(order)}
        at = parent.inside
        for element in self.children(parent):
            stands_for = [element]
            if element.name == "AlternateContent":  # stands where what it wraps would stand
                stands_for = [each for choice in self.children(element) for each in self.children(choice)]
            known = [rank[each.name] for each in stands_for if each.space == parent.space and each.name in rank]
            if known and known[0] < rank[name]:
                at = element.end
        return at

    def content(self) -> bytes:
        """Return the bytes of the part with every edit made."""
        edits = list(self._edits)
        for parent, added in self._children.values():
            if parent.empty:
                slash = self.text.rindex("/", parent.start, parent.end)
                edits.append((slash, parent.end, f">{''.join(added)}</{parent.tag}>"))
            else:
                edits.append((parent.close, parent.close, "".join(added)))
        pieces, at = [], 0
        for start, end, xml in sorted(edits, key=lambda edit: edit[0]):
            pieces += [self.text[at:start], xml]
            at = end
        pieces.append(self.text[at:])
        return self._mark + "".join(pieces).encode(self._encoding, "xmlcharrefreplace")

    def _element(self, match: re.Match[str], scope: Mapping[str, str]) -> Element:
        tag, rest = match["tag"], match["rest"]
        attributes = {name: _value(written) for name, written in _ATTRIBUTE.findall(rest)}
        if "xmlns" in rest:
            declared = {name: value for name, value in attributes.items() if name.split(":")[0] == "xmlns"}
            scope = {**scope, **{name[6:]: value for name, value in declared.items()}}
        if rest.endswith("/"):
            close = end = match.end()
        else:
            close, end = self._end_tag(tag, match.end())
        return Element(tag, match.start(), match.end(), close, end, attributes, scope)

    def _end_tag(self, tag: str, at: int) -> tuple[int, int]:
        depth = 1
        for match in _pattern(re.escape(tag)).finditer(self.text, at):
            if match["slash"]:
                depth -= 1
            elif match["tag"] and not match["rest"].endswith("/"):
                depth += 1
            if depth == 0:
                return match.start(), match.end()
        raise SourceError(f"{plain(self.name)}: <{plain(tag[:40])}> has no end")


def with_attributes(element: str, values: Mapping[str, str]) -> str:
    """Return the text of an element with attributes of its first tag set.

    >>> with_attributes('<xf numFmtId="1" fillId="0"><protection/></xf>', {"fillId": "3", "applyFill": "1"})
    '<xf numFmtId="1" fillId="3" applyFill="1"><protection/></xf>'
    """
    for name, value in values.items():
        match = _next_tag(element, 0, len(element))
        if match is not None:
            start, end, xml = _attribute_edit(element, match.start(), match.end(), name, value)
            element = element[:start] + xml + element[end:]
    return element


def unescape(text: str) -> str:
    """Return character data with its references resolved; one that names no character stays as it is written.

    >>> unescape("O&apos;Brien &#601; &amp;lt;")
    "O'Brien ə &lt;"
    >>> unescape("&#x110000; &#xD800; &#x41;")
    '&#x110000; &#xD800; A'
    """
    return _REFERENCE.sub(_resolve, text) if "&" in text else text


def escape(text: str) -> str:
    """Return text for an element or an attribute: control and direction characters escaped, line ends kept.

    A spreadsheet reads `_x0007_` in a text as the character 7, so that underscore is escaped too.

    >>> escape('=1+"<a>" _x0007_')
    '=1+&quot;&lt;a&gt;&quot; _x005F_x0007_'
    """
    lines = text.replace("\r\n", "\n").split("\n")
    clean = "\n".join(line if line.isprintable() else plain(line) for line in lines)
    clean = clean.replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")  # not characters of XML
    clean = clean if len(clean) <= LONGEST else clean[: LONGEST - 1] + "…"
    clean = _LOOKS_ESCAPED.sub("_x005F_", clean)
    return clean.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


@lru_cache(maxsize=256)
def _pattern(tag: str) -> re.Pattern[str]:
    """Return the pattern of tags whose name matches `tag`; it also eats what may hold a < that is no tag."""
    return re.compile(
        r"<(?:!--.*?-->|!\[CDATA\[.*?\]\]>|\?.*?\?>"
        rf"|(?P<slash>/?)(?P<tag>{tag})(?P<rest>(?=[\s/>])(?:[^\"'>]++|\"[^\"]*+\"|'[^']*+')*+)>)",
        re.DOTALL,
    )


_ANY_TAG: Final = _pattern(r"[^\s/>!?]++")


def _next_tag(text: str, start: int, end: int) -> re.Match[str] | None:
    matches = _ANY_TAG.finditer(text, start, end)
    return next((match for match in matches if match["tag"] and not match["slash"]), None)


def _attribute_edit(text: str, start: int, inside: int, name: str, value: str) -> tuple[int, int, str]:
    tag = _next_tag(text, start, inside)
    if tag is None:
        raise SourceError("a tag of the workbook is not readable")
    at = tag.end("tag")
    for match in _ATTRIBUTE.finditer(text, at, inside):
        if match[1] == name:
            return match.start(2), match.end(2), f'"{value}"'
        at = match.end()
    return at, at, f' {name}="{value}"'


def _encoding_of(data: bytes) -> tuple[bytes, str]:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return mark, encoding
    if data[:2] in (b"<\0", b"\0<"):
        return b"", "utf-16-le" if data[0] else "utf-16-be"
    declared = _DECLARED.match(data[:200])
    return b"", declared[1].decode("ascii").lower() if declared else "utf-8"


def _resolve(reference: re.Match[str]) -> str:
    if reference[3]:
        return _NAMED[reference[3]]
    digits = (reference[1] or reference[2]).lstrip("0")
    if not 0 < len(digits) < 8:
        return reference[0]
    number = int(digits, 16 if reference[1] else 10)
    return chr(number) if number <= _LAST_CHARACTER and number not in _SURROGATES else reference[0]


def _value(written: str) -> str:
    """Return what an attribute says, its blanks made spaces as the parser that read the workbook makes them."""
    return unescape(_BLANK.sub(" ", written[1:-1]))
