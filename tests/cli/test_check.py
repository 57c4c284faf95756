"""check, compare and verify as the committee's staff call them."""

import csv
import json
import shutil
from pathlib import Path

import openpyxl
import pytest

from form1.build.recipe import BuildOrder, build
from form1.cli.main import run
from form1.core.periods import Period
from form1.definition import Form
from tests.making import SAMPLE

pytestmark = pytest.mark.usefixtures("earlier_once")

NOWHERE = ["--exports", "none", "--editions", "none", "--lang", "en"]


@pytest.fixture(scope="module")
def edition(form: Form, tmp_path_factory, earlier_once: None) -> Path:
    outcome = build(BuildOrder(form, Period(2026, 3), SAMPLE, tmp_path_factory.mktemp("output"), "az"))
    assert outcome.edition is not None
    return outcome.edition


@pytest.fixture
def good(edition: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(edition / "form1-2026-Q3-r1.xlsx", tmp_path / "received.xlsx"))


def _edit(path: Path, to: Path, edits: dict[tuple[str, str], object]) -> Path:
    """Save a copy of a workbook with other values in cells given as sheet and row code, in the total column."""
    book = openpyxl.load_workbook(path)
    for (sheet, code), value in edits.items():
        row = next(row for row in book[sheet].iter_rows() if code in {str(cell.value) for cell in row[:3]})
        first = next(cell for cell in row if isinstance(cell.value, int))
        first.value = value(first.value) if callable(value) else value
    book.save(to)
    return to


@pytest.fixture
def broken(good: Path, tmp_path: Path) -> Path:
    """The total of study (45.1.9) is ten too high."""
    return _edit(good, tmp_path / "broken.xlsx", {("3", "45.1.9"): lambda value: value + 10})


def test_a_good_form(good: Path, edition: Path, tmp_path: Path, capsys) -> None:
    assert run(["check", str(good), "--output", str(tmp_path / "checks"), *NOWHERE]) == 0
    shown = capsys.readouterr().out
    assert "received.xlsx (2026-Q3): accepted with warnings (Errors: 0" in shown
    (folder,) = (tmp_path / "checks").iterdir()
    assert sorted(path.name for path in folder.iterdir()) == [
        "annotated.xlsx",
        "cells.csv",
        "errors.xlsx",
        "findings.json",
        "letter.pdf",
        "letter.txt",
        "receipt.json",
        "report.html",
    ]
    assert (folder / "cells.csv").read_bytes() == (edition / "cells.csv").read_bytes()


def test_a_broken_form_names_cell_cause_and_sum(broken: Path, capsys) -> None:
    assert run(["check", str(broken), *NOWHERE]) == 3
    shown = capsys.readouterr().out.replace("\u00a0", " ")
    cause = next(line for line in shown.splitlines() if line.startswith("1. "))
    assert "T03 · line 15" in cause and "(3!D" in cause
    error = next(line for line in shown.splitlines() if line.startswith("error: T03 · line 15"))
    assert "should equal" in error and "difference 10" in error and "[Cause 1]" in error
    assert "broken.xlsx (2026-Q3): rejected" in shown


def test_the_annotated_copy_lists_each_finding_with_its_cell_and_colour(broken: Path, tmp_path: Path) -> None:
    assert run(["check", str(broken), "--output", str(tmp_path / "checks"), *NOWHERE]) == 3
    (copy,) = (tmp_path / "checks").glob("*/annotated.xlsx")
    rows = list(openpyxl.load_workbook(copy).worksheets[0].iter_rows())
    head = next(number for number, row in enumerate(rows) if row[0].value == "Where")
    assert rows[head][1].value == "Severity"
    listed = rows[head + 1 :]
    linked = [row for row in listed if row[0].hyperlink]
    assert linked and all(row[0].hyperlink.location.replace("'", "") == row[0].value for row in linked)
    colours: dict[str, set[str]] = {}
    for row in listed:
        colours.setdefault(row[1].value, set()).add(row[0].fill.fgColor.rgb)
    assert {"Cause", "error", "warning"} <= colours.keys()
    assert all(len(each) == 1 for each in colours.values())
    assert colours["error"] != colours["warning"]
    cause = next(row[2].value for row in listed if row[1].value == "Cause")
    assert "→" in cause and "would be" not in cause


