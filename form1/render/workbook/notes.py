"""The sheets of notes and of the legend: what the figures mean, the conventional signs, the classifications used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from openpyxl.worksheet.worksheet import Worksheet

from form1.core.cells import SheetCell
from form1.definition.wording import marked
from form1.model.forms import Edition, FilledForm
from form1.render.workbook.printing import A4, break_pages, set_up
from form1.render.workbook.writer import SheetWriter, TextSheet, link_to
from form1.views import notes
from form1.views.findings import sentence
from form1.views.tables import note_mark, tables_named

_NOTE_SHARES: Final = (0.19, 0.48, 0.2, 0.13)
"""Width of the concept, the note, its source and its status on paper laid across."""


def draw_notes(
    sheet: Worksheet, writer: SheetWriter, edition: Edition, sheets: Mapping[str, str]
) -> dict[int, SheetCell]:
    """Draw the layout notice, recorded corrections, the numbered notes, those on the form by concept and on each table.

    `sheets` gives the title of the sheet of each table; returned are sheet and cell of each numbered note.
    """
    form, language = edition.form, edition.language
    paper = A4(landscape=True)
    page = TextSheet(sheet, writer, [paper.width * share for share in _NOTE_SHARES])
    words = [form.word(word, language) for word in ("note", "source", "status")]
    page.across(form.word("notes", language), "sheet title")
    page.across(f"{form.word('unofficial', language)}. {form.identity.layout_notice.of(language)}", "notice")
    page.across(form.word("confidentiality", language), "remark")

    if edition.corrections:
        page.across(form.word("corrections", language), "heading")
        for correction in edition.corrections:
            page.across(sentence(edition, correction.applied), "field")

    at = _draw_numbered(page, edition, sheets)
    page.across(form.word("notes_form", language), "heading")
    page.line([form.word("concept", language), *words], "head")
    for chapter in notes.form_notes(edition):
        for note in chapter.notes:
            if note.text:
                page.note(f"{note.code} {note.name}", note)
            if note.see:
                see = "; ".join(f"{note_mark(form, number, language)} {name}" for number, name in note.see)
                told = f"{form.word('see_notes', language)}: {see}."
                about = f"{note.code} {note.concept}"
                page.line([about, told, "", ""], "field label", "field", "field", "field centre")

    page.across(form.word("notes_tables", language), "heading")
    for chapter in notes.table_notes(edition, form.tables.values()):
        page.across(f"{chapter.code}. {chapter.name}", "subheading")
        for note in chapter.notes:
            page.note(note.name, note)

    sheet.sheet_view.showGridLines = False
    set_up(sheet, paper, writer.footer)
    break_pages(sheet, paper, first_row=1, rows=page.heights, ends=page.ends, top=0.0, head=0.0)
    return at


def _draw_numbered(page: TextSheet, edition: Edition, sheets: Mapping[str, str]) -> dict[int, SheetCell]:
    """Draw the numbered notes, each with a link back to the first table that refers to it; return where each is."""
    form, language, at = edition.form, edition.language, dict[int, SheetCell]()
    numbered = notes.numbered_notes(edition)
    if not numbered:
        return at
    page.across(form.word("numbered_notes", language), "heading")
    page.line([form.word(word, language) for word in ("back_to", "note", "source", "status")], "head")
    for each in numbered:
        named = f"{note_mark(form, each.number, language)} {each.name}. {each.text}"
        used = [form.tables[table] for table, _ in each.tables]
        back = tables_named(form, used, language) if used else form.word("legend", language)
        page.note(back, each, text=named, role="back link")
        cell = page.sheet.cell(len(page.heights), 1)
        link_to(cell, sheets[used[0].id if used else "legend"])
        at[each.number] = SheetCell(page.sheet.title, cell.coordinate)
    return at


_LEGEND_SHARES: Final = (0.34, 0.3, 0.24, 0.12)


def draw_legend(sheet: Worksheet, writer: SheetWriter, filled: FilledForm) -> None:
    """Draw the signs with their meaning, and each classification with its version, its keeper and its tables."""
    form, language = filled.form, filled.language
    paper = A4()
    page = TextSheet(sheet, writer, [paper.width * share for share in _LEGEND_SHARES])
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
    set_up(sheet, paper, writer.footer)
