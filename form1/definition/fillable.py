"""The form as a person fills it by hand: every row and column that a table can have, and what counts as blank.

What draws the template and what reads it back go by this one page.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Final

from form1.core.findings import Severity
from form1.core.periods import Period
from form1.definition.form import Form
from form1.definition.layout import OBSERVED, Column, Layout, Row, lay_out
from form1.definition.records import Table

MARK: Final = "form1-template"
"""Title of the hidden sheet by which a template is known, and the first word on it."""
VERSION: Final = "1"


def fillable(form: Form, table: Table, on: date) -> Layout:
    """Return the layout of `table` with every row and column that may hold a count on a day.

    A code that a rule of severity error forbids in the table is left out: nobody can fill it by mistake.
    """
    return lay_out(
        form, table, on, (possible_rows(form, table, on) | rare_columns(form, table, on)) - _barred(form, table)
    )


def fillable_tables(form: Form, period: Period) -> Mapping[str, Layout]:
    """Return the layouts of a template for `period`, by table, in the order of the form."""
    return {table.id: fillable(form, table, period.last_day) for table in form.tables.values()}


def lists_of(layouts: Mapping[str, Layout]) -> str:
    """Return what tells one edition of the lists from another: a hash of line codes, row codes and column numbers."""
    digest = hashlib.sha256()
    for table, layout in layouts.items():
        lines = [f"{row.line} {row.code}" for row in layout.rows]
        columns = [f"{column.number} {column.code}" for column in layout.columns]
        digest.update("\n".join([table, *lines, *columns, ""]).encode())
    return digest.hexdigest()[:16]


def possible_rows(form: Form, table: Table, on: date) -> set[str]:
    """Return the codes of all rows of detail that a table can have on a day."""
    rows = table.rows
    if not rows.detail or rows.codes is None:
        return set()
    codes = [rows.renamed.get(entry.code, entry.code) for entry in form.codelists[rows.codes].on(on)]
    return {prefix + code for prefix in {"", *(block.prefix for block in rows.block)} for code in codes}


def rare_columns(form: Form, table: Table, on: date) -> set[str]:
    """Return the codes of columns that are printed only when a count was reported for them."""
    return {
        entry.code
        for dimension in table.columns
        for entry in form.codelists[dimension.codes].on(on)
        if OBSERVED in entry.flags
    }


def is_input(row: Row, column: Column) -> bool:
    """True for a cell that a person fills; every other one is a sum."""
    return row.counted and not column.parts


def may_stay_blank(form: Form, layout: Layout, row: Row, column: Column) -> str:
    """Return which cells may be blank together without a word about it: those of one row, or of one rare code in it.

    Empty for a cell that must be filled. A country that nobody came from has no line in the form; a code that is
    printed only when observed has no line or column.
    """
    if row.kind == "member" and (layout.table.rows.open or OBSERVED in row.flags):
        return row.code
    for dimension in layout.table.columns:
        code = column.keys[dimension.dimension]
        if any(entry.code == code and OBSERVED in entry.flags for entry in form.codelists[dimension.codes].codes):
            return f"{row.code} {code}"
    return ""


def _barred(form: Form, table: Table) -> set[str]:
    """Return the codes of rows or columns that may never hold a count in `table`."""
    return {
        code
        for rule in form.rulebook.rule
        if rule.kind == "forbidden" and rule.severity == Severity.ERROR and not rule.where
        for code in rule.codes
        if rule.cells is not None and (table.id in rule.each or rule.cells.table == table.id)
    }
