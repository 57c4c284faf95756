"""Bad input on the command line: one exit code, one line that says what, where and what to do; nothing is published."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from form1.cli.main import run
from tests.making import SAMPLE, scratch_reference

PERIOD = "2026-Q3"
GROUND = "temporary_permits_by_ground.csv"
PLAIN = "exempt_from_work_permit.csv"
pytestmark = pytest.mark.usefixtures("quick_drawing")


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    """A copy of the sample that a test may spoil."""
    return Path(shutil.copytree(SAMPLE, tmp_path / "exports"))


def _edit(file: str, was: str, becomes: str) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        path = folder / file
        text = path.read_text(encoding="utf-8-sig")
        assert was in text
        path.write_text(text.replace(was, becomes, 1), encoding="utf-8")

    return spoil


def _write(file: str, content: bytes) -> Callable[[Path], None]:
    return lambda folder: (folder / file).write_bytes(content) and None


def _copy(file: str, to: str) -> Callable[[Path], None]:
    return lambda folder: shutil.copy(folder / file, folder / to) and None


def _remove(file: str) -> Callable[[Path], None]:
    return lambda folder: (folder / file).unlink()


FIRST = "Azərbaycan vətəndaşının yaxın qohumu olduqda,6082,6651,12733"
LABEL = "Azərbaycan vətəndaşının yaxın qohumu olduqda"


@pytest.mark.parametrize(
    ("spoil", "code", "says"),
    [
        pytest.param(_remove(GROUND), 4, rf"error: .*T03.*{re.escape(GROUND)}.*\.xlsx.*\.parquet", id="missing export"),
        pytest.param(_edit(GROUND, LABEL, "Azərbaycan vətəndaşının yaxın dostu olduqda"), 3, rf"{GROUND} · line 2.*Azərbaycan vətəndaşının yaxın dostu olduqda.*{LABEL}", id="unknown label"),
        pytest.param(_edit(GROUND, FIRST, f"{FIRST}\n{FIRST}"), 3, rf"{GROUND} · line 3", id="duplicate key"),
        pytest.param(_edit(PLAIN, "M,14631", "M,14631.5"), 3, rf"{PLAIN} · line 2 · column persons.*14631\.5", id="fraction"),
        pytest.param(_edit(PLAIN, "M,14631", "M,-14631"), 3, rf"{PLAIN} · line 2 · column persons.*-14631", id="negative"),
        pytest.param(_edit(PLAIN, "M,14631", "M,many"), 3, rf"{PLAIN} · line 2 · column persons.*many", id="text in a count"),
        pytest.param(_edit(PLAIN, "M,14631", "M,1e3"), 3, rf"{PLAIN} · line 2 · column persons.*1e3", id="exponent"),
        pytest.param(_edit(PLAIN, "M,14631", "M,١٤"), 3, rf"{PLAIN} · line 2 · column persons", id="digits of another script"),
        pytest.param(_edit(PLAIN, "M,14631", "M,12 %"), 3, rf"{PLAIN} · line 2 · column persons.*12 %", id="percent"),
        pytest.param(_edit(PLAIN, "M,14631", "M,"), 3, rf"{PLAIN} · line 2", id="empty count"),
        pytest.param(_edit(GROUND, "6082,6651,12733", "6082,6651,12734"), 3, rf"{GROUND} · line 2.*12.734.*12.733", id="a total that does not add up"),
        pytest.param(_copy(GROUND, "letter.docx"), 0, r"warning: .*letter\.docx", id="a file of no format is not used"),
        pytest.param(_copy(GROUND, "muveqqeti_icaze_esas.csv"), 3, rf"muveqqeti_icaze_esas\.csv.*{GROUND}|{GROUND}.*muveqqeti_icaze_esas\.csv", id="two files for one table"),
        pytest.param(_write(GROUND, b""), 4, rf"{GROUND}.*empty", id="empty file"),
        pytest.param(_write(GROUND, b"\x00\x01\x02" * 50), 4, rf"{GROUND}", id="unreadable text"),
        pytest.param(_write("temporary_permits_by_place.xlsx", b"PK\x03\x04 no workbook"), 4, r"temporary_permits_by_place\.xlsx", id="unreadable workbook"),
        pytest.param(_write("valid_work_permits_by_age.parquet", b"PAR1 no parquet"), 4, r"valid_work_permits_by_age\.parquet", id="unreadable parquet"),
        pytest.param(_edit(GROUND, "Əsas,", "Səbəb,"), 3, rf"{GROUND}.*ground|{GROUND}.*Ground", id="column renamed"),
        pytest.param(_edit(GROUND, FIRST, FIRST.rsplit(",", 1)[0]), 3, rf"{GROUND} · line 2", id="line cut short"),
    ],
)  # fmt: skip
def test_bad_exports(exports: Path, tmp_path: Path, capsys, spoil, code: int, says: str) -> None:
    spoil(exports / PERIOD)
    assert run(["build", PERIOD, "--exports", str(exports), "--output", str(tmp_path / "out"), "--lang", "en"]) == code
    shown = capsys.readouterr()
    assert re.search(says, shown.out.replace("\u00a0", " ")), shown.out
    assert "Traceback" not in shown.out + shown.err
    if code:
        assert shown.err.startswith("form1: ")
        assert not (tmp_path / "out" / PERIOD).exists() and not (tmp_path / "out" / "journal.jsonl").exists()
        assert (tmp_path / "out" / "rejected" / PERIOD / "report.html").is_file()


def test_the_first_fault_never_hides_the_second(exports: Path, tmp_path: Path, capsys) -> None:
    _edit(PLAIN, "M,14631", "M,1.5")(exports / PERIOD)
    _edit(PLAIN, "F,6633", "X,6633")(exports / PERIOD)
    _edit(GROUND, LABEL, "?")(exports / PERIOD)
    _remove("permanent_permits_by_age.csv")(exports / PERIOD)
    assert run(["build", PERIOD, "--exports", str(exports), "--output", str(tmp_path / "out"), "--lang", "en"]) == 4
    shown = capsys.readouterr().out
    for part in ("1.5", "X", GROUND, "permanent_permits_by_age"):
        assert part in shown


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        pytest.param(
            ["build", "2026-Q5", "--lang", "en"], 2, "no such period: '2026-Q5'", id="a quarter that does not exist"
        ),
        pytest.param(["build", "2026Q3", "--lang=en"], 2, "no such period", id="a period misspelt"),
        pytest.param(["build", "1999"], 2, "belə dövr yoxdur", id="before the form, in the language of the office"),
        pytest.param(["build"], 2, "Missing argument", id="no period"),
        pytest.param(["build", "2026-Q3", "--lang", "de"], 2, "de", id="a language that the form does not have"),
        pytest.param(["explain", "T03/45.1.8"], 2, "no such", id="an address without a period"),
        pytest.param(["explain", "2026-Q3/T99/T"], 2, "no such table", id="no such table"),
        pytest.param(
            ["build", "2026-Q3", "--config", "absent.toml"], 4, "no configuration file", id="no configuration"
        ),
        pytest.param(["build", "2026-Q3", "--reference", "absent"], 4, "form.toml is missing", id="no definition"),
        pytest.param(["biuld", "2026-Q3"], 2, "No such command", id="a command misspelt"),
    ],
)
def test_wrong_calls(tmp_path: Path, monkeypatch, capsys, arguments: list[str], code: int, says: str) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(arguments) == code
    assert says in capsys.readouterr().err


def test_a_period_without_exports(tmp_path: Path, capsys) -> None:
    assert run(["build", "2030-Q1", "--exports", str(SAMPLE), "--output", str(tmp_path / "out"), "--lang", "en"]) == 4
    assert "2030-Q1" in capsys.readouterr().out
    assert not (tmp_path / "out" / "2030-Q1").exists()


def test_an_output_folder_that_cannot_be_written(tmp_path: Path, capsys) -> None:
    (tmp_path / "out").write_text("a file, not a folder")
    assert run(["build", PERIOD, "--exports", str(SAMPLE), "--output", str(tmp_path / "out"), "--lang", "en"]) == 4
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param('langage = "az"', "langage", id="unknown key"),
        pytest.param('language = "de"', "language", id="wrong value"),
        pytest.param("language = ", "cannot be read", id="no TOML"),
        pytest.param('[signature]\nboss = "x"', "signature.boss", id="unknown signature field"),
    ],
)
def test_wrong_configuration(tmp_path: Path, capsys, content: str, says: str) -> None:
    (tmp_path / "form1.toml").write_text(content)
    assert run(["build", PERIOD, "--config", str(tmp_path / "form1.toml")]) == 4
    assert says in capsys.readouterr().err


def test_a_definition_that_contradicts_itself(tmp_path: Path, capsys) -> None:
    path = scratch_reference(tmp_path) / "sources.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('table = "T10"', 'table = "T09"'), encoding="utf-8")
    assert run(["build", PERIOD, "--exports", str(SAMPLE), "--reference", str(tmp_path / "reference")]) == 4
    assert "reference/ contradicts itself" in capsys.readouterr().err


def test_a_quarter_of_a_quarterly_source_is_missing(exports: Path, tmp_path: Path, capsys) -> None:
    (exports / "2026-Q1" / "work_permits_by_residence.csv").unlink()
    assert run(["build", PERIOD, "--exports", str(exports), "--output", str(tmp_path / "out"), "--lang", "en"]) == 4
    shown = capsys.readouterr().out
    assert "T07" in shown and "2026-Q1" in shown and "work_permits_by_residence" in shown


def test_labels_from_outside_appear_literally(exports: Path, tmp_path: Path, capsys) -> None:
    _edit(GROUND, LABEL, "\x1b[31m=cmd()<b>")(exports / PERIOD)
    assert run(["build", PERIOD, "--exports", str(exports), "--output", str(tmp_path / "out"), "--lang", "en"]) == 3
    shown = capsys.readouterr().out
    assert "\x1b" not in shown and "\\x1b[31m=cmd()<b>" in shown
