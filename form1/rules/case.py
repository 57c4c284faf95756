"""A case: one rule applied to one table (or pair of tables), and the comparisons that it makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from form1.core.cells import Address, Cell, CellMap
from form1.core.findings import Fact, Place, Severity
from form1.core.periods import Period
from form1.core.texts import LANGUAGES, Text
from form1.definition.form import Form
from form1.definition.layout import Layout
from form1.definition.rulebook import Kind, Rule, Term
from form1.definition.wording import locate
from form1.model.history import History


@dataclass(frozen=True)
class Case:
    """What is judged: `tables` are those that must be filled for it."""

    id: str
    kind: Kind
    says: Text
    severity: Severity
    level: int
    tables: tuple[str, ...]
    rule: Rule | None = None
    left: Term | None = None
    right: Term | None = None
    what: str = ""
    """For a derived case: which of the derivations it carries out."""


@dataclass(frozen=True)
class Comparison:
    """One comparison of a case: it passed, failed (then `message` says how), or could not be made (`blocked`)."""

    place: Place
    message: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    blocked: Text | None = None
    severity: Severity | None = None
    """Where this comparison weighs otherwise than its rule."""


@dataclass(frozen=True)
class Context:
    """What the rules look at."""

    form: Form
    period: Period
    cells: CellMap
    layouts: Mapping[str, Layout]
    history: Mapping[Period, History]

    def cell(self, address: Address) -> Cell | None:
        """Return a cell of the form, or None when the table has no such cell."""
        return self.cells.get(address)

    def named(self, table: str, row: str, column: str) -> Text:
        """Return the address of a cell for people, in every language."""
        place = Place(table=table, row=row, column=column)
        return self.everywhere(place)

    def everywhere(self, place: Place) -> Text:
        """Return a place in every language."""
        spoken = {language: locate(self.form, place, language, self.layouts) for language in LANGUAGES}
        return Text(az=spoken["az"], en=spoken["en"], ru=spoken["ru"])

    def word(self, word: str, **facts: str) -> Text:
        """Return a word of the form in every language, filled with facts that read alike in all."""
        text = self.form.words[word]
        return Text(az=text.az.format(**facts), en=text.en.format(**facts), ru=text.ru.format(**facts))

    def gap(self, address: Address) -> Text:
        """Return the reason "this cell holds no number"."""
        named = self.named(*address)
        text = self.form.words["gap_in_cell"]
        return Text(
            az=text.az.format(cell=named.az),
            en=text.en.format(cell=named.en),
            ru=text.ru.format(cell=named.ru),
        )
