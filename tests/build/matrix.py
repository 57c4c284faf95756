"""A matrix of meaning: the ten tables as offices lay them out, in every combination, with the counts known beforehand.

`python -m tests.build.matrix [N]` writes N folders of ten files (by default all), reads them and prints how many were
read right, refused, and read WRONG, which must be none.
"""

from __future__ import annotations

import csv
import io
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from itertools import product
from pathlib import Path

from form1.build.contract import check
from form1.build.sources import read_period
from form1.core.findings import Severity
from form1.core.periods import Period
from form1.definition import Form, load

PERIOD = Period.parse("2026-Q3")
SPACES = {"none": "", "space": " ", "no-break": "\u00a0", "thin": "\u2009"}
_ROWS = 6
"""Codes of each dimension of the rows; those of the columns are all there."""

Key = tuple[str, ...]
Area = tuple[int, int, int, int]


@dataclass(frozen=True)
class Shape:
    """How the ten files of a folder are laid out."""

    title: bool
    heads: int
    """1: one line per count; 2 and 3: counts side by side below so many rows of heads."""
    blank: bool
    """Labels that repeat are written once: merged in a sheet, blank in a text."""
    notes: bool
    spaces: str
    totals: bool
    kind: str


def shapes() -> list[Shape]:
    """Every combination, in an order that a seed fixes."""
    flags = (False, True)
    found = [Shape(*each) for each in product(flags, (1, 2, 3), flags, flags, SPACES, flags, ("csv", "xlsx"))]
    random.Random(13).shuffle(found)
    return found


def truth(form: Form, table: str) -> dict[Key, int]:
    """Counts of one table by the codes of its dimensions; some above a thousand, some zero."""
    known = form.tables[table]
    axes = []
    for dimension in known.dimensions:
        codes = [
            entry.code
            for entry in form.codelist_of(known, dimension).on(PERIOD.last_day)
            if not entry.counted_as
            and entry.code not in {"AZ", "XXX", "UNK"}
            and not entry.flags & {"observed", "territory"}
        ]
        axes.append(codes[:_ROWS] if dimension in known.rows.wanted else codes)
    draw = random.Random(table)
    return {key: draw.choice([0, draw.randrange(1, 99), draw.randrange(1000, 99_999)]) for key in product(*axes)}


@dataclass
class Sheet:
    """Rows of cells, and the areas that are merged in a workbook: first row and column, last row and column, from 0."""

    rows: list[list[str | int]]
    merges: list[Area]


def laid(form: Form, table: str, shape: Shape, counts: dict[Key, int]) -> Sheet:
    """One table in a shape."""
    known = form.tables[table]
    rows: list[list[str | int]] = []
    merges: list[Area] = []
    if shape.title:
        rows += [[known.title.az], ["2026-cı il, III rüb"], ["Ölçü vahidi: nəfər"], []]
    body = _long(form, table, shape, counts) if shape.heads == 1 else _wide(form, table, shape, counts)
    at = len(rows)
    rows += body.rows
    merges += [(a + at, b, c + at, d) for a, b, c, d in body.merges]
    if shape.notes:
        rows += [[], ["Qeyd: məlumat ilkindir"], ["İcraçı: ________", "", "05.10.2026"]]
    return Sheet(rows, merges)


def _long(form: Form, table: str, shape: Shape, counts: dict[Key, int]) -> Sheet:
    known = form.tables[table]
    rows: list[list[str | int]] = [[*(form.dimension(d).name.az for d in known.dimensions), "Say"]]
    merges: list[Area] = []
    for key, count in counts.items():
        rows.append([*(_name(form, table, d, code) for d, code in zip(known.dimensions, key, strict=True)), count])
    if shape.blank and len(known.dimensions) > 1:
        merges += _once(rows, 0, 1)
    if shape.totals:
        rows.append(["Cəmi", *[""] * (len(known.dimensions) - 1), sum(counts.values())])
    return Sheet(rows, merges)


def _wide(form: Form, table: str, shape: Shape, counts: dict[Key, int]) -> Sheet:
    known = form.tables[table]
    of_rows, across = known.rows.wanted, known.dimensions[len(known.rows.wanted) :]
    lefts = list(dict.fromkeys(key[: len(of_rows)] for key in counts))
    columns: list[Key] = list(dict.fromkeys(key[len(of_rows) :] for key in counts))
    names = [[_name(form, table, d, code) for d, code in zip(across, column, strict=True)] for column in columns]
    uppers = [["Şəxslərin sayı", "o cümlədən", "Nəfər"][: shape.heads - len(across)]] * len(columns)
    heads = [[*upper, *name] for upper, name in zip(uppers, names, strict=True)]
    heads = [head[-shape.heads :] for head in heads]
    if shape.totals:
        heads.append([*heads[0][: shape.heads - 1 - (len(across) - 1)], *["Cəmi"] * len(across)][-shape.heads :])
    labels = [form.dimension(d).name.az for d in of_rows]
    rows: list[list[str | int]] = []
    for level in range(shape.heads):
        rows.append(
            [*(labels if level == 0 or not shape.blank else [""] * len(labels)), *(head[level] for head in heads)]
        )
    merges: list[Area] = []
    width = len(labels)
    if shape.blank:
        merges += [(0, column, shape.heads - 1, column) for column in range(width)]
        for level in range(shape.heads - 1):
            merges += _across(rows[level], level, width)
    for left in lefts:
        values = [counts[(*left, *column)] for column in columns]
        total = [sum(values)] if shape.totals else []
        rows.append([*(_name(form, table, d, c) for d, c in zip(of_rows, left, strict=True)), *values, *total])
    if shape.blank and width > 1:
        merges += _once(rows, 0, shape.heads)
    if shape.totals and width:
        sums = [sum(counts[(*left, *column)] for left in lefts) for column in columns]
        rows.append(["Cəmi", *[""] * (width - 1), *sums, sum(sums)])
    return Sheet(rows, merges)


