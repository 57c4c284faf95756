"""The findings of a received form in words: what the page and the error workbook both say of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from form1.core.cells import Address
from form1.core.findings import Finding, Place, Severity
from form1.core.texts import plain
from form1.definition.wording import locate, say
from form1.model.judgement import Judgement
from form1.model.submission import Submission
from form1.render.page import tables

KNOWN: Final = "known"
WEIGHTS: Final = (Severity.ERROR.value, Severity.WARNING.value, KNOWN, Severity.INFORMATION.value)
"""What a finding weighs, the gravest first: its severity, or "known" for a warning that was accepted."""


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding as people read it; `number` counts from 1 in the order of the judgement."""

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


def finding_views(judgement: Judgement) -> tuple[FindingView, ...]:
    """Return every finding in words, in the order of the judgement; none is left out."""
    rules = {result.rule for result in judgement.results}
    return tuple(_view(judgement, place, finding, rules) for place, finding in enumerate(judgement.findings))


def rules_in_words(judgement: Judgement, findings: tuple[FindingView, ...]) -> Mapping[str, str]:
    """Return a sentence for every rule, and for every message that no rule stands behind (its first finding)."""
    words = {result.rule: plain(result.says.of(judgement.language)) for result in judgement.results}
    for finding in findings:
        words.setdefault(finding.rule, finding.sentence)
    return words


def address_of(judgement: Judgement, place: Place) -> str:
    """Return the cell of the sender's workbook as text (`3!D17`), else its sheet, else the table of the form."""
    at = judgement.at.get((place.table, place.row, place.column))
    if at is not None:
        return f"{plain(at[0])}!{at[1]}"
    if not place.sheet:
        return plain(place.table)
    cell = plain(place.cell) + (str(place.line) if place.line and not place.cell[-1:].isdigit() else "")
    return f"{plain(place.sheet)}!{cell}" if cell else plain(place.sheet)


def anchor_of(judgement: Judgement, place: Place) -> str:
    """Return the anchor of a place as far as the tables on the page have it."""
    layout = judgement.layouts.get(place.table)
    if layout is None:
        return ""
    if place.row not in layout.row:
        return tables.anchor(place.table)
    return tables.anchor(place.table, place.row, place.column if place.column in layout.column else "")


def as_submission(judgement: Judgement) -> Submission:
    """Return the received form as what draws our own form takes; revision 0 is none of ours."""
    return Submission(
        judgement.form,
        judgement.period,
        0,
        judgement.language,
        judgement.cells,
        judgement.layouts,
        judgement.findings,
        judgement.results,
        judgement.verdict,
        {},
        (judgement.file,),
    )


def _view(judgement: Judgement, position: int, finding: Finding, rules: set[str]) -> FindingView:
    form, language, place = judgement.form, judgement.language, finding.place
    where = plain(locate(form, place, language, judgement.layouts, judgement.at))
    sentence = plain(say(form, finding, language, judgement.layouts, judgement.at)).removeprefix(f"{where}: ")
    weight = KNOWN if finding.accepted and finding.severity == Severity.WARNING else finding.severity.value
    address = (place.table, place.row, place.column)
    layout = judgement.layouts.get(place.table)
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
        address=address_of(judgement, place),
        target=anchor_of(judgement, place),
        reason=plain(finding.accepted),
        states=_states(judgement, position, finding),
        cause=judgement.cause_of.get(position, -1) + 1,
    )


def _states(judgement: Judgement, position: int, finding: Finding) -> tuple[str, ...]:
    words = [KNOWN] if finding.accepted else []
    if judgement.progress is not None:
        words += ["new"] if position in judgement.progress.new else []
        words += ["still_open"] if position in judgement.progress.still_open else []
    return tuple(judgement.form.word(word, judgement.language) for word in words)
