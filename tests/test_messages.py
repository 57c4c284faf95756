"""Every message is given as messages.toml declares it, and no code asks which message a finding has."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pytest

import form1
from form1.core.findings import declarations

PACKAGE = Path(form1.__file__).parent
OF_RULES = {"by_rule", "Comparison"}
"""Calls that give the message of a rule."""
GIVERS = {"of", "Refused", "Refusal", "Unreadable", "_Unreadable", "_add", "_no_count", "_find", *OF_RULES}
"""Calls to which a message and its facts are given."""
COUNTING = {"Requirement", "_kind"}
"""Calls to which a message is given whose facts are completed by what is counted."""
COUNTED = {"records", "lines"}
NO_FACTS = {"line", "sheet", "column", "name", "severity", "shows_values"}
"""Values that such calls take for themselves where the message has no such field."""
PASSED_ON = {
    "form1/build/sources/reading.py",
    "form1/build/sources/layout.py",
    "form1/build/sources/seen.py",
    "form1/recognise/counts.py",
    "form1/records/tabulate/faults.py",
    "form1/records/tabulate/opened.py",
    "form1/rules/judge.py",
}
"""Where a finding is made of a message that was given elsewhere."""
SPEAKING = {
    "form1/definition/wording.py",
    "form1/definition/acceptance.py",
    "form1/recognise/received.py",
    "form1/render/data.py",
}
"""Where a finding is put into words or written down, or held against what the office wrote in accepted.toml."""


@dataclass(frozen=True)
class Given:
    """A message that a call gives: where, by which call, and the names of its facts (`and_more`: further ones)."""

    where: str
    call: str
    id: str
    facts: frozenset[str]
    and_more: bool


@lru_cache(maxsize=1)
def parsed() -> list[tuple[str, ast.Module]]:
    paths = sorted(PACKAGE.rglob("*.py"))
    return [(path.relative_to(PACKAGE.parent).as_posix(), ast.parse(path.read_bytes())) for path in paths]


def name_of(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        is_finding = isinstance(call.func.value, ast.Name) and call.func.value.id == "Finding"
        return call.func.attr if call.func.attr != "of" or is_finding else ""
    return call.func.id if isinstance(call.func, ast.Name) else ""


def ids_in(node: ast.expr) -> list[ast.Constant]:
    """The messages that an argument gives: one, or one of two."""
    if isinstance(node, ast.IfExp):
        return ids_in(node.body) + ids_in(node.orelse)
    known = isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in declarations()
    return [node] if known and isinstance(node, ast.Constant) else []


@lru_cache(maxsize=1)
def given() -> tuple[list[Given], list[str]]:
    """Return every message that is given, and where the id of a message stands otherwise."""
    found: list[Given] = []
    astray: list[str] = []
    for file, tree in parsed():
        placed: set[ast.Constant] = set()
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            if name_of(call) not in GIVERS | COUNTING:
                continue
            facts = {keyword.arg for keyword in call.keywords if keyword.arg}
            and_more = any(keyword.arg is None for keyword in call.keywords)
            for node in (*call.args, *(keyword.value for keyword in call.keywords if keyword.arg == "facts")):
                if isinstance(node, ast.Dict):
                    facts |= {key.value for key in node.keys if isinstance(key, ast.Constant)}
                    and_more |= None in node.keys
                elif isinstance(node, ast.Name) and node.id == "facts":
                    and_more = True
            facts -= {"facts"}
            if name_of(call) in COUNTING:
                facts |= COUNTED | ({"values"} if "shows_values" in facts else set())
            for constant in (constant for node in call.args for constant in ids_in(node)):
                placed.add(constant)
                own = facts - (NO_FACTS - declarations()[constant.value].fields)
                found.append(Given(f"{file}:{call.lineno}", name_of(call), constant.value, frozenset(own), and_more))
        for node in ast.walk(tree):
            is_id = isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in declarations()
            if is_id and node not in placed:
                astray.append(f"{file}:{node.lineno} {node.value}")
    return found, astray


def test_the_id_of_a_message_stands_only_where_it_is_given() -> None:
    """Nobody can then ask for one: what code wants to know of a finding is a value of its own."""
    assert given()[1] == []


def test_every_call_gives_the_declared_facts() -> None:
    wrong = [
        f"{one.where} {one.id}: {sorted(one.facts)}, declared are {sorted(declarations()[one.id].fields)}"
        for one in given()[0]
        if not (
            one.facts <= declarations()[one.id].fields if one.and_more else one.facts == declarations()[one.id].fields
        )
    ]
    assert wrong == []


def test_rules_alone_give_the_messages_of_rules() -> None:
    of_rules = {one.id for one in given()[0] if one.call in OF_RULES}
    others = {one.id for one in given()[0] if one.call not in OF_RULES}
    without = {id for id, declared in declarations().items() if declared.severity is None}
    assert (of_rules, others & without) == (without, set())


def test_every_declared_message_is_given() -> None:
    assert set(declarations()) - {one.id for one in given()[0]} == set()


def test_findings_are_made_as_declared() -> None:
    """By `Finding.of` and `Finding.by_rule`, with the message in the call; where it is passed on, that is known here."""
    bare, passed_on = [], set()
    for file, tree in parsed():
        if file == "form1/core/findings.py":
            continue
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            if isinstance(call.func, ast.Name) and call.func.id == "Finding":
                bare.append(f"{file}:{call.lineno}")
            if isinstance(call.func, ast.Attribute) and name_of(call) in {"of", "by_rule"}:
                message = call.args[0 if name_of(call) == "of" else 3]
                if not ids_in(message):
                    passed_on.add(file)
    assert (bare, passed_on) == ([], PASSED_ON)


@pytest.mark.parametrize(
    ("code", "asks"),
    [
        pytest.param("x.message == y", True, id="compared"),
        pytest.param("x.message in y", True, id="looked for"),
        pytest.param("a in (b or x.message, c)", True, id="looked for in"),
        pytest.param("y[x.message]", True, id="looked up"),
        pytest.param("y.get(x.message)", True, id="asked for"),
        pytest.param("x.message.startswith(y)", True, id="cut up"),
        pytest.param("match x.message:\n    case _: pass", True, id="matched"),
        pytest.param("Finding.of(x.message, place)", False, id="passed on"),
        pytest.param("if x.message: pass", False, id="there at all"),
    ],
)
def test_the_watch_sees_a_question(code: str, asks: bool) -> None:
    assert bool(list(questions(ast.parse(code)))) is asks


def questions(tree: ast.AST) -> Iterator[ast.expr | ast.stmt]:
    """Yield where the message of something is compared, looked up, matched or cut up."""

    def within(*nodes: ast.AST | None) -> bool:
        parts = (part for node in nodes if node is not None for part in ast.walk(node))
        return any(isinstance(part, ast.Attribute) and part.attr == "message" for part in parts)

    for node in ast.walk(tree):
        match node:
            case ast.Compare() if within(node.left, *node.comparators):
                yield node
            case ast.Subscript() if within(node.slice):
                yield node
            case ast.Match() if within(node.subject):
                yield node
            case ast.Call(func=ast.Attribute(attr="get" | "pop")) if within(*node.args):
                yield node
            case ast.Attribute(value=ast.Attribute(attr="message")):
                yield node


def test_nobody_asks_which_message_a_finding_has() -> None:
    asking = [f"{file}:{node.lineno}" for file, tree in parsed() for node in questions(tree) if file not in SPEAKING]
    assert asking == []


def test_those_who_put_findings_into_words_are_few() -> None:
    assert {file for file, tree in parsed() if any(True for _ in questions(tree))} == SPEAKING
