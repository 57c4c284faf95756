"""The drawing library: matplotlib with our fonts only, without a trace of the machine, and its SVG made plain.

It is imported when a figure is drawn and not before. It reads no font and no setting of the machine, keeps nothing on
disk and asks for no home folder; two drawings of the same figure are the same bytes.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, Final
from xml.etree import ElementTree

from form1.render.page.fonts import FONT_PACKAGE, FONTS, font

FAMILY: Final = "Form"
"""The family that print.css and screen.css give to our fonts."""
INK: Final = "#111111"
MAIN: Final = "#1f4e79"
"""What a figure speaks of: dark on paper, in any print."""
PALE: Final = "#c3cfdb"
"""What it is compared with: light, with an outline."""
LINE: Final = "#5c6b7a"
SIZE: Final = 8.0
"""Type size in points; nothing is smaller."""

_FACES: Final = {"regular": 400, "semibold": 600}
_SVG: Final = "{http://www.w3.org/2000/svg}"
_NUMBER: Final = re.compile(r"-?[0-9]+\.[0-9]+")


def figure(width: float, height: float) -> Any:
    """Return an empty figure of a size in points."""
    return _library().figure.Figure(figsize=(width / 72, height / 72), dpi=72, facecolor="none")


def axes(drawn: Any, left: float, bottom: float, width: float, height: float) -> Any:
    """Return axes without a frame at a place in points, counted from the lower left corner."""
    whole_width, whole_height = drawn.get_size_inches() * 72
    found = drawn.add_axes((left / whole_width, bottom / whole_height, width / whole_width, height / whole_height))
    found.spines[:].set_visible(False)
    found.patch.set_visible(False)
    found.tick_params(length=0, pad=3, labelsize=SIZE, labelcolor=INK)
    return found


@contextlib.contextmanager
def style() -> Iterator[None]:
    """Draw by the library's own defaults and ours, whatever the machine has set."""
    library = _library()
    settings = {name: value for name, value in library.rcParamsDefault.items() if name != "backend"}
    ours = {
        "font.family": FAMILY,
        "font.size": SIZE,
        "svg.fonttype": "none",  # text stays text: it can be searched and takes the fonts of the document
        "svg.hashsalt": "form1",
        "text.parse_math": False,  # a dollar sign in a label is a dollar sign
        "axes.unicode_minus": True,
    }
    with library.rc_context({**settings, **ours}):
        yield


def text_width(text: str, *, bold: bool = False) -> float:
    """Return the points that a text takes on one line."""
    from matplotlib.ft2font import LoadFlags

    face = _measure("semibold" if bold else "regular")
    face.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    return float(face.get_width_height()[0]) / 64


def wrap(text: str, room: float, lines: int = 2) -> str:
    """Return a text broken at spaces to fit into `room` points; what the last line cannot hold ends in an ellipsis."""
    broken = [""]
    for word in text.split():
        longer = f"{broken[-1]} {word}".strip()
        if broken[-1] and text_width(longer) > room:
            broken.append(word)
        else:
            broken[-1] = longer
    kept = broken[:lines]
    if len(broken) > lines:
        kept[-1] += "…"
    return "\n".join(_cut(line, room) for line in kept)


def beside(axes: Any, label: str, place: float) -> None:
    """Write a label of one or more lines to the left of the bar at `place`."""
    lines = label.split("\n")
    for number, line in enumerate(lines):
        raised = SIZE * 1.1 * ((len(lines) - 1) / 2 - number)
        axes.annotate(
            line, (0, place), (-5, raised), textcoords="offset points", ha="right", va="center", fontsize=SIZE,
            color=INK,
        )  # fmt: skip


def finish(drawn: Any) -> str:
    """Return the figure as one plain SVG element: no style sheets, no identifiers, the fonts of the document."""
    written = io.StringIO()
    silent = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    _library().backends.backend_svg.FigureCanvasSVG(drawn).print_svg(written, metadata=silent)
    root = ElementTree.fromstring(written.getvalue())
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in {f"{_SVG}defs", f"{_SVG}metadata"}:
                parent.remove(child)
    plain = ElementTree.Element("svg", {"xmlns": _SVG.strip("{}"), "viewBox": root.attrib["viewBox"]})
    plain.attrib |= {"width": root.attrib["width"], "height": root.attrib["height"], "font-family": FAMILY}
    for element in root.iter():
        name = element.tag.removeprefix(_SVG)
        if name in {"path", "text"} and (attributes := _attributes(element)) is not None:
            copy = ElementTree.SubElement(plain, name, attributes)
            copy.text = element.text
    return ElementTree.tostring(plain, encoding="unicode")


def _attributes(element: Any) -> dict[str, str] | None:
    """The attributes of an element with its style spelt out; None for one that nobody sees."""
    given = {name: value for name, value in element.attrib.items() if name in {"d", "x", "y"}}
    for part in filter(None, element.attrib.get("style", "").split(";")):
        name, _, value = part.partition(":")
        if name.strip() != "font-family":
            given[name.strip()] = value.strip()
    if element.tag == f"{_SVG}path" and given.get("fill", "none") == "none" and given.get("stroke", "none") == "none":
        return None
    return {name: " ".join(_NUMBER.sub(_short, value).split()) for name, value in given.items()}


def _short(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")


def _cut(line: str, room: float) -> str:
    if text_width(line) <= room:
        return line
    kept = line.rstrip("…")
    while kept and text_width(kept + "…") > room:
        kept = kept[:-1]
    return kept.rstrip(" ,;(") + "…"


@cache
def _measure(face: str) -> Any:
    from matplotlib.ft2font import FT2Font

    opened = FT2Font(io.BytesIO(font(face)))
    opened.set_size(SIZE, 72)
    return opened


@cache
def _library() -> Any:
    """Import the library once, with our fonts and no others."""
    with _as_if_alone():
        import matplotlib
        import matplotlib.backends.backend_svg
        import matplotlib.figure
        from matplotlib import font_manager

    for face, weight in _FACES.items():
        path = str(files(FONT_PACKAGE).joinpath(FONTS[face]))
        entry = font_manager.FontEntry(fname=path, name=FAMILY, weight=weight, size="scalable")
        font_manager.fontManager.ttflist.append(entry)
    return matplotlib


@contextlib.contextmanager
def _as_if_alone() -> Iterator[None]:
    """Let the import find no fonts of the machine, which may be thousands, and keep its notes in a passing folder."""
    walk, ask, kept = os.walk, subprocess.check_output, os.environ.get("MPLCONFIGDIR")

    def refuse(*_: Any, **__: Any) -> Any:
        raise OSError("no fonts are looked for")

    with tempfile.TemporaryDirectory() as folder:
        os.environ["MPLCONFIGDIR"] = folder
        os.walk, subprocess.check_output = (lambda *_, **__: iter(())), refuse
        try:
            yield
        finally:
            os.walk, subprocess.check_output = walk, ask
            if kept is None:
                del os.environ["MPLCONFIGDIR"]
            else:
                os.environ["MPLCONFIGDIR"] = kept
