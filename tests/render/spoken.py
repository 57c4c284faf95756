"""What a screen reader says of a finished PDF, worked out from the file alone and held against the definition.

    python -m tests.render.spoken [--periods 2025,2026-Q1,2026-Q3] [--languages az,en,ru]

Nothing here is shared with the code that tags: the structure tree is walked from its root, the text of an element is
read from the content streams by the numbers of its marked content and the fonts' own tables, heads are looked up by
their identifiers, also the heads of heads, as ISO 32000-1 (14.8.5.7) says. What must be heard comes from the layout.

The command builds every period in every language from the sample, and also holds PDF/A-3a and PDF/UA-1 (page-validation)
and the attachments against the files of the edition. Exit code 1 when anything is wrong.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import page
import pikepdf

from form1.build.recipe import BuildOrder, build
from form1.core.periods import Period
from form1.core.values import show
from form1.definition import load
from form1.definition.layout import Layout
from form1.model.forms import Edition

REPOSITORY = Path(__file__).parents[2]
NO_LETTER = "\uffff"
"""What the fonts' tables say of the box that is drawn in place of a letter."""
PROFILES = ("3a", "ua1")


@dataclass
class Heard:
    """How many data cells were listened to, how many tables, and everything that is not as the definition says."""

    cells: int = 0
    tables: int = 0
    wrong: list[str] = field(default_factory=list)


class Reader:
    """A finished file as a screen reader takes it in."""

    def __init__(self, file: bytes) -> None:
        self.document = pikepdf.open(io.BytesIO(file))
        self.root = self.document.Root.StructTreeRoot
        self._texts: dict[tuple[tuple[int, int], int], str] = {}
        self.loose: list[str] = []
        """Text that is neither in an element nor an artefact."""
        self.artefacts: list[str] = []
        for each in self.document.pages:
            self._read(each)
        names = list(self.root.IDTree.Names) if "/IDTree" in self.root else []
        self._by_id = {bytes(name): element for name, element in zip(names[::2], names[1::2], strict=True)}

    def elements(self, kind: str, below: pikepdf.Object | None = None) -> Iterator[pikepdf.Object]:
        """Every element of a kind, in reading order, also inside its like."""
        for kid in _kids(self.root if below is None else below):
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                if str(kid.S) == kind:
                    yield kid
                yield from self.elements(kind, kid)

    def text(self, element: pikepdf.Object) -> str:
        """What an element says, without white space: where lines break is no matter."""
        if "/ActualText" in element:
            return squeeze(str(element.ActualText))
        said = ""
        for kid in _kids(element):
            if not isinstance(kid, pikepdf.Dictionary):
                said += self._texts.get((element.Pg.objgen, int(kid)), "")
            elif str(kid.get("/Type")) == "/MCR":
                said += self._texts.get((kid.get("/Pg", element.Pg).objgen, int(kid.MCID)), "")
            elif "/S" in kid:
                said += self.text(kid)
        return squeeze(said)

    def everything(self) -> str:
        """All text of the file, artefacts included."""
        return "".join([*self._texts.values(), *self.artefacts, *self.loose])

    def announced(self, cell: pikepdf.Object) -> list[str]:
        """The heads that are announced with a cell, in their order."""
        heads: list[str] = []
        for attributes in _list(cell.get("/A", pikepdf.Dictionary())):
            for identifier in attributes.get("/Headers", []):
                head = self._by_id[bytes(identifier)]
                assert bytes(head.ID) == bytes(identifier)
                heads += [*self.announced(head), self.text(head)]
        return heads

    def _read(self, each: pikepdf.Page) -> None:
        fonts = {name: letters(font) for name, font in each.resources.get("/Font", {}).items()}
        inside: list[int | None] = []
        font: dict[bytes, str] = {}
        for operands, operator in pikepdf.parse_content_stream(each):
            name = str(operator)
            if name in {"BDC", "BMC"}:
                mark = operands[1].get("/MCID") if name == "BDC" else None
                inside.append(int(mark) if mark is not None else -1 if str(operands[0]) == "/Artifact" else None)
            elif name == "EMC":
                inside.pop()
            elif name == "Tf":
                font = fonts[str(operands[0])]
            elif name in {"TJ", "Tj"}:
                strings = operands[0] if name == "TJ" else [operands[0]]
                data = b"".join(bytes(part) for part in strings if isinstance(part, pikepdf.String))
                said = "".join(font[data[place : place + 2]] for place in range(0, len(data), 2))
                mark = next((mark for mark in reversed(inside) if mark is not None), None)
                if mark is None:
                    self.loose.append(said)
                elif mark < 0:
                    self.artefacts.append(said)
                else:
                    key = (each.obj.objgen, mark)
                    self._texts[key] = self._texts.get(key, "") + said


def listen(file: bytes, submission: Edition) -> Heard:
    """Listen to every data cell of every table of a form."""
    reader, heard = Reader(file), Heard()
    heard.wrong += [f"neither element nor artefact: {text!r}" for text in reader.loose]
    sections = {
        reader.text(title): section
        for section in reader.elements("/Sect")
        for title in list(reader.elements("/H2", section))[:1]
    }
    word = submission.form.word("table", submission.language)
    for layout in submission.layouts.values():
        title = squeeze(f"{word} {layout.table.number}. {layout.table.title.of(submission.language)}")
        title += _marks(submission.marks.at(layout.table.id, "title"))
        if title not in sections:
            heard.wrong.append(f"{layout.table.id}: no section is called {title}")
            continue
        tables = list(reader.elements("/Table", sections[title]))
        if len(tables) != 1:
            heard.wrong.append(f"{layout.table.id}: {len(tables)} elements")
        else:
            heard.tables += 1
            _listen_to(reader, tables[0], layout, submission, heard)
    return heard


