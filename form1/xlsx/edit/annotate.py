"""The sender's own workbook back, with the faulty cells marked and a sheet of findings, and nothing else changed.

Libraries that load a workbook and save it again lose data bars, sparklines, stored values and whatever they do not
know. Here the parts of the package are edited: a marked cell gets a copy of its own format with another fill, a note
says what is wrong, a sheet before the first one lists the findings, and what an earlier check marked is taken off.
Every other part keeps its bytes, its compression, its date and its place in the package.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from form1.core.errors import SourceError
from form1.xlsx.edit.earlier_marks import without_earlier_marks
from form1.xlsx.edit.findings_sheet import FindingRow, FindingsSheet, add_findings
from form1.xlsx.edit.letters import Spot, plain, spot
from form1.xlsx.edit.notes import write_notes
from form1.xlsx.edit.package import Package
from form1.xlsx.edit.sheet import Worksheet
from form1.xlsx.edit.styles import MINIMAL, Styles
from form1.xlsx.edit.xml import MAIN, MAIN_STRICT

__all__ = ["FindingRow", "FindingsSheet", "Mark", "annotate"]

_STYLES_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_WEIGHT: Final = ("error", "warning", "information")


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing to say at a cell."""

    sheet: str
    """Name of the sheet, as the workbook spells it."""
    cell: str
    """Address such as `D17`."""
    severity: str
    """A `Severity` or its word."""
    text: str
    """What the note says; line ends are kept."""


def annotate(workbook: bytes, marks: Sequence[Mark], findings_sheet: FindingsSheet, author: str = "form1") -> bytes:
    """Return the workbook with the cells of `marks` filled by severity and noted, and the sheet of findings added.

    Several marks at one cell become one note in the order given, under the colour of the gravest; a note that the
    sender has there goes on with ours. A cell within a merged range is marked at the range's first cell. The same
    arguments give the same bytes.

    `workbook` is an .xlsx package that has passed the gate. Raises SourceError when its parts do not hang together,
    ValueError for a mark at a sheet that the workbook does not have or at an address that no sheet has.
    """
    package = Package(workbook)
    if known := _known_styles(package):  # our own marks need styles
        titles = (*findings_sheet.titles, findings_sheet.title)
        package = Package(without_earlier_marks(workbook, known, _sheets(package), author, titles))
    sheets = _sheets(package)
    styles = Styles(package.part(_styles_part(package)))
    for name, marked in _by_sheet(marks).items():
        if name not in sheets:
            raise ValueError(f"no worksheet {plain(name)!r} to mark")
        worksheet = Worksheet(package.part(sheets[name]))
        visible = worksheet.visible({spot(mark.cell) for mark in marked})
        at: dict[Spot, list[Mark]] = {}
        for mark in marked:
            at.setdefault(visible[spot(mark.cell)], []).append(mark)
        worksheet.mark({where: _gravest(here) for where, here in at.items()}, styles)
        write_notes(package, worksheet, {where: _joined(here) for where, here in at.items()}, author)
    add_findings(package, styles, findings_sheet)
    styles.finish()
    return package.pack()


def _sheets(package: Package) -> dict[str, str]:
    """Return the parts of the worksheets by the names of the sheets."""
    book = package.part(package.workbook)
    targets = {each.id: each.target for each in package.relations(package.workbook) if each.kind == "worksheet"}
    listed = book.child(book.root, "sheets")
    if listed is None:
        raise SourceError(f"{plain(package.workbook)}: no sheets")
    found = {each.attributes.get("name", ""): targets.get(each.relation, "") for each in book.children(listed)}
    return {name: target for name, target in found.items() if target}


def _known_styles(package: Package) -> str:
    """Return the part of the styles, or an empty text."""
    targets = (each.target for each in package.relations(package.workbook) if each.kind == "styles" and each.target)
    return next(targets, "")


def _styles_part(package: Package) -> str:
    if known := _known_styles(package):
        return known
    folder = package.workbook.rpartition("/")[0]
    minimal = MINIMAL.format(space=MAIN_STRICT if package.strict else MAIN)
    # openpyxl looks for this very name and not for what the relationship says.
    name = package.create(f"{folder}/styles{{}}.xml".lstrip("/"), minimal.encode(), _STYLES_TYPE, first="")
    package.relate(package.workbook, "styles", name)
    return name


def _by_sheet(marks: Sequence[Mark]) -> Mapping[str, list[Mark]]:
    found: dict[str, list[Mark]] = {}
    for mark in marks:
        found.setdefault(mark.sheet, []).append(mark)
    return found


def _gravest(marks: Sequence[Mark]) -> str:
    return min((mark.severity for mark in marks), key=_WEIGHT.index)


def _joined(marks: Sequence[Mark]) -> str:
    """Return the texts of the marks at one cell, each once."""
    return "\n\n".join(dict.fromkeys(mark.text for mark in marks))
