"""What one cell of a received form holds: a count, a sign, or something that is a finding at that very cell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from form1.core.cells import Cell, Origin, gap
from form1.core.findings import Fact, Finding, Place
from form1.core.values import Status, parse_count
from form1.definition.form import Form
from form1.definition.spelling import tidy
from form1.recognise.view import Words
from form1.xlsx.read.formats import alters_number, hides_fraction, hides_number, is_date, is_percent
from form1.xlsx.read.formulas import Computer, NotComputed, has_constant, is_external, number_of
from form1.xlsx.read.raw import Mark, RawCell

_GROUPED: Final = re.compile(r"[0-9]{1,3}(?: [0-9]{3})+")
_LARGEST: Final = 10**15
_FIRST_DAY: Final = date(1899, 12, 30)
_LAST_DAY: Final = 2_958_465
_LONGEST: Final = 120


@dataclass
class Judge:
    """Judges the cells of one workbook; what is odd is collected in `findings`."""

    form: Form
    words: Words
    computer: Computer
    by_hand: bool = False
    """True for a template: its sums are our own formulas, which many programs save without their value."""
    unsaved: int = 0
    """Sums of a template that stood there without a stored value."""
    findings: list[Finding] = field(default_factory=list)
    _altered: dict[str, list[tuple[Place, RawCell]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._signs = {
            key: status
            for status, sign in self.form.signs().items()
            for written in (sign, sign.replace("...", "…"))
            for key in self.words.of(written)
        }

    def count(self, raw: RawCell, place: Place, at: tuple[str, int, int], *, is_sum: bool = False) -> Cell:
        """Return the cell of the form that a cell of the sheet `at` (sheet, row, column) holds.

        `is_sum` tells that other cells of the table add up to it.
        """
        text = raw.text
        if raw.mark:
            return self._marked(raw, place)
        if raw.formula:
            computed = self._formula(raw, place, at)
            if not text and raw.kind != "t":
                if computed is None:
                    return self._no_count("received_formula_empty", place, formula=_shown(raw.formula))
                if self.by_hand and is_sum:
                    self.unsaved += 1
                    return Cell(computed, Status.NUMBER, Origin.RECEIVED)
                shown = _shown(raw.formula)
                self._no_count("received_formula_without_value", place, formula=shown, computed=computed)
                return Cell(computed, Status.NUMBER, Origin.RECEIVED)
        if raw.kind == "n":
            return self._number(raw, place)
        if raw.kind == "b":
            return self._no_count("received_truth_value", place, found="TRUE" if text in {"1", "true"} else "FALSE")
        if raw.kind == "e":
            return self._no_count("received_error_value", place, found=text)
        if raw.kind == "d":
            return self._no_count("received_date", place, found=text)
        return self._text(text, place)

    def altered(self) -> Iterator[Finding]:
        """Give one finding for each table with numbers that their format can show otherwise."""
        for cells in self._altered.values():
            place, raw = cells[0]
            found, shown = raw.text, raw.format[:_LONGEST]
            yield Finding.of("received_number_altered", place, found=found, format=shown, count=len(cells))

    def _marked(self, raw: RawCell, place: Place) -> Cell:
        """Return the gap of a cell in which something is raised, lowered or struck out: it can be read in two ways."""
        rest = tidy(raw.unmarked or "") if raw.kind == "t" else ""
        if rest:
            return self._no_count("text_marked_in_part", place, found=tidy(raw.text), rest=rest)
        if raw.mark == Mark.STRUCK:
            return self._no_count("text_struck_out", place, found=raw.text)
        return self._no_count("text_raised", place, found=raw.text)

    def merged(self, place: Place, other: str) -> Cell:
        """Return the gap of a cell that lies under a merged area."""
        return self._no_count("received_merged", place, other=other)

    def under(self, raw: RawCell, place: Place, other: str) -> None:
        """Say that a cell holds something that nobody sees: a merged area that begins at `other` covers it."""
        self._add("received_under_merge", place, found=raw.text[:_LONGEST], other=other)

    def _number(self, raw: RawCell, place: Place) -> Cell:
        number = number_of(raw.text)
        if number is None or abs(number) >= _LARGEST:
            return self._no_count("received_number_unreadable", place, found=raw.text)
        whole = int(number) if number == int(number) else None
        if is_date(raw.format):
            day = _FIRST_DAY + timedelta(int(number)) if 0 < number <= _LAST_DAY else None
            return self._no_count("received_date", place, found=day.isoformat() if day else raw.text)
        if is_percent(raw.format):
            self._no_count("received_percent", place, found=raw.text)
        elif whole is None:
            if hides_fraction(raw.format):
                return self._no_count("received_fraction_hidden", place, found=raw.text)
            return self._no_count("received_fraction", place, found=raw.text)
        if hides_number(raw.format):
            self._add("received_number_hidden", place, found=raw.text)
        elif altered := alters_number(raw.format, (number > 0) - (number < 0)):
            if altered == "digits":
                self._add("received_digits_altered", place, found=raw.text, format=raw.format[:_LONGEST])
            else:
                self._altered.setdefault(place.table, []).append((place, raw))
        return (
            gap(Status.NOT_AVAILABLE, Origin.RECEIVED) if whole is None else Cell(whole, Status.NUMBER, Origin.RECEIVED)
        )

    def _text(self, text: str, place: Place) -> Cell:
        written = tidy(text)
        sign = next((self._signs[key] for key in self.words.of(written) if key in self._signs), None)
        if sign == "zero":
            return Cell(0, Status.NUMBER, Origin.RECEIVED)
        if sign in set(Status):
            # Nobody can count a gap: whoever reads the form is told where each one stands.
            self._add("received_gap", place, found=written)
            return gap(Status(sign), Origin.RECEIVED)
        value = parse_count(written.replace(" ", "") if _GROUPED.fullmatch(written) else written)
        if value is None:
            return self._no_count("received_not_a_count", place, found=text)
        self._add("received_text_number", place, found=text)
        return Cell(value, Status.NUMBER, Origin.RECEIVED)

    def _formula(self, raw: RawCell, place: Place, at: tuple[str, int, int]) -> int | None:
        """Compare what is stored with what the formula gives; return the latter when it is a whole number."""
        shown = _shown(raw.formula)
        if is_external(raw.formula):
            self._add("received_external_link", place, formula=shown)
            return None
        if raw.kind == "e":
            return None
        try:
            computed = self.computer.value(*at)
        except NotComputed:
            if raw.text:
                self._add("received_formula_not_computed", place, formula=shown)
            return None
        if has_constant(raw.formula):
            self._add("received_formula_constant", place, formula=shown)
        whole = computed == int(computed)
        if raw.text and number_of(raw.text) != computed:
            gives = int(computed) if whole else str(computed)
            self._add("received_formula_differs", place, formula=shown, found=raw.text, computed=gives)
        return int(computed) if whole and abs(computed) < _LARGEST else None

    def _no_count(self, message: str, place: Place, **facts: Fact) -> Cell:
        shown = {name: fact[:_LONGEST] if isinstance(fact, str) else fact for name, fact in facts.items()}
        self._add(message, place, **shown)
        return gap(Status.NOT_AVAILABLE, Origin.RECEIVED)

    def _add(self, message: str, place: Place, **facts: Fact) -> None:
        self.findings.append(Finding.of(message, place, **facts))


def _shown(formula: str) -> str:
    """Return a formula as people see it, with its sign; a workbook stores it without."""
    return ("=" + formula.removeprefix("="))[:_LONGEST]
