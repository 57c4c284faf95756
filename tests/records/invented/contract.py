"""The contract of reference/records.toml in plain Python: tomllib, csv and dates, none of the program's reading."""

import csv
import datetime as dt
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

REFERENCE = Path(__file__).parents[3] / "reference"

Record = dict[str, str]


def read(folder: Path, extract: str) -> list[Record]:
    with (folder / f"{extract}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def layout() -> dict[str, object]:
    return tomllib.loads((REFERENCE / "records.toml").read_text(encoding="utf-8"))


def lists() -> dict[str, list[Record]]:
    """The code lists, every line."""
    found = {}
    for path in sorted((REFERENCE / "codes").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found[path.stem] = list(csv.DictReader(file))
    return found


def in_force(lines: list[Record], on: str) -> set[str]:
    """Codes in force on a day; ISO dates sort as text."""
    return {
        line["code"] for line in lines if line["valid_from"] <= on and (not line["valid_to"] or on <= line["valid_to"])
    }


def faults(folder: Path) -> Iterator[str]:
    """Everything in which records differ from their layout, codes out of force on their day among it."""
    given, codes = layout(), lists()
    columns = {column["id"]: column for column in given["column"]}
    for extract in given["extract"]:
        rows, seen = read(folder, extract["id"]), set()
        in_force_on: dict[tuple[str, str], set[str]] = {}
        for number, row in enumerate(rows, start=1):
            at = f"{extract['id']} {number}"
            if list(row) != extract["columns"]:
                yield f"{at}: columns {list(row)}"
            key = tuple(row[column] for column in extract["key"])
            if key in seen:
                yield f"{at}: {key} again"
            seen.add(key)
            for name, value in row.items():
                column = columns[name]
                if not value:
                    if name not in extract["nullable"]:
                        yield f"{at}: {name} is empty"
                elif column["type"] == "date":
                    low = column.get("not_before", given["not_before"])
                    if not low <= dt.date.fromisoformat(value) <= given["not_after"]:
                        yield f"{at}: {name} {value}"
                elif column["type"] == "identifier":
                    if not re.fullmatch(given["identifier"], value):
                        yield f"{at}: {name} {value}"
                else:
                    on = row[extract["placed_by"]]
                    known = in_force_on.setdefault((column["codes"], on), in_force(codes[column["codes"]], on))
                    if value not in known:
                        yield f"{at}: {name} {value} on {on}"
            for first, second in extract["order"]:
                if row[first] and row[second] and row[first] > row[second]:
                    yield f"{at}: {first} {row[first]} after {second} {row[second]}"
