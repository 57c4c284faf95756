"""The annex counted day by day in plain Python: sets of days, no frame, none of the program's reckoning.

`python -m tests.records.tabulate.stays PERSONS` holds the program against it on an invented register, for three periods.
"""

import datetime as dt
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

from form1.core.periods import Period
from form1.definition import Form, load
from form1.definition.codelists import codes_of
from form1.records.invented.recipe import SampleOrder, make
from form1.records.invented.writing import Manner
from form1.records.recipe import TabulateOrder, tabulate
from tests.records.tabulate import plain

ONE = dt.timedelta(1)


def later(day: dt.date, months: int) -> dt.date:
    """The same day of a later month; where there is none, the first of the month after."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return dt.date(year, month + 1, day.day)
    except ValueError:
        return dt.date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)


def runs(days: Iterable[int]) -> Iterator[tuple[int, int]]:
    """First and last of every run of days."""
    ordered = sorted(days)
    if ordered:
        breaks = [(one, other) for one, other in pairwise(ordered) if other > one + 1]
        yield from zip([ordered[0], *(b for _, b in breaks)], [*(a for a, _ in breaks), ordered[-1]], strict=True)


def rights(folder: Path) -> Iterator[tuple[str, bool, dt.date, dt.date, plain.Record]]:
    """Person, whether it is a permit, first and last day, and the record."""
    for extract, begins, cuts in (
        ("temporary_permits", "valid_from", ["annulled_on"]),
        ("permanent_permits", "valid_from", ["annulled_on"]),
        ("registrations", "registered_on", ["annulled_on", "deregistered_on"]),
    ):
        for record in plain.records(folder, extract):
            last = dt.date.fromisoformat(record["valid_to"])
            for cut in filter(None, (plain.day(record[column]) for column in cuts)):
                last = min(last, cut - ONE)
            first = dt.date.fromisoformat(record[begins])
            if first <= last:
                yield record["person_id"], begins == "valid_from", first, last, record


def count(folder: Path, first: dt.date, last: dt.date, orders: dict[str, list[str]]) -> dict[str, plain.Table]:
    """The three tables of the annex."""
    tables: dict[str, plain.Table] = {"A01": Counter(), "A02": Counter(), "A03": Counter()}
    people = defaultdict(list)
    for person, *right in rights(folder):
        people[person].append(right)
    for held in people.values():
        permitted = {day for permit, a, b, _ in held if permit for day in range(a.toordinal(), b.toordinal() + 1)}
        bridged = set(permitted)
        for (_, end), (begin, _) in pairwise(runs(permitted)):
            if dt.date.fromordinal(begin) < later(dt.date.fromordinal(end + 1), 6):
                bridged |= set(range(end, begin))
        days = bridged | {d for permit, a, b, _ in held if not permit for d in range(a.toordinal(), b.toordinal() + 1)}
        for begin, end in runs(days):
            came, gone = dt.date.fromordinal(begin), dt.date.fromordinal(end + 1)
            if gone < later(came, 12):
                continue
            _, _, _, record = max(
                (right for right in held if begin <= right[1].toordinal() <= end),
                key=lambda right: (right[2], right[1], _rank(right[3], orders)),
            )
            cell = record["legal_status"], plain.country(record), record["sex"]
            tables["A01"][cell] += first <= came <= last
            tables["A02"][cell] += first <= gone <= last
            tables["A03"][cell] += came <= last < gone
    return {table: Counter({cell: n for cell, n in found.items() if n}) for table, found in tables.items()}


def _rank(record: plain.Record, orders: dict[str, list[str]]) -> tuple[int, ...]:
    """Of two records on the same days the one with the later codes is the last: sex weighs most."""
    country = orders["countries"].index(plain.country(record))
    return orders["sex"].index(record["sex"]), country, orders["legal_status"].index(record["legal_status"])


def orders(form: Form) -> dict[str, list[str]]:
    """The codes that decide a tie, in the order of the form."""
    return {name: list(codes_of(form.codelists[name])) for name in ("legal_status", "countries", "sex")}


def main(persons: int) -> int:
    """Compare and report."""
    form, wrong = load(None, ["residents"]), 0
    with tempfile.TemporaryDirectory() as scratch:
        records, year = Path(scratch, "records"), Period(2026)
        make(SampleOrder(form.of(year), year, persons, records, manner=Manner("csv")))
        for period in (Period(2026, 1), Period(2026, 3), year):
            tabulate(TabulateOrder(form, period, records, Path(scratch)))
            found = plain.written(Path(scratch), str(period))
            wanted = count(records, period.first_day, period.last_day, orders(form))
            for table, cells in wanted.items():
                differ = sum(cells[cell] != found[table][cell] for cell in {*cells, *found[table]})
                wrong += differ
                print(f"{period} {table}: {cells.total()} persons, {differ} cells differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 100_000))
