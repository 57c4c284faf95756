"""The account of a tabulation, beside the exports: what they cover, and whether they are still the ones written."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from form1.build.sources.grid import MOST_BYTES
from form1.core.checksums import read_checksums
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


@dataclass(frozen=True)
class Sums:
    """The list of sha256 that the sender put beside the exports: it proves that every file came whole."""

    name: str
    """Empty where there is none."""
    announced: Mapping[str, str]
    """The sha256 by the name of the file."""
    odd_lines: tuple[int, ...]

    @classmethod
    def read(cls, form: Form, folder: Path) -> Sums:
        """Return the list in the folder of a period."""
        path = folder / form.sources.sums
        if not path.is_file() or path.is_symlink():
            return cls("", {}, ())
        try:
            data = path.read_bytes() if path.stat().st_size <= MOST_BYTES else b""
        except OSError:
            data = b""
        announced, odd = read_checksums(data.decode("utf-8-sig", "replace"))
        return cls(path.name, announced, odd if data else (0,))

    def proves(self, input: InputFile) -> bool:
        """True when the list says that a file is whole."""
        return not self.odd_lines and self.announced.get(input.name.rpartition("/")[2]) == input.sha256

    def faults(self, files: Mapping[str, str], folder: Path, period: Period) -> Iterator[tuple[str, Finding]]:
        """Yield what differs from the list, with the name of the file; `files` are the sha256 of those read by name."""
        own = f"{period}/{self.name}"
        if self.odd_lines:  # what else the list says is then not to be judged by
            for line in self.odd_lines:
                yield self.name, Finding.of("records_sums_line", Place(file=own, line=line))
            return
        for name, sha256 in files.items() if self.name else ():
            place = Place(file=f"{period}/{name}")
            if name in self.announced and self.announced[name] != sha256:
                yield name, Finding.of("records_sums_differ", place, list=own)
            elif name not in self.announced and not (folder / name).is_dir():
                yield name, Finding.of("export_sums_unlisted", place, list=own)
        for name in self.announced:
            if not (folder / name).exists():
                yield name, Finding.of("records_sums_absent", Place(file=f"{period}/{name}"), list=own)


def edited(account: Account, inputs: Iterable[InputFile]) -> list[Finding]:
    """Return a warning for every export that is no longer the one that was tabulated."""
    read = {file.name: file.sha256 for file in inputs}
    findings = []
    for name, known in account.written.items():
        file = f"{account.period}/{name}"
        if file in read and read[file] != known:
            findings.append(Finding.of("export_edited", Place(file=file)))
    return findings
