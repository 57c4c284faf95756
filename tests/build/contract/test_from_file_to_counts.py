"""Reading and contract together: what an office sends, and what a finding says about it."""

import io
from pathlib import Path

from openpyxl import Workbook

from form1.build.contract import check
from form1.build.sources import read_period
from form1.core.periods import Period
from form1.definition import Form
from form1.definition.wording import say
from tests.making import processor_seconds

PERIOD = Period.parse("2026-Q3")


def put(exports: Path, name: str, content: str | bytes) -> None:
    path = exports / str(PERIOD) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def test_the_place_of_a_label_is_its_own_column(form: Form, tmp_path: Path) -> None:
    book = Workbook()
    for row in [("Ölkə", "Verilmiş", "Müddəti uzadılmış", "Cəmi"), ("Turkiye1", 3, 4, 7), ("RU", 1, -2, 3)]:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    put(tmp_path, "work_permits_by_residence.xlsx", buffer.getvalue())
    read = read_period(form, tmp_path, PERIOD, ["T07"])
    assert (read.findings, read.missing) == ([], {})
    _, findings = check(form, form.tables["T07"], PERIOD, read.exports["T07"])
    said = [say(form, finding, "en") for finding in findings]
    assert [(finding.message, finding.place.line, finding.place.cell) for finding in findings] == [
        ("label_unknown", 2, "A"),
        ("count_not_whole", 3, "C"),
        ("export_total_not_compared", 3, "D"),
    ]
    assert said[1].startswith("2026-Q3/work_permits_by_residence.xlsx · sheet Sheet · line 3 · column C")


def test_speed(form: Form, tmp_path: Path) -> None:
    """Ten exports of 1,500 lines are read and checked in half a second of the processor; the bound leaves room."""
    put(tmp_path, "exempt_from_work_permit.csv", "sex,persons\nM,1\nF,2\n")
    check(form, form.tables["T10"], PERIOD, read_period(form, tmp_path, PERIOD, ["T10"]).exports["T10"])  # imports
    codes = [code.code for code in form.codelists["countries"].on(PERIOD.last_day)]
    lines = [f"{status},{code},{sex},5" for status in ("foreigner", "stateless") for code in codes for sex in "MF"]
    text = "\n".join(["legal_status,country,sex,persons", *lines])
    names = ("registered_by_citizenship", "temporary_permits_by_citizenship", "permanent_permits_by_citizenship")
    for name in names:
        put(tmp_path, f"{name}.csv", text)
    began = processor_seconds()
    exports = read_period(form, tmp_path, PERIOD, ["T01", "T02", "T06", "T10"]).exports
    for table, export in exports.items():
        counts, findings = check(form, form.tables[table], PERIOD, export)
        assert counts is not None
        assert findings == []
    assert processor_seconds() - began < 2
