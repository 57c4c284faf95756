"""The notes sheet: what the figures mean, for the form as a whole and for each table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from openpyxl.worksheet.worksheet import Worksheet

from form1.core.cells import SheetCell
from form1.definition.wording import marked, say
from form1.model.forms import Edition
from form1.render.workbook.ink import Ink, link_to
from form1.render.workbook.page import Page
from form1.render.workbook.paper import Paper, break_pages, set_up

_SHARES: Final = (0.19, 0.48, 0.2, 0.13)
"""Width of the concept, the note, its source and its status on paper laid across."""


def draw_notes(sheet: Worksheet, ink: Ink, edition: Edition, sheets: Mapping[str, str]) -> dict[int, SheetCell]:
    """Draw the layout notice, recorded corrections, the numbered notes, those on the form by concept and on each table.

    `sheets` gives the title of the sheet of each table; returned are sheet and cell of each numbered note.
    """
    form, language = edition.form, edition.language
    paper = Paper(landscape=True)
    page = Page(sheet, ink, [paper.width * share for share in _SHARES])
    words = [form.word(word, language) for word in ("note", "source", "status")]
    page.across(form.word("notes", language), "sheet title")
    page.across(f"{form.word('unofficial', language)}. {form.identity.layout_notice.of(language)}", "notice")
    page.across(form.word("confidentiality", language), "remark")

    if edition.corrections:
        page.across(form.word("corrections", language), "heading")
        for correction in edition.corrections:
            page.across(say(form, correction.applied, language, edition.layouts), "field")

    at = _draw_numbered(page, edition, sheets)
    page.across(form.word("notes_form", language), "heading")
    page.line([form.word("concept", language), *words], "head")
    concepts = {code.code: code for code in form.codelists["sims_concepts"].codes}
    in_force = [note for note in form.notes if note.in_force(edition.period.last_day)]
    for code, concept in concepts.items():
        about = [note for note in in_force if note.concept == code]
        for note in about:
            if not edition.marks.number_of(note):
                own = f" ({note.name.of(language)})" if note.name else ""
                page.note(f"{code} {concept.name.of(language)}{own}", note, edition)
        see = "; ".join(
            f"{marked(form, '', [each.number], language).strip()} {each.name.of(language)}"
            for each in edition.marks.numbered
            if each.note in about
        )
        if see:
            told = f"{form.word('see_notes', language)}: {see}."
            page.line(
                [f"{code} {concept.name.of(language)}", told, "", ""], "field label", "field", "field", "field centre"
            )

    page.across(form.word("notes_tables", language), "heading")
    for table in form.tables.values():
        of_table = [note for note in in_force if note.table == table.id]
        if of_table:
            page.across(
                f"{form.word('table', language)} {table.number}. {table.short_title.of(language)}",
                "subheading",
            )
        for note in of_table:
            page.note(form.word(note.aspect or "note", language), note, edition)

    sheet.sheet_view.showGridLines = False
    set_up(sheet, paper, ink.footer)
    break_pages(sheet, paper, first_row=1, rows=page.heights, ends=page.ends, top=0.0, head=0.0)
    return at


def _draw_numbered(page: Page, edition: Edition, sheets: Mapping[str, str]) -> dict[int, SheetCell]:
    """Draw the numbered notes, each with a link back to the first table that refers to it; return where each is."""
    form, language, at = edition.form, edition.language, dict[int, SheetCell]()
    if not edition.marks.numbered:
        return at
    page.across(form.word("numbered_notes", language), "heading")
    page.line([form.word(word, language) for word in ("back_to", "note", "source", "status")], "head")
    for each in edition.marks.numbered:
        mark = marked(form, "", [each.number], language).strip()
        numbers = ", ".join(str(form.tables[table].number) for table in each.tables)
        back = f"{form.word('table', language)} {numbers}" if numbers else form.word("legend", language)
        named = f"{mark} {each.name.of(language)}. {each.note.text.of(language)}"
        page.note(back, each.note, edition, text=named, role="back link")
        cell = page.sheet.cell(len(page.heights), 1)
        link_to(cell, sheets[each.tables[0] if each.tables else "legend"])
        at[each.number] = SheetCell(page.sheet.title, cell.coordinate)
    return at
