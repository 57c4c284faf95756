"""rules.toml as frozen records: a rule is a sentence in data, its kind a function in code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from form1.core.findings import Severity
from form1.core.texts import Text
from form1.definition.records import Identifier, Record, Sourced, TableId

Kind = Literal[
    "present", "adds_up", "same", "at_most", "of_which", "moved", "not_below", "repeats", "in_range", "forbidden",
    "not_empty", "not_sorted", "not_exchanged", "not_shifted", "not_scaled",
]  # fmt: skip


class Term(Record):
    """Cells of one table: a row code or `*` for all rows, a column code or `*` for all columns, in some period.

    Table `*` stands for each table of the rule's `each`; column `T` is the grand total of any table.
    """

    table: str = Field(default="*", pattern=r"^(\*|[AT][0-9]{2})$")
    row: str = "T"
    column: str = "*"
    period: Literal["current", "previous", "year_before", "last_quarter"] = "current"


class Gravity(Record):
    """From when on what a rule warns of is an error: so many of its comparisons fail, by this share of the total."""

    many: int = Field(ge=1)
    share: float = Field(ge=0)


class Rule(Sourced):
    """A sentence in data; `kind` names the function in code that judges it."""

    id: Identifier
    kind: Kind
    says: Text
    severity: Severity
    level: int = Field(ge=0, le=3)
    implements: tuple[str, ...] = ()
    """Identities of the fact sheet that the rule carries out."""
    each: tuple[TableId, ...] = ()
    """The tables to which a rule with table `*` applies, one after the other."""
    cells: Term | None = None
    """What present, moved, not_below, in_range and forbidden look at, each cell alone."""
    left: Term | None = None
    right: Term | None = None
    factor: float = Field(default=1.0, gt=0)
    minimum: int | None = None
    maximum: int | None = None
    ratio: float | None = Field(default=None, gt=0)
    """moved: the relative change that is still ordinary; repeats: the share of equal counts that is no chance.

    not_below: up to this share of the earlier count a fall in one column that others cancel is only a warning.
    not_exchanged, not_shifted: how much nearer the exchanged columns, or the lines moved back, are to the earlier ones.
    not_scaled: how far the factor may be from its round number, as a factor of its own.
    """
    at_least: int = Field(default=0, ge=0)
    """moved: changes below this many units are never reported; repeats: counts below this say nothing.

    not_sorted: so many different counts are needed to tell an order from chance; not_shifted: so many lines.
    not_scaled: totals below this say nothing.
    """
    gravity: Gravity | None = None
    """not_below: when its falls are errors; repeats: from how many telling counts on, and at what share of tables.

    not_exchanged: in how many persons, and by what part of them the division of the rows is nearer when exchanged.
    not_shifted: from how many persons on, and by what part of them the lines are nearer when moved back.
    """
    against: tuple[Literal["previous", "year_before", "next", "year_after"], ...] = ()
    """Later periods are looked at where they stand already: a form that came late, or under a wrong period."""
    codes: tuple[str, ...] = ()
    flag: str = ""
    """forbidden: row or column codes, or those whose code list carries the flag; not_below: rows that may fall."""
    where: Mapping[str, str] = Field(default_factory=dict)
    """forbidden: only rows that count these codes, by dimension."""

    @model_validator(mode="after")
    def _fits_kind(self) -> Rule:
        pair = self.kind in {"same", "at_most", "of_which"}
        terms = [term for term in (self.left, self.right, self.cells) if term is not None]
        if self.kind == "adds_up":
            raise ValueError("sums are derived from the tables; a rule of kind adds_up is never typed")
        if pair != (self.left is not None and self.right is not None) or pair == (self.cells is not None):
            raise ValueError(
                f"a rule of kind {self.kind} has {'left and right' if pair else 'cells'}, and nothing else"
            )
        if bool(self.each) != any(term.table == "*" for term in terms):
            raise ValueError("`each` and table `*` go together")
        needs = {
            "moved": self.ratio is not None and bool(self.against),
            "repeats": self.ratio is not None and bool(self.against),
            "not_exchanged": self.ratio is not None and self.gravity is not None and bool(self.against),
            "not_shifted": self.ratio is not None and self.gravity is not None and bool(self.against),
            "not_scaled": self.ratio is not None and self.factor > 1 and bool(self.against),
            "in_range": self.minimum is not None or self.maximum is not None,
            "forbidden": bool(self.codes) != bool(self.flag),
        }
        if not needs.get(self.kind, True):
            raise ValueError(f"a rule of kind {self.kind} lacks what it measures with")
        return self


class Derived(Sourced):
    """A family of rules that the tables imply: what is written once here holds for every table."""

    id: Identifier
    what: Literal["rows_add_up", "columns_add_up", "equal_margins", "all_present"]
    kind: Kind
    says: Text
    severity: Severity
    level: int = Field(ge=0, le=3)
    implements: tuple[str, ...] = ()


class Rulebook(Record):
    """rules.toml."""

    derived: tuple[Derived, ...] = ()
    rule: tuple[Rule, ...] = ()
