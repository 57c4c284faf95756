"""A4: how a sheet is laid on paper, so that nothing is cut and no page holds a lone row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum
from typing import Final

from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

LEAST_ON_LAST_PAGE: Final = 8
"""Rows that the last page of a table holds at least."""

_A4: Final = (595.3, 841.9)
_SIDE, _TOP, _BOTTOM, _EDGE = 0.4, 0.6, 0.7, 0.3
_CHARACTER: Final = 5.6
"""Points to a unit of column width on paper: LibreOffice prints columns wider than Excel (5.25)."""
_SAFETY: Final = 0.97
"""The part of a page's height that we fill: printers differ by a few points."""


@dataclass(frozen=True)
class A4:
    """A4 upright or across."""

    landscape: bool = False

    @property
    def width(self) -> float:
        """Room between the margins, in characters of column width."""
        return (_A4[int(self.landscape)] - 2 * _SIDE * 72) / _CHARACTER

    @property
    def height(self) -> float:
        """Room between the margins, in points."""
        return (_A4[int(not self.landscape)] - (_TOP + _BOTTOM) * 72) * _SAFETY


@dataclass(frozen=True)
class Footer:
    """What stands at the foot of every page: texts, then `page` with &P for the page and &N for their number.

    `mark` stands at the head of every page, in bold.
    """

    texts: tuple[str, ...]
    page: str
    mark: str = ""

    def written(self, *, counted: bool) -> str:
        """Return the footer as a spreadsheet takes it; a sheet that is not counted has no number of the page."""
        page = [self.page] if counted else []
        return " · ".join([*(text.replace("&", "&&") for text in self.texts), *page])


def set_up(
    sheet: Worksheet,
    paper: A4,
    footer: Footer,
    *,
    one_page: bool = False,
    counted: bool = True,
    full_size: bool = False,
) -> None:
    """Set paper, margins and footer; one page wide, and one page high where that is asked for.

    A sheet that is not `counted` is none of the form's pages. One in `full_size` takes as many pages across as it
    needs.
    """
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape" if paper.landscape else "portrait"
    sheet.page_margins = PageMargins(left=_SIDE, right=_SIDE, top=_TOP, bottom=_BOTTOM, header=_EDGE, footer=_EDGE)
    sheet.print_options.horizontalCentered = True
    sheet.sheet_properties.pageSetUpPr.fitToPage = not full_size
    if not full_size:
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, int(one_page)
    sheet.oddFooter.center.text = footer.written(counted=counted)
    sheet.oddFooter.center.size = 8
    if footer.mark:
        sheet.oddHeader.left.text = f"&B{footer.mark.replace('&', '&&')}"
        sheet.oddHeader.left.size = 11


def head_pages(sheet: Worksheet, text: str) -> None:
    """Print `text` at the top right of every page."""
    sheet.oddHeader.right.text = text.replace("&", "&&")
    sheet.oddHeader.right.size = 8


def break_pages(
    sheet: Worksheet,
    paper: A4,
    *,
    first_row: int,
    rows: Sequence[float],
    ends: Sequence[bool],
    top: float,
    head: float,
) -> None:
    """Put page breaks between the rows from `first_row` on when they do not fit on one page.

    `rows` are their heights and `ends` tells after which of them a page may end; `top` is the height above them on the
    first page, `head` the height repeated on further pages. All in points. A sheet fitted to the width stays so, as
    programs and fonts measure columns differently: should a program that fits take no notice of a break, a page ends
    elsewhere, which is better than a column alone on a page.
    """
    for last in page_ends(rows, ends, paper.height / scale_of(sheet), top, head):
        sheet.row_breaks.append(Break(id=first_row + last))


def break_panels(sheet: Worksheet, paper: A4, last_columns: Sequence[int], widest: float) -> None:
    """Put page breaks after the columns at which a panel ends; `widest` is the widest panel with its stub."""
    percent = min(100, int(100 * paper.width / widest))
    if len(last_columns) > 1:
        use_scale(sheet, percent)
    sheet.page_setup.scale = percent
    for column in last_columns[:-1]:
        sheet.col_breaks.append(Break(id=column))


def scale_of(sheet: Worksheet) -> float:
    """Return the scale at which the sheet is printed, 1 for full size."""
    return (sheet.page_setup.scale or 100) / 100


def page_ends(rows: Sequence[float], ends: Sequence[bool], room: float, top: float, head: float) -> list[int]:
    """Return the places in `rows` of the last row of each page but the last.

    >>> page_ends([10.0] * 7, [True] * 7, room=60, top=0, head=0)
    [3]
    """
    pages: list[int] = []
    start, filled = 0, top
    for place, height in enumerate(rows):
        if filled + height > room and place > start:
            last = _good_end(ends, start, place - 1)
            pages.append(last)
            start, filled = last + 1, head + fsum(rows[last + 1 : place])
        filled += height
    least = LEAST_ON_LAST_PAGE
    while head + fsum(rows[-least:]) > room and least > 1:
        least -= 1  # rows so high that fewer fill a page
    before = pages[-2] + 1 if len(pages) > 1 else 0
    if least < LEAST_ON_LAST_PAGE:
        least = min(least, (len(rows) - before) // 2)  # few rows are shared by the last two pages
    if pages and len(rows) - 1 - pages[-1] < least:
        place = _good_end(ends, before, len(rows) - 1 - least)
        pages[-1] = place if head + fsum(rows[place + 1 :]) <= room else len(rows) - 1 - least
    return pages


def _good_end(ends: Sequence[bool], start: int, place: int) -> int:
    """Return the last place up to `place` after which a page may end, or `place` when there is none."""
    return next((at for at in range(place, start, -1) if ends[at]), place)


def use_scale(sheet: Worksheet, percent: int) -> None:
    """Print by scale and no longer by "fit to page", in which breaks between columns count for nothing."""
    sheet.page_setup.scale = percent
    sheet.sheet_properties.pageSetUpPr.fitToPage = False
    sheet.page_setup.fitToWidth = sheet.page_setup.fitToHeight = None
