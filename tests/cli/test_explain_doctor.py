"""explain shows lineage to the line; doctor says what is well and what is missing."""

import hashlib
import re
import shutil
from pathlib import Path

import pytest

from form1.cli.main import run
from tests.making import SAMPLE

pytestmark = pytest.mark.usefixtures("quick_drawing")


def _explain(capsys, address: str, *more: str) -> str:
    assert run(["explain", address, "--exports", str(SAMPLE), "--lang", "en", *more]) == 0
    return str(capsys.readouterr().out).replace("\u00a0", " ")


def test_a_cell_of_detail(capsys, tmp_path: Path) -> None:
    shown = _explain(capsys, "2026-Q3/T03/45.1.1/M", "--output", str(tmp_path))
    digest = hashlib.sha256((SAMPLE / "2026-Q3" / "temporary_permits_by_ground.csv").read_bytes()).hexdigest()
    assert "= 6 082" in shown
    assert "2026-Q3/temporary_permits_by_ground.csv" in shown and digest in shown
    assert re.search(r"line 2, column Kişi: 45\.1\.1 / M: 6 082", shown)


def test_line_and_column_numbers(capsys, tmp_path: Path) -> None:
    codes = _explain(capsys, "2026-Q3/T03/45.1.1/M", "--output", str(tmp_path))
    assert _explain(capsys, "2026-Q3/T03/02/2", "--output", str(tmp_path)) == codes


def test_a_sum_over_quarters_names_every_file(capsys, tmp_path: Path) -> None:
    shown = _explain(capsys, "2026-Q3/T07/TR/T", "--output", str(tmp_path))
    assert re.findall(r"(2026-Q[1-3])/work_permits_by_residence", shown) == [
        "2026-Q1",
        "2026-Q2",
        "2026-Q3",
    ]
    total = int(re.search(r"= ([0-9 ]+)\n", shown)[1].replace(" ", ""))  # type: ignore[index]
    assert total == sum(int(count.replace(" ", "")) for count in re.findall(r": TR / \w+: ([0-9 ]+)", shown))


def test_whether_the_edition_was_made_from_these_files(capsys, tmp_path: Path) -> None:
    exports = Path(shutil.copytree(SAMPLE, tmp_path / "exports"))
    output = tmp_path / "output"
    assert run(["build", "2026-Q3", "--exports", str(exports), "--output", str(output)]) == 0
    where = ["explain", "2026-Q3/T10/T/M", "--exports", str(exports), "--output", str(output), "--lang", "en"]
    capsys.readouterr()
    assert run(where) == 0
    assert "made from these very files" in capsys.readouterr().out
    path = exports / "2026-Q3" / "exempt_from_work_permit.csv"
    path.write_bytes(path.read_bytes().replace(b"14631", b"14632"))
    assert run(where) == 0
    assert "the files have changed since" in capsys.readouterr().out


def test_changed_inputs_make_the_next_revision(capsys, tmp_path: Path) -> None:
    exports = Path(shutil.copytree(SAMPLE, tmp_path / "exports"))
    order = ["build", "2026-Q3", "--exports", str(exports), "--output", str(tmp_path / "output")]
    assert run(order) == run(order) == 0
    assert sorted(path.name for path in (tmp_path / "output" / "2026-Q3").iterdir()) == ["latest", "r1"]
    path = exports / "2026-Q3" / "exempt_from_work_permit.csv"
    path.write_bytes(path.read_bytes().replace(b"14631", b"14640"))
    assert run(order) == 0
    changes = (tmp_path / "output" / "2026-Q3" / "r2" / "changes.csv").read_text().splitlines()
    assert changes == ["table,row,column,was,now,difference", "T10,T,T,21264,21273,9", "T10,T,M,14631,14640,9"]
    assert (tmp_path / "output" / "2026-Q3" / "latest").resolve().name == "r2"


def test_doctor_is_content_here(capsys, tmp_path: Path) -> None:
    assert run(["doctor", "--output", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 8 and all(line.startswith("ok ") for line in lines)


@pytest.mark.parametrize(
    ("module", "name", "subject"),
    [("form1.render.page.engine", "pango_version", "Pango"), ("form1.render.page.fonts", "missing_letters", "font")],
)
def test_doctor_names_what_is_missing(
    capsys, tmp_path: Path, monkeypatch, module: str, name: str, subject: str
) -> None:
    from form1.core.errors import MachineError

    def missing() -> str:
        raise MachineError("not there. Install it: apt-get install it")

    monkeypatch.setattr(f"{module}.{name}", missing)
    assert run(["doctor", "--output", str(tmp_path)]) == 4
    assert f"MISSING {subject}: not there. Install it: apt-get install it" in capsys.readouterr().out


def test_doctor_looks_at_what_the_nights_of_an_office_need(capsys, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    path = tmp_path / "form1.toml"
    path.write_text('[log]\nfile = "file/run.jsonl"\n[hooks]\nfailure = ["/nonexistent/mail"]\n', encoding="utf-8")
    assert run(["doctor", "--config", str(path)]) == 4
    told = dict(line.split(": ", 1) for line in capsys.readouterr().out.splitlines() if line.startswith("MISSING"))
    assert list(told) == ["MISSING exports", "MISSING log", "MISSING hooks"]
    assert f"{tmp_path / 'exports'} cannot be read: No such file" in told["MISSING exports"]
    assert "/nonexistent/mail" in told["MISSING hooks"]


def test_doctor_names_a_folder_that_cannot_be_written(capsys, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert run(["doctor", "--output", str(tmp_path / "file" / "out")]) == 4
    assert "MISSING output folder" in capsys.readouterr().out
