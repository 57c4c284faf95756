"""The gate: a bounded look at a file before any reader of workbooks sees it, with the standard library alone.

Sizes are counted while inflating and never believed; names of parts, document types, macros, embedded objects and live
links are looked for in the package itself. Nothing is written, nothing is fetched.
"""

from __future__ import annotations

import hashlib
import io
import os
import posixpath
import stat
import zlib
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import unquote
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, LargeZipFile, ZipFile, ZipInfo

from form1.xlsx.read.kinds import refuse_other_kinds, refuse_other_packages
from form1.xlsx.read.markup import Start, refuse_doctype, walk
from form1.xlsx.read.refusal import (
    FORMS,
    MIB,
    MOST_PARTS,
    Bounds,
    Refusal,
    Refused,
)

_CHUNK: Final = 256 * 1024
_TYPES: Final = "[Content_Types].xml"
_CENTRAL_HEADER: Final = b"PK\x01\x02"
_LOCAL_HEADER: Final = 30
"""Bytes of the header before each entry, without the name and the extra field that follow it."""
_LENGTHS_IN_HEADER: Final = (26, 28)
"""Where in it the lengths of these two stand."""
_LONGEST_NAME: Final = 240
_EMBEDDED: Final = ("xl/embeddings/", "xl/activex/", "word/", "ppt/")
_EMBEDDING_RELATIONS: Final = frozenset({"oleObject", "package", "control", "activeXControlBinary", "attachedToolbars"})
_EXTERNAL_LINK: Final = "externalLink"
_LINKS: Final = frozenset({"hyperlink", "externalLinkPath", "xlExternalLinkPath", "xlPathMissing", "xlStartup"})
"""Relationships to the outside that a person has to follow; whatever else lies outside is fetched unasked."""
_ADDRESSES: Final = ("http://", "https://", "mailto:")
_MACRO_RELATIONS: Final = frozenset({"vbaProject", "xlMacrosheet", "xlIntlMacrosheet"})
_MOST_SMALL_PART: Final = 4 * MIB
"""A list of relationships or of content types; those of a thousand parts take a tenth of it."""
_MOST_ENTRIES: Final = 5000
_BROKEN: Final = (
    BadZipFile, LargeZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError,
    OverflowError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Admitted:
    """A file that passed the gate: its name, its bytes and what identifies them."""

    name: str
    content: bytes
    sha256: str
    size: int
    outside: tuple[str, ...] = ()
    """What links of the workbook lead to beside ordinary web and mail addresses; nothing of it was opened."""


def inspect(path: Path) -> Refusal | Admitted:
    """Return the bytes of a workbook that may be read, or the one reason why it may not."""
    try:
        content = _read(path)
        outside = look_at(content)
    except Refused as refused:
        return refused.refusal
    return Admitted(path.name, content, hashlib.sha256(content).hexdigest(), len(content), outside)


def look_at(content: bytes, bounds: Bounds = FORMS) -> tuple[str, ...]:
    """Return what the links of a package lead to; Refused when it is not a plain and harmless .xlsx package."""
    refuse_other_kinds(content)
    if content.count(_CENTRAL_HEADER) > MOST_PARTS:
        raise Refused("received_many_parts", bound=MOST_PARTS)
    try:
        package = ZipFile(io.BytesIO(content))
    except (*_BROKEN, UnicodeError, IndexError):
        raise Refused("received_damaged", part="ZIP") from None
    with package:
        parts = _named_parts(package)
        if overlap(package, content):
            raise Refused("received_damaged", part="ZIP")
        if not stands_alone(package, content):
            raise Refused("received_bytes_beside")
        refuse_other_packages(parts, _types(package, parts))
        relations = _relations(package, parts)
        _inflate(package, parts, bounds, {relation.part for relation in relations if relation.kind == _EXTERNAL_LINK})
    return _outside(relations)


def _read(path: Path) -> bytes:
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            raise Refused("received_not_a_file")
        # The file may be exchanged between the two looks: a link or a pipe is still not opened.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise Refused("received_not_a_file")
            content = file.read(FORMS.file + 1)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise Refused("received_missing") from None
    except OSError:
        raise Refused("received_unreadable") from None
    if len(content) > FORMS.file:
        raise Refused("received_too_large", bound=FORMS.file // MIB)
    return content


def stands_alone(package: ZipFile, content: bytes) -> bool:
    """True when nothing stands before the first part of a package or behind its end: other programs may read that."""
    end = content.rfind(b"PK\5\6")
    length = int.from_bytes(content[end + 20 : end + 22], "little")
    first = min((info.header_offset for info in package.infolist()), default=0)
    return end >= 0 and end + 22 + length == len(content) and first == 0


def overlap(package: ZipFile, content: bytes) -> bool:
    """Return whether entries lie over each other, or over the directory.

    Such a package unpacks to more than it holds. Some versions of Python refuse to open these entries, some warn, and
    older ones read them.
    """
    end = package.start_dir
    for info in sorted(package.infolist(), key=lambda info: info.header_offset, reverse=True):
        at = info.header_offset
        lengths = (int.from_bytes(content[at + place : at + place + 2], "little") for place in _LENGTHS_IN_HEADER)
        if at + _LOCAL_HEADER + sum(lengths) + info.compress_size > end:
            return True
        end = at
    return False


def _named_parts(package: ZipFile) -> dict[str, ZipInfo]:
    """Return the parts by name; refuse names that lead astray, twins, passwords and unknown packing."""
    parts: dict[str, ZipInfo] = {}
    seen: set[str] = set()
    for info in package.infolist():
        name = info.filename
        if info.flag_bits & 0x41:
            raise Refused("received_encrypted")
        if not _is_safe(info) or name.casefold() in seen:
            raise Refused("received_part_names", part=name)
        if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise Refused("received_packing", part=name)
        seen.add(name.casefold())
        if not info.is_dir():
            parts[name] = info
    if len(parts) > MOST_PARTS:
        raise Refused("received_many_parts", bound=MOST_PARTS)
    return parts


def _is_safe(info: ZipInfo) -> bool:
    name = info.filename
    steps = name.removesuffix("/").split("/")
    return (
        info.orig_filename == name
        and len(name) <= _LONGEST_NAME
        and name.isprintable()
        and not any(mark in name for mark in ("\\", ":"))
        and not any(step in {"", ".", ".."} for step in steps)
        and not stat.S_ISLNK(info.external_attr >> 16)
    )


def _inflate(package: ZipFile, parts: dict[str, ZipInfo], bounds: Bounds, links: Set[str]) -> None:
    """Inflate every part once and let it go, counting; look at each on the way, and into `links` by what is there."""
    unpacked = 0
    for name, info in parts.items():
        lowered = name.lower()
        if lowered.startswith(_EMBEDDED) or lowered.endswith((".ole", "oleobject.bin")):
            raise Refused("received_embedded", part=name)
        if lowered.startswith(("xl/macrosheets/", "xl/dialogsheets/")):
            raise Refused("received_macros")
        if lowered in links or (lowered.startswith("xl/externallinks/") and lowered.endswith(".xml")):
            _look_at_link(name, _small(package, info))
        if info.file_size > bounds.part:
            raise Refused("received_unpacked", bound=bounds.unpacked // MIB)
        chunks = _chunks(package, info)
        here = refuse_doctype(name, chunks, must_be_xml=lowered.endswith((".xml", ".rels")))
        while True:
            if here > bounds.part or unpacked + here > bounds.unpacked:
                raise Refused("received_unpacked", bound=bounds.unpacked // MIB)
            chunk = next(chunks, b"")
            if not chunk:
                break
            here += len(chunk)
        unpacked += here


def _chunks(package: ZipFile, info: ZipInfo) -> Iterator[bytes]:
    try:
        with package.open(info) as part:
            while chunk := part.read(_CHUNK):
                yield chunk
    except _BROKEN:
        raise Refused("received_damaged", part=info.filename) from None


def _small(package: ZipFile, info: ZipInfo) -> bytes:
    content = bytearray()
    for chunk in _chunks(package, info):
        content += chunk
        if len(content) > _MOST_SMALL_PART:
            raise Refused("received_damaged", part=info.filename)
    return bytes(content)


def _types(package: ZipFile, parts: dict[str, ZipInfo]) -> set[str]:
    """The content types that parts of the package have; one that is declared for an ending that no part has is none."""
    types: set[str] = set()
    endings = {name.rpartition(".")[2].lower() for name in parts}

    def declared(name: str, attributes: dict[str, str]) -> None:
        if name != "Default" or attributes.get("Extension", "").lower() in endings:
            types.add(attributes.get("ContentType", ""))

    if _TYPES in parts:
        _look_at_list(_TYPES, _small(package, parts[_TYPES]), declared)
    return types


class _Relation(NamedTuple):
    kind: str
    """The last word of its type."""
    part: str
    """The part that it leads to, in lower case; the target as it stands where that lies outside the package."""
    is_external: bool


def _relations(package: ZipFile, parts: dict[str, ZipInfo]) -> list[_Relation]:
    """Every relationship of the package; refused are those that embed, act, or leave open which part is meant."""
    found: list[_Relation] = []
    for name, info in parts.items():
        if name.lower().endswith(".rels"):
            found += _look_at_relations(name, _small(package, info))
    return found


def _look_at_relations(part: str, content: bytes) -> list[_Relation]:
    found: list[_Relation] = []
    ids: set[str] = set()
    folder = posixpath.dirname(posixpath.dirname(part))

    def relation(name: str, attributes: dict[str, str]) -> None:
        if name != "Relationship":
            return
        kind = attributes.get("Type", "").rpartition("/")[2]
        target, is_external = attributes.get("Target", ""), attributes.get("TargetMode", "").lower() == "external"
        if kind in _EMBEDDING_RELATIONS:
            raise Refused("received_embedded", part=target or part)
        if kind in _MACRO_RELATIONS:
            raise Refused("received_macros")
        id = attributes.get("Id")
        if id in ids:  # programs differ in which of the two they show
            raise Refused("received_relation_twice", part=part)
        if is_external and kind not in _LINKS:  # fetched when the workbook is opened
            raise Refused("received_fetches", found=target[:_LONGEST_NAME])
        if id is not None:
            ids.add(id)
        inside = posixpath.normpath(posixpath.join("/", folder, unquote(target))).lstrip("/").lower()
        found.append(_Relation(kind, target if is_external else inside, is_external))

    _look_at_list(part, content, relation)
    return found


def _outside(relations: Iterable[_Relation]) -> tuple[str, ...]:
    """The targets outside the package that are no ordinary addresses of the web or of mail, each once."""
    targets = (relation.part for relation in relations if relation.is_external)
    return tuple(dict.fromkeys(target for target in targets if not target.lower().startswith(_ADDRESSES)))


def _look_at_list(part: str, content: bytes, entry: Start) -> None:
    """Walk a list of relationships or content types, which is bounded before anything searches it again and again."""
    entries = 0

    def count(name: str, attributes: dict[str, str]) -> None:
        nonlocal entries
        entries += 1
        if entries > _MOST_ENTRIES:
            raise Refused("received_many_entries", part=part, bound=_MOST_ENTRIES)
        entry(name, attributes)

    walk(part, content, count)


def _look_at_link(part: str, content: bytes) -> None:
    def element(name: str, attributes: dict[str, str]) -> None:
        if name in {"ddeLink", "oleLink"}:
            raise Refused("received_live_link")

    walk(part, content, element)
