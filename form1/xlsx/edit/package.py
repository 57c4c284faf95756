"""The package of a workbook: its parts, their types and relationships, and a copy that moves only what was edited."""

from __future__ import annotations

import copy
import io
import posixpath
import struct
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from form1.core.errors import SourceError
from form1.xlsx.edit.letters import plain
from form1.xlsx.edit.xml import DECLARATION, MAIN_STRICT, RELATIONS, RELATIONS_STRICT, Element, Part, escape

_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)
"""The day of every new part: the same workbook and the same findings give the same bytes."""
_TYPES: Final = "[Content_Types].xml"
_RELATIONSHIPS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_ZIP64_FIELD: Final = 1
_LOCAL_HEADER: Final = struct.Struct("<4s22sHH")


@dataclass(frozen=True, slots=True)
class Relation:
    """One relationship of a part."""

    id: str
    kind: str
    """Last word of its type, such as `worksheet` or `comments`."""
    target: str
    """Name of the part that it leads to; empty when that is outside the package or missing from it."""


class Package:
    """The parts of one workbook; raises SourceError when they do not hang together."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            self._zip = ZipFile(io.BytesIO(data))
        except BadZipFile as error:
            raise SourceError("the workbook is not a zip package") from error
        self._entries = {info.filename: info for info in self._zip.infolist()}
        self._names = {name.lower(): name for name in self._entries}  # names of parts know no upper case
        self._opened: dict[str, Part] = {}
        self._written: dict[str, bytes] = {}
        self._new: list[str] = []
        self._related: dict[str, set[str]] = {}
        self.workbook = next((each.target for each in self.relations("") if each.kind == "officeDocument"), "")
        if not self.workbook:
            raise SourceError("the package names no workbook")
        self.strict = self.part(self.workbook).root.space == MAIN_STRICT

    @property
    def relation_space(self) -> str:
        """Namespace of the attribute `r:id` and start of the types of relationships, in this kind of package."""
        return RELATIONS_STRICT if self.strict else RELATIONS

    def read(self, name: str) -> bytes:
        """Return the bytes of a part as they stand now."""
        if name in self._written:
            return self._written[name]
        if name in self._opened:
            return self._opened[name].content()
        return self._stored(name)

    def write(self, name: str, data: bytes) -> None:
        """Give an existing part other bytes."""
        self._written[name] = data

    def part(self, name: str) -> Part:
        """Return an XML part for reading and editing; always the same object for the same part."""
        if name not in self._opened:
            self._opened[name] = Part(name, self._stored(name))
        return self._opened[name]

    def create(self, pattern: str, data: bytes, content_type: str, first: str = "1") -> str:
        """Add a part and return its name: `pattern` with the first number that is free ("xl/comments{}.xml").

        `first` stands in the place of the number 1.
        """
        numbers = (first, *map(str, range(2, len(self._names) + 3)))
        candidates = (pattern.replace("{}", number) for number in numbers)
        name = next(candidate for candidate in candidates if candidate.lower() not in self._names)
        self._add(name, data)
        types = self.part(self._names.get(_TYPES.lower(), _TYPES))
        defaults = {
            each.attributes.get("Extension", "").lower(): each.attributes.get("ContentType")
            for each in types.children(types.root)
            if each.name == "Default"
        }
        if defaults.get(name.rpartition(".")[2].lower()) != content_type:
            prefix = types.root.prefix
            types.append(types.root, f'<{prefix}Override PartName="/{escape(name)}" ContentType="{content_type}"/>')
        return name

    def remove(self, source: str, relation: str, name: str) -> None:
        """Take out a part, its own relationships, its content type, and the relationship that leads to it."""
        listed = self.part(self._names[_relations_of(source).lower()])
        for each in listed.children(listed.root):
            if each.attributes.get("Id") == relation:
                listed.replace(each.start, each.end, "")
        types = self.part(self._names.get(_TYPES.lower(), _TYPES))
        for each in types.children(types.root):
            if each.attributes.get("PartName", "").lower() == f"/{name}".lower():
                types.replace(each.start, each.end, "")
        for gone in (name, self._names.get(_relations_of(name).lower(), "")):
            self._entries.pop(gone, None)
            self._names.pop(gone.lower(), None)

    def relations(self, name: str) -> list[Relation]:
        """Return the relationships of a part, in order; of the package itself for the name ""."""
        at = self._names.get(_relations_of(name).lower())
        if at is None:
            return []
        part = self.part(at)
        return [self._relation(name, element) for element in part.children(part.root) if element.name == "Relationship"]

    def relate(self, name: str, kind: str, target: str) -> str:
        """Add a relationship from a part to another and return its identifier."""
        at = self._names.get(_relations_of(name).lower())
        if at is None:
            at = _relations_of(name)
            self._add(at, f'{DECLARATION}<Relationships xmlns="{_RELATIONSHIPS}"></Relationships>'.encode())
        part = self.part(at)
        taken = self._related.setdefault(at, {each.attributes.get("Id", "") for each in part.children(part.root)})
        free = next(f"rId{number}" for number in range(1, len(taken) + 2) if f"rId{number}" not in taken)
        taken.add(free)
        where = escape(posixpath.relpath(target, posixpath.dirname(name) or "."))
        part.append(
            part.root,
            f'<{part.root.prefix}Relationship Id="{free}" Type="{self.relation_space}/{kind}" Target="{where}"/>',
        )
        return free

    def pack(self) -> bytes:
        """Return the package: entries in their order, those not edited with the very bytes that they had."""
        file = io.BytesIO()
        with ZipFile(file, "w") as copy_of:
            copy_of.comment = self._zip.comment
            for name, info in self._entries.items():
                entry = copy.copy(info)
                entry.extra = _without_zip64(info.extra)
                content = self._edited(name)
                if content is None:
                    self._move(copy_of, entry, info.header_offset)
                else:
                    deflate = info.compress_type != ZIP_STORED
                    copy_of.writestr(entry, content, ZIP_DEFLATED if deflate else ZIP_STORED)
            for name in self._new:
                entry = ZipInfo(name, _EARLIEST)
                entry.create_system = 0
                copy_of.writestr(entry, self.read(name), ZIP_DEFLATED)
        return file.getvalue()

    def _add(self, name: str, data: bytes) -> None:
        self._names[name.lower()] = name
        self._new.append(name)
        self._written[name] = data

    def _stored(self, name: str) -> bytes:
        if name in self._written:
            return self._written.pop(name)  # a new part that is edited from now on
        try:
            return self._zip.read(self._entries[name])
        except (KeyError, BadZipFile, NotImplementedError, RuntimeError) as error:
            raise SourceError(f"{plain(name)}: missing from the package or damaged") from error

    def _edited(self, name: str) -> bytes | None:
        if name in self._written:
            return self._written[name]
        part = self._opened.get(name)
        return part.content() if part is not None and part.changed else None

    def _relation(self, source: str, element: Element) -> Relation:
        values = element.attributes
        path = unquote(values.get("Target", "")).replace("\\", "/")
        target = posixpath.normpath(posixpath.join("/", posixpath.dirname(source), path)).lstrip("/")
        inside = values.get("TargetMode") != "External"
        return Relation(
            values.get("Id", ""),
            values.get("Type", "").rpartition("/")[2],
            self._names.get(target.lower(), "") if inside else "",
        )

    def _move(self, copy_of: ZipFile, entry: ZipInfo, at: int) -> None:
        """Write an entry with the compressed bytes of the original, so that nothing is inflated for it."""
        _, _, name_length, extra_length = _LOCAL_HEADER.unpack_from(self._data, at)
        start = at + _LOCAL_HEADER.size + name_length + extra_length
        entry.flag_bits &= ~0x08  # sizes stand in the header now, not behind the bytes
        file = copy_of.fp
        assert file is not None
        entry.header_offset = file.tell()
        file.write(entry.FileHeader())
        file.write(self._data[start : start + entry.compress_size])
        copy_of.filelist.append(entry)
        copy_of.NameToInfo[entry.filename] = entry
        copy_of.start_dir = file.tell()


def _relations_of(name: str) -> str:
    folder, file = posixpath.split(name)
    return posixpath.join(folder, "_rels", f"{file}.rels")


def _without_zip64(extra: bytes) -> bytes:
    """Return the extra fields of an entry without the one for sizes above 4 GiB, which some writers always add."""
    kept, at = b"", 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind != _ZIP64_FIELD:
            kept += extra[at : at + 4 + length]
        at += 4 + length
    return kept
