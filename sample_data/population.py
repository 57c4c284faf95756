"""The invented population behind the sample exports: whole numbers, shared out by hashes instead of chance.

The sizes and weights stand in shares.toml. A quarter's total is shared out over the cells of a universe;
tables of one universe split the same cells, so their margins agree; periods add up their quarters, so no
count falls inside a year.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from form1.core.periods import Period

Cell = tuple[tuple[str, str], ...]
"""The codes of one count by dimension, as pairs in the order in which they were drawn."""

SHARES = Path(__file__).with_name("shares.toml")
MEN_AND_WOMEN = ("M", "F")


def shares() -> dict[str, Any]:
    """Return shares.toml."""
    with SHARES.open("rb") as file:
        return tomllib.load(file)


def counts(given: Mapping[str, Any], period: Period, *, quarter_alone: frozenset[str]) -> dict[str, dict[Cell, int]]:
    """Return the counts above zero of every table for `period`, by table id.

    Flows are counted from 1 January, except in the tables of `quarter_alone`: those hold the last quarter.
    """
    tables: dict[str, dict[Cell, int]] = {}
    for universe in given["universe"]:
        for table in universe["tables"]:
            quarters = period.quarters_to_date()
            if table["id"] in quarter_alone or not universe.get("cumulative", True):
                quarters = quarters[-1:]
            total: Counter[Cell] = Counter()
            for quarter in quarters:
                total.update(_of_quarter(given, universe, table, quarter))
            tables[table["id"]] = {cell: count for cell, count in total.items() if count}
    return tables


def share_out(total: int, weights: Mapping[Cell, int], seed: str) -> dict[Cell, int]:
    """Return `total` shared out by weight: each cell gets its share rounded down or up, and the sum is exact.

    Where the rounding falls follows from the hash of `seed`, so that small cells get their turn.

    >>> share_out(10, {(("sex", "M"),): 7, (("sex", "F"),): 3}, "any")
    {(('sex', 'M'),): 7, (('sex', 'F'),): 3}
    """
    whole = sum(weights.values())
    if not whole:
        return {}
    passed = _hash(seed) % whole
    given, shared = passed // whole, {}
    for cell, weight in weights.items():
        passed += weight * total
        shared[cell] = passed // whole - given
        given = passed // whole
    return shared


def _of_quarter(
    given: Mapping[str, Any], universe: Mapping[str, Any], table: Mapping[str, Any], quarter: Period
) -> dict[Cell, int]:
    """Return what one quarter adds to one table of a universe."""
    size = universe["quarters"][str(quarter.year)][quarter.quarter - 1]
    seed = f"{universe['id']} {quarter}"
    drawn = share_out(size, _moved(dict(_weights(given, universe)), seed, universe["spread"]), seed)
    margin: Counter[Cell] = Counter()
    for cell, count in drawn.items():
        margin[tuple(pair for pair in cell if pair[0] in table["keeps"])] += count
    if "splits" not in table:
        return margin
    split = given["splits"][table["splits"]]
    result: dict[Cell, int] = {}
    for cell, count in margin.items():
        column = MEN_AND_WOMEN.index(dict(cell)["sex"])
        weights = {(*cell, (split["dimension"], code)): pair[column] for code, pair in split["of"].items()}
        seed = f"{table['id']} {quarter} {cell}"
        result.update(share_out(count, _moved(weights, seed, universe["spread"]), seed))
    return result


def _weights(given: Mapping[str, Any], universe: Mapping[str, Any]) -> Iterator[tuple[Cell, int]]:
    """Yield the cells of a universe with their weights: each row is cut in two, by sex or by decision."""
    rows = given["rows"][universe["rows"]]
    for part in rows["of"]:
        apart: Cell = tuple(part.get("with", {}).items())
        for code, values in part["values"].items():
            row = dict(zip(rows["columns"], values, strict=True))
            cell: Cell = (*apart, (part["dimension"], code)) if part["dimension"] else apart
            if universe["halves"] == "sex":
                first, second, share = *MEN_AND_WOMEN, row["men"] + universe["men_shift"]
            else:
                first, second, share = "renewed", "issued", universe["renewed"]
            for half, part_of_hundred in ((first, share), (second, 100 - share)):
                yield (*cell, (universe["halves"], half)), row[universe["weight"]] * part_of_hundred


def _moved(weights: Mapping[Cell, int], seed: str, spread: int) -> dict[Cell, int]:
    """Return the weights, each moved by up to `spread` per mille."""
    return {
        cell: weight * (1000 - spread + _hash(f"{seed} {cell}") % (2 * spread + 1)) for cell, weight in weights.items()
    }


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
