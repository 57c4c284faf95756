"""Judging a received form: from a workbook to a verdict, its causes, and the files of the check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Final

from form1 import recognise, rules
from form1.archive.receptions import Arrival
from form1.build import history
from form1.check import localise, reception
from form1.core.errors import SourceError, UsageError
from form1.core.findings import Finding, Place, sort_key, verdict
from form1.core.literal import plain
from form1.core.periods import Period
from form1.core.texts import LANGUAGES, Language, Text
from form1.definition import Form
from form1.definition.acceptance import Acceptance, accept
from form1.definition.annexes import with_annexes
from form1.definition.configuration import Calendar, Letter
from form1.definition.load import annexes_of, read_annex
from form1.definition.wording import say
from form1.model.forms import Received
from form1.recognise import ReadForm, Refusal
from form1.xlsx.read.raw import RawSheet

SEARCH_SECONDS: Final = 2.0
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
    register: Path | None = None
    """Where receptions are recorded, and whose accepted forms are the history; the caller holds its lock."""
    sender: str | None = None
    calendar: Calendar = field(default_factory=Calendar)
    letter: Letter = field(default_factory=Letter)
    letter_as_pdf: bool = True


@dataclass(frozen=True)
class Checked:
    """How a check ended: the form, judged, or the one line for which the file was not read."""

    workbook: Path
    received: Received | None = None
    refusal: str = ""
    folder: Path | None = None
    arrival: Arrival | None = None
    """What is known of the file that came; None for what is no file."""
    kept: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """What the register keeps of it."""


def check(order: CheckOrder) -> Checked:
    """Judge one received workbook; write the results when a folder for them is named.

    With a register the outcome carries what `reception.record` records: the caller does so, one file after the other.
    """
    received = judge(order, order.workbook)
    if isinstance(received, str):
        return _refused(order, received)
    if order.against is not None:
        received = _compared(order, order.against, received)
    if order.results is None and order.register is None:
        return Checked(order.workbook, received)
    from form1.check import results  # what draws is heavy, and a verdict alone needs none of it

    arrival = reception.of_form(received, order.now, order.calendar, order.register, order.sender)
    letter = results.letter_of(received, arrival, order.calendar, order.letter, as_pdf=order.letter_as_pdf)
    folder, kept = None, {}
    if order.results is not None:
        folder = results.keep(received, order.workbook, order.results, arrival.received, letter)
    if order.register is not None:
        told = {**results.told(received, arrival.received), **letter}
        kept = reception.kept(order.workbook, received.content, told)
    return Checked(order.workbook, received, folder=folder, arrival=arrival, kept=kept)


def _refused(order: CheckOrder, reason: str) -> Checked:
    if (order.results is None and order.register is None) or not order.workbook.is_file():
        return Checked(order.workbook, refusal=reason)
    from form1.check import results

    arrival = reception.of_refused(
        order.form,
        order.workbook,
        reason,
        now=order.now,
        language=order.language,
        period=order.period,
        calendar=order.calendar,
        register=order.register,
        sender=order.sender,
    )
    files = results.of_refused(order.form, arrival, order.calendar, order.letter, as_pdf=order.letter_as_pdf)
    folder = results.keep_refused(order.workbook, order.results, arrival.sha256, files) if order.results else None
    kept = reception.kept(order.workbook, None, files) if order.register is not None else {}
    return Checked(order.workbook, refusal=reason, folder=folder, arrival=arrival, kept=kept)


def _compared(order: CheckOrder, against: Path, received: Received) -> Received:
    """The form beside the one sent before: a folder of results, or the workbook; SourceError when it is neither."""
    from form1.check import resubmission

    if against.is_dir():
        before_period, was = resubmission.read_period(against), resubmission.read_findings(against)
    else:
        if not against.exists():
            raise SourceError(f"no file {against} to compare with.")
        before = judge(order, against)
        if isinstance(before, str):
            raise SourceError(f"{plain(against.name)} cannot be compared with: {before}")
        before_period, was = str(before.period), resubmission.findings_of(before)
    if before_period not in {"", str(received.period)}:
        raise UsageError(
            f"{plain(against.name)} is the form of {before_period}, {received.file.name} that of {received.period}: "
            "--against compares with a form of the same period."
        )
    return replace(received, progress=resubmission.compare_findings(was, received))


def judge(order: CheckOrder, workbook: Path) -> Received | str:
    """Return the form in a workbook, judged, or the sentence of its refusal. Every stage runs; nothing is capped."""
    form, language = order.form, order.language
    read = recognise.receive(form, workbook, order.period)
    if isinstance(read, Refusal):
        return recognise.sentence(form, read, language)
    if brought := _annexes_in(form, read):
        form = with_annexes(form, [read_annex(form.folder, name) for name in brought])
        read = recognise.understand(form, read.book, read.admitted, order.period)
    period = read.period
    if period is None:
        return say(form, read.findings[0], language)
    form = form.of(period)
    early = list(rules.not_over(period, order.now))
    invented_in = _says_invented(form, read)
    early += [Finding.of("received_invented", Place(sheet=sheet)) for sheet in invented_in]
    earlier = history.for_rules(
        form, period, editions=order.editions, exports=order.exports, register=order.register, later=True
    )
    judged, results = rules.judge(form, period, read.cells, read.layouts, earlier)
    found = accept([*early, *read.findings, *judged], order.acceptances, period, order.now.date())
    findings = tuple(sorted((_at_home(read, finding) for finding in found), key=sort_key))
    before = earlier.get(period.previous)
    named = localise.find_named(form, period, read.cells, read.layouts, findings, earlier)
    found_causes = localise.with_named(
        named,
        localise.find_causes(
            form, read.cells, read.layouts, before.cells if before else None, time_limit=SEARCH_SECONDS
        ),
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


def _at_home(read: ReadForm, finding: Finding) -> Finding:
    """The finding with the cell of the sender's workbook, so that it sorts and links by where it stands there."""
    place = finding.place
    at = read.at.get(place.address)
    return replace(finding, place=replace(place, sheet=at.sheet, cell=at.cell)) if at and not place.cell else finding


def _annexes_in(form: Form, read: ReadForm) -> tuple[str, ...]:
    """Return the annexes of the definition of which a table stands in the workbook, when none is expected.

    Only asked where some table is not clear: a form without annexes costs nothing. Of an annex every table is wanted.
    """
    if form.annexes or not read.is_undecided:
        return ()
    texts = {text for sheet in read.book.sheets for text in _texts(sheet)}
    titles = {name: _titles(form.folder, form.sha256, name) for name in annexes_of(form.folder)}
    return tuple(
        name
        for name, each in titles.items()
        if any(title.of(language) in text for title in each for language in LANGUAGES for text in texts)
    )


@lru_cache(maxsize=8)
def _titles(folder: Path, sha256: str, name: str) -> tuple[Text, ...]:
    """The titles of an annex's tables; read once for many workbooks, as long as the definition is the same."""
    return tuple(table.title for table in read_annex(folder, name).tables.values())


def _says_invented(form: Form, read: ReadForm) -> list[str]:
    """Return the first sheet that says that the data are invented, as the covers of such forms do; or nothing."""
    words = tuple(form.word("invented_data", language) for language in LANGUAGES)
    found = (sheet.name for sheet in read.book.sheets if any(text.startswith(words) for text in _texts(sheet)))
    return list(islice(found, 1))


def _texts(sheet: RawSheet) -> set[str]:
    return {" ".join(cell.text.split()) for cell in sheet.cells.values() if cell.kind == "t"}
