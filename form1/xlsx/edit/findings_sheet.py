"""The sheet of findings that is added to the sender's workbook: texts only, with links to the cells."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final

from form1.core.errors import SourceError
from form1.xlsx.edit.letters import index, plain
from form1.xlsx.edit.package import Package
from form1.xlsx.edit.styles import TAB_COLOUR, Styles
from form1.xlsx.edit.xml import DECLARATION, MAIN, MAIN_STRICT, Part, escape
from form1.xlsx.read.raw import column_letters

_SHEET_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")
_LONGEST_NAME: Final = 31
_RESERVED: Final = "history"
_MOST_LINKS: Final = 65_530
"""Links of one sheet; a spreadsheet repairs a file with more."""
_NARROWEST, _WIDEST = 8, 72
_TALLEST: Final = 409
"""Points of the tallest row that a spreadsheet has."""
_MEANT_AS_FORMULA: Final = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One row of the sheet of findings."""

    values: tuple[str, ...]
    link: tuple[str, str] | None = None
    """Sheet and cell (`D17`) to which the row leads."""
    severity: str | None = None
    """The colour of the row, which is its own and not that of the gravest thing at the cell."""


@dataclass(frozen=True, slots=True)
class FindingsSheet:
    """The sheet to be added: its name, its heads and its rows."""

    title: str
    header: tuple[str, ...]
    rows: Sequence[FindingRow]
    link_column: int = 0
    """The column, counted from 0, that carries the links and the colours."""
    about: tuple[tuple[str, str], ...] = ()
    """What stands above the heads: a name and what it says, line by line."""
    titles: tuple[str, ...] = ()
    """The names that such a sheet may have from an earlier check."""


def add_findings(package: Package, styles: Styles, sheet: FindingsSheet) -> None:
    """Add the sheet before the first one; each row has the colour of its own severity, where it leads to its cell."""
    book = package.part(package.workbook)
    listed = book.child(book.root, "sheets")
    if listed is None:
        raise SourceError(f"{plain(package.workbook)}: no sheets")
    known = [each.attributes for each in book.children(listed)]
    names = [values.get("name", "") for values in known]
    content = _content(package, styles, sheet, names)
    part = package.create(
        posixpath.join(posixpath.dirname(package.workbook), "worksheets/sheet{}.xml"), content.encode(), _SHEET_TYPE
    )
    number = 1 + max((index(values.get("sheetId")) for values in known), default=0)
    space = package.relation_space
    declared = f' xmlns:r="{space}"' if listed.scope.get("r") != space else ""
    relation = package.relate(package.workbook, "worksheet", part)
    name = escape(sheet_name(sheet.title, names))
    entry = f'<{listed.prefix}sheet{declared} name="{name}" sheetId="{number}" r:id="{relation}"/>'
    if known:
        book.insert(listed.inside, entry)
        renumber(book, lambda at: at + 1)
    else:
        book.append(listed, entry)


def renumber(book: Part, moved: Callable[[int], int | None]) -> None:
    """Bring the numbers of sheets in a workbook's part up to date; a name local to a sheet that is gone goes too."""
    for element in book.children(book.root):
        for each in book.children(element) if element.name in {"definedNames", "bookViews"} else ():
            for name in ("localSheetId", "activeTab", "firstSheet"):
                if name not in each.attributes and not (name == "activeTab" and each.name == "workbookView"):
                    continue
                to = moved(index(each.attributes.get(name, "0")))
                if to is not None:
                    book.set_attribute(each, name, str(to))
                elif name == "localSheetId":
                    book.replace(each.start, each.end, "")
                else:
                    book.set_attribute(each, name, "0")


def sheet_name(title: str, taken: Collection[str]) -> str:
    """Return a name that a sheet may have and none has yet.

    >>> sheet_name("Findings: 3/4", ["findings_ 3_4"])
    'Findings_ 3_4 (2)'
    """
    used = {name.casefold() for name in taken} | {_RESERVED}
    clean = _NOT_IN_A_NAME.sub("_", plain(title)).strip().strip("'")[:_LONGEST_NAME] or "form1"
    name, number = clean.strip("'"), 1
    while name.casefold() in used:
        number += 1
        ending = f" ({number})"
        name = clean[: _LONGEST_NAME - len(ending)] + ending
    return name


