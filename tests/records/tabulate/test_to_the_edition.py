"""From records to an edition that the check of received forms accepts, and what it says about where it comes from.

The records are invented and the annex is asked for, so that one edition shows both.
"""

import csv
import json
from pathlib import Path

import openpyxl
import pypdfium2
import pytest

from form1.cli.main import run
from tests.records.tabulate import plain


def test_records_become_an_edition_that_is_accepted(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    records, exports = str(tmp_path / "records"), tmp_path / "exports"
    folders = ["--exports", str(exports), "--output", str(tmp_path / "output"), "--lang", "en", "--annex", "residents"]
    assert run(["sample-records", "2026-Q3", "--persons", "2000", "--records", records, "--lang", "en"]) == 0
    assert "nobody in them exists" in capfd.readouterr().out
    assert run(["build", "2026-Q3", "--records", records, *folders]) == 0, capfd.readouterr()
    said = capfd.readouterr().out
    edition = tmp_path / "output" / "2026-Q3" / "r1"
    manifest = json.loads((edition / "manifest.json").read_text(encoding="utf-8"))
    assert "2026-Q3/tabulation.json" in [file["name"] for file in manifest["inputs"]]
    # What sources.toml declares as a quarter is the year to date when it was counted so: nothing is added up.
    assert "were added up" not in said
    _says_that_it_is_invented(said, exports, edition)
    _holds_the_annex(exports, edition)
    results = tmp_path / "checks"
    assert run(["check", str(edition / "form1-2026-Q3-r1.xlsx"), "--output", str(results), "--lang", "en"]) == 0
    assert "it was made from invented records" in capfd.readouterr().out
    (read_back,) = results.glob("*/cells.csv")
    assert read_back.read_bytes() == (edition / "cells.csv").read_bytes()
    capfd.readouterr()
    assert run(["explain", "2026-Q3/T08/T", *folders]) == 0
    assert "Counted from records: Work permits: every person is counted once" in capfd.readouterr().out
    assert run(["explain", "2026-Q3/A03/T", *folders]) == 0
    assert "a stay of at least 12 months is residence" in capfd.readouterr().out
    assert run(["build", "2026-Q3", "--records", records, *folders]) == 0
    assert "r2" not in capfd.readouterr().out
    export = exports / "2026-Q3" / "exempt_from_work_permit.csv"
    export.write_text("sex,persons\nM,-1\nF,2\n")
    assert run(["build", "2026-Q3", *folders]) == 3
    assert "the export was changed after it was counted from records" in capfd.readouterr().out


def _says_that_it_is_invented(said: str, exports: Path, edition: Path) -> None:
    assert "warning: INVENTED.json" in said and "counted from invented records" in said
    assert json.loads((exports / "2026-Q3" / "tabulation.json").read_text(encoding="utf-8"))["invented"] is True
    pages = pypdfium2.PdfDocument(edition / "form1-2026-Q3-r1.pdf")
    assert all("INVENTED DATA" in page.get_textpage().get_text_range() for page in pages)
    sheets = openpyxl.load_workbook(edition / "form1-2026-Q3-r1.xlsx").worksheets
    assert all("INVENTED DATA" in str(sheet.oddFooter.center.text) for sheet in sheets)


def _holds_the_annex(exports: Path, edition: Path) -> None:
    expected = {name: cells.total() for name, cells in plain.written(exports, "2026-Q3").items()}
    cells = csv.DictReader((edition / "cells.csv").read_text(encoding="utf-8").splitlines())
    totals = {c["table"]: int(c["value"]) for c in cells if c["row"] == "T" and set(c["column"]) <= {"T", "."}}
    assert {name: totals[name] for name in expected} == expected
    assert expected["A03"] > expected["A01"] > 0
    pages = pypdfium2.PdfDocument(edition / "form1-2026-Q3-r1.pdf")
    text = " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())
    assert "no part of Form No. 1" in text


def test_bad_records_build_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "records").mkdir()
    call = ["build", "2026-Q3", "--records", str(tmp_path / "records"), "--exports", str(tmp_path / "exports")]
    assert run([*call, "--output", str(tmp_path / "output")]) == 4
    assert not (tmp_path / "output").exists()
