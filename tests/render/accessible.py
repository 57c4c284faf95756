"""What docs/accessibility.md says of workbook and PDF, as checks: one for each line that is "met", by its id.

A check gives what is not so; nothing when all is well.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import page
import pikepdf
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from form1.model.forms import Edition
from tests.render import spoken

FILES = {"cells.csv": b"table,row\n", "metadata.json": b"{}\n"}
"""What travels inside the PDF that is held."""


@dataclass
class Held:
    """A small edition: its workbook and its PDF."""

    submission: Edition
    workbook: bytes
    pdf: bytes

    @cached_property
    def book(self) -> Any:
        """The workbook as openpyxl reads it."""
        return load_workbook(io.BytesIO(self.workbook))

    @cached_property
    def parts(self) -> dict[str, str]:
        """The parts of the workbook by name."""
        with zipfile.ZipFile(io.BytesIO(self.workbook)) as package:
            return {name: package.read(name).decode() for name in package.namelist()}

    def sheets(self, *kinds: str) -> list[Worksheet]:
        """The sheets of some kinds: official, tidy, cells, others."""
        return [sheet for sheet in self.book if self.kind(sheet) in kinds]

    def kind(self, sheet: Worksheet) -> str:
        """The kind of a sheet."""
        if sheet.title in {str(layout.table.number) for layout in self.submission.layouts.values()}:
            return "official"
        return {"Data": "tidy", "cells": "cells"}.get(sheet.title.split()[0], "others")


def _marked_up(held: Held) -> Iterator[str]:
    found = {name for sheet in held.book for name in sheet.tables}
    yield from {f"form1_{table}" for table in held.submission.layouts} - found
    for sheet in held.sheets("tidy", "cells"):
        for table in sheet.tables.values():
            if table.ref.split(":")[1] != sheet.dimensions.split(":")[1]:
                yield sheet.title


def _named(held: Held) -> Iterator[str]:
    for name, part in held.parts.items():
        if name.startswith("xl/tables/"):
            if not re.search(r'displayName="form1_(T[0-9]{2}|cells)"', part):
                yield name
            if not re.search(r'<x14:table altText="[^"]{10,}" altTextSummary="[^"]{40,}"/>', part):
                yield name


def _no_blank_lines(held: Held) -> Iterator[str]:
    for sheet in held.sheets("tidy", "cells", "official"):
        rows = [any(cell.value is not None for cell in row) for row in sheet.iter_rows()]
        columns = [any(cell.value is not None for cell in column) for column in sheet.iter_cols()]
        if not all(rows) or not all(columns):
            yield sheet.title


def _one_head(held: Held) -> Iterator[str]:
    for sheet in held.sheets("tidy", "cells"):
        for table in sheet.tables.values():
            heads = [cell.value for cell in sheet[table.ref][0]]
            if table.headerRowCount != 1 or None in heads or len({head.lower() for head in heads}) < len(heads):
                yield sheet.title


def _wrapped(held: Held) -> Iterator[str]:
    for sheet in held.sheets("tidy", "official"):
        for row in sheet.iter_rows(min_row=5 if held.kind(sheet) == "official" else 6):
            for cell in row:
                fits = cell.alignment.wrap_text and sheet.row_dimensions[cell.row].height
                if isinstance(cell.value, str) and len(cell.value) > 12 and not cell.hyperlink and not fits:
                    yield f"{sheet.title}!{cell.coordinate}"


def _nothing_hidden(held: Held) -> Iterator[str]:
    for sheet in held.book:
        dimensions = (*sheet.row_dimensions.values(), *sheet.column_dimensions.values())
        if sheet.sheet_state != "visible" or any(each.hidden for each in dimensions):
            yield sheet.title


def _plain_marks(held: Held) -> Iterator[str]:
    if 'vertAlign val="superscript"' in held.parts["xl/styles.xml"] or "<rPr>" in "".join(held.parts.values()):
        yield "superscript"
    for cell in _cells(held):
        if isinstance(cell.value, str) and re.search("[¹²³⁰-⁹†‡]", cell.value):
            yield cell.coordinate


def _no_mark_at_numbers(held: Held) -> Iterator[str]:
    for sheet in held.sheets("tidy", "official"):
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and re.match(r"[0-9 \xa0]+ ?\[", cell.value):
                    yield cell.coordinate


def _titled(held: Held) -> Iterator[str]:
    for sheet in held.sheets("official", "tidy", "others"):
        titles = [cell for row in sheet.iter_rows() for cell in row if cell.style == "Heading 1" and cell.value]
        if len(titles) != 1:
            yield sheet.title
    if not all(f'name="Heading {level}" xfId=' in held.parts["xl/styles.xml"] for level in (1, 2, 3)):
        yield "styles"


def _not_by_colour_alone(held: Held) -> Iterator[str]:
    for sheet in held.book:
        for area in sheet.conditional_formatting:
            yield from (f"{sheet.title}!{area.sqref}" for rule in area.rules if not (rule.dxf.font and rule.dxf.font.b))
        for row in sheet.iter_rows():
            yield from (
                cell.coordinate for cell in row if cell.font.color and cell.font.color.rgb not in {None, "FF000000"}
            )


def _contrast(held: Held) -> Iterator[str]:
    pairs = {(cell.font.color, cell.fill.fgColor.rgb if cell.fill.patternType else "00FFFFFF") for cell in _cells(held)}
    said = [(color.rgb if color is not None else "00000000", ground) for color, ground in pairs]
    for sheet in held.book:
        for area in sheet.conditional_formatting:
            said += [(rule.dxf.font.color.rgb, rule.dxf.fill.bgColor.rgb) for rule in area.rules]
    yield from (f"{ink} on {ground}" for ink, ground in set(said) if _ratio(ink, ground) < 4.5)


def _pictures_speak(held: Held) -> Iterator[str]:
    drawings = [part for name, part in held.parts.items() if re.match("xl/drawings/drawing[0-9]+.xml", name)]
    charts = [name for name in held.parts if re.match("xl/charts/chart[0-9]+.xml", name)]
    alts = [match for part in drawings for match in re.findall(r'<[^>]*cNvPr [^>]*descr="([^"]{30,})"', part)]
    if len(alts) != len(charts) or not charts:
        yield f"{len(alts)} of {len(charts)}"
    yield from (name for name in held.parts if name.startswith("xl/media/"))


def _no_macros(held: Held) -> Iterator[str]:
    yield from (name for name in held.parts if re.search("vba|macro|activeX|ctrlProps", name, re.IGNORECASE))


def _no_blank_sheets(held: Held) -> Iterator[str]:
    yield from (sheet.title for sheet in held.book if sheet.max_row < 2)


def _told_above(held: Held) -> Iterator[str]:
    for sheet in held.sheets("tidy"):
        top = [sheet.cell(row, 1).value for row in range(1, 6)]
        if not all(top) or "[" not in sheet["A1"].value or "Unit of measure" not in top[1] or "notes" not in top[2]:
            yield sheet.title


def _at_the_left(held: Held) -> Iterator[str]:
    yield from (s.title for s in held.sheets("tidy", "cells") for t in s.tables.values() if not t.ref.startswith("A"))
    for sheet in held.sheets("official"):
        if not [cell for cell in sheet["A"] if cell.style.startswith("form1 total label")]:
            yield sheet.title


def _contents(held: Held) -> Iterator[str]:
    cover = held.book.worksheets[0]
    reached = {_target(cell) for row in cover.iter_rows() for cell in row if cell.hyperlink}
    yield from {sheet.title for sheet in held.book.worksheets[1:]} ^ reached
    for sheet in held.sheets("tidy"):
        if {cover.title, sheet.title.split()[1]} - {_target(cell) for cell in sheet["A"] if cell.hyperlink}:
            yield sheet.title


def _properties(held: Held) -> Iterator[str]:
    about = held.book.properties
    wanted = ("title", "language", "subject", "creator", "category", "keywords")
    yield from (name for name in wanted if not getattr(about, name))
    if about.language != held.submission.language:
        yield "another language"


def _standards(held: Held) -> Iterator[str]:
    for profile in spoken.PROFILES:
        yield from (str(failure.rule_id) for failure in page.validate_pdf_bytes(held.pdf, profile=profile).failures)


def _announced(held: Held) -> Iterator[str]:
    yield from spoken.listen(held.pdf, held.submission).wrong


def _one_element(held: Held) -> Iterator[str]:
    tables = spoken.listen(held.pdf, held.submission).tables
    if tables != len(held.submission.layouts):
        yield f"{tables} tables"


def _document(held: Held) -> Iterator[str]:
    with pikepdf.open(io.BytesIO(held.pdf)) as document:
        root = document.Root
        if str(root.get("/Lang", "")) != held.submission.language or not root.ViewerPreferences.get("/DisplayDocTitle"):
            yield "language or title"
        with document.open_outline() as outline:
            titles = [below.title for item in outline.root for below in item.children]
        words = [f"Table {layout.table.number}." for layout in held.submission.layouts.values()]
        yield from (word for word in words if not any(title.startswith(word) for title in titles))


def _figures_speak(held: Held) -> Iterator[str]:
    reader = spoken.Reader(held.pdf)
    found = list(reader.elements("/Figure"))
    if len(found) < sum(figure.has_picture for figure in held.submission.summary):
        yield f"{len(found)} figures"
    yield from ("no text" for figure in found if len(str(figure.get("/Alt", ""))) < 30)


def _inside(held: Held) -> Iterator[str]:
    with pikepdf.open(io.BytesIO(held.pdf)) as document:
        inside = {name: document.attachments[name].get_file().read_bytes() for name in document.attachments}
    yield from (name for name, content in FILES.items() if inside.get(name) != content)


CHECKS: dict[str, Callable[[Held], Iterator[str]]] = {
    "W01": _marked_up, "W02": _named, "W04": _no_blank_lines, "W05": _one_head, "W06": _wrapped, "W09": _nothing_hidden,
    "W10": _plain_marks, "W12": _no_mark_at_numbers, "W16": _titled, "W21": _not_by_colour_alone, "W22": _contrast,
    "W23": _pictures_speak, "W24": _no_macros, "W26": _no_blank_sheets, "W27": _told_above, "W28": _at_the_left,
    "W31": _contents, "W32": _properties, "P01": _standards, "P02": _announced, "P03": _one_element, "P04": _document,
    "P05": _figures_speak, "P06": _inside,
}  # fmt: skip


def _cells(held: Held) -> Iterator[Any]:
    for sheet in held.book:
        for row in sheet.iter_rows():
            yield from (cell for cell in row if cell.value is not None)


def _target(cell: Any) -> str:
    return str(cell.hyperlink.location).rpartition("!")[0].strip("'")


def _ratio(one: str, other: str) -> float:
    """The contrast of two colours by WCAG 2.1."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(argb: str) -> float:
    parts = [int(argb[-6:][at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
