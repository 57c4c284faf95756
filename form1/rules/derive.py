"""The cases of a rulebook: typed rules table by table, and what the tables imply."""

from __future__ import annotations

from collections.abc import Iterator

from form1.core.texts import Text
from form1.definition.equations import linked_tables
from form1.definition.form import Form
from form1.definition.rulebook import Derived, Rule, Term
from form1.rules.case import Case


def cases(form: Form) -> Iterator[Case]:
    """Give every case of the rulebook, derived ones first."""
    for derived in form.rulebook.derived:
        yield from _derived(form, derived)
    for rule in form.rulebook.rule:
        if rule.each:
            for table in rule.each:
                yield _typed(rule, f"{rule.id}.{table}", table)
        else:
            yield _typed(rule, rule.id, "")


def _derived(form: Form, derived: Derived) -> Iterator[Case]:
    def case(id: str, tables: tuple[str, ...], says: Text) -> Case:
        return Case(id, derived.kind, says, derived.severity, derived.level, tables, what=derived.what)

    if derived.what == "equal_margins":
        for left, right in linked_tables(form):
            says = _filled(derived.says, table=left.id, other=right.id)
            yield case(f"{derived.id}.{left.id}-{right.id}", (left.id, right.id), says)
        return
    for table in form.tables.values():
        if derived.what == "rows_add_up" and not table.rows.detail:
            continue
        yield case(f"{derived.id}.{table.id}", (table.id,), _filled(derived.says, table=table.id))


def _typed(rule: Rule, id: str, table: str) -> Case:
    left, right = _at(rule.left or rule.cells, table), _at(rule.right, table)
    tables = tuple(dict.fromkeys(term.table for term in (left, right) if term is not None))
    says = (
        Text(az=f"{table}: {rule.says.az}", en=f"{table}: {rule.says.en}", ru=f"{table}: {rule.says.ru}")
        if table
        else rule.says
    )
    return Case(id, rule.kind, says, rule.severity, rule.level, tables, rule, left, right)


def _at(term: Term | None, table: str) -> Term | None:
    return term.model_copy(update={"table": table}) if term is not None and term.table == "*" else term


def _filled(says: Text, **facts: str) -> Text:
    return Text(az=says.az.format(**facts), en=says.en.format(**facts), ru=says.ru.format(**facts))
