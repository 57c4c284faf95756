"""Looking at exports before anything is built: what was taken for what, and what is wrong."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from form1.build import contract, sources
from form1.build.filled_by_hand import Templates
from form1.build.sources import GridAccount
from form1.core.errors import SourceError
from form1.core.findings import Finding, Severity, sort_key
from form1.core.periods import Period, is_period
from form1.definition import Form


@dataclass(frozen=True)
class Looked:
    """What was seen in a file or a folder."""

    period: Period
    accounts: Sequence[GridAccount]
    findings: Sequence[Finding]
    """Without those on exports that are not there: a look at one file misses no other."""

    @property
    def is_clear(self) -> bool:
        """True when there is a table, every cell has a role and nothing is wrong."""
        complete = bool(self.accounts) and all(account.is_complete for account in self.accounts)
        return complete and not any(finding.severity is Severity.ERROR for finding in self.findings)


def look(form: Form, path: Path, period: Period) -> Looked:
    """Return what was taken for what in a file, or in every file of a folder, as exports of `period`."""
    if path.is_dir():
        if path.name == str(period):
            return _look(form, path.absolute().parent, period)
        with tempfile.TemporaryDirectory(prefix="form1-") as scratch:
            (Path(scratch) / str(period)).symlink_to(path.absolute(), target_is_directory=True)
            return _look(form, Path(scratch), period)
    if not path.is_file():
        raise SourceError(f"there is no such file or folder: {path}.")
    with tempfile.TemporaryDirectory(prefix="form1-") as scratch:
        folder = Path(scratch) / str(period)
        folder.mkdir()
        try:
            shutil.copyfile(path, folder / path.name)
        except OSError as error:
            raise SourceError(f"{path} cannot be read: {error.strerror or type(error).__name__}.") from None
        return _look(form, Path(scratch), period)


def period_of(path: Path, default: Period) -> Period:
    """Return the period that the folder of a path names, from the nearest up."""
    for name in (path.absolute().name, path.absolute().parent.name):
        if is_period(name):
            return Period.parse(name)
    return default


def _look(form: Form, exports: Path, period: Period) -> Looked:
    form = form.of(period)
    by_hand = Templates(form, exports).of(period)
    read = sources.read_period(form, exports, period, aside=by_hand.files)
    findings = [*read.findings, *by_hand.findings]
    if "" in read.missing:
        findings.append(read.missing[""])
    for table, export in read.exports.items():
        findings += contract.check(form, form.tables[table], period, export)[1]
    return Looked(period, read.accounts, sorted(findings, key=sort_key))
