"""Files of the kinds that offices send, always in the same bytes: delimited text, workbooks, Parquet."""

from __future__ import annotations

import csv
import io
import os
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

# openpyxl writes other bytes where lxml is installed; it asks this variable once, when it is imported.
os.environ["OPENPYXL_LXML"] = "False"

import openpyxl
import polars as pl
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

_STAMP = "2026-01-01T00:00:00Z"
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Sheet:
    """One export as it will stand in its file; `title` are the lines above the header."""

    name: str
    title: tuple[str, ...]
    header: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]


def as_csv(sheet: Sheet, separator: str, encoding: str) -> bytes:
    """Return delimited text; UTF-16 is little-endian with a mark, whatever the machine's own order.

    UnicodeEncodeError when the code page lacks a letter of the labels.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator, lineterminator="\n" if separator == "," else "\r\n")
    for line in sheet.title:
        writer.writerow([line])
    writer.writerow(sheet.header)
    writer.writerows(sheet.rows)
    if encoding == "utf-16":
        return b"\xff\xfe" + text.getvalue().encode("utf-16-le")
    return text.getvalue().encode(encoding)


def as_parquet(sheet: Sheet) -> bytes:
    """Return a Parquet file: labels as strings, counts as 64-bit whole numbers."""
    columns = list(zip(*sheet.rows, strict=True))
    frame = pl.DataFrame(
        {
            header: pl.Series(column, dtype=pl.Int64 if isinstance(column[0], int) else pl.String)
            for header, column in zip(sheet.header, columns, strict=True)
        }
    )
    file = io.BytesIO()
    frame.write_parquet(file, compression="uncompressed", statistics=False)
    return file.getvalue()


def as_workbook(sheets: Sequence[Sheet]) -> bytes:
    """Return an Excel workbook with a sheet per export."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for sheet in sheets:
        _fill(workbook.create_sheet(sheet.name), sheet)
    file = io.BytesIO()
    workbook.save(file)
    return _without_clock(file.getvalue())


def _fill(page: openpyxl.worksheet.worksheet.Worksheet, sheet: Sheet) -> None:
    for number, line in enumerate(sheet.title, start=1):
        page.cell(number, 1, line).font = Font(bold=True)
        page.cell(number, 1).alignment = Alignment(wrap_text=True, vertical="top")
        page.merge_cells(start_row=number, start_column=1, end_row=number, end_column=len(sheet.header))
        page.row_dimensions[number].height = 15 * (1 + len(line) // 90)
    # The systems that export leave a line free between title and header.
    top = len(sheet.title) + 2 if sheet.title else 1
    for column, header in enumerate(sheet.header, start=1):
        page.cell(top, column, header).font = Font(bold=True)
        widest = max(len(str(row[column - 1])) for row in sheet.rows)
        page.column_dimensions[get_column_letter(column)].width = 2 + min(60, max(widest, len(header)))
    for number, row in enumerate(sheet.rows, start=top + 1):
        for column, value in enumerate(row, start=1):
            if value != "":
                page.cell(number, column, value)


def _without_clock(workbook: bytes) -> bytes:
    """Return the workbook with fixed times and stored parts: neither the clock nor zlib's version shows."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as made, zipfile.ZipFile(result, "w") as kept:
        for name in made.namelist():
            part = made.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", _STAMP.encode(), part)
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.create_system = 3  # otherwise the system that wrote it stands in every entry
            kept.writestr(entry, part)
    return result.getvalue()
