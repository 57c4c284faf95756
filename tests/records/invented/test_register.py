"""The invented register: the same for a seed however it is cut, after the shares, and true to the layout of records."""

import csv
import datetime as dt
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from form1.cli.main import run
from form1.core.errors import DefinitionError
from form1.core.folders import data_folder
from form1.core.periods import Period
from form1.definition import Form, load
from form1.model.exports import INVENTED
from form1.records.invented import codes_by_date, writing
from form1.records.invented import settings as given
from form1.records.invented.extracts import Invented
from form1.records.invented.recipe import SampleOrder, make
from form1.records.invented.writing import Manner
from form1.records.recipe import TabulateOrder, tabulate
from form1.records.tabulate.files import find
from form1.records.tabulate.opened import open_part
from tests.records.invented import contract
from tests.records.invented.conftest import Q3
from tests.records.tabulate import plain
from tests.records.tabulate.independent import differences

LAST = "2026-09-30"


def register(form: Form, period: Period = Q3, seed: int = 1) -> Invented:
    return Invented(form.of(period), period, *given.read(data_folder("sample_data")), seed)


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


@pytest.mark.parametrize("manner", [Manner(), Manner("csv")], ids=["enum", "csv"])
def test_the_same_seed_gives_the_same_bytes_and_another_others(form: Form, tmp_path: Path, manner: Manner) -> None:
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        make(SampleOrder(form.of(Q3), Q3, 500, tmp_path / name, seed, manner))
    first, again, other = (files(tmp_path / name) for name in "abc")
    assert first == again
    assert first.keys() == other.keys()
    assert any(first[name] != other[name] for name in first)


def test_another_process_makes_the_same_bytes(form: Form, tmp_path: Path) -> None:
    make(SampleOrder(form.of(Q3), Q3, 300, tmp_path / "here", 7))
    elsewhere = {
        **os.environ,
        "PYTHONHASHSEED": "1",
        "POLARS_MAX_THREADS": "1",
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "C",
    }
    call = ["sample-records", "2026-Q3", "--persons", "300", "--seed", "7", "--records", str(tmp_path / "there")]
    subprocess.run([sys.executable, "-c", "from form1.cli import main; main()", *call], env=elsewhere, check=True)
    assert files(tmp_path / "here") == files(tmp_path / "there")


def test_how_the_register_is_cut_changes_nothing(form: Form, tmp_path: Path) -> None:
    made = register(form)
    for size in (512, 1_000, 1_000_000):
        folder = tmp_path / str(size)
        folder.mkdir()
        writing.write(made, 2_000, folder, Manner(), lambda done: None, size)
    assert files(tmp_path / "512") == files(tmp_path / "1000") == files(tmp_path / "1000000")


def test_more_persons_leave_those_before_them_as_they_are(form: Form) -> None:
    made = register(form)
    few, many = made.slice(0, 1_000), made.slice(0, 1_400)
    for extract, frame in few.items():
        assert frame.equals(many[extract].head(len(frame)))


def test_every_way_of_writing_holds_the_same_records(form: Form, tmp_path: Path) -> None:
    for name, manner in (
        ("enum", Manner()),
        ("text", Manner(coded=False)),
        ("csv", Manner("csv")),
        ("parts", Manner("csv", parts="monthly")),
    ):
        make(SampleOrder(form.of(Q3), Q3, 1_000, tmp_path / name, manner=manner))
    for extract in form.records.extracts:
        coded = pl.read_parquet(tmp_path / "enum" / f"{extract}.parquet")
        as_text = coded.select(pl.all().cast(pl.String))
        assert (
            pl.read_parquet(tmp_path / "text" / f"{extract}.parquet").select(pl.all().cast(pl.String)).equals(as_text)
        )
        assert pl.read_csv(tmp_path / "csv" / f"{extract}.csv", infer_schema=False).equals(as_text)
        parts = [pl.read_csv(path, infer_schema=False) for path in sorted((tmp_path / "parts" / extract).iterdir())]
        assert pl.concat(parts).sort(pl.all()).equals(as_text.sort(pl.all()))


@pytest.mark.parametrize("period", ["2026-Q3", "2019-Q4", "2016-Q2"])
def test_records_keep_their_layout_and_codes_are_in_force(form: Form, tmp_path: Path, period: str) -> None:
    of = Period.parse(period)
    make(SampleOrder(form.of(of), of, 1_500, tmp_path / "records", manner=Manner("csv")))
    assert list(contract.faults(tmp_path / "records")) == []


