"""The bare side: the same libraries on the same content, written as the libraries' manuals show it.

    python bench/bare.py FOLDER [--tuned]

FOLDER is filled by prepare.py; bare.pdf and bare.xlsx are written there. Nothing of form1 is imported. With --tuned the
three speed-ups of form1 are on, which leaves the cost of form1's own work as the difference.
"""

from __future__ import annotations

import ctypes.util
import gc
import importlib
import json
import os
import pickle
import sys
from pathlib import Path
from typing import Any


def main(folder: Path, *, tuned: bool) -> None:
    """Import, draw the PDF, write the workbook."""
    wanted = json.loads((folder / "page.json").read_text(encoding="utf-8"))
    search = ctypes.util.find_library
    if tuned:
        ctypes.util.find_library = lambda name: None
    for name in wanted["imports"]:
        importlib.import_module(name)
    ctypes.util.find_library = search
    write_workbook(folder)
    if tuned:
        gc.collect()
        gc.freeze()
        gc.set_threshold(100_000, 50, 50)
    draw_pdf(folder, wanted["identifier"])
    if tuned:
        os._exit(0)


def draw_pdf(folder: Path, identifier: str) -> None:
    """Draw the page, tagged, with the same files inside; what form1 does besides (its finisher) is left out.

    The library makes one standard at a time: PDF/A-3a has tags, colours and attachments, as ours has.
    """
    from datetime import UTC, datetime

    from weasyprint import HTML, Attachment
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Fonts(URLFetcher):  # type: ignore[misc]
        """The fonts of the page."""

        def fetch(self, url: str, headers: object = None) -> Any:
            face = (folder / "fonts" / url.rpartition("/")[2]).read_bytes()
            return URLFetcherResponse(url, face, {"Content-Type": "font/ttf"})

    page = HTML(string=(folder / "page.html").read_text(encoding="utf-8"), url_fetcher=Fonts())
    dated = datetime(2026, 1, 1, tzinfo=UTC)
    inside = [
        Attachment(filename=path, relationship="Data", created=dated, modified=dated)
        for path in sorted((folder / "inside").iterdir())
    ]
    page.write_pdf(folder / "bare.pdf", pdf_variant="pdf/a-3a", pdf_identifier=identifier.encode(), attachments=inside)


def write_workbook(folder: Path) -> None:
    """Write the cells one by one, each with its named style."""
    from openpyxl import Workbook
    from openpyxl.styles import NamedStyle

    content = pickle.loads((folder / "cells.pickle").read_bytes())
    workbook = Workbook()
    workbook.remove(workbook.active)
    for style in content["styles"]:
        workbook.add_named_style(NamedStyle(**style))
    for entry in content["sheets"]:
        sheet = workbook.create_sheet(entry["title"])
        for row, column, value, style in entry["cells"]:
            cell = sheet.cell(row, column, value)
            cell.style = style
        for area in entry["merges"]:
            sheet.merge_cells(area)
        for letter, width in entry["widths"].items():
            sheet.column_dimensions[letter].width = width
    workbook.save(folder / "bare.xlsx")


if __name__ == "__main__":
    main(Path(sys.argv[1]), tuned="--tuned" in sys.argv[2:])
