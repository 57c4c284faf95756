"""Judging a received form: from a workbook to a verdict, its causes, and the sender's workbook with cells marked."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from form1 import __version__, recognise, rules
from form1.archive import store
from form1.archive.store.receipt import stamp
from form1.build import history
from form1.check import localise
from form1.check.announced import annexes_in, invented
from form1.check.report import page as check_page
from form1.check.report import workbook as errors
from form1.check.report.findings import address_of
from form1.check.report.sentences import cause_in_words
from form1.core.cells import Address
from form1.core.errors import SourceError
from form1.core.findings import Fact, Finding, Place, Severity, sort_key, verdict
from form1.core.periods import Period
from form1.core.texts import Language, plain
from form1.definition import Form, load
from form1.definition.acceptance import Acceptance, accept
from form1.definition.wording import day_in_words, say
from form1.model.causes import Progress
from form1.model.forms import Received
from form1.recognise import ReadForm, Refusal
from form1.render import data
from form1.xlsx.edit.annotate import FindingRow, FindingsSheet, Mark
from form1.xlsx.edit.bounded import annotate_bounded

FINDINGS = "findings.json"
SEARCH_SECONDS = 2.0
"""Time limit of the search for localise."""


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
    """How a check ended: the form, judged, or the one line for which the file was not read."""

    workbook: Path
    received: Received | None = None
    refusal: str = ""
    folder: Path | None = None


def check(order: CheckOrder) -> Checked:
    """Judge one received workbook; write the results when a folder for them is named."""
    received = judge(order, order.workbook)
    if isinstance(received, str):
        return _refused(order, received)
    if order.against is not None:
        received = replace(received, progress=compare_findings(earlier_findings(order, order.against), received))
    folder = None
    if order.results is not None:
        folder = order.results / folder_name(order.workbook, received.file.sha256)
        store.place(folder, draw(order, received))
    return Checked(order.workbook, received, folder=folder)


def _refused(order: CheckOrder, reason: str) -> Checked:
    """A file that was not read: a receipt says that it came and why it was refused."""
    folder = None
    if order.results is not None and order.workbook.is_file():
        size, sha256 = order.workbook.stat().st_size, _hash(order.workbook)
        receipt = store.Receipt(
            plain(order.workbook.name), size, sha256, stamp(order.now), "", f"form1 {__version__}", order.form.sha256,
            "refused", 0, 0, reason,
        )  # fmt: skip
        folder = order.results / folder_name(order.workbook, sha256)
        store.place(folder, {"receipt.json": receipt.to_json()})
    return Checked(order.workbook, refusal=reason, folder=folder)


def _hash(path: Path) -> str:
    """The sha256 of a file of any size."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def judge(order: CheckOrder, workbook: Path) -> Received | str:
    """Return the form in a workbook, judged, or the sentence of its refusal. Every stage runs; nothing is capped."""
    form, language = order.form, order.language
    read = recognise.receive(form, workbook, order.period)
    if isinstance(read, Refusal):
        return recognise.sentence(form, read, language)
    if brought := annexes_in(form, read):
        return judge(replace(order, form=load(form.folder, brought)), workbook)
    period = read.period
    if period is None:
        return say(form, read.findings[0], language)
    form = form.of(period)
    early = [_not_over(period, language)] if period.last_day >= order.now.date() else []
    invented_in = invented(form, read)
    early += [Finding("received_invented", Severity.WARNING, 0, Place(sheet=sheet)) for sheet in invented_in]
    earlier = history.for_rules(form, period, editions=order.editions, exports=order.exports)
    judged, results = rules.judge(form, period, read.cells, read.layouts, earlier)
    found = accept([*early, *read.findings, *judged], order.acceptances, period, order.now.date())
    findings = tuple(sorted((_at_home(read, finding) for finding in found), key=sort_key))
    before = earlier.get(period.previous)
    found_causes = localise.find_causes(
        form, read.cells, read.layouts, before.cells if before else None, time_limit=SEARCH_SECONDS
    )
    file = replace(read.file, name=plain(read.file.name))
    return Received(
        form=form,
        period=period,
        language=language,
        cells=read.cells,
        layouts=read.layouts,
        is_invented=bool(invented_in),
        inputs=(file,),
        findings=findings,
        results=tuple(results),
        verdict=verdict(findings),
        at=read.at,
        causes=found_causes,
        cause_of=localise.group(findings, found_causes),
        content=read.admitted.content,
    )


def _not_over(period: Period, language: Language) -> Finding:
    facts: dict[str, Fact] = {"period": str(period), "day": day_in_words(period.last_day, language)}
    return Finding("period_not_over", Severity.ERROR, 0, Place(), facts)


