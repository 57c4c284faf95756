"""The shapes that show notes: without one in the sheet's legacy drawing, no program shows a note.

The drawing is VML, which is often no well-formed XML (an open <br> in a text box): it is edited as text, at its end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Final

from form1.xlsx.edit.letters import Spot
from form1.xlsx.edit.sheet import Worksheet

_SPACES: Final = {
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "x": "urn:schemas-microsoft-com:office:excel",
}
_KIND: Final = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202"{declared} path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SHAPE: Final = (
    '<v:shape id="_x0000_s{id}" type="#_x0000_t202"{declared} style="position:absolute;margin-left:60pt;margin-top:2pt;'
    'width:{width}pt;height:{height}pt;z-index:{order};visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
    '<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
_ROOT = re.compile(r"<(?![?!])[^<>]*>")
_SHAPE_ID = re.compile(r"_x0000_s([0-9]{1,9})\b")
_CLIENT_DATA = re.compile(r"<(\w{1,20}:)ClientData\b[^<>]*>")
_ROW, _COLUMN = (re.compile(rf":{name}>\s*([0-9]{{1,7}})\s*<") for name in ("Row", "Column"))
_ANCHOR = re.compile(r"<\w{1,20}:Anchor>[^<]*</\w{1,20}:Anchor>")
_BLOCK: Final = 1024
"""Numbers of shapes come in blocks of this size, which the drawing declares."""

_WIDTH: Final = 300
_LETTERS_PER_LINE: Final = 46
_LINE_HEIGHT: Final = 15
_TALLEST: Final = 420
_FARTHEST: Final = 500
"""Rows or columns that a note may reach over."""
_LAST_ROW: Final = 1_048_576
_LAST_COLUMN: Final = 16_384


_A_SHAPE: Final = re.compile(r"<(?P<p>(?:[A-Za-z]+:)?)shape[\s>](?:(?!</(?P=p)shape>).)*</(?P=p)shape>", re.DOTALL)


def empty_drawing() -> bytes:
    """Return a drawing without shapes."""
    spaces = "".join(f' xmlns:{prefix}="{space}"' for prefix, space in _SPACES.items())
    layout = '<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout>'
    return f"<xml{spaces}>{layout}{_KIND.format(declared='')}</xml>".encode()


def add_shapes(drawing: bytes, worksheet: Worksheet, texts: Mapping[Spot, str]) -> bytes:
    """Return the drawing with a hidden note at each cell, large enough for its text."""
    text = _decode(drawing)
    end = text.rfind("</")
    if end < 0 or not texts:
        return drawing
    root = _ROOT.search(text)
    known = root[0] if root else ""
    missing = {p: s for p, s in _SPACES.items() if f'xmlns:{p}="{s}"' not in known and f"xmlns:{p}='{s}'" not in known}
    declared = "".join(f' xmlns:{prefix}="{space}"' for prefix, space in missing.items())
    last = max([_BLOCK, *(int(found) for found in _SHAPE_ID.findall(text))])
    shapes = [] if "_x0000_t202" in text else [_KIND.format(declared=declared)]
    for order, (spot, words) in enumerate(sorted(texts.items()), start=1):
        width, height = _size(words)
        shapes.append(
            _SHAPE.format(
                id=last + order,
                declared=declared,
                width=width * 3 // 4,
                height=height * 3 // 4,
                order=order,
                anchor=_anchor(worksheet, spot, words),
                row=spot[0] - 1,
                column=spot[1] - 1,
            )
        )
    blocks = ",".join(str(block) for block in range(1, (last + len(texts)) // _BLOCK + 1))
    start = text[:end].replace('<o:idmap v:ext="edit" data="1"/>', f'<o:idmap v:ext="edit" data="{blocks}"/>', 1)
    return _encode(drawing, start + "".join(shapes) + text[end:])


def enlarge_shapes(drawing: bytes, worksheet: Worksheet, texts: Mapping[Spot, str]) -> bytes:
    """Return the drawing with the notes at those cells made large enough for their longer texts."""
    if not texts:
        return drawing

    text, pieces, at = _decode(drawing), [], 0
    while (start := _CLIENT_DATA.search(text, at)) and (end := text.find(f"</{start[1]}ClientData", start.end())) >= 0:
        data = text[start.end() : end]
        row, column = _ROW.search(data), _COLUMN.search(data)
        spot = (int(row[1]) + 1, int(column[1]) + 1) if row and column else (0, 0)
        if spot in texts:
            anchor = f"<{start[1]}Anchor>{_anchor(worksheet, spot, texts[spot])}</{start[1]}Anchor>"
            data = anchor + _ANCHOR.sub("", data)
        pieces += [text[at : start.end()], data]
        at = end
    return _encode(drawing, "".join(pieces) + text[at:])


def remove_shapes(drawing: bytes, spots: Collection[Spot]) -> bytes:
    """Return the drawing without the shapes of the notes at those cells."""

    def kept(shape: re.Match[str]) -> str:
        row, column = _ROW.search(shape[0]), _COLUMN.search(shape[0])
        is_theirs = not row or not column or (int(row[1]) + 1, int(column[1]) + 1) not in spots
        return shape[0] if is_theirs else ""

    return _encode(drawing, _A_SHAPE.sub(kept, _decode(drawing)))


def _anchor(worksheet: Worksheet, spot: Spot, text: str) -> str:
    """Return where the note stands: column, pixels into it, row, pixels into it, of its two corners."""
    width, height = _size(text)
    left, top = min(spot[1] + 1, _LAST_COLUMN), max(spot[0] - 1, 1)
    right, across = _walk(left, 12 + width, _LAST_COLUMN, worksheet.column_width)
    bottom, down = _walk(top, 6 + height, _LAST_ROW, worksheet.row_height)
    return f"{left - 1}, 12, {top - 1}, 6, {right - 1}, {across}, {bottom - 1}, {down}"


def _walk(start: int, pixels: int, last: int, size: Callable[[int], int]) -> tuple[int, int]:
    """Return the column or row that lies so many pixels from the start of `start`, and how far into it."""
    last = min(last, start + _FARTHEST)  # a sheet may hide every row there is
    at = start
    while at < last and pixels > (here := size(at)):
        pixels -= here
        at += 1
    return at, min(pixels, size(at))


def _size(text: str) -> tuple[int, int]:
    """Return width and height in pixels for a text."""
    lines = sum(1 + len(line) // _LETTERS_PER_LINE for line in text.split("\n"))
    height = 12 + lines * _LINE_HEIGHT
    return (_WIDTH, height) if height <= _TALLEST else (2 * _WIDTH, min(12 + lines * _LINE_HEIGHT * 6 // 10, _TALLEST))


def _decode(drawing: bytes) -> str:
    # Any byte is a letter of latin-1, and what is put in is plain ASCII: nothing else can change.
    return drawing.decode("utf-16" if drawing[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1")


def _encode(drawing: bytes, text: str) -> bytes:
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if drawing[:2] == mark:
            return mark + text.encode(encoding)
    return text.encode("latin-1")
