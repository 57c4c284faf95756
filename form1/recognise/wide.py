"""The tidy sheets beside the official ones of our own workbooks: compared with them, never used in their place."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from form1.core.cells import Address, Cell, SheetCell
from form1.core.findings import Finding, Place
from form1.core.texts import LANGUAGES
from form1.core.values import parse_count
from form1.definition.form import Form
from form1.definition.layout import Layout
from form1.recognise.view import View
from form1.xlsx.read.raw import cell_name

_HEAD_ROWS: Final = 12
"""Rows in which the heads are looked for."""
_NUMBERED: Final = re.compile(r"([1-9][0-9]{0,2})\. \S")
_OURS: Final = ("line_code", "code", "row_kind", "row_whole")
"""Words that stand over the columns of every tidy sheet, and all together over those of no other."""


@dataclass(frozen=True)
class Wide:
    """A tidy sheet: its table, the row of its heads, the column of its row codes and those of its column numbers."""

    view: View
    table: str
    head: int
    code: int
    columns: Mapping[int, int]


def find(form: Form, view: View) -> Wide | None:
    """Return what a tidy sheet of ours holds, known by its heads and the title above them; None of another sheet."""
    words = view.words
    wanted = [{key for language in LANGUAGES for key in words.of(form.word(word, language))} for word in _OURS]
    for row, columns in view.rows.items():
        if row > _HEAD_ROWS:
            return None
        at = [next((at for at in columns if keys.intersection(words.of(view.text(row, at)))), 0) for keys in wanted]
        if not all(at):
            continue
        table = _table(form, view, row)
        numbers = {int(match[1]): at for at in columns if (match := _NUMBERED.match(view.text(row, at)))}
        return Wide(view, table, row, at[1], numbers) if table else None
    return None


def compare(
    form: Form, wide: Wide, layout: Layout, cells: Mapping[Address, Cell], at: Mapping[Address, SheetCell],
    faulty: Collection[Address],
) -> list[Finding]:  # fmt: skip
    """Return a finding at every cell of the form for which the tidy sheet says something else.

    The cells in `faulty` have an error of their own, which is enough.
    """
    view, signs, findings, seen = wide.view, form.signs(), list[Finding](), set[Address]()
    codes = {column.number: column.code for column in layout.columns}
    for row in view.rows:
        code = view.text(row, wide.code).strip() if row > wide.head else ""
        for number, column in wide.columns.items():
            address = Address(wide.table, code, codes.get(number, ""))
            cell = cells.get(address)
            if cell is None or address in seen or address in faulty:
                continue
            seen.add(address)
            written = view.text(row, column).strip()
            stated = parse_count(written)
            if stated == cell.value if cell.value is not None else _says(form, view, written, signs.get(cell.status)):
                continue
            sheet, name = at.get(address, SheetCell("", ""))
            place = Place(*address, sheet=sheet, cell=name)
            findings.append(
                Finding.of(
                    "received_tidy_differs",
                    place,
                    other=stated if stated is not None else written or "∅",
                    found=cell.value if cell.value is not None else signs.get(cell.status, str(cell.status)),
                    sheet=view.sheet.name,
                    cell=cell_name(row, column),
                )
            )
    return findings


def _says(form: Form, view: View, written: str, sign: str | None) -> bool:
    """True when a cell says in words what a sign means."""
    names = (code.name for code in form.codelists["conventional_signs"].codes if code.code == sign)
    return any(view.words.same(written, name.of(language)) for name in names for language in LANGUAGES)


def _table(form: Form, view: View, head: int) -> str:
    """Return the table that the title above the heads names, or nothing."""
    title = next((text for _, _, text in view.texts(1, head - 1)), "")
    number = re.match(r"(\S+ [0-9]{1,3})\.", title)
    keys = set(view.words.of(number[1])) if number else set()
    return next(
        (
            table.id
            for table in form.tables.values()
            for language in LANGUAGES
            if keys.intersection(view.words.of(f"{form.word('table', language)} {table.number}"))
        ),
        "",
    )
