"""Hostile files that are no workbooks, or whose package lies: kinds, zips, names, document types."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.xlsx.read.packages import SHEET, Parts, changed, good, in_part, pack, parts_of, with_parts

MIB = 1024**2
T03 = SHEET["T03"]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "[Content_Types].xml"
WORKBOOK, WORKBOOK_RELS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, (b"&%c;" % (97 + n)) * 10) for n in range(10))
    + b"]><worksheet><a>&k;</a></worksheet>"
)


@dataclass(frozen=True)
class Hostile:
    """One file: `refused` is the message of its refusal; else it is read, and has exactly these `findings`."""

    id: str
    make: Callable[[], bytes]
    refused: str = ""
    findings: frozenset[str] = frozenset()
    in_child: bool = False
    """Too heavy for the process of the tests."""


def other_kinds() -> Iterator[Hostile]:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500
    for name, content in {
        "csv renamed": b"table;row;value\r\nT01;T;5\r\n",
        "csv in UTF-16": "table\trow\r\n".encode("utf-16"),
        "pdf renamed": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
        "html renamed": b"<html><table><tr><td>5</td></tr></table></html>",
        "xml spreadsheet 2003": b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        "fods renamed": b'<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns"/>',
        "plain xml": b'<?xml version="1.0"?><form/>',
        "rtf renamed": b"{\\rtf1 5}",
        "gzip": b"\x1f\x8b\x08\0\0\0\0\0",
        "7z": b"7z\xbc\xaf\x27\x1c\0\4",
        "rar": b"Rar!\x1a\x07\x01\0",
        "png": b"\x89PNG\r\n\x1a\n",
        "xls": ole + "Workbook".encode("utf-16-le"),
        "xls of 1990": b"\x09\x00\x04\x00\x02\x00\x10\x00",
        "doc renamed": ole + "WordDocument".encode("utf-16-le"),
        "parquet": b"PAR1\0\0\0PAR1",
        "empty zip": b"PK\x05\x06" + b"\0" * 18,
        "zip of texts": pack({"a.txt": b"5"}),
        "ods renamed": pack({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<a/>"}),
        "numbers renamed": pack({"Index/Document.iwa": b"\0"}),
        "xlsm renamed": changed(_main_type("application/vnd.ms-excel.sheet.macroEnabled.main+xml")),
        "xlsb renamed": changed(_main_type("application/vnd.ms-excel.sheet.binary.macroEnabled.main")),
        "xlam renamed": changed(_main_type("application/vnd.ms-excel.addin.macroEnabled.main+xml")),
        "xltx renamed": changed(
            _main_type("application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml")
        ),
        "docx renamed": changed(
            _main_type("application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml")
        ),
        "pptx renamed": changed(
            _main_type("application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml")
        ),
    }.items():
        yield Hostile(name, lambda content=content: content, "received_format")
    yield Hostile("empty file", lambda: b"", "received_empty")
    yield Hostile("noise", lambda: bytes(range(1, 256)) * 9, "received_not_a_workbook")
    yield Hostile("password", lambda: ole + "EncryptedPackage".encode("utf-16-le") + b"\0" * 99, "received_encrypted")
    yield Hostile("more than 10 MiB", lambda: good() + b"\0" * (10 * MIB), "received_too_large")


def packages() -> Iterator[Hostile]:
    whole = good()
    for share in (0.1, 0.5, 0.9):
        yield Hostile(f"cut at {share:.0%}", lambda share=share: whole[: int(len(whole) * share)], "received_damaged")
    yield Hostile("cut by one byte", lambda: whole[:-1], "received_damaged")
    yield Hostile("wrong CRC", lambda: _in_directory(whole, T03, 16, b"\1\2\3\4"), "received_damaged")
    yield Hostile("broken deflate", lambda: _in_data(whole, T03), "received_damaged")
    yield Hostile("part with a password", lambda: _in_directory(whole, T03, 8, b"\1\0"), "received_encrypted")
    yield Hostile(
        "declares 3 GiB", lambda: _in_directory(whole, T03, 24, struct.pack("<I", 3 << 30)), "received_unpacked"
    )
    yield Hostile("declares 9 bytes", lambda: _in_directory(whole, T03, 24, struct.pack("<I", 9)), "received_damaged")
    yield Hostile("two parts on one place", _overlapping, "received_damaged")
    yield Hostile("a part within a part", part_within_part, "received_damaged")
    yield Hostile(
        "bomb in one part",
        lambda: with_parts({"xl/worksheets/bomb.xml": b"<a>" + b" " * (66 * MIB)}),
        "received_unpacked",
    )
    yield Hostile(
        "bomb in many parts",
        lambda: with_parts({f"xl/media/{number}.bin": b"\0" * (9 * MIB) for number in range(8)}),
        "received_unpacked",
    )
    yield Hostile(
        "1,001 parts", lambda: with_parts({f"xl/x/{number}.bin": b"" for number in range(1001)}), "received_many_parts"
    )
    yield Hostile("50,000 entries", _directory_of_many, "received_many_parts")
    yield Hostile("bzip2", lambda: _packed(zipfile.ZIP_BZIP2), "received_packing")
    yield Hostile("lzma", lambda: _packed(zipfile.ZIP_LZMA), "received_packing")
    for name in (
        "../../etc/cron.d/form1",
        "/etc/passwd",
        "xl\\..\\evil.xml",
        "C:/evil.xml",
        "xl//evil.xml",
        "xl/./evil.xml",
        "xl/\x1b[2Jevil.xml",
        "xl/\u202eevil.xml",
        "XL/WORKBOOK.XML",
        "x" * 300,
    ):
        yield Hostile(f"part named {name[:20]!r}", lambda name=name: with_parts({name: b"<a/>"}), "received_part_names")
    yield Hostile("same part twice", _twice, "received_part_names")
    yield Hostile("name cut by a zero byte", lambda: _renamed(T03, T03[:-1] + "\0"), "received_part_names")
    yield Hostile("link among the parts", _link, "received_part_names")


def markup() -> Iterator[Hostile]:
    doctype = b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "http://example.org/a.dtd"><a/>'
    yield Hostile("billion laughs", lambda: with_parts({T03: LAUGHS}), "received_doctype")
    yield Hostile("DOCTYPE in workbook.xml", lambda: with_parts({WORKBOOK: doctype}), "received_doctype")
    yield Hostile("DOCTYPE in relationships", lambda: with_parts({WORKBOOK_RELS: doctype}), "received_doctype")
    yield Hostile("DOCTYPE in content types", lambda: with_parts({TYPES: doctype}), "received_doctype")
    yield Hostile("DOCTYPE in custom part", lambda: with_parts({"customXml/item1.xml": doctype}), "received_doctype")
    yield Hostile("DOCTYPE in a drawing", lambda: with_parts({"xl/drawings/vml.vml": doctype}), "received_doctype")
    yield Hostile(
        "DOCTYPE in UTF-16",
        lambda: with_parts({T03: '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a><a/>'.encode("utf-16")}),
        "received_doctype",
    )
    yield Hostile(
        "entity that reads a file",
        lambda: with_parts(
            {"xl/sharedStrings.xml": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'}
        ),
        "received_doctype",
    )
    yield Hostile(
        "DOCTYPE after 1 MiB of remarks",
        lambda: with_parts({T03: b"<!--" + b" " * MIB + b"-->" + doctype[21:]}),
        "received_doctype",
    )
    yield Hostile(
        "entity without DOCTYPE", lambda: with_parts({T03: b"<worksheet>&x;</worksheet>"}), "received_damaged"
    )
    yield Hostile("sheet is no XML", lambda: with_parts({T03: b"\x89PNG"}), "received_damaged")
    yield Hostile(
        "unknown encoding", lambda: with_parts({T03: b'<?xml version="1.0" encoding="utf-7"?><a/>'}), "received_damaged"
    )


def _main_type(becomes: str) -> Callable[[Parts], None]:
    return in_part(TYPES, r"application/[a-z.\-]*spreadsheetml\.sheet\.main\+xml", becomes)


def _header(content: bytes, part: str) -> int:
    """The place of a part's header in the central directory."""
    at = content.index(b"PK\x01\x02")
    while content[at + 46 : at + 46 + len(part)] != part.encode():
        at = content.index(b"PK\x01\x02", at + 4)
    return at