def _once(rows: list[list[str | int]], column: int, first: int) -> list[Area]:
    """Blank the labels of a column that repeat the one above; return the areas that a sheet merges."""
    merges: list[Area] = []
    start = first
    for at in range(first + 1, len(rows) + 1):
        if at < len(rows) and rows[at][column] == rows[start][column]:
            continue
        if at - start > 1:
            merges.append((start, column, at - 1, column))
        for repeated in range(start + 1, at):
            rows[repeated][column] = ""
        start = at
    return merges


def _across(row: list[str | int], level: int, first: int) -> list[Area]:
    """Blank the heads of a row that repeat the one before; return the areas that a sheet merges."""
    merges: list[Area] = []
    start = first
    for at in range(first + 1, len(row) + 1):
        if at < len(row) and row[at] == row[start]:
            continue
        if at - start > 1:
            merges.append((level, start, level, at - 1))
        for repeated in range(start + 1, at):
            row[repeated] = ""
        start = at
    return merges


def _name(form: Form, table: str, dimension: str, code: str) -> str:
    entries = form.codelist_of(form.tables[table], dimension).on(PERIOD.last_day)
    return next(entry.name.az for entry in entries if entry.code == code)


def written(sheet: Sheet, shape: Shape) -> bytes:
    """A file of one sheet."""
    space = SPACES[shape.spaces]
    rows = [
        [f"{cell:,}".replace(",", space) if isinstance(cell, int) and space else cell for cell in row]
        for row in sheet.rows
    ]
    if shape.kind == "csv":
        width = max(map(len, rows))
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=";", lineterminator="\n")
        writer.writerows([*row, *[""] * (width - len(row))] for row in rows)
        return text.getvalue().encode("utf-8-sig")
    return _workbook(rows, sheet.merges)


def _workbook(rows: Sequence[Sequence[str | int]], merges: Sequence[Area]) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append([cell if cell != "" else None for cell in row])
    for a, b, c, d in merges:
        sheet.merge_cells(start_row=a + 1, start_column=b + 1, end_row=c + 1, end_column=d + 1)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


@dataclass(frozen=True)
class Outcome:
    """How the file of one table was read: right, refused, or wrong."""

    shape: Shape
    table: str
    how: str
    messages: tuple[str, ...]


def outcomes(form: Form, shape: Shape, tables: Sequence[str]) -> Iterator[Outcome]:
    """Write the files of a shape into a folder, read it, and yield how each table was read."""
    right = {table: truth(form, table) for table in tables}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / str(PERIOD)
        folder.mkdir()
        for table in tables:
            name = f"{form.source_of(table).name}.{shape.kind}"
            (folder / name).write_bytes(written(laid(form, table, shape, right[table]), shape))
        read = read_period(form, Path(scratch), PERIOD, tables)
    for table in tables:
        errors = [f.message for f in read.findings if f.severity is Severity.ERROR and f.place.table in {table, ""}]
        counts: dict[Key, int] = {}
        if table in read.exports:
            checked, found = check(form, form.tables[table], PERIOD, read.exports[table])
            errors += [f.message for f in found if f.severity is Severity.ERROR]
            if checked is not None:
                frame = checked.frame.select(*form.tables[table].dimensions, "persons")
                for *key, persons in frame.iter_rows():
                    counts[tuple(key)] = counts.get(tuple(key), 0) + persons
        elif not errors:
            errors.append("missing")
        how = "refused" if errors else "right" if counts == right[table] else "WRONG"
        yield Outcome(shape, table, how, tuple(sorted(set(errors))))


def main(arguments: Sequence[str]) -> int:
    """Run the matrix, or its first folders; 1 when anything was read wrong."""
    form = load()
    chosen = shapes()[: int(arguments[0])] if arguments else shapes()
    told: Counter[str] = Counter()
    reasons: Counter[tuple[object, ...]] = Counter()
    for shape in chosen:
        for outcome in outcomes(form, shape, list(form.tables)):
            told[outcome.how] += 1
            if outcome.how != "right":
                reasons[outcome.how, outcome.table, outcome.messages, *astuple(shape)] += 1
    for reason, times in sorted(reasons.items(), key=str):
        print(times, *reason)
    print(f"files: {told.total()}, read right: {told['right']}, refused: {told['refused']}, WRONG: {told['WRONG']}")
    return 1 if told["WRONG"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
