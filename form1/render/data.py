"""The edition for machines: cells.csv, changes.csv and findings.json."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence

from form1 import __version__
from form1.cells import CellMap
from form1.definition.wording import say
from form1.findings import Finding, Place
from form1.submission import RuleOutcome, RuleResult, Submission

_VALUE = {RuleOutcome.PASS: "1", RuleOutcome.FAIL: "0", RuleOutcome.NOT_EVALUATED: "NA"}


def cells_csv(cells: CellMap) -> bytes:
    """Return all cells as CSV: table, row, column, value, status; UTF-8, LF, in the order of the form."""
    rows = ((*address, "" if cell.value is None else cell.value, str(cell.status)) for address, cell in cells.items())
    return _csv(("table", "row", "column", "value", "status"), rows)


def changes_csv(submission: Submission) -> bytes:
    """Return the cells that differ from the revision before: table, row, column, was, now, difference."""
    rows = []
    for change in submission.changes:
        was, now = (cell.value if cell is not None else None for cell in (change.was, change.now))
        difference = now - was if was is not None and now is not None else ""
        rows.append((*change.address, "" if was is None else was, "" if now is None else now, difference))
    return _csv(("table", "row", "column", "was", "now", "difference"), rows)


def findings_json(submission: Submission) -> bytes:
    """Return the outcome of every rule and every finding in the shape of the ESS validation report structure.

    One entry per finding (value 0), and one per rule that passed (1) or could not be evaluated (NA). The time of the
    event is the period's last day, so that the same data give the same bytes.
    """
    entries = [_finding(submission, number, finding) for number, finding in enumerate(submission.findings, start=1)]
    entries += [_result(submission, result) for result in submission.results if result.outcome != RuleOutcome.FAIL]
    return (json.dumps(entries, ensure_ascii=False, indent=1) + "\n").encode()


def _finding(submission: Submission, number: int, finding: Finding) -> dict[str, object]:
    result = next((result for result in submission.results if result.rule == finding.rule), None)
    says = result.says.of(submission.language) if result else finding.message
    return {
        "id": f"F{number:05d}",
        "type": "validation",
        "event": _event(submission),
        "expression": {
            "language": "form1",
            "expression": finding.rule or finding.message,
            "severity": str(finding.severity),
            "description": says,
            "status": f"ESS level {finding.level}",
        },
        "data": {
            "source": [input.name for input in submission.inputs],
            "target": [_target(finding.place)],
            "description": say(submission.form, finding, submission.language, submission.layouts),
        },
        "value": "0",
    }


def _result(submission: Submission, result: RuleResult) -> dict[str, object]:
    blocked = result.blocked_by.of(submission.language) if result.blocked_by else ""
    return {
        "id": result.rule,
        "type": "validation",
        "event": _event(submission),
        "expression": {
            "language": "form1",
            "expression": f"{result.kind}: {result.rule}",
            "severity": str(result.severity),
            "description": result.says.of(submission.language),
            "status": f"ESS level {result.level}",
        },
        "data": {
            "source": [input.name for input in submission.inputs],
            "target": [str(submission.period)],
            "description": blocked,
        },
        "value": _VALUE[result.outcome],
    }


def _event(submission: Submission) -> dict[str, str]:
    return {
        "time": f"{submission.period.last_day.isoformat()}T00:00:00+04:00",
        "actor": f"form1 {__version__}",
        "agent": submission.form.sha256,
        "trigger": f"form {submission.form.identity.code}, {submission.period}, revision {submission.revision}",
    }


def _target(place: Place) -> str:
    in_form = "/".join(filter(None, (place.table, place.row, place.column)))
    in_file = ":".join(filter(None, (place.file, place.sheet, str(place.line or ""), place.cell)))
    return in_form or in_file or "form"


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()
