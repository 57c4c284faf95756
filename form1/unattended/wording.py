"""How an unattended run speaks: a line when somebody must act, a table for whoever watches."""

from __future__ import annotations

from collections.abc import Iterator

from form1.core.findings import Severity
from form1.core.literal import plain
from form1.core.texts import Language
from form1.definition import Form
from form1.definition.wording import day_in_words, say
from form1.unattended.recipe import PeriodResult, PeriodState, RunOutcome
from form1.unattended.schedule import Stage

_MOST = 4
"""Periods that the line names; the log and the reports have all of them."""


def attention(form: Form, language: Language, outcome: RunOutcome) -> str:
    """Return what somebody must act on, in one line; empty when all is well."""
    grave = [result for result in outcome.results if result.exit_code]
    said = [f"{result.period}: {sentence(form, language, result)}" for result in grave[:_MOST]]
    if len(grave) > _MOST:
        said.append(form.word("run_and_more", language).format(count=len(grave) - _MOST))
    return "; ".join(said)


def table(form: Form, language: Language, outcome: RunOutcome) -> Iterator[str]:
    """Yield a line for each period that was looked after."""
    for result in outcome.results:
        yield f"{result.period!s:8} {sentence(form, language, result)}"


def sentence(form: Form, language: Language, result: PeriodResult) -> str:
    """Return what became of a period and, where somebody must act, what is in the way and where to read on."""
    said = form.word(f"run_{result.state}", language)
    if result.state == PeriodState.AWAITED:
        return f"{said}; {deadline(form, language, result)}"
    parts = [said]
    if result.why:
        parts.append(plain(result.why).rstrip("."))
    if result.state in {PeriodState.REJECTED, PeriodState.INCOMPLETE} and result.submission is not None:
        errors = [finding for finding in result.submission.findings if finding.severity == Severity.ERROR]
        grave = next((finding for finding in errors if finding.unreadable), errors[0])
        parts.append(f"{form.word('errors', language)}: {len(errors)}")
        if result.state == PeriodState.INCOMPLETE:
            parts.append(say(form, grave, language, result.submission.layouts).rstrip("."))
    if result.state == PeriodState.DRAFTED:
        parts.append(deadline(form, language, result))
    if result.report is not None:
        parts.append(str(result.report))
    elif result.draft is not None:
        parts.append(str(result.draft))
    elif result.edition is not None and result.state not in {PeriodState.HARMED, PeriodState.FAILED}:
        parts.append(str(result.edition))
    return ": ".join(parts[:1]) + (f" ({', '.join(parts[1:])})" if parts[1:] else "")


def deadline(form: Form, language: Language, result: PeriodResult) -> str:
    """Return until when the form is accepted and how many days that is from now or back."""
    obligation = result.obligation
    day = day_in_words(obligation.deadline, language)
    word = "deadline_passed" if obligation.stage == Stage.OVERDUE else "deadline_ahead"
    return form.word(word, language).format(day=day, days=abs(obligation.days_left))
