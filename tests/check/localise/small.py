"""Systems of a few cells, written by hand: `{"a": 3}` for cells, `"s = a + b"` for equations."""

from collections.abc import Mapping

from form1.check.localise.system import Equation, System
from form1.core.cells import Address


def at(name: str) -> Address:
    """A cell by its name: `a` is cell `a` of row R of T99, `T98:R:a` any."""
    table, row, column = name.split(":") if ":" in name else ("T99", "R", name)
    return Address(table, row, column)


def system(values: Mapping[str, int], *equations: str, totals: str = "") -> System:
    """A system: sums of columns, or margins where one cell stands on the right; `totals` are named, apart by spaces."""
    made = tuple(_equation(each) for each in equations)
    numbers = {at(name): value for name, value in values.items()}
    of: dict[Address, dict[int, int]] = {address: {} for address in numbers}
    residuals: dict[int, int] = {}
    for number, equation in enumerate(made):
        of[equation.total][number] = 1
        for part in equation.parts:
            of[part][number] = -1
        residual = numbers[equation.total] - sum(numbers[part] for part in equation.parts)
        if residual:
            residuals[number] = residual
    return System(made, numbers, of, residuals, frozenset(at(name) for name in totals.split()))


def _equation(written: str) -> Equation:
    total, parts = written.split(" = ")
    names = parts.split(" + ")
    return Equation("columns" if len(names) > 1 else "margin", at(total), tuple(at(name) for name in names))
