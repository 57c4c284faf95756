"""Files that cannot be read, are missing or stand there twice: one finding each, never a traceback."""

import io
import os
import zipfile
from dataclasses import replace

import pytest

from form1.build.sources import folder as folder_module
from form1.build.sources import grid, read_period, sheets, text
from form1.core.findings import Severity
from form1.core.periods import Period
from form1.xlsx.read.package import read_book
from form1.xlsx.read.raw import RawBook
from form1.xlsx.read.refusal import EXPORTS, Bounds, Refusal, Refused

GROUND = "temporary_permits_by_ground"
NAMESPACES = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/": b"http://purl.oclc.org/ooxml/officeDocument/",
}
LONG = "ground,sex,persons\n45.1.8,M,3\n"


def book(*sheets) -> bytes:
    from openpyxl import Workbook

    made = Workbook()
    made.remove(made.active)
    for number, rows in enumerate(sheets, start=1):
        sheet = made.create_sheet(f"S{number}")
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def pack(comment: bytes) -> bytes:
    """A good workbook with words in it that a test looks for."""
    buffer = io.BytesIO(book([("a",)]))
    with zipfile.ZipFile(buffer, "a") as package:
        package.writestr("docProps/note.txt", comment, zipfile.ZIP_STORED)
    return buffer.getvalue()


def strict() -> bytes:
    """A workbook in the namespaces of ISO 29500 Strict, as Excel's own Save-as box offers it."""
    source = zipfile.ZipFile(io.BytesIO(book([("ground", "sex", "persons"), ("45.1.8", "M", 3)])))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            for transitional, iso in NAMESPACES.items():
                part = part.replace(transitional, iso)
            target.writestr(name, part)
    return buffer.getvalue()


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "Workbook".encode("utf-16-le")
DOOMED = b"the reader dies of this"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        pytest.param(f"{GROUND}.csv", b"", "file_empty", id="no bytes"),
        pytest.param(f"{GROUND}.csv", b"\xef\xbb\xbf\r\n \r\n", "file_empty", id="blank lines"),
        pytest.param(f"{GROUND}.csv", b"a,b\0\0c,\x01\0\0\n", "text_binary", id="binary"),
        pytest.param(f"{GROUND}.csv", b"\xff\xfea", "text_binary", id="half a UTF-16 letter"),
        pytest.param(f"{GROUND}.csv", b'ground,sex,persons\n"45.1.8,M,3\n', "text_quotes", id="open quote"),
        pytest.param(f"{GROUND}.csv", book([("a",)]), "text_binary", id="a workbook named csv"),
        pytest.param(f"{GROUND}.xlsx", b"ground,sex,persons\n", "received_format", id="text named xlsx"),
        pytest.param(f"{GROUND}.xlsx", book([("a",)])[:-40], "received_damaged", id="cut off"),
        pytest.param(f"{GROUND}.xlsx", OLD, "received_format", id="xls named xlsx"),
        pytest.param(
            f"{GROUND}.xlsx",
            OLD + "EncryptedPackage".encode("utf-16-le"),
            "received_encrypted",
            id="password",
        ),
        pytest.param(f"{GROUND}.xls", OLD, "received_format", id="xls"),
        pytest.param(f"{GROUND}.xlsm", b"PK", "received_format", id="xlsm"),
        pytest.param(f"{GROUND}.xlsx", book([]), "file_empty", id="an empty sheet"),
        pytest.param(f"{GROUND}.parquet", b"PAR1 and nothing", "parquet_broken", id="broken Parquet"),
    ],
)
def test_unreadable(folder, name: str, content: bytes, message: str) -> None:
    folder.put(name, content)
    exports, findings, inputs = folder.read("T03")
    assert [(found.message, found.unreadable, found.severity, found.place.file) for found in findings] == [
        (message, True, Severity.ERROR, f"2026-Q3/{name}")
    ]
    assert (exports, inputs) == ({}, [])


def test_strict_open_xml_is_read(folder) -> None:
    folder.put(f"{GROUND}.xlsx", strict())
    assert folder.one("T03").lines["written"].to_list() == ["3"]


def test_missing_export(folder) -> None:
    _, (finding,), _ = folder.read("T03")
    assert (finding.message, finding.unreadable, finding.place.table) == ("export_missing", True, "T03")
    assert dict(finding.facts) == {"folder": "exports/2026-Q3", "name": GROUND}


def test_missing_folder(folder) -> None:
    read = read_period(folder.form, folder.exports, Period.parse("2026-Q2"))
    assert [(table, found.message, found.unreadable) for table, found in read.missing.items()] == [
        ("", "period_folder_missing", True)
    ]
    assert (read.exports, read.findings, read.inputs) == ({}, [], [])


def test_two_files_for_one_table(folder) -> None:
    folder.put(f"{GROUND}.csv", LONG)
    folder.put(f"{GROUND}.xlsx", book([("ground", "sex", "persons"), ("45.1.8", "M", 3)]))
    exports, findings, _ = folder.read("T03")
    assert "T03" not in exports
    assert [(found.message, found.facts["files"]) for found in findings] == [
        ("export_twice", (f"{GROUND}.csv", f"{GROUND}.xlsx (S1)"))
    ]


def test_two_sheets_without_a_name(folder) -> None:
    folder.put(f"{GROUND}.xlsx", book([("ground", "sex", "persons")], [("ground", "sex", "persons")]))
    _, findings, _ = folder.read("T03")
    assert [(found.message, found.facts["sheets"]) for found in findings] == [("sheet_unclear", ("S1", "S2"))]


