"""Which cells a term means."""

from __future__ import annotations

from collections.abc import Sequence

from form1.core.cells import TOTAL, Address, column_code
from form1.definition.layout import Layout
from form1.definition.rulebook import Term


def columns(layout: Layout, term: Term) -> Sequence[str]:
    """Return the column codes of a term; `T` is the grand total of any table."""
    if term.column == "*":
        return [column.code for column in layout.columns]
    if term.column == TOTAL:
        return [column_code([TOTAL] * len(layout.table.columns))]
    return [term.column]


def rows(layout: Layout, term: Term) -> Sequence[str]:
    """Return the row codes of a term."""
    return [row.code for row in layout.rows] if term.row == "*" else [term.row]


def addresses(layout: Layout, term: Term) -> Sequence[Address]:
    """Return the cells of a term in the order of the table."""
    return [Address(layout.table.id, row, column) for row in rows(layout, term) for column in columns(layout, term)]
