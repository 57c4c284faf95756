"""The fonts of PDF and page: their files, the letters that they have, and the letters of the pictures alone.

PDF/UA forbids the box that is drawn in place of a letter, and a font of the machine would make another PDF on another
machine. So a text with such a letter is refused, before any page is laid out.
"""

from __future__ import annotations

import base64
import io
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from html import unescape
from importlib.resources import files
from typing import Final

from form1.core.errors import DefinitionError, MachineError

FONT_PACKAGE: Final = "font_source_sans_pro"
FONTS: Final = {
    "regular": "files/SourceSansPro-Regular.ttf",
    "semibold": "files/SourceSansPro-Semibold.ttf",
    "bold": "files/SourceSansPro-Bold.ttf",
}
"""The faces that print.css asks for as form1:/fonts/NAME. The italic has no Cyrillic and is not used."""

_LETTERS: Final = "ÇçƏəĞğİıÖöŞşÜü" + "".join(map(chr, range(ord("А"), ord("я") + 1))) + "Ёё№«»–—−…"
_NOT_DRAWN: Final = {"Zs", "Cc", "Cf"}
"""Categories of Unicode for blanks, line ends and marks without a shape."""
_SHOWN: Final = 60


def font(face: str) -> bytes:
    """Return the font file of a face of FONTS; MachineError without the package that brings it."""
    try:
        return files(FONT_PACKAGE).joinpath(FONTS[face]).read_bytes()
    except (ModuleNotFoundError, FileNotFoundError):
        name = FONTS[face].removeprefix("files/")
        raise MachineError(f"the font {name} is missing. pip install font-source-sans-pro brings it.") from None


def missing_letters() -> tuple[str, ...]:
    """Return the letters of Azerbaijani and Russian that a face of FONTS lacks."""
    return lacking(_LETTERS, map(font, FONTS))


def lacking(letters: Iterable[str], fonts: Iterable[bytes]) -> tuple[str, ...]:
    """Return those of the letters that one of the font files does not have, in their order in Unicode."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    wanted = {letter for letter in letters if unicodedata.category(letter) not in _NOT_DRAWN}
    lost: set[str] = set()
    for font in fonts:
        with TTFont(io.BytesIO(font), lazy=True) as opened:
            known = opened.getBestCmap()
        lost |= {letter for letter in wanted if ord(letter) not in known}
    return tuple(sorted(lost))


def require(html: str) -> None:
    """Refuse a page with a letter that the fonts lack; DefinitionError names the letter and the text it stands in."""
    page = unicodedata.normalize("NFC", unescape(html))
    if not (lost := lacking(set(page), map(font, FONTS))):
        return
    letter = lost[0]
    text = re.search(f'[^<>"]*{re.escape(letter)}[^<>"]*', page)
    where = " ".join(text.group().split())[:_SHOWN] if text else ""
    raise DefinitionError(
        f"the fonts of the PDF have no “{letter}” (U+{ord(letter):04X}), which stands in “{where}”. "
        "Write it in other letters where it comes from: form1.toml, revision.txt, the name of an export, or reference/."
    )


_FACES: Final = {"regular": 400, "semibold": 600}


def faces(pictures: Iterable[str]) -> str:
    """Return the style that gives the pictures their fonts, cut down to the letters in them.

    The places of all texts were measured with these fonts: with another, labels would run over their edges.
    """
    letters = "".join(sorted(set("".join(pictures))))
    if not letters:
        return ""
    rules = []
    for face, weight in _FACES.items():
        source = f'url("data:font/ttf;base64,{_cut(face, letters)}")'
        rules.append(f"@font-face {{ font-family: Form; font-weight: {weight}; src: {source}; }}\n")
    return "".join(rules)


@lru_cache(maxsize=8)
def _cut(face: str, letters: str) -> str:
    from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]
    from fontTools.ttLib import TTFont

    options = Options(hinting=False, layout_features=["kern"], notdef_outline=True, name_IDs=[])
    with TTFont(io.BytesIO(font(face)), recalcTimestamp=False, lazy=True) as opened:
        subsetter = Subsetter(options)
        subsetter.populate(text=letters)
        subsetter.subset(opened)
        written = io.BytesIO()
        opened.save(written)
    return base64.b64encode(written.getvalue()).decode()
