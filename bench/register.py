"""Records for the benchmark: any number of them, always the same, made by Polars without chance."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl

from form1.definition import Form
from form1.records.tabulate.plan import codes_of

SHARES = {
    "registrations": 0.70,
    "temporary_permits": 0.12,
    "permanent_permits": 0.02,
    "work_permits": 0.08,
    "exempt_persons": 0.08,
}
STEP = 1_000_000
OF_THE_PERSON = {"legal_status": 11, "citizenship": 12, "residence_country": 12, "sex": 14, "education": 15}
"""Columns that are the same in all records of a person, with a salt each; they reside where they are citizens."""


def write(form: Form, folder: Path, records: int, kind: str) -> Path:
    """Write a register of `records` records as `enum`, `text` (both Parquet) or `csv`, in parts of a million."""
    for extract, share in SHARES.items():
        parts = folder / extract
        parts.mkdir(parents=True, exist_ok=True)
        for number, frame in enumerate(_frames(form, extract, int(records * share), kind)):
            if kind == "csv":
                frame.write_csv(parts / f"{number:04}.csv")
            else:
                frame.write_parquet(parts / f"{number:04}.parquet")
    return folder


def _frames(form: Form, extract: str, records: int, kind: str) -> Iterator[pl.DataFrame]:
    persons = records // 3 + 1
    for first in range(0, records, STEP):
        n = pl.int_range(first, min(first + STEP, records), dtype=pl.UInt64, eager=True)
        # A person's records lie far apart, as in an extract that is sorted by the day of entry.
        rows = pl.DataFrame({"n": n}).with_columns(
            person=pl.col("n") % persons * 7_368_787 % persons, time=pl.col("n") // persons
        )
        frame = rows.select(*(_column(form, column) for column in form.records.extracts[extract].columns))
        yield frame if kind == "enum" else frame.with_columns(pl.all().cast(pl.String))


def _column(form: Form, name: str) -> pl.Expr:
    """A person has three records, forty days apart, so that no two of them begin on one day."""
    n, person = pl.col("n"), pl.col("person")
    column = form.records.columns[name]
    begun = _after(date(2025, 9, 1), _drawn(person, 1, 330) + pl.col("time").cast(pl.Int64) * 40)
    days = {
        "birth_date": _after(date(1950, 1, 1), _drawn(person, 2, 20_000)),
        "valid_to": begun + pl.duration(days=30 + _drawn(n, 3, 335)),
        "annulled_on": pl.when(_drawn(n, 4, 20) == 0).then(begun + pl.duration(days=20)),
        "deregistered_on": pl.when(_drawn(n, 5, 8) == 0).then(begun + pl.duration(days=25)),
    }
    if column.type == "date":
        return days.get(name, begun).alias(name)
    if column.codes:
        return _code(form, name, column.codes)
    number = (person if name == "person_id" else n) + 10_000_000
    return pl.format("N{}" if name == "person_id" else "P{}", number).alias(name)


def _code(form: Form, name: str, codelist: str) -> pl.Expr:
    """A code of the list, the first ones often and the last ones seldom; what is of the person stays the same."""
    listed = [
        entry.code
        for entry in form.codelists[codelist].on(date(2026, 9, 30))
        if entry.code not in {"AZ", "XXX"} and not entry.counted_as
    ]
    of = pl.col("person" if name in OF_THE_PERSON else "n")
    often = (_drawn(of, OF_THE_PERSON.get(name, len(name) + 20), 10_000) / 10_000) ** 3
    place = (often * len(listed)).cast(pl.UInt32)
    return pl.lit(pl.Series(listed, dtype=pl.Enum(codes_of(form.codelists[codelist])))).gather(place).alias(name)


def _after(day: date, days: pl.Expr) -> pl.Expr:
    return pl.lit(day) + pl.duration(days=days)


def _drawn(number: pl.Expr, salt: int, below: int) -> pl.Expr:
    """A whole number from 0 that looks drawn by lot: always the same for the same number."""
    return (number.hash(salt) % below).cast(pl.Int64)
