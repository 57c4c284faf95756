"""Exports of any period: persons drawn by chance and counted, so that every table of a universe holds the same ones."""

import csv
import random
from collections import Counter
from pathlib import Path

from form1.core.periods import Period
from form1.definition import Form

COUNTRIES = ["TR", "RU", "GE", "IR", "IN", "CN"]
_A_QUARTER = {"work_permits": 900, "registered": 800}
Person = dict[str, str]


def persons(form: Form, universe: str, period: Period) -> list[Person]:
    """The persons of a universe from 1 January to the end of a period; the later quarters add to the earlier ones."""
    january = Period(period.year, 1)
    on = (january if form.covers(january) else period).last_day
    chance = random.Random(f"{universe} {period.year}")
    tables = [table for table in form.tables.values() if table.universe == universe]
    lists = {
        dimension: [
            entry.code
            for entry in form.codelist_of(table, dimension).on(on)
            if not entry.counted_as and not entry.flags & {"observed", "territory"}
        ]
        for table in tables
        for dimension in table.dimensions
    } | {"country": COUNTRIES}
    drawn = [
        {dimension: chance.choice(codes) for dimension, codes in lists.items()}
        for _ in range(_A_QUARTER.get(universe, 400) * (period.quarter or 4))
    ]
    return [recoded(person, period) for person in drawn]


def recoded(person: Person, period: Period) -> Person:
    """A person under the numbers of article 45 in force at the end of the period: Law 1623-VQD, published 24.07.2019."""
    if "ground" not in person:
        return person
    old, new = ("45.0.", "45.1.") if period >= Period(2019, 3) else ("45.1.", "45.0.")
    return {**person, "ground": person["ground"].replace(old, new)}


def write_exports(form: Form, folder: Path, period: Period) -> None:
    """Write the ten exports of a period, long and by codes, into the folder of exports."""
    form = form.of(period)
    (folder / str(period)).mkdir(parents=True)
    for table in form.tables.values():
        counted = Counter(
            tuple(person[dimension] for dimension in table.dimensions)
            for person in persons(form, table.universe, period)
        )
        path = folder / str(period) / f"{form.source_of(table.id).name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([*table.dimensions, "persons"])
            writer.writerows([*keys, number] for keys, number in sorted(counted.items()))
