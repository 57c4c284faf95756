"""The ten tables as one would count them with DuckDB alone: ten queries, or one with grouping sets per universe."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from form1.definition import Form

Sums = dict[str, tuple[int, int, int]]
"""By table; see `checksum`."""

_LAST: Final = "DATE '2026-09-30'"
_YEAR: Final = f"BETWEEN DATE '2026-01-01' AND {_LAST}"
_COUNTRY: Final = "CASE WHEN legal_status = 'stateless' THEN residence_country ELSE citizenship END"
_BANDS: Final = (65, *range(60, 15, -5), 18)
_AGE_AT_THE_END: Final = (
    "CASE " + " ".join(f"WHEN birth_date <= DATE '{2026 - age}-09-30' THEN {age}" for age in _BANDS) + " ELSE 0 END"
)
_AGE_WHEN_DECIDED: Final = """least(13, (year(decided_on) - year(birth_date)
    - ((month(decided_on), day(decided_on)) < (month(birth_date), day(birth_date)))::INT) // 5)"""
_WHO: Final = f"legal_status: legal_status, country: {_COUNTRY}, sex: sex"


@dataclass(frozen=True)
class Counted:
    """One universe: the records that it counts, and the grouping of each of its tables."""

    records: str
    tables: tuple[tuple[str, str], ...]


def _once(extract: str, where: str, kept: str, pick: str, day: str = "decided_on") -> str:
    """One record of each person: the first (arg_min) or the last (arg_max)."""
    return (
        f"SELECT unnest({pick}({{{kept}}}, ({day}, valid_to))) FROM {extract}"
        f" WHERE {day} {where} GROUP BY person_id"
    )  # fmt: skip


UNIVERSES: Final = (
    Counted(
        f"SELECT legal_status, {_COUNTRY} AS country, sex FROM registrations WHERE registered_on {_YEAR}",
        (("T01", "legal_status, country, sex"),),
    ),
    Counted(
        _once("temporary_permits", _YEAR, f"{_WHO}, ground: ground, place: place", "arg_min"),
        (("T02", "legal_status, country, sex"), ("T03", "ground, sex"), ("T04", "place, sex")),
    ),
    Counted(
        _once(
            "permanent_permits", f"{_YEAR} AND decision = 'issued'", f"{_WHO}, age: {_AGE_WHEN_DECIDED}", "arg_min"
        ),
        (("T05", "age, sex"), ("T06", "legal_status, country, sex")),
    ),
    Counted(
        f"SELECT residence_country, decision FROM work_permits WHERE decided_on {_YEAR}",
        (("T07", "residence_country, decision"),),
    ),
    Counted(
        _once(
            "work_permits",
            f"{_YEAR} AND valid_from <= {_LAST} AND valid_to >= {_LAST}"
            f" AND NOT coalesce(annulled_on <= {_LAST}, false)",
            f"activity: activity, age: {_AGE_AT_THE_END}, education: education, sex: sex",
            "arg_max",
        ),
        (("T08", "activity, age, sex"), ("T09", "activity, education, sex")),
    ),
    Counted(
        _once(
            "exempt_persons",
            f"<= {_LAST} AND valid_to >= {_LAST} AND NOT coalesce(deregistered_on <= {_LAST}, false)",
            "sex: sex",
            "arg_max",
            "registered_on",
        ),
        (("T10", "sex"),),
    ),
)  # fmt: skip


def checksum(counts: Iterable[int]) -> tuple[int, int, int]:
    """Return how many counts there are, their sum, and the sum of their squares, which tells how they are spread."""
    held = list(counts)
    return len(held), sum(held), sum(records * records for records in held)


def count(form: Form, folder: Path, kind: str, how: str) -> Sums:
    """Count a register of `kind` (enum, text, csv) by "ten queries" or "grouping sets"."""
    import duckdb

    found: Sums = {}
    with duckdb.connect() as connection:
        for extract in form.records.extracts.values():
            connection.execute(f"CREATE VIEW {extract.id} AS {_view(form, folder, extract.id, kind)}")
        for universe in UNIVERSES:
            if how == "ten queries":
                for table, by in universe.tables:
                    query = f"SELECT {by}, count(*) FROM ({universe.records}) GROUP BY {by}"
                    rows = connection.execute(query).fetchall()
                    found[table] = checksum(row[-1] for row in rows)
            else:
                found |= _at_once(connection, universe)
    return found


def _view(form: Form, folder: Path, extract: str, kind: str) -> str:
    columns = form.records.extracts[extract].columns
    named = ", ".join(
        f"{name}::DATE AS {name}" if form.records.columns[name].type == "date" else name for name in columns
    )
    if kind == "csv":
        return f"SELECT {named} FROM read_csv('{folder}/{extract}/*.csv', header=true, all_varchar=true)"
    return f"SELECT {named} FROM read_parquet('{folder}/{extract}/*.parquet')"


def _at_once(connection: object, universe: Counted) -> Sums:
    every = list(dict.fromkeys(name for _, by in universe.tables for name in by.split(", ")))
    sets = ", ".join(f"({by})" for _, by in universe.tables)
    query = f"SELECT grouping({', '.join(every)}), count(*) FROM ({universe.records}) GROUP BY GROUPING SETS ({sets})"
    rows = connection.execute(query).fetchall()  # type: ignore[attr-defined]
    found: Sums = {}
    for table, by in universe.tables:
        left_out = [name not in by.split(", ") for name in every]
        mark = sum(2 ** (len(every) - 1 - place) for place, out in enumerate(left_out) if out)
        found[table] = checksum(records for grouping, records in rows if grouping == mark)
    return found
