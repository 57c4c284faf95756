"""Long and wide exports give the same records; a header that leaves something open is a finding."""

import dataclasses

import pytest

from form1.core.findings import Severity
from form1.model.exports import label_of
from tests.build.sources.conftest import texts


def cells(export, *dimensions):
    return texts(export, "line", "cell", *dimensions, "persons")


def test_wide_over_sex_with_a_total(folder) -> None:
    folder.put("temporary_permits_by_ground.csv", "Əsas;Kişi;Qadın;Cəmi\n45.1.8;10;2;12\n45.1.9;4;3;7\n")
    assert cells(folder.one("T03"), "ground", "sex") == [
        (2, "Kişi", "45.1.8", "Kişi", "10"),
        (2, "Qadın", "45.1.8", "Qadın", "2"),
        (2, "Cəmi", "45.1.8", "Cəmi", "12"),
        (3, "Kişi", "45.1.9", "Kişi", "4"),
        (3, "Qadın", "45.1.9", "Qadın", "3"),
        (3, "Cəmi", "45.1.9", "Cəmi", "7"),
    ]


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param("{age}.{sex}", id="column codes"),
        pytest.param("{age} / {sex}", id="labels with a stroke"),
        pytest.param('"{age}\n{sex}"', id="labels with a line break"),
        pytest.param("{sex} / {age}", id="the other way round"),
    ],
)
def test_wide_over_two_dimensions(folder, headers) -> None:
    bands = [("18-19", "18–19"), *((f"{a}-{a + 4}", f"{a}–{a + 4}") for a in range(20, 65, 5)), ("65+", "65 and over")]
    codes = "." in headers
    columns = [
        headers.format(age=code if codes else label, sex=sex)
        for code, label in bands
        for sex in (("M", "F") if codes else ("Kişi", "Qadın"))
    ]
    counts = ";".join(str(number) for number in range(len(columns)))
    folder.put("valid_work_permits_by_age.csv", f"activity;{';'.join(columns)}\nF;{counts}\n")
    records = folder.one("T08").lines
    assert records["written"].to_list() == counts.split(";")
    assert records[label_of("age_group")].str.slice(0, 2).to_list()[:4] == ["18", "18", "20", "20"]
    assert set(records[label_of("activity")]) == {"F"}


@pytest.mark.parametrize(
    ("header", "missing"),
    [
        pytest.param("ground,M", ["F"], id="no women"),
        pytest.param("ground,M,Cəmi", ["F"], id="men and a total"),
    ],
)
def test_a_column_left_out_is_not_a_zero(folder, header: str, missing: list[str]) -> None:
    folder.put("temporary_permits_by_ground.csv", f"{header}\n45.1.8{',3' * header.count(',')}\n")
    findings = folder.check("T03")
    assert [(f.message, f.facts["expected"][0]) for f in findings] == [("column_missing", code) for code in missing]


@pytest.mark.parametrize(
    ("head", "lines"),
    [
        ("sex,persons,note", ["M,14,631", "F,6,633"]),
        ("sex,persons,Dövr", ["M,14,631", "F,633,"]),
        ("Men,Women,note", ["14,631,63"]),
    ],
)
def test_a_count_that_its_comma_cuts_in_two(folder, head: str, lines: list[str]) -> None:
    folder.put("exempt_from_work_permit.csv", "\n".join((head, *lines, "")))
    found = [finding for finding in folder.check("T10") if finding.message == "count_ambiguous"]
    assert [finding.place.line for finding in found] == [2]


def test_a_number_in_a_note_behind_another_delimiter(folder) -> None:
    folder.put("exempt_from_work_permit.csv", "sex;persons;note\nM;14;631\nF;6;633\n")
    assert [finding.message for finding in folder.check("T10")] == []


def test_the_name_of_a_file_names_another_period(folder) -> None:
    for name in ("exempt_2025-Q3.csv", "exempt_30.09.2025.csv", "exempt_2Q26.csv"):
        path = folder.put(name, "sex,persons\nM,1\nF,2\n")
        assert [finding.message for finding in folder.read("T10")[1]] == ["other_period"], name
        path.unlink()
    folder.put("exempt_2026-10-05.csv", "sex,persons\nM,1\nF,2\n")
    assert folder.read("T10")[1] == []


def test_a_line_of_another_period(folder) -> None:
    folder.put("exempt_from_work_permit.csv", "Dövr,sex,persons\n2026-Q3,M,1\n2026-Q2,F,2\n")
    (finding,) = folder.check("T10")
    assert (finding.message, finding.place.line, finding.facts["written"]) == ("other_period", 3, "2026-Q2")


def test_wide_over_one_of_two_dimensions(folder) -> None:
    folder.put("valid_work_permits_by_age.csv", "activity,age_group,M,F\nF,20-24,5,6\nT,20-24,1,0\n")
    assert cells(folder.one("T08"), "activity", "age_group", "sex") == [
        (2, "M", "F", "20-24", "M", "5"),
        (2, "F", "F", "20-24", "F", "6"),
        (3, "M", "T", "20-24", "M", "1"),
        (3, "F", "T", "20-24", "F", "0"),
    ]


