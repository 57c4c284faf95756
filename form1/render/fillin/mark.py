"""The hidden sheet of a template: what it is, for which period and lists, and the answers of its drop-downs."""

from __future__ import annotations

from openpyxl import Workbook

from form1.definition.fillable import MARK, VERSION, lists_of
from form1.model.forms import FilledForm

ANSWERS = ("fillin_blanks_open", "fillin_blanks_zero")
"""What the cover can say about blank cells, the first until somebody chooses."""


def draw_mark(workbook: Workbook, blank: FilledForm) -> str:
    """Draw the hidden sheet; return the cells of the answers, as a drop-down names them."""
    sheet = workbook.create_sheet(MARK)
    sheet.sheet_state = "veryHidden"
    about = (
        (MARK, VERSION),
        ("form", blank.form.identity.code),
        ("period", str(blank.period)),
        ("language", blank.language),
        ("lists", lists_of(blank.layouts)),
    )
    for row, pair in enumerate(about, start=1):
        for column, text in enumerate(pair, start=1):
            cell = sheet.cell(row, column, text)
            cell.data_type = "s"
    for row, word in enumerate(ANSWERS, start=1):
        sheet.cell(row, 4, blank.form.word(word, blank.language))
    return f"'{MARK}'!$D$1:$D${len(ANSWERS)}"
