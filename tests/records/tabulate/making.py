"""Records that tests make: one by hand for a case, or many by chance from a seed."""

import csv
import datetime as dt
import random
from collections.abc import Iterable, Mapping
from pathlib import Path

from form1.definition import Form

Row = Mapping[str, object]

PLAIN: dict[str, object] = {
    "registration_id": "R1", "permit_id": "P1", "person_id": "N1", "legal_status": "foreigner", "citizenship": "TR",
    "residence_country": "TR", "sex": "M", "birth_date": "1990-05-17", "ground": "45.1.8", "place": "AZ-BA", "activity": "F",
    "education": "ED1", "exemption": "64.0.1", "decision": "issued", "registered_on": "2026-02-10", "decided_on": "2026-02-10",
    "valid_from": "2026-02-11", "valid_to": "2026-12-31", "deregistered_on": "", "annulled_on": "", "recorded_on": "2026-02-10",
}  # fmt: skip
"""A record that keeps every contract; a case says what is different."""

FORBIDDEN = {"AZ", "XXX"}


def write(form: Form, folder: Path, extract: str, rows: Iterable[Row]) -> Path:
    """Write an extract as CSV; what a row leaves out is that of `PLAIN`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{extract}.csv"
    columns = form.records.extracts[extract].columns
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([{**PLAIN, **row}[column] for column in columns] for row in rows)
    return path


def whole(form: Form, folder: Path, **rows: Iterable[Row]) -> Path:
    """Write every extract: those given, and of the others one record of an earlier year."""
    for extract in form.records.extracts:
        old = {"registered_on": "2020-01-05", "decided_on": "2020-01-05", "recorded_on": "2020-01-05",
               "valid_from": "2020-01-05", "valid_to": "2020-03-05"}  # fmt: skip
        write(form, folder, extract, rows.get(extract, [old]))
    return folder


def by_chance(form: Form, folder: Path, records: int, seed: int = 1, youngest: int = 0) -> Path:
    """Write `records` records of every extract: late ones, renewals, annulments, many permits of one person, empty fields."""
    chance = random.Random(seed)
    codes = {
        column.id: [
            entry.code
            for entry in form.codelists[column.codes].on(dt.date(2026, 3, 31))
            if "territory" not in entry.flags and entry.code not in FORBIDDEN
        ]
        for column in form.records.column
        if column.codes
    }
    for extract in form.records.extracts.values():
        rows = (_record(chance, codes, number, records, youngest) for number in range(records))
        write(form, folder, extract.id, {tuple(map(row.get, extract.key)): row for row in rows}.values())
    return folder


def _record(
    chance: random.Random, codes: Mapping[str, list[str]], number: int, records: int, youngest: int
) -> dict[str, object]:
    born = dt.date(1945, 1, 1) + dt.timedelta(chance.randrange(27_000 - 365 * youngest))
    if chance.random() < 0.02:
        born = dt.date(chance.choice([1960, 1984, 1996, 2004]) - youngest // 4 * 4, 2, 29)
    # Many days of decision are edges: the ends of years, quarters and of February.
    day = dt.date(2025, 7, 1) + dt.timedelta(chance.randrange(640))
    if chance.random() < 0.1:
        day = chance.choice([dt.date(2025, 12, 31), dt.date(2026, 1, 1), dt.date(2026, 9, 30), dt.date(2026, 10, 1)])
    if chance.random() < 0.05:
        born = born.replace(month=day.month, day=min(day.day, 28))
    end = day + dt.timedelta(chance.randrange(20, 500))
    if chance.random() < 0.1:
        end = chance.choice(
            [d for d in (dt.date(2026, 3, 31), dt.date(2026, 9, 30), dt.date(2026, 12, 31), end) if d >= day]
        )
    ended = day + dt.timedelta(chance.randrange(0, 200)) if chance.random() < 0.15 else ""
    row: dict[str, object] = {
        "registration_id": f"R{number}", "permit_id": f"P{number}", "person_id": f"N{chance.randrange(records // 2 + 1)}",
        "birth_date": born if chance.random() < 0.97 and born < day else "", "registered_on": day, "decided_on": day,
        "valid_from": day + dt.timedelta(chance.choice([0, 0, 1, 10])) if end > day + dt.timedelta(10) else day,
        "valid_to": end, "deregistered_on": ended, "annulled_on": ended,
        "recorded_on": day + dt.timedelta(chance.choice([0, 0, 0, 3, 45])),
    }  # fmt: skip
    row |= {column: chance.choice(members) for column, members in codes.items()}
    row["legal_status"] = "stateless" if chance.random() < 0.03 else "foreigner"
    for column in ("citizenship", "residence_country", "education"):
        if chance.random() < 0.02:
            row[column] = ""
    return row
