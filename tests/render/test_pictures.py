"""The pictures: inside their frame in every language, the same bytes anywhere, and nothing of the machine in them."""

import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from form1.core.cells import Cell
from form1.core.periods import Period
from form1.core.texts import LANGUAGES, Language, Text
from form1.definition import Form
from form1.definition.layout import lay_out
from form1.model.figures import Figure, Point
from form1.render.pictures import HALF, bars, canvas, svg
from tests.build.summary.making import figures, past

SVG = "{http://www.w3.org/2000/svg}"
LONG = "Xarici hüquqi şəxsin filialının, nümayəndəliyinin, törəmə müəssisəsinin və $başqa$ idarələrinin rəhbəri"
COUNTS = {
    "T01": {"TR": 700_000, "RU": 1},
    "T02": {code: 300 - place for place, code in enumerate(("TR", "RU", "GE", "IR", "PK", "IN", "UA", "TM", "DE", "FR", "US", "CN"))},
    "T03": dict.fromkeys(("45.1.1", "45.1.3", "45.1.5", "45.1.6-1", "45.1.7-1", "45.1.8", "45.1.9", "45.1.10", "45.1.2", "45.1.4"), 9),
    "T04": {"AZ-BA": 5, "AZ-SM": 4, "AZ-GA": 3},
    "T05": {"0-4": 1, "65+": 2},
    "T06": {"TR": 3},
    "T08": {"F": 10_000, "B": 1, "I": 5, "G": 7},
}  # fmt: skip
ANYWHERE = """
import hashlib
from form1.definition import load
from form1.render.pictures import svg
from tests.render.test_pictures import COUNTS
from tests.build.summary.making import figures, past
drawn = [svg(figure, "az") for figure in figures(load(), COUNTS).values() if figure.has_picture]
print(hashlib.sha256("".join(drawn).encode()).hexdigest())
"""


def _texts(drawn: str) -> list[tuple[str, float, float]]:
    """Every text with its left and its right end, in points."""
    found = []
    for element in ElementTree.fromstring(drawn).iter(f"{SVG}text"):
        text = element.text or ""
        size = float(element.attrib["font-size"].removesuffix("px"))
        width = canvas.text_width(text, bold=element.attrib.get("font-weight") == "600") * size / canvas.SIZE
        x = float(element.attrib["x"])
        before = {"start": 0.0, "middle": width / 2, "end": width}[element.attrib.get("text-anchor", "start")]
        found.append((text, x - before, x - before + width))
    return found


def _named(label: str, count: int) -> Point:
    return Point(label, Text.same(label), (Cell(count),), 500)


def _ranking(*points: Point) -> Figure:
    same = Text.same("x")
    return Figure("S99", "ranking", same, same, same, (same,), points, same)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_stays_inside_the_frame(form: Form, language: Language) -> None:
    before = {Period(2026, 2): past(form, COUNTS, Period(2026, 2))}
    drawn = [svg(figure, language) for figure in figures(form, COUNTS, history=before).values() if figure.has_picture]
    assert len(drawn) == 6
    for picture in [*drawn, svg(_ranking(_named(LONG, 10**12), _named("A" * 90, 1)), language)]:
        width = float(ElementTree.fromstring(picture).attrib["viewBox"].split()[2])
        outside = [text for text, left, right in _texts(picture) if left < -0.5 or right > width + 0.5]
        assert outside == []


def test_a_label_that_is_too_long_ends_in_an_ellipsis() -> None:
    lines = canvas.wrap(LONG, 110).split("\n")
    assert len(lines) == 2 and lines[1].endswith("…")
    assert all(canvas.text_width(line) <= 110 for line in lines)
    assert canvas.wrap("Türkiyə", 110) == "Türkiyə"
    assert canvas.wrap("W" * 90, 110).endswith("…")


@pytest.mark.parametrize("period", ["2016", "2020", "2026"])
def test_labels_of_closed_lists_are_not_cut(form: Form, period: str) -> None:
    """A longer one is given a shorter name in summary.toml."""
    on, form = Period.parse(period).last_day, form.of(Period.parse(period))
    rankings = [figure for figure in form.summary if figure.kind == "ranking" and figure.table in form.tables]
    rows = [
        (figure.names.get(row.code), row.label)
        for figure in rankings
        for row in lay_out(form, form.tables[str(figure.table)], on).rows
        if row.counted or figure.rows == "groups"
    ]
    points = [Point("", label, (Cell(1),), short=short) for short, label in rows]
    shown = [bars.label(point, language, HALF) for point in points for language in LANGUAGES]
    assert len(shown) > 100
    assert [label for label in shown if "…" in label] == []


def test_a_picture_is_plain(form: Form) -> None:
    """No style sheet (the page forbids them), no script, no address, no identifier that two pictures could share."""
    for figure in figures(form, COUNTS).values():
        if figure.has_picture:
            drawn = svg(figure, "az")
            assert not re.search(r"style=|<style|<script|href|url\(|id=|\\bDate|matplotlib", drawn)
            assert {element.tag for element in ElementTree.fromstring(drawn).iter()} <= {
                f"{SVG}{n}" for n in ("svg", "path", "text")
            }


def test_bars_are_as_long_as_their_counts() -> None:
    drawn = svg(_ranking(_named("a", 300), _named("b", 100), _named("c", 1)), "az")
    ends = re.findall(r'd="M ([0-9.]+) [0-9.]+ L ([0-9.]+) [^"]*" fill="#1f4e79"', drawn)
    lengths = [float(right) - float(left) for left, right in ends]
    assert lengths[0] / lengths[1] == pytest.approx(3, rel=0.01)
    assert lengths[0] / lengths[2] == pytest.approx(300, rel=0.05)


def test_the_same_bytes_anywhere(form: Form, tmp_path: Path) -> None:
    """Another folder with settings of its own, another hash seed and time zone, no home, nothing on stderr."""
    (tmp_path / "matplotlibrc").write_text("font.size: 30\nsvg.fonttype: path\naxes.facecolor: red\n", encoding="utf-8")
    said = set()
    for number, folder in enumerate((tmp_path, Path("/"))):
        bare = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONDONTWRITEBYTECODE": "1"}
        bare |= {"PYTHONHASHSEED": str(number), "TZ": ("Asia/Baku", "America/Lima")[number]}
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", ANYWHERE],
            cwd=folder,
            env=bare,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        said.add(done.stdout)
    here = set(os.listdir(tmp_path))
    assert len(said) == 1 and here == {"matplotlibrc"}
