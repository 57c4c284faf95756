"""Five revisions of a small history: what moved, by how much and since when, held against a diff of the raw exports."""

import csv
import io
import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pypdfium2
import pytest

from form1.build import publishing
from form1.build.recipe import BuildOrder, BuildOutcome, build
from form1.build.revisions import history
from form1.cli.main import run
from form1.core.errors import DeliveryError
from form1.core.periods import Period
from form1.definition import Form
from form1.model.revisions import DifferenceKind
from tests.making import SAMPLE

pytestmark = pytest.mark.usefixtures("earlier_once")

Q3 = Period(2026, 3)
EXEMPT, CITIZENS, WORK = (
    "exempt_from_work_permit.csv",
    "permanent_permits_by_citizenship.csv",
    "work_permits_by_residence.csv",
)
FIRST_REASON = '=HYPERLINK("x") <b>2026-Q2</b>\nikinci sətir \x1b[31m'
SECOND_REASON = "Argentina üzrə səhv sətir çıxarılıb"
Values = dict[tuple[str, str, str], int]


@dataclass(frozen=True)
class Past:
    """The editions of the history, and the raw exports from which each was made."""

    exports: Path
    output: Path
    outcomes: tuple[BuildOutcome, ...]
    raw: tuple[Values, ...]

    def folder(self, number: int) -> Path:
        return self.output / "2026-Q3" / f"r{number}"

    def manifest(self, number: int) -> dict:
        return json.loads((self.folder(number) / "manifest.json").read_text(encoding="utf-8"))


def _edit(folder: Path, name: str, was: str, becomes: str) -> None:
    content = (folder / name).read_bytes()
    assert content.count(was.encode()) == 1
    (folder / name).write_bytes(content.replace(was.encode(), becomes.encode()))


def _rows(path: Path) -> Iterator[list[str]]:
    text = path.read_bytes().decode("utf-8-sig")
    yield from csv.reader(io.StringIO(text), delimiter=";" if ";" in text else ",")


def _raw(folder: Path) -> Values:
    """The counts of the three exports by the cells of the form that they feed, read with nothing but a CSV reader."""
    counts: Values = {}
    for sex, persons in list(_rows(folder / EXEMPT))[1:]:
        counts["T10", "T", sex] = int(persons)
    codes = {"Germany": "DE", "United States": "US"}
    for status, country, sex, persons in list(_rows(folder / CITIZENS))[1:]:
        if status == "Foreigner" and country in codes:
            counts["T06", codes[country], sex[0].replace("W", "F")] = int(persons)
    for country, issued, renewed in list(_rows(folder / WORK))[1:]:
        if country.startswith("Argentina"):
            counts["T07", "AR", "issued"] = int(issued)
            counts["T07", "AR", "renewed"] = int(renewed)
    return counts


ABOVE = {"T10": [], "T06": [], "T07": ["OTHER", "T"]}
"""Rows whose sums follow the edited rows; the edits of T06 leave its sums as they are."""


def _deltas(was: Values, now: Values) -> Values:
    """By how much every cell of the form moves when the raw counts move so."""
    deltas: Values = {}
    for table, row, column in {*was, *now}:
        step = now.get((table, row, column), 0) - was.get((table, row, column), 0)
        for each in (row, *ABOVE[table]):
            for across in (column, "T"):
                key = (table, each, across)
                deltas[key] = deltas.get(key, 0) + step
    return {key: delta for key, delta in deltas.items() if delta}


