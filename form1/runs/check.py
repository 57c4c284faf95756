"""Judging a received form: from a workbook to a verdict, its causes, and the sender's workbook with cells marked."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from form1 import __version__, causes, deliver, receive, rules
from form1.acceptance import Acceptance, accept
from form1.cells import Address
from form1.definition import Form
from form1.definition.wording import say
from form1.deliver.receipt import stamp
from form1.findings import Finding, Severity, sort_key, verdict
from form1.judgement import Judgement, Progress
from form1.periods import Period
from form1.receive import Received, Refusal
from form1.receive.annotate import FindingRow, FindingsSheet, Mark, annotate
from form1.render import check_page, data
from form1.render.workbook import errors
from form1.runs.build import Order, earlier
from form1.runs.wording import cause_in_words
from form1.texts import Language

SEARCH_SECONDS = 2.0
"""Time limit of the search for causes."""


@dataclass(frozen=True)
class CheckOrder:
    """What is to be judged, by what, and where the results go (nowhere when `results` is None)."""

    form: Form
    workbook: Path
    now: datetime
    language: Language = "az"
    period: Period | None = None
    exports: Path = Path("exports")
    editions: Path = Path("output")
    acceptances: Sequence[Acceptance] = field(default=())
    against: Path | None = None
    results: Path | None = None


@dataclass(frozen=True)
class Checked:
    """How a check ended: a judgement, or the one line for which the file was not read."""

    workbook: Path
    judgement: Judgement | None = None
    refusal: str = ""
    folder: Path | None = None


def check(order: CheckOrder) -> Checked:
    """Judge one received workbook; write the results when a folder for them is named."""
    judgement = judge(order, order.workbook)
    if isinstance(judgement, str):
        return Checked(order.workbook, refusal=judgement)
    if order.against is not None:
        before = judge(order, order.against)
        if isinstance(before, str):
            return Checked(order.workbook, refusal=f"{order.against.name}: {before}")
        judgement = replace(judgement, progress=compare_findings(before, judgement))
    folder = None
    if order.results is not None:
        folder = order.results / folder_name(order.workbook, judgement.file.sha256)
        deliver.place(folder, draw(order, judgement))
    return Checked(order.workbook, judgement, folder=folder)


def judge(order: CheckOrder, workbook: Path) -> Judgement | str:
    """Return the judgement on a workbook, or the sentence of its refusal. Every stage runs; nothing is capped."""
    form, language = order.form, order.language
    received = receive.receive(form, workbook, order.period)
    if isinstance(received, Refusal):
        return receive.sentence(form, received, language)
    period = received.period
    if period is None:
        return say(form, received.findings[0], language)
    history = earlier(Order(form, period, order.exports, order.editions, language))
    judged, results = rules.judge(form, period, received.cells, received.layouts, history)
    found = accept([*received.findings, *judged], order.acceptances, period, order.now.date())
    findings = tuple(sorted((_at_home(received, finding) for finding in found), key=sort_key))
    before = history.get(period.previous)
    found_causes = causes.find_causes(
        form, received.cells, received.layouts, before.cells if before else None, time_limit=SEARCH_SECONDS
    )
    return Judgement(
        form, language, received.file, period, received.cells, received.layouts, received.at,
        findings, tuple(results), verdict(findings), found_causes, causes.group(findings, found_causes), content=received.admitted.content,
    )  # fmt: skip


def _at_home(received: Received, finding: Finding) -> Finding:
    """The finding with the cell of the sender's workbook, so that it sorts and links by where it stands there."""
    place = finding.place
    at = received.at.get((place.table, place.row, place.column))
    return replace(finding, place=replace(place, sheet=at[0], cell=at[1])) if at and not place.cell else finding


def compare_findings(before: Judgement, after: Judgement) -> Progress:
    """Say what a resubmission has mended, what is new, and what is still open."""
    was = {_identity(finding): finding for finding in before.findings if not finding.accepted}
    now = [_identity(finding) for finding in after.findings]
    fixed = tuple(sentence(before, finding) for key, finding in was.items() if key not in set(now))
    still = frozenset(place for place, key in enumerate(now) if key in was)
    return Progress(fixed, frozenset(range(len(now))) - still, still)


