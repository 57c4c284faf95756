"""Three figures of unattended work: a quiet night, many editions at once, and the proof of an archive.

    python bench/unattended.py [--rounds N] [--only g,h,i]

(g) `form1 run` with nothing to do beside `form1 --help`; (h) building twelve quarters and the three years between them
on one processor beside all; (i) `form1 verify all` of those editions beside `sha256sum` of all their files and one
process that imports openpyxl and reads their workbooks. By turns, fresh processes, medians. A goal that is missed is
printed and never fails: machines differ.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Final

from form1.core import clock
from form1.core.periods import Period
from form1.definition import load
from form1.definition.configuration import Calendar
from form1.unattended.schedule import obligations

ROOT: Final = Path(__file__).resolve().parents[1]
SAMPLE: Final = ROOT / "sample_data" / "exports"
SCRIPT: Final = Path(sys.executable).with_name("form1")
FORM1: Final = [str(SCRIPT)] if SCRIPT.exists() else [sys.executable, "-c", "from form1.cli import main; main()"]
YEARS: Final = (2025, 2026, 2027)
ON: Final = (
    "from form1.core import clock; from datetime import datetime; "
    "clock.now = lambda: datetime.fromisoformat('2028-03-20T06:30:00+04:00'); "
    "from form1.cli import main; main()"
)
"""A day on which twelve quarters and three years are owed, and no more."""
STARTS: Final = 5
"""Rounds of starts for each round of the rest; a start takes milliseconds."""
READ: Final = """
import sys
from openpyxl import load_workbook
for path in sys.argv[1:]:
    book = load_workbook(path, read_only=True)
    sum(1 for sheet in book for row in sheet.iter_rows(values_only=True) for value in row if value is not None)
"""
LAYOUT: Final = "{:<46} {:>9} {:>9} {:>6}  {}"


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="g,h,i")
    arguments = parser.parse_args()
    print(LAYOUT.format("figure", "ours", "bare", "ratio", "goal"))
    with tempfile.TemporaryDirectory(prefix="form1-bench-") as scratch:
        if "g" in arguments.only:
            _quiet_night(Path(scratch) / "night", arguments.rounds * STARTS)
        if "h" in arguments.only or "i" in arguments.only:
            _many(Path(scratch) / "many", arguments.rounds, arguments.only)
    print(f"{os.cpu_count()} processors; medians of {arguments.rounds} rounds ((g) {STARTS} times as many), by turns")
    return 0


def _quiet_night(folder: Path, rounds: int) -> None:
    """The form that fell due last on the day of the measurement is built; then nothing is to be done."""
    owed = obligations(load(), Calendar(), clock.now().date(), [])[-1].period
    for quarter in range(1, owed.last_quarter.quarter + 1):
        shutil.copytree(SAMPLE / f"2025-Q{quarter}", folder / "exports" / str(Period(owed.year, quarter)))
    night = [*FORM1, "run", "--config", str(_configuration(folder, f'since = "{owed}"\nhistory = 1\n'))]
    _seconds(night)
    took = _by_turns({"run": lambda: _seconds(night), "help": lambda: _seconds([*FORM1, "--help"])}, rounds)
    ours, bare = took["run"] * 1000, took["help"] * 1000
    print(
        LAYOUT.format(
            "(g) run with nothing to do, to --help", f"{ours:.0f} ms", f"{bare:.0f} ms", f"{ours / bare:.2f}", "<= 2"
        )
    )


def _many(folder: Path, rounds: int, only: str) -> None:
    for year in YEARS:
        for quarter in (1, 2, 3, 4):
            shutil.copytree(SAMPLE / f"2025-Q{quarter}", folder / "exports" / f"{year}-Q{quarter}")
    calendar = f'since = "{YEARS[0]}-Q1"\nhistory = 100\n'
    cores = {f"{count}": _configuration(folder, calendar, count) for count in (1, 0)}
    made: dict[str, Path] = {}

    def build(count: str) -> float:
        output = made[count] = folder / f"output-{count}"
        shutil.rmtree(output, ignore_errors=True)
        return _seconds([sys.executable, "-c", ON, "run", "--config", str(cores[count]), "--output", str(output)])

    if "h" in only:
        took = _by_turns({count: lambda count=count: build(count) for count in cores}, rounds)
        _line(
            f"(h) 15 editions on {os.cpu_count()} processors, beside one",
            took["0"],
            took["1"],
            ">= 1.6 (one / all)",
            inverse=True,
        )
        assert _tree(made["0"]) == _tree(made["1"]), "one processor and many make different editions"
    else:
        build("0")
    if "i" in only:
        output = made["0"]
        verify = [*FORM1, "verify", "all", "--output", str(output)]
        files = [str(path) for path in sorted(output.glob("20*/r1/*"))]
        books = [path for path in files if path.endswith(".xlsx")]

        def bare() -> float:
            return _seconds(["sha256sum", *files]) + _seconds([sys.executable, "-c", READ, *books])

        took = _by_turns({"verify": lambda: _seconds(verify), "bare": bare}, rounds)
        _line(f"(i) verify all of {len(books)} editions, to hash and read", took["verify"], took["bare"], "<= 2")


def _configuration(folder: Path, calendar: str, processes: int = 0) -> Path:
    path = folder / f"form1-{processes}.toml"
    path.write_text(f"[run]\nprocesses = {processes}\nsettle = 0\n[calendar]\n{calendar}", encoding="utf-8")
    return path


def _by_turns(measured: dict[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """Return the median of each after so many rounds, every other one backwards."""
    took: dict[str, list[float]] = {name: [] for name in measured}
    for number in range(rounds):
        for name in sorted(measured, reverse=number % 2 == 1):
            took[name].append(measured[name]())
    return {name: median(each) for name, each in took.items()}


def _seconds(command: Sequence[str]) -> float:
    environment = dict(os.environ) if SCRIPT.exists() else {**os.environ, "PYTHONPATH": str(ROOT)}
    began = time.perf_counter()
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=False)
    took = time.perf_counter() - began
    if ended.returncode:
        raise SystemExit(
            f"bench: nothing measured: exit code {ended.returncode}: {(ended.stderr or ended.stdout)[-400:]}"
        )
    return took


def _tree(output: Path) -> dict[str, bytes]:
    return {str(path.relative_to(output)): path.read_bytes() for path in sorted(output.glob("20*/r1/*"))}


def _line(figure: str, ours: float, bare: float, goal: str, *, inverse: bool = False) -> None:
    ratio = bare / ours if inverse else ours / bare
    print(LAYOUT.format(figure, f"{ours:.2f} s", f"{bare:.2f} s", f"{ratio:.2f}", goal), flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
