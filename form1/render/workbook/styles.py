"""The cell styles of the workbook, by role: what a cell is decides how it looks.

They are registered once as named styles: far quicker than styling cell by cell, and whoever receives the workbook
can change the look of a role in one place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.utils.indexed_list import IndexedList

FAMILY: Final = "Arial"
"""On machines without it Liberation Sans stands in, which has the same widths."""
LEVELS: Final = 6
"""Levels of indentation for which there is a style."""

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


_FIXED: Final = {
    "form": Look(size=16, bold=True, across="center"),
    "subject": Look(size=12, bold=True, across="center"),
    "period": Look(size=12, bold=True, across="center", edges="bottom"),
    "approval": Look(down="top"),
    "approval head": Look(bold=True),
    "box label": Look(size=8, across="center", edges="all", shaded=True),
    "box": Look(size=12, bold=True, across="center", edges="all"),
    "notice": Look(size=8, italic=True, across="center", edges="all", shaded=True),
    "remark": Look(size=8, across="center"),
    "remark left": Look(size=8),
    "heading": Look(size=11, bold=True),
    "subheading": Look(bold=True, edges="all", shaded=True),
    "field label": Look(bold=True, edges="all", down="top"),
    "field": Look(edges="all", down="top"),
    "field centre": Look(edges="all", down="top", across="center"),
    "link number": Look(edges="all", across="center"),
    "link": Look(edges="all", underline=True, wrap=False),
    "note link": Look(size=8, underline=True, down="bottom", wrap=False),
    "back link": Look(bold=True, underline=True, edges="all", down="top", wrap=False),
    "sign label": Look(bold=True, down="bottom"),
    "sign line": Look(down="bottom", across="center", edges="bottom"),
    "hint": Look(size=7, across="center", down="top"),
    "form line": Look(size=8, down="top"),
    "basis": Look(size=8, across="right", down="top"),
    "title": Look(size=11, bold=True, across="center"),
    "unit": Look(size=8, italic=True, across="right", down="bottom"),
    "unit left": Look(size=8, italic=True, down="bottom"),
    "head": Look(size=8, across="center", edges="all"),
    "head narrow": Look(size=7, across="center", edges="all"),
    "number": Look(size=7, across="center", edges="all", shaded=True),
    "no count": Look(size=8, across="center", edges="all"),
    "statement": Look(down="top"),
    "moved": Look(across="right", edges="all", format="+#\\ ##0;−#\\ ##0;0", wrap=False),
    "share": Look(across="right", edges="all", format="0.0", wrap=False),
    "share change": Look(across="right", edges="all", format="+0.0;−0.0;0.0", wrap=False),
    "difference": Look(across="right", edges="all", format="+0;−0;0", wrap=False),
    "data head": Look(bold=True, wrap=False),
}


def looks(count_format: str) -> dict[str, Look]:
    """Return every role with its look; `count_format` is the number format of counts."""
    roles = dict(_FIXED)
    for kind in ("total", "group", "member"):
        bold, shaded = kind != "member", kind == "group"
        for level in range(LEVELS):
            roles[f"{kind} label {level}"] = Look(bold=bold, shaded=shaded, edges="all", indent=level)
        roles[f"{kind} code"] = Look(size=8, across="center", bold=bold, shaded=shaded, edges="all", format="@")
        roles[f"{kind} count"] = Look(
            across="right", bold=bold, shaded=shaded, edges="all", format=count_format, wrap=False
        )
    return roles


def register(workbook: Workbook, roles: dict[str, Look]) -> None:
    """Make Arial the font of the workbook and register a named style for each role."""
    ordinary = Font(name=FAMILY, size=10, family=2)
    workbook._fonts = IndexedList(
        [ordinary]
    )  # the first font is that of cells without a style and measures the columns
    workbook._named_styles["Normal"].font = ordinary
    for role, look in roles.items():
        workbook.add_named_style(_named_style(role, look))


def _named_style(role: str, look: Look) -> NamedStyle:
    sides = ("left", "right", "top", "bottom") if look.edges == "all" else look.edges.split()
    return NamedStyle(
        name=f"form1 {role}",
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
