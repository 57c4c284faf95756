"""What bare.py needs, taken from an edition that is made here: the page, its fonts, the cells, the libraries.

    python bench/prepare.py PERIOD FOLDER

Writes page.html, page.json, fonts/, inside/, cells.pickle and about.json into FOLDER. Exit code 3 when the
sample is rejected.
"""

from __future__ import annotations

import hashlib
import json
import pickle
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from form1.build.recipe import BuildOrder, BuildOutcome, build
from form1.core.periods import Period
from form1.definition import load
from form1.definition.audit.form import require_sound
from form1.render import attached, pdf
from form1.render.page import fonts

LIBRARIES: Final = (
    "babel",
    "click",
    "defusedxml",
    "filelock",
    "jinja2",
    "openpyxl",
    "pandera.polars",
    "pikepdf",
    "polars",
    "pydantic",
    "rich",
    "weasyprint",
)
"""Those that a build has imported are imported by the bare side too, and no other."""


def main(period: str, folder: Path) -> int:
    """Make the edition and put everything down."""
    form = load()
    require_sound(form)
    exports = Path(__file__).resolve().parents[1] / "sample_data" / "exports"
    outcome = build(BuildOrder(form, Period.parse(period), exports, folder / "edition"))
    imported = ["click", *(name for name in LIBRARIES if name in sys.modules and name != "click")]
    if outcome.edition is None:
        print(f"the sample is rejected ({len(outcome.submission.findings)} findings)", file=sys.stderr)
        return 3
    page = pdf.html(outcome.submission)
    (folder / "page.html").write_text(page, encoding="utf-8")
    (folder / "fonts").mkdir(exist_ok=True)
    for face in fonts.FONTS:
        (folder / "fonts" / face).write_bytes(fonts.font(face))
    (folder / "inside").mkdir(exist_ok=True)
    for name in attached.TRAVELLING:
        if (outcome.edition / name).exists():
            (folder / "inside" / name).write_bytes((outcome.edition / name).read_bytes())
    content = cells(outcome)
    (folder / "cells.pickle").write_bytes(pickle.dumps(content))
    identifier = hashlib.sha256(page.encode()).hexdigest()[:32]
    (folder / "page.json").write_text(json.dumps({"imports": imported, "identifier": identifier}), encoding="utf-8")
    about = {
        "imports": ", ".join(name.partition(".")[0] for name in imported),
        "pages": pages(outcome),
        "cells": sum(len(sheet["cells"]) for sheet in content["sheets"]),
        "versions": ", ".join(f"{name} {version(name)}" for name in ("polars", "openpyxl", "weasyprint")),
    }
    (folder / "about.json").write_text(json.dumps(about), encoding="utf-8")
    return 0


def cells(outcome: BuildOutcome) -> dict[str, list[dict[str, Any]]]:
    """Return the sheets of the edition's workbook (cells with their styles, merges, widths) and the styles."""
    from openpyxl import load_workbook
    from openpyxl.cell.cell import MergedCell

    assert outcome.edition is not None
    workbook = load_workbook(outcome.edition / f"{outcome.submission.name}.xlsx")
    sheets = [
        {
            "title": sheet.title,
            "cells": [
                (cell.row, cell.column, cell.value, cell.style)
                for row in sheet.iter_rows()
                for cell in row
                if not isinstance(cell, MergedCell) and (cell.value is not None or cell.has_style)
            ],
            "merges": [str(area) for area in sheet.merged_cells.ranges],
            "widths": {letter: column.width for letter, column in sheet.column_dimensions.items()},
        }
        for sheet in workbook.worksheets
    ]
    styles = [
        {
            "name": style.name,
            "font": style.font,
            "fill": style.fill,
            "border": style.border,
            "alignment": style.alignment,
            "number_format": style.number_format,
        }
        for style in workbook._named_styles
        if style.name != "Normal"
    ]
    return {"sheets": sheets, "styles": styles}


def pages(outcome: BuildOutcome) -> int:
    """Return the number of pages of the edition's PDF."""
    from pikepdf import Pdf

    assert outcome.edition is not None
    with Pdf.open(outcome.edition / f"{outcome.submission.name}.pdf") as opened:
        return len(opened.pages)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
