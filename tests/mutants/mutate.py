"""The faults that a programmer makes, one at a time: every mutant of a module, in the order of its source.

What only says that something cannot happen (assertions, `strict` of a zip) is left alone, and so are annotations,
imports, decorators and docstrings.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_ORDER: dict[type[ast.cmpop], list[type[ast.cmpop]]] = {
    ast.Lt: [ast.LtE, ast.GtE],
    ast.LtE: [ast.Lt, ast.Gt],
    ast.Gt: [ast.GtE, ast.LtE],
    ast.GtE: [ast.Gt, ast.Lt],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is],
    ast.In: [ast.NotIn],
    ast.NotIn: [ast.In],
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_SKIPPED_FIELDS = {"annotation", "returns", "decorator_list", "bases", "type_params"}
_SKIPPED_NODES = (ast.Assert, ast.Import, ast.ImportFrom)
_SKIPPED_KEYWORDS = {"strict", "repr"}
_ANY_ORDER = {"isinstance", "max", "min"}
"""Functions whose arguments are not swapped: it is all the same, or never runs."""
_SHOWN = 60
"""Letters of a change that are shown."""


@dataclass(frozen=True)
class Mutant:
    """One fault: the `number` of its change within the module, where it stands, and what it makes of the code."""

    number: int
    line: int
    source: str
    """The line of the module, without indentation."""
    was: str
    becomes: str


Change = tuple[ast.AST, str, str, Callable[[], None]]
"""The node, its text before and after, and what makes the change in the tree."""


def mutants(source: str) -> list[Mutant]:
    """Return every mutant of a module."""
    lines = source.splitlines()
    return [
        Mutant(number, node.lineno, lines[node.lineno - 1].strip(), _short(was), _short(becomes))  # type: ignore[attr-defined]
        for number, (node, was, becomes, _) in enumerate(_changes(ast.parse(source)))
    ]


def mutated(source: str, number: int) -> ast.Module:
    """Return the tree of a module with one change made."""
    tree = ast.parse(source)
    for position, (_, _, _, make) in enumerate(_changes(tree)):
        if position == number:
            make()
            return ast.fix_missing_locations(tree)
    raise ValueError(f"there is no change {number}")


def _changes(tree: ast.Module) -> Iterator[Change]:
    for parent, field, index, node in _places(tree):
        for new, shown in _replacements(parent, field, node):

            def make(parent=parent, field=field, index=index, node=node, new=new) -> None:
                ast.copy_location(new, node)
                if index is None:
                    setattr(parent, field, new)
                else:
                    getattr(parent, field)[index] = new

            yield node, ast.unparse(node), shown or ast.unparse(new), make


def _places(node: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """Give each node with the place in its parent, where a fault could be: parents before their parts."""
    for field, value in ast.iter_fields(node):
        if field in _SKIPPED_FIELDS:
            continue
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST) and not _is_left_alone(node, child):
                yield node, field, index, child
                yield from _places(child)


def _is_left_alone(parent: ast.AST, node: ast.AST) -> bool:
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        return True
    if isinstance(parent, ast.Module) and isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return not _is_value(node.value)
    if isinstance(node, ast.keyword):
        return node.arg in _SKIPPED_KEYWORDS
    return isinstance(node, _SKIPPED_NODES)


def _is_value(node: ast.AST) -> bool:
    """False for an alias of a type: it is there for readers and the type checker."""
    return isinstance(node, ast.Constant | ast.Call | ast.Dict | ast.Set | ast.Tuple) or (
        isinstance(node, ast.BinOp) and not isinstance(node.op, ast.BitOr)
    )


def _replacements(parent: ast.AST, field: str, node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """Give what may stand in the place of a node, with its text when that is not the new node's."""
    match node:
        case ast.Compare():
            for place, operator in enumerate(node.ops):
                for other in _ORDER[type(operator)]:
                    yield (
                        ast.Compare(node.left, [*node.ops[:place], other(), *node.ops[place + 1 :]], node.comparators),
                        "",
                    )
        case ast.BoolOp():
            yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values), ""
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield node.operand, ""
        case ast.BinOp() if type(node.op) in _ARITHMETIC:
            yield ast.BinOp(node.left, _ARITHMETIC[type(node.op)](), node.right), ""
        case ast.Constant():
            for value in _other_values(parent, field, node.value):
                yield ast.Constant(value), ""
        case ast.Call(args=[one, other, *rest]) if (
            not isinstance(one, ast.Starred) and ast.unparse(node.func) not in _ANY_ORDER
        ):
            if ast.dump(one) != ast.dump(other) and not isinstance(other, ast.Starred):
                yield ast.Call(node.func, [other, one, *rest], node.keywords), ""
        case ast.Return(value=ast.expr() as value) if not _is_none(value):
            yield ast.Return(ast.Constant(None)), ""
        case ast.Expr() | ast.AugAssign() | ast.Continue() | ast.Break() | ast.Raise() | ast.Delete():
            if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
                yield ast.Pass(), "(removed)"
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield ast.Pass(), "(removed)"
        case _:
            pass
    is_test = (field == "test" and isinstance(parent, ast.If | ast.IfExp | ast.While)) or field == "ifs"
    if is_test and isinstance(node, ast.expr) and not isinstance(node, ast.Compare | ast.UnaryOp):
        yield ast.UnaryOp(ast.Not(), node), ""
    if field == "ifs":
        yield ast.Constant(True), ""


def _other_values(parent: ast.AST, field: str, value: object) -> Iterator[object]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield from (value + 1, value - 1)
    elif isinstance(value, str) and (
        field in {"defaults", "kw_defaults"} or (isinstance(parent, ast.AnnAssign) and field == "value")
    ):
        yield "" if value else "mutated"


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
