"""The causes of a received form in words: which cell, what it holds, what it would have to hold, what that explains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from form1.core.cells import Address
from form1.core.findings import Place
from form1.core.literal import plain
from form1.core.texts import Language, Text
from form1.core.values import group_digits
from form1.definition.form import Form
from form1.model.causes import Amendment, Cause
from form1.model.forms import Received
from form1.views.findings import WEIGHTS, FindingView, address_of, anchor_of, where


@dataclass(frozen=True, slots=True)
class AmendmentView:
    """One cell that a cause would change."""

    at: Address
    where: str
    """Table, line and column, with the cell of the sender's workbook."""
    address: str
    """`3!D17`, or the table when the workbook's cell is not known."""
    target: str
    value: int
    would_be: int
    sentence: str
    """What the cell holds and what it would have to hold, with its place."""

    @property
    def short(self) -> str:
        """The change alone: `3!D17: 31 → 38`."""
        return f"{self.address}: {group_digits(self.value)} → {group_digits(self.would_be)}"


@dataclass(frozen=True, slots=True)
class CauseView:
    """A cause, its alternatives of equal weight, and the findings that it explains."""

    number: int
    kind: str
    amendments: tuple[AmendmentView, ...]
    alternatives: tuple[tuple[AmendmentView, ...], ...]
    further: str
    """What says that there are more alternatives than are listed; empty when there are none."""
    findings: tuple[FindingView, ...]

    @property
    def anchor(self) -> str:
        """The cause's own anchor on the page."""
        return f"cause-{self.number}"

    @property
    def weight(self) -> str:
        """What the gravest of its findings weighs; an error when it explains none."""
        return min((finding.weight for finding in self.findings), key=WEIGHTS.index, default=WEIGHTS[0])

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that its findings broke, each once, in the order of the findings."""
        return tuple(dict.fromkeys(finding.rule for finding in self.findings))


def cause_views(received: Received, findings: Sequence[FindingView]) -> tuple[CauseView, ...]:
    """Return the causes in words, in the order of the check (the gravest first)."""
    explained: dict[int, list[FindingView]] = {}
    for finding in findings:
        if finding.cause:
            explained.setdefault(finding.cause, []).append(finding)
    return tuple(
        CauseView(
            number,
            kind_in_words(received, cause),
            tuple(_amendment(received, amendment) for amendment in cause.amendments),
            tuple(tuple(_amendment(received, one) for one in other) for other in cause.alternatives),
            further_in_words(received.form, cause, received.language),
            tuple(sorted(explained.get(number, ()), key=lambda finding: WEIGHTS.index(finding.weight))),
        )
        for number, cause in enumerate(received.causes.causes, start=1)
    )


def kind_in_words(received: Received, cause: Cause) -> str:
    """Return the kind of a cause; of one that is told by tables and quarters, not by cells, all that it says."""
    facts = {
        name: fact.of(received.language)
        if isinstance(fact, Text)
        else where(received, fact)
        if isinstance(fact, Place)
        else str(fact)
        for name, fact in cause.facts.items()
    }
    text = received.form.word(cause.kind, received.language)
    return plain(text.format(**facts)) if facts else text


def further_in_words(form: Form, cause: Cause, language: Language) -> str:
    """Return what stands behind the last alternative that is listed: how many more there are, or that there are."""
    if cause.more < 0:
        return form.word("and_others", language)
    return form.word("and_more", language).format(count=group_digits(cause.more)) if cause.more else ""


def cause_in_words(received: Received, cause: Cause) -> str:
    """Return a cause as one line: the kind of slip, the cells, what they hold and would have to hold, alternatives."""
    word, language = received.form.word, received.language
    if not cause.amendments:
        return kind_in_words(received, cause)
    line = f"{word(cause.kind, language)}: {_in_words(received, cause.amendments)}"
    if cause.alternatives:
        others = " | ".join(_in_words(received, other) for other in cause.alternatives)
        line += f". {word('alternatives', language)}: {others}"
        if further := further_in_words(received.form, cause, language):
            line += f" | {further}"
    return line


def _in_words(received: Received, amendments: tuple[Amendment, ...]) -> str:
    return "; ".join(
        f"{where(received, Place(*item.address))}: {group_digits(item.value)} → {group_digits(item.would_be)}"
        for item in amendments
    )


def _amendment(received: Received, amendment: Amendment) -> AmendmentView:
    place = Place(*amendment.address)
    there = plain(where(received, place))
    return AmendmentView(
        at=amendment.address,
        where=there,
        address=address_of(received, place),
        target=anchor_of(received, place),
        value=amendment.value,
        would_be=amendment.would_be,
        sentence=received.form.word("would_have_to_be", received.language).format(
            where=there, value=group_digits(amendment.value), would_be=group_digits(amendment.would_be)
        ),
    )
