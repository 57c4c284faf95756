"""From the sample exports to editions: every number agrees everywhere, and with sums made without this program."""

import csv
import hashlib
import io
import itertools
import json
import os
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import openpyxl
import page
import polars as pl
import pytest

from form1.build import recipe
from form1.build.recipe import BuildOrder, BuildOutcome, build
from form1.core.periods import Period
from form1.definition import Form
from tests.making import REPOSITORY, SAMPLE
from tests.render import spoken
from tests.unattended import quick

pytestmark = pytest.mark.usefixtures("earlier_once")

CASES = [("2026-Q3", "az"), ("2026-Q1", "en"), ("2025", "ru")]
OTHER_EXPORTS = ["2026-Q2", "2025-Q4"]
"""Periods whose exports are written in other ways; their drawing is that of the others."""
TOTAL_WORDS = {"Cəmi", "Total", "Итого", "Всего", "Yekun"}
MEN, WOMEN = {"M", "Kişi", "Men", "Мужчины"}, {"F", "Qadın", "Women", "Женщины"}


@pytest.fixture(scope="module", params=CASES, ids=lambda case: f"{case[0]} {case[1]}")
def built(request, form: Form, tmp_path_factory, earlier_once: None) -> BuildOutcome:
    period, language = request.param
    output = tmp_path_factory.mktemp("output")
    return build(BuildOrder(form, Period.parse(period), SAMPLE, output, language))


@pytest.fixture(scope="module", params=OTHER_EXPORTS)
def counted(request, form: Form, tmp_path_factory, earlier_once: None) -> BuildOutcome:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recipe, "draw", quick.draw)
        return build(BuildOrder(form, Period.parse(request.param), SAMPLE, tmp_path_factory.mktemp("output"), "az"))


def _cells(outcome: BuildOutcome) -> dict[tuple[str, str, str], str]:
    assert outcome.edition is not None
    with (outcome.edition / "cells.csv").open(encoding="utf-8", newline="") as file:
        return {(row["table"], row["row"], row["column"]): row["value"] for row in csv.DictReader(file)}


def test_the_edition_is_complete(built: BuildOutcome) -> None:
    assert built.edition is not None
    name = built.submission.name
    assert sorted(path.name for path in built.edition.iterdir()) == sorted(
        [
            f"{name}.xlsx",
            f"{name}.pdf",
            "cells.csv",
            "datapackage.json",
            "findings.json",
            "manifest.json",
            "metadata.json",
            "report.html",
        ]
    )
    tables = {table for table, _, _ in _cells(built)}
    assert tables == {f"T{number:02d}" for number in range(1, 11)}
    assert "" not in _cells(built).values()


def test_the_cells_are_what_the_table_schema_says(built: BuildOutcome) -> None:
    assert built.edition is not None
    package = json.loads((built.edition / "datapackage.json").read_bytes())
    (resource,) = package["resources"]
    content = (built.edition / resource["path"]).read_bytes()
    assert re.fullmatch(r"[a-z0-9._-]+", package["name"])
    assert (resource["bytes"], resource["hash"]) == (len(content), f"sha256:{hashlib.sha256(content).hexdigest()}")
    head, *rows = csv.reader(content.decode(resource["encoding"]).split("\n")[:-1])
    fields = resource["schema"]["fields"]
    assert head == [field["name"] for field in fields]
    key = [head.index(name) for name in resource["schema"]["primaryKey"]]
    assert len({tuple(row[place] for place in key) for row in rows}) == len(rows)
    for row in rows:
        for field, written in zip(fields, row, strict=True):
            limits = field.get("constraints", {})
            assert written or not limits.get("required")
            assert written in limits.get("enum", [written])
            assert field["type"] == "string" or not written or written.isdecimal()


def test_the_pdf_meets_both_standards_and_holds_the_files_beside_it(built: BuildOutcome) -> None:
    assert built.edition is not None
    path = built.edition / f"{built.submission.name}.pdf"
    for profile in spoken.PROFILES:
        assert not [failure.message for failure in page.validate_pdf(path, profile=profile).failures]
    assert list(spoken.attachments(path)) == []
    manifest = json.loads((built.edition / "manifest.json").read_bytes())
    assert manifest["attached"] == ["cells.csv", "findings.json", "metadata.json"]


def test_every_number_of_an_edition_is_announced_with_its_heads(built: BuildOutcome) -> None:
    if built.submission.language != "ru":
        pytest.skip("one edition in full; all of them: python -m tests.render.spoken")
    assert built.edition is not None
    heard = spoken.listen((built.edition / f"{built.submission.name}.pdf").read_bytes(), built.submission)
    assert heard.wrong == []
    assert heard.cells > 4000


def test_totals_equal_sums_of_the_raw_exports(built: BuildOutcome) -> None:
    _hold_totals(built)