@pytest.fixture(scope="module")
def past(form: Form, tmp_path_factory: pytest.TempPathFactory, earlier_once: None) -> Past:
    """Revisions of the history; the PDF is drawn of the last alone."""
    base = tmp_path_factory.mktemp("history")
    exports = Path(shutil.copytree(SAMPLE, base / "exports"))
    folder, note = exports / "2026-Q3", exports / "2026-Q3" / "revision.txt"
    outcomes: list[BuildOutcome] = []
    raw: list[Values] = []

    def publish(drawn: Callable[..., bytes] = lambda *_: b"%PDF") -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(publishing.pdf, "draw", drawn)
            outcomes.append(build(BuildOrder(form, Q3, exports, base / "output", "en")))
        raw.append(_raw(folder))

    note.write_text("there before anything was published", encoding="utf-8")
    publish()
    _edit(folder, EXEMPT, "14631", "14640")
    note.write_text(FIRST_REASON, encoding="utf-8")
    publish()
    _edit(folder, CITIZENS, "Foreigner,Germany,Men,8", "Foreigner,Germany,Men,6")
    _edit(folder, CITIZENS, "Foreigner,United States,Men,10", "Foreigner,United States,Men,12")
    publish()
    _edit(folder, EXEMPT, "14640", "14631")
    line = next(line for line in (folder / WORK).read_text("utf-8-sig").splitlines() if line.startswith("Argentina"))
    _edit(folder, WORK, line, line.replace(";1;", ";0;"))
    note.write_bytes(b"\xef\xbb\xbf" + SECOND_REASON.encode() + b"\r\n")
    publish()
    _edit(folder, EXEMPT, "6633", "6600")
    note.unlink()
    publish(publishing.pdf.draw)
    return Past(exports, base / "output", tuple(outcomes), tuple(raw))


def _published(past: Past, number: int) -> Values:
    with (past.folder(number) / "cells.csv").open(encoding="utf-8", newline="") as file:
        return {(r["table"], r["row"], r["column"]): int(r["value"]) for r in csv.DictReader(file) if r["value"]}


@pytest.fixture(scope="module")
def expected(past: Past) -> dict[tuple[str, str, str], list[int]]:
    """The number of every cell that moved in r1 to r5: that of r1, and what the raw exports added since."""
    steps = [_deltas(was, now) for was, now in zip(past.raw, past.raw[1:], strict=False)]
    first = _published(past, 1)
    moved: dict[tuple[str, str, str], list[int]] = {}
    for key in {key for step in steps for key in step}:
        moved[key] = [first[key]]
        for step in steps:
            moved[key].append(moved[key][-1] + step.get(key, 0))
    return moved


def _since(numbers: list[int]) -> int:
    return next(at for at in range(5, 0, -1) if at == 1 or numbers[at - 2] != numbers[4])


def test_five_revisions_stand(past: Past) -> None:
    assert [outcome.submission.revision for outcome in past.outcomes] == [1, 2, 3, 4, 5]
    assert all(outcome.is_new for outcome in past.outcomes)
    assert past.outcomes[0].submission.revisions == ()
    assert past.raw[0]["T10", "T", "M"] == _published(past, 1)["T10", "T", "M"] == 14631


def test_what_moved_and_since_when(past: Past, expected: dict) -> None:
    moved = past.outcomes[4].submission.moved
    found = {one.address: [cell.value for cell in one.cells.values()] for one in moved if all(one.cells.values())}
    assert len(expected) == 13
    assert found == expected
    assert {one.address: one.stands_since for one in moved} == {
        key: (_since(numbers), _since(numbers)) for key, numbers in expected.items()
    }


@pytest.mark.parametrize("number", [2, 3, 4, 5])
def test_changes_of_each_revision(past: Past, number: int) -> None:
    with (past.folder(number) / "changes.csv").open(encoding="utf-8", newline="") as file:
        found = {(r["table"], r["row"], r["column"]): int(r["difference"]) for r in csv.DictReader(file)}
    assert found == _deltas(past.raw[number - 2], past.raw[number - 1])
    assert past.manifest(number)["changed_cells"] == len(found)
    assert past.outcomes[4].submission.revisions[number - 1].changed == len(found)


def test_why_each_revision_was_made(past: Past) -> None:
    told = [
        [(each.kind, each.name) for each in revision.differences] for revision in past.outcomes[4].submission.revisions
    ]
    assert told == [
        [],
        [(DifferenceKind.FILE_CHANGED, f"2026-Q3/{EXEMPT}")],
        [(DifferenceKind.FILE_CHANGED, f"2026-Q3/{CITIZENS}")],
        [(DifferenceKind.FILE_CHANGED, f"2026-Q3/{EXEMPT}"), (DifferenceKind.FILE_CHANGED, f"2026-Q3/{WORK}")],
        [(DifferenceKind.FILE_CHANGED, f"2026-Q3/{EXEMPT}")],
    ]
    assert past.manifest(4)["because"][1] == {"what": "file_changed", "name": f"2026-Q3/{WORK}"}


