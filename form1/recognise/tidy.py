"""The tidy sheet that our own workbooks carry, compared with the form sheets and never used in their place."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from form1.core.cells import Address, Cell, SheetCell
from form1.core.findings import Finding, Place
from form1.core.values import Status, parse_count
from form1.recognise.view import View
from form1.xlsx.read.raw import cell_name

HEADERS: Final = ("table", "row", "column", "value", "status")
_HEADER_ROWS: Final = 5


def find_header(view: View) -> tuple[int, dict[str, int]] | None:
    """Return the row of headers of a tidy sheet and the column of each header; None when it is no tidy sheet."""
    for row, columns in view.rows.items():
        if row > _HEADER_ROWS:
            return None
        headers = {view.text(row, column).strip().lower(): column for column in columns}
        if all(header in headers for header in HEADERS):
            return row, {header: headers[header] for header in HEADERS}
    return None


def compare(
    view: View,
    cells: Mapping[Address, Cell],
    at: Mapping[Address, SheetCell],
    signs: Mapping[str, str],
    faulty: Collection[Address],
) -> list[Finding]:
    """Return a finding at every cell of the form for which the tidy sheet says something else.

    `signs` are the conventional signs by status. The cells in `faulty` have an error of their own, which is enough.
    """
    header = find_header(view)
    if header is None:
        return []
    top, columns = header
    findings: list[Finding] = []
    seen: set[Address] = set()
    for row in view.rows:
        if row <= top:
            continue
        written = {name: view.text(row, column).strip() for name, column in columns.items()}
        address = Address(written["table"], written["row"], written["column"])
        cell = cells.get(address)
        if cell is None or address in seen or address in faulty:
            continue
        seen.add(address)
        stated = parse_count(written["value"])
        if cell.value is not None:
            same = stated == cell.value
        else:
            same = not written["value"] and written["status"] in set(Status) - {Status.NUMBER}
        if not same:
            sheet, name = at.get(address, SheetCell("", ""))
            place = Place(*address, sheet=sheet, cell=name)
            status = signs.get(written["status"], written["status"])
            findings.append(
                Finding.of(
                    "received_tidy_differs",
                    place,
                    other=stated if stated is not None else written["value"] or status or "∅",
                    found=cell.value if cell.value is not None else signs.get(cell.status, str(cell.status)),
                    sheet=view.sheet.name,
                    cell=cell_name(row, columns["value"]),
                )
            )
    return findings
