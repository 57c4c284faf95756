"""The authority's own blank: every number in its place, formats kept, and whatever found no place is said."""

import io
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell import Cell

from form1.archive.readback import first_other_in_blank
from form1.archive.store import Archive
from form1.build.blanks import fill_blanks
from form1.build.recipe import BuildOrder, build, prepare
from form1.core.cells import gap
from form1.core.errors import DefinitionError
from form1.core.findings import Finding, Severity
from form1.core.periods import Period
from form1.core.values import Status
from form1.definition import Form
from form1.definition.blanks import load_blanks
from form1.model.forms import Edition
from form1.recognise import ReadForm, receive
from tests.build.blanks.foreign import COUNT_FORMAT, foreign_blank
from tests.making import SAMPLE, edited, of_tables
from tests.render.fillin.filling import values

Q3 = Period(2026, 3)
ABOUT = '[cells]\n"Titul vərəqi!C4" = "period"\n"Titul vərəqi!C6" = "head"\n'
ABSENT = {("T01", "XXX"), ("T02", "XXX")}
"""Lines that the blank does not print and has no free line for: they stand under the grand total alone."""


@pytest.fixture(scope="module")
def made(form: Form) -> Edition:
    return prepare(BuildOrder(form, Q3, SAMPLE, Path("nowhere"))).submission


@pytest.fixture(scope="module")
def laid(form: Form) -> bytes:
    return foreign_blank(form, Q3)


@pytest.fixture(scope="module")
def few(form: Form) -> Form:
    """A few tables, where the others are no matter: by ground, by place, by country."""
    return of_tables(form, ("T03", "T04", "T07"))


@pytest.fixture(scope="module")
def made_of_few(few: Form) -> Edition:
    return prepare(BuildOrder(few, Q3, SAMPLE, Path("nowhere"), signatories={"head": "A. Məmmədov"})).submission


@pytest.fixture(scope="module")
def laid_of_few(few: Form) -> bytes:
    return foreign_blank(few, Q3)


@pytest.fixture(scope="module")
def done(made: Edition, laid: bytes, tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, tuple[Finding, ...]]:
    return fill(made, laid, tmp_path_factory.mktemp("blanks"))


def fill(made: Edition, content: bytes, folder: Path, about: str = ABOUT) -> tuple[bytes, tuple[Finding, ...]]:
    (folder / "authority.xlsx").write_bytes(content)
    (folder / "authority.toml").write_text(about, encoding="utf-8")
    filled, findings = fill_blanks(made, folder)
    return filled["authority"].content, findings