def _content(package: Package, styles: Styles, sheet: FindingsSheet, names: Collection[str]) -> str:
    head = styles.for_text(head=True)
    widths = _widths(sheet)
    plain_text = styles.for_text()
    top = len(sheet.about) + 1
    rows = [
        _row(number, [(name, head), (text, plain_text)], widths, styles.line_height)
        for number, (name, text) in enumerate(sheet.about, start=1)
    ]
    rows.append(_row(top, [(text, head) for text in sheet.header], widths, styles.line_height))
    links: list[str] = []
    for number, row in enumerate(sheet.rows, start=top + 1):
        linked = row.link is not None and row.link[0] in names and len(links) < _MOST_LINKS
        cells = []
        for place, text in enumerate(row.values):
            is_link = linked and place == sheet.link_column
            severity = row.severity if place == sheet.link_column else None
            quoted = text.startswith(_MEANT_AS_FORMULA)
            cells.append((text, styles.for_text(link=is_link, quoted=quoted, severity=severity)))
            if is_link and row.link:
                links.append(_link(f"{column_letters(place + 1)}{number}", row.link))
        rows.append(_row(number, cells, widths, styles.line_height))
    last = f"{column_letters(max(len(sheet.header), 1))}{len(sheet.rows) + top}"
    space = MAIN_STRICT if package.strict else MAIN
    return (
        f'{DECLARATION}<worksheet xmlns="{space}"><sheetPr><tabColor rgb="{TAB_COLOUR}"/><pageSetUpPr fitToPage="1"/>'
        f'</sheetPr><dimension ref="A1:{last}"/><sheetViews><sheetView showGridLines="1" workbookViewId="0">'
        f'<pane ySplit="{top}" topLeftCell="A{top + 1}" activePane="bottomLeft" state="frozen"/>'
        f'<selection pane="bottomLeft" activeCell="A{top + 1}" sqref="A{top + 1}"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{_columns(widths)}</cols>'
        f'<sheetData>{"".join(rows)}</sheetData><autoFilter ref="A{top}:{last}"/>'
        f"{_links(links)}"
        '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
        "<headerFooter><oddFooter>&amp;L&amp;A&amp;R&amp;P / &amp;N</oddFooter></headerFooter>"
        f'<ignoredErrors><ignoredError sqref="A1:{last}" numberStoredAsText="1"/></ignoredErrors></worksheet>'
    )


def _row(number: int, cells: Sequence[tuple[str, int]], widths: Sequence[int], line_height: float) -> str:
    written = "".join(
        f'<c r="{column_letters(column)}{number}" s="{style}" t="inlineStr">'
        f'<is><t xml:space="preserve">{escape(text)}</t></is></c>'
        for column, (text, style) in enumerate(cells, start=1)
    )
    # Not every program fits rows to wrapped text when it opens a file. Words wrap early, so a line holds fewer letters.
    lines = [
        sum(1 + len(line) // (width - 3) for line in text.split("\n"))
        for (text, _), width in zip(cells, widths, strict=False)
    ]
    height = min(line_height * max(lines, default=1), _TALLEST)
    return f'<row r="{number}" ht="{height:g}" customHeight="1">{written}</row>'


def _link(at: str, to: tuple[str, str]) -> str:
    sheet, cell = to
    location = "'" + sheet.replace("'", "''") + f"'!{cell}"
    return f'<hyperlink ref="{at}" location="{escape(location)}"/>'


def _links(links: Sequence[str]) -> str:
    return f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else ""


def _widths(sheet: FindingsSheet) -> list[int]:
    """Return the columns' widths in letters: the longest line, within bounds; longer texts wrap."""
    texts = [sheet.header, *sheet.about, *(row.values for row in sheet.rows)]
    widths = []
    for place in range(max(1, *map(len, texts))):
        lines = [line for row in texts if place < len(row) for line in row[place].split("\n")]
        longest = max(map(len, lines), default=0)
        widths.append(min(max(longest + 4, _NARROWEST), _WIDEST))
    return widths


def _columns(widths: Sequence[int]) -> str:
    return "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(widths, start=1)
    )
