"""How much room text takes: spreadsheets do not fit the height of wrapped or merged rows that a program wrote."""

from __future__ import annotations

from typing import Final

CHARACTER: Final = 5.25
"""Points to a unit of column width: a digit of Arial 10 is 7 pixels of 96 to the inch."""
_PADDING: Final = 4.0
_INDENT: Final = 8.0
_SAFETY: Final = 1.02
"""Printers and programs set the same font a little wider or narrower."""

_EM_BY_LETTERS: Final = {
    "ijl'": 0.22,
    " !,./:;I[]\\ftıİ|\u00a0": 0.28,
    '()-`r{}·"г': 0.34,
    "к*зт^": 0.45,
    "Jcksvxyzçşсухэчьв": 0.51,
    "Гпян": 0.55,
    "+<=>~−КдлЗFTZТъУ": 0.6,
    "БЛЬ&ABEKPSVXYŞАВЕРХЧжЁДм": 0.67,
    "CDHNRUwÇÜИЙНПСЭЯыЦ": 0.72,
    "GOQĞÖОƏюФЪ": 0.78,
    "шфщMmМ": 0.83,
    "%ЫЖШWЩ": 0.92,
    "—…Ю@№": 1.03,
}
"""Advance widths of Arial in parts of the font size; letters that are missing here take that of a digit."""
_EM: Final = {letter: em for letters, em in _EM_BY_LETTERS.items() for letter in letters}


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the points that `text` takes on one line in Arial of `size` points, a little too many on purpose."""
    return sum(_EM.get(letter, 0.56) for letter in text) * size * (1.06 if bold else 1.0) * _SAFETY


def width_for(text: str, size: float, *, bold: bool = False) -> float:
    """Return the column width, in characters, that holds `text` on one line."""
    return (text_width(text, size, bold=bold) + _PADDING) / CHARACTER


def line_count(text: str, size: float, width: float, *, bold: bool = False, indent: int = 0) -> int:
    """Return the lines that `text` takes when it is wrapped at spaces in a column of `width` characters."""
    room = max(width * CHARACTER - _PADDING - indent * _INDENT, size)
    space = text_width(" ", size)
    lines, used = 1, 0.0
    for word in text.split():
        needed = text_width(word, size, bold=bold)
        if used and used + space + needed > room:
            lines, used = lines + 1, 0.0
        used += needed + (space if used else 0.0)
        while used > room:  # a word longer than the line is broken
            lines, used = lines + 1, used - room
    return lines


def height_of(text: str, size: float, width: float, *, bold: bool = False, indent: int = 0) -> float:
    """Return the row height in points for wrapped text, at most the 409 that a spreadsheet allows.

    >>> height_of("Cəmi", 9, 40) < height_of("Vətəndaşlığı olmayan şəxslər " * 3, 9, 40)
    True
    """
    return min(409.0, round(line_count(text, size, width, bold=bold, indent=indent) * size * 1.22 + 3.0, 1))
