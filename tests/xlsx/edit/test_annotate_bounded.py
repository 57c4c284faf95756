"""The annotated copy from the child process: the same copy, or none, and the other results all the same."""

import json
import subprocess
import sys
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from form1.check import results
from form1.check.recipe import CheckOrder, judge
from form1.core import literal, texts
from form1.core.findings import Severity
from form1.definition import Form
from form1.xlsx.edit import letters as annotate_letters
from form1.xlsx.edit.annotate import FindingRow, FindingsSheet, Mark, annotate
from form1.xlsx.edit.bounded import annotate_bounded
from form1.xlsx.read import bounded
from form1.xlsx.read.gate import look_at
from form1.xlsx.read.refusal import Refused
from tests.making import REPOSITORY
from tests.recognise.received_packages import RICH, edited, opened, parts_of, rich
from tests.xlsx.read.packages import SHEET, changed, good, in_part

ERROR, WARNING = Severity.ERROR, Severity.WARNING
ROWS = (FindingRow(("B3", "=1\n\ud800 ə"), (RICH, "B3"), ERROR), FindingRow(("x", "y")))
FINDINGS = FindingsSheet("Findings", ("Where", "What"), ROWS)
MARKS = [Mark(RICH, "B3", ERROR, "ə\nçox \u202e"), Mark(RICH, "C3", WARNING, "second")]
WORKBOOK, COMMENTS = "xl/workbook.xml", "xl/comments/comment1.xml"


def test_the_child_makes_the_same_copy() -> None:
    sent = rich()
    assert annotate_bounded(sent, MARKS, FINDINGS, "me") == annotate(sent, MARKS, FINDINGS, "me")


def test_the_annotator_needs_nothing_but_the_standard_library() -> None:
    code = "import sys; sys.path.insert(0, sys.argv[1]); import form1.xlsx.edit.child; print(*sys.modules)"
    seen = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, str(REPOSITORY)], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"pydantic", "polars", "openpyxl", "form1.core.texts", "socket", "urllib.request"} & set(seen)


@given(st.text())
def test_texts_are_made_plain_as_everywhere(text: str) -> None:
    assert annotate_letters.plain(text) == literal.plain(text)


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("import os; os.kill(os.getpid(), 11)", id="signal"),
        pytest.param("print('half a copy', flush=True); 1 / 0", id="exception behind half a copy"),
        pytest.param("pass", id="empty answer"),
        pytest.param("import sys\nwhile True: sys.stdout.write('x' * 10**6)", id="endless answer"),
        pytest.param("import time; time.sleep(99)", id="endless sleep"),
    ],
)
def test_every_death_is_no_copy(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    monkeypatch.setattr(bounded, "_START", code)
    monkeypatch.setattr(bounded, "_CLOCK", 0.7)
    assert annotate_bounded(rich(), MARKS, FINDINGS) is None


@pytest.mark.parametrize(
    "workbook, marks",
    [
        pytest.param(b"PK", MARKS, id="no zip"),
        pytest.param(rich(), [Mark("gone", "A1", ERROR, "x")], id="unknown sheet"),
        pytest.param(edited(rich(), {COMMENTS: lambda xml: xml[: len(xml) // 2]}), MARKS, id="notes cut"),
    ],
)
def test_what_cannot_be_marked_has_no_copy(workbook: bytes, marks: list[Mark]) -> None:
    assert annotate_bounded(workbook, marks, FINDINGS) is None


def test_a_sheet_number_of_thousands_of_digits() -> None:
    sent = edited(rich(), {WORKBOOK: lambda xml: xml.replace('sheetId="1"', f'sheetId="{"9" * 6000}"')})
    assert b'sheetId="3"' in parts_of(annotate(sent, MARKS, FINDINGS))[WORKBOOK]


def test_blanks_in_the_name_of_a_sheet_are_spaces() -> None:
    sent = changed(in_part(WORKBOOK, 'name="3"', 'name="3\t4\r\n5"'))
    copy = annotate(sent, [Mark("3 4 5", "D9", ERROR, "here")], FINDINGS)
    assert opened(copy)["3 4 5"]["D9"].comment.text == "here"


@pytest.mark.parametrize("reference", ["&#x99999999;", "&#x110000;", "&#xD800;", "&#0;", f"&#{'9' * 6000};"])
def test_references_to_no_character_stay_as_they_are(reference: str) -> None:
    sent = edited(rich(), {COMMENTS: lambda xml: xml.replace("Sender", reference, 1)})
    assert reference in parts_of(annotate(sent, MARKS, FINDINGS))[COMMENTS].decode()


@pytest.mark.parametrize(
    "part, ending, entry",
    [
        pytest.param("[Content_Types].xml", "</Types>", "<Override/>", id="content types"),
        pytest.param("xl/_rels/workbook.xml.rels", "</Relationships>", "<Relationship/>", id="relationships"),
    ],
)
def test_the_gate_bounds_the_lists_of_a_package(part: str, ending: str, entry: str) -> None:
    with pytest.raises(Refused) as caught:
        look_at(changed(in_part(part, ending, entry * 5000 + ending)))
    assert caught.value.refusal.message == "received_many_entries"


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_without_a_copy_the_other_results_say_so(
    form: Form, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: texts.Language
) -> None:
    sent = tmp_path / "sent.xlsx"
    sent.write_bytes(changed(in_part(SHEET["T03"], ">[0-9]{4,}</v>", ">987654</v>"), language))
    order = CheckOrder(form, sent, datetime(2026, 10, 20, tzinfo=UTC), language, exports=tmp_path, editions=tmp_path)
    received = judge(order, sent)
    assert not isinstance(received, str)
    # Whether a copy is made is settled here: a machine under load may need longer than the child is given.
    monkeypatch.setattr(results, "annotate_bounded", lambda *_: b"a copy")
    whole = results.draw(received, order.now)
    monkeypatch.setattr(results, "annotate_bounded", lambda *_: None)
    files = results.draw(received, order.now)
    assert files.keys() == whole.keys() - {"annotated.xlsx"}
    assert files["receipt.json"] == whole["receipt.json"]
    before, after = (
        [entry for entry in json.loads(each["findings.json"]) if entry["value"] == "0"] for each in (whole, files)
    )
    assert after[:-1] == before
    assert after[-1]["expression"]["expression"] == "no_annotated_copy"
    said = after[-1]["data"]["description"]
    assert said.removeprefix("sent.xlsx: ") in files["report.html"].decode()
    assert not any(unicodedata.category(letter) in {"Cc", "Cf", "Cs"} for letter in said)


def test_the_good_workbook_has_a_copy() -> None:
    assert annotate_bounded(good(), [], FINDINGS) is not None
