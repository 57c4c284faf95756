"""Whether an export came whole: the end of its last line, sums beside it, packing, and the quarter before."""

import gzip
import hashlib
import io
import shutil
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from form1.build.gathering import gather
from form1.build.sources import read_period, what_is_gone
from form1.build.sources.text import read_text
from form1.core.periods import Period
from tests.build.sources.conftest import PERIOD, texts

NAME = "exempt_from_work_permit.csv"
WHOLE = "sex,persons\nM,14631\nF,6633\n"
ROWS = "country,decision,persons\n" + "".join(f"C{number},issued,{number}\n" for number in range(1, 31))


def messages(folder, *tables: str) -> list[tuple[str, str, int]]:
    return [(each.message, each.place.file.rpartition("/")[2], each.place.line) for each in folder.read(*tables)[1]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_last_line_without_an_end_may_be_cut(folder, end: str) -> None:
    """663 for 6633 looks like a count: nobody can tell, so nobody guesses."""
    folder.put(NAME, WHOLE.replace("\n", end).rstrip().removesuffix("3"))
    assert messages(folder, "T10") == [("export_cut", NAME, 3)]
    assert folder.read("T10")[1][0].severity == "error"


@pytest.mark.parametrize("content", [WHOLE, WHOLE + "\x1a", WHOLE.rstrip() + "\x1a", WHOLE + "\n\n"])
def test_an_end_of_a_line_or_of_a_text_is_whole(folder, content: str) -> None:
    folder.put(NAME, content)
    assert texts(folder.one("T10"), "persons") == [("14631",), ("6633",)]


def test_an_open_last_line_is_whole_where_the_office_or_a_sum_says_so(folder) -> None:
    path = folder.put(NAME, WHOLE.rstrip())
    folder.put("SHA256SUMS", f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {NAME}\n")
    assert messages(folder, "T10") == []
    (path.parent / "SHA256SUMS").unlink()
    source = folder.form.source_of("T10").model_copy(update={"last_line_open": True})
    sources = tuple(source if each.table == "T10" else each for each in folder.form.sources.source)
    folder.form = replace(folder.form, sources=folder.form.sources.model_copy(update={"source": sources}))
    assert messages(folder, "T10") == []


def test_sums_beside_exports(folder) -> None:
    for name in ("T03.csv", "T05.csv", NAME):
        folder.put(name, WHOLE)
    right = hashlib.sha256(WHOLE.encode()).hexdigest()
    folder.put("SHA256SUMS", f"{right}  T03.csv\n{'0' * 64} *./{NAME}\n{right}  T07.csv\n")
    found = [each for each in folder.read("T03", "T05", "T07", "T10")[1] if "_sums_" in each.message]
    assert [(each.message, each.place.file, each.severity) for each in found] == [
        ("export_sums_unlisted", "2026-Q3/T05.csv", "warning"),
        ("records_sums_differ", f"2026-Q3/{NAME}", "error"),
        ("records_sums_absent", "2026-Q3/T07.csv", "error"),
    ]
    assert [each.message for each in folder.read("T01")[1]] == ["export_missing"]


def test_a_list_that_nobody_understands_proves_nothing(folder) -> None:
    folder.put(NAME, WHOLE.rstrip())
    folder.put("SHA256SUMS", f"{hashlib.sha256(WHOLE.rstrip().encode()).hexdigest()}  {NAME}\nwhat is this\n")
    found = [(each.message, each.place.line) for each in folder.read()[1] if each.message != "export_missing"]
    assert found == [("records_sums_line", 2), ("export_cut", 3)]


def test_gzip(folder) -> None:
    packed = gzip.compress(WHOLE.encode())
    folder.put(f"{NAME}.gz", packed)
    assert texts(folder.one("T10"), "sex", "persons") == [("M", "14631"), ("F", "6633")]
    folder.put(f"{NAME}.gz", packed[:-9])
    assert messages(folder, "T10") == [("export_packed_cut", f"{NAME}.gz", 0)]
    folder.put(f"{NAME}.gz", gzip.compress(bytes(65 * 1024**2)))
    assert messages(folder, "T10") == [("file_too_large", f"{NAME}.gz", 0)]


@pytest.mark.parametrize("encoding", ["cp866", "cp1251", "utf-16-le", "utf-8"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_russian_in_every_encoding(encoding: str, delimiter: str) -> None:
    rows = (("Пол", "Страна", "Численность"), ("Мужчины", "Азербайджан", "12"), ("Женщины", "Соединённые Штаты", "7"))
    data = "".join(delimiter.join(row) + "\r\n" for row in rows).encode(encoding)
    assert read_text(data).rows == rows


def test_an_unquoted_comma_of_thousands_is_one_field_too_many(folder) -> None:
    """Every line ends with the delimiter, the head too: the field more must not vanish in a column without a name."""
    folder.put("work_permits_by_residence.csv", "country,decision,persons,\nTR,issued,1,724,\nRU,issued,24,\n")
    assert messages(folder, "T07") == [("row_ragged", "work_permits_by_residence.csv", 2)]
    assert folder.read("T07")[1][0].severity == "error"


def test_a_folder_of_parquet_parts_is_one_export(folder) -> None:
    for part, women in (("part-00000", 1), ("part-00001", 2)):
        folder.put(
            f"T10.parquet/{part}.snappy.parquet", parquet({"sex": ["M" if women == 1 else "F"], "persons": [women]})
        )
        folder.put(f"T10.parquet/.{part}.snappy.parquet.crc", b"x")
    folder.put("T10.parquet/_SUCCESS", b"")
    assert texts(folder.one("T10"), "sex", "persons") == [("M", "1"), ("F", "2")]
    folder.put("T10.parquet/part-00002.parquet", parquet({"sex": ["F"], "count": [1]}))
    assert messages(folder, "T10") == [("parquet_parts_differ", "T10.parquet", 0)]


def test_parquet_of_databases(folder) -> None:
    frame = pl.DataFrame({"sex": [b"M", "Qadın".encode(), b"F"], "persons": ["14631.0000000000", "6633", "0.5"]})
    folder.put("T10.parquet", parquet(frame.with_columns(pl.col("persons").cast(pl.Decimal(38, 10)))))
    assert texts(folder.one("T10"), "sex", "persons") == [("M", "14631"), ("Qadın", "6633"), ("F", "0.5")]


def test_parquet_without_rows(folder) -> None:
    folder.put("T10.parquet", parquet(pl.DataFrame(schema={"sex": pl.String, "persons": pl.Int64})))
    assert messages(folder, "T10") == [("parquet_without_rows", "T10.parquet", 0)]


def parquet(content: object) -> bytes:
    buffer = io.BytesIO()
    pl.DataFrame(content).write_parquet(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("kept", "total", "told"),
    [
        pytest.param(30, "Cəmi,issued,465\n", [], id="whole"),
        pytest.param(21, "Cəmi,issued,231\n", [], id="seven of ten"),
        pytest.param(
            20, "Cəmi,issued,210\n", [("export_shrunk", {"rows": 20, "before": 30, "other": "2026-Q2"})], id="fewer"
        ),
        pytest.param(29, "", [("export_total_gone", {"label": "Cəmi", "other": "2026-Q2"})], id="total gone"),
        pytest.param(30, "", [], id="whole without a total"),
        pytest.param(30, "T,issued,465\n", [], id="total of another name"),
    ],
)
def test_what_is_gone_since_the_quarter_before(folder, kept: int, total: str, told: list[object]) -> None:
    name = "work_permits_by_residence.csv"
    folder.put(name, "".join(ROWS.splitlines(keepends=True)[: kept + 1]) + total + "C0,issued,0\n" * 5)
    now = folder.read("T07")[0]
    folder.put(name, ROWS + "Cəmi,issued,465\n")
    before = folder.read("T07")[0]
    found = list(what_is_gone(folder.form, now, before, "2026-Q2"))
    assert [(each.message, dict(each.facts)) for each in found] == told
    assert all(each.severity == "warning" and each.place.file == f"2026-Q3/{name}" for each in found)


def test_the_sample_has_lost_nothing(form) -> None:
    exports = Path(__file__).parents[3] / "sample_data" / "exports"
    quarters = [read_period(form, exports, period).exports for period in (Period.parse("2026-Q2"), PERIOD)]
    assert list(what_is_gone(form, quarters[1], quarters[0], "2026-Q2")) == []


def test_an_export_that_lost_rows_is_told_of_when_a_form_is_filled(form, tmp_path) -> None:
    sample = Path(__file__).parents[3] / "sample_data" / "exports"
    for quarter in ("2026-Q1", "2026-Q2", "2026-Q3"):
        shutil.copytree(sample / quarter, tmp_path / quarter)
    cut = tmp_path / "2026-Q3" / "work_permits_by_residence.csv"
    lines = cut.read_bytes().splitlines(keepends=True)
    cut.write_bytes(b"".join(lines[:47]))
    found = [each for each in gather(form, tmp_path, PERIOD, ["T07"]).findings if each.message == "export_shrunk"]
    assert [(each.place.table, each.facts["before"], each.facts["other"]) for each in found] == [("T07", 80, "2026-Q2")]
