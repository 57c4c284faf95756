"""How rows and columns go on from one version to the next: followed, new, divided, brought together, ended."""

from pathlib import Path

import pytest

from form1.core.cells import Cell
from form1.core.errors import UsageError
from form1.core.periods import Period
from form1.definition import Form, load
from form1.definition.audit.form import audit
from form1.definition.bridge import Bridge, Fate, Past, bridge
from form1.definition.carried import carry, recalculated
from form1.definition.changes import acts, changes
from form1.definition.changes_in_tables import version_pair
from form1.definition.series import series
from tests.making import scratch_reference


def _bridge(form: Form, was: str, now: str, table: str) -> Bridge:
    then, period = Period.parse(was), Period.parse(now)
    found = bridge(form.of(then), then.last_day, form.of(period), period.last_day, table)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("was", "now", "row", "past"),
    [
        pytest.param("2019-Q2", "2019-Q3", "45.1.1", Past(Fate.FOLLOWED, ("45.0.1",)), id="another number"),
        pytest.param("2015-Q3", "2026-Q3", "45.1.8", Past(Fate.FOLLOWED, ("45.0.8",)), id="over seven versions"),
        pytest.param("2019-Q2", "2019-Q3", "45.1.3-1", Past(Fate.SPLIT, ("45.0.3",)), id="divided"),
        pytest.param("2019-Q3", "2019-Q2", "45.0.3", Past(Fate.MERGED, ("45.1.3", "45.1.3-1")), id="the pair back"),
        pytest.param("2019-Q2", "2019-Q3", "45.1.7-1", Past(Fate.NEW), id="new"),
        pytest.param("2016-Q1", "2016-Q2", "45.0.4-1", Past(Fate.NEW), id="new and numbered in the old pair"),
        pytest.param("2016-Q1", "2019-Q3", "45.1.4-1", Past(Fate.NEW), id="new on the pair"),
        pytest.param("2019-Q3", "2026-Q3", "45.1.3", Past(Fate.FOLLOWED, ("45.1.3",)), id="the same"),
    ],
)
def test_a_ground_comes_from(form: Form, was: str, now: str, row: str, past: Past) -> None:
    assert _bridge(form, was, now, "T03").rows.of(row) == past


@pytest.mark.parametrize(
    ("row", "past"),
    [
        pytest.param("ER01", Past(Fate.FOLLOWED, ("EO00",)), id="Baku, apart until then"),
        pytest.param("ER03", Past(Fate.FOLLOWED, ("EO01",)), id="the same members under another name"),
        pytest.param("ER05", Past(Fate.SPLIT, ("EO02",)), id="a part of one region"),
        pytest.param("ER06", Past(Fate.SPLIT, ("EO06", "EO07")), id="parts of two"),
        pytest.param("AZ-BAR", Past(Fate.FOLLOWED, ("AZ-BAR",)), id="a rayon that changed its region"),
        pytest.param("T", Past(Fate.FOLLOWED, ("T",)), id="the total"),
    ],
)
def test_a_region_goes_on_where_its_members_do(form: Form, row: str, past: Past) -> None:
    assert _bridge(form, "2021-Q2", "2021-Q3", "T04").rows.of(row) == past


def test_a_new_member_does_not_break_its_region(form: Form) -> None:
    rows = _bridge(form, "2023-Q3", "2023-Q4", "T04").rows
    assert rows.past == {"LOC-AGDERE": Past(Fate.NEW)}


def test_inside_a_version_everything_goes_on_as_itself(form: Form) -> None:
    assert all(_bridge(form, "2026-Q2", "2026-Q3", table).is_plain for table in form.tables)


NEXT = """valid_to = 2026-12-31

[[version]]
id = "2027-01"
title = { az = "Sınaq", en = "trial version", ru = "Проба" }
valid_from = 2027-01-01
act = { az = "Sınaq", en = "trial act", ru = "Проба" }
known = { az = "Sınaq", en = "for a test", ru = "Проба" }
source = "invented for a test"
status = "INFERRED"
"""


def _append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8").rstrip("\n") + "\n" + text, encoding="utf-8")


