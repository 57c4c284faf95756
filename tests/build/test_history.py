"""Earlier periods: from what is about to be published, else the archive, else the exports; and why there is none."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from form1 import rules
from form1.build import history
from form1.core.cells import Cell, CellMap
from form1.core.periods import Period
from form1.definition import Form
from form1.render.data import cells_csv
from tests.making import SAMPLE

Q2, Q3 = Period(2026, 2), Period(2026, 3)
MEN = ("T10", "T", "M")


@pytest.fixture(scope="module")
def exported(form: Form) -> CellMap:
    """The cells of the second quarter as its exports give them."""
    cells = history.collect(form, Q3, {Q2: ()}, editions=Path("none"), exports=SAMPLE)[Q2].cells
    assert cells is not None
    return cells


@pytest.fixture
def published(exported: CellMap, tmp_path: Path) -> Path:
    """An archive in which the second quarter stands, with one man more than in its exports."""
    folder = tmp_path / "editions" / "2026-Q2" / "r1"
    folder.mkdir(parents=True)
    content = cells_csv(_one_more(exported))
    (folder / "cells.csv").write_bytes(content)
    outputs = [{"name": "cells.csv", "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}]
    (folder / "manifest.json").write_text(json.dumps({"outputs": outputs}), encoding="utf-8")
    return tmp_path / "editions"


def _one_more(cells: CellMap, more: int = 1) -> CellMap:
    return {**cells, MEN: Cell((cells[MEN].value or 0) + more)}


def test_what_is_about_to_be_published_goes_before_the_edition_and_that_before_the_exports(
    form: Form, exported: CellMap, published: Path, tmp_path: Path
) -> None:
    """One man more stands in the edition, two more in what is about to replace it."""
    fresh = {Q2: _one_more(exported, 2)}
    found = [
        history.collect(form, Q3, {Q2: ()}, editions=published, exports=SAMPLE, fresh=fresh)[Q2],
        history.collect(form, Q3, {Q2: ()}, editions=published, exports=SAMPLE)[Q2],
        history.collect(form, Q3, {Q2: ()}, editions=tmp_path / "none", exports=SAMPLE)[Q2],
    ]
    men = [one.cells[MEN].value for one in found if one.cells is not None]
    assert men == [(exported[MEN].value or 0) + more for more in (2, 1, 0)]
    assert [one.is_published for one in found] == [True, True, False]
    assert [one.reason for one in found] == [None] * 3


def test_the_same_tables_are_given_whatever_they_are_read_from(
    form: Form, exported: CellMap, published: Path, tmp_path: Path
) -> None:
    fresh = {Q2: exported}
    for editions, given in ((published, fresh), (published, {}), (tmp_path / "none", {})):
        one = history.collect(form, Q3, {Q2: ("T05", "T10")}, editions=editions, exports=SAMPLE, fresh=given)[Q2]
        assert one.cells is not None and {address[0] for address in one.cells} == {"T05", "T10"}


def _nothing(exports: Path, editions: Path) -> None:
    shutil.rmtree(editions)
    shutil.rmtree(exports)


def _errors(exports: Path, editions: Path) -> None:
    shutil.rmtree(editions)
    for path in (exports / "2026-Q2").iterdir():
        path.write_text("persons\n-1\n", encoding="utf-8")


def _changed(exports: Path, editions: Path) -> None:
    (editions / "2026-Q2" / "r1" / "cells.csv").write_text("junk", encoding="utf-8")


@pytest.mark.parametrize(
    "harm, told",
    [
        pytest.param(_nothing, "there is neither an edition nor a full set of exports for 2026-Q2", id="nothing"),
        pytest.param(_errors, "the exports of 2026-Q2 have errors", id="exports with errors"),
        pytest.param(
            _changed, "the edition or the accepted form of 2026-Q2 was changed afterwards", id="a changed edition"
        ),
    ],
)
def test_a_period_without_cells_says_why(
    form: Form, published: Path, tmp_path: Path, harm: Callable[[Path, Path], None], told: str
) -> None:
    exports = Path(shutil.copytree(SAMPLE, tmp_path / "exports"))
    harm(exports, published)
    one = history.collect(form, Q3, {Q2: ()}, editions=published, exports=exports)[Q2]
    assert one.cells is None and one.reason is not None and one.reason.en == told


def test_a_period_before_the_first_version_has_no_cells_even_if_some_are_given(form: Form, exported: CellMap) -> None:
    before = Period(2015, 1)
    found = history.collect(form, Q3, {before: ()}, editions=Path("none"), exports=SAMPLE, fresh={before: exported})
    assert found[before].cells is None and found[before].reason is not None
    assert found[before].reason.en == "no version of the form was in force for 2015-Q1"


def test_a_table_whose_export_is_broken_is_left_out(form: Form, tmp_path: Path) -> None:
    exports = Path(shutil.copytree(SAMPLE, tmp_path / "exports"))
    path = exports / "2026-Q2" / "temporary_permits_by_citizenship.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines[:-1], lines[-1] + ",204"]) + "\n", encoding="utf-8")
    cells = history.collect(form, Q3, {Q2: ()}, editions=tmp_path, exports=exports)[Q2].cells
    assert cells is not None
    assert {address[0] for address in cells} == form.tables.keys() - {"T02"}


def test_a_year_without_a_folder_is_its_fourth_quarter(form: Form, exported: CellMap, tmp_path: Path) -> None:
    shutil.copytree(SAMPLE / "2025-Q4", tmp_path / "exports" / "2025-Q4")
    for quarter in (1, 2, 3):
        shutil.copytree(SAMPLE / f"2025-Q{quarter}", tmp_path / "exports" / f"2025-Q{quarter}")
    needed = {Period(2025): ("T10",), Period(2025, 4): ("T10",)}
    found = history.collect(form, Period(2026), needed, editions=tmp_path / "none", exports=tmp_path / "exports")
    assert found[Period(2025)].cells == found[Period(2025, 4)].cells
    assert found[Period(2025)].cells is not None


def test_rules_get_every_period_that_they_look_at_whole(form: Form, published: Path) -> None:
    found = history.for_rules(form, Q3, editions=published, exports=SAMPLE)
    assert tuple(found) == rules.needed_periods(form, Q3)
    assert all(one.cells is not None and {at[0] for at in one.cells} == form.tables.keys() for one in found.values())


def test_cells_of_an_older_version_stand_at_the_addresses_of_this_one(form: Form) -> None:
    """45.0.9 goes on as 45.1.9; 45.0.3 was divided, so that 45.1.3 has a reason and no cell."""
    was, now = Period(2019, 2), Period(2019, 3)
    fresh = {was: {("T03", "45.0.9", "M"): Cell(4), ("T03", "45.0.3", "M"): Cell(7)}}
    one = history.collect(form.of(now), now, {was: ()}, editions=Path("none"), exports=SAMPLE, fresh=fresh)[was]
    assert one.cells == {("T03", "45.1.9", "M"): Cell(4)}
    assert one.why_not(("T03", "45.1.9", "M")) is None
    reason = one.why_not(("T03", "45.1.3", "M"))
    assert reason is not None and "45.0.3" in reason.en
