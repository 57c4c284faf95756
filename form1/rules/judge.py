"""Judge a frame of cells by the rulebook: every rule ends in pass, fail or not evaluated, and every fault is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from form1.core import clock
from form1.core.cells import CellMap
from form1.core.errors import DefinitionError
from form1.core.findings import Finding, Place
from form1.core.periods import Period
from form1.core.texts import LANGUAGES, Text
from form1.definition.form import Form
from form1.definition.layout import Layout
from form1.definition.wording import day_in_words
from form1.model.forms import RuleOutcome, RuleResult
from form1.model.history import History
from form1.rules import misplaced, shapes, sums, thresholds, time
from form1.rules.case import Case, Comparison, Context
from form1.rules.derive import cases


def judge(
    form: Form,
    period: Period,
    cells: CellMap,
    layouts: Mapping[str, Layout],
    history: Mapping[Period, History],
) -> tuple[list[Finding], list[RuleResult]]:
    """Return the findings and the outcome of every rule.

    `history` gives the earlier periods that `needed_periods` asks for. An empty rulebook is an error, not "accepted".
    """
    context = Context(form, period, cells, layouts, history)
    findings: list[Finding] = []
    results: list[RuleResult] = []
    for case in cases(form):
        comparisons = list(_comparisons(context, case))
        failed = [comparison for comparison in comparisons if comparison.message]
        blocked = [comparison for comparison in comparisons if comparison.blocked]
        findings += [
            Finding.by_rule(case.id, item.severity or case.severity, case.level, item.message, item.place, **item.facts)
            for item in failed
        ]
        results.append(
            RuleResult(
                case.id,
                case.kind,
                case.says,
                case.severity,
                case.level,
                RuleOutcome.FAIL if failed else RuleOutcome.NOT_EVALUATED if blocked else RuleOutcome.PASS,
                tested=len(comparisons) - len(blocked),
                failed=len(failed),
                blocked_by=_reason(context, blocked),
            )
        )
    if not results:
        raise DefinitionError("rules.toml holds no rule: a form cannot be accepted by an empty rulebook.")
    return findings, results


def needed_periods(form: Form, period: Period, *, later: bool = False) -> tuple[Period, ...]:
    """Return the earlier periods, or the `later` ones, that some rule of the rulebook looks at."""
    return tuple(sorted({other for case in cases(form) for other in time.looks_at(case, period, later=later)}))


def _reason(context: Context, blocked: list[Comparison]) -> Text | None:
    """The first reason, and how many comparisons had another one."""
    reasons = [item.blocked for item in blocked if item.blocked is not None]
    others = sum(reason != reasons[0] for reason in reasons)
    if not others:
        return reasons[0] if reasons else None
    return context.form.words["more_reasons"].filled(reason=reasons[0], count=others)


def _comparisons(context: Context, case: Case) -> Iterator[Comparison]:
    absent = [table for table in case.tables if table not in context.layouts]
    if absent:
        yield Comparison(Place(), blocked=context.word("table_not_filled", table=", ".join(absent)))
        return
    kinds = {
        "present": sums.present,
        "adds_up": sums.adds_up,
        "same": time.same if case.rule else sums.equal_margins,
        "at_most": thresholds.at_most,
        "of_which": thresholds.of_which,
        "in_range": thresholds.in_range,
        "forbidden": thresholds.forbidden,
        "moved": time.moved,
        "not_below": time.not_below,
        "repeats": time.repeats,
        "not_empty": shapes.not_empty,
        "not_sorted": shapes.not_sorted,
        "not_exchanged": shapes.not_exchanged,
        "not_shifted": misplaced.not_shifted,
        "not_scaled": misplaced.not_scaled,
    }
    yield from kinds[case.kind](context, case)


def not_over(period: Period, now: datetime, *, draft: bool = False) -> Iterator[Finding]:
    """Yield a finding when `period` has not ended at the moment `now`, by the clock of Baku, with the day on which it
    has: an error, for a draft a warning.
    """
    if clock.in_baku(now).date() > period.last_day:
        return
    first = period.last_day + timedelta(days=1)
    day = Text(**{language: day_in_words(first, language) for language in LANGUAGES})
    if draft:
        yield Finding.of("period_running", period=str(period), day=day)
    else:
        yield Finding.of("period_not_over", period=str(period), day=day)
