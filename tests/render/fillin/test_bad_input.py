"""One fault at a time in a filled template: a finding at its cell, from `check` and from `build` alike."""

import io
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook

from form1.build.gathering import gather
from form1.build.recipe import BuildOrder, prepare
from form1.core.cells import Cell, CellMap, Origin
from form1.core.findings import Finding, Severity
from form1.core.periods import Period
from form1.core.values import Status
from form1.definition import Form
from form1.model.forms import Edition
from form1.recognise import ReadForm, receive
from tests.making import SAMPLE, edited, of_tables
from tests.render.fillin.conftest import FEW
from tests.render.fillin.filling import blank, filled, values

Q3 = Period(2026, 3)
Fault = Callable[[Workbook], None]


def put(sheet: str, cell: str, value: object) -> Fault:
    """Write into a cell, past the protection and the checks of the sheet, as pasting does."""

    def fault(book: Workbook) -> None:
        book[sheet][cell] = value

    return fault


def row_deleted(book: Workbook) -> None:
    book["3"].delete_rows(10)


def lines_moved(book: Workbook) -> None:
    """Protection removed, and two lines of an open table changed places: their codes tell."""
    sheet = book["7"]
    for column in (1, 2, 5, 6):
        one, other = sheet.cell(12, column), sheet.cell(13, column)
        one.value, other.value = other.value, one.value


def country_twice(book: Workbook) -> None:
    for column in "AB":
        book["7"][f"{column}13"] = book["7"][f"{column}12"].value


def country_unknown(book: Workbook) -> None:
    book["7"]["A12"], book["7"]["B12"] = "Atlantida", "QQ"


def table_emptied(book: Workbook) -> None:
    for line in book["5"].iter_rows(min_row=8):
        for cell in line:
            if not cell.protection.locked:
                cell.value = None


def blanks_are_zero(book: Workbook, form: Form) -> None:
    cover = book.worksheets[0]
    (answer,) = [
        cell for row in cover.iter_rows() for cell in row if cell.value == form.word("fillin_blanks_open", "az")
    ]
    answer.value = form.word("fillin_blanks_zero", "az")


def found(form: Form, folder: Path, content: bytes) -> list[Finding]:
    """What a build says of a filled template: what receiving it found, and more."""
    exports = folder / "exports" / str(Q3)
    exports.mkdir(parents=True)
    (exports / "hand.xlsx").write_bytes(content)
    return list(gather(form, folder / "exports", Q3).findings)


def checked(form: Form, folder: Path, content: bytes) -> tuple[ReadForm, list[Finding]]:
    """What check reads in a filled template, and what both say of it."""
    built = found(form, folder, content)
    read = receive(form, folder / "exports" / str(Q3) / "hand.xlsx")
    assert isinstance(read, ReadForm)
    said = {(finding.message, finding.place.table) for finding in read.findings}
    assert said <= {(finding.message, finding.place.table) for finding in built}
    return read, built


@pytest.mark.parametrize(
    ("fault", "message", "cell"),
    [
        pytest.param(put("3", "E9", "çox"), "received_not_a_count", "3!E9", id="text in a number cell"),
        pytest.param(put("3", "E9", 3.5), "received_fraction_hidden", "3!E9", id="a fraction"),
        pytest.param(
            put("3", "E9", "=2+3"), "received_formula_without_value", "3!E9", id="a formula without its value"
        ),
        pytest.param(put("3", "E9", None), "fillin_cell_blank", "3!E9", id="half a line"),
        pytest.param(row_deleted, "received_line_missing", "3!", id="a line deleted"),
        pytest.param(table_emptied, "fillin_table_blank", "5!", id="a table not filled"),
        pytest.param(country_twice, "received_line_twice", "7!C13", id="a country twice"),
        pytest.param(country_unknown, "received_line_unknown", "7!C12", id="a country that is none"),
    ],
)
def test_a_finding_at_its_cell(few: Form, typed: bytes, tmp_path: Path, fault: Fault, message: str, cell: str) -> None:
    built = found(few, tmp_path, changed(typed, fault))
    (hit,) = [finding for finding in built if finding.message == message]
    assert hit.severity == Severity.ERROR
    assert hit.place.file == "2026-Q3/hand.xlsx"
    assert f"{hit.place.sheet}!{hit.place.cell}".startswith(cell)


