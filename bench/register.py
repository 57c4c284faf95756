"""Records for the benchmark: any number of them, in the same bytes every time, with Polars and without chance."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl

from form1.definition import Form
from form1.tabulate.plan import codes_of

SHARES = {
    "registrations": 0.70,
    "temporary_permits": 0.12,
    "permanent_permits": 0.02,
    "work_permits": 0.08,
    "exempt_persons": 0.08,
}
STEP = 1_000_000


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
    for first in range(0, records, STEP):
        rows = pl.DataFrame({"n": pl.int_range(first, min(first + STEP, records), eager=True)})
        frame = rows.select(*(_column(form, column) for column in form.records.extracts[extract].columns))
        yield frame if kind == "enum" else frame.with_columns(pl.all().cast(pl.String))


def _column(form: Form, name: str) -> pl.Expr:
    """A person has three records, forty days apart, so that no two of them begin on one day."""
    n = pl.col("n")
    column = form.records.columns[name]
    begun = pl.lit(date(2025, 9, 1)) + pl.duration(days=_mixed(n // 3, 7) % 330 + n % 3 * 40)
    days = {
        "birth_date": pl.lit(date(1950, 1, 1)) + pl.duration(days=_mixed(n // 3, 3) % 20_000),
        "valid_to": begun + pl.duration(days=30 + _mixed(n, 5) % 335),
        "annulled_on": pl.when(_mixed(n, 11) % 20 == 0).then(begun + pl.duration(days=20)),
        "deregistered_on": pl.when(_mixed(n, 13) % 8 == 0).then(begun + pl.duration(days=25)),
    }
    if column.type == "date":
        value = days.get(name, begun)
    elif column.codes:
        listed = [
            entry.code
            for entry in form.codelists[column.codes].on(date(2026, 9, 30))
            if entry.code not in {"AZ", "XXX"} and not entry.counted_as
        ]
        place = (_mixed(n, len(name)) % 1000 / 1000) ** 2 * len(listed)  # few codes have many records
        codes = codes_of(form.codelists[column.codes])
        value = pl.lit(pl.Series(listed, dtype=pl.Enum(codes))).gather(place.cast(pl.UInt32))
    else:
        person = name == "person_id"
        value = pl.format("N{}" if person else "P{}", (n // 3 if person else n) + 10_000_000)
    return value.alias(name)


def _mixed(n: pl.Expr, salt: int) -> pl.Expr:
    return ((n + salt) * 2_654_435_761 % 4_294_967_296) // 65_536
