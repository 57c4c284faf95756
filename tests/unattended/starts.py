"""Many starts at once: one run works, every other leaves at once and says who holds the folder.

    python -m tests.unattended.starts [--rounds 10] [--starts 30]

The command is called as cron calls it. How fast one leaves is measured on a machine that starts all the others at the
same moment, so beside it stands what as many calls of `form1 --help` take at once, by turns. Then the one that works is
killed (kill -9), the next start must find the folder free, and all start at once with none at work: one may win.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.making import REPOSITORY
from tests.unattended.places import Office, debris, published

SCRIPT = Path(sys.executable).with_name("form1")
FORM1 = [str(SCRIPT)] if SCRIPT.exists() else [sys.executable, "-c", "from form1.cli import main; main()"]


@dataclass(frozen=True)
class Left:
    """How a process left, and how long it took from its own start."""

    code: int
    said: str
    seconds: float


def main() -> int:
    """Try, and print what was seen; 1 when anything was not as it must be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--starts", type=int, default=30)
    options = parser.parse_args()
    faults: list[str] = []
    losers: list[float] = []
    helps: list[float] = []
    with tempfile.TemporaryDirectory(prefix="form1-starts-") as scratch:
        for number in range(options.rounds):
            office = Office.set_up(Path(scratch) / str(number))
            left, fault = race(office, options.starts)
            faults += [f"round {number}: {each}" for each in fault + first_of(office, options.starts)]
            losers += [each.seconds for each in left if each.code == 5]
            helps += [each.seconds for each in _all_at_once([[*FORM1, "--help"]] * (options.starts - 1))]
            print(f"  round {number}: {sorted(each.code for each in left)}", flush=True)
    print(f"{options.rounds} rounds of {options.starts} starts on {os.cpu_count()} processors")
    print(f"left with 5: {len(losers)}; median {median(losers):.2f} s, longest {max(losers):.2f} s")
    print(f"form1 --help, {options.starts - 1} at once: median {median(helps):.2f} s, longest {max(helps):.2f} s")
    print(f"longest to longest: {max(losers) / max(helps):.2f}; in over a second: {sum(each >= 1 for each in losers)}")
    print(f"faults: {len(faults)}")
    for each in faults:
        print(f"  {each}")
    return 1 if faults else 0


def race(office: Office, starts: int) -> tuple[list[Left], list[str]]:
    """Let many start while one is at work, then kill that one; return how they left and what was wrong."""
    holder = office.start("run", FORM1_SLOW="3600")
    note = office.output / ".lock"
    while not (note.is_file() and note.read_text(encoding="utf-8")):
        time.sleep(0.01)
    command = [*FORM1, "run", "--config", str(office.root / "form1.toml")]
    left = _all_at_once([command] * (starts - 1))
    faults = [f"{each}" for each in left if each.code != 5 or not _names(each.said, holder.pid)]
    holder.kill()
    holder.communicate()
    ended = office.run()
    if (ended.code, ended.line, debris(office.output)) != (0, "", []):
        faults.append(f"not free after kill -9: {ended}")
    return left, faults


def first_of(office: Office, starts: int) -> list[str]:
    """Let all start at once when a revision is owed: one makes it, every other leaves with 5 or finds nothing to do."""
    office.move_one_man()
    left = _all_at_once([office.command("run")] * starts, FORM1_SLOW="4")
    codes = sorted(each.code for each in left)
    faults = [] if codes == [0] + [5] * (starts - 1) else [f"not one winner: {codes}"]
    lines = published(office.output)
    if lines != [("published 2026-Q3", 1), ("published 2026-Q3", 2)]:
        faults.append(f"published: {lines}")
    winners = {
        line["run"]
        for line in map(json.loads, (office.output / "log" / "run.jsonl").read_text("utf-8").splitlines())
        if line.get("outcome") == "revised"
    }
    return faults + ([] if len(winners) == 1 else [f"revised by {winners}"])


def _names(said: str, pid: int) -> bool:
    return said.count("\n") == 1 and f"is held by form1 run, process {pid} on " in said


def _all_at_once(commands: Sequence[list[str]], **environment: str) -> list[Left]:
    """Start all commands at the same moment and return how each left."""
    gate = threading.Barrier(len(commands))
    left: list[Left] = []

    def call(command: list[str]) -> None:
        gate.wait()
        began = time.monotonic()
        ended = subprocess.run(
            command, cwd=REPOSITORY, env={**os.environ, **environment}, stdin=subprocess.DEVNULL,
            capture_output=True, encoding="utf-8", check=False, start_new_session=True,  # as cron does
        )  # fmt: skip
        left.append(Left(ended.returncode, ended.stderr, time.monotonic() - began))

    callers = [threading.Thread(target=call, args=(command,)) for command in commands]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    return left


if __name__ == "__main__":
    sys.exit(main())
