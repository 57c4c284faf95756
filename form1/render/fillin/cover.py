"""The cover of a fill-in form (which form and period, how to fill it, who signs) and the hidden sheet that marks it."""

from __future__ import annotations

from collections.abc import Mapping

from openpyxl import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from form1.definition.fillable import MARK, VERSION, lists_of
from form1.definition.wording import day_in_words, period_in_words
from form1.model.forms import FilledForm
from form1.render.workbook.cover import LABEL_END, LAST, TEXT, Cover, draw_head, draw_signatures
from form1.render.workbook.printing import A4, set_up
from form1.render.workbook.writer import SheetWriter, link_to
from form1.xlsx.read.raw import column_letters

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


_STEPS = "fillin_step_"
"""How the words begin that tell a person what to do, one after the other."""


def draw_cover(
    sheet: Worksheet, writer: SheetWriter, blank: FilledForm, sheets: Mapping[str, str], answers: str
) -> None:
    """Draw the cover; `sheets` gives the title of the sheet of each table, `answers` the cells of the drop-down."""
    form, language = blank.form, blank.language
    paper = A4()
    cover = Cover(sheet, writer, paper)
    fields = {field.id: field for field in form.identity.header}
    draw_head(cover, blank, fields)
    cover.line((form.word("official_report", language), "remark", 1, LAST))
    cover.line((form.identity.title.of(language), "form", 1, LAST), room=4)
    cover.line((form.identity.subtitle.of(language), "subject", 1, LAST), room=4)
    cover.line((period_in_words(blank.period, language), "period", LABEL_END, LAST - 1), room=4)
    cover.line((form.word("fillin_title", language), "remark", 1, LAST), room=2)
    notice = f"{form.word('unofficial', language)}. {form.identity.layout_notice.of(language)}"
    cover.line((notice, "notice", 1, LAST), room=3)
    cover.gap(7)
    for id in ("respondent", "receiver"):
        if id in fields:
            cover.field(fields[id].label.of(language), fields[id].text.of(language))
    cover.field(form.word("due_on", language), day_in_words(form.deadline(blank.period), language))
    cover.gap(5)
    _draw_steps(cover, blank)
    cover.gap(5)
    _draw_answer(cover, blank, answers)
    cover.gap(5)
    _draw_contents(cover, blank, sheets)
    cover.gap(5)
    draw_signatures(cover, blank, "sign open")
    sheet.sheet_view.showGridLines = False
    sheet.print_area = f"A1:{column_letters(LAST)}{cover.row - 1}"
    set_up(sheet, paper, writer.footer, one_page=True)


def _draw_steps(cover: Cover, blank: FilledForm) -> None:
    form, language = blank.form, blank.language
    cover.line((form.word("fillin_how", language), "heading", 1, LAST), room=2)
    steps = sorted(word for word in form.words if word.startswith(_STEPS))
    for number, word in enumerate(steps, start=1):
        text = form.word(word, language).format(period=blank.period, **form.signs())
        cover.line((str(number), "link number", 1, 1), (text, "field", 2, LAST), room=1)


def _draw_answer(cover: Cover, blank: FilledForm, answers: str) -> None:
    form, language = blank.form, blank.language
    row = cover.row
    label, chosen = form.word("fillin_blanks", language), form.word(ANSWERS[0], language)
    cover.line((label, "field label", 1, LABEL_END), (chosen, "answer", TEXT, LAST), room=4)
    choice = DataValidation(
        type="list",
        formula1=answers,
        allow_blank=False,
        showErrorMessage=True,
        errorStyle="stop",
        errorTitle=form.word("fillin_refused_title", language),
        error=form.word("fillin_choose", language),
        showInputMessage=True,
        promptTitle=form.word("fillin_prompt_title", language),
        prompt=form.word("fillin_choose", language),
    )
    choice.add(f"{column_letters(TEXT)}{row}")
    cover.sheet.add_data_validation(choice)


def _draw_contents(cover: Cover, blank: FilledForm, sheets: Mapping[str, str]) -> None:
    form, language = blank.form, blank.language
    cover.line((form.word("contents", language), "heading", 1, LAST), room=2)
    entries = [
        (str(layout.table.number), layout.table.short_title.of(language), sheets[table])
        for table, layout in blank.layouts.items()
    ]
    for number, title, target in [*entries, ("", form.word("fillin_checks", language), sheets["checks"])]:
        row = cover.row
        cover.line((number, "link number", 1, 1), (title, "link", 2, LAST), room=1)
        link_to(cover.sheet.cell(row, 2), target)
