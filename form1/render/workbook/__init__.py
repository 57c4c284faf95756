"""The edition as an Excel workbook: cover, summary, official sheets, notes, legend, revisions, tidy sheets, data."""

from __future__ import annotations

from datetime import datetime, time

from openpyxl import Workbook

from form1.core.values import EXCEL_FORMAT
from form1.definition.wording import period_in_words, tidy_sheet
from form1.model.forms import Edition
from form1.render.workbook.cover import draw_cover
from form1.render.workbook.notes import draw_legend, draw_notes
from form1.render.workbook.package import pack
from form1.render.workbook.printing import Footer
from form1.render.workbook.revisions import draw_revisions
from form1.render.workbook.summary import draw_summary
from form1.render.workbook.tables import draw_table
from form1.render.workbook.tidy import describe_tables, draw_data, draw_tidy
from form1.render.workbook.writer import SheetWriter
from form1.views import standing
from form1.views.tables import TableView

__all__ = ["draw"]


def draw(edition: Edition) -> bytes:
    """Return the workbook (.xlsx) of a edition, in its language: the same bytes for the same edition.

    The form sheets are named by the number of their table; every count is a value, never a formula.
    """
    form, language = edition.form, edition.language
    workbook = Workbook()
    _describe(workbook, edition)
    writer = SheetWriter(workbook, EXCEL_FORMAT.format(zero=form.signs()["zero"]), _footer(edition))
    cover = workbook.active
    cover.title = form.word("cover_sheet", language)
    titles = {table: str(layout.table.number) for table, layout in edition.layouts.items()}
    there = {"summary": edition.summary, "revisions": edition.revisions}
    others = [name for name in ("summary", "notes", "legend", "revisions", "data") if there.get(name, True)]
    titles |= {name: form.word(f"{name}_sheet", language) for name in others}

    tidy = {f"tidy {table}": tidy_sheet(form, layout.table, language) for table, layout in edition.layouts.items()}
    data = titles.pop("data")
    titles |= {**tidy, "data": data}

    # The summary is read first, whatever the order of the contents.
    sheets = {name: workbook.create_sheet(titles[name]) for name in sorted(titles, key=lambda name: name != "summary")}

    draw_cover(cover, writer, edition, titles)
    notes_at = draw_notes(sheets["notes"], writer, edition, titles)
    codes: dict[str, str] = {}
    told: list[str] = []
    if edition.summary:
        told = draw_summary(sheets["summary"], writer, edition)
    for table, layout in edition.layouts.items():
        view = TableView(edition, layout, edition.marks)
        codes[titles[table]] = draw_table(sheets[table], writer, view, notes_at)
    draw_legend(sheets["legend"], writer, edition)
    if edition.revisions:
        codes[titles["revisions"]] = draw_revisions(sheets["revisions"], writer, edition)
    for table, layout in edition.layouts.items():
        title = titles[f"tidy {table}"]
        codes[title] = draw_tidy(
            sheets[f"tidy {table}"], writer, TableView(edition, layout, edition.marks), titles | {"cover": cover.title}
        )
    codes[titles["data"]] = draw_data(sheets["data"], writer, edition)
    described = describe_tables(edition)
    return pack(workbook, {title: cells for title, cells in codes.items() if cells}, told, described)


def _footer(edition: Edition) -> Footer:
    form, language = edition.form, edition.language
    texts = [form.identity.code, period_in_words(edition.period, language), standing.standing(edition)]
    if edition.is_invented:
        texts.append(form.word("invented_data", language))
    # Beside the form stand tidy sheets, which spreadsheets would count as pages of it: no number of pages.
    return Footer(tuple(texts), f"{form.word('page', language)} &P", standing.mark(edition))


def _tables(edition: Edition) -> list[str]:
    return [layout.table.short_title.of(edition.language) for layout in edition.layouts.values()]


def _describe(workbook: Workbook, edition: Edition) -> None:
    """Fill the document's properties; its times are those of the period, never of the clock."""
    form, language = edition.form, edition.language
    about = workbook.properties
    about.title = f"{form.identity.title.of(language)}, {form.identity.code}, {edition.period}"
    about.subject = form.identity.subtitle.of(language)
    about.language = language
    about.keywords = ", ".join((form.identity.code, str(edition.period), *_tables(edition)))
    about.category = form.word("official_report", language)
    about.creator = next((field.text.of(language) for field in form.identity.header if field.id == "respondent"), "")
    about.created = about.modified = datetime.combine(edition.period.last_day, time())
