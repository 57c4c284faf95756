"""The legend: the conventional signs, the red of a broken total, and the classifications used."""

from __future__ import annotations

from typing import Final

from openpyxl.worksheet.worksheet import Worksheet

from form1.definition.records import Table
from form1.definition.wording import marked
from form1.model.forms import FilledForm
from form1.render.workbook.ink import Ink
from form1.render.workbook.page import Page
from form1.render.workbook.paper import Paper, set_up

_SHARES: Final = (0.34, 0.3, 0.24, 0.12)


def draw_legend(sheet: Worksheet, ink: Ink, filled: FilledForm) -> None:
    """Draw the signs with their meaning, and each classification with its version, its keeper and its tables."""
    form, language = filled.form, filled.language
    paper = Paper()
    page = Page(sheet, ink, [paper.width * share for share in _SHARES])
    page.across(form.word("legend", language), "sheet title")
    page.pair(form.word("sign", language), form.word("meaning", language), "head", "head")
    for sign in form.codelists["conventional_signs"].on(filled.period.last_day):
        meaning = marked(form, sign.name.of(language), filled.marks.at("", "sign", sign.code), language)
        page.pair(sign.code, meaning, "box", "field")
    page.across(form.word("red_total", language), "remark left")

    page.across(form.word("classifications", language), "heading")
    page.line([form.word(word, language) for word in ("classification", "version", "agency", "used_in")], "head")
    for codelist, tables in _used(filled).items():
        what = form.codelists[codelist].classification
        numbers = ", ".join(map(str, tables))
        page.line(
            [what.title.of(language), what.version.of(language), what.agency.of(language), numbers],
            "field",
            "field",
            "field",
            "field centre",
        )
    sheet.sheet_view.showGridLines = False
    set_up(sheet, paper, ink.footer)


def _used(filled: FilledForm) -> dict[str, list[int]]:
    """Return the numbers of the tables that use each code list, in the order of the form."""
    used: dict[str, list[int]] = {}
    for table in filled.form.tables.values():
        for codelist in _codelists(table):
            used.setdefault(codelist, []).append(table.number)
    return used


def _codelists(table: Table) -> list[str]:
    rows = table.rows
    found: list[str] = []
    if rows.detail and rows.codes:
        found += [
            rows.codes,
            *(block.codes for block in rows.block),
            *([rows.groups.codes] if rows.groups else []),
        ]
    return list(dict.fromkeys([*found, *(column.codes for column in table.columns)]))
