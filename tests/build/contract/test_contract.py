"""The contract of an export: one good export, one fault at a time; the test's id is the fault."""

from collections.abc import Sequence

import polars as pl
import pytest

from form1.build.contract import check
from form1.core.findings import Finding, Severity
from form1.core.periods import Period
from form1.definition import Form
from form1.definition.wording import say
from form1.model.exports import CheckedCounts, Export, label_of
from form1.model.forms import InputFile

PERIOD = Period.parse("2026-Q3")
FILE = InputFile("2026-Q3/export.csv", 1, "0" * 64)
BY_SEX = ("ground", "sex", "persons")
BY_COUNTRY = ("legal_status", "country", "sex", "persons")
GOOD = [("45.1.8", "M", "10"), ("45.1.8", "F", "2"), ("45.1.9", "M", "4")]


def export(table: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Export:
    """An export whose last column is that of the counts."""
    names = [*map(label_of, columns[:-1]), "written"]
    lines = pl.DataFrame(
        [(line, columns[-1], *row) for line, row in enumerate(rows, start=2)],
        schema={"line": pl.Int64, "cell": pl.String, **dict.fromkeys(names, pl.String)},
        orient="row",
    )
    return Export(table, FILE, "", lines, 1)


def run(
    form: Form, table: str, columns: Sequence[str], rows: Sequence[Sequence[str]], period: Period = PERIOD
) -> tuple[CheckedCounts | None, list[Finding]]:
    counts, findings = check(form, form.tables[table], period, export(table, columns, rows))
    for finding in findings:
        for language in ("az", "en", "ru"):
            assert "{" not in say(form, finding, language)
    # Most cases here have one sex alone; that this is noticed has a test of its own.
    return counts, [finding for finding in findings if finding.message != "code_left_out"]


def test_good(form: Form) -> None:
    counts, findings = run(form, "T03", BY_SEX, GOOD)
    assert findings == []
    assert counts is not None
    columns = ("line", "cell", "ground", "sex", "persons", "status")
    assert counts.frame.select(columns).rows() == [
        (2, "persons", "45.1.8", "M", 10, "number"),
        (3, "persons", "45.1.8", "F", 2, "number"),
        (4, "persons", "45.1.9", "M", 4, "number"),
    ]
    assert counts.frame.schema["persons"] == pl.Int64


@pytest.mark.parametrize(
    "written",
    [
        "3.5",
        "-2",
        "12 %",
        "1e3",
        "٣",
        "３",
        "1_58",
        "1 20",
        "1,2",
        "12.0000",
        "+3",
        "TRUE",
        "#REF!",
        "four",
        "1 204\u00a0305",
    ],
)
def test_no_count(form: Form, written: str) -> None:
    counts, findings = run(form, "T03", BY_SEX, [*GOOD, ("45.1.9", "F", written)])
    assert counts is None
    (finding,) = findings
    assert (finding.message, finding.facts["written"]) == ("count_not_whole", written)
    assert (finding.place.line, finding.place.cell, finding.place.file) == (5, "persons", "2026-Q3/export.csv")


def test_empty_count(form: Form) -> None:
    counts, findings = run(form, "T03", BY_SEX, [*GOOD, ("45.1.9", "F", "  ")])
    assert (counts, [finding.message for finding in findings]) == (None, ["count_empty"])


@pytest.mark.parametrize(
    ("sign", "value", "status"),
    [("-", 0, "number"), ("–", 0, "number"), ("...", None, "not_available"), ("…", None, "not_available"),
     ("x", None, "not_applicable"), ("c", None, "suppressed"), (" 007 ", 7, "number")],
)  # fmt: skip
def test_signs(form: Form, sign: str, value: int | None, status: str) -> None:
    counts, findings = run(form, "T03", BY_SEX, [("45.1.9", "F", sign)])
    assert findings == []
    assert counts is not None
    assert counts.frame.select("persons", "status").row(0) == (value, status)


@pytest.mark.parametrize(
    ("label", "message"),
    [
        pytest.param("Türkiyye", "label_unknown", id="misspelt"),
        pytest.param("zzzzqqqq", "label_unknown_alone", id="nothing like it"),
        pytest.param(" ", "label_empty", id="empty"),
        pytest.param("Koreya", "label_ambiguous", id="ambiguous"),
    ],
)
def test_bad_label(form: Form, label: str, message: str) -> None:
    counts, findings = run(
        form, "T07", ("country", "decision", "persons"), [("TR", "issued", "1"), (label, "renewed", "2")]
    )
    assert counts is None
    assert [(finding.message, finding.place.line) for finding in findings] == [(message, 3)]


def test_not_in_force(form: Form) -> None:
    rows = [("45.1.X-HSM", "M", "3")]
    assert run(form, "T03", BY_SEX, rows)[1] == []
    counts, (finding,) = run(form, "T03", BY_SEX, rows, Period.parse("2019-Q4"))
    assert (counts, finding.message) == (None, "label_not_in_force")
    assert finding.facts["day"] == "2019-12-31"


def test_all_faults_are_collected(form: Form) -> None:
    rows = [("45.1.8", "M", "x y"), ("no", "M", "1"), ("no", "F", "1"), ("45.1.9", "?", ""), ("45.1.8", "M", "2")]
    _, findings = run(form, "T03", BY_SEX, rows)
    assert sorted((finding.place.line, finding.message) for finding in findings) == [
        (2, "count_not_whole"),
        (3, "label_unknown_alone"),  # and again on line 4: one fault is told once
        (5, "count_empty"),
        (5, "label_unknown_alone"),
        (6, "key_twice"),
    ]


def test_duplicate_key_in_two_languages(form: Form) -> None:
    counts, (finding,) = run(form, "T03", BY_SEX, [*GOOD, ("45.1.8", "Kişi", "10")])
    assert (counts, finding.message, finding.place.line, finding.facts["other"]) == (None, "key_twice", 5, "2")


def test_codes_counted_as_one_are_both_kept(form: Form) -> None:
    columns = ("place", "sex", "persons")
    counts, findings = run(
        form, "T04", columns, [("LOC-BA-NIZ", "M", "3"), ("LOC-BA-SAB", "M", "4"), ("AZ-BA", "M", "1")]
    )
    assert findings == []
    assert counts is not None
    assert counts.frame.group_by("place", "sex").agg(pl.col("persons").sum()).rows() == [("AZ-BA", "M", 8)]


def test_a_city_that_is_the_sum_of_its_districts(form: Form) -> None:
    columns = ("place", "sex", "persons")
    counts, (finding,) = run(
        form, "T04", columns, [("LOC-BA-NIZ", "M", "3"), ("LOC-BA-SAB", "M", "4"), ("AZ-BA", "M", "7")]
    )
    assert counts is None
    assert (finding.message, finding.severity, finding.place.line) == ("export_whole_and_parts", Severity.ERROR, 4)


COUNTRIES = [
    ("foreigner", "RU", "M", "10"),
    ("foreigner", "KZ", "M", "5"),
    ("foreigner", "TR", "M", "7"),
    ("foreigner", "XXX", "M", "1"),
    ("stateless", "RU", "M", "2"),
]


@pytest.mark.parametrize(
    ("total", "right"),
    [
        pytest.param(("foreigner", "Cəmi", "M"), 23, id="a block, with the unknown"),
        pytest.param(("Total", "Total", "M"), 25, id="everyone"),
        pytest.param(("Cəmi", "", "M"), 25, id="everyone, the other label left empty"),
        pytest.param(("Cəmi", "RU", "Kişi"), 12, id="a country over both blocks"),
        pytest.param(("foreigner", "MDB ölkələri", "M"), 15, id="a group in a block"),
        pytest.param(("T", "CIS", "T"), 17, id="a group over both blocks"),
        pytest.param(("T", "Əcnəbilər", "M"), 22, id="the row of the block, without the unknown"),
        pytest.param(("T", "XXA", "T"), 2, id="the row of the stateless"),
        pytest.param(("foreigner", "TR", "T"), 7, id="both sexes"),
        pytest.param(("stateless", "TR", "T"), 0, id="nobody"),
    ],
)
def test_totals(form: Form, total: tuple[str, str, str], right: int) -> None:
    counts, findings = run(form, "T01", BY_COUNTRY, [*COUNTRIES, (*total, str(right))])
    assert findings == []
    assert counts is not None
    assert counts.frame.height == len(COUNTRIES)

    counts, (finding,) = run(form, "T01", BY_COUNTRY, [*COUNTRIES, (*total, str(right + 3))])
    assert (counts, finding.message, finding.place.line) == (None, "export_total_differs", 7)
    assert (finding.facts["written"], finding.facts["computed"], finding.facts["difference"]) == (right + 3, right, 3)


def test_totals_without_any_detail(form: Form) -> None:
    counts, findings = run(form, "T03", BY_SEX, [("45.1.8", "Cəmi", "12"), ("Cəmi", "Cəmi", "12")])
    assert (counts, [finding.message for finding in findings]) == (None, ["export_total_differs"] * 2)


def test_regions(form: Form) -> None:
    columns = ("place", "sex", "persons")
    rows = [("AZ-SM", "M", "3"), ("AZ-ABS", "M", "4"), ("AZ-GA", "M", "9"), ("Abşeron-Xızı", "M", "7")]
    assert run(form, "T04", columns, rows)[1] == []


def test_a_total_over_a_gap_is_not_compared(form: Form) -> None:
    counts, (finding,) = run(form, "T03", BY_SEX, [("45.1.8", "M", "..."), ("45.1.8", "F", "2"), ("45.1.8", "T", "5")])
    assert counts is not None
    assert (finding.message, finding.severity) == ("export_total_not_compared", Severity.INFORMATION)


def test_section_t_is_no_total(form: Form) -> None:
    counts, findings = run(
        form, "T08", ("activity", "age_group", "sex", "persons"), [("T", "20-24", "M", "3"), ("Cəmi", "T", "T", "3")]
    )
    assert findings == []
    assert counts is not None
    assert counts.frame["activity"].to_list() == ["T"]


def test_detail_that_the_table_does_not_print(form: Form) -> None:
    rows = [("64.0.1", "M", "3"), ("64.0.2", "M", "4"), ("Cəmi", "M", "7")]
    counts, findings = run(form, "T10", ("exemption", "sex", "persons"), rows)
    assert findings == []
    assert counts is not None
    assert counts.frame.select("sex", "persons").rows() == [("M", 3), ("M", 4)]


def test_a_new_code_is_an_edit_in_reference_alone(form: Form) -> None:
    import dataclasses

    grounds = form.codelists["trp_grounds_art45"]
    new = grounds.codes[0].model_copy(update={"code": "45.1.99", "valid_from": None, "valid_to": None})
    changed = grounds.model_copy(update={"codes": (*grounds.codes, new)})
    rows = [("45.1.99", "M", "3")]
    assert run(form, "T03", BY_SEX, rows)[0] is None
    wider = dataclasses.replace(form, codelists={**form.codelists, grounds.id: changed})
    assert run(wider, "T03", BY_SEX, rows)[0] is not None


@pytest.mark.parametrize(
    ("rows", "messages"),
    [
        pytest.param([("A", "3"), ("F", "4"), ("T", "7")], ["export_total_as_code"], id="a total row written as T"),
        pytest.param(
            [("A", "3"), ("F", "4"), ("T", "8")], ["export_total_as_code"], id="a total row that is off by one"
        ),
        pytest.param([("A", "3"), ("F", "4"), ("T", "5")], [], id="the section of households"),
        pytest.param([("F", "4"), ("T", "4")], [], id="two sections that happen to agree"),
        pytest.param([("A", "3"), ("F", "4"), ("Cəmi", "7")], [], id="a total row in words"),
    ],
)
def test_the_code_t_of_an_activity(form: Form, rows: list[tuple[str, str]], messages: list[str]) -> None:
    columns = ("activity", "age_group", "sex", "persons")
    _, findings = run(form, "T08", columns, [(code, "30-34", "M", persons) for code, persons in rows])
    assert [finding.message for finding in findings] == messages


def test_a_sex_that_no_line_mentions(form: Form) -> None:
    counts, (finding,) = check(form, form.tables["T03"], PERIOD, export("T03", BY_SEX, [("45.1.8", "M", "3")]))
    assert counts is not None
    assert (finding.message, finding.severity) == ("code_left_out", Severity.WARNING)
    assert finding.facts["label"].en == "Women"


def test_a_city_with_the_count_of_its_rayon(form: Form) -> None:
    rows = [("AZ-LA", "M", "15"), ("AZ-LAN", "M", "15")]
    counts, (finding,) = run(form, "T04", ("place", "sex", "persons"), rows)
    assert counts is not None
    assert (finding.message, finding.severity) == ("export_counted_twice", Severity.WARNING)
