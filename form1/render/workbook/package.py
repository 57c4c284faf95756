"""The workbook as bytes that are the same for the same content."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)
"""The first day that a zip file can hold: the clock has no place in a submission."""
_AFTER_IGNORED_ERRORS: Final = (b"<tableParts", b"</worksheet>")


class _TimelessZip(ZipFile):
    """A zip file whose members carry no time and no trace of the machine, with notes to the sheets put in.

    `quiet` gives, by the name of a member, the ranges in which codes stand as text on purpose: Excel otherwise marks
    each of them as "number stored as text". openpyxl cannot write that element.
    """

    def __init__(self, file: io.BytesIO, quiet: Mapping[str, str]) -> None:
        super().__init__(file, "w", ZIP_DEFLATED)
        self._quiet = quiet

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
        super().writestr(info, _quieted(content, self._quiet[name]) if name in self._quiet else content)

    def write(
        self,
        filename: Any,
        arcname: Any = None,
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        self.writestr(str(arcname), Path(filename).read_bytes())


def pack(workbook: Workbook, codes_as_text: Mapping[str, str]) -> bytes:
    """Return the bytes of the workbook; `codes_as_text` gives ranges of codes by sheet title ("C8:C40 E8")."""
    places = {
        sheet.title: f"xl/worksheets/sheet{number}.xml" for number, sheet in enumerate(workbook.worksheets, start=1)
    }
    file = io.BytesIO()
    archive = _TimelessZip(file, {places[title]: cells for title, cells in codes_as_text.items()})
    ExcelWriter(workbook, archive).save()  # Workbook.save would put the time of day into the properties
    return file.getvalue()


def _quieted(sheet: bytes, cells: str) -> bytes:
    element = f'<ignoredErrors><ignoredError sqref="{cells}" numberStoredAsText="1"/></ignoredErrors>'.encode()
    end = next(mark for mark in _AFTER_IGNORED_ERRORS if mark in sheet)
    before, found, after = sheet.rpartition(end)
    return before + element + found + after
