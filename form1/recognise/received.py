"""A received form: the cells that its workbook holds, where they stand there, and what is odd about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from form1.core.cells import Address, Cell, SheetCell
from form1.core.findings import Finding
from form1.core.literal import plain
from form1.core.periods import Period
from form1.core.texts import Language
from form1.definition.form import Form
from form1.definition.layout import Layout
from form1.model.forms import InputFile
from form1.xlsx.read.gate import Admitted
from form1.xlsx.read.raw import RawBook
from form1.xlsx.read.refusal import Refusal

_LONGEST_SENTENCE: Final = 200
_LONGEST_FACT: Final = 48


@dataclass(frozen=True)
class ReadForm:
    """What a workbook holds. Without a period there are neither cells nor layouts, and a finding says so."""

    file: InputFile
    period: Period | None
    """The period that the caller gave, else the one that the workbook states."""
    language: Language
    """The language in which most of the workbook is written."""
    cells: Mapping[Address, Cell]
    """Origin RECEIVED. A cell that stands empty is left out; one that holds no count is a gap, and has a finding."""
    at: Mapping[Address, SheetCell]
    """Sheet and cell (`D17`) of every cell of the form that has its place in the workbook, empty ones too."""
    layouts: Mapping[str, Layout]
    """By table, in the order of the form, for the tables that the workbook holds."""
    findings: tuple[Finding, ...]
    book: RawBook
    admitted: Admitted
    signatories: Mapping[str, str] = field(default_factory=dict)
    """What was typed into the signature block of a form that is filled by hand, by the keys of form1.toml."""
    is_undecided: bool = False
    """True when some table of the workbook is as much one of the form as another."""
    blank: Mapping[str, Finding] = field(default_factory=dict)
    """By table of a template into which nobody wrote anything: the finding that says so, which is among the others."""


def sentence(form: Form, refusal: Refusal, language: Language) -> str:
    """Return a refusal as one line of at most 200 characters, without control characters."""
    message = form.messages[refusal.message]
    written = {"az": message.az, "en": message.en, "ru": message.ru}[language]
    facts = {name: _short(plain(str(fact))) for name, fact in refusal.facts.items()}
    return written.format_map(facts)[:_LONGEST_SENTENCE]


def _short(fact: str) -> str:
    return fact if len(fact) <= _LONGEST_FACT else fact[: _LONGEST_FACT - 1] + "…"
