"""From records to an edition that the check of received forms accepts, and what it says about where it comes from."""

import json
from pathlib import Path

import pytest

from form1.cli.main import run
from form1.definition import Form
from tests.tabulate.making import by_chance


def test_records_become_an_edition_that_is_accepted(
    form: Form, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    records = by_chance(form, tmp_path / "records", 400, youngest=20)
    folders = ["--exports", str(tmp_path / "exports"), "--output", str(tmp_path / "output"), "--lang", "en"]
    assert run(["build", "2026-Q3", "--records", str(records), *folders]) == 0, capfd.readouterr()
    edition = tmp_path / "output" / "2026-Q3" / "r1"
    manifest = json.loads((edition / "manifest.json").read_text(encoding="utf-8"))
    assert "2026-Q3/tabulation.json" in [file["name"] for file in manifest["inputs"]]
    # What sources.toml declares as a quarter is the year to date when it was counted so: nothing is added up.
    assert "were added up" not in capfd.readouterr().out
    workbook = edition / "form1-2026-Q3-r1.xlsx"
    assert run(["check", str(workbook), "--lang", "en"]) == 0
    capfd.readouterr()
    assert run(["explain", "2026-Q3/T08/T", *folders]) == 0
    assert "Counted from records: Work permits: every person is counted once" in capfd.readouterr().out
    assert run(["build", "2026-Q3", "--records", str(records), *folders]) == 0
    assert "r2" not in capfd.readouterr().out
    export = tmp_path / "exports" / "2026-Q3" / "exempt_from_work_permit.csv"
    export.write_text("sex,persons\nM,1\nF,2\n")
    assert run(["build", "2026-Q3", *folders]) == 0
    assert "the export was changed after it was counted from records" in capfd.readouterr().out


def test_bad_records_build_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "records").mkdir()
    call = ["build", "2026-Q3", "--records", str(tmp_path / "records"), "--exports", str(tmp_path / "exports")]
    assert run([*call, "--output", str(tmp_path / "output")]) == 4
    assert not (tmp_path / "output").exists()
