"""The numbers of the authority's own blank, at the places that the manifest gives for them."""

from __future__ import annotations

import io
from collections.abc import Mapping

from form1.core.cells import Address, CellMap


def first_other_in_blank(
    content: bytes, places: Mapping[str, Mapping[str, Mapping[str, str]]], cells: CellMap, signs: Mapping[str, str]
) -> str:
    """Return where a filled blank first says something else than the cells, `Yer!D17`, or an empty string.

    `places` are those of the manifest (`Submission.blanks`): by sheet, table and row, `M=E8 F=F8`. A blank that cannot
    be read says something else: then the reason is returned. ValueError when the places are none.
    """
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(content))
    except Exception as error:  # openpyxl raises whatever the broken part makes it stumble over
        return f"{type(error).__name__}: {error}"[:120]
    try:
        for sheet, tables in places.items():
            if sheet not in book.sheetnames:
                return sheet
            for table, rows in tables.items():
                for row, written in rows.items():
                    for column, _, name in (place.partition("=") for place in written.split()):
                        wanted = cells[Address(table, row, column)]
                        shown = wanted.value if wanted.value is not None else signs[wanted.status]
                        if book[sheet][name].value != shown:
                            return f"{sheet}!{name}"
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"the manifest does not describe its blanks: {error}") from None
    return ""
