"""The template filled by hand and read back: by `check` and by `build`, number for number what was typed."""

import io
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from form1.cli.main import run
from form1.definition import Form
from form1.definition.fillable import fillable_tables
from form1.findings import Verdict
from form1.periods import Period
from form1.receive import Received, receive
from form1.runs import Order
from form1.runs.build import gather, prepare
from form1.submission import Submission
from tests.fillin.filling import blank, filled, open_cells, the_template, values
from tests.making import SAMPLE

PERIODS = {"2026-Q3": "az", "2026-Q1": "en", "2025": "ru"}


def submission(form: Form, period: Period) -> Submission:
    return prepare(Order(form, period, SAMPLE, Path("nowhere"))).submission


def received(form: Form, folder: Path, content: bytes) -> Received:
    path = folder / "filled.xlsx"
    path.write_bytes(content)
    read = receive(form, path)
    assert isinstance(read, Received)
    return read


@pytest.mark.parametrize(("written", "language"), PERIODS.items())
def test_filled_and_received(form: Form, tmp_path: Path, written: str, language: str) -> None:
    period = Period.parse(written)
    made = submission(form, period)
    read = received(form, tmp_path, filled(blank(form, period, language), form, period, made.cells))  # type: ignore[arg-type]
    assert (read.period, read.language) == (period, language)
    assert values(read.cells) == values(made.cells)
    assert [finding.message for finding in read.findings] == ["fillin_sums_computed"]


def test_filled_and_built(form: Form, tmp_path: Path) -> None:
    period = Period(2026, 3)
    made = submission(form, period)
    folder = tmp_path / "exports" / str(period)
    folder.mkdir(parents=True)
    (folder / "by hand.xlsx").write_bytes(filled(blank(form, period), form, period, made.cells))
    built = prepare(Order(form, period, tmp_path / "exports", tmp_path / "output")).submission
    assert built.verdict != Verdict.REJECTED, built.findings[:5]
    assert values(built.cells) == values(made.cells)
    assert [file.name for file in built.inputs] == ["2026-Q3/by hand.xlsx"]


def test_the_same_bytes_twice(form: Form) -> None:
    assert blank(form, Period(2026, 3)) == blank(form, Period(2026, 3))


def test_a_template_counts_from_january(form: Form, tmp_path: Path) -> None:
    """A table whose exports cover quarters: a template of the second quarter stands for the first as well."""
    q2, q3 = Period(2026, 2), Period(2026, 3)
    exports = tmp_path / "exports"
    shutil.copytree(SAMPLE / "2026-Q3", exports / "2026-Q3")
    (exports / "2026-Q2").mkdir()
    half = prepare(Order(form, q2, SAMPLE, Path("nowhere"))).submission
    (exports / "2026-Q2" / "hand.xlsx").write_bytes(filled(blank(form, q2), form, q2, half.cells))
    gathered = gather(form, exports, q3)
    assert [str(piece.period) for piece in gathered.counts["T07"]] == ["2026-Q2", "2026-Q3"]
    made = prepare(Order(form, q3, exports, Path("nowhere"))).submission
    whole = prepare(Order(form, q3, SAMPLE, Path("nowhere"))).submission
    assert {at: cell for at, cell in values(made.cells).items() if at[0] == "T07"} == {
        at: cell for at, cell in values(whole.cells).items() if at[0] == "T07"
    }


def test_explain_names_the_cell(
    form: Form, made: Submission, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    period = Period(2026, 3)
    (tmp_path / "2026-Q3").mkdir()
    (tmp_path / "2026-Q3" / "hand.xlsx").write_bytes(filled(the_template(form, period), form, period, made.cells))
    address, options = "2026-Q3/T03/45.1.2/F", ["--exports", str(tmp_path), "--output", str(tmp_path / "none")]
    assert run(["explain", address, *options, "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "2026-Q3/hand.xlsx · 3 · sha256" in said
    assert "line 9, column F: 45.1.2 / F:" in said


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Written once, into a folder or a file; what may have been filled is never overwritten."""
    options = ["--output", str(tmp_path), "--lang", "ru"]
    assert run(["template", "2026-Q4", *options]) == 0
    path = tmp_path / "form1-2026-Q4-ru.xlsx"
    assert capsys.readouterr().out.strip() == str(path)
    before = path.read_bytes()
    assert run(["template", "2026-Q4", *options]) == 4
    assert path.read_bytes() == before
    assert run(["template", "2026-Q5", *options]) == 2


def test_protected_checked_and_live(form: Form) -> None:
    """Every sheet is protected, every open cell is checked, every other count is a formula; nothing runs by itself."""
    content = the_template(form, Period(2026, 3))
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.security.lockStructure and all(sheet.protection.sheet for sheet in book)
    assert not any(name.endswith(".bin") for name in zipfile.ZipFile(io.BytesIO(content)).namelist())
    for table, layout in fillable_tables(form, Period(2026, 3)).items():
        sheet = book[str(layout.table.number)]
        (check,) = sheet.data_validations.dataValidation
        names = {name for _, _, name in open_cells(sheet)}
        assert (check.type, check.operator, check.formula1, check.errorStyle) == ("whole", "between", "0", "stop")
        assert {cell.coordinate for area in check.sqref.ranges for cell in cells_of(sheet, area.coord)} == names, table
        formulas = sum(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
        assert formulas + len(names) == len(layout.rows) * len(layout.columns)


def cells_of(sheet: Worksheet, area: str) -> list[Cell]:
    cells = sheet[area]
    return [cell for row in cells for cell in row] if isinstance(cells, tuple) else [cells]
