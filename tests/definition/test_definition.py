"""reference/ is sound, and what is wrong with it is said at once."""

from pathlib import Path

import pytest

from form1.core.errors import DefinitionError
from form1.core.periods import Period
from form1.core.texts import sort_key_az
from form1.definition import Form, load
from form1.definition.audit.form import audit, require_sound
from form1.definition.layout import lay_out
from tests.making import edited, scratch_reference

LAST = Period(2026, 3).last_day


def test_the_definition_agrees_with_itself(form: Form) -> None:
    assert audit(form) == []
    require_sound(form)


def test_ten_tables_in_the_order_of_the_form(form: Form) -> None:
    assert [table.number for table in form.tables.values()] == list(range(1, 11))
    sizes = {
        id: (len(lay_out(form, table, LAST).rows), len(lay_out(form, table, LAST).columns))
        for id, table in form.tables.items()
    }
    assert sizes["T03"] == (20, 3)
    assert sizes["T04"] == (1 + 14 + 75 + 1, 3)
    assert sizes["T08"] == (22, 39)
    assert sizes["T09"] == (22, 24)
    assert sizes["T10"] == (1, 3)


@pytest.mark.parametrize(
    ("file", "was", "becomes", "says"),
    [
        pytest.param("rules.toml", 'severity = "error"', 'severty = "error"', "severty|severity", id="misspelt key"),
        pytest.param("form.toml", 'code = "03102111"', 'code = "03102111"\nnew = 1', "form.toml new", id="unknown key"),
        pytest.param("form.toml", "day = 25", "day = 31", "day", id="impossible deadline"),
        pytest.param("form.toml", '"T01", ', "", "lists the tables", id="table not listed"),
        pytest.param("tables/t05.toml", 'number = 5', 'number = "five"', "t05.toml number", id="wrong type"),
        pytest.param("codes/sex.csv", "code,name_az", "kod,name_az", "columns must be", id="wrong columns"),
        pytest.param("words.toml", "[persons_unit]", "[persons_unit", "not valid TOML", id="broken TOML"),
    ],
)  # fmt: skip
def test_the_loader_refuses(tmp_path: Path, file: str, was: str, becomes: str, says: str) -> None:
    with pytest.raises(DefinitionError, match=says):
        edited(tmp_path, file, was, becomes)


@pytest.mark.parametrize(
    ("file", "was", "becomes", "says"),
    [
        pytest.param("tables/t03.toml", '"trp_grounds_art45"', '"grounds"', "no code list 'grounds'", id="unknown code list"),
        pytest.param("tables/t08.toml", 'renamed = { T = "NACE-T" }', 'renamed = { T = "T" }', "row code 'T'", id="a member that reads as the total"),
        pytest.param("rules.toml", 'row = "45.1.8"', 'row = "45.8"', "row '45.8'", id="rule about no row"),
        pytest.param("rules.toml", 'column = "renewed"', 'column = "new"', "column 'new'", id="rule about no column"),
        pytest.param("messages.toml", "{found} exceeds", "It exceeds", "same facts", id="message that forgets a fact"),
        pytest.param("messages.toml", 'fields = ["folder", "name"]', 'fields = ["folder"]', "names name, which is none", id="message about no field"),
        pytest.param("messages.toml", 'fields = ["folder", "name"]', 'fields = ["folder", "name", "name"]', "a field twice", id="field named twice"),
        pytest.param("messages.toml", 'level = 2\n', "", "without a level", id="severity without a level"),
        pytest.param("messages.toml", 'severity = "error"\nlevel = 0\nunreadable', 'severity = "warning"\nlevel = 0\nunreadable', "is no error", id="warning that stops the run"),
        pytest.param("notes/tables.toml", 'aspect = "limits"', 'aspect = "basis"', "exactly one note", id="missing note"),
        pytest.param("notes/form.toml", 'concept = "S.', 'concept = "Z.', "no SIMS concept", id="note of no concept"),
        pytest.param("sources.toml", 'table = "T10"', 'table = "T09"', "exactly one source", id="table without a source"),
        pytest.param("codes/aliases.csv", "countries,TR,", "countries,QQ,", "not in countries", id="alias of no code"),
        pytest.param("words.toml", 'en = "persons"', 'en = "TODO"', "placeholder", id="placeholder"),
    ],
)  # fmt: skip
def test_the_audit_names_the_contradiction(tmp_path: Path, file: str, was: str, becomes: str, says: str) -> None:
    form = edited(tmp_path, file, was, becomes)
    assert any(says in fault for fault in audit(form)), audit(form)


