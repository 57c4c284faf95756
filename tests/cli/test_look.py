"""`form1 look`: what was taken for what, by role, and exit code 3 where something is nothing that is known."""

import json
from pathlib import Path

import pytest

from form1.cli.main import run
from tests.making import SAMPLE

TWO_TABLES = "Cins;Say\nKişi;14631\nQadın;6633\n\nÖtən il\nCins;Say\nKişi;13900\nQadın;6100\n"


def looked(capsys, *arguments: str) -> tuple[int, str]:
    code = run(["look", *arguments])
    return code, capsys.readouterr().out


def test_a_folder_of_ten_is_read_and_nothing_is_written(capsys) -> None:
    code, told = looked(capsys, str(SAMPLE / "2026-Q3"), "--format", "json")
    answer = json.loads(told)
    assert code == 0
    assert [table["table"] for table in answer["tables"]] == [f"T{number:02}" for number in range(1, 11)]
    assert all("none" not in table["cells"] for table in answer["tables"])
    # Ten tables laid long or wide: T10 has one count for each sex, T03 eighteen grounds by sex beside their totals.
    cells = {table["table"]: table["cells"] for table in answer["tables"]}
    assert cells["T10"] == {"head": 2, "label": 2, "count": 2}
    assert (cells["T03"]["count"], cells["T03"]["total"], cells["T03"]["label"]) == (36, 21, 19)


@pytest.mark.parametrize(("language", "words"), [("az", "iki cədvəl"), ("en", "two tables"), ("ru", "две таблицы")])
def test_two_tables_in_a_file_are_told_in_each_language(tmp_path: Path, capsys, language: str, words: str) -> None:
    path = tmp_path / "exempt_from_work_permit.csv"
    path.write_text(TWO_TABLES, encoding="utf-8")
    code, told = looked(capsys, str(path), "--period", "2026-Q3", "--lang", language)
    assert code == 3
    assert words in told


def test_a_file_that_is_no_export_is_not_clear(tmp_path: Path, capsys) -> None:
    path = tmp_path / "letter.csv"
    path.write_text("Hörmətli;həmkarlar\n", encoding="utf-8")
    assert looked(capsys, str(path), "--period", "2026-Q3")[0] == 3


def test_the_period_is_that_of_the_folder(tmp_path: Path, capsys) -> None:
    path = tmp_path / "2026-Q2" / "exempt_from_work_permit.csv"
    path.parent.mkdir()
    path.write_text("II rüb 2026\nCins;Say\nKişi;10\nQadın;5\n", encoding="utf-8")
    assert looked(capsys, str(path))[0] == 0
    assert looked(capsys, str(path), "--period", "2026-Q3")[0] == 3


def test_what_is_not_there_cannot_be_looked_at(tmp_path: Path, capsys) -> None:
    assert looked(capsys, str(tmp_path / "nowhere"), "--period", "2026-Q3")[0] == 4
