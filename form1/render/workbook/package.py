"""The workbook as bytes that are the same for the same content."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from xml.sax.saxutils import quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)
"""The first day that a zip file can hold: the clock has no place in a submission."""
_DRAWINGS: Final = "xl/drawings/drawing"
_TABLES: Final = "xl/tables/table"
_NAMED: Final = re.compile(rb'displayName="([^"]+)"')
_ALTERNATIVE: Final = "{504A1905-F514-4f6f-8877-14C23A59335A}"
"""The extension in which a table object carries its alternative text ([MS-XLSX], CT_Table of x14)."""
_CHART: Final = re.compile(rb'<(?:[a-z]+:)?cNvPr (?:id="[0-9]+" )?name="Chart [0-9]+"')
_AFTER_IGNORED_ERRORS: Final = (b"<tableParts", b"</worksheet>")


class _TimelessZip(ZipFile):
    """A zip file whose members carry no time and no trace of the machine, with notes to the sheets put in.

    `codes_as_text` gives, by the name of a member, the ranges in which codes stand as text on purpose: Excel otherwise
    marks each of them as "number stored as text". openpyxl cannot write that element.
    """

    def __init__(
        self,
        file: io.BytesIO,
        codes_as_text: Mapping[str, str],
        alternative_texts: Sequence[str],
        tables: Mapping[str, tuple[str, str]],
    ) -> None:
        super().__init__(file, "w", ZIP_DEFLATED)
        self._codes_as_text, self._alternative_texts, self._tables = codes_as_text, list(alternative_texts), tables

    def writestr(
        self,
        zinfo_or_arcname: str | ZipInfo,
        data: Any,
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        member = zinfo_or_arcname
        name = member.filename if isinstance(member, ZipInfo) else member
        info = ZipInfo(name, _EARLIEST)
        info.compress_type = ZIP_DEFLATED
        info.create_system = 0
        content = data.encode() if isinstance(data, str) else data
        if name in self._codes_as_text:
            content = _with_codes_as_text(content, self._codes_as_text[name])
        elif name.startswith(_DRAWINGS) and self._alternative_texts:
            content = _CHART.sub(lambda match: _with_alternative_text(match, self._alternative_texts), content)
        elif name.startswith(_TABLES):
            content = _with_description(content, self._tables)
        super().writestr(info, content)

    def write(
        self,
        filename: Any,
        arcname: Any = None,
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        self.writestr(str(arcname), Path(filename).read_bytes())


def pack(
    workbook: Workbook,
    codes_as_text: Mapping[str, str],
    alternative_texts: Sequence[str] = (),
    tables: Mapping[str, tuple[str, str]] = MappingProxyType({}),
) -> bytes:
    """Return the bytes of the workbook; `codes_as_text` gives ranges of codes by sheet title ("C8:C40 E8").

    `alternative_texts` are those of all charts, in the order of the sheets; `tables` gives title and description of
    table objects by their names.
    """
    places = {
        sheet.title: f"xl/worksheets/sheet{number}.xml" for number, sheet in enumerate(workbook.worksheets, start=1)
    }
    file = io.BytesIO()
    archive = _TimelessZip(
        file, {places[title]: cells for title, cells in codes_as_text.items()}, alternative_texts, tables
    )
    ExcelWriter(workbook, archive).save()  # Workbook.save would put the time of day into the properties
    return file.getvalue()


def _with_alternative_text(match: re.Match[bytes], alternative_texts: list[str]) -> bytes:
    """The properties of a chart with what is seen in it; openpyxl cannot write that attribute."""
    return match[0] + f" descr={quoteattr(alternative_texts.pop(0))}".encode()


def _with_description(table: bytes, tables: Mapping[str, tuple[str, str]]) -> bytes:
    """A table object with its alternative text; openpyxl cannot write that element."""
    named = _NAMED.search(table)
    texts = tables.get(named[1].decode()) if named else None
    if texts is None:
        return table
    title, summary = map(quoteattr, texts)
    space = 'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"'
    element = (
        f'<extLst><ext uri="{_ALTERNATIVE}" {space}>'
        f"<x14:table altText={title} altTextSummary={summary}/></ext></extLst>"
    )
    before, end, after = table.rpartition(b"</table>")
    return before + element.encode() + end + after


def _with_codes_as_text(sheet: bytes, cells: str) -> bytes:
    element = f'<ignoredErrors><ignoredError sqref="{cells}" numberStoredAsText="1"/></ignoredErrors>'.encode()
    end = next(mark for mark in _AFTER_IGNORED_ERRORS if mark in sheet)
    before, found, after = sheet.rpartition(end)
    return before + element + found + after