def test_a_table_without_row_detail_needs_no_row_dimension(folder) -> None:
    folder.put("exempt_from_work_permit.csv", "sex,persons\nM,10\nF,5\n")
    assert cells(folder.one("T10"), "sex") == [(2, "persons", "M", "10"), (3, "persons", "F", "5")]


def test_wide_without_any_label(folder) -> None:
    folder.put("exempt_from_work_permit.csv", "Kişi,Qadın,Cəmi\n10,5,15\n")
    assert cells(folder.one("T10"), "sex") == [
        (2, "Kişi", "Kişi", "10"),
        (2, "Qadın", "Qadın", "5"),
        (2, "Cəmi", "Cəmi", "15"),
    ]


def test_detail_beyond_the_table_is_kept_for_the_contract(folder) -> None:
    folder.put("exempt_from_work_permit.csv", "exemption,sex,persons\n64.0.1,M,10\n64.0.2,M,5\n")
    assert folder.one("T10").lines[label_of("exemption")].to_list() == ["64.0.1", "64.0.2"]


def test_ignored_and_unknown_columns(folder) -> None:
    folder.put("exempt_from_work_permit.csv", "№,sex,persons,Comment\n1,M,10,late\n2,F,5,\n")
    exports, findings, _ = folder.read("T10")
    assert exports["T10"].lines.height == 2
    (finding,) = findings
    assert (finding.message, finding.severity, finding.facts["header"]) == (
        "column_not_used", Severity.INFORMATION, "Comment",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "messages"),
    [
        pytest.param("ground,persons\n45.1.8,3\n", ["column_missing"], id="a dimension is missing"),
        pytest.param("persons\n3\n", ["column_missing", "column_missing"], id="two dimensions are missing"),
        pytest.param("ground,sex\n45.1.8,M\n", ["column_missing"], id="the counts are missing"),
        pytest.param("ground,sex,Cins,persons\n45.1.8,M,F,3\n", ["labels_disagree"], id="two columns disagree"),
        pytest.param("ground,Kişi,M,F\n45.1.8,1,1,2\n", ["column_twice"], id="a wide column stands twice"),
        pytest.param("a,b,c\n45.1.8,x,3\n", ["header_missing"], id="no header"),
        pytest.param("45.1.8,M,3\n45.1.9,M,4\n", ["header_missing"], id="data only"),
        pytest.param("ground,sex,persons\n", ["export_without_rows"], id="a header and nothing else"),
        pytest.param("ground,M,F,Qızlar\n45.1.8,1,2,4\n", ["label_unknown"], id="a wide label is unknown"),
        pytest.param("ground,M,F,Say\n45.1.8,1,2,3\n", ["column_unclear"], id="a count beside wide columns"),
        pytest.param("ground,sex,persons\n45.1.8,M\n", ["row_ragged", "count_empty"], id="too few fields"),
        pytest.param("ground,sex,persons\n45.1.8,M,1,204\n", ["row_ragged"], id="too many fields"),
    ],
)
def test_bad_layout(folder, content: str, messages: list[str]) -> None:
    folder.put("temporary_permits_by_ground.csv", content)
    findings = folder.check("T03")
    assert [finding.message for finding in findings] == messages
    assert all(finding.severity is Severity.ERROR for finding in findings)
    assert all(finding.place.file == "2026-Q3/temporary_permits_by_ground.csv" for finding in findings)


def test_missing_column_names_what_was_expected(folder) -> None:
    folder.put("temporary_permits_by_ground.csv", "ground,persons\n45.1.8,3\n")
    (finding,) = folder.check("T03")
    assert finding.place.line == 1
    assert finding.facts["expected"][:3] == ("sex", "Cins", "Sex")


def test_trailing_delimiters_are_no_fault(folder) -> None:
    folder.put("temporary_permits_by_ground.csv", "ground;sex;persons;\n45.1.8;M;3;\n45.1.9;M;3;;;\n45.1.9;F;3\n")
    assert folder.one("T03").lines["written"].to_list() == ["3", "3", "3"]


def test_an_eleventh_ground_needs_no_python(folder) -> None:
    """What a header may say comes from the definition alone."""
    form = folder.form
    sex = form.dimension("sex")
    renamed = sex.model_copy(update={"headers": ("Geschlecht",)})
    dimensions = tuple(renamed if known.id == "sex" else known for known in form.sources.dimension)
    sources = form.sources.model_copy(update={"dimension": dimensions})
    folder.form = dataclasses.replace(form, sources=sources)
    folder.put("exempt_from_work_permit.csv", "Geschlecht,persons\nM,10\n")
    assert folder.one("T10").lines[label_of("sex")].to_list() == ["M"]
