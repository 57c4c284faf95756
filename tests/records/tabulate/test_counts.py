"""The numbers: those of plain Python on every engine, and those that the rules say for cases made by hand."""

import importlib.util
import json
import shutil
from pathlib import Path

import pytest

from form1.core.errors import DefinitionError
from form1.core.periods import Period
from form1.definition import Form
from form1.records.recipe import TabulateOrder, tabulate
from form1.records.tabulate.engines import Engine
from form1.records.tabulate.plan import plans
from tests.making import edited
from tests.records.tabulate import plain
from tests.records.tabulate.independent import PERIODS, differences
from tests.records.tabulate.making import whole

Q3 = Period(2026, 3)


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize("period", PERIODS)
def test_cell_by_cell_as_plain_python(
    form: Form, chance_records: Path, tmp_path: Path, engine: Engine, period: str
) -> None:
    assert differences(form, chance_records, tmp_path, Period.parse(period), engine) == []


@pytest.mark.skipif(not shutil.which("java"), reason="there is no Java on this machine")
@pytest.mark.skipif(
    importlib.util.find_spec("pyspark") is None, reason="pyspark is not installed (requirements/spark.txt)"
)
@pytest.mark.filterwarnings("ignore")  # the library's own, while it starts
def test_cell_by_cell_as_plain_python_on_spark(
    form: Form, chance_records: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = (
        "spark.sql.shuffle.partitions=2",
        "spark.sql.codegen.wholeStage=false",
        "spark.sql.codegen.factoryMode=NO_CODEGEN",
        "spark.sql.adaptive.enabled=false",
    )
    settings = " ".join(f"--conf {setting}" for setting in quick)
    java = "--driver-java-options '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC'"  # for some seconds nothing need be compiled well
    monkeypatch.setenv("PYSPARK_SUBMIT_ARGS", f"--master local[2] {java} {settings} pyspark-shell")
    assert differences(form, chance_records, tmp_path, Q3, "spark") == []


def _count(form: Form, folder: Path, period: Period = Q3, **rows: list[dict[str, object]]) -> dict[str, plain.Table]:
    records = whole(form, folder / "records", **rows)
    outcome = tabulate(TabulateOrder(form, period, records, folder / "exports"))
    assert outcome.placed is not None, outcome.findings
    return plain.written(folder / "exports", str(period))


def _left_out(folder: Path, table: str, period: Period = Q3) -> dict[str, int]:
    account = json.loads((folder / "exports" / str(period) / "tabulation.json").read_text(encoding="utf-8"))
    (total,) = (total for total in account["totals"] if total["table"] == table)
    assert total["records"] == total["counted"] + sum(total["left_out"].values())
    return dict(total["left_out"])


def test_a_person_with_three_permits_counts_once_by_the_first(form: Form, tmp_path: Path) -> None:
    days = {"P1": ("2026-02-01", "45.1.8"), "P2": ("2026-05-01", "45.1.1"), "P3": ("2026-08-01", "45.1.9")}
    rows = [{"permit_id": id, "decided_on": day, "recorded_on": day, "ground": why} for id, (day, why) in days.items()]
    tables = _count(form, tmp_path, temporary_permits=rows)
    assert tables["T03"] == {("45.1.8", "M"): 1}
    assert tables["T02"] == {("foreigner", "TR", "M"): 1}
    assert _left_out(tmp_path, "T02") == {"same_person": 2}


def test_a_permit_renewed_twice(form: Form, tmp_path: Path) -> None:
    """Three decisions in T07; one holder in T08, by the last decision."""
    days = [("2026-01-05", "issued"), ("2026-04-05", "renewed"), ("2026-07-05", "renewed")]
    rows = [
        {
            "decided_on": day,
            "recorded_on": day,
            "decision": what,
            "activity": activity,
            "valid_from": day,
            "valid_to": "2026-12-31",
        }
        for (day, what), activity in zip(days, "ABF", strict=True)
    ]
    tables = _count(form, tmp_path, work_permits=rows)
    assert tables["T07"] == {("TR", "issued"): 1, ("TR", "renewed"): 2}
    assert tables["T08"] == {("F", "35-39", "M"): 1}
    assert _left_out(tmp_path, "T08") == {"same_person": 2}


def test_an_annulled_permit_was_issued_and_is_not_in_force(form: Form, tmp_path: Path) -> None:
    rows = [
        {"permit_id": "P1", "person_id": "N1", "annulled_on": "2026-09-30"},
        {"permit_id": "P2", "person_id": "N2", "annulled_on": "2026-10-01"},
    ]
    tables = _count(form, tmp_path, work_permits=rows)
    assert tables["T07"] == {("TR", "issued"): 2}
    assert sum(tables["T08"].values()) == 1
    assert _left_out(tmp_path, "T08") == {"annulled": 1}


@pytest.mark.parametrize(
    "valid_to, in_force",
    [
        pytest.param("2026-09-29", 0, id="ended the day before"),
        pytest.param("2026-09-30", 1, id="ends on the period's last day"),
        pytest.param("2026-10-01", 1, id="ends the day after"),
    ],
)
def test_the_last_day_of_validity(form: Form, tmp_path: Path, valid_to: str, in_force: int) -> None:
    tables = _count(form, tmp_path, work_permits=[{"valid_to": valid_to}])
    assert sum(tables["T09"].values()) == in_force


@pytest.mark.parametrize(
    "born, period, group",
    [
        pytest.param("2006-09-30", "2026-Q3", "20-24", id="the twentieth birthday is the period's last day"),
        pytest.param("2006-10-01", "2026-Q3", "18-19", id="it is the day after"),
        pytest.param("1996-02-29", "2026-Q1", "30-34", id="born on 29 February, thirty by 31 March"),
        pytest.param("", "2026-Q3", "UNK", id="no date of birth"),
    ],
)
def test_age_at_the_end_of_the_period(form: Form, tmp_path: Path, born: str, period: str, group: str) -> None:
    tables = _count(form, tmp_path, Period.parse(period), work_permits=[{"birth_date": born}])
    assert tables["T08"] == {("F", group, "M"): 1}


@pytest.mark.parametrize("becomes", ["", "18-20,"])
def test_bands_hold_every_age_once(tmp_path: Path, becomes: str) -> None:
    """Without the youngest band, or with bands that overlap, somebody would stand in a wrong one."""
    form = edited(tmp_path, "codes/ages_work.csv", "0-17," if not becomes else "18-19,", becomes or "under 18,")
    with pytest.raises(DefinitionError, match=r"ages_work\.csv: the age bands in force on 2026-09-30"):
        plans(form, Q3)


def test_bands_are_those_in_force(tmp_path: Path) -> None:
    new = "".join(f"{code},{code},{code},{code},,,,2027-01-01,,invented,INFERRED,\n" for code in ("65-69", "70+"))
    line = next(
        line for line in Path("reference/codes/ages_work.csv").read_text("utf-8").splitlines() if line[:2] == "65"
    )
    fields = line.split(",")
    form = edited(
        tmp_path, "codes/ages_work.csv", line + "\n", ",".join([*fields[:8], "2026-12-31", *fields[9:]]) + f"\n{new}"
    )
    row: dict[str, object] = {"birth_date": "1959-01-01"}
    assert _count(form, tmp_path / "old", Period(2026, 4), work_permits=[row])["T08"] == {("F", "65+", "M"): 1}
    day = {
        "decided_on": "2027-02-01",
        "valid_from": "2027-02-01",
        "valid_to": "2027-12-31",
        "recorded_on": "2027-02-01",
    }
    tables = _count(form, tmp_path / "new", Period(2027, 1), work_permits=[row | day])
    assert tables["T08"] == {("F", "65-69", "M"): 1}


@pytest.mark.parametrize(
    "born, decided, group",
    [
        pytest.param("2004-02-29", "2024-02-28", "15-19", id="born on 29 February, the day before in a leap year"),
        pytest.param("2004-02-29", "2024-02-29", "20-24", id="born on 29 February, on 29 February"),
        pytest.param("2005-03-01", "2025-02-28", "15-19", id="28 February of a common year"),
        pytest.param("1996-02-29", "2026-02-28", "25-29", id="born on 29 February, 28 February of a common year"),
        pytest.param("1996-02-29", "2026-03-01", "30-34", id="born on 29 February, 1 March of a common year"),
    ],
)
def test_age_on_the_day_of_the_decision(form: Form, tmp_path: Path, born: str, decided: str, group: str) -> None:
    row = {
        "birth_date": born,
        "decided_on": decided,
        "recorded_on": decided,
        "valid_from": decided,
        "valid_to": "2027-01-01",
    }
    tables = _count(form, tmp_path, Period(int(decided[:4]), 1), permanent_permits=[row])
    assert tables["T05"] == {(group, "M"): 1}
    assert sum(tables["T06"].values()) == 1


def test_a_late_entry_is_left_out_at_a_cut_off(form: Form, tmp_path: Path) -> None:
    from datetime import date

    rows = [{}, {"permit_id": "P2", "person_id": "N2", "recorded_on": "2026-10-21"}]
    records = whole(form, tmp_path / "records", temporary_permits=rows)
    order = TabulateOrder(form, Q3, records, tmp_path / "exports", as_of=date(2026, 10, 20))
    tabulate(order)
    assert _left_out(tmp_path, "T02") == {"entered_late": 1}
    assert plain.written(tmp_path / "exports", "2026-Q3")["T02"] == {("foreigner", "TR", "M"): 1}


def test_stateless_persons_stand_under_their_residence(form: Form, tmp_path: Path) -> None:
    rows = [
        {
            "permit_id": "P1",
            "person_id": "N1",
            "legal_status": "stateless",
            "citizenship": "",
            "residence_country": "GE",
        },
        {"permit_id": "P2", "person_id": "N2", "citizenship": "", "residence_country": "GE"},
        {"permit_id": "P3", "person_id": "N3", "legal_status": "stateless", "citizenship": "", "residence_country": ""},
    ]
    tables = _count(form, tmp_path, temporary_permits=rows)
    assert tables["T02"] == {("stateless", "GE", "M"): 1, ("foreigner", "XXX", "M"): 1, ("stateless", "XXX", "M"): 1}


def test_a_district_counts_as_its_city(form: Form, tmp_path: Path) -> None:
    rows = [
        {"permit_id": str(n), "person_id": str(n), "place": place} for n, place in enumerate(["AZ-BA", "LOC-BA-NAR"], 1)
    ]
    assert _count(form, tmp_path, temporary_permits=rows)["T04"] == {("AZ-BA", "M"): 2}


def test_a_ground_numbered_anew_within_the_year_counts_under_its_new_number(form: Form, tmp_path: Path) -> None:
    """Art. 45 was numbered anew on 24 July 2019; 45.0.3 was divided and cannot be followed."""

    def permits(*grounds: str) -> list[dict[str, object]]:
        days = {
            "decided_on": "2019-03-01",
            "recorded_on": "2019-03-01",
            "valid_from": "2019-03-01",
            "valid_to": "2020-02-28",
        }
        return [{**days, "permit_id": str(n), "person_id": str(n), "ground": code} for n, code in enumerate(grounds, 1)]

    def counted(period: Period, *grounds: str) -> plain.Table:
        folder = tmp_path / str(period)
        return _count(form.of(period), folder, period, temporary_permits=permits(*grounds))["T03"]

    assert counted(Period(2019, 3), "45.0.8", "45.1.8") == {("45.1.8", "M"): 2}
    assert counted(Period(2019, 2), "45.0.8", "45.1.8", "45.1.3-1") == {("45.0.8", "M"): 2, ("45.0.3", "M"): 1}
    records = whole(form, tmp_path / "divided", temporary_permits=permits("45.0.3", "45.0.8"))
    outcome = tabulate(TabulateOrder(form.of(Period(2019, 3)), Period(2019, 3), records, tmp_path / "exports"))
    assert outcome.placed is None
    said = [(finding.message, finding.facts["code"]) for finding in outcome.findings if "code" in finding.facts]
    assert said == [("records_code_not_in_force", "45.0.3"), ("records_code_followed", "45.0.8")]
    stale = whole(form, tmp_path / "stale", temporary_permits=[{"ground": "45.0.8"}])
    assert tabulate(TabulateOrder(form, Q3, stale, tmp_path / "exports")).placed is None


@pytest.mark.parametrize(
    "universe, about, value, table, counted",
    [
        pytest.param("temporary_permits", "unit", "records", "T03", {("45.1.8", "M"): 1, ("45.1.1", "M"): 1}, id="permits"),
        pytest.param("temporary_permits", "several", "last", "T03", {("45.1.1", "M"): 1}, id="the last permit"),
        pytest.param("temporary_permits", "decisions", "renewed", "T03", {("45.1.1", "M"): 1}, id="renewals alone"),
        pytest.param("temporary_permits", "annulled", "left_out", "T03", {("45.1.1", "M"): 1}, id="annulled left out"),
        pytest.param("temporary_permits", "in_force", "at_period_end", "T03", {("45.1.1", "M"): 1}, id="in force at the end"),
        pytest.param("temporary_permits", "span", "any_day", "T03", {("45.1.8", "M"): 1}, id="on any day"),
    ],
)  # fmt: skip
def test_a_rule_is_switched_in_reference_alone(
    tmp_path: Path, universe: str, about: str, value: str, table: str, counted: dict[tuple[str, ...], int]
) -> None:
    path = Path(__file__).parents[3] / "reference" / "counting.toml"
    block = (
        path.read_text(encoding="utf-8")
        .split(f'universe = "{universe}"\nabout = "{about}"\nvalue = "')[1]
        .split('"')[0]
    )
    was = f'universe = "{universe}"\nabout = "{about}"\nvalue = "{block}"'
    form = edited(tmp_path, "counting.toml", was, was.replace(f'"{block}"', f'"{value}"'))
    rows = [
        {"permit_id": "P1", "annulled_on": "2026-03-01", "valid_to": "2026-06-30"},
        {
            "permit_id": "P2",
            "decided_on": "2026-05-01",
            "recorded_on": "2026-05-01",
            "decision": "renewed",
            "ground": "45.1.1",
        },
    ]
    assert _count(form, tmp_path, temporary_permits=rows)[table] == counted