def _identity(finding: Finding) -> tuple[str, ...]:
    """What makes two findings the same: the rule and the cell of the form, or of the sheet where there is none."""
    place = finding.place
    where = (place.table, place.row, place.column) if place.table else (place.sheet, place.cell, str(place.line))
    return (finding.rule or finding.message, *where)


def sentence(judgement: Judgement, finding: Finding) -> str:
    """Return a finding as people read it, with the cell of the sender's workbook."""
    return say(judgement.form, finding, judgement.language, judgement.layouts, judgement.at)


def draw(order: CheckOrder, judgement: Judgement) -> dict[str, bytes]:
    """Return the files of a check: the annotated copy, the error workbook, the page, the findings, the receipt."""
    return {
        "annotated.xlsx": annotated(judgement),
        "errors.xlsx": errors.draw(judgement),
        "report.html": check_page.draw(judgement),
        "findings.json": data.findings_json(judgement),
        "cells.csv": data.cells_csv(judgement.cells),
        "receipt.json": receipt(judgement, order.now).to_json(),
    }


def annotated(judgement: Judgement) -> bytes:
    """Return the sender's workbook with the faulty cells marked and a sheet of findings."""
    word, language = judgement.form.word, judgement.language
    marks: list[Mark] = []
    rows: list[FindingRow] = []
    for number, cause in enumerate(judgement.causes.causes, start=1):
        text = f"{word('cause', language)} {number}: {cause_in_words(judgement, cause)}"
        cells = [judgement.at[item.address] for item in cause.amendments if item.address in judgement.at]
        marks += [Mark(*at, Severity.ERROR, text) for at in cells]
        rows.append(FindingRow((word("cause", language), text, cause.kind), cells[0] if cells else None))
    for finding in judgement.findings:
        text = sentence(judgement, finding)
        at = _cell_of(judgement, finding)
        if at is not None and finding.severity != Severity.INFORMATION:
            marks.append(Mark(at[0], at[1], finding.severity, text))
        known = f" ({word('known', language)}: {finding.accepted})" if finding.accepted else ""
        rows.append(FindingRow((word(finding.severity, language), text + known, finding.rule or finding.message), at))
    heads = (word("severity", language), word("findings", language), word("rule", language))
    return annotate(judgement.content, marks, FindingsSheet(word("findings", language), heads, rows))


def _cell_of(judgement: Judgement, finding: Finding) -> tuple[str, str] | None:
    place = finding.place
    address: Address = (place.table, place.row, place.column)
    if address in judgement.at:
        return judgement.at[address]
    return (place.sheet, place.cell) if place.sheet and re.fullmatch("[A-Z]{1,3}[1-9][0-9]*", place.cell) else None


def receipt(judgement: Judgement, now: datetime) -> deliver.Receipt:
    """Return the receipt of a judgement."""
    return deliver.Receipt(
        file=judgement.file.name,
        size=judgement.file.size,
        sha256=judgement.file.sha256,
        received=stamp(now),
        period=str(judgement.period),
        program=f"form1 {__version__}",
        reference_sha256=judgement.form.sha256,
        verdict=str(judgement.verdict),
        errors=_count(judgement.findings, Severity.ERROR),
        warnings=_count(judgement.findings, Severity.WARNING),
    )


def folder_name(workbook: Path, sha256: str) -> str:
    """Return the name of the folder of results: the file's own stem, made harmless, and the start of its hash."""
    stem = (
        re.sub(r"[^\w.-]+", "_", workbook.stem, flags=re.ASCII).strip("._")[:60]
        or hashlib.sha256(workbook.stem.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    )
    return f"{stem}-{sha256[:12]}"


def _count(findings: Iterable[Finding], severity: Severity) -> int:
    return sum(finding.severity == severity and not finding.accepted for finding in findings)