def test_without_output_nothing_is_written(good: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(path.name for path in tmp_path.rglob("*"))
    assert run(["check", str(good), *NOWHERE]) == 0
    assert sorted(path.name for path in tmp_path.rglob("*")) == before


def test_json(broken: Path, capsys) -> None:
    assert run(["check", str(broken), "--format", "json", *NOWHERE]) == 3
    result = json.loads(capsys.readouterr().out)
    assert (result["verdict"], result["period"]) == ("rejected", "2026-Q3")
    assert result["errors"] == sum(
        entry["value"] == "0" and entry["expression"]["severity"] == "error" for entry in result["findings"]
    )


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        pytest.param("a.xlsx", b"", "empty", id="empty"),
        pytest.param("a.xlsx", b"sex,persons\nM,1\n", "", id="text"),
        pytest.param("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "", id="old Excel"),
        pytest.param("a.xlsx", b"PK\x03\x04 cut", "", id="cut"),
    ],
)
def test_a_refusal_is_one_line(tmp_path: Path, capsys, name: str, content: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert run(["check", str(tmp_path / name), "--output", str(tmp_path / "checks"), *NOWHERE]) == 4
    shown = capsys.readouterr().out
    assert shown.startswith(f"{name}: refused: ") and says in shown and len(shown.splitlines()) == 2
    (folder,) = (tmp_path / "checks").iterdir()
    assert {path.name for path in folder.iterdir()} == {"receipt.json", "letter.txt", "letter.pdf"}
    assert json.loads((folder / "receipt.json").read_text())["verdict"] == "refused"


def test_a_file_that_is_not_there(tmp_path: Path, capsys) -> None:
    assert run(["check", str(tmp_path / "absent.xlsx"), *NOWHERE]) == 4
    assert "no file" in capsys.readouterr().err


def test_resubmission(good: Path, broken: Path, tmp_path: Path, capsys) -> None:
    second = _edit(good, tmp_path / "second.xlsx", {("5", "03"): lambda value: value + 5})
    assert run(["check", str(second), "--against", str(broken), *NOWHERE]) == 3
    shown = capsys.readouterr().out
    assert "== Fixed: 3, new: 3, still open: 2" in shown
    assert sum(line.startswith("Fixed: T03") for line in shown.splitlines()) == 3
    assert sum(line.endswith("[new]") for line in shown.splitlines()) == 3


def test_resubmission_against_an_earlier_result(good: Path, broken: Path, tmp_path: Path, capsys) -> None:
    assert run(["check", str(broken), "--output", str(tmp_path / "checks"), *NOWHERE]) == 3
    (folder,) = (tmp_path / "checks").iterdir()
    capsys.readouterr()
    assert run(["check", str(good), "--against", str(folder), *NOWHERE]) == 0
    assert "== Fixed: 3, new: 0, still open: 2" in capsys.readouterr().out


def test_nothing_to_compare_with(good: Path, tmp_path: Path, capsys) -> None:
    assert run(["check", str(good), "--against", str(tmp_path / "absent.xlsx"), *NOWHERE]) == 4
    assert "absent.xlsx to compare with" in capsys.readouterr().err


def test_accepted_warnings(good: Path, tmp_path: Path, capsys) -> None:
    accepted = tmp_path / "accepted.toml"
    accepted.write_text(
        '[[accepted]]\nrule = "R004"\nperiods = ["2026-Q3"]\nhighest = 20\nexpires = 2099-12-31\n'
        'reason = "known cases, documents pending"\nperson = "head of unit"\n'
    )
    assert run(["check", str(good), "--accepted", str(accepted), *NOWHERE]) == 0
    shown = capsys.readouterr().out
    assert "[known: known cases, documents pending (head of unit, 2099-12-31)]" in shown
    assert "(2026-Q3): accepted (Errors: 0, Warnings: 0" in shown


def test_a_folder(good: Path, broken: Path, tmp_path: Path, capsys) -> None:
    (tmp_path / "third.xlsx").write_bytes(b"no workbook")
    (tmp_path / "~$lock.xlsx").write_bytes(b"x")
    assert run(["check", str(tmp_path), "--output", str(tmp_path / "checks"), *NOWHERE]) == 4
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(": ")[0] for line in lines] == ["broken.xlsx", "received.xlsx", "third.xlsx", "total"]
    assert "rejected" in lines[0] and "accepted with warnings" in lines[1] and "refused" in lines[2]
    assert len(list((tmp_path / "checks").iterdir())) == 3


def test_an_empty_folder(tmp_path: Path, capsys) -> None:
    assert run(["check", str(tmp_path), *NOWHERE]) == 4
    assert "holds no workbook" in capsys.readouterr().err


def test_verify(good: Path, broken: Path, tmp_path: Path, capsys) -> None:
    assert run(["check", str(good), "--output", str(tmp_path / "checks"), *NOWHERE]) == 0
    (receipt,) = (tmp_path / "checks").glob("*/receipt.json")
    assert run(["verify", str(receipt), str(good), "--lang", "en"]) == 0
    assert "is the file that was received" in capsys.readouterr().out
    assert run(["verify", str(receipt), str(broken), "--lang", "en"]) == 3
    assert "is not the file that was received" in capsys.readouterr().out
    receipt.write_text(receipt.read_text().replace("accepted_with_warnings", "accepted"))
    assert run(["verify", str(receipt), str(good), "--lang", "en"]) == 4
    assert "seal is broken" in capsys.readouterr().err


def test_compare(good: Path, broken: Path, edition: Path, capsys) -> None:
    assert run(["compare", str(edition), str(good), "--lang", "en"]) == 0
    assert capsys.readouterr().out == "No difference.\n"
    assert run(["compare", str(good), str(broken), "--lang", "en"]) == 0
    lines = capsys.readouterr().out.replace("\u00a0", " ").splitlines()
    assert lines[0].startswith("T03 · ") and lines[0].endswith("changed cells: 1")
    assert lines[1].startswith("  45.1.9 / T: ") and lines[1].endswith("(+10)")
    with (edition / "cells.csv").open(encoding="utf-8", newline="") as file:
        was = next(row["value"] for row in csv.DictReader(file) if (row["row"], row["column"]) == ("45.1.9", "T"))
    assert f"{int(was):,}".replace(",", " ") in lines[1]


def test_compare_names_what_is_not_there(tmp_path: Path, capsys) -> None:
    assert run(["compare", "2026-Q3", "2026-Q2", "--output", str(tmp_path)]) == 2
    assert "holds no edition 2026-Q3" in capsys.readouterr().err
    assert run(["compare", "nothing", "else", "--output", str(tmp_path)]) == 2
    assert "neither an edition nor a file" in capsys.readouterr().err