def changed(content: bytes, *cells: tuple[str, str, object]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    for sheet, cell, value in cells:
        book[sheet][cell] = value
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_every_number_found_its_place(form: Form, made: Edition, done: tuple, tmp_path: Path) -> None:
    content, findings = done
    assert [(finding.message, finding.place.table, finding.place.row) for finding in findings] == [
        ("blank_no_line", *line) for line in sorted(ABSENT)
    ]
    (tmp_path / "back.xlsx").write_bytes(content)
    read = receive(form, tmp_path / "back.xlsx")
    assert isinstance(read, ReadForm)
    assert read.period == Q3
    assert not [finding for finding in read.findings if finding.severity != Severity.INFORMATION]
    wanted = {at: value for at, value in values(made.cells).items() if at[:2] not in ABSENT}
    back = values(read.cells)
    assert {at: back.get(at) for at in wanted} == wanted
    # Lines that the blank prints and nobody came from.
    assert {at[1] for at in back.keys() - wanted.keys()} == {"FJ"}
    assert {back[at] for at in back.keys() - wanted.keys()} == {0}


def look(cell: Cell) -> tuple[str, ...]:
    return tuple(repr(part) for part in (cell.font, cell.border, cell.fill, cell.alignment, cell.number_format))


def test_its_look_is_kept(made_of_few: Edition, laid_of_few: bytes, tmp_path: Path) -> None:
    done, _ = fill(made_of_few, laid_of_few, tmp_path)
    was, now = (openpyxl.load_workbook(io.BytesIO(content)) for content in (laid_of_few, done))
    assert was.sheetnames == now.sheetnames
    for sheet, other in zip(was.worksheets, now.worksheets, strict=True):
        assert sheet.merged_cells.ranges == other.merged_cells.ranges
        assert sheet.page_setup.scale == other.page_setup.scale and sheet.freeze_panes == other.freeze_panes
        assert {at: row.height for at, row in sheet.row_dimensions.items()} == {
            at: row.height for at, row in other.row_dimensions.items()
        }
        assert len(sheet._images) == len(other._images)
        for row in sheet.iter_rows():
            for cell in row:
                twin = other[cell.coordinate]
                assert look(cell) == look(twin)
                assert cell.value is None or cell.value == twin.value
    assert now["Titul vərəqi"]["C6"].value == "A. Məmmədov"
    assert any(cell.number_format == COUNT_FORMAT and cell.value for row in now["Yer"].iter_rows() for cell in row)


def test_the_same_bytes_twice(made_of_few: Edition, laid_of_few: bytes, tmp_path: Path) -> None:
    assert fill(made_of_few, laid_of_few, tmp_path)[0] == fill(made_of_few, laid_of_few, tmp_path)[0]


def test_too_few_lines(few: Form, made_of_few: Edition, tmp_path: Path) -> None:
    """Each country that found no line is named, with its table and line."""
    _, findings = fill(made_of_few, foreign_blank(few, Q3, spare={"CIS": 12, "OTHER": 3, "XXA": 60}), tmp_path)
    rows = [row.code for row in made_of_few.layouts["T07"].rows if row.kind == "member"]
    named = {finding.place.row for finding in findings if finding.place.table == "T07"}
    assert {finding.message for finding in findings} == {"blank_no_line"}
    assert named < set(rows) and len(named) > 20


@pytest.mark.parametrize(
    ("cells", "messages"),
    [
        pytest.param([("Yer", "D8", "x")], ["blank_cell_taken"], id="text where a count belongs"),
        pytest.param([("Yer", "D8", "=E8+F8")], ["blank_formulas"], id="a formula"),
        pytest.param([("Yer", "D6", None)], ["blank_no_cell"], id="a column without its number"),
        pytest.param([("Yer", "G9", None), ("Yer", "B9", "?")], ["blank_no_line"], id="a line without code and name"),
    ],
)
def test_one_fault_of_the_blank(
    made_of_few: Edition,
    laid_of_few: bytes,
    tmp_path: Path,
    cells: list[tuple[str, str, object]],
    messages: list[str],
) -> None:
    _, findings = fill(made_of_few, changed(laid_of_few, *cells), tmp_path)
    about = {finding.message for finding in findings if finding.place.row not in {"XXX"}}
    assert about == set(messages)


def test_line_codes_of_the_authority(tmp_path: Path) -> None:
    """A line is found by the code that `lines` gives it, whatever its label says."""
    form = edited(tmp_path, "tables/t03.toml", "show_code = true", 'show_code = true\nlines = { "45.1.1" = "9001" }')
    form = of_tables(form, ("T03",))
    made = prepare(BuildOrder(form, Q3, SAMPLE, Path("nowhere"))).submission
    book = openpyxl.load_workbook(io.BytesIO(foreign_blank(form, Q3)))
    label = form.code("trp_grounds_art45", "45.1.1", Q3.last_day)
    assert label is not None
    (at,) = [cell for row in book["MYİ"].iter_rows() for cell in row if cell.value == "9001"]
    for column in ("B", "C"):
        book["MYİ"][f"{column}{at.row}"] = None
    file = io.BytesIO()
    book.save(file)
    (tmp_path / "blanks").mkdir()
    content, _ = fill(made, file.getvalue(), tmp_path / "blanks")
    filled = openpyxl.load_workbook(io.BytesIO(content))["MYİ"]
    assert filled[f"D{at.row}"].value == made.cells["T03", "45.1.1", "T"].value


@pytest.mark.parametrize(
    ("about", "periods"),
    [
        pytest.param("", ["2026-Q3", "2026"], id="without a word"),
        pytest.param('periodicity = ["annual"]', ["2026"], id="annual alone"),
        pytest.param('last = "2026-Q2"', [], id="of the past"),
        pytest.param('first = "2026-Q3"\nlast = "2026-Q3"', ["2026-Q3"], id="one period"),
    ],
)
def test_for_which_periods(tmp_path: Path, about: str, periods: list[str]) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"")
    (tmp_path / "a.toml").write_text(about, encoding="utf-8")
    (blank,) = load_blanks(tmp_path)
    assert [period for period in ("2026-Q3", "2026") if blank.is_for(Period.parse(period))] == periods


