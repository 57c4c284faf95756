"""The parts of a workbook's package that say which sheets there are and how its numbers are formatted.

Both the ordinary ("Transitional") and the Strict flavour of Open XML are read: they differ in namespaces alone.
"""

from __future__ import annotations

import io
import posixpath
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import unquote
from zipfile import BadZipFile, ZipFile

from form1.xlsx.read.disguises import Styles, conditional, read_looks, shapes
from form1.xlsx.read.markup import walk
from form1.xlsx.read.pieces import mark_of, read_strings
from form1.xlsx.read.raw import RawBook, RawSheet
from form1.xlsx.read.refusal import FORMS, Bounds, Refused
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


def read_book(content: bytes, bounds: Bounds = FORMS) -> RawBook:
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
        return _read(parts, main, bounds)


def _read(parts: _Parts, main: str, bounds: Bounds) -> RawBook:
    content = parts.read(main)
    strict = _STRICT.encode() in content[:4096]
    named, uncalculated = _sheets(main, content)
    relations = parts.relations(main)
    others = {kind: part for kind, part in relations.values() if kind in {"sharedStrings", "styles", "connections"}}
    shared, styles = others.get("sharedStrings"), others.get("styles")
    strings = read_strings(shared, parts.read(shared), bounds.cells) if shared else []
    formats, marks = _styles(styles, parts.read(styles)) if styles else ([], [])
    looks = read_looks(styles, parts.read(styles)) if styles else Styles()
    unseen = frozenset(number for number, look in enumerate(looks.cells) if look.hides)
    tables, limits = Tables(tuple(strings), tuple(formats), tuple(marks), unseen), Limits(bounds.cells, bounds)
    sheets: list[RawSheet] = []
    read: set[str] = set()
    for name, state, relation in named:
        kind, part = relations.get(relation, ("", ""))
        if kind in {"chartsheet", "dialogsheet"}:
            continue
        if kind != "worksheet" or part in read:
            raise Refused("received_part_missing", part=name)
        read.add(part)
        written = parts.read(part)
        sheet = read_sheet(name, part, state, written, tables, limits)
        drawings = [other for kind, other in parts.relations(part).values() if kind == "drawing" and other in parts]
        covered = [each for drawing in drawings for each in shapes(drawing, parts.read(drawing))]
        disguised = (*sheet.disguised, *conditional(part, written, looks), *covered)
        sheets.append(replace(sheet, disguised=disguised) if disguised else sheet)
    if not sheets:
        raise Refused("received_no_sheets")
    return RawBook(tuple(sheets), strict, "connections" in others, uncalculated)


def _sheets(part: str, content: bytes) -> tuple[list[tuple[str, str, str]], bool]:
    """Return name, state and relationship of every sheet, and whether the writer left the calculating to others."""
    found: list[tuple[str, str, str]] = []
    uncalculated = False
    inside = [""]

    def element(name: str, attributes: dict[str, str]) -> None:
        nonlocal uncalculated
        inside[0] = name
        if name == "calcPr":
            uncalculated = attributes.get("fullCalcOnLoad") in {"1", "true"}
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
    return found, uncalculated


def _styles(part: str, content: bytes) -> tuple[list[str], list[str]]:
    """Return the number format of every cell style, and the mark of its font, in order."""
    custom: dict[int, str] = {}
    fonts: list[str] = []
    styles: list[str] = []
    marks: list[str] = []
    inside: list[str] = []

    def element(name: str, attributes: dict[str, str]) -> None:
        if name in {"fonts", "fills", "cellXfs", "cellStyleXfs", "cellStyles", "dxfs"}:
            inside[:] = [name]
        if inside == ["fonts"]:
            if name == "font":
                fonts.append("")
            elif name in {"vertAlign", "strike"} and fonts:
                fonts[-1] = mark_of(name, attributes.get("val"), fonts[-1])
        if name == "numFmt" and _number(attributes.get("numFmtId")) is not None:
            custom[int(attributes["numFmtId"])] = attributes.get("formatCode", "")[:_LONGEST_FORMAT]
        if name == "xf" and inside == ["cellXfs"]:
            number = _number(attributes.get("numFmtId")) or 0
            styles.append(custom.get(number) or _BUILT_IN.get(number, "General"))
            font = _number(attributes.get("fontId"))
            marks.append(fonts[font] if font is not None and font < len(fonts) else "")

    walk(part, content, element)
    return styles, marks


def _number(written: str | None) -> int | None:
    return int(written) if written and re.fullmatch(r"[0-9]{1,6}", written) else None
