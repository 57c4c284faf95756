"""The form as a workbook that a person fills by hand: official sheets, open cells, live sums, checks, instructions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time

from openpyxl import Workbook
from openpyxl.workbook.protection import WorkbookProtection

from form1.core.cells import Address, Cell
from form1.core.periods import Period
from form1.core.texts import Language
from form1.core.values import EXCEL_FORMAT
from form1.definition.fillable import fillable_tables
from form1.definition.form import Form
from form1.definition.wording import period_in_words
from form1.model.forms import FilledForm
from form1.render.fillin.cover import draw_cover, draw_mark
from form1.render.fillin.equations import draw_equations
from form1.render.fillin.table import Places, looks, make_fillable
from form1.render.workbook.package import pack
from form1.render.workbook.printing import Footer
from form1.render.workbook.tables import draw_table
from form1.render.workbook.writer import SheetWriter
from form1.views.tables import TableView

__all__ = ["draw"]

_ROOM = Cell(99_999)
"""The number for which every cell has room."""


def draw(form: Form, period: Period, language: Language, signatories: Mapping[str, str]) -> bytes:
    """Return a blank form (.xlsx) for a period: the same bytes for the same definition, period and language."""
    layouts = fillable_tables(form, period)
    room: dict[Address, Cell] = {
        Address(table, row.code, column.code): _ROOM
        for table, layout in layouts.items()
        for row in layout.rows
        for column in layout.columns
    }
    blank = FilledForm(
        form=form, period=period, language=language, cells=room, layouts=layouts, signatories=signatories
    )
    workbook = Workbook()
    _describe(workbook, blank)
    workbook.security = WorkbookProtection(lockStructure=True)
    count_format = EXCEL_FORMAT.format(zero=form.signs()["zero"])
    pages = form.word("page_of", language).format(page="&P", pages="&N")
    footer = Footer((form.identity.code, period_in_words(period, language)), pages)
    writer = SheetWriter(workbook, count_format, footer, looks(count_format))
    titles = {table: str(layout.table.number) for table, layout in layouts.items()}
    titles |= {"cover": form.word("cover_sheet", language), "checks": form.word("fillin_checks_sheet", language)}
    cover = workbook.active
    cover.title = titles["cover"]
    codes: dict[str, str] = {}
    places: dict[str, Places] = {}
    for table, layout in layouts.items():
        sheet = workbook.create_sheet(titles[table])
        codes[sheet.title] = draw_table(sheet, writer, TableView(blank, layout))
        places[table] = make_fillable(sheet, writer, blank, layout)
    draw_equations(workbook.create_sheet(titles["checks"]), writer, blank, places)
    answers = draw_mark(workbook, blank)
    draw_cover(cover, writer, blank, titles, answers)
    for sheet in workbook.worksheets:
        _protect(sheet)
    workbook.calculation.fullCalcOnLoad = True
    return pack(workbook, {title: cells for title, cells in codes.items() if cells})


def _protect(sheet: object) -> None:
    """Lock what is not open, without a password: a hand that slips changes nothing, a maintainer can still mend it."""
    protection = sheet.protection  # type: ignore[attr-defined]
    protection.sheet = True
    # What stays allowed: setting widths and heights, and filtering.
    protection.formatColumns = protection.formatRows = protection.autoFilter = False


def _describe(workbook: Workbook, blank: FilledForm) -> None:
    form, language = blank.form, blank.language
    about = workbook.properties
    about.title = f"{form.identity.title.of(language)}, {form.identity.code}, {blank.period}"
    about.subject = form.word("fillin_title", language)
    about.language = language
    about.creator = next((field.text.of(language) for field in form.identity.header if field.id == "respondent"), "")
    about.created = about.modified = datetime.combine(blank.period.last_day, time())
