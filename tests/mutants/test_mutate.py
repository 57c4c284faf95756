"""What the mutator makes of a line, and that its lists fit the code as it stands."""

import ast

import pytest

from tests.mutants.mutate import mutants, mutated
from tests.mutants.run import REPOSITORY, all_mutants, declared, modules, sample


@pytest.mark.parametrize(
    ("source", "becomes"),
    [
        pytest.param("x = f(a < b)", ["a <= b", "a >= b"], id="order"),
        pytest.param("x = f(a == b)", ["a != b"], id="equality"),
        pytest.param("x = f(a is not None)", ["a is None"], id="identity"),
        pytest.param("x = f(a in b)", ["a not in b"], id="membership"),
        pytest.param("x = f(a and b)", ["a or b"], id="boolean operator"),
        pytest.param("x = f(not a)", ["a"], id="negation taken away"),
        pytest.param("if a:\n    pass", ["not a"], id="negation added"),
        pytest.param("x = f(a - b)", ["a + b"], id="arithmetic"),
        pytest.param("x = f(-a)", ["a"], id="sign"),
        pytest.param("x = f(7)", ["8", "6"], id="number"),
        pytest.param("x = f(a=True)", ["False"], id="truth value"),
        pytest.param("x = f(a, b, c)", ["f(b, a, c)"], id="arguments swapped"),
        pytest.param("x = max(a, b)", [], id="arguments of max are all the same"),
        pytest.param("def f():\n    return a", ["return None"], id="return"),
        pytest.param("def f(a=''):\n    pass", ["'mutated'"], id="default value"),
        pytest.param("class A:\n    a: str = 'x'", ["''"], id="default of a field"),
        pytest.param("f()", ["(removed)"], id="statement"),
        pytest.param("a[b] = c", ["(removed)"], id="entry"),
        pytest.param("x = f(a for a in b if a)", ["not a", "True"], id="filter of a comprehension"),
        pytest.param("'''A doc.'''\nassert a == 1\nfrom a import b\nx: int | None", [], id="what is left alone"),
        pytest.param("if TYPE_CHECKING:\n    f()", [], id="what only the type checker reads"),
        pytest.param("x = zip(a, strict=True)", [], id="what cannot happen"),
    ],
)
def test_mutants_of_a_line(source: str, becomes: list[str]) -> None:
    found = mutants(source)
    assert [mutant.becomes for mutant in found] == becomes
    texts = {ast.unparse(mutated(source, mutant.number)) for mutant in found}
    assert len(texts) == len(found) and ast.unparse(ast.parse(source)) not in texts


def test_a_mutant_says_where_it_stands() -> None:
    (one, *_) = mutants("def f(a):\n    if a > 3:\n        return 5\n")
    assert (one.line, one.source, one.was, one.becomes) == (2, "if a > 3:", "a > 3", "a >= 3")
    with pytest.raises(ValueError, match="no change 99"):
        mutated("x = 1", 99)


def test_a_sample_is_the_same_for_the_same_seed() -> None:
    path = "form1/rules/time.py"
    assert sample(path, 10, 1) == sample(path, 10, 1) != sample(path, 10, 2)
    assert len(sample(path, 10, 1)) == 10
    assert sample(path, 0, 1) == all_mutants(path)[0]


def test_every_list_fits_the_code() -> None:
    paths = modules()
    assert "form1/rules/time.py" in paths and len(paths) > 40
    for start, tests in declared().items():
        assert (REPOSITORY / start).exists(), start
        assert all((REPOSITORY / test).exists() for test in tests), tests
    for path in paths:
        assert all_mutants(path)[1] == [], f"equivalent.toml: entries that fit no mutant of {path}"
    assert [path for path in modules(["form1/rules"]) if not path.startswith("form1/rules/")] == []
