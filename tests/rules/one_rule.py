"""One rule on a few cells: what it finds, and how it ends."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from form1.core.cells import Address, Cell, Origin, gap
from form1.core.findings import Finding
from form1.core.periods import Period
from form1.core.texts import Text
from form1.core.values import Status
from form1.definition import Form
from form1.definition.layout import Layout, lay_out
from form1.definition.rulebook import Derived, Rule, Rulebook, Term
from form1.model.forms import RuleResult
from form1.rules import History, judge

Q2, Q3, YEAR_BEFORE = Period(2026, 2), Period(2026, 3), Period(2025, 3)
SAYS = Text(az="Qayda", en="A rule", ru="Правило")
GAP = gap(Status.NOT_AVAILABLE)
Written = Mapping[tuple[str, str, str], int | Cell | None]
"""Counts by table, row and column; None for a number that is not available."""


@dataclass(frozen=True)
class Tried:
    """What a rule gave."""

    findings: list[Finding]
    results: list[RuleResult]

    @property
    def said(self) -> list[tuple[str, str, dict[str, object]]]:
        """Message, place as `T07/TR/issued`, and facts of each finding."""
        return [(each.message, "/".join(each.place.address), dict(each.facts)) for each in self.findings]

    @property
    def places(self) -> list[str]:
        """The places of the findings."""
        return [place for _, place, _ in self.said]

    @property
    def outcome(self) -> tuple[str, int, int]:
        """How the one rule ended, the comparisons made, and those that failed."""
        (result,) = self.results
        return str(result.outcome), result.tested, result.failed

    @property
    def reason(self) -> str | None:
        """What kept comparisons of the one rule from being made, in English."""
        (result,) = self.results
        return result.blocked_by.en if result.blocked_by is not None else None


def a_rule(kind: str, **more: object) -> Rule:
    """A rule with what it measures with; terms are written `cells=("T07", "*", "T")`."""
    for name in ("cells", "left", "right"):
        if isinstance(term := more.get(name), tuple):
            more[name] = Term(**dict(zip(("table", "row", "column", "period"), term, strict=False)))
    fields: dict[str, object] = {
        "id": "R900",
        "severity": "warning",
        "level": 2,
        "source": "a test",
        "status": "INFERRED",
    }
    return Rule(kind=kind, says=SAYS, **{**fields, **more})


def a_derived(what: str, kind: str) -> Derived:
    """A family of rules that the tables imply."""
    says = Text(az="{table}", en="{table}", ru="{table}")
    return Derived(
        id="D", what=what, kind=kind, says=says, severity="error", level=1, source="a test", status="INFERRED"
    )


def layout(form: Form, table: str, *observed: str, period: Period = Q3) -> Layout:
    """The layout of a table that lists the rows that were observed."""
    return lay_out(form, form.tables[table], period.last_day, observed)


def cells(written: Written) -> dict[Address, Cell]:
    """Cells of counts."""
    return {
        Address(*at): each if isinstance(each, Cell) else GAP if each is None else Cell(each)
        for at, each in written.items()
    }


def history(
    written: Written | None, reason: Text | None = None, breaks: Mapping[tuple[str, str, str], Text] = {}
) -> History:
    """An earlier period."""
    made = cells(written) if written is not None else None
    return History(made, reason, breaks={Address(*at): why for at, why in breaks.items()})


def tried(
    form: Form,
    rule: Rule | Derived | list[Rule],
    now: Written,
    layouts: list[Layout],
    before: Mapping[Period, History] = {},
    period: Period = Q3,
) -> Tried:
    """Judge a form that has these rules alone and only the tables that are laid out here."""
    of_tables = {each.table.id: each.table for each in layouts}
    rules = rule if isinstance(rule, list) else [rule]
    book = Rulebook(
        derived=tuple(each for each in rules if isinstance(each, Derived)),
        rule=tuple(each for each in rules if isinstance(each, Rule)),
    )
    one = replace(form, rulebook=book, tables={id: table for id, table in form.tables.items() if id in of_tables})
    found, results = judge(one, period, cells(now), {each.table.id: each for each in layouts}, before)
    return Tried(found, results)


def corrected(value: int) -> Cell:
    """A cell with a recorded correction."""
    return Cell(value, Status.NUMBER, Origin.CORRECTION)