def test_a_folder_without_a_definition(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=r"form\.toml is missing"):
        load(tmp_path)


def test_the_hash_changes_with_any_file(tmp_path: Path, form: Form) -> None:
    copy = scratch_reference(tmp_path)
    assert load(copy).sha256 == form.sha256
    assert edited(tmp_path, "corrections.toml", "None is recorded", "None is written").sha256 != form.sha256


def test_countries_follow_the_azerbaijani_alphabet(form: Form) -> None:
    names = [entry.name.az for entry in form.codelists["countries"].codes if entry.code != "XXX"]
    words = [[sort_key_az(word) for word in name.replace("-", " ").split()] for name in names]
    assert words == sorted(words)


def test_line_codes_of_the_authority_are_taken(tmp_path: Path) -> None:
    form = edited(
        tmp_path,
        "tables/t05.toml",
        'codes = "ages_permanent"',
        'codes = "ages_permanent"\nlines = { "0-4" = "101" }',
    )
    assert [row.line for row in lay_out(form, form.tables["T05"], LAST).rows][:3] == ["01", "101", "03"]


def test_heads_cover_every_column(form: Form) -> None:
    for table in form.tables.values():
        layout = lay_out(form, table, LAST)
        for column in layout.columns:
            over = [head for head in layout.heads if head.first <= column.number <= head.last]
            assert sum(head.depth for head in over) == layout.levels
        assert [column.number for panel in layout.panels for column in panel] == list(range(1, len(layout.columns) + 1))


@pytest.mark.parametrize(
    "file, was, becomes, says",
    [
        pytest.param("records.toml", 'codes = "sex"', 'codes = "gender"', "no code list 'gender'", id="a list that is not there"),
        pytest.param("records.toml", 'key = ["registration_id"]', 'key = ["birth_date"]', "can be empty", id="a key that may be empty"),
        pytest.param("records.toml", 'headers = ["Cinsi", "Gender"]', 'headers = ["Citizenship"]', "belongs to citizenship and to sex", id="a header of two columns"),
        pytest.param("counting.toml", 'from = "activity"', 'from = "ground"', "has no column 'ground'", id="a column of another extract"),
        pytest.param("counting.toml", ', unknown = "ED9"', "", "education needs `unknown`", id="no code for the empty ones"),
        pytest.param("counting.toml", 'value = "both"\nsource', 'value = "all"\nsource', "is not known; write one of both", id="an unknown value of a rule"),
        pytest.param("counting.toml", 'about = "unit"\nvalue = "persons"\naz', 'about = "unit"\nvalue = "people"\naz', "needs exactly one [[choice]]", id="a value without words"),
        pytest.param("counting.toml", 'universe = "registered"\nabout = "span"', 'universe = "registered"\nabout = "unit"', "exactly one rule on unit, and has 2", id="a rule twice and one lacking"),
        pytest.param("counting.toml", 'about = "decisions"\nvalue = "none"\nsource = "a reg', 'about = "decisions"\nvalue = "issued"\nsource = "a reg', "asks for decision, not in registrations", id="a rule on a column that is not there"),
    ],
)  # fmt: skip
def test_the_audit_of_records_names_the_contradiction(
    tmp_path: Path, file: str, was: str, becomes: str, says: str
) -> None:
    assert any(says in fault for fault in audit(edited(tmp_path, file, was, becomes)))
