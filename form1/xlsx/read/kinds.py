"""What a file is, by its content and never by its ending: anything but a plain .xlsx is refused by its name."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from form1.xlsx.read.refusal import Refused

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BEGINNINGS: Final = (
    (b"%PDF", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!", "RAR"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"PAR1", "Parquet"),
    (b"SQLite format 3", "SQLite"),
    (b"\x09\x00\x04\x00", ".xls"),
    (b"\x09\x02\x06\x00", ".xls"),
    (b"\x09\x04\x06\x00", ".xls"),
)
_IN_MARKUP: Final = (
    (b"urn:schemas-microsoft-com:office:spreadsheet", "XML Spreadsheet 2003"),
    (b"urn:oasis:names:tc:opendocument", ".fods"),
    (b"<html", "HTML"),
    (b"<!doctype html", "HTML"),
    (b"<table", "HTML"),
)
_BY_TYPE: Final = (
    ("ms-excel.sheet.macroenabled.main", ".xlsm"),
    ("ms-excel.sheet.binary.macroenabled.main", ".xlsb"),
    ("ms-excel.template.macroenabled.main", ".xltm"),
    ("ms-excel.addin.macroenabled.main", ".xlam"),
    ("spreadsheetml.template.main", ".xltx"),
    ("wordprocessingml.document.main", ".docx"),
    ("ms-word.document.macroenabled.main", ".docm"),
    ("presentationml.presentation.main", ".pptx"),
    ("ms-powerpoint.presentation.macroenabled.main", ".pptm"),
)
_WORKBOOK: Final = "spreadsheetml.sheet.main+xml"
_LOOKED_AT: Final = 4096


def refuse_other_kinds(content: bytes) -> None:
    """Refuse a file that is no zip package, by the name of what it is."""
    if not content:
        raise Refused("received_empty")
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise Refused("received_encrypted")
        old = any(name.encode("utf-16-le") in content for name in ("Workbook", "Book"))
        raise Refused("received_format", format=".xls" if old else "OLE")
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return
    for beginning, name in _BEGINNINGS:
        if content.startswith(beginning):
            raise Refused("received_format", format=name)
    start = content[:_LOOKED_AT].lower().replace(b"\0", b"")
    for mark, name in _IN_MARKUP:
        if mark in start:
            raise Refused("received_format", format=name)
    if start.lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").startswith(b"<"):
        raise Refused("received_format", format="XML")
    if all(byte >= 32 or byte in b"\t\r\n" for byte in start):
        raise Refused("received_format", format="CSV / TXT")
    raise Refused("received_not_a_workbook")


def kind_of(content: bytes) -> str:
    """Return what a file is that is no zip package; "" for one, and where nobody knows.

    >>> kind_of(b"<html><table>"), kind_of(b"PK\\x03\\x04")
    ('HTML', '')
    """
    try:
        refuse_other_kinds(content)
    except Refused as refused:
        return str(refused.refusal.facts.get("format", ""))
    return ""


def refuse_other_packages(names: Collection[str], types: Collection[str]) -> None:
    """Refuse a zip package that is no workbook, by its parts and the content types that it declares."""
    lowered = " ".join(types).lower()
    if "mimetype" in names and not types:
        raise Refused("received_format", format=".ods")
    if any(name.startswith("Index/") and name.endswith(".iwa") for name in names) or "Index.zip" in names:
        raise Refused("received_format", format=".numbers")
    for mark, name in _BY_TYPE:
        if mark in lowered:
            raise Refused("received_format", format=name)
    if any(name.lower().endswith("vbaproject.bin") for name in names) or "vbaproject" in lowered:
        raise Refused("received_macros")
    if _WORKBOOK not in lowered:
        raise Refused("received_format", format="ZIP")
