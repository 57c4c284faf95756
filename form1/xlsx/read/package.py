"""The parts of a workbook's package that say which sheets there are and how its numbers are formatted.

Both the ordinary ("Transitional") and the Strict flavour of Open XML are read: they differ in namespaces alone.
"""

from __future__ import annotations

import io
import posixpath
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote
from zipfile import BadZipFile, ZipFile

from form1.xlsx.read.markup import walk
from form1.xlsx.read.pieces import read_strings
from form1.xlsx.read.raw import RawBook, RawSheet
from form1.xlsx.read.refusal import MOST_CELLS, Refused
from form1.xlsx.read.sheet import Limits, Tables, is_live_link, read_sheet

_STRICT: Final = "http://purl.oclc.org/ooxml/"
_RELATION_ID: Final = re.compile(
    r"http://(?:schemas\.openxmlformats\.org|purl\.oclc\.org/ooxml)/officeDocument/.* id|r:id"
)
_BUILT_IN: Final[Mapping[int, str]] = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm",
    21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00",
    41: "#,##0", 42: "#,##0", 43: "#,##0.00", 44: "#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
    48: "##0.0E+0", 49: "@", **dict.fromkeys([*range(27, 37), *range(50, 59)], "yyyy-mm-dd"),
}  # fmt: skip
_LONGEST_FORMAT: Final = 255


@dataclass
class _Parts:
    """The parts of the package by name; names know no upper case."""

    package: ZipFile
    names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.names = {name.casefold(): name for name in self.package.namelist()}

    def read(self, part: str) -> bytes:
        """Return the content of a part; Refused when it is not there or broken."""
        try:
            return self.package.read(self.names[part.casefold()])
        except KeyError:
            raise Refused("received_part_missing", part=part) from None
        except (BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
            raise Refused("received_damaged", part=part) from None

    def __contains__(self, part: str) -> bool:
        return part.casefold() in self.names

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return the relationships of a part: last word of the type, and the part they lead to, by id."""
        folder, _, name = part.rpartition("/")
        listed = posixpath.join(folder, "_rels", f"{name}.rels")
        found: dict[str, tuple[str, str]] = {}
        if listed not in self:
            return found

        def relation(name: str, attributes: dict[str, str]) -> None:
            if name == "Relationship" and attributes.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, unquote(attributes.get("Target", ""))))
                kind = attributes.get("Type", "").rpartition("/")[2]
                found[attributes.get("Id", "")] = (kind, target.lstrip("/"))

        walk(listed, self.read(listed), relation)
        return found


def read_book(content: bytes) -> RawBook:
    """Return the cells of every worksheet of a package that passed the gate; Refused says why it cannot be read."""
    try:
        package = ZipFile(io.BytesIO(content))
    except (BadZipFile, OSError, ValueError):
        raise Refused("received_damaged", part="ZIP") from None
    with package:
        parts = _Parts(package)
        main = next((part for kind, part in parts.relations("").values() if kind == "officeDocument"), "")
        if not main:
            raise Refused("received_part_missing", part="xl/workbook.xml")
        return _read(parts, main)


def _read(parts: _Parts, main: str) -> RawBook:
    content = parts.read(main)
    strict = _STRICT.encode() in content[:4096]
    named = _sheets(main, content)
    relations = parts.relations(main)
    others = {kind: part for kind, part in relations.values() if kind in {"sharedStrings", "styles", "connections"}}
    strings = (
        read_strings(others["sharedStrings"], parts.read(others["sharedStrings"])) if "sharedStrings" in others else []
    )
    formats = _formats(others["styles"], parts.read(others["styles"])) if "styles" in others else []
    tables, limits = Tables(tuple(strings), tuple(formats)), Limits(MOST_CELLS)
    sheets: list[RawSheet] = []
    read: set[str] = set()
    for name, state, relation in named:
        kind, part = relations.get(relation, ("", ""))
        if kind in {"chartsheet", "dialogsheet"}:
            continue
        if kind != "worksheet" or part in read:
            raise Refused("received_part_missing", part=name)
        read.add(part)
        sheets.append(read_sheet(name, part, state, parts.read(part), tables, limits))
    if not sheets:
        raise Refused("received_no_sheets")
    return RawBook(tuple(sheets), strict, "connections" in others)


def _sheets(part: str, content: bytes) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = []

    inside = [""]

    def element(name: str, attributes: dict[str, str]) -> None:
        inside[0] = name
        if name == "sheet":
            relation = next((value for key, value in attributes.items() if _RELATION_ID.fullmatch(key)), "")
            found.append((attributes.get("name", ""), attributes.get("state", "visible"), relation))

    def characters(text: str) -> None:
        if inside[0] == "definedName" and is_live_link(text):
            raise Refused("received_live_link")

    walk(part, content, element, characters)
    names = [name.casefold() for name, _, _ in found]
    if len(set(names)) < len(names):
        raise Refused("received_damaged", part=part)
    return found


def _formats(part: str, content: bytes) -> list[str]:
    """Return the number format of every cell style, in order."""
    custom: dict[int, str] = {}
    styles: list[str] = []
    inside: list[str] = []

    def element(name: str, attributes: dict[str, str]) -> None:
        if name in {"cellXfs", "cellStyleXfs", "dxfs"}:
            inside[:] = [name]
        if name == "numFmt" and _number(attributes.get("numFmtId")) is not None:
            custom[int(attributes["numFmtId"])] = attributes.get("formatCode", "")[:_LONGEST_FORMAT]
        if name == "xf" and inside == ["cellXfs"]:
            number = _number(attributes.get("numFmtId")) or 0
            styles.append(custom.get(number) or _BUILT_IN.get(number, "General"))

    walk(part, content, element)
    return styles


def _number(written: str | None) -> int | None:
    return int(written) if written and re.fullmatch(r"[0-9]{1,6}", written) else None
