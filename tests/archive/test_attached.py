"""The files inside a PDF against those beside it: verify tells the first that is another."""

from pathlib import Path

import pytest

from form1.archive.readback import first_other_inside
from form1.definition import Form
from form1.render import pdf
from tests.render.drawing import filled

FILES = {"cells.csv": b"table,row\n", "findings.json": b"[]\n"}


@pytest.fixture(scope="module")
def drawn(form: Form) -> bytes:
    return pdf.draw(filled(form, tables=["T10"]), FILES)


@pytest.mark.parametrize(
    ("beside", "wanted", "told"),
    [
        pytest.param({}, FILES, "", id="the same"),
        pytest.param({"cells.csv": b"table,row\r\n"}, FILES, "cells.csv", id="other bytes"),
        pytest.param({"findings.json": None}, FILES, "findings.json", id="gone from the folder"),
        pytest.param({"metadata.json": b"{}"}, [*FILES, "metadata.json"], "metadata.json", id="not inside"),
        pytest.param({}, ["cells.csv"], "findings.json", id="inside without a word in the manifest"),
    ],
)
def test_the_first_that_is_another(
    drawn: bytes, tmp_path: Path, beside: dict[str, bytes | None], wanted: list[str], told: str
) -> None:
    for name, content in {**FILES, **beside}.items():
        if content is not None:
            (tmp_path / name).write_bytes(content)
    assert first_other_inside(drawn, tmp_path, wanted) == told


def test_what_is_no_pdf_is_told(tmp_path: Path) -> None:
    assert first_other_inside(b"no PDF", tmp_path, [])
