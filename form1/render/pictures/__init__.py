"""The figures of the summary as vector graphics, for the PDF and the page alike: the kind decides how one is drawn."""

from __future__ import annotations

from typing import Final

from form1.core.texts import Language
from form1.model.figures import Figure

HALF, FULL = 235.0, 496.0
"""Points: a column of the summary's page, and its whole width."""
_WIDTHS: Final = {"ranking": HALF, "pyramid": HALF, "quarters": FULL}


def svg(figure: Figure, language: Language) -> str:
    """Return a figure that has a picture as one SVG element, the same for the same figure."""
    from form1.render.pictures import bars, canvas, pyramid, quarters

    kinds = {"ranking": bars.draw, "pyramid": pyramid.draw, "quarters": quarters.draw}
    with canvas.style():
        return kinds[figure.kind](figure, language, _WIDTHS[figure.kind])
