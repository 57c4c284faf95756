"""The sample received workbooks are what their script makes, and `form1 check` says of each what its README says."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from form1.cli.main import group
from tests.making import parts

pytestmark = pytest.mark.usefixtures("earlier_once")

SAMPLE = Path(__file__).parents[2] / "sample_data"
RECEIVED = SAMPLE / "received"


def test_the_script_writes_the_same_workbooks_again(tmp_path: Path) -> None:
    """The kept ones were made by an earlier run; the parts and what the package says of each, before compression."""
    script = [sys.executable, str(SAMPLE / "make_received.py"), "--output", str(tmp_path)]
    made = subprocess.run(
        script, env={**os.environ, "PYTHONPATH": str(SAMPLE.parent)}, capture_output=True, check=False
    )
    assert (made.returncode, made.stderr) == (0, b"")
    kept = sorted(RECEIVED.glob("*.xlsx"))
    assert [path.name for path in kept] == sorted(path.name for path in tmp_path.iterdir())
    for path in kept:
        assert parts(path) == parts(tmp_path / path.name), path.name
        assert _headers(path) == _headers(tmp_path / path.name), path.name


def _headers(workbook: Path) -> list[tuple[object, ...]]:
    with zipfile.ZipFile(workbook) as package:
        return [
            (each.compress_type, each.flag_bits, each.create_system, each.external_attr, each.extra, each.comment)
            for each in package.infolist()
        ]


def checked(name: str, *options: str) -> tuple[int, Any]:
    """Exit code and result of a check, without a word about any earlier period unless `options` name one."""
    call = ["check", str(RECEIVED / f"{name}.xlsx"), "--lang", "en", "--format", "json", "--exports", "nowhere"]
    result = CliRunner().invoke(group, [*call, "--editions", "nowhere", *options], standalone_mode=False)
    assert result.exception is None
    return result.return_value, json.loads(result.stdout)


def found_at(result: Any, cell: str, severity: str) -> list[str]:
    """The rules or messages of that severity at a cell of the sender's workbook."""
    return [
        finding["expression"]["expression"]
        for finding in result["findings"]
        if finding["value"] == "0"
        and cell in finding["data"]["target"]
        and finding["expression"]["severity"] == severity
    ]


@pytest.mark.parametrize(
    "name, code, verdict, cell, rule",
    [
        pytest.param("digits_exchanged", 3, "rejected", "3!D20", "D-COLUMNS.T03", id="a detail breaks a sum"),
        pytest.param("digits_exchanged", 3, "rejected", "2!E7", "D-MARGINS.T02-T03", id="and a margin"),
        pytest.param("total_not_updated", 3, "rejected", "1!D7", "D-ROWS.T01", id="a total not updated"),
        pytest.param(
            "edited_by_hand",
            3,
            "rejected",
            "MYİ əsaslar üzrə (yeni)!E25",
            "received_not_a_count",
            id="a count with a unit",
        ),
        pytest.param("formulas", 3, "rejected", "3!D20", "received_formula_without_value", id="no stored value"),
        pytest.param("formulas", 3, "rejected", "5!C7", "D-ROWS.T05", id="what the plug hides"),
        pytest.param("last_quarter_pasted", 3, "rejected", "1!D25", "R002.T01", id="the own country as a citizenship"),
        pytest.param("last_quarter_pasted", 3, "rejected", "5!C7", "D-MARGINS.T05-T06", id="last quarter's table"),
    ],
)
def test_a_broken_form_is_judged_at_its_cell(name: str, code: int, verdict: str, cell: str, rule: str) -> None:
    exit_code, result = checked(name)
    assert (exit_code, result["verdict"]) == (code, verdict)
    assert rule in found_at(result, cell, "error")


@pytest.mark.parametrize(
    "name, cell, message",
    [
        ("edited_by_hand", "MYİ əsaslar üzrə (yeni)!D20", "received_text_number"),
        ("formulas", "5!C7", "received_formula_constant"),
        ("total_not_updated", "1!E7", "received_tidy_differs"),
    ],
)
def test_what_is_only_odd_is_a_warning(name: str, cell: str, message: str) -> None:
    assert message in found_at(checked(name)[1], cell, "warning")


def test_inserted_rows_and_renamed_sheets_misplace_nothing() -> None:
    good, edited = checked("good")[1], checked("edited_by_hand")[1]
    of_content = [
        {
            f["expression"]["expression"]
            for f in result["findings"]
            if f["value"] == "0" and "R0" in f["expression"]["expression"]
        }
        for result in (good, edited)
    ]
    assert of_content[0] == of_content[1] != set()
    assert edited["errors"] == 1


def test_the_good_form_is_accepted() -> None:
    exit_code, result = checked("good", "--exports", str(SAMPLE / "exports"))
    assert (exit_code, result["verdict"], result["errors"], result["warnings"]) == (0, "accepted_with_warnings", 0, 2)


def test_the_file_with_macros_is_refused_in_one_line() -> None:
    exit_code, result = checked("macros_inside")
    assert (exit_code, result["verdict"]) == (4, "refused")
    assert ".xlsm" in result["refusal"]
    assert len(result["refusal"]) <= 200


def test_the_example_of_accepted_warnings_is_read(tmp_path: Path) -> None:
    """The entry in docs/check.md speaks of a warning of the good form."""
    page = (SAMPLE.parent / "docs" / "check.md").read_text(encoding="utf-8")
    block = re.search(r"```toml\n(\[\[accepted\]\].*?)```", page, re.DOTALL)
    assert block is not None
    file = tmp_path / "accepted.toml"
    file.write_text(re.sub(r"expires = \S+", "expires = 9999-12-31", block[1]), encoding="utf-8")
    assert checked("good", "--accepted", str(file))[1]["warnings"] == checked("good")[1]["warnings"] - 1


def test_the_readme_names_every_workbook() -> None:
    readme = (RECEIVED / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in RECEIVED.glob("*.xlsx") if f"`{path.name}`" not in readme] == []
