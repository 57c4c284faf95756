"""The template filled, opened and saved by LibreOffice, and read back; where it is installed.

    python -m tests.render.fillin.office --periods 2025-Q1,2025-Q2,2025-Q3,2026-Q3 --languages en,ru

About half a minute for each period and language: through .ods and back to .xlsx. Prints every difference, and ends
with 1 when there was any.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from form1.build.recipe import BuildOrder, prepare
from form1.core.cells import CellMap
from form1.core.periods import Period
from form1.definition import Form, load
from form1.recognise import ReadForm, receive
from tests.making import HANGS, SAMPLE
from tests.render.fillin.filling import blank, filled, values

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
THERE_AND_BACK = ("ods", "xlsx")


def differences(
    form: Form, period: Period, template: bytes, cells: CellMap, folder: Path, endings: Sequence[str] = THERE_AND_BACK
) -> Iterator[str]:
    """What is not read back as it was typed, after the office program has saved the file in one format or several."""
    path = folder / "filled.xlsx"
    path.write_bytes(filled(template, form, period, cells))
    for number, ending in enumerate(endings):
        path = convert(path, ending, folder / str(number))
    read = receive(form, path)
    assert isinstance(read, ReadForm), read
    there, back = values(cells), values(read.cells)
    yield from (f"{at}: {back.get(at)}, not {there.get(at)}" for at in there | back if there.get(at) != back.get(at))
    yield from (finding.message for finding in read.findings)
    if read.period != period:
        yield f"{read.period}, not {period}"


def convert(path: Path, ending: str, folder: Path) -> Path:
    """Let the office program open a file and save it in another format; return what it saved."""
    assert OFFICE is not None
    profile = f"-env:UserInstallation=file://{folder.parent}/profile"
    command = [OFFICE, profile, "--headless", "--convert-to", ending, "--outdir", str(folder), str(path)]
    subprocess.run(
        command, check=True, capture_output=True, timeout=HANGS, env={**os.environ, "HOME": str(folder.parent)}
    )
    return folder / f"{path.stem}.{ending}"


def main() -> int:
    """Every period in every language; 1 when anything differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--periods", default="2025-Q1,2025-Q2,2025-Q3")
    parser.add_argument("--languages", default="en,ru")
    arguments = parser.parse_args()
    if OFFICE is None:
        print("LibreOffice is not installed")
        return 1
    wrong = 0
    for written in arguments.periods.split(","):
        period, form = Period.parse(written), load()
        form = form.of(period)
        made = prepare(BuildOrder(form, period, SAMPLE, Path("nowhere"))).submission
        for language in arguments.languages.split(","):
            with tempfile.TemporaryDirectory() as folder:
                found = list(differences(form, period, blank(form, period, language), made.cells, Path(folder)))
            print(f"{written} {language}: {len(made.cells)} cells, {len(found)} differences")
            for line in found[:10]:
                print(f"  {line}")
            wrong += len(found)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
