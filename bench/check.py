"""Three figures of one run for received forms: a check beside bare reading, the search for causes, a folder of forms.

    python bench/check.py [--rounds N] [--folder N]

(d) `form1 check` of a full clean workbook beside one process that imports openpyxl and reads the same workbook,
formulas and stored values; (e) the search for causes of six seeded errors in ten tables; (f) a folder of workbooks,
on all cores beside one. A goal that is missed is printed and never fails: machines differ.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

from form1.build.recipe import BuildOrder, BuildOutcome, build
from form1.core.periods import Period
from form1.definition import load
from form1.definition.layout import Layout

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = Path(sys.executable).with_name("form1")
FORM1 = [str(SCRIPT)] if SCRIPT.exists() else [sys.executable, "-c", "from form1.cli import main; main()"]
BARE = """
import sys
from openpyxl import load_workbook
for values in (False, True):
    book = load_workbook(sys.argv[1], data_only=values)
    sum(1 for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None)
"""


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--folder", type=int, default=100)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        exports, output = ROOT / "sample_data" / "exports", Path(scratch) / "output"
        outcome = build(BuildOrder(load(), Period(2026, 3), exports, output, "az"))
        assert outcome.edition is not None
        workbook = outcome.edition / f"{outcome.submission.name}.xlsx"
        print(f"{'figure':<46} {'ours':>9} {'bare':>9} {'ratio':>6}  goal")
        _check(workbook, arguments.rounds)
        _causes(outcome, arguments.rounds)
        _folder(workbook, Path(scratch) / "many", arguments.folder)
    print(f"{os.cpu_count()} processors; medians of {arguments.rounds} rounds, fresh processes by turns")
    return 0


def _check(workbook: Path, rounds: int) -> None:
    ours: list[float] = []
    bare: list[float] = []
    for _ in range(rounds):
        ours.append(_seconds([*FORM1, "check", str(workbook), "--exports", "none", "--editions", "none"]))
        bare.append(_seconds([sys.executable, "-c", BARE, str(workbook)]))
    _line("(d) check of a clean workbook", median(ours), median(bare), "<= 2")


def _causes(outcome: BuildOutcome, rounds: int) -> None:
    from form1.check.localise import find_causes

    submission = outcome.submission
    took: list[float] = []
    for round in range(rounds):
        cells = dict(submission.cells)
        chance = random.Random(round)
        detail = [address for address in cells if _is_detail(submission.layouts[address[0]], address)]
        for address in chance.sample(detail, 6):
            value = cells[address].value or 0
            cells[address] = replace(cells[address], value=value + chance.randint(1, 900))
        started = time.perf_counter()
        find_causes(submission.form, cells, submission.layouts, None)
        took.append(time.perf_counter() - started)
    print(f"{'(e) causes of six errors in ten tables':<46} {max(took):>7.2f} s {'':>9} {'':>6}  <= 2 s (the slowest)")


def _is_detail(layout: Layout, address: tuple[str, str, str]) -> bool:
    return layout.row[address[1]].counted and not layout.column[address[2]].parts


def _folder(workbook: Path, folder: Path, count: int) -> None:
    from form1.check.folder import check_all
    from form1.check.recipe import CheckOrder

    folder.mkdir()
    for number in range(count):
        shutil.copy(workbook, folder / f"form{number:03d}.xlsx")
    now = datetime(2026, 10, 20, tzinfo=ZoneInfo("Asia/Baku"))
    order = CheckOrder(load(), folder, now, exports=Path("none"), editions=Path("none"))
    seconds = {}
    for processes in (1, os.cpu_count() or 1):
        started = time.perf_counter()
        lines = list(check_all(order, processes))
        seconds[processes] = time.perf_counter() - started
        assert len(lines) == count
    one, all_cores = seconds[1], seconds[os.cpu_count() or 1]
    title = f"(f) {count} workbooks on {os.cpu_count()} cores, beside one"
    print(f"{title:<46} {all_cores:>7.1f} s {one:>7.1f} s {one / all_cores:>6.2f}  >= 1.6 (one / all)")


def _seconds(command: Sequence[str]) -> float:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    return time.perf_counter() - started


def _line(figure: str, ours: float, bare: float, goal: str) -> None:
    print(f"{figure:<46} {ours:>7.2f} s {bare:>7.2f} s {ours / bare:>6.2f}  {goal}")


if __name__ == "__main__":
    raise SystemExit(main())