def test_the_reason_is_taken_once(past: Past) -> None:
    shown = '=HYPERLINK("x") <b>2026-Q2</b> ikinci sətir \\x1b[31m'
    assert [past.manifest(number)["reason"] for number in range(1, 6)] == ["", shown, "", SECOND_REASON, ""]
    about = [
        [f.message for f in outcome.submission.findings if f.message.startswith("revision")]
        for outcome in past.outcomes
    ]
    assert about == [[], [], ["revision_reason_repeated"], [], ["revision_without_reason"]]
    assert {outcome.submission.verdict for outcome in past.outcomes} == {"accepted_with_warnings"}


def test_the_sheet_shows_it(past: Past, expected: dict) -> None:
    book = openpyxl.load_workbook(past.folder(5) / "form1-2026-Q3-r5.xlsx")
    # The last of the form's own sheets; those for machines follow.
    names = book.sheetnames
    assert names[-1] == "cells" and names.index("Revisions") + 1 == names.index("Data 1") > names.index("10")
    sheet = book["Revisions"]
    rows = [list(row) for row in sheet.iter_rows()]
    head = next(
        at for at, row in enumerate(rows) if [cell.value for cell in row][4:9] == ["r1", "r2", "r3", "r4", "r5"]
    )
    found = {}
    for row in rows[head + 1 :]:
        table, line, _, column = (str(cell.value) for cell in row[:4])
        found[table, line, column] = [cell.value for cell in row[4:]]
    layouts = past.outcomes[4].submission.layouts
    wanted = {}
    for (table, row, column), numbers in expected.items():
        layout = layouts[table]
        heads = ", ".join(head.en for head in layout.column[column].heads)
        differences = [numbers[4] - numbers[3], numbers[4] - numbers[0]]
        wanted[str(layout.table.number), layout.row[row].line, heads] = [*numbers, *differences, f"r{_since(numbers)}"]
    assert found == wanted
    assert sheet.print_title_rows == f"${head + 1}:${head + 1}"
    reason = next(cell for row in rows[:head] for cell in row if str(cell.value).startswith("=HYPERLINK"))
    assert (reason.data_type, reason.quotePrefix) == ("s", True)
    assert [cell.value for cell in rows[head] if cell.value][-3:] == [
        "Difference from r4", "Difference from r1", "Stands since",
    ]  # fmt: skip


def test_pdf_and_page_show_it(past: Past, expected: dict) -> None:
    document = pypdfium2.PdfDocument((past.folder(5) / "form1-2026-Q3-r5.pdf").read_bytes())
    try:
        pdf = document[len(document) - 1].get_textpage().get_text_bounded()
    finally:
        document.close()
    html = (past.folder(5) / "report.html").read_text(encoding="utf-8")
    section = html[html.index('<section id="revisions"') : html.index('<section id="inputs"')]
    page = re.sub("<[^>]+>", " ", section)
    for text in (pdf, page):
        plain = " ".join(text.replace("\u00a0", " ").replace("\ufffe", "-").split())
        for numbers in expected.values():
            counts = " ".join(f"{number:,}".replace(",", " ") for number in numbers)
            assert f"{counts} {_signed(numbers[4] - numbers[3])} {_signed(numbers[4] - numbers[0])}" in plain
        assert SECOND_REASON in plain
    assert "<b>2026-Q2" not in section and "&lt;b&gt;2026-Q2" in section


def _signed(number: int) -> str:
    return f"+{number}" if number > 0 else str(number).replace("-", "−")


