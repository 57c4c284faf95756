"""The sample exports are what their script makes, and their population keeps the promises of the form."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from form1.core.periods import Period
from sample_data import population
from sample_data.population import Cell
from tests.making import parts

SAMPLE = Path(__file__).parents[1] / "sample_data"
QUARTERS = {
    2025: ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"),
    2026: ("2026-Q1", "2026-Q2", "2026-Q3"),
}
PERIODS = (*QUARTERS[2025], "2025", *QUARTERS[2026])
FLOWS = ("T01", "T02", "T03", "T04", "T05", "T06", "T07")

Tables = dict[str, dict[Cell, int]]


@pytest.fixture(scope="module")
def invented() -> dict[str, Tables]:
    """The counts of every table since 1 January, by period."""
    given = population.shares()
    return {p: population.counts(given, Period.parse(p), quarter_alone=frozenset()) for p in PERIODS}


def margin(counts: dict[Cell, int], *dimensions: str) -> Counter[tuple[str, ...]]:
    """Return the counts summed over all dimensions but these."""
    summed: Counter[tuple[str, ...]] = Counter()
    for cell, count in counts.items():
        summed[tuple(dict(cell)[dimension] for dimension in dimensions)] += count
    return summed


def contents(folder: Path) -> dict[str, object]:
    """Every file below a folder by name: its bytes; of a workbook its parts, whose compressed bytes depend on zlib."""
    return {
        path.relative_to(folder).as_posix(): parts(path) if path.suffix == ".xlsx" else path.read_bytes()
        for path in folder.rglob("*.*")
    }


def test_the_script_writes_the_same_files_again(tmp_path: Path) -> None:
    script = [sys.executable, str(SAMPLE / "make_exports.py"), "--output", str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(SAMPLE.parent)}
    made = subprocess.run(script, env=environment, capture_output=True, check=False)
    assert (made.returncode, made.stderr) == (0, b"")
    again, kept = contents(tmp_path), contents(SAMPLE / "exports")
    assert sorted(again) == sorted(kept)
    assert [name for name in kept if again[name] != kept[name]] == []


def test_the_readme_names_every_file() -> None:
    readme = (SAMPLE / "README.md").read_text(encoding="utf-8")
    files = [path for path in (SAMPLE / "exports").glob("*/*") if path.is_file()]
    assert files
    assert [path for path in files if f"`{path.parent.name}/{path.name}`" not in readme] == []


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize(
    "one, other, dimensions",
    [
        ("T02", "T03", ["sex"]),
        ("T02", "T04", ["sex"]),
        ("T05", "T06", ["sex"]),
        ("T08", "T09", ["activity", "sex"]),
    ],
)
def test_tables_of_one_universe_agree(
    invented: dict[str, Tables], period: str, one: str, other: str, dimensions: list[str]
) -> None:
    tables = invented[period]
    assert margin(tables[one], *dimensions) == margin(tables[other], *dimensions)


def test_the_year_is_its_fourth_quarter(invented: dict[str, Tables]) -> None:
    assert invented["2025"] == invented["2025-Q4"]


@pytest.mark.parametrize("year", QUARTERS)
@pytest.mark.parametrize("table", FLOWS)
def test_no_count_falls_inside_the_year(invented: dict[str, Tables], year: int, table: str) -> None:
    for before, after in pairwise(invented[period][table] for period in QUARTERS[year]):
        assert [cell for cell in before if before[cell] > after.get(cell, 0)] == []


@pytest.mark.parametrize("period", PERIODS)
def test_the_population_is_one_that_the_form_accepts(invented: dict[str, Tables], period: str) -> None:
    tables = invented[period]
    for table in ("T01", "T02", "T06"):
        by_country = margin(tables[table], "legal_status", "country")
        assert ("foreigner", "AZ") not in by_country
        assert any(status == "stateless" for status, _ in by_country)
        assert (("foreigner", "XXX") in by_country) is (table != "T06")
    permits = sum(tables["T07"].values())
    assert sum(tables["T08"].values()) <= permits
    assert margin(tables["T03"], "ground")["45.1.8",] <= permits
    assert ("0-17",) not in margin(tables["T08"], "age_group")
    assert all(count > 0 for counts in tables.values() for count in counts.values())
