"""The PDF, read back: its numbers, its pages, what it says about itself, and that it is the same every time."""

import io
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from form1.core.errors import DefinitionError, MachineError
from form1.core.values import show
from form1.definition import Form
from form1.model.forms import Edition
from form1.render import pdf
from form1.render.page import engine, fonts, tables
from tests.render.drawing import HOSTILE, HOSTILE_SHOWN, filled

GOLDEN = Path(__file__).parents[1] / "golden" / "form.html"
REPOSITORY = Path(__file__).parents[2]


def pages_of(file: bytes) -> list[str]:
    """The text of each page, every white space one blank."""
    document = pypdfium2.PdfDocument(file)
    try:
        return [" ".join(document[number].get_textpage().get_text_range().split()) for number in range(len(document))]
    finally:
        document.close()


def smallest_type(file: bytes) -> float:
    """The size in points of the smallest letter that is printed."""
    document = pypdfium2.PdfDocument(file)
    raw, sizes, matrix = pypdfium2.raw, set(), pypdfium2.raw.FS_MATRIX()
    try:
        for page in document:
            text = page.get_textpage()
            for letter in range(text.count_chars()):
                if chr(raw.FPDFText_GetUnicode(text, letter)).strip():
                    raw.FPDFText_GetMatrix(text, letter, matrix)
                    sizes.add(round(raw.FPDFText_GetFontSize(text, letter) * abs(matrix.d), 2))
    finally:
        document.close()
    return min(sizes)


@pytest.fixture(scope="module")
def submission(form: Form) -> Edition:
    return filled(form)


@pytest.fixture(scope="module")
def drawn(submission: Edition) -> bytes:
    return pdf.draw(submission)


@pytest.fixture(scope="module")
def pages(drawn: bytes) -> list[str]:
    return pages_of(drawn)


def test_every_number_stands_in_its_row(submission: Edition, pages: list[str]) -> None:
    signs = submission.form.signs()
    text = " ".join(pages)
    lost = []
    for layout in submission.layouts.values():
        for panel in layout.panels:
            for row in layout.rows:
                cells = [submission.cells[layout.table.id, row.code, column.code] for column in panel]
                counts = " ".join(show(cell.value, cell.status, signs) for cell in cells).replace("\u00a0", " ")
                if f"{row.line} {counts}" not in text:
                    lost.append((layout.table.id, row.code, panel[0].number))
    assert lost == []


def test_every_page_carries_code_period_revision_and_its_number(pages: list[str], form: Form) -> None:
    for number, page in enumerate(pages, start=1):
        assert f"03102111 · 2026-cı ilin yanvar–sentyabr ayları · {form.word('revision', 'az')} 2" in page
        assert form.word("page_of", "az").format(page=number, pages=len(pages)) in page


def test_page_count_and_orientation(drawn: bytes) -> None:
    with pikepdf.open(io.BytesIO(drawn)) as document:
        sides = [tuple(round(float(side)) for side in page.mediabox[2:]) for page in document.pages]
    assert 15 <= len(sides) <= 25
    # Valid work permits: four panels by age, two by education.
    assert sides.count((842, 595)) == 6
    assert sides.count((595, 842)) == len(sides) - 6


def test_no_type_is_below_8_points(drawn: bytes) -> None:
    assert smallest_type(drawn) == 8.0


def test_the_last_page_of_a_table_has_eight_rows(form: Form) -> None:
    """The last eight rows stay together, groups among them, too: no page holds fewer."""
    table = tables.table_views(filled(form, tables=["T04"]))[0]
    kept = [row.keep for row in table.panels[0].rows]
    assert all(keep in {"before", "both"} for keep in kept[-7:]) and kept[-8] not in {"before", "both"}