def test_the_first_revision_has_none_of_it(past: Past) -> None:
    book = openpyxl.load_workbook(past.folder(1) / "form1-2026-Q3-r1.xlsx", read_only=True)
    assert "Revisions" not in book.sheetnames
    assert 'id="revisions"' not in (past.folder(1) / "report.html").read_text(encoding="utf-8")
    assert (past.manifest(1)["reason"], past.manifest(1)["because"]) == ("", [])


def test_compare_over_the_revisions(past: Past, expected: dict, capsys) -> None:
    assert run(["compare", "2026-Q3", "--output", str(past.output), "--lang", "en"]) == 0
    lines = capsys.readouterr().out.replace("\u00a0", " ").splitlines()
    assert [line.partition(":")[0] for line in lines[:5]] == ["r1", "r2", "r3", "r4", "r5"]
    assert f"Reason: {SECOND_REASON} · What differs: file changed: 2026-Q3/{EXEMPT}, 2026-Q3/{WORK}" in lines[3]
    assert (
        "  T / T: r1 21 264 → r2 21 273 → r4 21 264 → r5 21 231 "
        "(Difference from r4: −33; Difference from r1: −33; Stands since: r5)"
    ) in lines
    assert sum(" / " in line for line in lines) == len(expected)
    assert lines[-1] == f"total: {len(expected)}"


@pytest.mark.parametrize("language", ["az", "ru"])
def test_compare_speaks(past: Past, form: Form, language: str, capsys) -> None:
    assert run(["compare", "2026-Q3", "--output", str(past.output), "--lang", language]) == 0
    out = capsys.readouterr().out
    assert form.word("stands_since", language) in out and form.word("reason_not_given", language) in out


@pytest.mark.parametrize("named", ["2026-Q3/r1", "nothing.xlsx", "2026-Q5"])
def test_compare_needs_a_period_or_two(past: Past, named: str, capsys) -> None:
    assert run(["compare", named, "--output", str(past.output)]) == 2
    assert "has nothing to be compared with. Name two editions or workbooks, or one period." in capsys.readouterr().err


def test_compare_of_nothing(tmp_path: Path, capsys) -> None:
    assert run(["compare", "2026-Q3", "--output", str(tmp_path)]) == 2
    assert "holds no edition 2026-Q3" in capsys.readouterr().err


def test_the_sheet_does_not_disturb_reading_back(past: Past, capsys) -> None:
    """The same verdict and the same findings for the workbook of the fifth revision as for that of the first."""
    judged = []
    for number in (1, 5):
        file = past.folder(number) / f"form1-2026-Q3-r{number}.xlsx"
        where = ["--exports", str(past.exports), "--editions", str(past.output / "none"), "--lang", "en"]
        assert run(["check", str(file), *where, "--format", "json"]) == 0
        content = json.loads(capsys.readouterr().out)
        said = [(f["expression"], f["data"]["description"], f["data"]["target"]) for f in content["findings"]]
        judged.append((content["verdict"], said))
    assert judged[0] == judged[1]


