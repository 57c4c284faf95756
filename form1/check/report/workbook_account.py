"""What the sheets of the error workbook tell of: one received form in words, and where each rule has its note."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from form1.model.forms import Received
from form1.views.causes import CauseView, cause_views
from form1.views.findings import FindingView, received_finding_views, rules_in_words

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
