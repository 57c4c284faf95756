"""The error workbook for people: causes, summary, every finding, and the rules; messages first, codes last."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from typing import Final

from openpyxl import Workbook

from form1.check.report.workbook_causes import SEVERITY_COLUMN, list_causes
from form1.check.report.workbook_lists import (
    OUTCOME_IN_RULES,
    SEVERITY_IN_FINDINGS,
    SEVERITY_IN_SUMMARY,
    Account,
    list_findings,
    list_rules,
    summarise,
)
from form1.core.findings import Severity
from form1.core.literal import plain
from form1.core.values import EXCEL_FORMAT
from form1.model.forms import Received
from form1.render.workbook.package import pack
from form1.render.workbook.printing import Footer
from form1.render.workbook.writer import SheetWriter

__all__ = ["draw"]

_LONGEST_FOOTER: Final = 60
"""Characters of a file's name at the foot of a page."""


def draw(received: Received) -> bytes:
    """Return the error workbook (.xlsx) of a received form, in its language.

    No finding is left out, no text is a formula, and the same form gives the same bytes.
    """
    workbook = Workbook()
    _describe(workbook, received)
    writer = SheetWriter(workbook, EXCEL_FORMAT.format(zero=received.form.signs()["zero"]), _footer(received))
    account = Account.of(received)
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
        listing.draw(workbook.create_sheet(account.word(title)), writer, (column, words))
    return pack(workbook, {})


def _footer(received: Received) -> Footer:
    form, name = received.form, received.file.name
    short = name if len(name) <= _LONGEST_FOOTER else name[:_LONGEST_FOOTER] + "…"
    texts = (form.identity.code, str(received.period), *([short] if short.isprintable() else []))
    return Footer(texts, form.word("page_of", received.language).format(page="&P", pages="&N"))


def _describe(workbook: Workbook, received: Received) -> None:
    """Fill the document's properties; its times are those of the period, never of the clock."""
    form, language, about = received.form, received.language, workbook.properties
    about.title = f"{form.word('report', language)}: {plain(received.file.name)}"
    about.subject = f"{form.identity.title.of(language)}, {form.identity.code}, {received.period}"
    about.language = language
    about.creator = "form1"
    about.created = about.modified = datetime.combine(received.period.last_day, time())