def _listen_to(reader: Reader, table: pikepdf.Object, layout: Layout, submission: Edition, heard: Heard) -> None:
    language, id, noted = submission.language, layout.table.id, submission.marks
    signs = submission.form.signs()
    body = [row for part in reader.elements("/TBody", table) for row in reader.elements("/TR", part)]
    if len(body) != len(layout.rows):
        heard.wrong.append(f"{id}: {len(body)} rows, not {len(layout.rows)}")
        return
    over = {part: row for row in layout.rows if row.kind == "group" for part in row.parts}
    words = [submission.form.word(key, language) for key in ("code", "line_code")]
    for row, element in zip(layout.rows, body, strict=True):
        chain = [row]
        while chain[0].code in over:
            chain.insert(0, over[chain[0].code])
        beside = [squeeze(each.label.of(language)) + _marks(noted.at(id, "row", each.code)) for each in chain]
        wanted = [(row.shown_code, [*beside, words[0]])] if layout.table.rows.show_code else []
        wanted.append((row.line, [*beside, words[1]]))
        for column in layout.columns:
            cell = submission.cells[id, row.code, column.code]
            above = sorted((h for h in layout.heads if h.first <= column.number <= h.last), key=lambda h: h.level)
            heads = [*beside, *(head.text.of(language) + _marks(noted.head(id, head)) for head in above)]
            wanted.append((show(cell.value, cell.status, signs), heads))
        label = [reader.text(head) for head in reader.elements("/TH", element)]
        cells = list(reader.elements("/TD", element))
        if label != beside[-1:] or len(cells) != len(wanted):
            heard.wrong.append(f"{id} line {row.line}: {label} and {len(cells)} cells, not {len(wanted)}")
            continue
        for cell, (text, heads) in zip(cells, wanted, strict=True):
            said = reader.text(cell), reader.announced(cell)
            right = squeeze(text), [squeeze(head) for head in heads]
            heard.cells += 1
            if said != right:
                heard.wrong.append(f"{id} line {row.line}: {said}, not {right}")


def _marks(numbers: Iterable[int]) -> str:
    """The marks of numbered notes, said after the text that they stand at."""
    return "".join(f"[{number}]" for number in numbers)


def squeeze(text: str) -> str:
    """Text without white space."""
    return re.sub(r"\s+", "", text)


def _kids(element: pikepdf.Object) -> list[pikepdf.Object]:
    return _list(element.get("/K", []))


def _list(thing: pikepdf.Object) -> list[pikepdf.Object]:
    return list(thing) if isinstance(thing, pikepdf.Array | list) else [thing]


def letters(font: pikepdf.Object) -> dict[bytes, str]:
    """The text of each glyph of a font."""
    table = font.ToUnicode.read_bytes().decode("ascii")
    pairs = re.findall(r"<([0-9a-fA-F]{4})>\s*<([0-9a-fA-F]+)>", table)
    return {bytes.fromhex(glyph): bytes.fromhex(letters).decode("utf-16-be") for glyph, letters in pairs}


def main() -> int:
    """Build and listen; 1 when anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--periods", default="2025,2026-Q1,2026-Q3")
    parser.add_argument("--languages", default="az,en,ru")
    arguments = parser.parse_args()
    total = Heard()
    form, exports = load(), REPOSITORY / "sample_data" / "exports"
    for period in arguments.periods.split(","):
        for language in arguments.languages.split(","):
            with tempfile.TemporaryDirectory() as output:
                outcome = build(BuildOrder(form, Period.parse(period), exports, Path(output), language))
                assert outcome.edition is not None, [str(finding) for finding in outcome.submission.findings]
                path = outcome.edition / f"{outcome.submission.name}.pdf"
                heard = listen(path.read_bytes(), outcome.submission)
                for profile in PROFILES:
                    report = page.validate_pdf(path, profile=profile)
                    heard.wrong += [f"{profile}: {failure.rule_id} {failure.message}" for failure in report.failures]
                heard.wrong += [*attachments(path)]
            print(f"{period} {language}: {heard.cells} cells in {heard.tables} tables, {len(heard.wrong)} wrong")
            for line in heard.wrong[:10]:
                print(f"  {line}")
            total.cells, total.tables = total.cells + heard.cells, total.tables + heard.tables
            total.wrong += heard.wrong
    print(f"together: {total.cells} cells in {total.tables} tables, {len(total.wrong)} wrong")
    return 1 if total.wrong else 0


def attachments(path: Path) -> Iterator[str]:
    """What is wrong with the files inside a PDF, held against those beside it."""
    with pikepdf.open(path) as document:
        inside = {name: file.get_file().read_bytes() for name, file in document.attachments.items()}
        associated = {str(file.F) for file in document.Root.get("/AF", [])}
    if "cells.csv" not in inside or set(inside) != associated:
        yield f"attached: {sorted(inside)}, associated: {sorted(associated)}"
    for name, content in inside.items():
        if content != (path.parent / name).read_bytes():
            yield f"{name} inside is another than {name} beside the PDF"


if __name__ == "__main__":
    sys.exit(main())
