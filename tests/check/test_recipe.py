"""A received form with an annex, and one that was sent again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from form1.check import resubmission, results
from form1.check.recipe import CheckOrder, _compared, judge
from form1.check.resubmission import Identity
from form1.core.cells import Cell
from form1.core.errors import UsageError
from form1.core.findings import Finding, Place, Severity, Verdict
from form1.core.periods import Period
from form1.definition import Form, load
from form1.definition.layout import lay_out
from form1.model.forms import Edition, InputFile, Received
from form1.render import data, workbook
from form1.xlsx.read import reading

Q3 = Period(2026, 3)


@pytest.fixture(scope="module")
def annexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook of the ten tables and an annex, every count 1; sums are counts of members and all of them wrong."""
    form = load(annexes=["residents"])
    layouts = {id: lay_out(form, table, Q3.last_day, {"TR", "XXA.TR"}) for id, table in form.tables.items()}
    cells = {
        (id, row.code, column.code): Cell(1)
        for id, layout in layouts.items()
        for row in layout.rows
        for column in layout.columns
    }
    edition = Edition(
        form=form,
        period=Q3,
        language="en",
        cells=cells,
        layouts=layouts,
        findings=(),
        results=(),
        verdict=Verdict.ACCEPTED,
        revision=1,
    )
    path = tmp_path_factory.mktemp("annexed") / "sent.xlsx"
    path.write_bytes(workbook.draw(edition))
    return path


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The names of the workbooks that were read."""
    names: list[str] = []
    read = reading.read
    monkeypatch.setattr(reading, "read", lambda admitted: names.append(admitted.name) or read(admitted))
    yield names


def test_a_workbook_with_an_annex_is_judged_with_it_and_read_once(
    form: Form, annexed: Path, readings: list[str]
) -> None:
    now = datetime(2026, 10, 20, tzinfo=ZoneInfo("Asia/Baku"))
    nowhere = annexed.parent / "nowhere"
    received = judge(CheckOrder(form, annexed, now, "en", exports=nowhere, editions=nowhere), annexed)
    assert not isinstance(received, str)
    assert received.form.annexes == ("residents",)
    assert received.form.sha256 == load(annexes=["residents"]).of(Q3).sha256
    assert list(received.layouts) == list(load(annexes=["residents"]).tables)
    assert readings == ["sent.xlsx"]


def _received(form: Form, *findings: Finding) -> Received:
    return Received(
        form=form.of(Q3),
        period=Q3,
        language="en",
        cells={},
        layouts={},
        inputs=(InputFile("sent.xlsx", 1, "0" * 64),),
        findings=findings,
        results=(),
        verdict=Verdict.ACCEPTED,
    )


def _finding(rule: str, row: str, value: int = 1) -> Finding:
    facts = {"found": value, "expected": 2, "difference": value - 2, "parts": ()}
    return Finding("sum_differs", Severity.ERROR, 1, Place("T01", row, "M"), facts, rule=rule)


@pytest.mark.parametrize("kept", [False, True], ids=["as values", "from the folder of results"])
def test_findings_are_the_same_by_rule_and_cell_whatever_numbers_they_tell(
    form: Form, tmp_path: Path, kept: bool
) -> None:
    in_file = Finding("received_connections", Severity.WARNING, 0, Place(sheet="1"))
    before = _received(form, _finding("A", "TR"), _finding("A", "IR"), _finding("B", "TR"), in_file)
    after = _received(form, _finding("B", "TR", 7), _finding("C", "TR"), _finding("A", "GE"), in_file)
    was = resubmission.findings_of(before)
    if kept:
        (tmp_path / "findings.json").write_bytes(data.findings_json(before))
        assert resubmission.read_findings(tmp_path) == was
        was = resubmission.read_findings(tmp_path)
    assert list(was)[1:] == [
        Identity("A", "T01/IR/M"),
        Identity("B", "T01/TR/M"),
        Identity("received_connections", "1"),
    ]
    progress = resubmission.compare_findings(was, after)
    assert progress.fixed == (was[Identity("A", "T01/TR/M")], was[Identity("A", "T01/IR/M")])
    assert (progress.still_open, progress.new) == ({0, 3}, {1, 2})


@pytest.mark.parametrize("kept", [False, True], ids=["the workbook", "the folder of results"])
def test_a_form_is_compared_with_one_of_its_own_period_alone(
    form: Form, annexed: Path, tmp_path: Path, kept: bool
) -> None:
    now = datetime(2026, 10, 20, tzinfo=ZoneInfo("Asia/Baku"))
    order = CheckOrder(form, annexed, now, "en", exports=tmp_path / "none", editions=tmp_path / "none")
    against = annexed
    if kept:
        results.keep(replace(_received(form), period=Period(2026, 2)), annexed, tmp_path, now)
        (against,) = tmp_path.iterdir()
    received = judge(order, annexed)
    assert isinstance(received, Received)
    other = received if kept else replace(received, period=Period(2026, 4))
    was = "2026-Q2" if kept else "2026-Q3"
    with pytest.raises(UsageError, match=f"is the form of {was}, sent.xlsx that of {other.period}"):
        _compared(order, against, other)
    if not kept:
        assert _compared(order, against, received).progress is not None