def test_the_document_says_what_it_is(drawn: bytes, form: Form) -> None:
    with pikepdf.open(io.BytesIO(drawn)) as document:
        assert str(document.Root.Lang) == "az"
        assert str(document.docinfo["/Title"]) == "1 №-li forma (Miqrasiya) – 2026-cı ilin yanvar–sentyabr ayları"
        assert str(document.docinfo["/CreationDate"]).startswith("D:20260930")
        assert bool(document.Root.MarkInfo.Marked)
        with document.open_outline() as outline:
            top = outline.root[0]
            titles = [item.title for item in top.children]
    assert titles.pop(0) == form.word("contents", "az")
    assert titles[: len(form.tables)] == [
        f"Cədvəl {table.number}. {table.short_title.az}" for table in form.tables.values()
    ]
    assert titles[len(form.tables) :] == [
        form.word(word, "az") for word in ("legend", "classifications", "numbered_notes", "notes_form", "notes_tables")
    ]


def test_a_number_announces_its_row_and_its_heads(form: Form) -> None:
    """Heads that span rows and columns: the third number of T08's second row belongs to all ages, women."""
    file = pdf.draw(filled(form, tables=["T08"], language="en"))
    with pikepdf.open(io.BytesIO(file)) as document:
        text = _spoken(document)
        table = next(t for t in _elements(document.Root.StructTreeRoot, "/Table") if len(_elements(t, "/TR")) > 20)
        by_id = {bytes(th.ID): th for th in _elements(table, "/TH")}
        row = _elements(table, "/TR")[4]
        cell = _elements(row, "/TD")[4]
        announced = [text(by_id[bytes(identifier)]) for identifier in cell.A.Headers]
        scopes = {str(th.A.Scope) for th in by_id.values()}
    activity = form.codelists["nace_sections"].codes[0].name.en
    women = form.codelists["sex"].codes[1].name.en
    assert announced == [activity, "Total", women]
    assert scopes == {"/Row", "/Column"}


def _elements(parent: pikepdf.Object, kind: str) -> list[pikepdf.Object]:
    found: list[pikepdf.Object] = []
    kids = parent.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            found += [kid] if str(kid.S) == kind else _elements(kid, kind)
    return found


def _spoken(document: pikepdf.Pdf):
    """A function that gives the text of a structure element, by the marked content that it holds."""
    texts: dict[tuple[int, int], str] = {}
    for number, page in enumerate(document.pages):
        fonts = {name: _characters(font) for name, font in page.resources.Font.items()}
        identifier, font = None, {}
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) == "BDC":
                identifier = int(operands[1].get("/MCID", -1))
            elif str(operator) == "Tf":
                font = fonts[str(operands[0])]
            elif str(operator) in {"TJ", "Tj"} and identifier is not None:
                strings = operands[0] if str(operator) == "TJ" else [operands[0]]
                data = b"".join(bytes(part) for part in strings if isinstance(part, pikepdf.String))
                glyphs = (data[place : place + 2] for place in range(0, len(data), 2))
                key = (number, identifier)
                texts[key] = texts.get(key, "") + "".join(font.get(glyph, "") for glyph in glyphs)
    place = {page.obj.objgen: number for number, page in enumerate(document.pages)}

    def text(element: pikepdf.Object) -> str:
        own = ""
        for kid in element.K:
            if isinstance(kid, pikepdf.Dictionary):
                own += text(kid)
            else:
                own += texts.get((place[element.Pg.objgen], int(kid)), "")
        return own

    return text


def _characters(font: pikepdf.Object) -> dict[bytes, str]:
    table = font.ToUnicode.read_bytes().decode("ascii")
    pairs = re.findall(r"<([0-9a-fA-F]{4})>\s*<([0-9a-fA-F]+)>", table)
    return {bytes.fromhex(glyph): bytes.fromhex(letters).decode("utf-16-be") for glyph, letters in pairs}


@pytest.mark.parametrize("countries", [38, 39, 40, 41, 42, 43])
def test_no_page_holds_a_row_on_its_own(form: Form, countries: int) -> None:
    submission = filled(form, tables=["T02"], countries=countries)
    lines = [row.line for row in submission.layouts["T02"].rows]
    counts = []
    for page in pages_of(pdf.draw(replace(submission, form=replace(form, notes=())))):
        if form.word("line_code", "az") in page:
            counts.append(sum(1 for line in lines if re.search(rf" {line} [-0-9]", page)))
    assert sum(counts) >= len(lines)
    assert min(counts) >= 3, counts


