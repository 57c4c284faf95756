"""The findings of a received form in words: what the page and the error workbook both say of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from form1.core.cells import Address
from form1.core.findings import Finding, Place, Severity
from form1.core.texts import plain
from form1.definition.wording import locate, say
from form1.model.forms import Received
from form1.render.page import tables

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
    states: tuple[str, ...]
    """Words: known, new, still open."""
    cause: int
    """Number of the cause that explains it, from 1; 0 when there is none."""

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


def finding_views(received: Received) -> tuple[FindingView, ...]:
    """Return every finding in words, in the order of the check; none is left out."""
    rules = {result.rule for result in received.results}
    return tuple(_view(received, place, finding, rules) for place, finding in enumerate(received.findings))


def rules_in_words(received: Received, findings: tuple[FindingView, ...]) -> Mapping[str, str]:
    """Return a sentence for every rule, and for every message that no rule stands behind (its first finding)."""
    words = {result.rule: plain(result.says.of(received.language)) for result in received.results}
    for finding in findings:
        words.setdefault(finding.rule, finding.sentence)
    return words


def address_of(received: Received, place: Place) -> str:
    """Return the cell of the sender's workbook as text (`3!D17`), else its sheet, else the table of the form."""
    at = received.at.get(place.address)
    if at is not None:
        return f"{plain(at.sheet)}!{at.cell}"
    if not place.sheet:
        return plain(place.table)
    cell = plain(place.cell) + (str(place.line) if place.line and not place.cell[-1:].isdigit() else "")
    return f"{plain(place.sheet)}!{cell}" if cell else plain(place.sheet)


def anchor_of(received: Received, place: Place) -> str:
    """Return the anchor of a place as far as the tables on the page have it."""
    layout = received.layouts.get(place.table)
    if layout is None:
        return ""
    if place.row not in layout.row:
        return tables.anchor(place.table)
    return tables.anchor(place.table, place.row, place.column if place.column in layout.column else "")


def _view(received: Received, position: int, finding: Finding, rules: set[str]) -> FindingView:
    form, language, place = received.form, received.language, finding.place
    where = plain(locate(form, place, language, received.layouts, received.at))
    sentence = plain(say(form, finding, language, received.layouts, received.at)).removeprefix(f"{where}: ")
    weight = KNOWN if finding.accepted and finding.severity == Severity.WARNING else finding.severity.value
    address = place.address
    layout = received.layouts.get(place.table)
    in_table = layout is not None and place.row in layout.row and place.column in layout.column
    return FindingView(
        number=position + 1,
        where=where,
        sentence=sentence,
        weight=weight,
        severity=finding.severity.value,
        level=finding.level,
        rule=plain(finding.rule or finding.message),
        is_rule=finding.rule in rules,
        table=plain(place.table),
        at=address if in_table else None,
        address=address_of(received, place),
        target=anchor_of(received, place),
        reason=plain(finding.accepted),
        states=_states(received, position, finding),
        cause=received.cause_of.get(position, -1) + 1,
    )


def _states(received: Received, position: int, finding: Finding) -> tuple[str, ...]:
    words = [KNOWN] if finding.accepted else []
    if received.progress is not None:
        words += ["new"] if position in received.progress.new else []
        words += ["still_open"] if position in received.progress.still_open else []
    return tuple(received.form.word(word, received.language) for word in words)
