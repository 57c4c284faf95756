"""From records to the exports of a period, with an account of every record."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from form1.archive import locking
from form1.core import clock
from form1.core.findings import Finding, Place, Severity, sort_key
from form1.core.periods import Period
from form1.definition import Form
from form1.model.exports import ACCOUNT, INVENTED, WARNINGS, kept_warnings
from form1.records.placed import Placed, put_exports
from form1.records.tabulate import account, contract, exports, files, opened, residence, sums
from form1.records.tabulate.engines import Engine
from form1.records.tabulate.opened import Opened
from form1.records.tabulate.plan import can_be_counted, plans
from form1.records.tabulate.tally import tally


@dataclass(frozen=True)
class TabulateOrder:
    """What is to be counted, from where, to where; `as_of` leaves out what was entered in the system after that day."""

    form: Form
    period: Period
    records: Path
    exports: Path
    engine: Engine = "polars"
    as_of: date | None = None


@dataclass(frozen=True)
class Tabulated:
    """How a tabulation ended: `placed` is None when the records have errors and nothing was written."""

    findings: tuple[Finding, ...]
    placed: Placed | None = None
    kept: Path | None = None
    """Where the exports went that were replaced."""
    account: dict[str, Any] | None = None

    @property
    def unreadable(self) -> bool:
        """True when records are missing or cannot be read."""
        return any(finding.unreadable for finding in self.findings)


def tabulate(order: TabulateOrder, progress: Callable[[str], None] = lambda step: None) -> Tabulated:
    """Count the records of a period into the ten exports, or say what is wrong with the records."""
    form = order.form
    planned = plans(form, order.period, order.as_of)
    progress("reading_records")
    parts, findings = _open(order)
    invented = _invented(order.records, parts)
    said_apart = [invented] if invented else []  # the account has a field of its own for it
    findings += [
        Finding.of("table_not_counted", Place(id), name=form.source_of(id).name)
        for id, table in form.tables.items()
        if not can_be_counted(form, table) and id not in (form.residence.what if form.residence else ())
    ]
    if not any(finding.unreadable for finding in findings):
        for extract, held in parts.items():
            findings += contract.check(form, form.records.extracts[extract], held, order.period)
    if _stop(findings):
        return _rejected([*findings, *said_apart])
    progress("counting_records")
    tallies = tally(form, planned, parts, order.engine)
    tallies += residence.tallies(form, order.period, parts, order.as_of)
    findings += residence.too_short(form, order.period, parts)
    written: dict[str, tuple[str, bytes]] = {}
    for item in tallies:
        for table in item.plan.tables:
            counts = exports.lines(form, item, table)
            findings += exports.followed(form, item, table)
            findings += exports.not_in_force(form, item, table, counts)
            written[table.id] = f"{form.source_of(table.id).name}.csv", exports.write(form, table, counts)
    if _stop(findings):
        return _rejected([*findings, *said_apart])
    written = {table: written[table] for table in form.tables if table in written}
    content = account.account(form, order.period, order.engine, parts, tallies, written)
    if invented:
        content["invented"] = True
    content[WARNINGS] = kept_warnings(sorted(findings, key=sort_key))
    progress("publishing")
    ready = {**dict(written.values()), ACCOUNT: account.as_bytes(content)}
    beside = {form.sources.revision_note, *form.sources.ignored_files}
    with locking.hold(order.exports, "form1 tabulate", clock.now()):
        placed, kept = put_exports(order.exports, order.period, ready, beside)
    return Tabulated(tuple(sorted([*findings, *said_apart], key=sort_key)), placed, kept, content)


def _open(order: TabulateOrder) -> tuple[dict[str, list[Opened]], list[Finding]]:
    held, findings = files.find(order.form, order.records, order.period)
    findings += files.missing(order.form, held)
    parts: dict[str, list[Opened]] = {}
    for extract, found in held.items():
        for part in found:
            read, faults = opened.open_part(order.form, order.form.records.extracts[extract], part)
            findings += faults
            if read is not None:
                parts.setdefault(extract, []).append(read)
    names = {part.name for found in held.values() for part in found}
    hashes = {part.part.name: part.input.sha256 for read in parts.values() for part in read}
    findings += sums.faults(order.form, order.records, names, hashes)
    return parts, findings


def _invented(folder: Path, parts: Mapping[str, Sequence[Opened]]) -> Finding | None:
    """The warning that nobody collected the records: the file beside them says so, or the numbers of the persons."""
    copied = (part.part.name for held in parts.values() for part in held if part.invented)
    name = INVENTED if os.path.lexists(folder / INVENTED) else next(copied, None)
    return Finding.of("records_invented", Place(file=name)) if name else None


def _stop(findings: Sequence[Finding]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)


def _rejected(findings: Sequence[Finding]) -> Tabulated:
    return Tabulated(tuple(sorted(findings, key=sort_key)))
