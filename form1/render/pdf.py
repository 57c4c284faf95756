"""The form as it is signed: cover, contents, tables, legend, classifications, notes and revisions, on A4."""

from __future__ import annotations

from collections.abc import Mapping

from form1.definition.wording import day_in_words, period_in_words
from form1.model.submission import Submission
from form1.render.attached import attached
from form1.render.page import engine, notes, revisions, summary, tables, templates


def draw(submission: Submission, files: Mapping[str, bytes] | None = None) -> bytes:
    """Return the PDF of a submission: PDF/A-3a and PDF/UA-1, and the same bytes for the same submission.

    `files` are the other files of the edition by name; those of `attached.TRAVELLING` travel inside. MachineError when
    this machine lacks Pango or the package with the fonts.
    """
    return engine.write(html(submission), attached(submission, files or {}))


def html(submission: Submission) -> str:
    """Return the page from which the PDF is made; it asks for nothing but `form1:/fonts/` (see `engine.fetcher`)."""
    form, period, language = submission.form, submission.period, submission.language
    before, _, rest = form.word("page_of", language).partition("{page}")
    between, _, after = rest.partition("{pages}")
    return templates.fill(
        "form.html.jinja",
        submission,
        style=templates.style("print.css"),
        period=period_in_words(period, language),
        # Dates of the file come from the period, so that the same form always has the same bytes.
        dated=period.last_day.isoformat(),
        deadline=day_in_words(form.deadline(period), language),
        page_words=(before, between, after),
        figures=summary.figure_views(submission),
        tables=tables.table_views(submission, noted=submission.marks),
        numbered_notes=notes.numbered_notes(submission),
        form_notes=notes.form_notes(submission),
        table_notes=notes.table_notes(submission),
        signs=notes.signs(submission),
        classifications=notes.classifications(submission),
        **revisions.values(submission),
    )
