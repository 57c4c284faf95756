"""Three figures of one run: what a build takes beside the bare library calls, how fast the command starts, and memory.

    python bench/bench.py [--rounds N]

Every measurement is a fresh process, ours and bare by turns, and the median counts. A goal that is missed is printed
and never fails: machines differ. What the bare side needs is prepared beforehand and not timed (prepare.py).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parent
SCRIPT: Final = Path(sys.executable).with_name("form1")
"""The command as it is installed; without it the same function is called through the interpreter."""
FORM1: Final = [str(SCRIPT)] if SCRIPT.exists() else [sys.executable, "-c", "from form1.cli import main; main()"]
PERIODS: Final = ("2026-Q3", "2026-Q2")
"""The first of them whose sample is accepted is built: a full quarter, ten tables."""
BUDGET: Final = 180.0
"""Seconds after which no further round of builds begins, whatever --rounds says; three are always made."""
STARTS: Final = 5
"""Rounds of starting the command for each round of builds; a start takes milliseconds."""
TIME_GOAL, START_GOAL, MEMORY_GOAL = 1.5, 1.5, 350.0
MIB: Final = 1024 * 1024


@dataclass(frozen=True)
class Run:
    """One process: seconds on the wall and on the processor, and the peak of its memory in bytes."""

    wall: float
    processor: float
    memory: int


@dataclass(frozen=True)
class Line:
    """A line of the table; without a goal it is there to be compared with."""

    figure: str
    ours: str
    bare: str
    ratio: float | None = None
    goal: str = ""
    met: bool | None = None


class Stopped(Exception):
    """A process that was to be measured failed: its last words."""


def main() -> int:
    """Measure and print; 0 whatever the figures are."""
    parser = argparse.ArgumentParser(description="Measure a build, the start of the command line, and memory.")
    parser.add_argument("--rounds", type=int, default=7, help="rounds of builds (default: %(default)s)")
    rounds = max(1, parser.parse_args().rounds)
    try:
        with tempfile.TemporaryDirectory(prefix="form1-bench-") as scratch:
            measure(rounds, Path(scratch))
    except Stopped as stopped:
        print(f"bench: nothing measured: {stopped}", file=sys.stderr)
    return 0


def measure(rounds: int, scratch: Path) -> None:
    """Prepare, measure `rounds` rounds, print the table and what both sides contain."""
    period = prepare(scratch)
    about = json.loads((scratch / "about.json").read_text(encoding="utf-8"))
    bare = [sys.executable, str(HERE / "bare.py"), str(scratch)]
    interpreter = [sys.executable, "-c"]
    runs: dict[str, list[Run]] = {}

    def sample(commands: dict[str, list[str]], *, backwards: bool) -> None:
        for name in sorted(commands, reverse=backwards):
            runs.setdefault(name, []).append(run(commands[name]))

    starts = {"help": [*FORM1, "--help"], "click": [*interpreter, "import click"], "python": [*interpreter, "pass"]}
    run(starts["help"])  # the first start writes bytecode; nobody measures that
    began = time.monotonic()
    for number in range(rounds):
        if number >= 3 and time.monotonic() - began > BUDGET:
            break
        output = str(scratch / f"output-{number}")
        builds = {"build": build(period, output), "bare": bare, "tuned": [*bare, "--tuned"]}
        sample(builds, backwards=number % 2 == 1)
        for turn in range(STARTS):
            sample(starts, backwards=turn % 2 == 1)
    show(lines(runs, period))
    explain(runs, about, time.monotonic() - began)


def prepare(scratch: Path) -> str:
    """Return the period that is built, once the page and the cells of its edition are put down for bare.py."""
    for period in PERIODS:
        ended = call([sys.executable, str(HERE / "prepare.py"), period, str(scratch)])
        if ended.returncode == 0:
            run([sys.executable, str(HERE / "bare.py"), str(scratch)])
            return period
        print(f"bench: {period} cannot be measured: {last_words(ended.stderr)}", file=sys.stderr)
    raise Stopped("no period of the sample could be built")


def build(period: str, output: str) -> list[str]:
    """Return the command that builds `period` into an empty folder."""
    return [*FORM1, "build", period, "--exports", str(ROOT / "sample_data" / "exports"), "--output", output]


def run(command: Sequence[str]) -> Run:
    """Return what a process took; Stopped when it fails."""
    with tempfile.TemporaryFile() as words:
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL, stderr=words)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            words.seek(0)
            raise Stopped(f"exit code {process.returncode}: {last_words(words.read().decode(errors='replace'))}")
    unit = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss
    return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * unit)


def call(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run a process that is not measured."""
    return subprocess.run(
        command, cwd=ROOT, env=environment(), capture_output=True, text=True, encoding="utf-8", check=False
    )


