"""kill -9 at random moments of a whole run: what a reader sees then, and what the next run makes of it.

    python -m tests.unattended.kills [--times 200] [--seed 1] [--real]

Two periods; by turns a first run into an empty output, and a run that revises both. The moments are spread evenly over
the time that the run takes, from the start of the interpreter to its end. With --real the product draws its workbooks
and PDFs in processes of its own; without it drawing is quick (tests.unattended.quick) and publishing the product's.
"""

import argparse
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from form1.archive.store import proof
from tests.unattended.places import Office, aims, debris, editions, published, tree

PERIODS = ("2026-Q2", "2026-Q3")


@dataclass(frozen=True)
class Start:
    """From where a run starts, and what stands after it when nobody ends it."""

    office: Office
    before: dict[str, dict[str, str]]
    """The editions before."""
    editions: dict[str, dict[str, str]]
    tree: dict[str, str]
    took: list[float]


def main() -> int:
    """Try, and print what was seen; 1 when anything was not as it must be."""
    options = _options()
    chance = random.Random(options.seed)
    seen: Counter[str] = Counter()
    faults: list[str] = []
    with tempfile.TemporaryDirectory(prefix="form1-kills-") as scratch:
        starts = prepare(Path(scratch), quick=not options.real)
        began = time.monotonic()
        for number in range(options.times):
            start = starts[number % 2]
            moment = chance.random()
            told = attempt(start, Path(scratch) / "office", moment)
            seen[told[0]] += 1
            faults += [
                f"{number} ({'first' if start is starts[0] else 'revision'}, at {moment:.3f}): {f}" for f in told[1:]
            ]
            if number % 20 == 19:
                print(f"  {number + 1} kills, {len(faults)} faults", file=sys.stderr, flush=True)
    how = "the product draws" if options.real else "quick drawing"
    print(f"kill -9 at {options.times} random moments of a run ({how}), {time.monotonic() - began:.0f} s:")
    for state, count in seen.most_common():
        print(f"  {count:5} x {state}")
    half = sum("half-written" in fault for fault in faults)
    mixed = sum("mixed" in fault for fault in faults)
    print(f"half-written editions seen: {half}; mixed: {mixed}; other faults: {len(faults) - half - mixed}")
    for fault in faults:
        print(f"  {fault}")
    return 1 if faults else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--real", action="store_true", help="let the product draw")
    return parser.parse_args()


def prepare(scratch: Path, *, quick: bool = True) -> tuple[Start, Start]:
    """An empty office, and one whose editions stand and whose exports were changed; each with its end."""
    empty = Office.set_up(scratch / "empty", PERIODS, quick=quick)
    first = _ended(empty, scratch / "first")
    changed = Office(scratch / "first", quick).copy(scratch / "changed")
    for period in PERIODS:
        changed.move_one_man(period)
    return first, _ended(changed, scratch / "second")


def _ended(office: Office, copy: Path) -> Start:
    before = editions(office.output)
    whole = office.copy(copy)
    began = time.monotonic()
    ended = whole.run()
    took = [time.monotonic() - began]
    assert (ended.code, ended.out, ended.line) == (0, "", ""), ended
    assert debris(whole.output) == []
    return Start(office, before, editions(whole.output), tree(whole.output), took)


def attempt(start: Start, root: Path, moment: float) -> list[str]:
    """Kill a run at `moment` (0 to 1) of its time; return what a reader saw then, and every fault after it."""
    office = start.office.copy(root)
    try:
        began = time.monotonic()
        process = office.start()
        try:
            process.communicate(timeout=moment * statistics.median(start.took[-9:]))
            start.took.append(time.monotonic() - began)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.communicate()
        said, faults = _seen(start, office)
        if left := _left_of(process.pid):
            faults.append(f"processes live on: {left}")
        ended = office.run()
        if (ended.code, ended.out, ended.line) != (0, "", ""):
            faults.append(f"the next run: {ended}")
        faults += _after(start, office)
        return [said, *faults]
    finally:
        shutil.rmtree(root)


def _seen(start: Start, office: Office) -> tuple[str, list[str]]:
    """What a reader meets at this moment, said in a few words, and what must not be."""
    faults = []
    there = editions(office.output)
    for name, files in there.items():
        wanted = start.editions.get(name)
        if wanted is None:
            faults.append(f"{name} should not be")
        elif files.keys() < wanted.keys() or any(files[file] != wanted.get(file) for file in files):
            other = any(files == each for each in (*start.before.values(), *start.editions.values()))
            faults.append(f"{name} is {'mixed' if other or files.keys() == wanted.keys() else 'half-written'}")
    faults += [f"{name} is gone" for name in start.before if name not in there]
    for period, aim in aims(office.output).items():
        if f"{period}/{aim}" not in there:
            faults.append(f"latest of {period} points at {aim}, which is half-written or gone")
    new = len(there) - len(start.before)
    waiting = debris(office.output)
    lines = len(published(office.output)) if (office.output / "journal.jsonl").exists() and not _torn(office) else -1
    between = " with its line, before its rename" if lines > len(there) else ""
    state = f"{new} of {len(start.editions) - len(start.before)} new editions"
    return (f"{state}, one half built beside{between}" if waiting else state), faults


def _torn(office: Office) -> bool:
    return not (office.output / "journal.jsonl").read_bytes().endswith(b"\n")


def _after(start: Start, office: Office) -> list[str]:
    """What is not as it would be, had nobody ended the run."""
    faults = [f"debris: {name}" for name in debris(office.output)]
    now = tree(office.output)
    faults += [
        f"not as it should be: {name}" for name in sorted({*now, *start.tree}) if now.get(name) != start.tree.get(name)
    ]
    if office.quick:
        faults += [f"verify: {harm}" for harm in proof.harms(office.output)]
    elif (proved := office.run("verify", "all")).code != 0:
        faults.append(f"verify: {proved}")
    return faults


def _left_of(session: int) -> list[int]:
    """Processes of a session that still live a second after its first one was killed."""
    until = time.monotonic() + 1
    while (
        left := [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if _session(pid) == session]
    ) and (time.monotonic() < until):
        time.sleep(0.02)
    return left


def _session(pid: int) -> int:
    try:
        state, _, rest = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].strip().partition(" ")
        return 0 if state == "Z" else int(rest.split()[2])
    except OSError:
        return 0


if __name__ == "__main__":
    sys.exit(main())
