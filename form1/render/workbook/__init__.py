"""The submission as an Excel workbook: cover, summary, official sheets, notes, legend, revisions, tidy sheets, data."""

from __future__ import annotations

from datetime import datetime, time

from openpyxl import Workbook

from form1.core.values import EXCEL_FORMAT
from form1.definition.wording import tidy_sheet
from form1.model.submission import Submission
from form1.render.workbook.cover import draw_cover
from form1.render.workbook.data import draw_data
from form1.render.workbook.ink import Ink
from form1.render.workbook.legend import draw_legend
from form1.render.workbook.noted import NotedIn
from form1.render.workbook.notes import draw_notes
from form1.render.workbook.package import pack
from form1.render.workbook.revisions import draw_revisions
from form1.render.workbook.summary import draw_summary
from form1.render.workbook.tables import draw_table
from form1.render.workbook.tidy import describe_tables, draw_tidy

__all__ = ["draw"]


def draw(submission: Submission) -> bytes:
    """Return the workbook (.xlsx) of a submission, in its language: the same bytes for the same submission.

    The form sheets are named by the number of their table; every count is a value, never a formula.
    """
    form, language = submission.form, submission.language
    workbook = Workbook()
    _describe(workbook, submission)
    ink = Ink(workbook, EXCEL_FORMAT.format(zero=form.signs()["zero"]))
    cover = workbook.active
    cover.title = form.word("cover_sheet", language)
    titles = {table: str(layout.table.number) for table, layout in submission.layouts.items()}
    there = {"summary": submission.summary, "revisions": submission.revisions}
    others = [name for name in ("summary", "notes", "legend", "revisions", "data") if there.get(name, True)]
    titles |= {name: form.word(f"{name}_sheet", language) for name in others}

    tidy = {f"tidy {table}": tidy_sheet(form, layout.table, language) for table, layout in submission.layouts.items()}
    data = titles.pop("data")
    titles |= {**tidy, "data": data}

    # The summary is read first, whatever the order of the contents.
    sheets = {name: workbook.create_sheet(titles[name]) for name in sorted(titles, key=lambda name: name != "summary")}

    draw_cover(cover, ink, submission, titles)
    noted_at = draw_notes(sheets["notes"], ink, submission, titles)
    codes: dict[str, str] = {}
    told: list[str] = []
    if submission.summary:
        told = draw_summary(sheets["summary"], ink, submission)
    for table, layout in submission.layouts.items():
        own = NotedIn(submission, table, submission.marks, noted_at)
        codes[titles[table]] = draw_table(sheets[table], ink, submission, layout, own)
    draw_legend(sheets["legend"], ink, submission)
    if submission.revisions:
        codes[titles["revisions"]] = draw_revisions(sheets["revisions"], ink, submission)
    for table, layout in submission.layouts.items():
        title = titles[f"tidy {table}"]
        codes[title] = draw_tidy(sheets[f"tidy {table}"], ink, submission, layout, titles | {"cover": cover.title})
    codes[titles["data"]] = draw_data(sheets["data"], ink, submission)
    described = describe_tables(submission)
    return pack(workbook, {title: cells for title, cells in codes.items() if cells}, told, described)


def _tables(submission: Submission) -> list[str]:
    return [layout.table.short_title.of(submission.language) for layout in submission.layouts.values()]


def _describe(workbook: Workbook, submission: Submission) -> None:
    """Fill the document's properties; its times are those of the period, never of the clock."""
    form, language = submission.form, submission.language
    about = workbook.properties
    about.title = f"{form.identity.title.of(language)}, {form.identity.code}, {submission.period}"
    about.subject = form.identity.subtitle.of(language)
    about.language = language
    about.keywords = ", ".join((form.identity.code, str(submission.period), *_tables(submission)))
    about.category = form.word("official_report", language)
    about.creator = next((field.text.of(language) for field in form.identity.header if field.id == "respondent"), "")
    about.created = about.modified = datetime.combine(submission.period.last_day, time())