def _in_directory(content: bytes, part: str, offset: int, becomes: bytes) -> bytes:
    at = _header(content, part) + offset
    return content[:at] + becomes + content[at + len(becomes) :]


def _in_data(content: bytes, part: str) -> bytes:
    at = content.index(part.encode()) + len(part) + 40
    return content[:at] + b"\xff" * 40 + content[at + 40 :]


def _renamed(part: str, becomes: str) -> bytes:
    return good().replace(part.encode(), becomes.encode())


def _overlapping() -> bytes:
    content = good()
    place = struct.unpack_from("<I", content, _header(content, T03) + 42)[0]
    other = _header(content, SHEET["T04"])
    moved = content[: other + 42] + struct.pack("<I", place) + content[other + 46 :]
    return moved


def part_within_part() -> bytes:
    """One entry lies whole in the bytes of another, so that both can be read where the reader does not look."""
    content, file = b"twice", io.BytesIO(good())
    inner = zipfile.ZipInfo("xl/media/inner.bin")
    inner.file_size = inner.compress_size = len(content)
    inner.CRC = zlib.crc32(content)
    with zipfile.ZipFile(file, "a") as package:
        outer = zipfile.ZipInfo("xl/media/outer.bin")
        package.writestr(outer, inner.FileHeader() + content)
        inner.header_offset = outer.header_offset + len(outer.FileHeader())
        package.filelist.append(inner)
        package.NameToInfo[inner.filename] = inner
    return file.getvalue()


def _packed(method: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as package:
        for name, content in parts_of(good()).items():
            package.writestr(name, content)
    return file.getvalue()


def _twice() -> bytes:
    first, second = T03, SHEET["T04"]
    return good().replace(second.encode(), first.encode())


def _link() -> bytes:
    file = io.BytesIO(good())
    with zipfile.ZipFile(file, "a") as package:
        info = zipfile.ZipInfo("xl/media/link")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        package.writestr(info, "/etc/passwd")
    return file.getvalue()


def _directory_of_many() -> bytes:
    header = (
        struct.pack("<4s4B4HL2L5H2L", b"PK\x01\x02", 20, 0, 20, 0, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    )
    start = good()[:64]
    directory = header * 50_000
    return start + directory + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 9, 9, len(directory), len(start), 0)