@pytest.mark.parametrize(
    ("name", "about", "said"),
    [
        pytest.param("a.xlsx", "langage = 'az'", "known keys", id="an unknown key"),
        pytest.param("a.xlsx", "first = '2026-Q5'", "2026-Q5", id="no period"),
        pytest.param("a.xlsx", "[cells]\n'C4' = 'period'", "cells", id="a cell without its sheet"),
        pytest.param("a b.xlsx", "", "name of a blank", id="a name that makes no file name"),
    ],
)
def test_a_wrong_word_about_it(tmp_path: Path, name: str, about: str, said: str) -> None:
    (tmp_path / name).write_bytes(b"")
    (tmp_path / name).with_suffix(".toml").write_text(about, encoding="utf-8")
    with pytest.raises(DefinitionError, match=said):
        load_blanks(tmp_path)


def test_what_is_no_workbook_stops_the_build(made: Edition, tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="cannot be used as a blank"):
        fill(made, b"nothing", tmp_path)


def test_a_further_file_of_the_edition(
    few: Form, laid_of_few: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the manifest with the places of its numbers, by which `verify` finds one that is another."""
    (tmp_path / "blanks").mkdir()
    (tmp_path / "blanks" / "authority.xlsx").write_bytes(laid_of_few)
    monkeypatch.setattr("form1.build.blanks.folder", lambda: tmp_path / "blanks")
    monkeypatch.setattr(
        "form1.render.pdf.draw", lambda submission, attached=(): b"%PDF"
    )  # most of a build's time, and no matter here
    outcome = build(BuildOrder(few, Q3, SAMPLE, tmp_path / "output"))
    assert outcome.edition is not None
    name = "form1-2026-Q3-r1-authority.xlsx"
    assert (outcome.edition / name).read_bytes() == outcome.submission.blanks["authority"].content
    edition = Archive(tmp_path / "output").latest(Q3)
    assert edition is not None and not edition.damage()
    assert name in {output["name"] for output in edition.manifest["outputs"]}
    places, signs = edition.manifest["blanks"][name], few.signs()
    cells = edition.cells()
    named = [place for tables in places.values() for rows in tables.values() for row in rows.values() for place in row]
    assert sum(place == "=" for place in named) > len(cells) - 10
    content = (outcome.edition / name).read_bytes()
    assert first_other_in_blank(content, places, cells, signs) == ""
    at, cell = places["Yer"]["T04"]["T"].split()[0].split("="), cells["T04", "T", "T"]
    harmed = changed(content, ("Yer", at[1], (cell.value or 0) + 1))
    assert first_other_in_blank(harmed, places, cells, signs) == f"Yer!{at[1]}"
    lost = {**cells, ("T04", "T", at[0]): gap(Status.NOT_AVAILABLE)}
    assert first_other_in_blank(content, places, lost, signs) == f"Yer!{at[1]}"
    assert first_other_in_blank(changed(content, ("Yer", at[1], "...")), places, lost, signs) == ""
    assert first_other_in_blank(b"PK", places, cells, signs) != ""
