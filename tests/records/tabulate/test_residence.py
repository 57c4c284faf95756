"""The annex of residents by the 12-month rule: the numbers of a count day by day, the rules at their edges, the edition."""

import shutil
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from form1.core.errors import DefinitionError, UsageError
from form1.core.folders import data_folder
from form1.core.periods import Period
from form1.definition import Form, load
from form1.definition.audit.form import audit, require_sound
from form1.definition.load import annexes_of
from form1.records.recipe import Tabulated, TabulateOrder, tabulate
from form1.records.tabulate import residence
from tests.records.tabulate import plain, stays
from tests.records.tabulate.making import whole

Q3 = Period(2026, 3)
TABLES = ("A01", "A02", "A03")


@pytest.fixture(scope="module")
def annexed() -> Form:
    form = load(None, ["residents"])
    require_sound(form)
    return form


def counted(form: Form, records: Path, exports: Path, period: Period, as_of: date | None = None) -> Tabulated:
    outcome = tabulate(TabulateOrder(form, period, records, exports, as_of=as_of))
    assert outcome.placed is not None, outcome.findings
    return outcome


def test_it_is_off_unless_asked_for_and_agrees_with_itself(form: Form) -> None:
    assert form.residence is None and not set(TABLES) & set(form.tables)
    for name in annexes_of(data_folder("reference")):
        assert audit(load(None, [name])) == []
    with pytest.raises(UsageError, match="There are residents"):
        load(None, ["none"])


@pytest.mark.parametrize(
    "old, new, said",
    [
        pytest.param('id = "gap"', 'id = "stay"', "exactly one rule on stay, and has 2", id="a rule twice"),
        pytest.param('begins = "valid_from"', 'begins = "ground"', "has no day 'ground'", id="no day"),
        pytest.param('ends = "valid_to"', 'ends = "annulled_on"', "can be empty", id="an end that may be missing"),
        pytest.param('table = "A03"', 'table = "A09"', "A09, which is no table", id="no such table"),
    ],
)
def test_a_rule_book_that_does_not_hold_together_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    folder = shutil.copytree(data_folder("reference"), tmp_path / "reference")
    path = folder / "annexes" / "residents" / "residence.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DefinitionError, match=said):
        require_sound(load(folder, ["residents"]))


