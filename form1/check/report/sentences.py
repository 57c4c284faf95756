"""Findings and causes as sentences."""

from __future__ import annotations

from collections.abc import Iterator

from form1.check.report.causes import further_in_words
from form1.core.findings import Place, Severity
from form1.core.values import group_digits
from form1.definition.wording import locate, say
from form1.model.causes import Amendment, Cause
from form1.model.forms import Judged, Received


def cause_in_words(received: Received, cause: Cause) -> str:
    """Return a cause as one line: the kind of slip, the cells, what they hold and would have to hold, alternatives."""
    word, language = received.form.word, received.language
    line = f"{word(cause.kind, language)}: {amendments_in_words(received, cause.amendments)}"
    if cause.alternatives:
        others = " | ".join(amendments_in_words(received, other) for other in cause.alternatives)
        line += f". {word('alternatives', language)}: {others}"
        if further := further_in_words(received.form, cause, language):
            line += f" | {further}"
    return line


def amendments_in_words(received: Received, amendments: tuple[Amendment, ...]) -> str:
    """Return the cells of a cause, each with what it holds and what it would have to hold."""
    return "; ".join(
        f"{locate(received.form, Place(*item.address), received.language, received.layouts, received.at)}: "
        f"{group_digits(item.value)} → {group_digits(item.would_be)}"
        for item in amendments
    )


def sentences(judged: Judged, severity: Severity) -> Iterator[str]:
    """Give the findings of one severity as people read them."""
    for finding in judged.findings:
        if finding.severity == severity:
            yield say(judged.form, finding, judged.language, judged.layouts)
