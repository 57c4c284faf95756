"""Each line of docs/accessibility.md that says "met" is held, and its check notices a file in which it is not so."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font

from form1.definition import Form
from form1.model.forms import Edition
from form1.render import pdf
from form1.render.workbook import draw
from tests.build.summary.making import figures
from tests.render.accessible import CHECKS, FILES, Held
from tests.render.drawing import filled
from tests.render.test_pictures import COUNTS

DOCUMENT = Path(__file__).parents[2] / "docs" / "accessibility.md"
LINES = re.findall(
    r"^\| ([WP][0-9]{2}) \| (.+?) \| (.+?) \| (.*?) ?\|$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE
)
MET = [id for id, _, state, _ in LINES if state == "met"]


@pytest.fixture(scope="module")
def good(form: Form) -> Held:
    found = figures(form, {table: COUNTS[table] for table in ("T03", "T05")}).values()
    summary = tuple(figure for figure in found if figure.has_picture and figure.kind != "quarters")
    submission: Edition = replace(filled(form, tables=["T03", "T05", "T09"], language="en"), summary=summary)
    return Held(submission, draw(submission), pdf.draw(submission, FILES))


def test_every_line_has_its_own_id_a_state_and_a_reason() -> None:
    assert len({id for id, *_ in LINES}) == len(LINES) > 40
    assert not [
        id for id, _, state, why in LINES if state not in {"met", "partly", "not"} or (state != "met" and not why)
    ]


def test_what_is_said_to_be_met_is_what_is_checked() -> None:
    assert set(MET) == {*CHECKS} == {*HARMS}


@pytest.mark.parametrize("id", MET)
def test_it_is_met(good: Held, id: str) -> None:
    assert list(CHECKS[id](good)) == []


@pytest.mark.parametrize("id", MET)
def test_and_the_check_can_fail(good: Held, id: str) -> None:
    broken = Held(good.submission, good.workbook, good.pdf)
    HARMS[id](broken)
    assert list(CHECKS[id](broken)) != []


def _part(name: str, old: str, new: str) -> Callable[[Held], None]:
    def harm(held: Held) -> None:
        held.parts[name] = held.parts.get(name, old).replace(old, new)

    return harm


def _cell(sheet: str, at: str, value: Any) -> Callable[[Held], None]:
    def harm(held: Held) -> None:
        held.book[sheet][at].value = value

    return harm


def _in_pdf(change: Callable[[pikepdf.Pdf], None]) -> Callable[[Held], None]:
    def harm(held: Held) -> None:
        with pikepdf.open(io.BytesIO(held.pdf)) as document:
            change(document)
            file = io.BytesIO()
            document.save(file)
        held.pdf = file.getvalue()

    return harm


def _is(thing: pikepdf.Object, kind: str) -> bool:
    return isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == kind


def _second_table(document: pikepdf.Pdf) -> None:
    for table in [thing for thing in document.objects if _is(thing, "/Table") and "/K" in thing.P]:
        table.P.K.append(document.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.Table, P=table.P, K=[])))


def _lose_heads(document: pikepdf.Pdf) -> None:
    for cell in [thing for thing in document.objects if _is(thing, "/TD") and "/Headers" in thing.get("/A", {})]:
        del cell.A.Headers[0]


def _silence(document: pikepdf.Pdf) -> None:
    figure = next(thing for thing in document.objects if _is(thing, "/Figure"))
    del figure.Alt


def _colour_only(held: Held) -> None:
    held.book["3"].conditional_formatting.add("D7", FormulaRule(formula=["TRUE"], font=Font(color="9C0006")))


def _pale(held: Held) -> None:
    held.book["3"]["D7"].font = Font(color="FFAAAAAA")


HARMS: dict[str, Callable[[Held], None]] = {
    "W01": lambda held: held.book["Data 5"].tables.clear(),
    "W02": _part("xl/tables/table1.xml", 'altTextSummary="', 'other="'),
    "W04": lambda held: held.book["Data 5"].insert_rows(9),
    "W05": _cell("Data 5", "G6", "1. Total"),
    "W06": lambda held: setattr(held.book["Data 3"]["B9"], "style", "form1 tidy line"),
    "W09": lambda held: setattr(held.book["3"].row_dimensions[9], "hidden", True),
    "W10": _cell("3", "A8", "Close relative ¹"),
    "W12": _cell("3", "D8", "1 204 [7]"),
    "W16": lambda held: setattr(held.book["Notes"]["A1"], "style", "Normal"),
    "W21": _colour_only,
    "W22": _pale,
    "W23": _part("xl/drawings/drawing1.xml", " descr=", " title="),
    "W24": _part("xl/vbaProject.bin", "", ""),
    "W26": lambda held: held.book.create_sheet("Empty"),
    "W27": _cell("Data 3", "A2", None),
    "W28": lambda held: setattr(held.book["Data 3"].tables["form1_T03"], "ref", "B6:J27"),
    "W31": lambda held: held.book.create_sheet("Unreached"),
    "W32": lambda held: setattr(held.book.properties, "title", None),
    "P01": _in_pdf(lambda document: document.Root.__delitem__("/Lang")),
    "P02": _in_pdf(_lose_heads),
    "P03": _in_pdf(_second_table),
    "P04": _in_pdf(lambda document: document.Root.__delitem__("/Outlines")),
    "P05": _in_pdf(_silence),
    "P06": _in_pdf(lambda document: document.attachments.__delitem__("cells.csv")),
}
