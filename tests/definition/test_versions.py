"""Versions of the form: chosen by the last day of a period, audited each, refused when they overlap or leave a gap."""

import csv
from datetime import date
from pathlib import Path

import pytest

from form1.core.errors import DefinitionError, UsageError
from form1.core.periods import Period
from form1.definition import Form, load
from form1.definition.audit.form import audit, require_sound
from form1.definition.layout import lay_out
from tests.making import scratch_reference


@pytest.mark.parametrize(
    ("written", "version", "grounds", "first", "regions", "places"),
    [
        # The Migration Code had 11 grounds in July 2015, two more from 04.06.2016, four more and new numbers from
        # 24.07.2019, one more from 16.05.2023 (18 in the text of 2023), one more from 2025. Of regions there were ten
        # and Baku apart, since 07.07.2021 there are fourteen. Places are 74 units, Aghdara since 05.12.2023, and unknown.
        pytest.param("2015-Q3", "2015-07", 11, "45.0.1", 11, 75, id="2015-Q3"),
        pytest.param("2016-Q1", "2015-07", 11, "45.0.1", 11, 75, id="2016-Q1"),
        pytest.param("2016-Q2", "2016-06", 13, "45.0.1", 11, 75, id="2016-Q2"),
        pytest.param("2018-Q4", "2018-06", 13, "45.0.1", 11, 75, id="2018-Q4"),
        pytest.param("2019-Q4", "2019-07", 17, "45.1.1", 11, 75, id="2019-Q4"),
        pytest.param("2021-Q2", "2019-07", 17, "45.1.1", 11, 75, id="2021-Q2"),
        pytest.param("2021-Q3", "2021-07", 17, "45.1.1", 14, 75, id="2021-Q3"),
        pytest.param("2023-Q2", "2023-05", 18, "45.1.1", 14, 75, id="2023-Q2"),
        pytest.param("2023", "2023-12", 18, "45.1.1", 14, 76, id="the year 2023"),
        pytest.param("2024-Q1", "2023-12", 18, "45.1.1", 14, 76, id="2024-Q1"),
        pytest.param("2026-Q3", "2025-01", 19, "45.1.1", 14, 76, id="2026-Q3"),
    ],
)
def test_a_period_has_the_rows_of_its_version(
    form: Form, written: str, version: str, grounds: int, first: str, regions: int, places: int
) -> None:
    period = Period.parse(written)
    of_period = form.of(period)
    assert of_period.version.id == version
    by_ground = lay_out(of_period, of_period.tables["T03"], period.last_day)
    by_place = lay_out(of_period, of_period.tables["T04"], period.last_day)
    assert (len(by_ground.rows) - 1, by_ground.rows[1].code, by_ground.rows[1].line) == (grounds, first, "02")
    kinds = [row.kind for row in by_place.rows]
    assert (kinds.count("group"), kinds.count("member")) == (regions, places)


def test_every_version_agrees_with_itself_and_is_reached_from_every_other(form: Form) -> None:
    old = form.in_version("2015-07")
    assert audit(old) == audit(form) == []
    assert old.of(Period(2026, 3)) is form
    assert form.of(Period(2026, 3)) is form and old.of(Period(2015, 4)) is old
    assert [version.id for version in old.versions] == [version.id for version in form.versions]


def test_what_stands_in_a_folder_holds_for_its_version_and_the_older_ones(form: Form) -> None:
    def says(written: str) -> tuple[str, str]:
        of_period = form.of(Period.parse(written))
        rule = next(rule for rule in of_period.rulebook.rule if rule.id == "R007")
        note = next(note for note in of_period.notes if note.id == "T01.universe")
        assert rule.left is not None
        return rule.left.row, "10 days" if "10 days" in note.en else "15 days" if "15 days" in note.en else "?"

    assert says("2015-Q4") == ("45.0.8", "10 days")
    assert says("2018-Q1") == ("45.0.8", "10 days")
    assert says("2018-Q2") == ("45.0.8", "15 days")
    assert says("2019-Q3") == says("2026-Q3") == ("45.1.8", "15 days")