def changed(content: bytes, fault: Fault) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    fault(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_lines_that_changed_places(few: Form, typed: bytes, made_of_few: Edition, tmp_path: Path) -> None:
    """The numbers go with the code of the country, wherever its line stands."""
    read, _ = checked(few, tmp_path, changed(typed, lines_moved))
    assert values(read.cells) == values(made_of_few.cells)


def test_a_negative_number(few: Form, typed: bytes, tmp_path: Path) -> None:
    built = found(few, tmp_path, changed(typed, put("3", "E9", -4)))
    places = {(finding.message, finding.place.cell) for finding in built if finding.severity == Severity.ERROR}
    assert ("received_not_a_count", "E9") in places


def test_a_total_written_by_hand(few: Form, typed: bytes, tmp_path: Path) -> None:
    """A sum is checked against its parts even where it replaced the formula."""
    built = found(few, tmp_path, changed(typed, put("3", "D9", 99_999)))
    hits = {(finding.place.row, finding.place.cell) for finding in built if finding.message == "sum_differs"}
    assert ("45.1.2", "D9") in hits


def test_a_sign_is_a_gap_and_never_zero(few: Form, typed: bytes, made_of_few: Edition, tmp_path: Path) -> None:
    """`...` as people and programs write it, `x` and `c`: no number, nor is any sum over one; `-` alone is zero."""
    typings = {"E9": "...", "F10": "…", "E11": "x", "F12": "c", "E13": "-"}
    content = changed(typed, lambda book: [put("3", cell, sign)(book) for cell, sign in typings.items()])  # type: ignore[func-returns-value]
    read, built = checked(few, tmp_path, content)
    rows = {line.line: line.code for line in made_of_few.layouts["T03"].rows}
    lines = {cell: rows[str(openpyxl.load_workbook(io.BytesIO(typed))["3"][f"C{cell[1:]}"].value)] for cell in typings}
    gaps = {("T03", lines[cell], {"E": "M", "F": "F"}[cell[0]]) for cell in list(typings)[:4]}
    above = {(table, row, "T") for table, row, _ in gaps} | {("T03", "T", column) for column in "MFT"}
    assert {at for at, cell in read.cells.items() if cell.value is None} == gaps | above
    assert read.cells["T03", lines["E13"], "M"] == Cell(0, origin=Origin.RECEIVED)
    assert read.cells["T03", lines["E11"], "T"].status == Status.NOT_APPLICABLE
    assert read.cells["T03", lines["F12"], "T"].status == Status.SUPPRESSED
    told = {finding.place.cell for finding in built if finding.message == "received_gap"}
    assert told == set(list(typings)[:4])
    assert not [finding for finding in built if finding.severity == Severity.ERROR]
    submission = prepare(BuildOrder(few, Q3, tmp_path / "exports", tmp_path / "none")).submission
    assert {at for at, cell in submission.cells.items() if cell.value is None} == gaps | above


def test_blanks_as_the_cover_says(few: Form, blank_of_few: bytes, made_of_few: Edition, tmp_path: Path) -> None:
    """Zeros are typed, or left blank and called zeros on the cover: the same form, and a word about it."""

    def answer(book: Workbook) -> None:
        blanks_are_zero(book, few)

    numbers: CellMap = {at: cell for at, cell in made_of_few.cells.items() if cell.value}
    read, built = checked(few, tmp_path, filled(blank_of_few, few, Q3, numbers, answer))
    assert values(read.cells) == values(made_of_few.cells)
    assert [finding.message for finding in built if finding.severity == Severity.ERROR] == []
    assert "fillin_zeros" in {finding.message for finding in built}


def test_blanks_without_a_word(few: Form, blank_of_few: bytes, made_of_few: Edition, tmp_path: Path) -> None:
    """The same blanks are no zeros as long as nobody says so; a sum over one of them is no number either."""
    numbers: CellMap = {at: cell for at, cell in made_of_few.cells.items() if cell.value}
    zeros = {at for at, cell in made_of_few.cells.items() if cell.value == 0 and at[0] == "T03" and at[2] != "T"}
    read, built = checked(few, tmp_path, filled(blank_of_few, few, Q3, numbers))
    assert zeros and {read.cells[at].value for at in zeros} == {None}
    assert read.cells["T03", "T", "T"].value is None
    lines = {finding.place.row for finding in built if finding.place.table == "T03" and finding.severity == "error"}
    assert lines == {at[1] for at in zeros}


def test_not_filled_at_all(few: Form, blank_of_few: bytes, tmp_path: Path) -> None:
    """A blank form is ten tables without numbers, never ten tables of zeros."""
    read, built = checked(few, tmp_path, blank_of_few)
    for findings in (list(read.findings), built):
        blank_tables = [finding.place.table for finding in findings if finding.message == "fillin_table_blank"]
        assert blank_tables == list(few.tables)
    assert not any(cell.value for cell in read.cells.values())
    assert not [at for at, cell in read.cells.items() if cell.value == 0 and at[2].startswith(("M", "F"))]


def test_filled_for_another_quarter(few: Form, made_of_few: Edition, tmp_path: Path) -> None:
    period = Period(2026, 2)
    built = found(few, tmp_path, filled(blank(few, period), few, period, made_of_few.cells))
    assert "fillin_other_period" in {finding.message for finding in built if finding.severity == Severity.ERROR}
    assert not gather(few, tmp_path / "exports", Q3).counts


def test_drawn_from_other_lists(typed: bytes, tmp_path: Path) -> None:
    """A ground was added after the template was given out."""
    ground = "45.1.12,Yeni əsas,A new ground,Новое основание,,,,2026-01-01,,invented for a test,INFERRED,"
    last = (SAMPLE.parents[1] / "reference/codes/trp_grounds_art45.csv").read_text(encoding="utf-8").splitlines()[-1]
    other = edited(tmp_path / "new", "codes/trp_grounds_art45.csv", last, f"{last}\n{ground}")
    other = of_tables(other, FEW)
    built = found(other, tmp_path, typed)
    assert "fillin_other_lists" in {finding.message for finding in built if finding.severity == Severity.ERROR}
    assert not gather(other, tmp_path / "exports", Q3).counts


def test_a_template_beside_an_export(few: Form, typed: bytes, tmp_path: Path) -> None:
    """No table has two sources; a table left blank in the template may come from its export."""
    name = "temporary_permits_by_ground.csv"
    (tmp_path / "exports" / "2026-Q3").mkdir(parents=True)
    shutil.copy(SAMPLE / "2026-Q3" / name, tmp_path / "exports" / "2026-Q3" / name)
    (tmp_path / "exports" / "2026-Q3" / "hand.xlsx").write_bytes(typed)
    gathered = gather(few, tmp_path / "exports", Q3)
    (twice,) = [finding for finding in gathered.findings if finding.severity == Severity.ERROR]
    assert (twice.message, twice.place.table, twice.facts["files"]) == ("two_sources", "T03", ("hand.xlsx", name))

    def without_grounds(book: Workbook) -> None:
        for line in book["3"].iter_rows(min_row=8):
            for cell in line:
                if not cell.protection.locked:
                    cell.value = None

    (tmp_path / "exports" / "2026-Q3" / "hand.xlsx").write_bytes(changed(typed, without_grounds))
    gathered = gather(few, tmp_path / "exports", Q3)
    assert not [finding for finding in gathered.findings if finding.severity == Severity.ERROR]
    assert {file.name for file in gathered.inputs} == {f"2026-Q3/{name}", "2026-Q3/hand.xlsx"}
    assert set(gathered.counts) == set(few.tables)


def test_two_templates(few: Form, typed: bytes, tmp_path: Path) -> None:
    (tmp_path / "2026-Q3").mkdir()
    for name in ("a.xlsx", "b.xlsx"):
        (tmp_path / "2026-Q3" / name).write_bytes(typed)
    gathered = gather(few, tmp_path, Q3)
    assert [finding.message for finding in gathered.findings if finding.severity == Severity.ERROR] == ["fillin_twice"]
    assert not gathered.counts
