"""Letters that the fonts of the PDF do not have.

PDF/UA forbids the box that is drawn in place of a letter, and a font of the machine would make another PDF on another
machine. So such a text is refused, before any page is laid out.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable
from html import unescape
from typing import Final

from form1.core.errors import DefinitionError

_NOT_DRAWN: Final = {"Zs", "Cc", "Cf"}
"""Categories of Unicode for blanks, line ends and marks without a shape."""
_SHOWN: Final = 60


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


def require(html: str, fonts: Iterable[bytes]) -> None:
    """Refuse a page with a letter that the fonts lack; DefinitionError names the letter and the text it stands in."""
    page = unicodedata.normalize("NFC", unescape(html))
    if not (lost := lacking(set(page), fonts)):
        return
    letter = lost[0]
    text = re.search(f'[^<>"]*{re.escape(letter)}[^<>"]*', page)
    where = " ".join(text.group().split())[:_SHOWN] if text else ""
    raise DefinitionError(
        f"the fonts of the PDF have no “{letter}” (U+{ord(letter):04X}), which stands in “{where}”. "
        "Write it in other letters where it comes from: form1.toml, revision.txt, the name of an export, or reference/."
    )
