"""The notes sheet: what the figures mean, for the form as a whole and for each table."""

from __future__ import annotations

from typing import Final

from openpyxl.worksheet.worksheet import Worksheet

from form1.definition.wording import say
from form1.render.workbook.ink import Ink
from form1.render.workbook.page import Page
from form1.render.workbook.paper import Paper, break_pages, set_up
from form1.submission import Submission

_SHARES: Final = (0.19, 0.48, 0.2, 0.13)
"""Width of the concept, the note, its source and its status on paper laid across."""
_MESSAGE_OF_CORRECTION: Final = "correction_applied"


def draw_notes(sheet: Worksheet, ink: Ink, submission: Submission) -> None:
    """Draw the layout notice, the notes on the form by concept, on each table by aspect, and recorded corrections."""
    form, language = submission.form, submission.language
    paper = Paper(landscape=True)
    page = Page(sheet, ink, [paper.width * share for share in _SHARES])
    words = [form.word(word, language) for word in ("note", "source", "status")]
    page.across(form.word("notes", language), "heading")
    page.across(f"{form.word('unofficial', language)}. {form.identity.layout_notice.of(language)}", "notice")
    page.across(form.word("confidentiality", language), "remark")

    corrections = [finding for finding in submission.findings if finding.message == _MESSAGE_OF_CORRECTION]
    if corrections:
        page.across(form.word("corrections", language), "heading")
        for finding in corrections:
            page.across(say(form, finding, language, submission.layouts), "field")

    page.across(form.word("notes_form", language), "heading")
    page.line([form.word("concept", language), *words], "head")
    names = {code.code: code.name.of(language) for code in form.codelists["sims_concepts"].codes}
    for note in form.notes:
        if note.concept:
            name = names.get(note.concept, "")
            page.note(f"{note.concept} {name}".strip(), note, submission)

    page.across(form.word("notes_tables", language), "heading")
    for table in form.tables.values():
        about = [note for note in form.notes if note.table == table.id]
        if about:
            page.across(
                f"{form.word('table', language)} {table.number}. {table.short_title.of(language)}",
                "subheading",
            )
        for note in about:
            page.note(form.word(note.aspect or "note", language), note, submission)

    sheet.sheet_view.showGridLines = False
    set_up(sheet, paper, submission)
    break_pages(sheet, paper, first_row=1, rows=page.heights, ends=page.ends, top=0.0, head=0.0)