def test_the_contract_in_plain_python_finds_faults(form: Form, tmp_path: Path) -> None:
    folder = tmp_path / "records"
    make(SampleOrder(form.of(Q3), Q3, 500, folder, manner=Manner("csv")))
    path = folder / "work_permits.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text(
        "\n".join([*lines, lines[1], lines[2].replace(",M,", ",X,").replace(",F,", ",Y,")]) + "\n", encoding="utf-8"
    )
    assert len(list(contract.faults(folder))) >= 2


def test_extracts_copied_without_the_marker_still_say_that_they_are_invented(
    form: Form, invented: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(invented, tmp_path / "records")
    (folder / INVENTED).unlink()
    held, _ = find(form, folder, Q3)
    for id, parts in held.items():
        opened, _ = open_part(form, form.records.extracts[id], parts[0])
        assert opened is not None and opened.invented, id
    outcome = tabulate(TabulateOrder(form.of(Q3), Q3, folder, tmp_path / "exports"))
    assert [finding.message for finding in outcome.findings].count("records_invented") == 1
    assert outcome.account is not None and outcome.account["invented"] is True


# Shares: computed here from the csv files and from shares.toml, by hand.


def shares_of(rows: list[dict[str, str]], column: str) -> dict[str, float]:
    counted = Counter(row[column] for row in rows if row[column])
    return {code: number / counted.total() for code, number in counted.items()}


def first_of_each(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return list({row["person_id"]: row for row in reversed(rows)}.values())


@pytest.mark.parametrize(
    "extract, column, expected",
    [
        # Published: persons with temporary permits of 2019, facts F086 to F091.
        pytest.param("temporary_permits", "citizenship", {"TR": 9978 / 45193, "RU": 8023 / 45193, "GE": 5758 / 45193, "IR": 3791 / 45193, "PK": 2487 / 45193}, id="temporary permits, 2019"),
        # Published: valid work permits at the end of 2020, facts F002 to F007.
        pytest.param("work_permits", "activity", {"F": 0.292, "B": 0.232, "C": 0.095, "I": 0.062, "G": 0.057, "P": 0.056}, id="work permits, 2020"),
        # Published: insured foreigners of June 2016 by country, facts F172 to F177, among the rows that shares.toml has.
        pytest.param("work_permits", "residence_country", {"TR": 0.50, "GE": 0.11, "RU": 0.063}, id="work permits by country, 2016"),
    ],
)  # fmt: skip
def test_shares_are_those_published(
    many: dict[str, pl.DataFrame], extract: str, column: str, expected: dict[str, float]
) -> None:
    rows = first_of_each(many[extract].select("person_id", column).cast(pl.String).to_dicts())
    found = shares_of(rows, column)
    for code, share in expected.items():
        # Three standard deviations of the draw, and two hundredths for what the groups mix.
        assert found[code] == pytest.approx(share, abs=3 * (share * (1 - share) / len(rows)) ** 0.5 + 0.02), code


def test_extracts_stand_to_each_other_as_published(form: Form, many: dict[str, pl.DataFrame]) -> None:
    """2025: 681,438 registrations (680,794 in 2019), 44,901 persons with temporary permits, 2,512 permanent, 9,160 for work."""
    made = many
    year = {
        extract: frame.filter(pl.col(form.records.extracts[extract].placed_by).dt.year() == 2025)
        for extract, frame in made.items()
    }
    registered = len(year["registrations"])
    assert year["temporary_permits"]["person_id"].n_unique() / registered == pytest.approx(44_901 / 681_438, rel=0.12)
    assert len(year["work_permits"]) / registered == pytest.approx(9_160 / 681_438, rel=0.2)
    assert len(year["permanent_permits"]) / registered == pytest.approx(2_512 / 681_438, rel=0.25)


@pytest.mark.parametrize("column, codelist", [("ground", "trp_grounds_art45"), ("place", "admin_units")])
def test_every_ground_and_place_in_force_can_be_drawn(form: Form, column: str, codelist: str) -> None:
    """Codes without a share have their floor."""
    today = dt.date(2026, 9, 30)
    register, shares = given.read(data_folder("sample_data"))
    made = codes_by_date.coding(form, column, register.draws[column], shares, (today, today))
    wanted = {
        entry.code for entry in form.codelists[codelist].on(today) if not entry.flags & {"not_stated", "territory"}
    }
    for bounds in made.periods[0].bounds:
        drawn = {code for code, width in zip(made.codes, np.diff(bounds, prepend=0), strict=True) if width > 0}
        assert wanted - drawn == set()


def test_plain_python_counts_the_same_and_tables_of_one_universe_agree(
    form: Form, invented: Path, tmp_path: Path
) -> None:
    assert differences(form.of(Q3), invented, tmp_path, Q3, "polars") == []
    tables = plain.written(tmp_path, str(Q3))

    def by_sex(table: str) -> dict[str, int]:
        found = Counter[str]()
        for cell, persons in tables[table].items():
            found[cell[-1]] += persons
        return found

    for first, *others in (("T02", "T03", "T04"), ("T05", "T06"), ("T08", "T09")):
        assert by_sex(first).keys() == {"M", "F"}
        assert all(by_sex(other) == by_sex(first) for other in others)


def test_it_has_what_makes_counting_hard(invented: Path) -> None:
    temporary, work = (contract.read(invented, name) for name in ("temporary_permits", "work_permits"))
    everything = [
        row
        for name in ("registrations", "temporary_permits", "permanent_permits")
        for row in contract.read(invented, name)
    ]
    assert max(Counter(row["person_id"] for row in temporary).values()) >= 3
    assert max(Counter(row["permit_id"] for row in work).values()) >= 3, "a permit renewed twice"
    assert {row["decision"] for row in work} == {"issued", "renewed"}
    assert any(row["annulled_on"] for row in temporary)
    registered = contract.read(invented, "registrations")
    assert any(row["recorded_on"] > LAST >= row["registered_on"] for row in registered), "entered late"
    assert any(row["decided_on"] > LAST for row in temporary), "decided after the period"
    assert any(row["valid_to"] == LAST for row in temporary + work), "ends on the last day"
    assert any(row["birth_date"].endswith("-02-29") for row in everything)
    assert any(row["birth_date"].endswith("-09-30") for row in everything), "birthday on the last day"
    assert any(not row["birth_date"] for row in everything)
    stateless = [row for row in everything if row["legal_status"] == "stateless"]
    assert stateless and all(not row["citizenship"] and row["residence_country"] for row in stateless)
    assert any(row["place"].startswith("LOC-BA-") for row in temporary)
    assert all(row["citizenship"] != "AZ" for row in everything)


def test_some_have_a_citizenship_that_is_not_established(many: dict[str, pl.DataFrame]) -> None:
    foreigners = many["registrations"].filter(pl.col("legal_status").cast(pl.String) == "foreigner")
    assert 0 < foreigners["citizenship"].null_count() < len(foreigners) / 1_000


def test_nobody_under_18_works_or_leads_a_branch(invented: Path) -> None:
    def age(row: dict[str, str]) -> int:
        born, on = dt.date.fromisoformat(row["birth_date"]), dt.date.fromisoformat(row["decided_on"])
        return on.year - born.year - ((on.month, on.day) < (born.month, born.day))

    temporary, work = (contract.read(invented, name) for name in ("temporary_permits", "work_permits"))
    assert all(age(row) >= 18 for row in work if row["birth_date"])
    children = {row["ground"] for row in temporary if row["birth_date"] and age(row) < 18}
    assert children and children <= {"45.1.1", "45.1.5", "45.1.9", "45.1.10-1", "45.1.11"}


def test_one_person_is_the_same_in_every_extract(invented: Path, form: Form) -> None:
    known: dict[str, tuple[str, ...]] = {}
    for extract in form.records.extracts:
        for row in contract.read(invented, extract):
            person = tuple(
                row[column] for column in ("legal_status", "citizenship", "residence_country", "sex", "birth_date")
            )
            assert known.setdefault(row["person_id"], person) == person


# Other layouts and other shares.


COLUMN = '[[column]]\nid = "{id}"\ntype = "{type}"\nname = {{ az = "x", en = "x", ru = "x" }}\n{more}\n'


def added(id: str, type: str, more: str = "", nullable: bool = False) -> Callable[[str], str]:
    """records.toml with one more column of temporary permits."""

    def change(text: str) -> str:
        head, mark, tail = text.partition('[[extract]]\nid = "temporary_permits"')
        assert mark
        tail = tail.replace('"recorded_on"]', f'"recorded_on", "{id}"]', 1)
        if nullable:
            tail = tail.replace("nullable = [", f'nullable = ["{id}", ', 1)
        return head + COLUMN.format(id=id, type=type, more=more) + mark + tail

    return change


def reference(tmp_path: Path, change: Callable[[str], str]) -> Form:
    folder = shutil.copytree(data_folder("reference"), tmp_path / "reference")
    path = folder / "records.toml"
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    return load(folder)


def test_an_added_column_of_codes_is_drawn_among_those_in_force(tmp_path: Path) -> None:
    form = reference(tmp_path, added("profession", "code", 'codes = "nace_sections"'))
    column = register(form).slice(0, 40_000)["temporary_permits"]["profession"]
    assert column.null_count() == 0
    assert column.n_unique() == 21


@pytest.mark.parametrize("type", ["date", "identifier"])
def test_an_added_column_that_can_be_empty_is_empty(tmp_path: Path, type: str) -> None:
    form = reference(tmp_path, added("extra", type, nullable=True))
    column = register(form).slice(0, 8_000)["temporary_permits"]["extra"]
    assert len(column) == column.null_count() > 0


def test_an_added_day_that_cannot_be_empty_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="do not know the day extra"):
        register(reference(tmp_path, added("extra", "date")))


def test_an_added_extract_is_refused(tmp_path: Path) -> None:
    def change(text: str) -> str:
        start = text.index('[[extract]]\nid = "registrations"')
        block = text[start : text.index("[[extract]]", start + 5)]
        return (
            text + "\n" + block.replace('"registrations"', '"visas"', 1).replace('["qeydiyyat", "qeydiyyatlar"]', "[]")
        )

    with pytest.raises(DefinitionError, match="no group has records of visas"):
        register(reference(tmp_path, change))


@pytest.mark.parametrize(
    "old, new, said",
    [
        pytest.param("years_before", "years_befor", "years_befor", id="misspelt key"),
        pytest.param('season = "work"', 'season = "none"', "no universe 'none'", id="unknown season"),
        pytest.param('ages = "age_work"', 'ages = "none"', "no .splits.none.", id="unknown ages"),
        pytest.param(
            'fixed = { ground = "45.1.8" }', 'fixed = { ground = "99" }', "'99' is no code", id="unknown code"
        ),
        pytest.param(
            'follows = "work_permits"', 'follows = "exempt_persons"', "follows 'exempt_persons'", id="follows nothing"
        ),
    ],
)
def test_shares_that_do_not_hold_together_are_refused(
    form: Form, tmp_path: Path, old: str, new: str, said: str
) -> None:
    for name in ("register.toml", "shares.toml"):
        shutil.copy(data_folder("sample_data") / name, tmp_path)
    path = tmp_path / "register.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DefinitionError, match=said):
        Invented(form.of(Q3), Q3, *given.read(tmp_path), 1)


# The command.


@pytest.mark.parametrize(
    "arguments, code, said",
    [
        pytest.param(["2026-Q5", "--persons", "10"], 2, "belə dövr yoxdur", id="period"),
        pytest.param(["2026-Q3", "--persons", "0"], 2, "from 1 to", id="nobody"),
        pytest.param(["2026-Q3", "--persons", "10", "--seed", "-1"], 2, "no such seed", id="seed"),
        pytest.param(["2099", "--persons", "10"], 4, "Choose an earlier period", id="too late"),
    ],
)
def test_wrong_calls(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], arguments: list[str], code: int, said: str
) -> None:
    assert run(["sample-records", *arguments, "--records", str(tmp_path / "records")]) == code
    assert said in capfd.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_nothing_that_stands_there_is_overwritten(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "registrations.csv").write_text("real", encoding="utf-8")
    assert run(["sample-records", "2026-Q3", "--persons", "10", "--records", str(tmp_path)]) == 4
    assert "nothing in it is overwritten" in capfd.readouterr().err
    assert files(tmp_path) == {"registrations.csv": b"real"}


def test_whole_or_not_at_all(form: Form, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from form1.core.errors import DeliveryError

    def broken(*_: object) -> list[writing.Written]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("form1.records.invented.recipe.written", broken)
    with pytest.raises(DeliveryError, match="No space left"):
        make(SampleOrder(form.of(Q3), Q3, 100, tmp_path / "records"))
    assert list(tmp_path.iterdir()) == []


def test_one_person_is_a_register(form: Form, tmp_path: Path) -> None:
    made = make(SampleOrder(form.of(Q3), Q3, 1, tmp_path / "records", manner=Manner("csv")))
    for extract, about in made["extracts"].items():
        with (tmp_path / "records" / f"{extract}.csv").open(encoding="utf-8", newline="") as file:
            assert len(list(csv.reader(file))) == about["records"] + 1
