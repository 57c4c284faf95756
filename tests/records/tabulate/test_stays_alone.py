"""Stays without the rest of tabulating: every record is counted, or left out for one reason; reckoned by hand."""

from datetime import date
from pathlib import Path

import pytest

from form1.core.periods import Period
from form1.definition import Form, load
from form1.records.tabulate import files, residence
from form1.records.tabulate.opened import Opened, open_part
from tests.records.tabulate.making import write

Q3 = Period(2026, 3)
Rows = list[dict[str, object]]


@pytest.fixture(scope="module")
def annexed() -> Form:
    return load(None, ["residents"])


def permit(begins: str, ends: str, person: str = "N1", **more: object) -> dict[str, object]:
    day = {"decided_on": begins, "recorded_on": begins}
    return {
        "permit_id": f"P{person}{begins}{ends}",
        "person_id": person,
        "valid_from": begins,
        "valid_to": ends,
        **day,
        **more,
    }


def registration(begins: str, ends: str, person: str = "N1", **more: object) -> dict[str, object]:
    return {
        "registration_id": f"R{person}{begins}{ends}",
        "person_id": person,
        "registered_on": begins,
        "recorded_on": begins,
        "valid_to": ends,
        **more,
    }


def opened(form: Form, folder: Path, permits: Rows, registrations: Rows, permanent: Rows) -> dict[str, list[Opened]]:
    """The parts of the three extracts that give rights; where none are given a visitor of 2020, whose stay is too short."""
    write(form, folder, "temporary_permits", permits or [permit("2020-01-05", "2020-03-05", "N7")])
    write(form, folder, "permanent_permits", permanent or [permit("2020-01-05", "2020-03-05", "N8")])
    write(form, folder, "registrations", registrations or [registration("2020-01-05", "2020-03-05", "N9")])
    held, findings = files.find(form, folder, Q3)
    assert findings == []
    parts: dict[str, list[Opened]] = {}
    for extract, found in held.items():
        for part in found:
            one, faults = open_part(form, form.records.extracts[extract], part)
            assert one is not None and faults == []
            parts.setdefault(extract, []).append(one)
    return parts


def counted(
    form: Form,
    folder: Path,
    permits: Rows = [],
    registrations: Rows = [],
    permanent: Rows = [],
    as_of: date | None = None,
    period: Period = Q3,
):
    """Arrivals, departures and residents with what was left out of each, visitors of 2020 taken away."""
    parts = opened(form, folder, permits, registrations, permanent)
    visitors = sum(not rows for rows in (permits, registrations, permanent))
    found = []
    for item in residence.tallies(form, period, parts, as_of):
        (cells,) = item.cells.values()
        assert item.records == sum(part.rows for held in parts.values() for part in held)
        assert item.counted == sum(cells.values())
        left = dict(item.left_out)
        left["stay_too_short"] = left.get("stay_too_short", 0) - visitors
        found.append((sum(cells.values()), {why: n for why, n in left.items() if n}))
    return found


ONE = {"stay_not_counted": 1}


