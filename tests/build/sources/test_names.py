"""Which table a file or a sheet holds: by name, number, title or shape; a copy beside is never passed over."""

import pytest

from form1.build.sources.naming import Names
from tests.build.sources.conftest import PERIOD, texts
from tests.build.sources.drawn import drawn

T10 = "sex,persons\nM,14631\nF,6633\n"
T03: list[list[str | int]] = [["ground", "sex", "persons"], ["45.1.8", "M", 3]]
T02: list[list[str | int]] = [["legal_status", "country", "sex", "persons"], ["foreigner", "TR", "M", 3]]


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("Cədvəl 3", "T03"),
        ("cədvəl 10", "T10"),
        ("CƏDVƏL_03", "T03"),
        ("Cədvəl № 3", "T03"),
        ("3-cü cədvəl", "T03"),
        ("10-cu cədvəl", "T10"),
        ("Table 3", "T03"),
        ("3rd table", "T03"),
        ("Таблица 3", "T03"),
        ("T03", "T03"),
        ("t3", "T03"),
        ("3", "T03"),
        ("03.", "T03"),
        ("temporary_permits_by_ground (1)", "T03"),
        ("temporary_permits_by_ground - Copy", "T03"),
        ("temporary_permits_by_ground - Copy (2)", "T03"),
        ("temporary_permits_by_ground – surət", "T03"),
        ("temporary_permits_by_ground — копия", "T03"),
        ("Copy of temporary_permits_by_ground", "T03"),
        ("T10 (2)", "T10"),
        ("Cədvəl 11", ""),
        ("Cədvəl 13", ""),
        ("T0", ""),
        ("2026", ""),
        ("Cədvəl", ""),
        ("Cədvəl 3 və 4", ""),
        ("Məlumat 3", ""),
    ],
)
def test_names(form, name: str, table: str) -> None:
    assert Names.of(form, PERIOD.last_day).table_of(name) == table


@pytest.mark.parametrize("copy", ["(1)", "- Copy", "- копия", "– surət"])
def test_a_copy_beside_an_export_is_an_error(folder, copy: str) -> None:
    folder.put("exempt_from_work_permit.csv", T10)
    folder.put(f"exempt_from_work_permit {copy}.csv", T10.replace("6633", "6634"))
    exports, (finding,), _ = folder.read("T10")
    assert (exports, finding.message, finding.severity) == ({}, "export_twice", "error")
    assert set(finding.facts["files"]) == {"exempt_from_work_permit.csv", f"exempt_from_work_permit {copy}.csv"}


def test_a_copy_alone_is_the_export(folder) -> None:
    folder.put("exempt_from_work_permit (1).csv", T10)
    assert texts(folder.one("T10"), "persons") == [("14631",), ("6633",)]


def test_ten_sheets_by_their_numbers(folder) -> None:
    folder.put("rüb.xlsx", drawn(("Cədvəl 2", T02), ("Cədvəl 3", T03), ("Qeyd", [["Mənbə"]])))
    exports, _, _ = folder.read("T02", "T03")
    assert {table: export.sheet for table, export in exports.items()} == {"T02": "Cədvəl 2", "T03": "Cədvəl 3"}


def test_sheets_by_what_they_hold(folder, form) -> None:
    """By their shape where one table alone has it, by the title above where several have."""
    titled = [[form.tables["T02"].title.az], *T02]
    folder.put("rüb.xlsx", drawn(("a", T03), ("b", titled), ("c", [["Table 6. Something"], *T02])))
    exports, _, _ = folder.read("T02", "T03", "T06")
    assert {table: export.sheet for table, export in exports.items()} == {"T02": "b", "T03": "a", "T06": "c"}


def test_a_shape_of_several_tables_is_not_guessed(folder) -> None:
    folder.put("rüb.csv", "legal_status,country,sex,persons\nforeigner,TR,M,3\n")
    exports, findings, _ = folder.read()
    (finding,) = [each for each in findings if each.message != "export_missing"]
    assert (exports, finding.message, finding.facts["tables"]) == ({}, "file_fits_several", ("T01", "T02", "T06"))


def test_an_unknown_column_leaves_a_shape_open(folder) -> None:
    """Grounds under a head that nobody knows look like T10 with a column too much."""
    folder.put("rüb.csv", "why,sex,persons\n45.1.8,M,3\n")
    exports, findings, _ = folder.read()
    assert exports == {} and [each.place.file for each in findings if each.place.file] == ["2026-Q3/rüb.csv"]


def test_a_title_of_another_table_leaves_a_file_open(folder) -> None:
    folder.put("rüb.xlsx", drawn(("a", [["Table 5. By age"], *T03])))
    assert folder.read()[0] == {}


def test_a_second_sheet_with_the_same_table_by_name_is_an_error(folder) -> None:
    folder.put("rüb.xlsx", drawn(("T03", T03), ("T03 (2)", T03)))
    exports, findings, _ = folder.read("T03")
    assert (exports, [each.message for each in findings]) == ({}, ["export_twice"])
