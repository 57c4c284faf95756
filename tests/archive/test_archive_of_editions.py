"""Editions that were damaged, links that lag behind, exports that were copied and forgotten, history with errors."""

import shutil
from pathlib import Path

import pytest

from form1.build.gathering import gather
from form1.build.recipe import BuildOrder, build
from form1.core.errors import DeliveryError
from form1.core.periods import Period
from form1.definition import Form
from form1.model.forms import RuleOutcome
from tests.making import SAMPLE

Q3 = Period(2026, 3)
pytestmark = pytest.mark.usefixtures("quick_drawing")


@pytest.fixture
def order(form: Form, tmp_path: Path) -> BuildOrder:
    exports = Path(shutil.copytree(SAMPLE, tmp_path / "exports"))
    return BuildOrder(form, Q3, exports, tmp_path / "output", "en")


@pytest.fixture(scope="module")
def published(form: Form, quick_drawing: None, tmp_path_factory) -> Path:
    output = tmp_path_factory.mktemp("published")
    assert build(BuildOrder(form, Q3, SAMPLE, output, "en")).is_new
    return output


def test_a_link_that_lags_behind_is_mended(order: BuildOrder, published: Path) -> None:
    shutil.copytree(published, order.output, symlinks=True)
    latest = order.output / "2026-Q3" / "latest"
    latest.unlink()
    assert not build(order).is_new
    assert latest.resolve().name == "r1"


@pytest.mark.parametrize("harm", ["report.html", "cells.csv"])
def test_a_damaged_edition_does_not_stand(order: BuildOrder, published: Path, harm: str) -> None:
    shutil.copytree(published, order.output, symlinks=True)
    path = order.output / "2026-Q3" / "r1" / harm
    if harm == "report.html":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes() + b"junk")
    with pytest.raises(DeliveryError, match=rf"changed after it was published \({harm}\)\. Restore it"):
        build(order)


def test_exports_copied_and_forgotten(form: Form, order: BuildOrder) -> None:
    name = "exempt_from_work_permit.csv"
    shutil.copy(order.exports / "2026-Q3" / name, order.exports / "2026-Q2" / name)
    findings = gather(form, order.exports, Q3).findings
    assert [(f.place.file, f.facts["other"]) for f in findings if f.message == "same_as_before"] == [
        (f"2026-Q3/{name}", f"2026-Q2/{name}")
    ]


def test_an_export_with_a_broken_line_fills_nothing(form: Form, order: BuildOrder) -> None:
    path = order.exports / "2026-Q2" / "temporary_permits_by_citizenship.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines[:-1], lines[-1] + ",204"]) + "\n", encoding="utf-8")
    assert "T02" not in gather(form, order.exports, Period(2026, 2)).counts


def test_rules_over_time_name_the_table_that_history_lacks(form: Form, order: BuildOrder) -> None:
    (order.exports / "2026-Q2" / "temporary_permits_by_citizenship.csv").unlink()
    results = {result.rule: result for result in build(order).submission.results}
    assert results["R021.T02"].outcome == RuleOutcome.NOT_EVALUATED
    assert results["R021.T01"].outcome == RuleOutcome.PASS