def test_a_workbook_of_nobody(folder) -> None:
    folder.put("letter.xlsx", book([("x",)]))
    findings = folder.read()[1]
    assert [found.place.file for found in findings if found.message == "file_not_used"] == ["2026-Q3/letter.xlsx"]


def test_only_the_tables_wanted_are_read(folder) -> None:
    folder.put(f"{GROUND}.csv", LONG)
    folder.put("exempt_from_work_permit.csv", b"\0\0")
    folder.put("letter.pdf", b"")
    exports, findings, inputs = folder.read("T03")
    assert (set(exports), findings, len(inputs)) == ({"T03"}, [], 1)


@pytest.mark.parametrize(
    ("name", "content", "module", "bound", "limit", "message"),
    [
        (f"{GROUND}.csv", LONG, folder_module, "MOST_BYTES", 10, "file_too_large"),
        (f"{GROUND}.csv", LONG, text, "MOST_ROWS", 1, "file_too_long"),
    ],
)
def test_bounds(folder, monkeypatch, name, content, module, bound, limit, message) -> None:
    monkeypatch.setattr(module, bound, limit)
    folder.put(name, content)
    assert [found.message for found in folder.read("T03")[1]] == [message]


def test_a_pipe_does_not_stop_the_run(folder) -> None:
    os.mkfifo(folder.exports / "2026-Q3" / f"{GROUND}.csv")
    messages = [found.message for found in folder.read("T03")[1]]
    assert messages == ["file_not_regular", "export_missing"]


def test_the_death_of_the_reader_is_told_of_its_workbook_alone(folder, monkeypatch) -> None:
    """The child answers the workbook before, dies at one, and another child reads those behind it."""
    from form1.xlsx.read import reading

    answer = reading.answer

    def dying(module, handed, most, function="main"):
        handed = list(handed)
        doomed = next((at for at, content in enumerate(handed) if DOOMED in content), None)
        if doomed is None:
            return answer(module, handed, most, function)
        return replace(answer(module, handed[:doomed], most, function), code=-6)

    monkeypatch.setattr(reading, "answer", dying)
    folder.put("T03.xlsx", book([("ground", "sex", "persons"), ("45.1.8", "M", 3)]))
    folder.put("T05.xlsx", pack(DOOMED))
    folder.put("T10.xlsx", book([("sex", "persons"), ("M", 3), ("F", 4)]))
    exports, findings, _ = folder.read("T03", "T05", "T10")
    assert set(exports) == {"T03", "T10"}
    assert [(found.message, found.place.file) for found in findings] == [("received_reader_died", "2026-Q3/T05.xlsx")]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"cells": 3}, "received_many_cells", id="cells"),
        pytest.param({"rows": 1}, "received_far_cell", id="rows"),
        pytest.param({"unpacked": 100}, "received_unpacked", id="unpacked"),
    ],
)
def test_bounds_of_a_workbook(folder, monkeypatch, change, message) -> None:
    bounds = replace(EXPORTS, **change)
    monkeypatch.setattr(sheets, "EXPORTS", bounds)
    monkeypatch.setattr(sheets, "read_exports", lambda contents: (in_this_process(each, bounds) for each in contents))
    folder.put(f"{GROUND}.xlsx", book([("ground", "sex", "persons"), ("45.1.8", "M", 3)]))
    (finding,) = folder.read("T03")[1]
    assert (finding.message, finding.unreadable) == (message, True)


def in_this_process(content: bytes, bounds: Bounds) -> RawBook | Refusal:
    try:
        return read_book(content, bounds)
    except Refused as refused:
        return refused.refusal


def test_bounds_of_exports_are_no_narrower_than_those_of_text_files() -> None:
    assert EXPORTS.rows >= text.MOST_ROWS and EXPORTS.file >= folder_module.MOST_BYTES
    assert EXPORTS.unpacked >= 256 * 1024**2


def test_odd_cells_come_through_as_their_text(folder) -> None:
    from datetime import datetime

    values = [3.5, True, datetime(2026, 10, 14), "#REF!", -2, 0.12, "=LEN(A1)", "1 204"]
    rows = [
        ("exemption", "sex", "persons"),
        *((f"64.0.{number}", "M", value) for number, value in enumerate(values, 1)),
    ]
    folder.put("exempt_from_work_permit.xlsx", book(rows))
    assert folder.one("T10").lines["written"].to_list() == [
        "3.5", "TRUE", "2026-10-14", "#REF!", "-2", "0.12", "=LEN(A1)", "1 204",
    ]  # fmt: skip


def test_every_message_can_be_said(folder) -> None:
    """Each finding of reading becomes a sentence in every language."""
    from form1.definition.wording import say

    folder.put(f"{GROUND}.csv", "ground,persons,persons\n45.1.8,3\n")
    folder.put("exempt_from_work_permit.csv", "sex,persons,Comment\nM,1,x,y\n")
    folder.put("valid_work_permits_by_age.xls", "x")
    folder.put("letter.pdf", "x")
    findings = folder.read()[1]
    assert len({finding.message for finding in findings}) >= 6
    for finding in findings:
        for language in ("az", "en", "ru"):
            assert "{" not in say(folder.form, finding, language)


def test_grid_letters() -> None:
    assert [grid.letter(column) for column in (0, 27)] == ["A", "AB"]