def _at_home(read: ReadForm, finding: Finding) -> Finding:
    """The finding with the cell of the sender's workbook, so that it sorts and links by where it stands there."""
    place = finding.place
    at = read.at.get((place.table, place.row, place.column))
    return replace(finding, place=replace(place, sheet=at[0], cell=at[1])) if at and not place.cell else finding


def earlier_findings(order: CheckOrder, against: Path) -> dict[tuple[str, str], str]:
    """Return the open findings of an earlier check as sentences by rule and place.

    `against` is a folder of results with findings.json, or the workbook that was sent before. SourceError when it is
    neither.
    """
    if against.is_dir():
        try:
            entries = json.loads((against / FINDINGS).read_text(encoding="utf-8"))
            return _by_identity(entries)
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            raise SourceError(f"{against} holds no {FINDINGS} of an earlier check.") from None
    if not against.exists():
        raise SourceError(f"no file {against} to compare with.")
    before = judge(order, against)
    if isinstance(before, str):
        raise SourceError(f"{plain(against.name)} cannot be compared with: {before}")
    return _by_identity(json.loads(data.findings_json(before)))


def _by_identity(entries: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], str]:
    """What makes two findings the same: the rule (or message) and the cell of the form, or of the sheet."""
    return {
        (entry["expression"]["expression"], entry["data"]["target"][0]): entry["data"]["description"]
        for entry in entries
        if entry["value"] == "0"
    }


def compare_findings(was: Mapping[tuple[str, str], str], after: Received) -> Progress:
    """Say what a resubmission has mended, what is new, and what is still open."""
    now = list(_identities(json.loads(data.findings_json(after))))
    fixed = tuple(text for key, text in was.items() if key not in set(now))
    still = frozenset(place for place, key in enumerate(now) if key in was)
    return Progress(fixed, frozenset(range(len(now))) - still, still)


def _identities(entries: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """The identity of each finding of a report, in its order, which is that of the form that was judged."""
    for entry in entries:
        if entry["value"] == "0":
            yield entry["expression"]["expression"], entry["data"]["target"][0]


def sentence(received: Received, finding: Finding) -> str:
    """Return a finding as people read it, with the cell of the sender's workbook."""
    return say(received.form, finding, received.language, received.layouts, received.at)


def draw(order: CheckOrder, received: Received) -> dict[str, bytes]:
    """Return the files of a check: the annotated copy, the error workbook, the page, the findings, the receipt.

    Where no copy can be made the others say so, and the verdict is what it was.
    """
    copy = annotated(received)
    if copy is None:
        missing = Finding("no_annotated_copy", Severity.INFORMATION, 0, Place(file=received.file.name))
        received = replace(received, findings=(*received.findings, missing))
    return {
        **({} if copy is None else {"annotated.xlsx": copy}),
        "errors.xlsx": errors.draw(received),
        "report.html": check_page.draw(received),
        FINDINGS: data.findings_json(received),
        "cells.csv": data.cells_csv(received.cells),
        "receipt.json": receipt(received, order.now).to_json(),
    }


def annotated(received: Received) -> bytes | None:
    """Return the sender's workbook with faulty cells marked and a sheet of findings; None when it cannot be made."""
    word, language = received.form.word, received.language
    marks: list[Mark] = []
    rows: list[FindingRow] = []
    for number, cause in enumerate(received.causes.causes, start=1):
        text = f"{word('cause', language)} {number}: {cause_in_words(received, cause)}"
        cells = [received.at[item.address] for item in cause.amendments if item.address in received.at]
        marks += [Mark(*at, Severity.ERROR, text) for at in cells]
        where = address_of(received, Place(*cause.amendments[0].address)) if cause.amendments else ""
        values = (where, word("cause", language), text, cause.kind)
        rows.append(FindingRow(values, cells[0] if cells else None, Severity.ERROR))
    for finding in received.findings:
        text = sentence(received, finding)
        at = _cell_of(received, finding)
        if at is not None and finding.severity != Severity.INFORMATION:
            marks.append(Mark(at[0], at[1], finding.severity, text))
        known = f" ({word('known', language)}: {finding.accepted})" if finding.accepted else ""
        where = address_of(received, finding.place)
        values = (where, word(finding.severity, language), text + known, finding.rule or finding.message)
        rows.append(FindingRow(values, at, finding.severity))
    heads = (word("where", language), word("severity", language), word("findings", language), word("rule", language))
    return annotate_bounded(received.content, marks, FindingsSheet(word("findings", language), heads, rows))


def _cell_of(received: Received, finding: Finding) -> tuple[str, str] | None:
    place = finding.place
    address: Address = (place.table, place.row, place.column)
    if address in received.at:
        return received.at[address]
    return (place.sheet, place.cell) if place.sheet and re.fullmatch("[A-Z]{1,3}[1-9][0-9]*", place.cell) else None


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
