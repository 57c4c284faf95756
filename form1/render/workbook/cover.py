"""The cover: what form this is, for which period, who sends it to whom, what it holds, and who signs it."""

from __future__ import annotations

from math import fsum
from typing import Final

from openpyxl.worksheet.worksheet import Worksheet

from form1.definition.records import HeaderField
from form1.definition.wording import day_in_words, period_in_words
from form1.model.forms import Edition, FilledForm
from form1.render.workbook.printing import A4, set_up
from form1.render.workbook.writer import SheetWriter, link_to
from form1.views import standing
from form1.xlsx.read.raw import column_letters

_SHARES: Final = (0.07, 0.23, 0.2, 0.2, 0.08, 0.22)
"""Widths of the grid: number, label, two of text, a gap, the signature."""
LABEL_END, TEXT, _TEXT_END, _SIGN, LAST = 2, 3, 4, 6, 6
"""Columns of the grid at which its parts begin or end."""


class Cover:
    """The grid of the cover, filled from the top; columns count from 1."""

    def __init__(self, sheet: Worksheet, writer: SheetWriter, paper: A4) -> None:
        self.sheet, self.writer = sheet, writer
        self.widths = [paper.width * share for share in _SHARES]
        self.row = 1
        for column, width in enumerate(self.widths, start=1):
            sheet.column_dimensions[column_letters(column)].width = round(width, 2)

    def line(self, *parts: tuple[str, str, int, int], room: float = 0.0) -> None:
        """Write texts side by side, each with its role, first and last column; `room` is added to the height."""
        height = 0.0
        for text, role, first, last in parts:
            self.writer.put(self.sheet, text, role, self.row, first, to_column=last)
            height = max(height, self.writer.height(text, role, fsum(self.widths[first - 1 : last])))
        self.sheet.row_dimensions[self.row].height = height + room
        self.row += 1

    def field(self, label: str, text: str) -> None:
        """Write a line of the table of fields."""
        self.line((label, "field label", 1, LABEL_END), (text, "field", TEXT, LAST), room=1)

    def gap(self, points: float) -> None:
        """Leave a row of the given height empty."""
        self.sheet.row_dimensions[self.row].height = points
        self.row += 1


def draw_cover(sheet: Worksheet, writer: SheetWriter, edition: Edition, sheets: dict[str, str]) -> None:
    """Draw the cover; `sheets` gives the title of the sheet of each table and of each other part."""
    form, language = edition.form, edition.language
    paper = A4()
    cover = Cover(sheet, writer, paper)
    fields = {field.id: field for field in form.identity.header}
    draw_head(cover, edition, fields)
    cover.line((form.word("official_report", language), "remark", 1, LAST))
    cover.line((form.identity.title.of(language), "form", 1, LAST), room=4)
    cover.line((form.identity.subtitle.of(language), "subject", 1, LAST), room=4)
    cover.line((period_in_words(edition.period, language), "period", LABEL_END, LAST - 1), room=4)
    cover.line((standing.standing(edition), "remark", 1, LAST), room=2)
    if told := standing.notice(edition):
        cover.line((f"{standing.mark(edition)}. {told}", "notice", 1, LAST), room=3)
    notice = f"{form.word('unofficial', language)}. {form.identity.layout_notice.of(language)}"
    cover.line((notice, "notice", 1, LAST), room=3)
    if edition.is_invented:
        cover.line(
            (f"{form.word('invented_data', language)}. {form.word('invented_form', language)}", "notice", 1, LAST),
            room=3,
        )
    cover.gap(9)
    for field in form.identity.header:
        if field.id not in {"approved", "code"}:
            cover.field(field.label.of(language), field.text.of(language))
        if field.id == "deadline":
            cover.field(form.word("due_on", language), day_in_words(form.deadline(edition.period), language))
    cover.gap(6)
    _draw_contents(cover, edition, sheets)
    cover.gap(6)
    draw_signatures(cover, edition)
    cover.line((form.word("confidentiality", language), "remark", 1, LAST), room=8)
    sheet.sheet_view.showGridLines = False
    sheet.print_area = f"A1:{column_letters(LAST)}{cover.row - 1}"
    set_up(sheet, paper, writer.footer, one_page=True)


def draw_head(cover: Cover, filled: FilledForm, fields: dict[str, HeaderField]) -> None:
    """Draw the form's code at the top left and the approval at the top right."""
    language, code = filled.language, filled.form.identity.code
    approval, code_field = fields.get("approved"), fields.get("code")
    code_label = code_field.label.of(language) if code_field else filled.form.word("code", language)
    head = [(code_label, "box label", 1, LABEL_END)]
    below = [(code, "box", 1, LABEL_END)]
    if approval:
        head.append((approval.label.of(language), "approval head", _TEXT_END, LAST))
        below.append((approval.text.of(language), "approval", _TEXT_END, LAST))
    cover.line(*head, room=2)
    cover.line(*below, room=4)
    cover.gap(16)


def _draw_contents(cover: Cover, edition: Edition, sheets: dict[str, str]) -> None:
    """Draw a line with a link for each sheet: short titles, because LibreOffice does not wrap a cell with a link."""
    form, language = edition.form, edition.language
    cover.line((form.word("contents", language), "heading", 1, LAST), room=2)
    entries = [("", form.word("summary", language), sheets["summary"], "")] if "summary" in sheets else []
    entries += [
        (
            str(layout.table.number),
            layout.table.short_title.of(language),
            sheets[table],
            sheets.get(f"tidy {table}", ""),
        )
        for table, layout in edition.layouts.items()
    ]
    parts = [("notes", "notes"), ("legend", "legend"), ("revisions", "revisions"), ("data", "data_heading")]
    entries += [("", form.word(word, language), sheets[part], "") for part, word in parts if part in sheets]
    for number, title, target, tidy in entries:
        row = cover.row
        beside = [(tidy, "link", LAST, LAST)] if tidy else []
        cover.line((number, "link number", 1, 1), (title, "link", 2, LAST - len(beside)), *beside, room=1)
        link_to(cover.sheet.cell(row, 2), target)
        if tidy:
            link_to(cover.sheet.cell(row, LAST), tidy)


def draw_signatures(cover: Cover, filled: FilledForm, role: str = "sign line") -> None:
    """Draw a line for each field of the signature block: filled from the configuration, or left to the pen."""
    form, language = filled.form, filled.language
    for field in form.identity.signature:
        name = filled.signatories.get(field.from_configuration, "")
        parts = [
            (field.label.of(language), "sign label", 1, LABEL_END),
            (name, role, TEXT, _TEXT_END),
        ]
        if not field.signed:
            cover.line(*parts, room=6)
            continue
        cover.line(*parts, ("", "sign line", _SIGN, _SIGN), room=9)
        cover.line(
            (form.word("full_name", language), "hint", TEXT, _TEXT_END),
            (form.word("signature", language), "hint", _SIGN, _SIGN),
        )
