"""The edition, and what was found in a received form, for machines: cells, their description, changes, findings."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence

from form1 import __version__
from form1.core.cells import CellMap
from form1.core.findings import Finding, Place
from form1.core.values import Status
from form1.definition.wording import CellsAt
from form1.model.forms import Edition, Judged, RuleOutcome, RuleResult
from form1.views.findings import sentence

_VALUE = {RuleOutcome.PASS: "1", RuleOutcome.FAIL: "0", RuleOutcome.NOT_EVALUATED: "NA"}


def cells_csv(cells: CellMap) -> bytes:
    """Return all cells as CSV: table, row, column, value, status; UTF-8, LF, in the order of the form."""
    rows = ((*address, "" if cell.value is None else cell.value, str(cell.status)) for address, cell in cells.items())
    return _csv(("table", "row", "column", "value", "status"), rows)


def datapackage_json(edition: Edition, cells: bytes) -> bytes:
    """Return the description of cells.csv for machines: a Data Package (version 1) with a Table Schema."""
    fields = [
        {"name": "table", "type": "string", "constraints": {"required": True, "enum": list(edition.layouts)}},
        {"name": "row", "type": "string", "constraints": {"required": True}},
        {"name": "column", "type": "string", "constraints": {"required": True}},
        {"name": "value", "type": "integer"},
        {"name": "status", "type": "string", "constraints": {"required": True, "enum": [str(each) for each in Status]}},
    ]
    package = {
        "profile": "tabular-data-package",
        "name": edition.name.lower(),
        "title": edition.form.identity.title.of(edition.language),
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": "cells",
                "path": "cells.csv",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": len(cells),
                "hash": f"sha256:{hashlib.sha256(cells).hexdigest()}",
                "dialect": {"delimiter": ",", "lineTerminator": "\n", "header": True},
                "schema": {"fields": fields, "missingValues": [""], "primaryKey": ["table", "row", "column"]},
            }
        ],
    }
    return (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode()


def changes_csv(edition: Edition) -> bytes:
    """Return the cells that differ from the revision before: table, row, column, was, now, difference."""
    rows = []
    for change in edition.changes:
        was, now = (cell.value if cell is not None else None for cell in (change.was, change.now))
        difference = now - was if was is not None and now is not None else ""
        rows.append((*change.address, "" if was is None else was, "" if now is None else now, difference))
    return _csv(("table", "row", "column", "was", "now", "difference"), rows)


def findings_json(judged: Judged) -> bytes:
    """Return the outcome of every rule and every finding in the shape of the ESS validation report structure.

    One entry per finding (value 0), and one per rule that passed (1) or could not be evaluated (NA). The time of the
    event is the period's last day, so that the same data give the same bytes. The targets of a finding in a received
    form are the address in the form and the cell of the sender's workbook.
    """
    says = {result.rule: result.says.of(judged.language) for result in judged.results}
    entries = [_finding(judged, number, finding, says) for number, finding in enumerate(judged.findings, start=1)]
    entries += [_result(judged, result) for result in judged.results if result.outcome != RuleOutcome.FAIL]
    return (json.dumps(entries, ensure_ascii=False, indent=1) + "\n").encode()


def _finding(judged: Judged, number: int, finding: Finding, says: Mapping[str, str]) -> dict[str, object]:
    return {
        "id": f"F{number:05d}",
        "type": "validation",
        "event": _event(judged),
        "expression": {
            "language": "form1",
            "expression": finding.rule or finding.message,
            "severity": str(finding.severity),
            "description": says.get(finding.rule, finding.message),
            "status": f"ESS level {finding.level}" + (", known" if finding.accepted else ""),
        },
        "data": {
            "source": [file.name for file in judged.inputs],
            "target": _targets(finding.place, judged.at),
            "description": sentence(judged, finding),
        },
        "value": "0",
    }


def _result(judged: Judged, result: RuleResult) -> dict[str, object]:
    blocked = result.blocked_by.of(judged.language) if result.blocked_by else ""
    return {
        "id": result.rule,
        "type": "validation",
        "event": _event(judged),
        "expression": {
            "language": "form1",
            "expression": f"{result.kind}: {result.rule}",
            "severity": str(result.severity),
            "description": result.says.of(judged.language),
            "status": f"ESS level {result.level}",
        },
        "data": {
            "source": [file.name for file in judged.inputs],
            "target": [str(judged.period)],
            "description": blocked,
        },
        "value": _VALUE[result.outcome],
    }


def _event(judged: Judged) -> dict[str, str]:
    return {
        "time": f"{judged.period.last_day.isoformat()}T00:00:00+04:00",
        "actor": f"form1 {__version__}",
        "agent": judged.form.sha256,
        "trigger": f"form {judged.form.identity.code}, {judged.period}, {judged.designation}",
    }


def _targets(place: Place, at: CellsAt) -> list[str]:
    in_workbook = at.get(place.address)
    return [target(place), *(["!".join(in_workbook)] if in_workbook else [])]


def target(place: Place) -> str:
    """Return what a finding is about: the cell, row or table of the form, else the place in a file."""
    in_form = "/".join(filter(None, place.address))
    in_file = ":".join(filter(None, (place.file, place.sheet, str(place.line or ""), place.cell)))
    return in_form or in_file or "form"


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()