def test_totals_equal_sums_of_exports_written_in_other_ways(counted: BuildOutcome) -> None:
    assert counted.submission.verdict == "accepted_with_warnings"
    _hold_totals(counted)


def _hold_totals(outcome: BuildOutcome) -> None:
    """Read without this program: csv, openpyxl and polars only, and the rule of what a quarter covers."""
    period = outcome.submission.period
    cells = _cells(outcome)
    for table, source in ((source.table, source) for source in outcome.submission.form.sources.source):
        folders = [str(period)]
        if table == "T07" and period.year == 2026:
            folders = [f"2026-Q{quarter}" for quarter in range(1, period.quarter + 1)]
        sums = {"T": 0, "M": 0, "F": 0}
        for folder in folders:
            for key, value in _raw_sums(SAMPLE / folder, source.name, set(source.also_named)).items():
                sums[key] += value
        columns = {"T08": "T.{}", "T09": "T.{}"}.get(table, "{}")
        assert cells[table, "T", columns.format("T")] == str(sums["T"]), table
        if table != "T07":
            assert cells[table, "T", columns.format("M")] == str(sums["M"]), table
            assert cells[table, "T", columns.format("F")] == str(sums["F"]), table


def _raw_sums(folder: Path, name: str, also: set[str]) -> dict[str, int]:
    rows = [[("" if cell is None else str(cell)).strip() for cell in row] for row in _raw_rows(folder, name, also)]
    start = next(n for n, row in enumerate(rows) if sum(map(bool, row)) >= 2 and not any(c.isdigit() for c in row))
    head, body = rows[start], [row for row in rows[start + 1 :] if any(row)]
    body = [row for row in body if not (set(row) & TOTAL_WORDS) and not any(c.endswith("iqtisadi rayonu") for c in row)]
    across = [n for n, title in enumerate(head) if title in MEN | WOMEN | {"Verilmiş", "Müddəti uzadılmış"}]
    # A letter M or F in another column may be a section of activity: sex is the column that holds nothing else.
    sex = next((n for n in range(len(head)) if {row[n] for row in body} <= MEN | WOMEN), 0)
    sums = {"T": 0, "M": 0, "F": 0}
    for row in body:
        for n in across or [len(head) - 1]:
            count = int(float(row[n])) if row[n] not in {"", "-"} else 0
            sums["T"] += count
            for key, words in (("M", MEN), ("F", WOMEN)):
                if head[n] in words if across else row[sex] in words:
                    sums[key] += count
    return sums


def _raw_rows(folder: Path, name: str, also: set[str]) -> list[list[object]]:
    for path in sorted(folder.iterdir()):
        if path.suffix == ".xlsx":
            book = openpyxl.load_workbook(path, data_only=True)
            for sheet in book.worksheets:
                if path.stem == name or sheet.title in also | {name}:
                    return [list(row) for row in sheet.iter_rows(values_only=True)]
        elif path.stem == name and path.suffix == ".parquet":
            frame = pl.read_parquet(path)
            return [list(frame.columns), *map(list, frame.rows())]
        elif path.stem == name:
            return _raw_text(path.read_bytes())
    raise AssertionError(f"no export {name} in {folder}")


def _raw_text(content: bytes) -> list[list[object]]:
    for encoding in ("utf-16", "utf-8-sig", "cp1251", "cp1254"):
        try:
            text = content.decode(encoding)
        except UnicodeError:
            continue
        if encoding == "utf-16" and content[:2] not in {b"\xff\xfe", b"\xfe\xff"}:
            continue
        if encoding == "cp1251" and "Гражданство" not in text:
            continue
        break
    separator = max(";\t,", key=text.split("\n")[0].count)
    return [list(row) for row in csv.reader(io.StringIO(text), delimiter=separator)]


def test_the_workbook_says_what_cells_csv_says(built: BuildOutcome) -> None:
    assert built.edition is not None
    book = openpyxl.load_workbook(built.edition / f"{built.submission.name}.xlsx")
    cells = _cells(built)
    seen = 0
    for table, layout in built.submission.layouts.items():
        sheet = book[str(layout.table.number)]
        numbers = next(
            row
            for row in sheet.iter_rows()
            if (texts := [str(cell.value) for cell in row]) and "1" in texts and len(texts[0]) == 1
        )
        column_of = {int(cell.value): cell.column for cell in numbers if str(cell.value).isdigit()}
        line_column = column_of[1] - 1
        row_of = {
            str(sheet.cell(number, line_column).value): number
            for number in range(numbers[0].row + 1, sheet.max_row + 1)
        }
        for row, column in itertools.product(layout.rows, layout.columns):
            value = sheet.cell(row_of[row.line], column_of[column.number]).value
            assert str(value) == cells[table, row.code, column.code], (table, row.code, column.code)
            seen += 1
    assert seen == len(cells)


