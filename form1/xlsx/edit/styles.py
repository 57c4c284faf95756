"""The styles of a received workbook, with ours added behind its own: no index that a cell uses changes its meaning."""

from __future__ import annotations

import re
from typing import Final

from form1.xlsx.edit.letters import index
from form1.xlsx.edit.xml import DECLARATION, Element, Part, with_attributes

MINIMAL: Final = DECLARATION + '<styleSheet xmlns="{space}"></styleSheet>'
"""The styles part of a workbook that came without one."""

_ORDER: Final = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles")
_ITEM: Final = {"fonts": "font", "fills": "fill", "borders": "border", "cellStyleXfs": "xf", "cellXfs": "xf"}
_OWN_XF: Final = '<{p}xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
_INITIAL: Final = {
    "fonts": ('<{p}font><{p}sz val="11"/><{p}name val="Calibri"/></{p}font>',),
    # The first two fills are fixed by the format, whatever stands there.
    "fills": (
        '<{p}fill><{p}patternFill patternType="none"/></{p}fill>',
        '<{p}fill><{p}patternFill patternType="gray125"/></{p}fill>',
    ),
    "borders": ("<{p}border><{p}left/><{p}right/><{p}top/><{p}bottom/><{p}diagonal/></{p}border>",),
    "cellStyleXfs": (_OWN_XF,),
    "cellXfs": ('<{p}xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',),
}
_FILL: Final = (
    '<{p}fill><{p}patternFill patternType="solid"><{p}fgColor rgb="{rgb}"/><{p}bgColor indexed="64"/>'
    "</{p}patternFill></{p}fill>"
)
_PALE: Final = {
    "error": "FFFF9C9C",
    "warning": "FFFFE08A",
    "information": "FFB8D8F5",
}
_DEEP: Final = {
    "error": "FFC00000",
    "warning": "FF8A5A00",
    "information": "FF1F4E9A",
}
"""Fills under a light font, which a pale fill would make unreadable."""
_RULE: Final = (
    '<{p}border><{p}left/><{p}right/><{p}top/><{p}bottom style="thin"><{p}color rgb="FFD0D4D9"/></{p}bottom>'
    "<{p}diagonal/></{p}border>"
)
TAB_COLOUR: Final = "FFC00000"
"""Of the sheet of findings."""
_HEAD_FILL: Final = "FFE7E9EC"
_LINK_COLOUR: Final = "FF0B4F9E"
_LIGHT: Final = 150
"""Brightness, of 255, from which a font needs a deep fill."""
_LIGHT_THEME_COLOURS: Final = ("0", "2")


