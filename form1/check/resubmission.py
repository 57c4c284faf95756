"""A form that was sent again: which findings of the earlier check are mended, which are new, which are still open."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from form1.archive.store.receipt import read_receipt
from form1.core.errors import DeliveryError, SourceError
from form1.core.findings import Finding
from form1.model.causes import Progress
from form1.model.forms import Received
from form1.render import data
from form1.views.findings import sentence

FINDINGS: Final = "findings.json"
RECEIPT: Final = "receipt.json"


class Identity(NamedTuple):
    """What makes findings of two checks the same, whatever numbers they tell."""

    rule: str
    """The rule that failed, else the message that says what is wrong with the file."""
    target: str
    """The cell of the form, else that of the sheet."""


def findings_of(received: Received) -> dict[Identity, str]:
    """Return the findings of a form that was sent before as sentences."""
    return {_identity(finding): sentence(received, finding) for finding in received.findings}


def read_findings(folder: Path) -> dict[Identity, str]:
    """Return the findings that an earlier check left in its folder of results; SourceError when there are none."""
    try:
        entries = json.loads((folder / FINDINGS).read_text(encoding="utf-8"))
        return {
            Identity(entry["expression"]["expression"], entry["data"]["target"][0]): entry["data"]["description"]
            for entry in entries
            if entry["value"] == "0"
        }
    except (OSError, ValueError, TypeError, KeyError, IndexError, AttributeError):
        raise SourceError(f"{folder} holds no {FINDINGS} of an earlier check.") from None


def read_period(folder: Path) -> str:
    """Return the period of the form that an earlier check judged, by its receipt; nothing when it left none."""
    try:
        return read_receipt(folder / RECEIPT).period
    except DeliveryError:
        return ""


def compare_findings(was: Mapping[Identity, str], after: Received) -> Progress:
    """Say what a resubmission has mended, what is new, and what is still open."""
    now = [_identity(finding) for finding in after.findings]
    fixed = tuple(text for identity, text in was.items() if identity not in set(now))
    still = frozenset(position for position, identity in enumerate(now) if identity in was)
    return Progress(fixed, frozenset(range(len(now))) - still, still)


def _identity(finding: Finding) -> Identity:
    return Identity(finding.rule or finding.message, data.target(finding.place))
