"""The cell styles of the workbook, by role: what a cell is decides how it looks.

They are registered once as named styles: far quicker than styling cell by cell, and whoever receives the workbook
can change the look of a role in one place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils.indexed_list import IndexedList

from form1.core.values import EXCEL_FORMAT

FAMILY: Final = "Arial"
"""On machines without it Liberation Sans stands in, which has the same widths."""
LEVELS: Final = 6
"""Levels of indentation for which there is a style."""

_HEADING: Final = 15
"""Excel counts its own styles for headings from here (ECMA-376, 18.8.7)."""
_SHADE: Final = "F2F2F2"
_THIN: Final = Side(style="thin", color="000000")


@dataclass(frozen=True)
class Look:
    """How a role looks: sizes in points; `edges` names the sides with a thin border ("all" for every side)."""

    size: float = 9
    bold: bool = False
    italic: bool = False
    underline: bool = False
    across: str = "left"
    down: str = "center"
    indent: int = 0
    edges: str = ""
    shaded: bool = False
    format: str = "General"
    wrap: bool = True
    tint: str = ""
    locked: bool = True
    """False for what a person fills in a protected sheet."""
    heading: int = 0
    """The level of a heading, 1 for the title of a sheet: screen readers find headings by Excel's own styles."""


_FIXED: Final = {
    "form": Look(size=16, bold=True, across="center", heading=1),
    "subject": Look(size=12, bold=True, across="center"),
    "period": Look(size=12, bold=True, across="center", edges="bottom"),
    "approval": Look(down="top"),
    "approval head": Look(bold=True),
    "box label": Look(size=8, across="center", edges="all", shaded=True),
    "box": Look(size=12, bold=True, across="center", edges="all"),
    "notice": Look(size=8, italic=True, across="center", edges="all", shaded=True),
    "remark": Look(size=8, across="center"),
    "remark left": Look(size=8),
    "sheet title": Look(size=12, bold=True, heading=1),
    "heading": Look(size=11, bold=True, heading=2),
    "subheading": Look(bold=True, edges="all", shaded=True, heading=3),
    "field label": Look(bold=True, edges="all", down="top"),
    "field": Look(edges="all", down="top"),
    "field centre": Look(edges="all", down="top", across="center"),
    "link number": Look(edges="all", across="center"),
    "link": Look(edges="all", underline=True, wrap=False),
    "note link": Look(size=8, underline=True, down="bottom", wrap=False),
    "back link": Look(bold=True, underline=True, edges="all", down="top", wrap=False),
    "sign label": Look(bold=True, down="bottom"),
    "sign line": Look(down="bottom", across="center", edges="bottom"),
    "hint": Look(size=8, across="center", down="top"),
    "form line": Look(size=8, down="top"),
    "basis": Look(size=8, across="right", down="top"),
    "title": Look(size=11, bold=True, across="center", heading=1),
    "unit": Look(size=8, italic=True, across="right", down="bottom"),
    "unit left": Look(size=8, italic=True, down="bottom"),
    "head": Look(size=8, across="center", edges="all"),
    "head narrow": Look(size=8, across="center", edges="all"),
    "number": Look(size=8, across="center", edges="all", shaded=True),
    "no count": Look(size=8, across="center", edges="all"),
    "statement": Look(down="top"),
    "moved": Look(across="right", edges="all", format="+#\\ ##0;−#\\ ##0;0", wrap=False),
    "share": Look(across="right", edges="all", format="0.0", wrap=False),
    "share change": Look(across="right", edges="all", format="+0.0;−0.0;0.0", wrap=False),
    "difference": Look(across="right", edges="all", format="+0;−0;0", wrap=False),
    "data head": Look(bold=True, wrap=False),
    "tidy title": Look(size=12, bold=True, wrap=False, heading=1),
    "tidy line": Look(size=10, wrap=False),
    "tidy link": Look(size=10, underline=True, wrap=False),
    "tidy head": Look(size=10, bold=True, down="bottom", edges="bottom"),
    "tidy count head": Look(size=10, bold=True, across="right", down="bottom", edges="bottom"),
    "tidy text": Look(size=10, down="top"),
    "tidy note": Look(size=10, down="top", indent=1),
    "tidy code": Look(size=10, down="top", format="@"),
}


def looks(count_format: str) -> dict[str, Look]:
    """Return every role with its look; `count_format` is the number format of counts."""
    roles = dict(_FIXED)
    # Zero is a figure here, and no sign.
    roles["tidy count"] = Look(size=10, across="right", down="top", wrap=False, format=EXCEL_FORMAT.format(zero="0"))
    for kind in ("total", "group", "member"):
        bold, shaded = kind != "member", kind == "group"
        for level in range(LEVELS):
            roles[f"{kind} label {level}"] = Look(bold=bold, shaded=shaded, edges="all", indent=level)
        roles[f"{kind} code"] = Look(size=8, across="center", bold=bold, shaded=shaded, edges="all", format="@")
        roles[f"{kind} count"] = Look(
            across="right", bold=bold, shaded=shaded, edges="all", format=count_format, wrap=False
        )
    return roles


def register(workbook: Workbook, roles: dict[str, Look]) -> dict[str, StyleArray]:
    """Make Arial the font of the workbook and register a named style for each role; return the style of each.

    Headings look as their role says and are known as Excel's own "Heading 1", which carries the number of its kind.
    """
    ordinary = Font(name=FAMILY, size=10, family=2)
    workbook._fonts = IndexedList(
        [ordinary]
    )  # the first font is that of cells without a style and measures the columns
    workbook._named_styles["Normal"].font = ordinary
    for role, look in roles.items():
        workbook.add_named_style(_named_style(f"form1 {role}", look))
    styles = {role: StyleArray(workbook._named_styles[f"form1 {role}"].as_tuple()) for role in roles}
    for level in sorted({look.heading for look in roles.values()} - {0}):
        named = _named_style(f"Heading {level}", Look(size=13 - level, bold=True))
        named.builtinId = _HEADING + level
        workbook.add_named_style(named)
        for role, look in roles.items():
            if look.heading == level:
                styles[role].xfId = named.as_tuple().xfId
    return styles


def _named_style(name: str, look: Look) -> NamedStyle:
    sides = ("left", "right", "top", "bottom") if look.edges == "all" else look.edges.split()
    return NamedStyle(
        name=name,
        font=Font(
            name=FAMILY,
            size=look.size,
            family=2,
            bold=look.bold,
            italic=look.italic,
            underline="single" if look.underline else None,
        ),
        fill=PatternFill("solid", fgColor=look.tint or _SHADE) if look.tint or look.shaded else PatternFill(),
        border=Border(**dict.fromkeys(sides, _THIN)),
        alignment=Alignment(horizontal=look.across, vertical=look.down, indent=look.indent, wrap_text=look.wrap),
        number_format=look.format,
        protection=Protection(locked=look.locked),
    )
