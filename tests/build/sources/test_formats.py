"""Every format, encoding, delimiter and line end gives the same records."""

import io
import zipfile
from pathlib import Path

import polars as pl
import pytest
from openpyxl import Workbook

from form1.model.exports import label_of
from tests.build.sources.conftest import texts

ROWS = [
    ("Hüquqi status", "Vətəndaşlıq", "Cins", "Sayı"),
    ("Əcnəbi", "Türkiyə", "Kişi", "1204"),
    ("Əcnəbi", "Rusiya Federasiyası", "Qadın", "31"),
    ("Vətəndaşlığı olmayan şəxs", "Gürcüstan", "Qadın", "0"),
]
RUSSIAN = [
    ("Правовой статус", "Гражданство", "Пол", "Количество"),
    ("Иностранец", "Турция", "Мужчины", "1204"),
    ("Лицо без гражданства", "Грузия", "Женщины", "0"),
]
COLUMNS = ("line", "legal_status", "country", "sex", "persons")
NAME = "registered_by_citizenship"
EXPECTED = [(number, *row) for number, row in enumerate(ROWS[1:], start=2)]


def delimited(rows, delimiter=",", end="\n"):
    return end.join(delimiter.join(row) for row in rows) + end


def workbook(**sheets) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_text(folder, delimiter: str, end: str, encoding: str) -> None:
    folder.put(f"{NAME}.csv", delimited(ROWS, delimiter, end).encode(encoding))
    assert texts(folder.one("T01"), *COLUMNS) == EXPECTED


def test_cp1251(folder) -> None:
    folder.put(f"{NAME}.csv", delimited(RUSSIAN, ";").encode("cp1251"))
    assert folder.one("T01").lines[label_of("country")].to_list() == ["Турция", "Грузия"]


@pytest.mark.parametrize("stand_in", ["Ä", "?", "@"])
def test_cp1254(folder, stand_in: str) -> None:
    """Code page 1254 has no ə; programs leave another letter in its place, which resolves by the look-alikes."""
    text = delimited(ROWS, ";").replace("ə", stand_in.lower()).replace("Ə", stand_in)
    folder.put(f"{NAME}.csv", text.encode("cp1254"))
    records = folder.one("T01").lines
    assert records[label_of("country")].to_list() == [f"Türkiy{stand_in.lower()}", "Rusiya Federasiyası", "Gürcüstan"]


def test_quotes_and_delimiters_inside_labels(folder) -> None:
    folder.put(
        f"{NAME}.csv",
        'legal_status,country,sex,persons\n"foreigner","Virgin Islands, U.S.",M,1\n'
        'foreigner,"Congo;\nDR",M,2\nforeigner,"a ""b""",F,3\n',
    )
    records = folder.one("T01").lines
    assert records[label_of("country")].to_list() == ["Virgin Islands, U.S.", "Congo;\nDR", 'a "b"']
    assert records["line"].to_list() == [2, 3, 5]


def test_declared_delimiter_titles_and_blank_lines(folder) -> None:
    folder.put(f"{NAME}.csv", "sep=;\nExport, 2026, Q3\n\nlegal_status;country;sex;persons\n\nforeigner;TR;M;7\n")
    assert texts(folder.one("T01"), "line", "country", "persons") == [(6, "TR", "7")]


def test_workbook_with_titles_and_numbers(folder) -> None:
    rows = [
        ("Registered persons",),
        (),
        *ROWS[:1],
        ("Əcnəbi", "TR", "Kişi", 1204),
        ("Əcnəbi", "RU", "Kişi", 31.0),
    ]
    folder.put(f"{NAME}.xlsx", workbook(Sheet1=rows, Sheet2=[]))
    export = folder.one("T01")
    assert export.sheet == "Sheet1"
    assert texts(export, "line", "cell", "country", "persons") == [
        (4, "D", "TR", "1204"),
        (5, "D", "RU", "31"),
    ]


def test_workbook_with_a_sheet_per_table(folder) -> None:
    other = [("ground", "sex", "persons"), ("45.1.8", "M", 5)]
    # The title of a sheet has room for 31 characters of "temporary_permits_by_citizenship".
    book = workbook(Qeydiyyat=ROWS, temporary_permits_by_ground=other, temporary_permits_by_citizenshi=ROWS)
    folder.put("form.xlsx", book)
    exports, findings, inputs = folder.read("T01", "T02", "T03")
    assert findings == []
    assert {table: export.sheet for table, export in exports.items()} == {
        "T01": "Qeydiyyat", "T02": "temporary_permits_by_citizenshi", "T03": "temporary_permits_by_ground",
    }  # fmt: skip
    assert [file.name for file in inputs] == ["2026-Q3/form.xlsx"]


def test_workbook_whose_sheet_declares_too_few_rows(folder) -> None:
    source = zipfile.ZipFile(io.BytesIO(workbook(Sheet1=ROWS)))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name.endswith("sheet1.xml"):
                assert b'<dimension ref="A1:D4"' in part
                part = part.replace(b'<dimension ref="A1:D4"', b'<dimension ref="A1:A2"')
            target.writestr(name, part)
    folder.put(f"{NAME}.xlsx", buffer.getvalue())
    assert folder.one("T01").lines.height == 3


def test_parquet(folder) -> None:
    frame = pl.DataFrame(
        {"legal_status": ["foreigner"] * 3, "country": ["TR", None, "RU"], "sex": pl.Series(["M", "F", "M"], dtype=pl.Categorical),
         "persons": [1204.0, 3.5, 2.0]}
    )  # fmt: skip
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    folder.put(f"{NAME}.parquet", buffer.getvalue())
    assert texts(folder.one("T01"), *COLUMNS) == [
        (1, "foreigner", "TR", "M", "1204"),
        (2, "foreigner", "", "F", "3.5"),
        (3, "foreigner", "RU", "M", "2"),
    ]


def test_inputs_carry_name_size_and_hash(folder) -> None:
    path = folder.put(f"{NAME}.csv", delimited(ROWS))
    _, _, (file,) = folder.read("T01")
    import hashlib

    data = path.read_bytes()
    assert (file.name, file.size, file.sha256) == (
        f"2026-Q3/{NAME}.csv", len(data), hashlib.sha256(data).hexdigest(),
    )  # fmt: skip


@pytest.mark.parametrize("name", ["T01.csv", "Qeydiyyat.csv", "QEYDİYYAT.CSV", "Registered by citizenship.txt"])
def test_names_of_files(folder, name: str) -> None:
    folder.put(name, delimited(ROWS))
    assert folder.one("T01").lines.height == 3


def test_other_files_are_passed_over_or_named(folder, tmp_path: Path) -> None:
    folder.put(f"{NAME}.csv", delimited(ROWS))
    for name in (".hidden.csv", "~$form.xlsx", "README.md", "sub/registered_by_citizenship.csv"):
        folder.put(name, "x")
    folder.put("letter.pdf", b"%PDF")
    folder.put("unknown_table.csv", "a,b\n1,2\n")
    (tmp_path / "outside.csv").write_text("sex,persons\nM,1\n")
    (folder.exports / "2026-Q3" / "exempt_from_work_permit.csv").symlink_to(tmp_path / "outside.csv")
    _, findings, _ = folder.read()
    said = {(finding.message, finding.place.file) for finding in findings if finding.message != "export_missing"}
    assert said == {
        ("file_not_used", "2026-Q3/letter.pdf"),
        ("file_not_used", "2026-Q3/unknown_table.csv"),
        ("file_not_regular", "2026-Q3/exempt_from_work_permit.csv"),
    }
    assert sum(finding.message == "export_missing" for finding in findings) == 9
