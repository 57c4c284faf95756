"""The form is data: an eleventh table, a new ground and a new rule are edits of reference/ alone."""

import csv
import io
import json
import shutil
from pathlib import Path

import openpyxl
import pypdfium2
import pytest

from form1.build.recipe import BuildOrder, BuildOutcome, build
from form1.core.periods import Period
from form1.definition import Form, load
from form1.definition.audit.form import audit
from form1.documents import methods
from form1.render import fillin
from tests.making import SAMPLE, scratch_reference

TABLE = """
id = "T11"
number = 11
universe = "permanent_permits"
basis = "year_to_date"
unit = "persons_unit"
source = "invented for a test"
status = "INFERRED"
title = { az = "Daimi icazələr, təhsil üzrə", en = "Permanent permits, by education", ru = "Постоянные, по образованию" }
short_title = { az = "DYİ təhsil", en = "By education", ru = "По образованию" }

[rows]
heading = { az = "Təhsil səviyyəsi", en = "Level of education", ru = "Уровень образования" }
dimension = "education"
codes = "education_levels"
total = { az = "Cəmi", en = "Total", ru = "Всего" }

[[columns]]
dimension = "sex"
codes = "sex"
total = { az = "Cəmi", en = "Total", ru = "Всего" }
"""
SOURCE = """
[[source]]
table = "T11"
name = "permanent_permits_by_education"
coverage = [{ covers = "year_to_date" }]
source = "invented for a test"
status = "INFERRED"
"""
RULE = """
[[rule]]
id = "R900"
kind = "at_most"
says = { az = "Yeni qayda", en = "A new rule", ru = "Новое правило" }
severity = "warning"
level = 3
left = { table = "T11", row = "ED1", column = "T" }
right = { table = "T11", row = "ED2", column = "T" }
source = "invented for a test"
status = "INFERRED"
"""
VERSION = """valid_to = 2025-12-31

[[version]]
id = "2026-01"
title = { az = "Yeni redaksiya", en = "A new version", ru = "Новая редакция" }
valid_from = 2026-01-01
act = { az = "Yeni akt", en = "A new act", ru = "Новый акт" }
known = { az = "Sınaq", en = "For a test", ru = "Для проверки" }
source = "invented for a test"
status = "INFERRED"
"""
GROUND = "45.1.12,Yeni əsas,A new ground,Новое основание,,,,2026-01-01,,invented for a test,INFERRED,\n"


@pytest.fixture(scope="module")
def extended(tmp_path_factory) -> tuple[Form, BuildOutcome]:
    folder = tmp_path_factory.mktemp("extended")
    reference = scratch_reference(folder)
    (reference / "tables" / "t11.toml").write_text(TABLE, encoding="utf-8")
    _append(reference / "sources.toml", SOURCE)
    _append(reference / "rules.toml", RULE)
    _append(reference / "codes" / "trp_grounds_art45.csv", GROUND)
    _append(reference / "versions.toml", VERSION)
    form_file = reference / "form.toml"
    form_file.write_text(form_file.read_text(encoding="utf-8").replace('"T10"]', '"T10", "T11"]'), encoding="utf-8")
    for aspect in ("universe", "counting_unit", "basis", "source_system", "classification", "limits"):
        texts = "\n".join(f'{language} = "x {aspect}"' for language in ("az", "en", "ru"))
        note = f'[[note]]\nid = "T11.{aspect}"\ntable = "T11"\naspect = "{aspect}"\n{texts}\nsource = "test"\nstatus = "INFERRED"\n'
        _append(reference / "notes" / "tables.toml", "\n" + note)
    form = load(reference)
    assert audit(form) == []

    exports = Path(shutil.copytree(SAMPLE, folder / "exports"))
    men, women = _margins(exports / "2026-Q3" / "permanent_permits_by_age.csv")
    (exports / "2026-Q3" / "permanent_permits_by_education.csv").write_text(
        f"education,sex,persons\nED1,M,{men - 1}\nED1,F,{women}\nED2,M,1\n", encoding="utf-8"
    )
    grounds = exports / "2026-Q3" / "temporary_permits_by_ground.csv"
    text = grounds.read_text(encoding="utf-8-sig").replace("6082,6651,12733", "6081,6651,12732")
    grounds.write_text(text.rstrip("\n") + "\nYeni əsas,1,0,1\n", encoding="utf-8")
    return form, build(BuildOrder(form, Period(2026, 3), exports, folder / "output"))