def test_labels_of_an_older_version_are_those_of_its_time(form: Form) -> None:
    def label(written: str, row: str) -> str:
        period = Period.parse(written)
        return lay_out(form.of(period), form.tables["T03"], period.last_day).row[row].label.en

    assert label("2018-Q4", "45.0.3") == "Real estate worth at least 100,000 AZN, or bank funds of that amount"
    assert label("2019-Q4", "45.1.3") == "Real estate worth at least 100,000 AZN"
    assert "deputy" in label("2021-Q4", "45.1.6-1") and "51%" in label("2023-Q4", "45.1.6-1")


@pytest.mark.parametrize("written", ["2015-Q1", "2015-Q2"])
def test_before_the_first_version_there_is_no_form(form: Form, written: str) -> None:
    period = Period.parse(written)
    assert not form.covers(period)
    with pytest.raises(UsageError, match=f"no version of the form is in force at the end of {written}.*2015-07-28"):
        form.of(period)


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        pytest.param("valid_to = 2019-07-23", "valid_to = 2019-08-01", "2018-06 and 2019-07 are both in force", id="overlap"),
        pytest.param("valid_to = 2019-07-23\n", "", "2018-06 and 2019-07 are both in force", id="no end"),
        pytest.param("valid_to = 2019-07-23", "valid_to = 2019-06-30", "close the gap", id="gap"),
        pytest.param("valid_to = 2016-06-03", "valid_to = 2015-06-03", "ends before it begins", id="ends before it begins"),
        pytest.param('id = "2016-06"', 'id = "2016-07"', "its id is the month of that day", id="misnamed"),
        pytest.param('id = "2016-06"', 'id = "2016"', "versions.toml version 2016 id", id="named like a year"),
        pytest.param('id = "2016-06"', 'id = "2015-07"', "2015-07 stands more than once", id="twice"),
        pytest.param("valid_from = 2016-06-04", "validfrom = 2016-06-04", "version 2016-06 valid_from", id="misspelt key"),
    ],
)  # fmt: skip
def test_versions_that_do_not_follow_one_another_are_refused(tmp_path: Path, was: str, becomes: str, said: str) -> None:
    path = scratch_reference(tmp_path) / "versions.toml"
    text = path.read_text(encoding="utf-8")
    assert was in text
    path.write_text(text.replace(was, becomes, 1), encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"versions\.toml") as raised:
        load(tmp_path / "reference")
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("path", "content", "said"),
    [
        pytest.param("2017-01/rules.toml", "", "no such older version", id="a folder of no version"),
        pytest.param("2025-01/rules.toml", "", "no such older version", id="a folder of today's version"),
        pytest.param("2018-06/words.toml", "", "words.toml cannot differ", id="a file that cannot differ"),
        pytest.param("2018-06/notes.toml", "[[nots]]\n", "unknown key nots", id="misspelt key"),
        pytest.param("2018-06/codes/sexes.csv", "code\n", "must stand both as a file", id="a list that nobody knows"),
    ],
)
def test_a_folder_that_is_not_understood_is_refused(tmp_path: Path, path: str, content: str, said: str) -> None:
    file = scratch_reference(tmp_path) / "versions" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="utf-8")
    with pytest.raises(DefinitionError, match=said):
        load(tmp_path / "reference")


def _link(*fields: str) -> str:
    return ",".join((*fields, "invented for a test", "INFERRED", "")) + "\n"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param(_link("grounds", "45.0.1", "2019-07-24", "45.1.1"), "no code list 'grounds'", id="no list"),
        pytest.param(_link("trp_grounds_art45", "45.0.99", "2019-07-24", "45.1.1"), "'45.0.99' is not in force", id="from an unknown row"),
        pytest.param(_link("trp_grounds_art45", "45.1.1", "2019-07-24", "45.1.1"), "'45.1.1' is not in force", id="from a row of later"),
        pytest.param(_link("trp_grounds_art45", "45.0.1", "2019-07-24", "45.9.9"), "becomes '45.9.9'", id="to an unknown row"),
        pytest.param(_link("trp_grounds_art45", "45.1.1", "2023-05-16", "45.0.1"), "becomes '45.0.1'", id="to a row that has ended"),
    ],
)  # fmt: skip
def test_a_bridge_to_an_unknown_row_is_refused(tmp_path: Path, line: str, said: str) -> None:
    path = scratch_reference(tmp_path) / "bridges.csv"
    path.write_text(path.read_text(encoding="utf-8") + line, encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"bridges\.csv line [0-9]+") as raised:
        require_sound(load(tmp_path / "reference"))
    assert said in str(raised.value)