def _harm(past: Past, output: Path, harm: str) -> None:
    """Lose r3 of a copy of the archive."""
    lost = output / "2026-Q3" / "r3"
    manifest = past.manifest(3)
    if harm == "damaged":
        (lost / "cells.csv").write_bytes((lost / "cells.csv").read_bytes().replace(b"T06,DE,M,6,", b"T06,DE,M,7,"))
    elif harm in {"gone", "swapped"}:
        shutil.rmtree(lost)
        if harm == "swapped":
            shutil.copytree(output / "2026-Q3" / "r2", lost)
    elif harm == "no manifest":
        (lost / "manifest.json").write_text("[]", encoding="utf-8")
    elif harm == "cells not in the manifest":
        manifest["outputs"] = [file for file in manifest["outputs"] if file["name"] != "cells.csv"]
        (lost / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    else:
        manifest["because"] = 7
        (lost / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


@pytest.mark.parametrize(
    "harm", ["damaged", "gone", "swapped", "no manifest", "cells not in the manifest", "odd manifest"]
)
def test_a_lost_revision_is_known_as_lost(past: Past, tmp_path: Path, harm: str) -> None:
    output = Path(shutil.copytree(past.output, tmp_path / "output", symlinks=True))
    _harm(past, output, harm)
    revisions, moved = history(output, Q3)
    assert [revision.is_lost for revision in revisions] == [False, False, True, False, False]
    german = next(one for one in moved if one.address == ("T06", "DE", "M"))
    assert {number: cell.value for number, cell in german.cells.items() if cell} == {1: 8, 2: 8, 4: 6, 5: 6}


def _take_back_the_last(output: Path) -> None:
    """Undo the fifth revision as if it had never been made: its folder and its line in the journal."""
    shutil.rmtree(output / "2026-Q3" / "r5")
    journal = output / "journal.jsonl"
    journal.write_bytes(b"".join(journal.read_bytes().splitlines(keepends=True)[:-1]))


def test_a_lost_revision_lends_no_number(past: Past, form: Form, tmp_path: Path, capsys) -> None:
    """Without r3 the numbers of T06 came to stand in r3 or in r4, and nobody can say in which."""
    output = Path(shutil.copytree(past.output, tmp_path / "output", symlinks=True))
    _take_back_the_last(output)
    _harm(past, output, "damaged")
    submission = build(BuildOrder(form, Q3, past.exports, output, "en")).submission
    assert submission.revision == 5
    german = next(one for one in submission.moved if one.address == ("T06", "DE", "M"))
    assert german.stands_since == (3, 4)
    assert german.difference(5, 1) == -2 and german.difference(5, 3) is None
    assert [f.facts["name"] for f in submission.findings if f.message == "revision_lost"] == ["r3"]
    html = (output / "2026-Q3" / "r5" / "report.html").read_text(encoding="utf-8")
    assert "× – The revision is missing or was changed after it was published" in html
    assert '<td class="line">r3–r4</td>' in html
    assert run(["compare", "2026-Q3", "--output", str(output), "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert "r3: ×\n" in out and "DE / M: r1 8 → r4 6" in out and "Stands since: r3–r4" in out


def test_an_edition_with_the_manifest_of_another_is_refused(past: Past, form: Form, tmp_path: Path) -> None:
    output = Path(shutil.copytree(past.output, tmp_path / "output", symlinks=True))
    shutil.rmtree(output / "2026-Q3" / "r5")
    shutil.rmtree(output / "2026-Q3" / "r4")
    shutil.copytree(output / "2026-Q3" / "r2", output / "2026-Q3" / "r4")
    with pytest.raises(DeliveryError, match=r"is not the one in the journal|is gone"):
        build(BuildOrder(form, Q3, past.exports, output, "en"))


def test_the_same_history_gives_the_same_bytes(past: Past, form: Form, tmp_path: Path) -> None:
    output = Path(shutil.copytree(past.output, tmp_path / "output", symlinks=True))
    _take_back_the_last(output)
    again = build(BuildOrder(form, Q3, past.exports, output, "en"))
    assert again.edition is not None
    for path in sorted(past.folder(5).iterdir()):
        assert (again.edition / path.name).read_bytes() == path.read_bytes(), path.name


@pytest.mark.usefixtures("quick_drawing")
def test_a_reason_that_cannot_be_used_is_told_before_anything_is_published(form: Form, tmp_path: Path) -> None:
    exports = Path(shutil.copytree(SAMPLE, tmp_path / "exports"))
    order = BuildOrder(form, Q3, exports, tmp_path / "output", "en")
    first = build(order)
    _edit(exports / "2026-Q3", EXEMPT, "14631", "14640")
    (exports / "2026-Q3" / "revision.txt").write_bytes(b"PK\x03\x04\x00\x00reason")
    refused = build(order)
    assert (refused.edition, refused.submission.verdict) == (None, "rejected")
    assert [f.message for f in refused.submission.findings if f.severity == "error"] == ["revision_reason_binary"]
    assert [path.name for path in sorted((tmp_path / "output" / "2026-Q3").iterdir())] == ["latest", "r1"]
    (exports / "2026-Q3" / "revision.txt").write_bytes("ошибка".encode("cp866"))
    mended = build(order)
    assert first.edition is not None and mended.edition == first.edition.with_name("r2")
