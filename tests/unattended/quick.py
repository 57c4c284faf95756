"""The command line with quick drawing: workbook and PDF are a few bytes, everything else is as it is.

    python -m tests.unattended.quick run --exports DIR --output DIR

Drawing takes 80 % of a build and decides nothing about publishing, locks and recovery. FORM1_SLOW is the number of
seconds that drawing takes here.
"""

import os
import time

from form1.render import data
from form1.runs import publishing, unattended
from form1.submission import Submission


def draw(submission: Submission, progress=lambda step: None) -> dict[str, bytes]:
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
    """Put the quick drawing in the place of the real one."""
    publishing.draw = draw
    unattended.draw_all = draw_all


if __name__ == "__main__":
    import sys

    from form1.cli.main import run

    hasten()
    sys.exit(run(sys.argv[1:]))
