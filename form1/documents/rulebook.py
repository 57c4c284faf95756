"""The rules, what a finding can say, and the recorded corrections."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from form1.definition import Form
from form1.definition.rulebook import Derived, Rule, Term
from form1.documents.markdown import code, codes, table, text
from form1.rules.derive import cases

_HEADS: Final = ("severity", "level", "judges", "carries out", "status", "source")


def rules(form: Form) -> Iterator[str]:
    """Give the lines on derived rules and on those of rules.toml, each with the tables that it judges."""
    judged = _judged(form)
    yield "## Rules"
    yield ""
    yield (
        f"{sum(map(len, judged.values()))} cases of {len(judged)} rules. ESS level: 0 file, 1 within the form,"
        " 2 over time, 3 between sources. Only an error stops a submission."
    )
    yield ""
    yield "### Derived from the tables"
    yield ""
    derived = form.rulebook.derived
    spoken = [(rule, rule.says.en.format(table="a table", other="another table")) for rule in derived]
    yield from table(
        ["id", "sentence", "kind", *_HEADS],
        [(code(rule.id), text(says), rule.kind, *_bearing(rule, judged[rule.id])) for rule, says in spoken],
    )
    yield "### Written in rules.toml"
    yield ""
    yield from table(
        ["id", "sentence", "Azerbaijani", "kind", "measures", *_HEADS],
        [
            (
                code(rule.id),
                text(rule.says.en),
                text(rule.says.az),
                rule.kind,
                _measures(rule),
                *_bearing(rule, judged[rule.id]),
            )
            for rule in form.rulebook.rule
        ],
    )


def _bearing(rule: Rule | Derived, judged: list[str]) -> tuple[str, ...]:
    identities = ", ".join(rule.implements)
    return rule.severity, str(rule.level), ", ".join(judged), identities, rule.status, text(rule.source)


def _judged(form: Form) -> dict[str, list[str]]:
    """The tables (or pairs of tables) to which each rule applies, by rule, in the order of the rulebook."""
    ids = [*(rule.id for rule in form.rulebook.derived), *(rule.id for rule in form.rulebook.rule)]
    found: dict[str, list[str]] = {id: [] for id in ids}
    for case in cases(form):
        rule = next(id for id in ids if case.id == id or case.id.startswith(f"{id}."))
        found[rule].append("–".join(case.tables))
    return found


def _measures(rule: Rule) -> str:
    said = []
    if rule.cells:
        said.append(_term(rule.cells))
    if rule.left and rule.right:
        factor = f" × {rule.factor:g}" if rule.factor != 1 else ""
        said.append(f"{_term(rule.left)} against {_term(rule.right)}{factor}")
    if rule.minimum is not None:
        said.append(f"at least {rule.minimum}")
    if rule.maximum is not None:
        said.append(f"at most {rule.maximum}")
    if rule.ratio is not None:
        said.append(f"change above {rule.ratio:.0%} and of {rule.at_least} or more, against {', '.join(rule.against)}")
    if rule.codes:
        said.append(f"codes {codes(rule.codes)}")
    if rule.flag:
        said.append(f"codes flagged {code(rule.flag)}")
    return "; ".join(said)


def _term(term: Term) -> str:
    table_id = "" if term.table == "*" else f"{term.table}, "
    row = "every row" if term.row == "*" else f"row {code(term.row)}"
    column = "every column" if term.column == "*" else f"column {code(term.column)}"
    return f"{table_id}{row}, {column}" + (f" of period `{term.period}`" if term.period != "current" else "")


def messages(form: Form) -> Iterator[str]:
    """Give the lines on what a finding can say."""
    yield "## What a finding can say"
    yield ""
    yield "In front of the sentence stands the place: file, sheet and line, or table, line and column."
    yield "A sentence without a severity is that of a rule and has the severity and the level of the rule."
    yield ""
    yield from table(
        ["id", "sentence", "severity", "level"],
        [
            (code(one.id), text(one.en), one.severity or "", "" if one.level is None else str(one.level))
            for one in form.messages.values()
        ],
    )


def corrections(form: Form) -> Iterator[str]:
    """Give the lines on recorded corrections of a source's known errors."""
    yield "## Corrections"
    yield ""
    if not form.corrections:
        yield "None is recorded."
        yield ""
        return
    yield from table(
        ["id", "cell", "was", "becomes", "reason", "status", "source"],
        [
            (
                code(one.id),
                f"{one.period}/{one.table}/{text(one.row)}/{text(one.column)}",
                str(one.was),
                str(one.becomes),
                text(one.reason.en),
                one.status,
                text(one.source),
            )
            for one in form.corrections
        ],
    )