@pytest.mark.parametrize(("language", "words"), [("en", "Page 1 of"), ("ru", "Страница 1 из")])
def test_other_languages(form: Form, language: str, words: str) -> None:
    file = pdf.draw(filled(form, tables=["T10"], language=language))
    assert words in pages_of(file)[0]
    with pikepdf.open(io.BytesIO(file)) as document:
        assert str(document.Root.Lang) == language


def test_text_from_outside_appears_literally(form: Form) -> None:
    submission = filled(form, tables=["T10"], signatories={"head": HOSTILE})
    page = pdf.html(submission)
    assert "<script" not in page
    assert HOSTILE_SHOWN in pages_of(pdf.draw(submission))[0]


def test_the_page_gets_our_fonts_and_nothing_else() -> None:
    engine.engine()
    fetch = engine.fetcher().fetch
    assert fetch("form1:/fonts/regular").read()[:4] == b"\0\1\0\0"
    assert b"@page" in fetch("form1:/templates/print.css").read()
    for url in (
        "file:///etc/hostname",
        "http://localhost/x.png",
        "https://localhost/x.png",
        "data:text/css,body{}",
        "form1:/fonts/../__init__.py",
        "form1:/templates/../pyproject.toml",
        "/etc/hostname",
    ):
        with pytest.raises(ValueError, match=r"refused|has no"):
            fetch(url)


def test_fetching_from_inside_a_page_is_refused() -> None:
    page = "<html lang=en><title>x</title><link rel=attachment href=file:///etc/hostname><p>text</p></html>"
    with pytest.raises(DefinitionError, match="refused"):
        engine.write(page)


def test_a_missing_font_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "FONT_PACKAGE", "no_such_package")
    with pytest.raises(MachineError, match=r"font SourceSansPro-Regular\.ttf is missing") as caught:
        engine.write("<p>")
    assert "\n" not in str(caught.value)


def test_a_missing_library_is_one_line() -> None:
    """Without Pango the import of WeasyPrint fails with an advice of many lines on stdout; ours is one."""
    code = (
        "import cffi.api\n"
        "load = cffi.api._load_backend_lib\n"
        "def without(backend, name, flags):\n"
        "    if isinstance(name, str) and 'pango' in name: raise OSError('cannot load ' + name)\n"
        "    return load(backend, name, flags)\n"
        "cffi.api._load_backend_lib = without\n"
        "from form1.core.errors import MachineError\n"
        "from form1.render.page import engine\n"
        "try: engine.engine()\n"
        "except MachineError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout.count("\n") == 1
    assert "apt-get install libpango-1.0-0" in done.stdout


def test_the_same_bytes_in_another_process_and_time_zone() -> None:
    code = (
        "import hashlib\n"
        "from form1.definition import load\n"
        "from form1.render import pdf\n"
        "from tests.render.drawing import filled\n"
        "print(hashlib.sha256(pdf.draw(filled(load(), tables=['T03', 'T08']))).hexdigest())\n"
    )
    environment = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    environment["PYTHONPATH"] = str(REPOSITORY)
    hashes = {
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", code],
            cwd=REPOSITORY,
            env={**environment, "TZ": zone, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for zone, seed in (("Asia/Baku", "1"), ("America/New_York", "2"))
    }
    assert len(hashes) == 1


def test_the_search_for_libraries_is_given_back() -> None:
    import ctypes.util

    engine.engine()
    assert ctypes.util.find_library.__module__ == "ctypes.util"


def test_golden_page(form: Form) -> None:
    """The page of two small tables and four notes, two of them numbered; FORM1_UPDATE_GOLDEN=1 writes it anew for review."""
    small = replace(
        form,
        notes=tuple(note for note in form.notes if note.id in {"N-S.1.1", "N-S.2", "T05.universe", "M.ages", "M.zero"}),
    )
    page = pdf.html(filled(small, tables=["T05", "T10"]))
    page = re.sub(r"<style>.*?</style>", "<style>…</style>", page, flags=re.DOTALL)
    if os.environ.get("FORM1_UPDATE_GOLDEN") == "1":
        GOLDEN.write_text(page, encoding="utf-8")
    assert page == GOLDEN.read_text(encoding="utf-8")
