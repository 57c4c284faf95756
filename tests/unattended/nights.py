"""Many nights under cron: what changed in the exports is in the next revision, cell by cell, and nothing else is.

    python -m tests.unattended.nights [--nights 40] [--seed 1]

Before each night something happens to the exports of two quarters: nothing; persons move from one line of an export to
another; a table that no other depends on gets more persons; a file is broken, and mended the night after. The line of
the operations page runs in cron's environment. The list of changed cells is held against a diff that knows nothing of
the program: the two workbooks read with openpyxl by line code and column number, the two cells.csv read with csv, and
the persons that were added to the exports.
"""

import argparse
import csv
import io
import os
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import openpyxl

from tests.unattended.places import editions
from tests.unattended.server import Server

PERIODS = ("2026-Q2", "2026-Q3")
ENCODINGS = ("utf-8-sig", "utf-8", "utf-16", "cp1251")
INDEPENDENT = {"T07": "work_permits_by_residence.csv", "T10": "exempt_from_work_permit.csv"}
"""Tables of CSV exports whose totals no other table repeats."""
Added = Counter[tuple[str, str]]
"""How many persons were added, by period of the form and table."""
Event = Callable[[Server, random.Random], Added]


def main() -> int:
    """Try, and print what was seen; 1 when anything was not as it must be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nights", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    faults: list[str] = []
    seen: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="form1-nights-") as scratch:
        server = set_up(Path(scratch))
        for number in range(options.nights):
            event = chance.choice((nothing, moved, moved, more, broken))
            fault, cells = night(server, event, chance)
            seen[event.__name__] += 1
            seen["cells that changed"] += cells
            faults += [f"night {number} ({event.__name__}): {each}" for each in fault]
            print(f"  night {number}: {event.__name__}, {cells} cells changed, {len(fault)} faults", flush=True)
        revisions = {period: len(list((server.output / period).glob("r*"))) for period in PERIODS}
    print(f"{options.nights} nights, seed {options.seed}: {dict(seen)}; revisions {revisions}")
    print(f"faults: {len(faults)}")
    for each in faults:
        print(f"  {each}")
    return 1 if faults else 0


def set_up(root: Path) -> Server:
    """Make a server that owes two quarters, with their first editions."""
    server = Server(root)
    text = server.configuration.read_text(encoding="utf-8")
    text, found = re.subn(r'(?m)^#?\s*since = "[^"]*"', f'since = "{PERIODS[0]}"', text)
    assert found == 1
    server.configuration.write_text(text, encoding="utf-8")
    assert server.night(0o077) == (0, "", "")
    assert sorted(editions(server.output)) == [f"{period}/r1" for period in PERIODS]
    return server


def night(server: Server, event: Event, chance: random.Random) -> tuple[list[str], int]:
    """Let one thing happen, run, and return what was wrong and how many cells changed."""
    before, at = editions(server.output), latest(server)
    kept = {path: path.read_bytes() for path in server.exports.parent.rglob("*") if path.is_file()}
    added = event(server, chance)
    code, out, line = server.night(0o027)
    after, now = editions(server.output), latest(server)
    faults = [f"{name} is not as it was" for name, files in before.items() if after.get(name) != files]
    if event is broken:
        for path, content in kept.items():
            path.write_bytes(content)
        if (code, out, line.count("\n"), now) != (3, "", 1, at) or after != before:
            faults.append(f"a broken export: {code}, {out}, {line}, {now}")
        return faults, 0
    if (code, out, line) != (0, "", ""):
        faults.append(f"not silent: {code}, {out}, {line}")
    if {period for period in PERIODS if now[period] != at[period]} != {
        key.split("/")[0] for key in after.keys() - before
    }:
        faults.append(f"from {at} to {now}, with {sorted(after.keys() - before)} new")
    if event is nothing and after != before:
        faults.append("built although nothing changed")
    if event is not nothing and now[PERIODS[1]] == at[PERIODS[1]] and now[PERIODS[0]] == at[PERIODS[0]]:
        faults.append("nothing was built")
    cells = 0
    for period in PERIODS:
        if now[period] != at[period]:
            home = server.output / period
            wrong, count = held(
                home / at[period], home / now[period], {key[1]: by for key, by in added.items() if key[0] == period}
            )
            faults += [f"{period}/{now[period]}: {each}" for each in wrong]
            cells += count
    return faults, cells


def latest(server: Server) -> dict[str, str]:
    return {period: os.readlink(server.output / period / "latest") for period in PERIODS}


def held(was: Path, now: Path, added: dict[str, int]) -> tuple[list[str], int]:
    """Hold changes.csv of an edition against the workbooks, the cells and the persons added; return what is wrong."""
    told = {(row["table"], row["row"], row["column"]): row for row in _read(now / "changes.csv")}
    listed = {key: (row["was"], row["now"]) for key, row in told.items()}
    cells = [
        {(r["table"], r["row"], r["column"]): r["value"] for r in _read(each / "cells.csv")} for each in (was, now)
    ]
    differing = {
        key: (cells[0].get(key, ""), cells[1].get(key, ""))
        for key in cells[0].keys() | cells[1].keys()
        if cells[0].get(key) != cells[1].get(key)
    }
    wrong = []
    if listed != differing:
        wrong.append(f"changes.csv and cells.csv differ by {sorted(listed.items() ^ differing.items())[:6]}")
    books = [official(next(each.glob("*.xlsx"))) for each in (was, now)]
    shown = Counter(
        (f"T{key[0]:0>2}", books[0].get(key, ""), books[1].get(key, ""))
        for key in books[0].keys() | books[1].keys()
        if books[0].get(key) != books[1].get(key)
    )
    if shown != Counter((key[0], *pair) for key, pair in listed.items()):
        wrong.append(f"changes.csv and the workbooks differ: {shown}")
    if any(int(row["difference"]) != int(row["now"]) - int(row["was"]) for row in told.values() if row["difference"]):
        wrong.append("a difference is not the difference")
    for table, persons in added.items():
        total = next((row for key, row in told.items() if key[:2] == (table, "T") and key[2] == "T"), None)
        if (int(total["difference"]) if total else 0) != persons:
            wrong.append(f"{table}: {persons} added, the total says {total}")
    return wrong, len(listed)


def official(path: Path) -> dict[tuple[str, str, str], str]:
    """Every value of a workbook's official sheets by number of the table, line code and column number."""
    values: dict[tuple[str, str, str], str] = {}
    book = openpyxl.load_workbook(path, read_only=True)
    for name in [sheet for sheet in book.sheetnames if sheet.isdigit()]:
        columns: dict[int, str] = {}
        for row in book[name].iter_rows(values_only=True):
            texts = ["" if value is None else str(value) for value in row]
            if not columns:
                if len(texts[0]) == 1 and "1" in texts:
                    columns = {place: text for place, text in enumerate(texts) if text.isdigit()}
                    line = min(columns) - 1
            elif re.fullmatch(r"[0-9]+(\.[0-9]+)*", texts[line]):
                values |= {(name, texts[line], number): texts[place] for place, number in columns.items()}
    return values