def test_the_pdf_says_what_cells_csv_says(built: BuildOutcome) -> None:
    """The text of the PDF holds, for every row of every panel, its line code and its numbers in order."""
    import pypdfium2

    assert built.edition is not None
    document = pypdfium2.PdfDocument(built.edition / f"{built.submission.name}.pdf")
    pages = [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
    text = re.sub(r"[\s\u00a0]+", " ", " ".join(pages)).replace("\ufffe", "-")
    cells = _cells(built)
    for table, layout in built.submission.layouts.items():
        for row in layout.rows:
            for panel in layout.panels:
                wanted = [_shown(cells[table, row.code, column.code]) for column in panel]
                code = f"{re.escape(row.shown_code)} " if row.shown_code and layout.table.rows.show_code else ""
                pattern = rf"{code}(?<![0-9]){row.line} {' '.join(map(re.escape, wanted))}(?![0-9])"
                assert re.search(pattern, text), (table, row.code, pattern)


def _shown(value: str) -> str:
    return "-" if value == "0" else f"{int(value):,}".replace(",", " ")


def test_every_rule_ended_and_none_failed_with_an_error(built: BuildOutcome) -> None:
    results = {result.rule: result.outcome for result in built.submission.results}
    assert len(results) > 100
    assert {finding.severity for finding in built.submission.findings} <= {"warning", "information"}
    assert built.submission.verdict == "accepted_with_warnings"


def test_findings_json_has_the_shape_of_a_validation_report(built: BuildOutcome) -> None:
    assert built.edition is not None
    entries = json.loads((built.edition / "findings.json").read_text(encoding="utf-8"))
    for entry in entries:
        assert entry["type"] == "validation" and entry["value"] in {"0", "1", "NA"}
        assert {"time", "actor"} <= entry["event"].keys()
        assert {"language", "expression", "severity"} <= entry["expression"].keys()
        assert entry["expression"]["severity"] in {"information", "warning", "error"}
        assert all(isinstance(part, str) for key in ("source", "target") for part in entry["data"][key])
    assert len({entry["id"] for entry in entries}) == len(entries)


def test_the_manifest_holds_every_file(built: BuildOutcome) -> None:
    assert built.edition is not None
    manifest = json.loads((built.edition / "manifest.json").read_text(encoding="utf-8"))
    listed = {file["name"]: file["sha256"] for file in manifest["outputs"]}
    there = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in built.edition.iterdir()
        if path.name != "manifest.json"
    }
    assert listed == there
    for file in manifest["inputs"]:
        assert hashlib.sha256((SAMPLE / file["name"]).read_bytes()).hexdigest() == file["sha256"]
    assert str(REPOSITORY) not in (built.edition / "manifest.json").read_text(encoding="utf-8")


def test_unchanged_inputs_publish_nothing(built: BuildOutcome, form: Form) -> None:
    assert built.edition is not None
    submission = built.submission
    again = build(BuildOrder(form, submission.period, SAMPLE, built.edition.parents[1], submission.language))
    assert (again.edition, again.is_new) == (built.edition, False)


@pytest.mark.parametrize("built", CASES[:1], indirect=True, ids=["2026-Q3 az"])
def test_the_same_build_elsewhere_gives_the_same_bytes(built: BuildOutcome, tmp_path: Path) -> None:
    """Another process, time zone, hash seed, locale and folder: identical sha256 for every file."""
    elsewhere = {"TZ": "Asia/Vladivostok", "PYTHONHASHSEED": "2", "LC_ALL": "C", "PYTHONPATH": str(REPOSITORY)}
    code = (
        "import sys; from pathlib import Path; from form1.build.recipe import BuildOrder, build\n"
        "from form1.core.periods import Period; from form1.definition import load\n"
        "build(BuildOrder(load(), Period(2026, 3), *map(Path, sys.argv[1:])))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(SAMPLE), str(tmp_path / "there")],
        env={**os.environ, **elsewhere},
        cwd=tmp_path,
        capture_output=True,
        check=False,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    assert built.edition is not None
    here, there = (
        {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}
        for folder in (built.edition, tmp_path / "there" / "2026-Q3" / "r1")
    )
    assert here == there and len(here) == 8


@pytest.mark.usefixtures("quick_drawing")
def test_a_period_that_is_not_over_is_not_published(form: Form, tmp_path: Path) -> None:
    now = datetime.fromisoformat("2026-09-30T12:00:00+04:00")
    outcome = build(BuildOrder(form, Period(2026, 3), SAMPLE, tmp_path / "output", "en", now=now))
    errors = [finding.message for finding in outcome.submission.findings if finding.severity == "error"]
    assert (outcome.edition, errors) == (None, ["period_not_over"])
