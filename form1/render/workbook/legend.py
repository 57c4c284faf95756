"""The legend: the conventional signs, the red of a broken total, and the classifications used."""

from __future__ import annotations

from typing import Final

from openpyxl.worksheet.worksheet import Worksheet

from form1.definition.wording import marked
from form1.model.forms import FilledForm
from form1.render.workbook.ink import Ink
from form1.render.workbook.page import Page
from form1.render.workbook.paper import Paper, set_up
from form1.views import notes

_SHARES: Final = (0.34, 0.3, 0.24, 0.12)


def draw_legend(sheet: Worksheet, ink: Ink, filled: FilledForm) -> None:
    """Draw the signs with their meaning, and each classification with its version, its keeper and its tables."""
    form, language = filled.form, filled.language
    paper = Paper()
    page = Page(sheet, ink, [paper.width * share for share in _SHARES])
    page.across(form.word("legend", language), "sheet title")
    page.pair(form.word("sign", language), form.word("meaning", language), "head", "head")
    for sign in notes.signs(filled):
        page.pair(sign.sign, marked(form, sign.meaning, sign.notes, language), "box", "field")
    page.across(form.word("red_total", language), "remark left")

    page.across(form.word("classifications", language), "heading")
    page.line([form.word(word, language) for word in ("classification", "version", "agency", "used_in")], "head")
    for each in notes.classifications(filled, form.tables.values(), blocks_first=True):
        texts = [each.title, each.version, each.agency, each.tables]
        page.line(texts, "field", "field", "field", "field centre")
    sheet.sheet_view.showGridLines = False
    set_up(sheet, paper, ink.footer)
