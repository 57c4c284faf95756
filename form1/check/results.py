"""The files of a check: the sender's workbook with cells marked, the error workbook, the page, and for machines."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from form1 import __version__
from form1.archive import store
from form1.archive.receptions import Arrival
from form1.archive.store.receipt import stamp
from form1.check.report import letter
from form1.check.report import page as check_page
from form1.check.report import workbook as errors
from form1.core.cells import SheetCell
from form1.core.findings import Finding, Place, Severity
from form1.core.texts import LANGUAGES
from form1.definition.configuration import Calendar, Letter
from form1.definition.form import Form
from form1.model.forms import Received
from form1.render import data
from form1.views.causes import cause_in_words
from form1.views.findings import address_of, sentence
from form1.xlsx.edit.annotate import FindingRow, FindingsSheet, Mark
from form1.xlsx.edit.bounded import annotate_bounded


def keep(
    received: Received, workbook: Path, results: Path, now: datetime, with_letter: Mapping[str, bytes] | None = None
) -> Path:
    """Put the files of a check in a folder below `results`, named after the workbook; return that folder.

    `now` is when the workbook was received; `with_letter` are the files of the letter to the sender.
    """
    folder = results / folder_name(workbook, received.file.sha256)
    store.place(folder, {**draw(received, now), **(with_letter or {})})
    return folder


def keep_refused(workbook: Path, results: Path, sha256: str, files: Mapping[str, bytes]) -> Path:
    """Put what is said of a refused file in a folder below `results`; return that folder."""
    folder = results / folder_name(workbook, sha256)
    store.place(folder, files)
    return folder


def of_refused(form: Form, arrival: Arrival, calendar: Calendar, office: Letter, *, as_pdf: bool) -> dict[str, bytes]:
    """Return the files of a refusal: the receipt, that a file came and why it was not read, and the letter."""
    receipt = store.Receipt(
        file=arrival.file,
        size=arrival.size,
        sha256=arrival.sha256,
        received=stamp(arrival.received),
        period=str(arrival.period or ""),
        program=arrival.program,
        reference_sha256=arrival.reference_sha256,
        verdict=arrival.verdict,
        errors=0,
        warnings=0,
        reason=arrival.refusal,
    )
    return {"receipt.json": receipt.to_json(), **letter.draw(form, None, arrival, calendar, office, as_pdf=as_pdf)}


def letter_of(
    received: Received, arrival: Arrival, calendar: Calendar, office: Letter, *, as_pdf: bool
) -> dict[str, bytes]:
    """Return the letter to the sender of a form, as text and, where it is wanted, as PDF."""
    return letter.draw(received.form, received, arrival, calendar, office, as_pdf=as_pdf)


def told(received: Received, now: datetime) -> dict[str, bytes]:
    """Return those files of a check that are for machines."""
    return {
        "findings.json": data.findings_json(received),
        "cells.csv": data.cells_csv(received.cells),
        "receipt.json": receipt(received, now).to_json(),
    }


def draw(received: Received, now: datetime) -> dict[str, bytes]:
    """Return the files of a check: the annotated copy, the error workbook, the page, the findings, the receipt.

    Where no copy can be made the others say so, and the verdict is what it was.
    """
    copy = annotated(received, now)
    if copy is None:
        missing = Finding.of("no_annotated_copy", Place(file=received.file.name))
        received = replace(received, findings=(*received.findings, missing))
    return {
        **({} if copy is None else {"annotated.xlsx": copy}),
        "errors.xlsx": errors.draw(received),
        "report.html": check_page.draw(received, now),
        **told(received, now),
    }


def annotated(received: Received, now: datetime | None = None) -> bytes | None:
    """Return the sender's workbook with faulty cells marked and a sheet of findings; None when it cannot be made.

    The sheet stands first and says verdict, file and time; marks of an earlier check are taken off.
    """
    word, language = received.form.word, received.language
    marks: list[Mark] = []
    rows: list[FindingRow] = []
    for number, cause in enumerate(received.causes.causes, start=1):
        text = f"{word('cause', language)} {number}: {cause_in_words(received, cause)}"
        cells = [received.at[item.address] for item in cause.amendments if item.address in received.at]
        marks += [Mark(*at, Severity.ERROR, text) for at in cells]
        where = address_of(received, Place(*cause.amendments[0].address) if cause.amendments else cause.place)
        values = (where, word("cause", language), text, cause.kind)
        rows.append(FindingRow(values, cells[0] if cells else None, Severity.ERROR))
    for finding in received.findings:
        text = sentence(received, finding)
        at = _cell_of(received, finding)
        if at is not None and finding.severity != Severity.INFORMATION:
            marks.append(Mark(at.sheet, at.cell, finding.severity, text))
        known = f" ({word('known', language)}: {finding.accepted})" if finding.accepted else ""
        where = address_of(received, finding.place)
        values = (where, word(finding.severity, language), text + known, finding.rule or finding.message)
        rows.append(FindingRow(values, at, finding.severity))
    heads = (word("where", language), word("severity", language), word("findings", language), word("rule", language))
    about = [
        (word("verdict", language), word(received.verdict, language)),
        (word("file", language), received.file.name),
    ]
    if now is not None:
        about.append((word("judged_at", language), stamp(now)))
    titles = tuple(word("findings", each) for each in LANGUAGES)
    sheet = FindingsSheet(word("findings", language), heads, rows, about=tuple(about), titles=titles)
    return annotate_bounded(received.content, marks, sheet)


def _cell_of(received: Received, finding: Finding) -> SheetCell | None:
    place = finding.place
    if place.address in received.at:
        return received.at[place.address]
    is_cell = place.sheet and re.fullmatch("[A-Z]{1,3}[1-9][0-9]*", place.cell)
    return SheetCell(place.sheet, place.cell) if is_cell else None


def receipt(received: Received, now: datetime) -> store.Receipt:
    """Return the receipt of a received form."""
    return store.Receipt(
        file=received.file.name,
        size=received.file.size,
        sha256=received.file.sha256,
        received=stamp(now),
        period=str(received.period),
        program=f"form1 {__version__}",
        reference_sha256=received.form.sha256,
        verdict=str(received.verdict),
        errors=_count(received.findings, Severity.ERROR),
        warnings=_count(received.findings, Severity.WARNING),
    )


def folder_name(workbook: Path, sha256: str) -> str:
    """Return the name of the folder of results: the file's own stem, made harmless, and the start of its hash."""
    stem = re.sub(r"[^\w.-]+", "_", workbook.stem, flags=re.ASCII).strip("._")[:60]
    if stem != workbook.stem:
        # Names that become alike are told apart by their own hash.
        stem += f"-{hashlib.sha256(workbook.name.encode('utf-8', 'surrogateescape')).hexdigest()[:8]}"
    return f"{stem.lstrip('-')}-{sha256[:12]}"


def _count(findings: Iterable[Finding], severity: Severity) -> int:
    return sum(finding.severity == severity and not finding.accepted for finding in findings)