@pytest.mark.parametrize("period", ["2026-Q1", "2026"])
def test_cell_by_cell_as_a_count_day_by_day(
    annexed: Form, chance_records: Path, tmp_path: Path, period: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(residence, "MOST_RECORDS", 2_500)  # in several shares of the persons
    of = Period.parse(period)
    outcome = counted(annexed, chance_records, tmp_path, of)
    found = plain.written(tmp_path, period)
    wanted = stays.count(chance_records, of.first_day, of.last_day, stays.orders(annexed))
    assert {table: found[table] for table in TABLES} == wanted
    assert all(sum(wanted[table].values()) > 20 for table in ("A01", "A03"))
    assert outcome.account is not None
    for total in outcome.account["totals"]:
        assert total["records"] == total["counted"] + sum(total["left_out"].values())


def test_the_ten_exports_are_the_same_with_and_without(
    form: Form, annexed: Form, chance_records: Path, tmp_path: Path
) -> None:
    counted(form, chance_records, tmp_path / "without", Q3)
    counted(annexed, chance_records, tmp_path / "with", Q3)
    without, with_it = (
        {path.name: path.read_bytes() for path in (tmp_path / name / "2026-Q3").glob("*.csv")}
        for name in ("without", "with")
    )
    assert len(without) == 10
    assert {name: with_it[name] for name in without} == without
    assert len(with_it) == 13


def test_residents_are_those_of_new_year_with_arrivals_and_without_departures(
    annexed: Form, chance_records: Path, tmp_path: Path
) -> None:
    counted(annexed, chance_records, tmp_path, Period(2025))
    counted(annexed, chance_records, tmp_path, Q3)
    before, now = plain.written(tmp_path, "2025"), plain.written(tmp_path, "2026-Q3")
    assert sum(now["A02"].values()) > 5
    for cell in {*before["A03"], *now["A03"]}:
        assert before["A03"][cell] + now["A01"][cell] - now["A02"][cell] == now["A03"][cell]


# The rules at their edges: (arrivals, departures, residents) of 2026-Q3.


def permit(begins: str, ends: str, **more: object) -> dict[str, object]:
    day = date.fromisoformat(begins)
    return {
        "permit_id": f"P{begins}{ends}", "decided_on": day, "recorded_on": day, "valid_from": begins, "valid_to": ends, **more,
    }  # fmt: skip


def registration(begins: str, ends: str, **more: object) -> dict[str, object]:
    return {
        "registration_id": f"R{begins}{ends}", "registered_on": begins, "recorded_on": begins, "valid_to": ends, **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    "permits, registrations, expected",
    [
        pytest.param([permit("2026-03-01", "2027-02-28")], [], (1, 0, 1), id="exactly 12 months"),
        pytest.param([permit("2026-03-01", "2027-02-27")], [], (0, 0, 0), id="a day less than 12 months"),
        pytest.param([permit("2024-02-29", "2025-02-28")], [], (0, 0, 0), id="from 29 February, over before the year"),
        pytest.param([permit("2024-02-29", "2026-02-28")], [], (0, 1, 0), id="from 29 February for two years"),
        pytest.param([permit("2025-01-01", "2025-12-31")], [], (0, 1, 0), id="gone on 1 January"),
        pytest.param([permit("2025-10-01", "2026-09-30")], [], (0, 0, 1), id="ends on the last day: still there"),
        pytest.param([permit("2025-09-30", "2026-09-29")], [], (0, 1, 0), id="gone on the last day"),
        pytest.param([permit("2026-01-01", "2026-12-31")], [], (1, 0, 1), id="came on 1 January"),
        pytest.param([permit("2026-10-01", "2027-12-31", decided_on="2026-09-30")], [], (0, 0, 0), id="comes later"),
        pytest.param(
            [permit("2026-01-10", "2027-01-20"), permit("2026-02-01", "2027-06-30")], [], (1, 0, 1),
            id="two that overlap are one person",
        ),
        pytest.param(
            [permit("2026-02-01", "2026-07-31"), permit("2026-08-01", "2027-01-31")], [], (1, 0, 1),
            id="two of six months, one after the other",
        ),
        pytest.param(
            [permit("2025-01-01", "2025-12-31"), permit("2026-06-30", "2026-12-31")], [], (0, 0, 1),
            id="a gap of a day less than six months is bridged",
        ),
        pytest.param(
            [permit("2025-01-01", "2025-12-31"), permit("2026-07-01", "2026-12-31")], [], (0, 1, 0),
            id="a gap of six months ends the stay, and half a year begins none",
        ),
        pytest.param(
            [permit("2025-01-01", "2025-12-31"), permit("2026-07-01", "2027-06-30")], [], (1, 1, 1),
            id="gone and come again",
        ),
        pytest.param(
            [], [registration("2025-12-01", "2026-02-20"), registration("2026-04-01", "2026-06-20"),
                 registration("2026-08-01", "2026-10-20"), registration("2026-12-01", "2027-02-10")], (0, 0, 0),
            id="a visitor who comes every other month does not reside",
        ),
        pytest.param(
            [permit("2026-03-01", "2027-01-31")], [registration("2026-02-01", "2026-03-10")], (1, 0, 1),
            id="a registration that touches the permit makes it 12 months",
        ),
        pytest.param(
            [permit("2026-03-01", "2027-01-31")], [registration("2026-01-01", "2026-02-27")], (0, 0, 0),
            id="one that ends a day too early does not",
        ),
        pytest.param(
            [permit("2026-01-01", "2026-02-28"), permit("2026-05-01", "2026-12-31")], [registration("2026-03-10", "2026-04-10")],
            (1, 0, 1), id="a registration inside a bridged gap is part of the stay",
        ),
        pytest.param([permit("2025-01-01", "2026-12-31", annulled_on="2026-05-01")], [], (0, 1, 0), id="annulled: gone"),
        pytest.param([permit("2025-06-01", "2026-12-31", annulled_on="2026-05-31")], [], (0, 0, 0), id="annulled too early"),
        pytest.param([permit("2026-01-01", "2027-12-31", annulled_on="2026-01-01")], [], (0, 0, 0), id="never in force"),
    ],
)  # fmt: skip
def test_the_rules_at_their_edges(
    annexed: Form,
    tmp_path: Path,
    permits: list[dict[str, object]],
    registrations: list[dict[str, object]],
    expected: tuple[int, int, int],
) -> None:
    nobody = {"person_id": "N0", "sex": "F", **permit("2020-01-05", "2020-03-05")}
    records = whole(
        annexed,
        tmp_path / "records",
        temporary_permits=permits or [nobody],
        registrations=registrations or [{**nobody, "registered_on": "2020-01-05"}],
    )
    counted(annexed, records, tmp_path, Q3)
    found = plain.written(tmp_path, "2026-Q3")
    assert tuple(sum(found[table].values()) for table in TABLES) == expected


def test_citizenship_and_sex_are_those_of_the_last_record(annexed: Form, tmp_path: Path) -> None:
    rows = [permit("2025-02-01", "2026-01-31", citizenship="RU"), permit("2026-02-01", "2027-01-31", citizenship="GE")]
    records = whole(annexed, tmp_path / "records", temporary_permits=rows)
    counted(annexed, records, tmp_path, Q3)
    assert plain.written(tmp_path, "2026-Q3")["A03"] == Counter({("foreigner", "GE", "M"): 1})


@pytest.mark.parametrize("entered, residents", [("2026-10-20", 1), ("2026-10-21", 0)])
def test_what_was_entered_after_the_cut_off_is_not_known(
    annexed: Form, tmp_path: Path, entered: str, residents: int
) -> None:
    rows = [permit("2026-02-01", "2027-01-31", recorded_on=entered)]
    records = whole(annexed, tmp_path / "records", temporary_permits=rows)
    counted(annexed, records, tmp_path, Q3, as_of=date(2026, 10, 20))
    assert sum(plain.written(tmp_path, "2026-Q3")["A03"].values()) == residents


def test_an_annulment_after_the_cut_off_is_not_known(annexed: Form, tmp_path: Path) -> None:
    rows = [permit("2026-02-01", "2027-01-31", annulled_on="2026-10-21")]
    records = whole(annexed, tmp_path / "records", temporary_permits=rows)
    for as_of, residents in ((date(2026, 10, 20), 1), (date(2026, 10, 21), 0)):
        counted(annexed, records, tmp_path / str(as_of), Q3, as_of=as_of)
        assert sum(plain.written(tmp_path / str(as_of), "2026-Q3")["A03"].values()) == residents


@pytest.mark.parametrize("begins, warned", [("2021-01-20", False), ("2025-11-01", True)])
def test_records_that_do_not_go_back_far_enough_are_warned_of(
    annexed: Form, tmp_path: Path, begins: str, warned: bool
) -> None:
    until = (date.fromisoformat(begins) + timedelta(400)).isoformat()
    records = whole(
        annexed,
        tmp_path / "records",
        temporary_permits=[permit(begins, until)],
        permanent_permits=[permit("2020-02-01", "2025-01-31")],
    )
    outcome = counted(annexed, records, tmp_path, Q3)
    assert any(finding.message == "residence_history_short" for finding in outcome.findings) is warned