@pytest.mark.parametrize(
    ("permits", "registrations", "tables"),
    [
        pytest.param([permit("2026-03-01", "2027-02-28")], [], [(1, {}), (0, ONE), (1, {})], id="exactly a year"),
        pytest.param([permit("2026-03-01", "2027-02-27")], [], [(0, {"stay_too_short": 1})] * 3, id="a day less than a year"),
        pytest.param([permit("2026-01-01", "2026-12-31")], [], [(1, {}), (0, ONE), (1, {})], id="from 1 January"),
        pytest.param([permit("2025-12-31", "2026-12-31")], [], [(0, ONE), (0, ONE), (1, {})], id="from the day before"),
        pytest.param([permit("2026-09-30", "2027-10-31")], [], [(1, {}), (0, ONE), (1, {})], id="from the last day on"),
        pytest.param([permit("2026-10-01", "2027-10-31")], [], [(0, ONE)] * 3, id="from the day after"),
        pytest.param([permit("2025-01-01", "2025-12-31")], [], [(0, ONE), (1, {}), (0, ONE)], id="gone on 1 January"),
        pytest.param([permit("2024-12-31", "2025-12-30")], [], [(0, ONE)] * 3, id="gone the day before"),
        pytest.param([permit("2025-01-01", "2026-09-29")], [], [(0, ONE), (1, {}), (0, ONE)], id="gone on the last day"),
        pytest.param([permit("2025-01-01", "2026-09-30")], [], [(0, ONE), (0, ONE), (1, {})], id="there on the last day"),
        pytest.param([permit("1960-03-01", "2030-01-01")], [], [(0, ONE), (0, ONE), (1, {})], id="for ever"),
        pytest.param(
            [permit("2024-01-01", "2026-06-30"), permit("2024-02-01", "2024-03-01"), permit("2026-06-01", "2026-12-31")], [],
            [(0, {"stay_not_counted": 1, "same_stay": 2}), (0, {"stay_not_counted": 1, "same_stay": 2}), (1, {"same_stay": 2})],
            id="a short one inside a long one",
        ),
        pytest.param(
            [permit("2026-01-01", "2026-06-30", "N1"), permit("2026-07-01", "2026-12-31", "N2")], [], [(0, {"stay_too_short": 2})] * 3,
            id="two persons, one after the other",
        ),
        pytest.param(
            [permit("2025-01-01", "2025-12-31"), permit("2026-06-30", "2026-12-31")], [],
            [(0, {"stay_not_counted": 1, "same_stay": 1}), (0, {"stay_not_counted": 1, "same_stay": 1}), (1, {"same_stay": 1})],
            id="a gap of a day less than half a year",
        ),
        pytest.param(
            [permit("2025-01-01", "2025-12-31"), permit("2026-07-01", "2027-06-30")], [], [(1, ONE), (1, ONE), (1, ONE)],
            id="a gap of half a year",
        ),
        pytest.param(
            [], [registration("2026-02-01", "2026-07-31"), registration("2026-08-01", "2027-01-31")],
            [(1, {"same_stay": 1}), (0, {"stay_not_counted": 1, "same_stay": 1}), (1, {"same_stay": 1})], id="registrations that touch",
        ),
        pytest.param(
            [], [registration("2026-02-01", "2026-07-30"), registration("2026-08-01", "2027-01-31")], [(0, {"stay_too_short": 2})] * 3,
            id="registrations with a day between them",
        ),
        pytest.param(
            [], [registration("2026-02-01", "2026-08-15"), registration("2026-08-01", "2027-01-31"), registration("2026-03-01", "2026-03-10")],
            [(1, {"same_stay": 2}), (0, {"stay_not_counted": 1, "same_stay": 2}), (1, {"same_stay": 2})], id="registrations that overlap",
        ),
        pytest.param(
            [permit("2026-03-01", "2027-01-31")], [registration("2026-02-01", "2026-02-28")],
            [(1, {"same_stay": 1}), (0, {"stay_not_counted": 1, "same_stay": 1}), (1, {"same_stay": 1})], id="a registration before a permit",
        ),
        pytest.param(
            [permit("2026-03-01", "2027-01-31")], [registration("2026-02-01", "2026-02-27")], [(0, {"stay_too_short": 2})] * 3,
            id="a registration that ends a day before it touches",
        ),
        pytest.param(
            [permit("2026-01-01", "2027-12-31", annulled_on="2026-01-01")], [], [(0, {"never_in_force": 1})] * 3, id="annulled on its first day",
        ),
        pytest.param(
            [permit("2026-01-01", "2027-12-31", annulled_on="2026-01-02")], [], [(0, {"stay_too_short": 1})] * 3, id="in force for a day",
        ),
        pytest.param(
            [permit("2025-01-01", "2027-12-31", annulled_on="2026-01-01")], [], [(0, ONE), (1, {}), (0, ONE)], id="annulled after a year",
        ),
        pytest.param(
            [], [registration("2025-01-01", "2027-12-31", annulled_on="2026-12-01", deregistered_on="2026-02-01")],
            [(0, ONE), (1, {}), (0, ONE)], id="deregistered before it was annulled",
        ),
        pytest.param(
            [], [registration("2025-01-01", "2027-12-31", annulled_on="2026-02-01", deregistered_on="2026-12-01")],
            [(0, ONE), (1, {}), (0, ONE)], id="annulled before it was deregistered",
        ),
    ],
)  # fmt: skip
def test_every_record_has_one_end(annexed: Form, tmp_path: Path, permits: Rows, registrations: Rows, tables) -> None:
    assert counted(annexed, tmp_path, permits, registrations) == tables


@pytest.mark.parametrize(
    ("rows", "tables"),
    [
        pytest.param([permit("2026-02-01", "2027-01-31", recorded_on="2026-10-20")], [(1, {}), (0, ONE), (1, {})], id="entered on the last day of entry"),
        pytest.param([permit("2026-02-01", "2027-01-31", recorded_on="2026-10-21")], [(0, {"entered_late": 1})] * 3, id="entered a day later"),
        pytest.param([permit("2026-02-01", "2027-01-31", recorded_on="2026-10-21", annulled_on="2026-02-01")], [(0, {"entered_late": 1})] * 3, id="entered late and never in force"),
        pytest.param([permit("2026-02-01", "2027-01-31", annulled_on="2026-10-20")], [(0, {"stay_too_short": 1})] * 3, id="annulled on the last day of entry"),
        pytest.param([permit("2026-02-01", "2027-01-31", annulled_on="2026-10-21")], [(1, {}), (0, ONE), (1, {})], id="annulled a day later: nobody knows"),
    ],
)  # fmt: skip
def test_what_is_known_on_the_last_day_of_entry(annexed: Form, tmp_path: Path, rows: Rows, tables) -> None:
    assert counted(annexed, tmp_path, rows, as_of=date(2026, 10, 20)) == tables


