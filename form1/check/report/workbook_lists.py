"""What the error workbook tells of, and its further sheets: the summary, every finding, and the rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from form1.check.report.workbook_listing import ListColumn, Listing
from form1.core.literal import plain
from form1.model.forms import Received
from form1.views.causes import CauseView, cause_views
from form1.views.findings import WEIGHTS, FindingView, received_finding_views, rules_in_words

TEXT: Final = "member label 0"
CODE: Final = "member code"
COUNT: Final = "member count"
"""Roles of the cells in every list."""


@dataclass(frozen=True)
class Account:
    """A received form in words; `notes` gives the sheet and row of the note of a rule, once that sheet is known."""

    received: Received
    findings: tuple[FindingView, ...]
    causes: tuple[CauseView, ...]
    rules: Mapping[str, str]
    notes: Mapping[str, tuple[str, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, received: Received) -> Account:
        """Return the account of a received form, still without the places of the notes."""
        findings = received_finding_views(received)
        return cls(received, findings, cause_views(received, findings), rules_in_words(received, findings))

    def word(self, word: str) -> str:
        """Return a word of words.toml in the language of the report."""
        return self.received.form.word(word, self.received.language)

    def link(self, column: int, rule: str) -> dict[int, tuple[str, int]]:
        """Return the link of a column to the note of a rule, or none when the rule has no note."""
        return {column: self.notes[rule]} if rule in self.notes else {}


SEVERITY_IN_SUMMARY: Final = 4
SEVERITY_IN_FINDINGS: Final = 3
OUTCOME_IN_RULES: Final = 1


def summarise(account: Account) -> Listing:
    """Return the findings counted by rule and table, the gravest and most frequent first."""
    columns = [
        ListColumn(account.word("says"), TEXT, share=1.0),
        ListColumn(account.word("table"), CODE),
        ListColumn(account.word("how_many"), COUNT),
        ListColumn(account.word("first_place"), CODE),
        ListColumn(account.word("severity"), CODE),
        ListColumn(account.word("known"), COUNT),
        ListColumn(account.word("level"), CODE),
        ListColumn(account.word("rule"), TEXT),
    ]
    listing = Listing([(account.word("summary_sheet"), "heading")], columns)
    counted: dict[tuple[str, str], list[FindingView]] = {}
    for finding in account.findings:
        counted.setdefault((finding.rule, finding.table), []).append(finding)
    weighed = sorted(counted.items(), key=lambda item: (_weight(item[1]), -len(item[1])))
    for (rule, table), findings in weighed:
        first = findings[0]
        listing.add(
            account.rules[rule],
            table or account.word("whole_file"),
            len(findings),
            first.address or None,
            account.word(first.severity),
            sum(finding.weight == "known" for finding in findings) or None,
            first.level,
            rule,
            links=account.link(7, rule),
        )
    return listing


def list_findings(account: Account) -> Listing:
    """Return every finding in the order of the check, with its state and the number of its cause."""
    columns = [
        ListColumn(account.word("ordinal_number"), CODE),
        ListColumn(account.word("what_was_found"), TEXT, share=1.0),
        ListColumn(account.word("cell"), CODE),
        ListColumn(account.word("severity"), CODE),
        ListColumn(account.word("state"), TEXT),
        ListColumn(account.word("cause"), CODE),
        ListColumn(account.word("table"), CODE),
        ListColumn(account.word("level"), CODE),
        ListColumn(account.word("rule"), TEXT),
    ]
    listing = Listing([(account.word("findings"), "heading")], columns)
    for finding in account.findings:
        listing.add(
            finding.number,
            finding.text,
            finding.address or None,
            account.word(finding.severity),
            ", ".join(finding.states) or None,
            finding.cause or None,
            finding.table or None,
            finding.level,
            finding.rule,
            links=account.link(8, finding.rule),
        )
    return listing


def list_rules(account: Account, sheet: str) -> tuple[Listing, Mapping[str, tuple[str, int]]]:
    """Return the rules, and the row of each on the sheet of this title: the broken first, then those not judged."""
    columns = [
        ListColumn(account.word("says"), TEXT, share=0.6),
        ListColumn(account.word("outcome"), CODE),
        ListColumn(account.word("blocked_by"), TEXT, share=0.4),
        ListColumn(account.word("severity"), CODE),
        ListColumn(account.word("level"), CODE),
        ListColumn(account.word("tested"), COUNT),
        ListColumn(account.word("failed"), COUNT),
        ListColumn(account.word("rule"), TEXT),
    ]
    listing = Listing([(account.word("rules"), "heading")], columns)
    notes: dict[str, tuple[str, int]] = {}
    language, order = account.received.language, ["fail", "not_evaluated", "pass"]
    for result in sorted(account.received.results, key=lambda result: order.index(result.outcome)):
        notes[result.rule] = (sheet, listing.next_row)
        listing.add(
            account.rules[result.rule],
            account.word(result.outcome),
            plain(result.blocked_by.of(language)) if result.blocked_by else None,
            account.word(result.severity),
            result.level,
            result.tested,
            result.failed,
            result.rule,
        )
    # What is wrong with a file breaks no rule of the rulebook; its message stands here all the same.
    for rule, findings in _without_rule(account.findings).items():
        notes[rule] = (sheet, listing.next_row)
        severity, level = account.word(findings[0].severity), findings[0].level
        listing.add(account.rules[rule], account.word("fail"), None, severity, level, None, len(findings), rule)
    return listing, notes


def _without_rule(findings: Iterable[FindingView]) -> dict[str, list[FindingView]]:
    found: dict[str, list[FindingView]] = {}
    for finding in findings:
        if not finding.is_rule:
            found.setdefault(finding.rule, []).append(finding)
    return found


def _weight(findings: Iterable[FindingView]) -> int:
    return min(WEIGHTS.index(finding.weight) for finding in findings)
