"""The template filled by hand and read back: by `check` and by `build`, number for number what was typed."""

import io
import re
import shutil
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from form1.build.gathering import gather
from form1.build.recipe import BuildOrder, prepare
from form1.cli.main import run
from form1.core.findings import Verdict
from form1.core.periods import Period
from form1.core.texts import Language
from form1.definition import Form
from form1.definition.fillable import fillable_tables
from form1.model.forms import Edition
from form1.recognise import ReadForm, receive
from tests.making import SAMPLE
from tests.render.fillin.filling import blank, filled, open_cells, the_template, values

Q3 = Period(2026, 3)


def received(form: Form, folder: Path, content: bytes) -> ReadForm:
    path = folder / "filled.xlsx"
    path.write_bytes(content)
    read = receive(form, path)
    assert isinstance(read, ReadForm)
    return read


def test_filled_received_and_built(form: Form, made: Edition, tmp_path: Path) -> None:
    """The whole form: by `check`, and by `build` in place of the exports."""
    exports = tmp_path / "exports"
    (exports / str(Q3)).mkdir(parents=True)
    read = received(form, exports / str(Q3), filled(the_template(form, Q3), form, Q3, made.cells))
    assert (read.period, read.language) == (Q3, "az")
    assert values(read.cells) == values(made.cells)
    assert [finding.message for finding in read.findings] == ["fillin_sums_computed"]
    built = prepare(BuildOrder(form, Q3, exports, tmp_path / "output")).submission
    assert built.verdict != Verdict.REJECTED, built.findings[:5]
    assert values(built.cells) == values(made.cells)
    assert [file.name for file in built.inputs] == ["2026-Q3/filled.xlsx"]


@pytest.mark.parametrize(("written", "language"), {"2026-Q1": "en", "2025": "ru"}.items())
def test_another_language_and_period(few: Form, tmp_path: Path, written: str, language: Language) -> None:
    """`python -m tests.render.fillin.office` does the same with the whole form, in three languages, over LibreOffice."""
    period = Period.parse(written)
    made = prepare(BuildOrder(few, period, SAMPLE, Path("nowhere"))).submission
    read = received(few, tmp_path, filled(blank(few, period, language), few, period, made.cells))
    assert (read.period, read.language) == (period, language)
    assert values(read.cells) == values(made.cells)
    assert [finding.message for finding in read.findings] == ["fillin_sums_computed"]


def test_who_signs_reaches_the_edition(few: Form, typed: bytes, tmp_path: Path) -> None:
    """What is typed beside the labels of the cover; a line left open is that of the configuration."""
    book = openpyxl.load_workbook(io.BytesIO(typed))
    cover = book.worksheets[0]
    names = {"head": "A. =Məmmədov", "telephone": "0125 386 121", "signed_on": datetime(2026, 10, 22)}
    for field in few.identity.signature:
        (label,) = [cell for line in cover.iter_rows() for cell in line if cell.value == field.label.az]
        cell = cover.cell(label.row, 3)
        assert not cell.protection.locked
        if field.from_configuration in names:
            cell.value = names[field.from_configuration]
    file = io.BytesIO()
    book.save(file)
    (tmp_path / str(Q3)).mkdir()
    (tmp_path / str(Q3) / "hand.xlsx").write_bytes(file.getvalue())
    configured = {"head": "B. Əliyev", "compiler": "C. Quliyev", "telephone": "", "signed_on": ""}
    built = prepare(BuildOrder(few, Q3, tmp_path, tmp_path / "none", signatories=configured)).submission
    told = [finding.facts["found"] for finding in built.findings if finding.message == "fillin_signatory"]
    assert told == ["A. =Məmmədov"]
    assert built.signatories == {
        "head": "A. =Məmmədov",
        "compiler": "C. Quliyev",
        "telephone": "0125 386 121",
        "signed_on": "22.10.2026",
    }


def test_the_same_bytes_twice(few: Form, blank_of_few: bytes) -> None:
    assert blank(few, Q3) == blank_of_few