def test_a_row_that_ends_unsaid_is_refused(tmp_path: Path) -> None:
    path = scratch_reference(tmp_path) / "bridges.csv"
    kept = [line for line in path.read_text(encoding="utf-8").splitlines(keepends=True) if ",45.0.9," not in line]
    path.write_text("".join(kept), encoding="utf-8")
    (fault,) = audit(load(tmp_path / "reference"))
    assert fault.startswith("bridges.csv: 45.0.9 of trp_grounds_art45 ends on 2019-07-23; say what becomes of it")


def test_the_audit_names_the_version_in_which_a_fault_stands(tmp_path: Path) -> None:
    path = scratch_reference(tmp_path) / "versions" / "2018-06" / "rules.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('row = "45.0.8"', 'row = "45.0.88"'), encoding="utf-8")
    (fault,) = audit(load(tmp_path / "reference"))
    assert fault == "version 2018-06: rules.toml: R007 names row '45.0.88', which T03 cannot have."


def test_rows_that_change_inside_a_version_are_named(tmp_path: Path) -> None:
    """Line codes would not be stable: the audit asks for a version of its own."""
    path = scratch_reference(tmp_path) / "codes" / "trp_grounds_art45.csv"
    path.write_text(
        path.read_text(encoding="utf-8") + "45.1.12,Yeni,New,Новое,,,,2027-03-01,,invented,INFERRED,\n",
        encoding="utf-8",
    )
    (fault,) = audit(load(tmp_path / "reference"))
    assert fault.startswith("versions.toml: the rows of T03 change on 2027-03-01, inside the version 2025-01")


def test_an_older_version_may_lack_a_table_and_have_one_of_its_own(tmp_path: Path) -> None:
    """What is about a table that a version does not have is left out of that version by itself."""
    reference = scratch_reference(tmp_path)
    folder = reference / "versions" / "2016-06"
    form_file = (reference / "form.toml").read_text(encoding="utf-8")
    (folder / "form.toml").write_text(form_file.replace(', "T10"]', ', "T12"]'), encoding="utf-8")
    (folder / "tables").mkdir()
    table = (reference / "tables" / "t10.toml").read_text(encoding="utf-8")
    (folder / "tables" / "t12.toml").write_text(table.replace('"T10"', '"T12"').replace("number = 10", "number = 12"))
    (folder / "sources.toml").write_text(
        '[[source]]\ntable = "T12"\nname = "old_export"\ncoverage = [{ covers = "year_to_date" }]\n'
        'source = "invented for a test"\nstatus = "INFERRED"\n'
    )
    form = load(reference)
    require_sound(form)
    old = form.of(Period(2016, 2))
    assert list(old.tables)[-1] == "T12" and "T10" not in old.tables
    assert old.source_of("T12").name == "old_export"
    assert not any("T10" in rule.each for rule in old.rulebook.rule)
    assert "T10" in form.of(Period(2018, 4)).tables and "T12" not in form.of(Period(2018, 4)).tables


def test_the_hash_covers_the_versions(form: Form, tmp_path: Path) -> None:
    reference = scratch_reference(tmp_path)
    assert load(reference).sha256 == form.sha256
    (reference / "versions" / "2018-06" / "rules.toml").write_text("", encoding="utf-8")
    assert load(reference).sha256 != form.sha256


def test_every_member_of_an_old_region_is_a_unit_of_a_new_one(form: Form) -> None:
    """The two divisions hold the same 74 units: what was added up once can be added up again."""
    with (form.folder / "codes" / "admin_units.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["parent"]]
    old = {row["code"] for row in rows if row["valid_to"] == "2021-07-06"}
    new = {row["code"] for row in rows if row["valid_from"] == "2021-07-07"}
    assert old == new and len(old) == 74
    assert form.versions[0].valid_from == date(2015, 7, 28)
