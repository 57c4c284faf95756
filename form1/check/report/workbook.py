"""The error workbook for people: causes, summary, every finding, and the rules; messages first, codes last."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time

from openpyxl import Workbook

from form1.check.report.findings import as_submission
from form1.check.report.workbook_account import Account
from form1.check.report.workbook_causes import SEVERITY_COLUMN, list_causes
from form1.check.report.workbook_lists import (
    OUTCOME_IN_RULES,
    SEVERITY_IN_FINDINGS,
    SEVERITY_IN_SUMMARY,
    list_findings,
    list_rules,
    summarise,
)
from form1.core.findings import Severity
from form1.core.texts import plain
from form1.core.values import EXCEL_FORMAT
from form1.model.judgement import Judgement
from form1.render.workbook.ink import Ink
from form1.render.workbook.package import pack

__all__ = ["draw"]


def draw(judgement: Judgement) -> bytes:
    """Return the error workbook (.xlsx) of a received form, in the language of the judgement.

    No finding is left out, no text is a formula, and the same judgement gives the same bytes.
    """
    workbook, submission = Workbook(), as_submission(judgement)
    _describe(workbook, judgement)
    ink = Ink(workbook, EXCEL_FORMAT.format(zero=judgement.form.signs()["zero"]))
    account = Account.of(judgement)
    rules, notes = list_rules(account, account.word("rules"))
    account = replace(account, notes=notes)
    severities = [account.word(severity) for severity in Severity]
    outcomes = [account.word(outcome) for outcome in ("fail", "not_evaluated", "pass")]
    listings = [
        ("causes", list_causes(account), SEVERITY_COLUMN, severities),
        ("summary_sheet", summarise(account), SEVERITY_IN_SUMMARY, severities),
        ("findings", list_findings(account), SEVERITY_IN_FINDINGS, severities),
        ("rules", rules, OUTCOME_IN_RULES, outcomes),
    ]
    workbook.remove(workbook.active)
    for title, listing, column, words in listings:
        listing.draw(workbook.create_sheet(account.word(title)), ink, submission, (column, words))
    return pack(workbook, {})


def _describe(workbook: Workbook, judgement: Judgement) -> None:
    """Fill the document's properties; its times are those of the period, never of the clock."""
    form, language, about = judgement.form, judgement.language, workbook.properties
    about.title = f"{form.word('report', language)}: {plain(judgement.file.name)}"
    about.subject = f"{form.identity.title.of(language)}, {form.identity.code}, {judgement.period}"
    about.language = language
    about.creator = "form1"
    about.created = about.modified = datetime.combine(judgement.period.last_day, time())