@pytest.fixture(scope="module")
def nace(tmp_path_factory: pytest.TempPathFactory) -> Form:
    """A version with NACE Rev. 2.1, where J is divided into J and K, and every later letter moves on by one."""
    reference = scratch_reference(tmp_path_factory.mktemp("nace"))
    _append(reference / "versions.toml", NEXT)
    head, *old = (reference / "codes" / "nace_sections.csv").read_text(encoding="utf-8").splitlines()
    letters = [line.partition(",")[0] for line in old]
    moved = {letter: [letter] if letter < "J" else [chr(ord(letter) + 1)] for letter in letters if len(letter) == 1}
    moved["J"] = ["J", "K"]
    names = {
        code: f"Bölmə {code},Section {code} of Rev. 2.1,Раздел {code}" for codes in moved.values() for code in codes
    }
    lines = [f"{code},{name},,,,,,invented for a test,INFERRED," for code, name in names.items()]
    rest = [line for line in old if len(line.partition(",")[0]) > 1]
    (reference / "codes" / "nace21.csv").write_text("\n".join([head, *lines, *rest]) + "\n", encoding="utf-8")
    title = 'title = { az = "x", en = "x", ru = "x" }\n'
    words = 'version = { az = "NACE Rev. 2.1", en = "NACE Rev. 2.1", ru = "NACE Rev. 2.1" }\n'
    agency = 'agency = { az = "x", en = "x", ru = "x" }\nsource = "invented for a test"\nstatus = "INFERRED"\n'
    _append(reference / "codes" / "lists.toml", f"\n[nace21]\n{title}{words}{agency}")
    pairs = [(code, becomes) for code, all_of in moved.items() for becomes in all_of]
    pairs += [(line.partition(",")[0],) * 2 for line in rest]
    _append(
        reference / "bridges.csv",
        "".join(f"nace_sections,{a},2027-01-01,{b},invented for a test,INFERRED,\n" for a, b in pairs),
    )
    for table in ("t08.toml", "t09.toml"):
        path = reference / "tables" / table
        folder = reference / "versions" / "2025-01" / "tables"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / table).write_bytes(path.read_bytes())
        text = path.read_text(encoding="utf-8").replace('codes = "nace_sections"', 'codes = "nace21"')
        path.write_text(text, encoding="utf-8")
    return load(reference)


def test_a_letter_that_looks_alike_is_not_the_same_activity(nace: Form) -> None:
    """K is finance in Rev. 2 and telecommunications in Rev. 2.1; the total T of a table is no section."""
    # Which list the records are counted by is said in counting.toml, and is another change.
    assert [fault for fault in audit(nace) if not fault.startswith("counting.toml")] == []
    rows = _bridge(nace, "2026-Q4", "2027-Q1", "T08").rows
    assert rows.of("I") == Past(Fate.FOLLOWED, ("I",))
    assert rows.of("J") == rows.of("K") == Past(Fate.SPLIT, ("J",))
    assert rows.of("L") == Past(Fate.FOLLOWED, ("K",))
    assert rows.of("U") == Past(Fate.FOLLOWED, ("NACE-T",))
    assert rows.of("T") == Past(Fate.FOLLOWED, ("T",))
    carried = carry(
        {("T08", "K", "T.T"): Cell(7), ("T08", "J", "T.T"): Cell(5), ("T08", "T", "T.T"): Cell(12)},
        nace.of(Period(2026, 4)), Period(2026, 4), nace, Period(2027, 1),
    )  # fmt: skip
    assert carried.cells == {("T08", "L", "T.T"): Cell(7), ("T08", "T", "T.T"): Cell(12)}
    divided = {side for side, past in carried.breaks.items() if past.fate is Fate.SPLIT}
    assert divided == {(table, row, "") for table in ("T08", "T09") for row in ("J", "K")}


def test_columns_are_followed_by_the_codes_of_their_dimensions(tmp_path: Path) -> None:
    """The oldest band is divided: its columns are not compared, those of the other bands are, and totals stay."""
    reference = scratch_reference(tmp_path)
    _append(reference / "versions.toml", NEXT)
    path = reference / "codes" / "ages_work.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("65+,"))
    fields = lines[at].split(",")
    fields[8] = "2026-12-31"
    new = [f"{code},{code},{code},{code},,,,2027-01-01,,invented for a test,INFERRED," for code in ("65-69", "70+")]
    path.write_text("\n".join([*lines[:at], ",".join(fields), *new, *lines[at + 1 :]]) + "\n", encoding="utf-8")
    links = [f"ages_work,65+,2027-01-01,{code},invented for a test,INFERRED,\n" for code in ("65-69", "70+")]
    _append(reference / "bridges.csv", "".join(links))
    form = load(reference)
    found = _bridge(form, "2026-Q4", "2027-Q1", "T08")
    assert found.rows.past == {}
    assert found.columns.of("70+.M") == Past(Fate.SPLIT, ("65+.M",))
    assert found.columns.of("60-64.M") == Past(Fate.FOLLOWED, ("60-64.M",))
    assert found.columns.of("T.F") == Past(Fate.FOLLOWED, ("T.F",))
    # The pair back adds up: what is now apart was one column then.
    then, now = Period(2026, 4), Period(2027, 1)
    cells = {("T08", "F", "65-69.M"): Cell(3), ("T08", "F", "70+.M"): Cell(4)}
    cell, _, _ = recalculated(cells, form, now, form.of(then), then, ("T08", "F", "65+.M"))
    assert cell is not None and cell.value == 7


