"""The command line on a chosen day, with quick drawing where it is wanted, and with calls of the system that fail.

    python -m tests.unattended.quick [--quick] [--on 2026-10-20T06:30:00+04:00] run --config FILE

With --quick workbook and PDF are a few bytes, everything else is as it is: drawing takes 80 % of a build and decides
nothing about publishing, locks and recovery. FORM1_SLOW is the number of seconds that quick drawing takes. FORM1_FAULT
(`once:12`, `lasting:12`, `kill:12`) is the fault of tests.unattended.faulty; the calls made are then printed.
"""

import os
import sys
import time
from datetime import datetime

from form1.build import publishing
from form1.build import recipe as build
from form1.model.forms import Edition
from form1.render import data
from form1.unattended import recipe as unattended


def draw(submission: Edition, progress=lambda step: None) -> dict[str, bytes]:
    """The files of an edition, quickly."""
    time.sleep(float(os.environ.get("FORM1_SLOW", "0")))
    files = {
        f"{submission.name}.{ending}": f"{submission.name} {ending}\n".encode() * 2000 for ending in ("xlsx", "pdf")
    }
    files["cells.csv"] = data.cells_csv(submission.cells)
    files["findings.json"] = data.findings_json(submission)
    files["report.html"] = b"<html>"
    if submission.revision > 1:
        files["changes.csv"] = data.changes_csv(submission)
    return files


def draw_all(submissions, processes):
    """One after the other, in this process."""
    return map(draw, submissions)


def hasten() -> None:
    """Put the quick drawing in the place of the real one, wherever a recipe has it by name."""
    publishing.draw = draw
    build.draw = draw
    unattended.draw_all = draw_all


def main(arguments: list[str]) -> int:
    """Run the command line and return its exit code."""
    from form1.cli.main import run
    from form1.core import clock

    if arguments[0] == "--quick":
        arguments = arguments[1:]
        hasten()
    if arguments[0] == "--on":
        moment = datetime.fromisoformat(arguments[1])
        clock.now = lambda: moment
        arguments = arguments[2:]
    os.umask(0o027)
    if fault := os.environ.get("FORM1_FAULT"):
        from tests.unattended import faulty

        with faulty.calls(*faulty.parse(fault)) as made:
            code = run(arguments)
        print(*made.made, file=sys.stdout)
        return code
    return run(arguments)


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
