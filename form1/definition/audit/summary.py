"""The audit of summary.toml: every figure names what its table has, and its templates name what there is to say."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator

from form1.core.texts import LANGUAGES, Text
from form1.definition.form import Form
from form1.definition.records import Table
from form1.definition.summary import Figure

_ALT = {"title", "period", "whole", "list"}
_SAYS = {"ranking": {"list", "whole"}, "pyramid": {"whole", "left_share", "right_share", "largest", "largest_share"}}


def summary_faults(form: Form, term: Callable[[Form, str, Table, str, str], Iterator[str]]) -> Iterator[str]:
    """Yield every contradiction in summary.toml; `term` judges a row and a column of a table.

    The summary is that of today's form. In an older version, what it has no table for is left out.
    """
    for figure in form.summary if form.newest is None else ():
        where = f"summary.toml: {figure.id}"
        for quantity in figure.quantity:
            if quantity.table not in form.tables:
                yield f"{where} names {quantity.table}, which is no table."
            else:
                yield from term(form, where, form.tables[quantity.table], quantity.row, quantity.column)
        if figure.table is not None and figure.table not in form.tables:
            yield f"{where} names {figure.table}, which is no table."
        elif figure.table is not None:
            yield from term(form, where, form.tables[figure.table], figure.row, "T")
            yield from _shape(form, where, figure, form.tables[figure.table])
        yield from _templates(where, figure)


def _shape(form: Form, where: str, figure: Figure, table: Table) -> Iterator[str]:
    if not table.rows.detail:
        yield f"{where} shows the rows of {table.id}, which has none but its total."
    if figure.rows == "groups" and table.rows.groups is None and not table.rows.block:
        yield f"{where} shows the groups of {table.id}, which has none."
    if figure.across is not None:
        lists = [column.codes for column in table.columns if column.dimension == figure.across]
        if not lists:
            yield f"{where} lays {figure.across!r} across, which is no dimension of the columns of {table.id}."
        elif len({entry.code for entry in form.codelists[lists[0]].codes}) != 2:
            yield f"{where} lays {figure.across!r} across, which has not exactly two codes."
    known = {entry.code for entry in form.codelists[table.rows.codes].codes} if table.rows.codes else set()
    if table.rows.groups:
        known |= {entry.code for entry in form.codelists[table.rows.groups.codes].codes}
    known |= {block.code for block in table.rows.block} | set(table.rows.renamed.values())
    for code in figure.names:
        if code not in known:
            yield f"{where} gives {code!r} a name, which is no row of {table.id}."


def _templates(where: str, figure: Figure) -> Iterator[str]:
    sentence = figure.sentence
    asked: list[tuple[str, Text | None, set[str]]] = [("alt", figure.alt, _ALT)]
    if sentence is not None:
        asked += [
            ("says", sentence.says, _SAYS.get(figure.kind, set())),
            ("item", sentence.item, {"share", "name"}),
            ("first", sentence.first, {"share", "name"}),
            ("rest", sentence.rest, {"share"}),
        ]
    for part, template, known in asked:
        fields = {language: _fields(template.of(language)) for language in LANGUAGES} if template else {}
        if unknown := sorted(set().union(*fields.values()) - known):
            yield f"{where}: {part} asks for {{{unknown[0]}}}; there is {', '.join(sorted(known)) or 'nothing'}."
        if len({frozenset(names) for names in fields.values()}) > 1:
            yield f"{where}: {part} does not say the same in every language."


def _fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}
