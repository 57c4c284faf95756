"""What a table may look like in print: every row that it can have on a day, by code, by label and by line code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain, combinations

from form1.core.texts import LANGUAGES, Text
from form1.definition.fillable import possible_rows
from form1.definition.form import Form
from form1.definition.layout import OBSERVED, Layout, Row, lay_out
from form1.definition.records import Table
from form1.recognise.view import Words

_MOST_VARIANTS = 4
"""Codes printed only when observed that a table's columns may have, for every set of them to be tried."""


@dataclass(frozen=True)
class Printed:
    """A table as it may stand in a workbook; `whole` has every row and column that is possible on the day."""

    table: Table
    whole: Layout
    by_code: Mapping[str, str]
    """Row code by folded printed code."""
    by_label: Mapping[str, tuple[str, ...]]
    """Row codes by folded label, in all languages, aliases included."""
    titles: frozenset[str]
    heads: frozenset[str]
    widths: Mapping[frozenset[str], Layout]
    """The layouts of the columns, by the codes of theirs that are printed only when observed."""

    def rows_of(self, words: Words, label: str) -> tuple[str, ...]:
        """Return the codes of the rows that a label can mean."""
        return tuple(dict.fromkeys(row for key in words.of(label) for row in self.by_label.get(key, ())))

    def row_of(self, words: Words, code: str) -> str:
        """Return the row that a printed code means, or nothing."""
        return next((self.by_code[key] for key in words.of(code) if key in self.by_code), "")


def printed(form: Form, table: Table, on: date, words: Words) -> Printed:
    """Return how `table` may be printed on a day."""
    rare = [
        entry.code
        for dimension in table.columns
        for entry in form.codelists[dimension.codes].on(on)
        if OBSERVED in entry.flags
    ][:_MOST_VARIANTS]
    choices = chain.from_iterable(combinations(rare, count) for count in range(len(rare) + 1))
    widths = {frozenset(choice): lay_out(form, table, on, choice) for choice in choices}
    whole = lay_out(form, table, on, {*possible_rows(form, table, on), *rare})
    by_code: dict[str, str] = {}
    by_label: dict[str, dict[str, None]] = {}
    aliases, numbers = _aliases(form, table), _codes_of_any_day(form, table)
    for row in whole.rows:
        also = aliases.get(_own_code(table, row), ())
        # The number that a row has in another version of the form is a code like its own, and no label.
        for key in (*words.of(row.shown_code), *(key for name in also if name in numbers for key in words.of(name))):
            by_code.setdefault(key, row.code)
        for label in (*_names(row.label), *(name for name in also if name not in numbers)):
            for key in words.of(label):
                by_label.setdefault(key, {})[row.code] = None
    return Printed(
        table,
        whole,
        by_code,
        {label: tuple(codes) for label, codes in by_label.items()},
        frozenset(key for title in _names(table.title) for key in words.of(title)),
        frozenset(
            key for column in whole.columns for head in column.heads for name in _names(head) for key in words.of(name)
        ),
        widths,
    )


def _own_code(table: Table, row: Row) -> str:
    return row.keys.get(table.rows.dimension or "", row.code)


def _aliases(form: Form, table: Table) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    lists: Iterable[str | None] = (table.rows.codes, table.rows.groups.codes if table.rows.groups else None)
    for name in filter(None, lists):
        for code, alias in form.codelists[name].aliases:
            found.setdefault(code, []).append(alias)
    return found


def _codes_of_any_day(form: Form, table: Table) -> set[str]:
    return {entry.code for entry in form.codelists[table.rows.codes].codes} if table.rows.codes else set()


def _names(text: Text) -> tuple[str, ...]:
    return tuple(text.of(language) for language in LANGUAGES)
