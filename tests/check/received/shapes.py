"""What stands in a cell and is no plain count: what the reading sees at that very cell."""

from __future__ import annotations

from form1.core.cells import Address
from tests.check.received.seeding import By, Right, Spot, kind
from tests.check.received.workbook import name_of

PERCENT, DATE, WHOLE, OWN = 9, 14, 1, 190
"""Identifiers of number formats; the last is one of ours."""


def _any(spot: Spot) -> Address:
    at = spot.one_of(spot.cells, lambda value: value > 3)
    assert at is not None
    return at


def _text(spot: Spot, written: str) -> Right:
    at = _any(spot)
    spot.sheet.text(spot.place(at), written.format(spot.values[at]))
    return [frozenset({at})]


@kind("number stored as text", By.FORM)
def text_number(spot: Spot) -> Right | None:
    return _text(spot, "{}")


@kind("number with spaces", By.FORM)
def spaced_number(spot: Spot) -> Right | None:
    at = spot.one_of(spot.cells, lambda value: value > 999)
    if at is None:
        return None
    spot.sheet.text(spot.place(at), f"{spot.values[at]:,}".replace(",", spot.chance.choice([" ", "\u00a0", "\u202f"])))
    return [frozenset({at})]


@kind("number with a comma", By.FORM)
def comma(spot: Spot) -> Right | None:
    return _text(spot, "{},5")


@kind("words in a count", By.FORM)
def words(spot: Spot) -> Right | None:
    return _text(spot, "{} nəfər")


@kind("letter O for a zero", By.FORM)
def letter(spot: Spot) -> Right | None:
    return _text(spot, "{}O")


@kind("cell emptied", By.FORM)
def emptied(spot: Spot) -> Right | None:
    at = _any(spot)
    spot.sheet.clear(spot.place(at))
    return [frozenset({at})]


@kind("count replaced by the sign of not available", By.FORM)
def not_available(spot: Spot) -> Right | None:
    return _text(spot, "...")


@kind("fraction", By.FORM)
def fraction(spot: Spot) -> Right | None:
    at = _any(spot)
    spot.sheet.number(spot.place(at), f"{spot.values[at]}.5")
    spot.sheet.restyle(spot.place(at), spot.book.style(0, 2))
    return [frozenset({at})]


@kind("fraction hidden by the format", By.FORM)
def hidden_fraction(spot: Spot) -> Right | None:
    at = _any(spot)
    spot.sheet.number(spot.place(at), f"{spot.values[at]}.3")
    spot.sheet.restyle(spot.place(at), spot.book.style(0, WHOLE))
    return [frozenset({at})]


@kind("negative", By.FORM)
def negative(spot: Spot) -> Right | None:
    at = _any(spot)
    spot.sheet.number(spot.place(at), -spot.values[at])
    return [frozenset({at})]


@kind("beyond every count", By.FORM)
def endless(spot: Spot) -> Right | None:
    at = _any(spot)
    spot.sheet.number(spot.place(at), "1E+17")
    return [frozenset({at})]


@kind("percent", By.FORM)
def percent(spot: Spot) -> Right | None:
    at = _any(spot)
    spot.sheet.number(spot.place(at), "0.12")
    spot.sheet.restyle(spot.place(at), spot.book.style(0, PERCENT))
    return [frozenset({at})]


@kind("date in a count", By.FORM)
def date(spot: Spot) -> Right | None:
    at = _any(spot)
    spot.sheet.number(spot.place(at), 46000 + spot.chance.randrange(300))
    spot.sheet.restyle(spot.place(at), spot.book.style(0, DATE))
    return [frozenset({at})]


@kind("truth value", By.FORM)
def truth(spot: Spot) -> Right | None:
    at = _any(spot)
    spot.sheet.other(spot.place(at), "b", "1")
    return [frozenset({at})]


@kind("error value", By.FORM)
def error(spot: Spot) -> Right | None:
    at = _any(spot)
    spot.sheet.formula(spot.place(at), "SUM(#REF!)", "#REF!", "e")
    return [frozenset({at})]


@kind("number hidden by the format", By.FORM)
def hidden_number(spot: Spot) -> Right | None:
    at = _any(spot)
    spot.sheet.restyle(spot.place(at), spot.book.style(0, OWN, ";;;"))
    return [frozenset({at})]


def _sum(spot: Spot) -> tuple[Address, str] | None:
    """A total of a row, and the formula that adds its parts."""
    at = spot.one_of([at for at in spot.cells if at[2] == spot.first], lambda value: value > 3)
    if at is None:
        return None
    parts = [name_of(spot.place((at[0], at[1], part))) for part in spot.layout.columns[0].parts[0]]
    neighbours = spot.layout.columns[0].parts[0] == tuple(c.code for c in spot.layout.columns[1 : len(parts) + 1])
    return at, f"SUM({parts[0]}:{parts[-1]})" if neighbours else f"SUM({','.join(parts)})"


@kind("formula with a plug", By.FORM)
def plug(spot: Spot) -> Right | None:
    found = _sum(spot)
    if found is None:
        return None
    at, formula = found
    spot.sheet.formula(spot.place(at), f"{formula}+7", spot.values[at] + 7)
    return [frozenset({at})]


@kind("formula without a stored value", By.FORM)
def no_value(spot: Spot) -> Right | None:
    found = _sum(spot)
    if found is None:
        return None
    spot.sheet.formula(spot.place(found[0]), found[1], None)
    return [frozenset({found[0]})]


@kind("stored value is not what the formula gives", By.FORM)
def stale_formula(spot: Spot) -> Right | None:
    found = _sum(spot)
    if found is None:
        return None
    spot.sheet.formula(spot.place(found[0]), found[1], spot.values[found[0]] + 11)
    return [frozenset({found[0]})]


@kind("formula that draws on another workbook", By.FORM)
def external(spot: Spot) -> Right | None:
    at = _any(spot)
    spot.sheet.formula(spot.place(at), "[1]Q3!$B$4", spot.values[at])
    return [frozenset({at})]


@kind("two counts merged", By.FORM)
def merged(spot: Spot) -> Right | None:
    row, column = spot.place(_any(spot))
    last = spot.stub + len(spot.layout.columns)
    left = min(column, last - 1)
    spot.sheet.clear((row, left + 1))
    spot.sheet.merges.append((row, left, row, left + 1))
    return [frozenset({(spot.sheet_name, name_of((row, left + 1)))})]
