"""Counting records, measured side by side with bare DuckDB in one run.

    python -m bench.tabulate [--rows N] [--rounds N] [--only enum,text,csv,contract,size,csv-size] [--scratch DIR]

N records (1,000,000 by default) of all extracts together are written as Parquet with Enums, as Parquet with text, and
as CSV; then counting is measured beside DuckDB, and the contract beside a bare select of what it asks. Both sides must
have the same checksums. At last N and 5 N records are counted by processes of their own: time by size, and the peak of
memory. By turns, the least time of each; beside the ratio of times stands that of processor time, which tells more on a
busy machine. A goal that is missed is printed and never fails: machines differ.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import reduce
from operator import and_
from pathlib import Path
from typing import Final

from bench import bare_tabulate
from bench.bare_tabulate import Sums, checksum
from bench.register import write
from form1.core.periods import Period
from form1.definition import Form, load
from form1.records.tabulate import contract, files, opened
from form1.records.tabulate.batches import batches
from form1.records.tabulate.exports import lines
from form1.records.tabulate.opened import Opened
from form1.records.tabulate.plan import plans
from form1.records.tabulate.tally import tally

PERIOD: Final = Period(2026, 3)
GOALS: Final = {"enum": ("ten queries", 0.65), "text": ("grouping sets", 1.2), "csv": ("grouping sets", 0.75)}
CONTRACT_GOAL: Final = 1.25
TIME_GOAL: Final = 5.5
MEMORY_GOAL: Final = 600
TIMES: Final = 5
LAYOUT: Final = "{:<58} {:>9} {:>9} {:>6}  {}"

Parts = dict[str, list[Opened]]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="enum,text,csv,contract,size")
    parser.add_argument("--scratch", type=Path, help="folder for the records; they are removed again")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    form = load()
    if arguments.one:
        return _one(form, arguments.one)
    wanted = arguments.only.split(",")
    print(
        f"{platform.machine()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; {arguments.rows:,} records"
    )
    print(LAYOUT.format("figure", "ours", "bare", "ratio", "goal"))
    with tempfile.TemporaryDirectory(dir=arguments.scratch) as scratch:
        for kind in GOALS:
            if {kind, "size", f"{kind}-size"} & set(wanted) or (kind == "enum" and "contract" in wanted):
                _kind(form, Path(scratch), kind, arguments.rows, arguments.rounds, wanted)
    return 0


def _kind(form: Form, scratch: Path, kind: str, rows: int, rounds: int, wanted: list[str]) -> None:
    folder = write(form, scratch / kind, rows, kind)
    parts = parts_of(form, folder)
    if kind in wanted:
        _beside_duckdb(form, folder, parts, kind, rounds)
    if kind == "enum" and "contract" in wanted:
        _contract(form, parts, rounds)
    if {"size", f"{kind}-size"} & set(wanted):
        small = _measured(folder)
        shutil.rmtree(folder)
        large = _measured(write(form, folder, rows * TIMES, kind))
        took = [(counted["seconds"], counted["busy"]) for counted in (large, small)]
        _line(f"{kind}: counting {rows * TIMES:,}, s (beside {rows:,})", took[0], took[1], TIME_GOAL)
        _memory(f"{kind}: peak of memory while counting, MB", large["counting"])
        _memory(f"{kind}: peak of memory with the contract, MB", large["peak"])
    shutil.rmtree(folder)


def _beside_duckdb(form: Form, folder: Path, parts: Parts, kind: str, rounds: int) -> None:
    how, goal = GOALS[kind]
    mine, theirs = ours(form, parts), bare_tabulate.count(form, folder, kind, how)
    if mine != theirs:
        sys.exit(f"{kind}: the checksums differ: {mine} and {theirs}")
    one, other = _least(rounds, lambda: ours(form, parts), lambda: bare_tabulate.count(form, folder, kind, how))
    _line(f"{kind}: counting, s (beside DuckDB's {how})", one, other, goal)


def _contract(form: Form, parts: Parts, rounds: int) -> None:
    def checked() -> None:
        for extract, held in parts.items():
            assert not contract.check(form, form.records.extracts[extract], held, PERIOD)

    def selected() -> None:
        for held in parts.values():
            for part in held:
                holds = reduce(and_, (required.holds for required in contract.requirements(form, part)))
                for batch in batches(part, part.extract.columns):
                    assert contract.prepared(form, batch).select(holds.all()).item()

    one, other = _least(rounds, checked, selected)
    _line("contract, keys among it, s (beside one bare select)", one, other, CONTRACT_GOAL)


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
    """Count with Polars."""
    found: Sums = {}
    for item in tally(form, plans(form, PERIOD), parts, "polars"):
        for table in item.plan.tables:
            counts = lines(form, item, table)
            found[table.id] = checksum(counts.values())
    return found


Took = tuple[float, float]
"""Seconds, and seconds of the processors."""


def _least(rounds: int, *actions: Callable[[], object]) -> list[Took]:
    """The least times of each action, turn by turn."""
    taken: list[list[Took]] = [[] for _ in actions]
    for _ in range(rounds):
        for action, times in zip(actions, taken, strict=True):
            started, busy = time.perf_counter(), time.process_time()
            action()
            times.append((time.perf_counter() - started, time.process_time() - busy))
    return [(min(took for took, _ in times), min(busy for _, busy in times)) for times in taken]


def _measured(folder: Path) -> dict[str, float]:
    """Time and peak of memory of one tabulation in a process of its own."""
    call = [sys.executable, "-m", "bench.tabulate", "--one", str(folder)]
    done = subprocess.run(call, capture_output=True, check=True, text=True)
    return dict(json.loads(done.stdout))


def _one(form: Form, folder: Path) -> int:
    """Count and check one register, and print what it took."""
    parts = parts_of(form, folder)
    started, idle = time.perf_counter(), time.process_time()
    ours(form, parts)
    seconds, busy = time.perf_counter() - started, time.process_time() - idle
    counting = _peak()
    for extract, held in parts.items():
        contract.check(form, form.records.extracts[extract], held, PERIOD)
    print(json.dumps({"seconds": seconds, "busy": busy, "counting": counting, "peak": _peak()}))
    return 0


def _peak() -> float:
    """The most memory that this process had, in MB; what `getrusage` tells is also that of the one that began it."""
    try:
        held = Path("/proc/self/status").read_text(encoding="ascii").split("VmHWM:")[1].split()[0]
    except (OSError, IndexError):
        held = str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    return int(held) / 1024


def _line(figure: str, one: Took, other: Took, goal: float) -> None:
    ratio, busy = (mine / theirs for mine, theirs in zip(one, other, strict=True))
    told = f"<= {goal}" + ("" if ratio <= goal else " missed") + f" (processor time {busy:.2f})"
    print(LAYOUT.format(figure, f"{one[0]:.2f}", f"{other[0]:.2f}", f"{ratio:.2f}", told), flush=True)


def _memory(figure: str, used: float) -> None:
    told = f"<= {MEMORY_GOAL}" + ("" if used <= MEMORY_GOAL else " missed")
    print(LAYOUT.format(figure, f"{used:.0f}", "", "", told), flush=True)


if __name__ == "__main__":
    sys.exit(main())