def environment() -> dict[str, str]:
    """Return the environment of every process: ours, and the package where it is not installed."""
    return dict(os.environ) if SCRIPT.exists() else {**os.environ, "PYTHONPATH": str(ROOT)}


def last_words(said: str) -> str:
    """Return the last line of what a process said."""
    return (said.strip().splitlines() or ["it said nothing"])[-1]


def lines(runs: dict[str, list[Run]], period: str) -> list[Line]:
    """Return the table: medians, for memory the largest."""
    wall = {name: median(run.wall for run in done) for name, done in runs.items()}
    processor = {name: median(run.processor for run in done) for name, done in runs.items()}
    memory = {name: max(run.memory for run in done) / MIB for name, done in runs.items()}
    build_ratio, start_ratio = wall["build"] / wall["bare"], wall["help"] / wall["click"]
    return [
        Line(
            f"(a) form1 build {period}",
            seconds(wall["build"]),
            seconds(wall["bare"]),
            build_ratio,
            f"{TIME_GOAL:.2f}",
            build_ratio <= TIME_GOAL,
        ),
        Line(
            "    in processor time",
            seconds(processor["build"]),
            seconds(processor["bare"]),
            processor["build"] / processor["bare"],
        ),
        Line(
            "    to bare calls with the same speed-ups",
            seconds(wall["build"]),
            seconds(wall["tuned"]),
            wall["build"] / wall["tuned"],
        ),
        Line(
            "(b) form1 --help, to importing click",
            milliseconds(wall["help"]),
            milliseconds(wall["click"]),
            start_ratio,
            f"{START_GOAL:.2f}",
            start_ratio <= START_GOAL,
        ),
        Line("    of which the interpreter alone", "", milliseconds(wall["python"])),
        Line(
            "(c) peak memory of the build",
            f"{memory['build']:.0f} MiB",
            f"{memory['bare']:.0f} MiB",
            memory["build"] / memory["bare"],
            f"{MEMORY_GOAL:.0f} MiB",
            memory["build"] <= MEMORY_GOAL,
        ),
    ]


def show(table: Sequence[Line]) -> None:
    """Print the table."""
    layout = "{:<42} {:>9} {:>9} {:>6}  {:>10}  {}"
    print(layout.format("figure", "ours", "bare", "ratio", "goal", "met"))
    for line in table:
        ratio = f"{line.ratio:.2f}" if line.ratio is not None else ""
        met = {True: "yes", False: "no", None: ""}[line.met]
        goal = f"<= {line.goal}" if line.goal else ""
        print(layout.format(line.figure, line.ours, line.bare, ratio, goal, met).rstrip())


def explain(runs: dict[str, list[Run]], about: dict[str, str], took: float) -> None:
    """Print how it was measured and what the two sides contain."""
    walls = {name: [run.wall for run in done] for name, done in runs.items()}
    spread = "; ".join(
        f"{name} {seconds(min(walls[name]))} to {seconds(max(walls[name]))}" for name in ("build", "bare", "tuned")
    )
    counts = f"{len(walls['build'])} rounds of builds and {len(walls['help'])} of starts"
    size = f"{about['pages']} pages, PDF/A-3a"
    how = "the installed command" if SCRIPT.exists() else "called through the interpreter, as it is not installed"
    print(f"""
Medians of {counts}: fresh processes by turns, {took:.0f} s; of memory the largest.
Spread of (a): {spread}.
{os.cpu_count()} processors, Python {platform.python_version()}, {about["versions"]}.

ours  form1 ({how}): exports of the sample and of earlier
      periods read and checked, ten tables filled, rules judged; workbook, PDF (PDF/A-3a and PDF/UA-1, its
      structure mended), report.html, cells.csv, findings.json, metadata.json and manifest.json published
      into an empty folder.
bare  one process that imports {about["imports"]};
      WeasyPrint on the same HTML, fonts and attachments ({size}), openpyxl on the same {about["cells"]} cells with
      named styles, merges and widths. HTML and cells are ready beforehand; nothing is read, judged or published.
      The speed-ups of form1 are off: garbage collected rarely, libraries found by file name, no tearing down at the
      end. The line "with the same speed-ups" has them on: the rest is what the work of form1 itself takes.""")


def seconds(value: float) -> str:
    """Return seconds as text."""
    return f"{value:.2f} s"


def milliseconds(value: float) -> str:
    """Return seconds as milliseconds in text."""
    return f"{value * 1000:.0f} ms"


if __name__ == "__main__":
    sys.exit(main())