def test_a_series_goes_on_through_the_bridge(form: Form) -> None:
    """Counts chosen so that each pair of finding a number gives another one."""
    old = {
        "AZ-XA": 1,
        "AZ-AGC": 2,
        "AZ-AGM": 4,
        "AZ-BAR": 8,
        "AZ-FUZ": 16,
        "AZ-XCI": 32,
        "AZ-XVD": 64,
        "AZ-SUS": 128,
        "AZ-TAR": 256,
    }
    cells = {
        Period(2019, 2): {("T03", "45.0.8", "M"): Cell(10), ("T03", "45.0.3", "M"): Cell(20)}
        | {("T04", unit, "M"): Cell(count) for unit, count in old.items()},
        Period(2021, 3): {("T03", "45.1.8", "M"): Cell(30), ("T03", "45.1.3", "M"): Cell(40), ("T04", "ER06", "M"): Cell(999)},
    }  # fmt: skip

    def numbers(row: str, table: str = "T03", now: str = "2021-Q3") -> list[int | None]:
        return [
            point.cell.value if point.cell else None
            for point in series(form, cells, Period.parse(now), (table, row, "M"))
        ]

    assert numbers("45.1.8") == [10, 30]
    assert numbers("45.1.3") == [None, 40]
    assert numbers("ER06", "T04") == [511, 999]
    assert numbers("45.0.8", now="2019-Q2") == [10, 30]
    (before, _) = series(form, cells, Period(2021, 3), ("T03", "45.1.3", "M"))
    assert before.how is not None and "corresponds only in part to 45.0.3" in before.how.en


def test_changes_are_sentences_by_table_and_line(form: Form) -> None:
    found = changes(version_pair(form, "2018-06", "2019-07"))
    assert {change.table for change in found} == {"T03"}
    says = {change.row: change.says.en for change in found if change.what == "row"}
    assert says["45.1.1"] == "line 02, 45.1.1 (Close relative of a citizen of Azerbaijan): its code was 45.0.1"
    assert says["45.1.8"].endswith("its code was 45.0.8; its line was 11")
    assert says["45.1.10-1"].endswith("new row")
    lines = [int(change.line) for change in found if change.what == "row"]
    assert lines == sorted(lines) == list(range(2, 19))
    (divided,) = [change.says.en for change in found if change.what == "row_left"]
    assert "45.0.3" in divided and "divided into 45.1.3 " in divided and "45.1.3-1" in divided


def test_changes_of_titles_tables_rules_notes_and_acts(nace: Form, form: Form) -> None:
    pair = version_pair(nace, "2026-Q3", "2027-Q1")
    assert [version.id for version in acts(pair)] == ["2027-01"]
    found = changes(pair)
    assert {change.table for change in found} == {"T08", "T09"}
    assert any("takes over a part of J" in change.says.en for change in found)
    notes = [change for change in changes(version_pair(form, "2016-06", "2018-06")) if change.what == "note"]
    assert "T01" in {change.table for change in notes} and len(notes) == 2
    assert changes(version_pair(form, "2026-Q1", "2026-Q3")) == []
    lines = [change.says.en for change in changes(version_pair(form, "2021-Q2", "2021-Q3")) if change.what == "lines"]
    assert "lines 79–86 are now 05–12, unchanged (“Nakhchivan city” … “Sharur district”)" in lines


@pytest.mark.parametrize("named", ["2014", "2019-08", "r1", "", "2015-Q1"])
def test_what_is_neither_version_nor_period_is_refused(form: Form, named: str) -> None:
    with pytest.raises(UsageError):
        version_pair(form, named, "2026")