def nothing(_server: Server, _chance: random.Random) -> Added:
    return Counter()


def moved(server: Server, chance: random.Random) -> Added:
    """Persons move from one line of an export to another of the same sex: sums of the file stay."""
    while True:
        path = chance.choice(sorted(_folder(server, chance).glob("*.csv")))
        text, encoding, separator = _open(path)
        lines = text.splitlines()
        sexes: dict[str, list[int]] = {}
        for number, line in enumerate(lines[1:], start=1):
            fields = line.split(separator)
            if len(fields) >= 3 and fields[-1].isdigit() and not fields[-2].isdigit():
                sexes.setdefault(fields[-2], []).append(number)
        if not sexes or '"' in text:
            continue
        one, other = chance.sample(chance.choice(sorted(sexes.values())), 2)
        persons = int(lines[one].rpartition(separator)[2])
        if persons < 2:
            continue
        step = chance.randint(1, persons // 2)
        for number, by in ((one, -step), (other, step)):
            head, _, count = lines[number].rpartition(separator)
            lines[number] = f"{head}{separator}{int(count) + by}"
        path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
        return Counter()


def more(server: Server, chance: random.Random) -> Added:
    """Persons are added to some lines of a table that no other table repeats."""
    folder, table = _folder(server, chance), chance.choice(sorted(INDEPENDENT))
    path = folder / INDEPENDENT[table]
    if not path.exists():
        path = folder / INDEPENDENT[table := "T10"]
    reached = [period for period in PERIODS if period >= folder.name] if table == "T07" else [folder.name]
    text, encoding, separator = _open(path)
    lines, added = text.splitlines(), Added()
    for number in chance.sample(range(1, len(lines)), min(len(lines) - 1, chance.randint(1, 5))):
        head, _, count = lines[number].rpartition(separator)
        by = chance.randint(1, 9)
        lines[number] = f"{head}{separator}{int(count) + by}"
        for period in reached:
            added[period, table] += by
    path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
    return added


def broken(server: Server, chance: random.Random) -> Added:
    """A count of an export is no count, a label is unknown, or the file is cut in the middle of a line."""
    path = chance.choice(sorted(_folder(server, chance).glob("*.csv")))
    text, encoding, separator = _open(path)
    lines = text.splitlines()
    number = chance.randrange(1, len(lines))
    head, _, count = lines[number].rpartition(separator)
    lines[number] = chance.choice((f"{head}{separator}{count}.5", f"{head}{separator}-{count}", f"?{lines[number]}"))
    path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
    return Counter()


def _folder(server: Server, chance: random.Random) -> Path:
    """The exports of one of the quarters; those of work permits are added up over the quarters of a year."""
    return server.exports.parent / chance.choice(PERIODS)


def _open(path: Path) -> tuple[str, str, str]:
    content = path.read_bytes()
    encoding = (
        "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig" if content[:3] == b"\xef\xbb\xbf" else ""
    )
    for each in [encoding] if encoding else ENCODINGS[1:2] + ENCODINGS[3:]:
        try:
            text = content.decode(each)
        except UnicodeDecodeError:
            continue
        head = text.splitlines()[0]
        return text, each, max("\t;,", key=head.count)
    raise AssertionError(path)


def _read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


if __name__ == "__main__":
    sys.exit(main())
