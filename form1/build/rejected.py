"""What a build leaves when a form could not be published: its findings.

They stand in `output/rejected/PERIOD/`, apart from the editions, are replaced each time, and go with the fault.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from form1.archive import store
from form1.core.errors import DeliveryError
from form1.core.findings import Severity
from form1.core.folders import scratch
from form1.core.periods import Period
from form1.core.sentences import says
from form1.model.forms import Judged
from form1.render import data, report
from form1.views.findings import sentences

REPORT: Final = "report.html"


def folder_of(output: Path, period: Period) -> Path:
    """Return the folder of what could not be published of a period."""
    return output / store.REJECTED / str(period)


def keep(output: Path, judged: Judged) -> Path:
    """Write the findings of a form that was not published and return the report for people. The caller holds the lock.

    DeliveryError when they could not be written, or the output folder went away; MachineError without room for
    passing files.
    """
    if not output.is_dir():
        raise says(DeliveryError, "output_gone", output=output)
    word = judged.form.word
    lines = [
        f"{word(severity, judged.language)}: {sentence}\n"
        for severity in Severity
        for sentence in sentences(judged, severity)
    ]
    with scratch():
        page = report.draw_rejected(judged)
    files = {
        REPORT: page,
        "findings.json": data.findings_json(judged),
        "findings.txt": "".join(lines).encode(),
    }
    folder = folder_of(output, judged.period)
    store.mend(folder)
    store.place(folder, files, REPORT)
    return folder / REPORT


def clear(output: Path, period: Period) -> None:
    """Remove what an earlier run left about a period that is right now."""
    folder = folder_of(output, period)
    store.mend(folder)
    if (folder / REPORT).is_file():
        shutil.rmtree(folder, ignore_errors=True)
