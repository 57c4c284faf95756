"""A translation of an edition that stands: drawn from its own cells, no revision, and never written into the edition."""

import hashlib
import io
import json
import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from form1.archive.store import Archive
from form1.build.recipe import BuildOrder, build
from form1.build.rendition import RenderOrder, render
from form1.core.errors import DefinitionError, DeliveryError, Form1Error, RefusedError, UsageError
from form1.core.periods import Period
from form1.definition import Form
from tests.making import SAMPLE, of_tables

pytestmark = pytest.mark.usefixtures("quick_drawing")

Q3 = Period(2026, 3)
NOW = datetime.fromisoformat("2026-10-20T06:30:00+04:00")
EXEMPT = "exempt_from_work_permit.csv"


@pytest.fixture(scope="module")
def order(form: Form, tmp_path_factory: pytest.TempPathFactory, quick_drawing: None) -> BuildOrder:
    base = tmp_path_factory.mktemp("office")
    (base / "exports" / "2026-Q3").mkdir(parents=True)
    shutil.copy(SAMPLE / "2026-Q3" / EXEMPT, base / "exports" / "2026-Q3")
    order = BuildOrder(of_tables(form, ["T10"]), Q3, base / "exports", base / "output", "az", now=NOW)
    build(order)
    return order


def _hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_another_language_alone_makes_no_revision(order: BuildOrder) -> None:
    again = build(replace(order, language="ru"))
    assert (again.edition, again.is_new) == (order.output / "2026-Q3" / "r1", False)
    assert [edition.revision for edition in Archive(order.output).editions(Q3)] == [1]


def test_a_translation_has_the_numbers_of_the_edition_and_leaves_it_alone(order: BuildOrder) -> None:
    edition = order.output / "2026-Q3" / "r1"
    before = _hashes(edition)
    folder = render(RenderOrder(order.form, order.output, "2026-Q3", "en", {}))
    assert folder == order.output / "renditions" / "2026-Q3-r1-en"
    assert _hashes(edition) == before
    stem = "form1-2026-Q3-r1-en"
    assert sorted(path.name for path in folder.iterdir()) == [f"{stem}.pdf", f"{stem}.xlsx", "rendition.json"]
    record = json.loads((folder / "rendition.json").read_bytes())
    assert (record["renders"], record["language"], record["manifest_sha256"]) == (
        "2026-Q3/r1", "en", before["manifest.json"],
    )  # fmt: skip
    assert {each["name"]: each["sha256"] for each in record["outputs"]} == {
        name: digest for name, digest in _hashes(folder).items() if name != "rendition.json"
    }
    book = load_workbook(io.BytesIO((folder / f"{stem}.xlsx").read_bytes()))
    texts = {str(cell.value) for row in book.worksheets[0] for cell in row}
    assert any("2026-Q3/r1 is in Azerbaijani" in text for text in texts)
    shown = {cell.value for row in book["10"] for cell in row if isinstance(cell.value, int)}
    # Men, women and both, as the export of the sample has them.
    assert {14631, 6633, 14631 + 6633} <= shown
    assert Archive(order.output).editions(Q3)[-1].revision == 1


def test_it_is_replaced_by_the_next(order: BuildOrder, tmp_path: Path) -> None:
    place = tmp_path / "copy"
    place.mkdir()
    for name in ("rendition.json", "form1-2026-Q3-r1-en.pdf"):
        (place / name).write_text("an earlier one")
    assert render(RenderOrder(order.form, order.output, "2026-Q3/r1", "ru", {}, place)) == place
    assert len(list(place.iterdir())) == 3


@pytest.mark.parametrize(
    ("name", "to", "error", "says"),
    [
        pytest.param("2026-Q2", None, UsageError, "holds no edition 2026-Q2", id="no such period"),
        pytest.param("2026-Q3/r7", None, UsageError, "holds no edition 2026-Q3/r7", id="no such revision"),
        pytest.param("letter.docx", None, UsageError, "is no edition", id="something else"),
        pytest.param("2026-Q3", "2026-Q3/r1", RefusedError, "folder of an edition", id="into the edition"),
        pytest.param("2026-Q3", "2026-Q3/r1/en", RefusedError, "folder of an edition", id="below the edition"),
    ],
)
def test_what_is_refused(order: BuildOrder, name: str, to: str | None, error: type[Form1Error], says: str) -> None:
    before = _hashes(order.output / "2026-Q3" / "r1")
    with pytest.raises(error, match=says):
        render(RenderOrder(order.form, order.output, name, "en", {}, order.output / to if to else None))
    assert _hashes(order.output / "2026-Q3" / "r1") == before


def test_its_own_language_is_no_translation(order: BuildOrder) -> None:
    with pytest.raises(UsageError, match="in this language itself"):
        render(RenderOrder(order.form, order.output, "2026-Q3", "az", {}))


def test_a_damaged_edition_is_not_translated(order: BuildOrder, tmp_path: Path) -> None:
    output = Path(shutil.copytree(order.output, tmp_path / "output"))
    (output / "2026-Q3" / "r1" / "cells.csv").write_text("table,row,column,value,status\n")
    with pytest.raises(DeliveryError, match=r"cells\.csv"):
        render(RenderOrder(order.form, output, "2026-Q3", "en", {}))


def test_a_definition_without_its_table_draws_nothing(order: BuildOrder, form: Form) -> None:
    with pytest.raises(DefinitionError, match="T10"):
        render(RenderOrder(of_tables(form, ["T09"]), order.output, "2026-Q3", "en", {}))


def test_a_folder_is_named_as_a_path(order: BuildOrder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(order.output)
    empty = Archive(tmp_path)
    assert empty.named("./2026-Q3/r1").folder == order.output / "2026-Q3" / "r1"
    with pytest.raises(UsageError):
        empty.named("2026-Q3/r1")
