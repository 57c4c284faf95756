"""Workbooks to receive: a small good one of our own making, and ways to change its parts."""

import functools
import io
import re
import zipfile
from collections.abc import Callable, Mapping

from form1.definition import load
from form1.definition.form import Form
from form1.recognise.received import ReadForm
from form1.recognise.workbook import understand
from form1.render.workbook import draw
from form1.xlsx.read.gate import Admitted, look_at
from form1.xlsx.read.package import read_book
from tests.render.drawing import filled

Parts = dict[str, bytes]
SHEET = {f"T{number:02}": f"xl/worksheets/sheet{number + 1}.xml" for number in range(1, 11)}
"""The part of each table in a workbook of ours: the cover is the first sheet."""


@functools.cache
def the_form() -> Form:
    """The definition, loaded once."""
    return load()


@functools.cache
def good(language: str = "en") -> bytes:
    """A workbook of ours with all ten tables and a few countries."""
    return draw(filled(the_form(), language=language, countries=8))  # type: ignore[arg-type]


def parts_of(content: bytes) -> Parts:
    """The parts of a package by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def pack(parts: Mapping[str, bytes]) -> bytes:
    """A package of these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def changed(change: Callable[[Parts], None], language: str = "en") -> bytes:
    """The good workbook after a change of its parts."""
    parts = parts_of(good(language))
    change(parts)
    return pack(parts)


def in_part(name: str, was: str, becomes: str, count: int = 1) -> Callable[[Parts], None]:
    """A change of the text of one part by a regular expression, which must have found its place."""

    def change(parts: Parts) -> None:
        text, found = re.subn(was, lambda _: becomes, parts[name].decode(), count=count, flags=re.DOTALL)
        assert found, f"{was} is not in {name}"
        parts[name] = text.encode()

    return change


def cell(address: str, becomes: str, table: str = "T03") -> Callable[[Parts], None]:
    """A change of one cell: `becomes` is what follows its reference and style, such as ` t="b"><v>1</v>`."""
    return in_part(SHEET[table], rf'<c r="{address}"( s="\d+")?[^>]*?(/>|>.*?</c>)', f'<c r="{address}"{becomes}</c>')


def understood(content: bytes) -> ReadForm:
    """What a workbook holds, read in this process."""
    outside = look_at(content)
    return understand(the_form(), read_book(content), Admitted("sent.xlsx", content, "0" * 64, len(content), outside))


def with_parts(new: Parts) -> bytes:
    """The good workbook with further or other parts."""
    return pack(parts_of(good()) | new)
