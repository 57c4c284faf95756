"""Workbooks: every sheet as a grid of text."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from typing import TYPE_CHECKING, Any, Final

from form1.build.sources.grid import MOST_ROWS, MOST_UNPACKED, Grid, Unreadable, as_text
from form1.xlsx.read.gate import overlap

if TYPE_CHECKING:
    from collections.abc import Iterable

_OLD_CONTAINER: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Begins .xls files and encrypted workbooks alike."""
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_FORMULA: Final = re.compile(rb"<(?:[A-Za-z0-9]+:)?f[\s/>]")


def read_workbook(data: bytes) -> dict[str, Grid]:
    """Return the grid of each sheet that holds anything, by title; Unreadable says why there are none.

    The stored value of a formula is read; a formula that was never calculated stands there as its own text, so
    that no check mistakes it for an empty cell.
    """
    formulas = _inspect(data)
    try:
        with warnings.catch_warnings():
            # openpyxl warns of styles and extensions that it does not keep; none of them holds a count.
            warnings.simplefilter("ignore")
            grids, sheets = _grids(data, _formulas(data) if formulas else {})
    except (KeyboardInterrupt, SystemExit, Unreadable):
        raise
    except BaseException:  # openpyxl raises whatever its parser met, a parser's panic is no Exception
        raise Unreadable("workbook_broken") from None
    if not sheets:
        raise Unreadable("workbook_strict")
    if not grids:
        raise Unreadable("file_empty")
    return grids


def _inspect(data: bytes) -> bool:
    """Refuse what is no workbook or too large a one; return whether any sheet holds a formula."""
    if data.startswith(_OLD_CONTAINER):
        raise Unreadable("workbook_encrypted" if _ENCRYPTED in data else "workbook_old")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            if overlap(package, data):
                raise Unreadable("workbook_broken")
            # The reader never inflates a part beyond the size that the directory declares.
            if sum(part.file_size for part in package.infolist()) > MOST_UNPACKED:
                raise Unreadable("workbook_too_large", bound=MOST_UNPACKED // 1024**2)
            sheets = [name for name in package.namelist() if "worksheets/" in name and name.endswith(".xml")]
            return any(_FORMULA.search(package.read(name)) for name in sheets)
    except Unreadable:
        raise
    except Exception:
        raise Unreadable("workbook_broken") from None


def _grids(data: bytes, formulas: dict[tuple[str, int, int], str]) -> tuple[dict[str, Grid], int]:
    workbook = _open(data, values=True)
    try:
        grids = {}
        for sheet in workbook.worksheets:
            sheet.reset_dimensions()  # a sheet may declare fewer rows than it holds
            grid = _grid(sheet.title, sheet.iter_rows(values_only=True), formulas)
            if grid.rows:
                grids[sheet.title] = grid
        return grids, len(workbook.sheetnames)
    finally:
        workbook.close()


def _grid(title: str, rows: Iterable[tuple[Any, ...]], formulas: dict[tuple[str, int, int], str]) -> Grid:
    kept: list[tuple[str, ...]] = []
    lines: list[int] = []
    for line, row in enumerate(rows, start=1):
        texts = [as_text(value) for value in row]
        if formulas:
            texts = [text or formulas.get((title, line, column), "") for column, text in enumerate(texts)]
        if not any(map(str.strip, texts)):
            continue
        if line > MOST_ROWS:
            raise Unreadable("file_too_long", sheet=title, bound=MOST_ROWS)
        while texts and not texts[-1].strip():
            texts.pop()
        kept.append(tuple(texts))
        lines.append(line)
    return Grid(tuple(kept), tuple(lines), title, lettered=True)


def _formulas(data: bytes) -> dict[tuple[str, int, int], str]:
    workbook = _open(data, values=False)
    try:
        found = {}
        for sheet in workbook.worksheets:
            sheet.reset_dimensions()
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.data_type == "f":
                        found[sheet.title, cell.row, cell.column - 1] = str(cell.value)
        return found
    finally:
        workbook.close()


def _open(data: bytes, *, values: bool) -> Any:
    from openpyxl import load_workbook

    return load_workbook(io.BytesIO(data), read_only=True, data_only=values, keep_links=False)
