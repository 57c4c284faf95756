"""The template in LibreOffice: its formulas are computed, and every number is read back as it was typed."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from form1.definition import Form
from form1.periods import Period
from form1.receive import Received, receive
from form1.submission import Submission
from tests.fillin.filling import filled, the_template, values

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
Q3 = Period(2026, 3)


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_computed_saved_and_read_back(form: Form, made: Submission, tmp_path: Path) -> None:
    """Through .ods and back: no total is left without its value, hidden sheet and blank lines come through."""
    path = tmp_path / "filled.xlsx"
    path.write_bytes(filled(the_template(form, Q3), form, Q3, made.cells))
    for ending, source in (("ods", path), ("xlsx", tmp_path / "back" / "filled.ods")):
        convert(source, ending, tmp_path)
    read = receive(form, tmp_path / "back" / "filled.xlsx")
    assert isinstance(read, Received)
    assert values(read.cells) == values(made.cells)
    assert [finding.message for finding in read.findings] == []


def convert(path: Path, ending: str, folder: Path) -> None:
    """Let the office program open a file and save it in another format."""
    assert OFFICE is not None
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [OFFICE, profile, "--headless", "--convert-to", ending, "--outdir", str(folder / "back"), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180, env={**os.environ, "HOME": str(folder)})
