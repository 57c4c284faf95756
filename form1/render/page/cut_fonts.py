"""The letters of the pictures, for a page that is read where our fonts are not installed."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from form1.render.page.engine import font

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
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    options = Options(hinting=False, layout_features=["kern"], notdef_outline=True, name_IDs=[])
    with TTFont(io.BytesIO(font(face)), recalcTimestamp=False, lazy=True) as opened:
        subsetter = Subsetter(options)
        subsetter.populate(text=letters)
        subsetter.subset(opened)
        written = io.BytesIO()
        opened.save(written)
    return base64.b64encode(written.getvalue()).decode()