def test_a_template_counts_from_january(few: Form, made_of_few: Edition, tmp_path: Path) -> None:
    """A table whose exports cover quarters: a template of the second quarter stands for the first as well."""
    q2, q3 = Period(2026, 2), Q3
    exports = tmp_path / "exports"
    shutil.copytree(SAMPLE / "2026-Q3", exports / "2026-Q3")
    (exports / "2026-Q2").mkdir()
    half = prepare(BuildOrder(few, q2, SAMPLE, Path("nowhere"))).submission
    (exports / "2026-Q2" / "hand.xlsx").write_bytes(filled(blank(few, q2), few, q2, half.cells))
    gathered = gather(few, exports, q3)
    assert [str(piece.period) for piece in gathered.counts["T07"]] == ["2026-Q2", "2026-Q3"]
    made = prepare(BuildOrder(few, q3, exports, Path("nowhere"))).submission
    assert {at: cell for at, cell in values(made.cells).items() if at[0] == "T07"} == {
        at: cell for at, cell in values(made_of_few.cells).items() if at[0] == "T07"
    }


def test_explain_names_the_cell(form: Form, made: Edition, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "2026-Q3").mkdir()
    (tmp_path / "2026-Q3" / "hand.xlsx").write_bytes(filled(the_template(form, Q3), form, Q3, made.cells))
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
    content = the_template(form, Q3)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.security.lockStructure and all(sheet.protection.sheet for sheet in book)
    assert not any(name.endswith(".bin") for name in zipfile.ZipFile(io.BytesIO(content)).namelist())
    for table, layout in fillable_tables(form, Q3).items():
        sheet = book[str(layout.table.number)]
        checks = sheet.data_validations.dataValidation
        names = {name for _, _, name in open_cells(sheet)}
        for check in checks:
            first = next(iter(check.sqref.ranges)).coord.partition(":")[0]
            assert (check.type, check.errorStyle) == ("custom", "stop") and f"ISNUMBER({first})" in check.formula1
        areas = [area.coord for check in checks for area in check.sqref.ranges]
        checked = [cell.coordinate for area in areas for cell in cells_of(sheet, area)]
        assert set(checked) == names and len(checked) == len(names), table
        formulas = sum(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
        assert formulas + len(names) == len(layout.rows) * len(layout.columns)


def test_a_sum_over_a_sign_shows_it(few: Form, blank_of_few: bytes) -> None:
    """Every sum looks at the open cells that it adds up in the end: signs among them are shown in place of a number."""
    book = openpyxl.load_workbook(io.BytesIO(blank_of_few))
    sign = few.signs()["not_available"]
    for layout in fillable_tables(few, Q3).values():
        sheet = book[str(layout.table.number)]
        names = {name for _, _, name in open_cells(sheet)}
        seen: dict[str, set[str]] = {}
        for area in sheet.conditional_formatting:
            for rule in area.rules:
                if rule.dxf.numFmt is not None:
                    assert rule.dxf.numFmt.formatCode.split(";") == [f'"{sign}"'] * 4
                    first = next(iter(area.sqref.ranges)).min_row
                    for cell in (cell for each in area.sqref.ranges for cell in cells_of(sheet, each.coord)):
                        counted = re.findall(r"COUNTA\(([^)]+)\)", rule.formula[0])
                        moved = [re.sub(rf"(?<!\$){first}\b", str(cell.row), part).replace("$", "") for part in counted]
                        seen[cell.coordinate] = {each.coordinate for part in moved for each in cells_of(sheet, part)}
        sums = {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.data_type == "f"}
        assert seen.keys() == sums.keys()
        for name, looked_at in seen.items():
            assert looked_at == ends_of(sheet, sums, name) & names and looked_at, (layout.table.id, name)


def ends_of(sheet: Worksheet, sums: dict[str, str], name: str) -> set[str]:
    """The cells that a formula of sums comes from in the end."""
    if name not in sums:
        return {name}
    parts = re.findall(r"[A-Z]+[0-9]+(?::[A-Z]+[0-9]+)?", sums[name])
    return {end for part in parts for cell in cells_of(sheet, part) for end in ends_of(sheet, sums, cell.coordinate)}


def cells_of(sheet: Worksheet, area: str) -> list[Cell]:
    cells = sheet[area]
    return [cell for row in cells for cell in row] if isinstance(cells, tuple) else [cells]