def test_both_kinds_of_permits_are_joined(annexed: Form, tmp_path: Path) -> None:
    temporary, permanent = [permit("2025-01-01", "2025-12-31")], [permit("2026-05-01", "2031-04-30")]
    assert counted(annexed, tmp_path, temporary, permanent=permanent) == [
        (0, {"stay_not_counted": 1, "same_stay": 1}), (0, {"stay_not_counted": 1, "same_stay": 1}), (1, {"same_stay": 1}),
    ]  # fmt: skip


@pytest.mark.parametrize("most", [1, 2, 7, 100])
def test_persons_in_shares_are_the_same_persons(
    annexed: Form, tmp_path: Path, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each person is in one share: five who came, one of them twice in the records."""
    monkeypatch.setattr(residence, "MOST_RECORDS", most)
    rows = [permit("2026-02-01", "2027-01-31", f"N{number}") for number in range(1, 6)]
    rows.append(permit("2026-03-01", "2027-03-31", "N1"))
    assert counted(annexed, tmp_path, rows) == [
        (5, {"same_stay": 1}), (0, {"stay_not_counted": 5, "same_stay": 1}), (5, {"same_stay": 1}),
    ]  # fmt: skip


def cells_of(form: Form, folder: Path, permits: Rows) -> dict[int, int]:
    parts = opened(form, folder, permits, [], [])
    (_, _, residents) = residence.tallies(form, Q3, parts, None)
    (cells,) = residents.cells.values()
    return dict(cells)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            permit("2025-01-01", "2026-06-30"), permit("2026-06-01", "2027-01-31"), id="the one that ends last"
        ),
        pytest.param(
            permit("2025-01-01", "2027-01-31"),
            permit("2026-06-01", "2027-01-31"),
            id="of those, the one that begins last",
        ),
    ],
)
def test_citizenship_and_sex_are_those_of_the_last_record(annexed: Form, tmp_path: Path, one, other) -> None:
    women, men = {"sex": "F", "citizenship": "GE"}, {"sex": "M", "citizenship": "TR"}
    found = cells_of(annexed, tmp_path / "both", [{**other, **women}, {**one, **men}])
    assert found == cells_of(annexed, tmp_path / "women", [{**other, **women}, {**one, **women}])
    assert found != cells_of(annexed, tmp_path / "men", [{**other, **men}, {**one, **men}])
    assert sum(found.values()) == 1


def test_cells_stand_in_order(annexed: Form, tmp_path: Path) -> None:
    rows = [
        permit("2026-02-01", "2027-01-31", f"N{number}", citizenship=code)
        for number, code in enumerate(("UZ", "TR", "GE", "UZ"))
    ]
    found = cells_of(annexed, tmp_path, rows)
    assert sorted(found.values()) == [1, 1, 2] and list(found) == sorted(found)


def test_without_the_annex_nothing_is_counted(form: Form, annexed: Form, tmp_path: Path) -> None:
    parts = opened(annexed, tmp_path, [], [], [])
    assert residence.tallies(form, Q3, parts, None) == []
    assert list(residence.too_short(form, Q3, parts)) == []


@pytest.mark.parametrize(
    ("temporary", "permanent", "told"),
    [
        pytest.param("2021-02-01", "2019-05-05", [], id="from the last day that is early enough"),
        pytest.param("2021-02-02", "2019-05-05", [("temporary_permits", "2021-02-02")], id="from a day later"),
        pytest.param("2021-01-01", "2021-12-31", [("permanent_permits", "2021-12-31")], id="permanent permits begin late"),
        pytest.param("2025-01-01", "2026-01-01", [("temporary_permits", "2025-01-01"), ("permanent_permits", "2026-01-01")], id="both begin late"),
    ],
)  # fmt: skip
def test_records_that_do_not_go_back_far_enough(
    annexed: Form, tmp_path: Path, temporary: str, permanent: str, told
) -> None:
    """Registrations are not asked: their stays are short. Those of 2026 are enough here."""
    later = permit("2026-05-01", "2026-06-01", "N2")
    parts = opened(
        annexed, tmp_path, [permit(temporary, "2026-12-31"), later], [registration("2026-03-01", "2026-04-01")], [later, permit(permanent, "2027-12-31", "N3")],
    )  # fmt: skip
    found = list(residence.too_short(annexed, Q3, parts))
    assert [(each.place.file, each.facts["first"]) for each in found] == told
    assert {each.facts["needed"] for each in found} <= {"2021-01-01"}
    assert {each.message for each in found} <= {"residence_history_short"}