def _append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8").rstrip("\n") + "\n" + text, encoding="utf-8")


def _margins(path: Path) -> tuple[int, int]:
    rows = list(csv.reader(path.read_text(encoding="utf-16").splitlines(), delimiter="\t"))[1:]
    return tuple(sum(int(row[-1]) for row in rows if row[1] == sex) for sex in ("Kişi", "Qadın"))  # type: ignore[return-value]


def _edition(outcome: BuildOutcome) -> Path:
    assert outcome.edition is not None, [finding.message for finding in outcome.submission.findings]
    return outcome.edition


def test_in_cells_and_contract(extended: tuple[Form, BuildOutcome]) -> None:
    cells = outcome_cells(extended[1])
    assert cells["T11", "ED2", "M"] == "1"
    assert cells["T03", "45.1.12", "T"] == "1"
    assert cells["T11", "T", "T"] == cells["T05", "T", "T"]


def outcome_cells(outcome: BuildOutcome) -> dict[tuple[str, str, str], str]:
    with (_edition(outcome) / "cells.csv").open(encoding="utf-8", newline="") as file:
        return {(row["table"], row["row"], row["column"]): row["value"] for row in csv.DictReader(file)}


def test_in_workbook_and_pdf(extended: tuple[Form, BuildOutcome]) -> None:
    folder, name = _edition(extended[1]), extended[1].submission.name
    book = openpyxl.load_workbook(folder / f"{name}.xlsx")
    assert any("Daimi icazələr, təhsil üzrə" in str(cell.value) for row in book["11"].iter_rows() for cell in row)
    assert any(cell.value == "Yeni əsas" for row in book["3"].iter_rows() for cell in row)
    document = pypdfium2.PdfDocument(folder / f"{name}.pdf")
    text = " ".join(document[page].get_textpage().get_text_bounded() for page in range(len(document)))
    assert "Daimi icazələr, təhsil üzrə" in text and "Yeni əsas" in text


def test_in_the_template(extended: tuple[Form, BuildOutcome]) -> None:
    """The blank form that a person fills has the new table, the new ground, and the checks that follow from them."""
    book = openpyxl.load_workbook(io.BytesIO(fillin.draw(extended[0], Period(2026, 3), "az", {})))
    assert any("Daimi icazələr, təhsil üzrə" in str(cell.value) for row in book["11"].iter_rows() for cell in row)
    assert any(cell.value == "Yeni əsas" for row in book["3"].iter_rows() for cell in row)
    assert any("'11'!" in str(cell.value) for row in book["Yoxlama"].iter_rows() for cell in row)


def test_in_findings_and_report(extended: tuple[Form, BuildOutcome]) -> None:
    """The new rule fails; the derived rules hold for the new table, the margins it shares included."""
    entries = json.loads((_edition(extended[1]) / "findings.json").read_text(encoding="utf-8"))
    values = {
        entry["expression"]["expression"].removeprefix("same: ").removeprefix("adds_up: "): entry["value"]
        for entry in entries
    }
    assert values["R900"] == "0"
    assert values["D-MARGINS.T05-T11"] == values["D-MARGINS.T06-T11"] == values["D-ROWS.T11"] == "1"
    report = (_edition(extended[1]) / "report.html").read_text(encoding="utf-8")
    assert "Yeni qayda" in report and "Yeni əsas" in report


def test_in_the_methods(extended: tuple[Form, BuildOutcome]) -> None:
    text = methods(extended[0])
    for word in ("T11", "Permanent permits, by education", "45.1.12", "A new ground", "R900", "A new rule"):
        assert word in text
