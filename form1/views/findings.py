"""The findings on a form in words: where, what is wrong there in numbers, what it weighs, and what explains it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from form1.core.cells import Address
from form1.core.findings import Finding, Place, Severity
from form1.core.literal import plain
from form1.definition.wording import locate, say
from form1.model.forms import Judged, Received
from form1.views.tables import anchor

KNOWN: Final = "known"
WEIGHTS: Final = (Severity.ERROR.value, Severity.WARNING.value, KNOWN, Severity.INFORMATION.value)
"""What a finding weighs, the gravest first: its severity, or "known" for a warning that was accepted."""


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding as people read it; `number` counts from 1 in the order of the check."""

    number: int
    where: str
    """Table, line and column, with the cell of the sender's workbook; empty when the finding is about no place."""
    sentence: str
    """What is wrong there, in numbers, without the place."""
    weight: str
    severity: str
    level: int
    rule: str
    """The rule that failed, else the message that says what is wrong with the file."""
    is_rule: bool
    """True when the rule has an outcome of its own among the results."""
    table: str
    at: Address | None
    """The cell of the form, when the finding is about one cell."""
    address: str
    """`3!D17` in the sender's workbook, or as much of it as is known."""
    target: str
    """Anchor of the cell, row or table on the page; empty when there is none."""
    reason: str
    """Why a known warning was accepted."""
    states: tuple[str, ...] = ()
    """Words: known, new, still open."""
    cause: int | None = None
    """Number of the cause that explains it, from 1."""

    @property
    def anchor(self) -> str:
        """The finding's own anchor on the page."""
        return f"finding-{self.number}"

    @property
    def text(self) -> str:
        """The whole of it in one line: where, what, and why it is known."""
        said = f"{self.where}: {self.sentence}" if self.where else self.sentence
        return f"{said} ({self.reason})" if self.reason else said

    @property
    def is_formal(self) -> bool:
        """True for an error of form: level 0 is the file, every other level is what it says."""
        return self.level == 0


def sentence(judged: Judged, finding: Finding) -> str:
    """Return a finding as one line, with the cell of the sender's workbook where there is one."""
    return say(judged.form, finding, judged.language, judged.layouts, judged.at)


def sentences(judged: Judged, severity: Severity) -> Iterator[str]:
    """Give the findings of one severity, each as one line."""
    return (sentence(judged, finding) for finding in judged.findings if finding.severity == severity)


def where(judged: Judged, place: Place) -> str:
    """Return a place for people, with the cell of the sender's workbook where there is one."""
    return locate(judged.form, place, judged.language, judged.layouts, judged.at)


def finding_views(judged: Judged) -> tuple[FindingView, ...]:
    """Return every finding in words, in the order of the form's findings; none is left out."""
    rules = {result.rule for result in judged.results}
    return tuple(_view(judged, number, finding, rules) for number, finding in enumerate(judged.findings, start=1))


def received_finding_views(received: Received) -> tuple[FindingView, ...]:
    """Return every finding on a received form in words, with its state and its cause."""
    return tuple(
        replace(view, states=_states(received, position), cause=_cause(received, position))
        for position, view in enumerate(finding_views(received))
    )


def rules_in_words(judged: Judged, findings: tuple[FindingView, ...]) -> Mapping[str, str]:
    """Return a sentence for every rule, and for every message that no rule stands behind (its first finding)."""
    words = {result.rule: plain(result.says.of(judged.language)) for result in judged.results}
    for finding in findings:
        words.setdefault(finding.rule, finding.sentence)
    return words


def address_of(judged: Judged, place: Place) -> str:
    """Return the cell of the sender's workbook as text (`3!D17`), else its sheet, else the table of the form."""
    at = judged.at.get(place.address)
    if at is not None:
        return f"{plain(at.sheet)}!{at.cell}"
    if not place.sheet:
        return plain(place.table)
    cell = plain(place.cell) + (str(place.line) if place.line and not place.cell[-1:].isdigit() else "")
    return f"{plain(place.sheet)}!{cell}" if cell else plain(place.sheet)


def anchor_of(judged: Judged, place: Place) -> str:
    """Return the anchor of a place as far as the tables on the page have it."""
    layout = judged.layouts.get(place.table)
    if layout is None:
        return ""
    if place.row not in layout.row:
        return anchor(place.table)
    return anchor(place.table, place.row, place.column if place.column in layout.column else "")


def _view(judged: Judged, number: int, finding: Finding, rules: set[str]) -> FindingView:
    place = finding.place
    there = plain(where(judged, place))
    layout = judged.layouts.get(place.table)
    in_table = layout is not None and place.row in layout.row and place.column in layout.column
    return FindingView(
        number=number,
        where=there,
        sentence=plain(sentence(judged, finding)).removeprefix(f"{there}: "),
        weight=KNOWN if finding.accepted and finding.severity == Severity.WARNING else finding.severity.value,
        severity=finding.severity.value,
        level=finding.level,
        rule=plain(finding.rule or finding.message),
        is_rule=finding.rule in rules,
        table=plain(place.table),
        at=place.address if in_table else None,
        address=address_of(judged, place),
        target=anchor_of(judged, place),
        reason=plain(finding.accepted),
    )


def _states(received: Received, position: int) -> tuple[str, ...]:
    words = [KNOWN] if received.findings[position].accepted else []
    if received.progress is not None:
        words += ["new"] if position in received.progress.new else []
        words += ["still_open"] if position in received.progress.still_open else []
    return tuple(received.form.word(word, received.language) for word in words)


def _cause(received: Received, position: int) -> int | None:
    cause = received.cause_of.get(position)
    return None if cause is None else cause + 1
