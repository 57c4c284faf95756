"""The account of a tabulation, beside the exports: what they cover, and whether they are still the ones written."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from form1.build.sources.grid import MOST_BYTES
from form1.core.findings import Finding, Place
from form1.core.periods import Period
from form1.definition import Form
from form1.definition.wording import say
from form1.model.exports import ACCOUNT, WARNINGS, Account, read_warnings
from form1.model.forms import InputFile


def read_account(form: Form, exports: Path, period: Period) -> tuple[Account | None, list[Finding]]:
    """Return the account in the folder of a period, or None when the exports were not tabulated from records.

    An account that cannot be read is an error: without it nobody knows what the exports cover. What it warns of, and
    that the records were invented, are warnings that the form carries.
    """
    path = exports / str(period) / ACCOUNT
    if not os.path.isfile(path) or path.is_symlink():  # also where the folder may not be looked into, which others say
        return None, []
    place = Place(file=f"{period}/{ACCOUNT}")
    try:
        data = path.read_bytes() if path.stat().st_size <= MOST_BYTES else b""
        content: Mapping[str, Any] = json.loads(data)
        written = {str(file["name"]): str(file["sha256"]) for file in content["exports"]}
        rules = {str(entry["table"]): dict(entry["rules"]) for entry in content["totals"]}
        warned = read_warnings(content.get(WARNINGS, []))
        for finding in warned:
            say(form, finding, "en")  # a message that nobody knows, or without its facts, cannot be said
        if content["period"] != str(period) or content["covers"] != "year_to_date":
            raise ValueError
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None, [Finding.of("account_unreadable", place)]
    input = InputFile(f"{period}/{ACCOUNT}", len(data), hashlib.sha256(data).hexdigest())
    is_invented = bool(content.get("invented"))
    findings = [Finding.of("exports_invented", place)] if is_invented else []
    return Account(period, input, written, rules, is_invented), findings + warned


def edited(account: Account, inputs: Iterable[InputFile]) -> list[Finding]:
    """Return a warning for every export that is no longer the one that was tabulated."""
    read = {file.name: file.sha256 for file in inputs}
    findings = []
    for name, known in account.written.items():
        file = f"{account.period}/{name}"
        if file in read and read[file] != known:
            findings.append(Finding.of("export_edited", Place(file=file)))
    return findings
