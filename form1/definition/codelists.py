"""codes/*.csv and codes/lists.toml as frozen records: classifications, their entries and when these are in force."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from form1.core.texts import Text
from form1.definition.records import Identifier, Record, Sourced


class Classification(Sourced):
    """What a code list is: lists.toml."""

    title: Text
    version: Text
    agency: Text
    generic_words: tuple[str, ...] = ()
    """Words that many names of the list share (`Respublikası`, `rayonu`); a name is known without them, too."""
    not_alone: tuple[str, ...] = ()
    """What is left of several names without their generic words, and therefore names none of them: `Koreya`."""


class Code(Sourced):
    """One entry of a code list, in force from `valid_from` to `valid_to`, both inclusive."""

    code: str = Field(min_length=1)
    name: Text
    parent: str = ""
    counted_as: str = ""
    flags: frozenset[str] = frozenset()
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""

    def in_force(self, on: date) -> bool:
        """True when the entry is in force on the day."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


class CodeList(Record):
    """A classification: its entries in the order of the form, and the other labels that exports use for them."""

    id: Identifier
    classification: Classification
    codes: tuple[Code, ...]
    aliases: tuple[tuple[str, str], ...] = ()
    """Pairs of code and label."""

    def on(self, day: date) -> tuple[Code, ...]:
        """The entries in force on `day`, in the order of the form."""
        return tuple(code for code in self.codes if code.in_force(day))


def codes_of(codelist: CodeList) -> tuple[str, ...]:
    """Return the codes of a list, each once, whenever they are in force, in the order of the list."""
    return tuple(dict.fromkeys(entry.code for entry in codelist.codes))
