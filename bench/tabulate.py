"""Counting records, measured side by side with bare DuckDB in one run: `python bench/tabulate.py [RECORDS] [MEMORY]`.

RECORDS (2,000,000 by default) are written as Parquet with Enums, Parquet with text, and CSV. What is compared gives the same
checksums, or the run ends. MEMORY, when given, is the number of records for the peak of memory and the time by size.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import reduce
from operator import and_
from pathlib import Path

from register import write
from form1.definition import Form, load
from form1.periods import Period
from form1.tabulate import contract, files, opened
from form1.tabulate.batches import batches
from form1.tabulate.exports import lines
from form1.tabulate.opened import Opened
from form1.tabulate.plan import plans
from form1.tabulate.tally import tally

PERIOD = Period(2026, 3)
GOALS = {"enum": ("ten queries", 0.65), "text": ("grouping sets", 1.2), "csv": ("grouping sets", 0.75)}
Parts = dict[str, list[Opened]]
Sums = dict[str, tuple[int, int]]


def parts_of(form: Form, folder: Path) -> Parts:
    """Open every part of a register."""
    held, _ = files.find(form, folder, PERIOD)
    found: Parts = {}
    for extract, parts in held.items():
        for part in parts:
            read, faults = opened.open_part(form, form.records.extracts[extract], part)
            assert read is not None, faults
            found.setdefault(extract, []).append(read)
    return found


def ours(form: Form, parts: Parts) -> Sums:
    """Count with Polars; of each table its lines and their sum."""
    found: Sums = {}
    for item in tally(form, plans(form, PERIOD), parts, "polars"):
        for table in item.plan.tables:
            counts = lines(form, item, table)
            found[table.id] = len(counts), sum(counts.values())
    return found


COUNTRY = "CASE WHEN legal_status = 'stateless' THEN residence_country ELSE citizenship END"
YEAR = "BETWEEN DATE '2026-01-01' AND DATE '2026-09-30'"
BORN = "CASE " + " ".join(
    f"WHEN birth_date <= DATE '{2026 - age}-09-30' THEN {age}" for age in [65, *range(60, 15, -5), 18]
)
AT = "(year(decided_on) - year(birth_date) - ((month(decided_on), day(decided_on)) < (month(birth_date), day(birth_date)))::INT)"


def once(extract: str, where: str, kept: str, first: bool) -> str:
    """One record of each person: the first or the last."""
    pick = "arg_min" if first else "arg_max"
    placed = "registered_on" if extract == "exempt_persons" else "decided_on"
    return f"(SELECT unnest({pick}({kept}, ({placed}, valid_to))) FROM {extract} WHERE {where} GROUP BY person_id)"


def tables() -> dict[str, tuple[str, list[tuple[str, str]]]]:
    """By universe: where its records come from, and of each table its id and grouping."""
    year = f"decided_on {YEAR}"
    valid = f"{year} AND valid_from <= DATE '2026-09-30' AND valid_to >= DATE '2026-09-30' AND NOT coalesce(annulled_on <= DATE '2026-09-30', false)"
    stock = "registered_on <= DATE '2026-09-30' AND valid_to >= DATE '2026-09-30' AND NOT coalesce(deregistered_on <= DATE '2026-09-30', false)"
    who = f"legal_status: legal_status, country: {COUNTRY}, sex: sex"
    age = f"least({AT} // 5, 13)"
    return {
        "registered": (f"(SELECT legal_status, {COUNTRY} AS country, sex FROM registrations WHERE registered_on {YEAR})", [("T01", "legal_status, country, sex")]),
        "temporary": (once("temporary_permits", year, f"{{{who}, ground: ground, place: place}}", True), [("T02", "legal_status, country, sex"), ("T03", "ground, sex"), ("T04", "place, sex")]),
        "permanent": (once("permanent_permits", f"{year} AND decision = 'issued'", f"{{{who}, age: {age}}}", True), [("T05", "age, sex"), ("T06", "legal_status, country, sex")]),
        "work": (f"(SELECT residence_country, decision FROM work_permits WHERE {year})", [("T07", "residence_country, decision")]),
        "valid": (once("work_permits", valid, f"{{activity: activity, age: {BORN} ELSE 0 END, education: education, sex: sex}}", False), [("T08", "activity, age, sex"), ("T09", "activity, education, sex")]),
        "exempt": (once("exempt_persons", stock, "{sex: sex}", False), [("T10", "sex")]),
    }  # fmt: skip


def bare(form: Form, folder: Path, kind: str, how: str) -> Sums:
    """Count with DuckDB alone: ten queries, or one with grouping sets for each universe."""
    import duckdb

    found: Sums = {}
    with duckdb.connect() as connection:
        for extract in form.records.extracts.values():
            names = ", ".join(
                f"{name}::DATE AS {name}" if form.records.columns[name].type == "date" else name
                for name in extract.columns
            )
            source = (
                f"read_csv('{folder}/{extract.id}/*.csv', header=true, all_varchar=true)"
                if kind == "csv"
                else f"read_parquet('{folder}/{extract.id}/*.parquet')"
            )
            connection.execute(f"CREATE VIEW {extract.id} AS SELECT {names} FROM {source}")
        for source, wanted in tables().values():
            if how == "ten queries":
                for table, by in wanted:
                    rows = connection.execute(f"SELECT {by}, count(*) FROM {source} GROUP BY {by}").fetchall()
                    found[table] = len(rows), sum(row[-1] for row in rows)
            else:
                every = list(dict.fromkeys(name for _, by in wanted for name in by.split(", ")))
                sets = ", ".join(f"({by})" for _, by in wanted)
                marks = ", ".join(every)
                rows = connection.execute(
                    f"SELECT grouping({marks}), count(*) FROM {source} GROUP BY GROUPING SETS ({sets})"
                ).fetchall()
                for table, by in wanted:
                    mark = sum(2 ** (len(every) - 1 - i) for i, name in enumerate(every) if name not in by.split(", "))
                    of_table = [count for grouping, count in rows if grouping == mark]
                    found[table] = len(of_table), sum(of_table)
    return found


def raw_select(form: Form, parts: Parts) -> bool:
    """What the contract asks, as one bare select of each slice."""
    sound = True
    for held in parts.values():
        for part in held:
            required = [requirement.holds for requirement in contract.requirements(form, part)]
            for batch in batches(part, part.extract.columns):
                frame = contract.prepared(form, batch)
                sound &= bool(frame.select(reduce(and_, required).all()).item())
    return sound


def best(*actions: Callable[[], object], times: int = 3) -> list[float]:
    """The least time of each action, turn by turn."""
    taken = [[float("inf")] for _ in actions]
    for _ in range(times):
        for action, seconds in zip(actions, taken, strict=True):
            started = time.perf_counter()
            action()
            seconds.append(time.perf_counter() - started)
    return [min(seconds) for seconds in taken]


def side_by_side(form: Form, scratch: Path, records: int) -> None:
    """Every kind of file: time against bare DuckDB, and of the contract against a bare select."""
    for kind, (how, goal) in GOALS.items():
        folder = write(form, scratch / kind, records, kind)
        parts = parts_of(form, folder)
        mine, theirs = ours(form, parts), bare(form, folder, kind, how)
        if mine != theirs:
            sys.exit(f"{kind}: the checksums differ: {mine} and {theirs}")
        one, two = best(lambda: ours(form, parts), lambda: bare(form, folder, kind, how))  # noqa: B023 - called at once
        print(
            f"{kind:5} {records:>11,} records: {one:6.2f} s, DuckDB's {how} {two:6.2f} s: {one / two:.2f} (goal {goal})"
        )
        if kind == "enum":
            asked = best(
                lambda: [contract.check(form, form.records.extracts[extract], held) for extract, held in parts.items()],
                lambda: raw_select(form, parts),
            )  # noqa: B023, E501
            print(
                f"contract with keys {asked[0]:.2f} s, one bare select {asked[1]:.2f} s: {asked[0] / asked[1]:.2f} (goal 1.25)"
            )


def measured(folder: Path) -> dict[str, float]:
    """Time and peak of memory of one tabulation in a process of its own."""
    done = subprocess.run([sys.executable, __file__, "--one", str(folder)], capture_output=True, check=True, text=True)
    return dict(json.loads(done.stdout))


def by_size(form: Form, scratch: Path, records: int) -> None:
    """Time and memory at a fifth of the records and at all of them."""
    for kind in GOALS:
        small = measured(write(form, scratch / f"{kind} small", records // 5, kind))
        large = measured(write(form, scratch / f"{kind} large", records, kind))
        print(
            f"{kind:5} {records:,} records: counting {large['seconds'] / small['seconds']:.1f}x of a fifth (goal 5.5),"
            f" peak {large['counting']:.0f} MB (goal 600), with the contract {large['peak']:.0f} MB"
        )


def one(folder: Path) -> None:
    """Count and check one register, and print what it took."""
    form = load()
    parts = parts_of(form, folder)
    started = time.perf_counter()
    ours(form, parts)
    seconds = time.perf_counter() - started
    counting = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for extract, held in parts.items():
        contract.check(form, form.records.extracts[extract], held)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "counting": counting, "peak": peak}))


def main(arguments: list[str]) -> None:
    """Measure."""
    form = load()
    print(f"machine: {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as scratch:
        side_by_side(form, Path(scratch), int(arguments[0]) if arguments else 2_000_000)
        if len(arguments) > 1:
            by_size(form, Path(scratch), int(arguments[1]))


if __name__ == "__main__":
    one(Path(sys.argv[2])) if sys.argv[1:2] == ["--one"] else main(sys.argv[1:])
