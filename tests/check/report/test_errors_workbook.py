"""The error workbook: causes first, nothing left out, nothing that runs, every link leads to its note."""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from form1.check.report.workbook import draw
from form1.core.texts import Language
from form1.definition import Form
from form1.model.causes import Amendment, Cause, Causes, CausesStatus
from form1.model.forms import Received
from form1.render.workbook.writer import width_for
from tests.check.report import judged
from tests.making import REPOSITORY
from tests.render.drawing import HOSTILE_SHOWN


@pytest.fixture(scope="module")
def received(form: Form) -> Received:
    return judged.received_form(form)


@pytest.fixture(scope="module")
def book(received: Received) -> Any:
    return load_workbook(io.BytesIO(draw(received)))


def rows(sheet: Worksheet) -> list[tuple[Any, ...]]:
    """The rows of a list below its head."""
    first = int(re.findall(r"\d+", sheet.auto_filter.ref)[0]) + 1
    return list(sheet.iter_rows(min_row=first, values_only=True))


@pytest.mark.parametrize(
    ("language", "titles"),
    [
        ("az", ["Səbəblər", "İcmal", "Aşkar edilənlər", "Qaydalar"]),
        ("en", ["Causes", "Summary", "Findings", "Rules"]),
        ("ru", ["Причины", "Сводка", "Замечания", "Правила"]),
    ],
)
def test_four_sheets(form: Form, language: Language, titles: list[str]) -> None:
    assert load_workbook(io.BytesIO(draw(judged.received_form(form, language)))).sheetnames == titles


def test_the_causes_stand_first_and_say_what_a_cell_would_have_to_hold(form: Form, received: Received) -> None:
    causes = rows(load_workbook(io.BytesIO(draw(judged.received_form(form, "en"))))["Causes"])
    changes = [cause.amendments[0] for cause in received.causes.causes]
    assert [row[0] for row in causes[:3]] == [1, 2, None]
    assert [row[3:5] for row in causes[:2]] == [(change.value, change.would_be) for change in changes]
    assert [row[2] for row in causes[:2]] == ["3!D20", "6!E7"]
    assert causes[0][1].startswith("T03 · line 14 ") and "would have to hold" in causes[0][1]
    assert causes[0][6] == "3!D7: 1 → 28 + 3!C7: 2 → 29"
    assert [row[7] for row in causes[:2]] == [2, 2]


def test_findings_without_a_cause_follow_by_weight(received: Received, book: Any) -> None:
    alone = [row for row in rows(book.worksheets[0]) if row[0] is None]
    assert len(alone) == len(received.findings) - len(received.cause_of)
    words = [received.form.word(severity, "az") for severity in ("error", "warning", "information")]
    assert [row[8] for row in alone] == sorted((row[8] for row in alone), key=words.index)
    assert "seasonal work" in [row[1] for row in alone if row[8] == words[1]][-1], "a known warning weighs less"


def test_every_finding_and_every_rule_is_listed(received: Received, book: Any) -> None:
    summary, findings, rules = (rows(sheet) for sheet in book.worksheets[1:])
    assert [row[0] for row in findings] == list(range(1, len(received.findings) + 1))
    assert sum(row[2] for row in summary) == len(received.findings)
    assert {result.rule for result in received.results} <= {row[-1] for row in rules}
    assert {row[5] for row in findings} == {1, 2, None}
    assert any("seasonal work" in row[1] for row in findings)
    new = received.form.word("new", "az")
    assert [row[0] for row in findings if row[4] == new] == [1, 2]
    blocked = {result.rule: result.blocked_by.az for result in received.results if result.blocked_by}
    assert {row[-1]: row[2] for row in rules if row[2]} == blocked


def test_every_link_leads_to_the_note_of_its_rule(book: Any) -> None:
    followed = 0
    for sheet in book.worksheets[:3]:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.hyperlink):
            title, row = re.fullmatch(r"'(.+)'!A(\d+)", cell.hyperlink.location).groups()
            assert book[title].cell(int(row), 8).value == cell.value.split(" +")[0]
            followed += 1
    assert followed > 20


def test_text_from_outside_never_becomes_a_formula(book: Any) -> None:
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert not {cell.data_type for cell in cells} & {"f", "e"}
    suspicious = [cell for cell in cells if str(cell.value).startswith("=")]
    assert suspicious and all(cell.quotePrefix for cell in suspicious)
    assert any(HOSTILE_SHOWN in str(cell.value) for cell in cells)


def test_lists_are_filtered_frozen_and_ready_to_print(book: Any) -> None:
    for sheet in book.worksheets:
        head = int(re.findall(r"\d+", sheet.auto_filter.ref)[0])
        assert sheet.freeze_panes == f"A{head + 1}"
        assert sheet.print_title_rows == f"${head}:${head}"
        assert sheet.page_setup.orientation == "landscape" and sheet.page_setup.fitToHeight == 0
        assert HOSTILE_SHOWN not in sheet.oddFooter.center.text


def test_short_columns_are_as_wide_as_what_they_hold(book: Any) -> None:
    for sheet in book.worksheets[:3]:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.hyperlink):
            assert sheet.column_dimensions[cell.column_letter].width >= width_for(cell.value, 9)


def test_a_cause_of_many_cells_and_alternatives_goes_on_in_rows_that_fold(form: Form, received: Received) -> None:
    addresses = [address for address in received.cells if address[0] == "T05"][:5]
    amendments = tuple(Amendment(address, 1000, 1) for address in addresses)
    others = tuple((Amendment(address, 7, 8),) for address in [*received.cells][:40])
    kind = received.causes.causes[0].kind
    causes = Causes(CausesStatus.SOLVED, (Cause(kind, amendments, 1.0, others, more=-1),))
    sheet = load_workbook(io.BytesIO(draw(replace(received, causes=causes, cause_of={}, progress=None)))).worksheets[0]
    listed = [row for row in rows(sheet) if row[0] == 1]
    assert [row[3] for row in listed] == [1000] * 5 + [None] * 2
    assert sum(row[6].count("→") for row in listed) == 40
    assert listed[-1][6].endswith(f"; {form.word('and_others', 'az')}")
    levels = [sheet.row_dimensions[row].outlineLevel for row in range(6, 6 + len(listed))]
    assert levels == [0, *([1] * 6)]


def test_no_finding_is_cut_off(form: Form) -> None:
    book = load_workbook(io.BytesIO(draw(judged.many(form, 2500))))
    assert len(rows(book.worksheets[2])) == len(rows(book.worksheets[0])) == 2500


def test_a_form_without_an_error(form: Form) -> None:
    book = load_workbook(io.BytesIO(draw(judged.clean(form))))
    assert [rows(sheet) for sheet in book.worksheets[:3]] == [[], [], []]
    assert book.worksheets[0]["A2"].value.startswith(f"{form.word('verdict', 'az')}: {form.word('accepted', 'az')}")


def test_same_bytes_in_any_time_zone_and_process(received: Received) -> None:
    once = draw(received)
    script = (
        "import hashlib; from form1.definition import load; from tests.check.report import judged;"
        "from form1.check.report.workbook import draw;"
        "print(hashlib.sha256(draw(judged.received_form(load()))).hexdigest())"
    )
    environment = {**os.environ, "TZ": "America/Los_Angeles", "PYTHONHASHSEED": "7", "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == hashlib.sha256(once).hexdigest()
    with zipfile.ZipFile(io.BytesIO(once)) as package:
        assert {member.date_time for member in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