class Styles:
    """Adds cell formats to the styles part; `finish` writes them, once, when all are known."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self._prefix = part.root.prefix
        self._lists = {e.name: e for e in part.children(part.root) if e.space == part.root.space and e.name in _ITEM}
        self._items = {name: self._read(name) for name in _ITEM}
        self._own = {name: len(items) if name in self._lists else 0 for name, items in self._items.items()}
        self._marked: dict[tuple[int, str], int] = {}
        for name, initial in _INITIAL.items():
            self._items[name] += [xml.format(p=self._prefix) for xml in initial[len(self._items[name]) :]]

    @property
    def line_height(self) -> float:
        """Points that a line of the workbook's first font needs."""
        font = Part("font", self._items["fonts"][0].encode())
        sizes = [each.attributes.get("val", "") for each in font.children(font.root) if each.name == "sz"]
        points = float(sizes[0]) if sizes and re.fullmatch(r"[0-9]{1,3}(\.[0-9]+)?", sizes[0]) else 11
        return round(points * 1.36, 1)

    def marked(self, style: int, severity: str) -> int:
        """Return the format that is `style` with the fill of `severity`: number format, font and borders stay."""
        if (style, severity) not in self._marked:
            formats = max(self._own["cellXfs"], 1)
            xf = self._items["cellXfs"][style if 0 <= style < formats else 0]
            colour = (_DEEP if self._is_light(xf) else _PALE)[severity]
            clone = with_attributes(xf, {"fillId": str(self._fill(colour)), "applyFill": "1"})
            self._marked[style, severity] = self._add("cellXfs", clone)
        return self._marked[style, severity]

    def unmarked(self, style: int) -> int:
        """Return the format that is `style` without a fill of ours; a style that has none stays itself."""
        formats = self._items["cellXfs"]
        if not 0 <= style < self._own["cellXfs"]:
            return style
        fills, number = self._items["fills"], index(Part("xf", formats[style].encode()).root.attributes.get("fillId"))
        fill = fills[number].upper() if 0 <= number < len(fills) else ""
        if not any(colour[2:] in fill for colour in (*_PALE.values(), *_DEEP.values())):
            return style
        return self._add("cellXfs", with_attributes(formats[style], {"fillId": "0", "applyFill": "1"}))

    def for_text(
        self, *, head: bool = False, link: bool = False, quoted: bool = False, severity: str | None = None
    ) -> int:
        """Return a format for a text of the sheet of findings; `quoted` keeps it a text when a person edits it."""
        p = self._prefix
        font = self._font(head, link) if head or link else 0
        colour = _HEAD_FILL if head else _PALE[severity] if severity else ""
        fill = self._fill(colour) if colour else 0
        rule = self._add("borders", _RULE.format(p=p))
        quote = ' quotePrefix="1"' if quoted else ""
        return self._add(
            "cellXfs",
            f'<{p}xf numFmtId="49" fontId="{font}" fillId="{fill}" borderId="{rule}" xfId="0"{quote}'
            ' applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">'
            f'<{p}alignment vertical="top" wrapText="1"/></{p}xf>',
        )

    def finish(self) -> None:
        """Write what was added into the part."""
        for name, items in self._items.items():
            added = "".join(items[self._own[name] :])
            element = self._lists.get(name)
            if element is None:
                at = self.part.place(self.part.root, _ORDER, name)
                tag = self._prefix + name
                self.part.insert(at, f'<{tag} count="{len(items)}">{"".join(items)}</{tag}>')
            elif added:
                self.part.append(element, added)
                if "count" in element.attributes:
                    self.part.set_attribute(element, "count", str(len(items)))

    def _read(self, name: str) -> list[str]:
        element = self._lists.get(name)
        if element is None:
            return []
        return [self.part.raw(each) for each in self._children(element, _ITEM[name])]

    def _children(self, element: Element, name: str) -> list[Element]:
        return [each for each in self.part.children(element) if each.name == name and each.space == element.space]

    def _add(self, name: str, xml: str) -> int:
        items = self._items[name]
        if xml in items[self._own[name] :]:
            return items.index(xml, self._own[name])
        items.append(xml)
        return len(items) - 1

    def _fill(self, rgb: str) -> int:
        return self._add("fills", _FILL.format(p=self._prefix, rgb=rgb))

    def _font(self, bold: bool, link: bool) -> int:
        """Return the workbook's first font, made bold or the font of a link."""
        p = self._prefix
        base = Part("font", self._items["fonts"][0].encode())
        parts = {each.name: base.raw(each) for each in base.children(base.root)}
        pieces = [f"<{p}b/>" if bold else "", f"<{p}u/>" if link else "", parts.get("sz", "")]
        pieces += [f'<{p}color rgb="{_LINK_COLOUR}"/>' if link else parts.get("color", "")]
        pieces += [parts.get(name, "") for name in ("name", "family", "charset", "scheme")]
        return self._add("fonts", f"<{p}font>{''.join(pieces)}</{p}font>")

    def _is_light(self, xf: str) -> bool:
        number = Part("xf", xf.encode()).root.attributes.get("fontId", "0")
        fonts = self._items["fonts"]
        at = index(number, len(fonts))
        if at >= len(fonts):
            return False
        font = Part("font", fonts[at].encode())
        colour = next((each.attributes for each in font.children(font.root) if each.name == "color"), {})
        rgb = colour.get("rgb", "")[-6:]
        if "theme" in colour:
            return colour["theme"] in _LIGHT_THEME_COLOURS
        try:
            red, green, blue = bytes.fromhex(rgb)
        except ValueError:
            return False
        return 0.299 * red + 0.587 * green + 0.114 * blue >= _LIGHT
