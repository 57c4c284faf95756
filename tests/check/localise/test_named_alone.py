"""Slips with a name, made of findings and counts by hand: which findings each explains, and which causes it makes needless."""

from collections.abc import Mapping

import pytest

from form1.check.localise.named import find_named, with_named
from form1.check.localise.system import Equation
from form1.check.localise.traced import NamedCause, TracedCause
from form1.core.cells import Address, Cell
from form1.core.findings import Fact, Finding, Place, Severity
from form1.core.periods import Period
from form1.definition import Form
from form1.definition.layout import Layout, lay_out
from form1.model.causes import Amendment, Cause, Causes, CausesStatus
from form1.model.history import History

Q2, Q3 = Period(2026, 2), Period(2026, 3)


@pytest.fixture(scope="module")
def layouts(form: Form) -> Mapping[str, Layout]:
    """The ten tables; those of countries list what was observed alone."""
    return {
        table.id: lay_out(form, table, Q3.last_day, {"TR", "RU", "GE", "foreigner-TR"})
        for table in form.tables.values()
    }


def rule_of(form: Form, kind: str) -> str:
    """The first rule of a kind."""
    return next(rule.id for rule in form.rulebook.rule if rule.kind == kind)


def said(rule: str, table: str, row: str = "", column: str = "", level: int = 1, **facts: Fact) -> Finding:
    return Finding("x", Severity.ERROR, level, Place(table, row, column), facts, rule)


def named(
    form: Form, layouts: Mapping[str, Layout], *findings: Finding
) -> list[tuple[str, str, dict[str, Fact], set[int]]]:
    """Kind, table, facts and the positions of the findings of each cause."""
    found = find_named(form, Q3, {}, layouts, findings, {})
    return [(each.kind, each.place.table, dict(each.facts), set(each.positions)) for each in found]


class TestOfATable:
    @pytest.mark.parametrize(
        ("kind", "cause"),
        [("not_sorted", "cause_sorted"), ("not_shifted", "cause_shifted"), ("not_scaled", "cause_scaled")],
    )
    def test_the_finding_is_the_cause(self, form: Form, layouts: Mapping[str, Layout], kind: str, cause: str) -> None:
        rule = rule_of(form, kind)
        assert named(form, layouts, said(rule, "T03", other="2026-Q2")) == [
            (cause, "T03", {"table": "T03", "other": "2026-Q2"}, {0})
        ]
        assert named(form, layouts, said(f"{rule}.T03", "T03")) == [
            (cause, "T03", {"table": "T03", "other": "2026-Q3"}, {0})
        ]

    def test_one_cause_for_a_table(self, form: Form, layouts: Mapping[str, Layout]) -> None:
        """What is shifted may be sorted as well; another table is another cause."""
        findings = [said(rule_of(form, kind), table) for kind, table in (
            ("not_scaled", "T03"), ("not_shifted", "T03"), ("not_sorted", "T04"), ("not_sorted", "T03"),
        )]  # fmt: skip
        told = [(kind, table, positions) for kind, table, _, positions in named(form, layouts, *findings)]
        assert told == [("cause_sorted", "T04", {2}), ("cause_sorted", "T03", {0, 1, 3})]

    def test_every_finding_of_the_table_but_those_of_a_single_cell(
        self, form: Form, layouts: Mapping[str, Layout]
    ) -> None:
        shifted = rule_of(form, "not_shifted")
        findings = [
            said("other", "T03", level=0), said("other", "T03", level=1), said("other", "T04"), said("M-T04-T03", "T04"),
            said("M.T04.T03", "T04", level=2), said(rule_of(form, "in_range"), "T03"), said(shifted, "T03"),
            *(said(rule.id, "T03") for rule in form.rulebook.rule if rule.kind in {"forbidden", "present"}),
        ]  # fmt: skip
        ((_, _, _, positions),) = named(form, layouts, *findings)
        assert positions == {1, 3, 4, 6}


class TestRepeated:
    @pytest.mark.parametrize(("count", "is_form"), [(5, False), (6, True)])
    def test_most_of_the_tables_are_the_form(
        self, form: Form, layouts: Mapping[str, Layout], count: int, is_form: bool
    ) -> None:
        assert len(layouts) == 10
        tables = list(layouts)[:count]
        rule = rule_of(form, "repeats")
        findings = [said(rule, table, other="2025-Q4") for table in tables]
        told = named(form, layouts, *findings, *findings[:1])
        if is_form:
            whole = {"table": "", "other": "2025-Q4"}
            assert told == [("cause_form_of_period", "", whole, set(range(count + 1)))]
        else:
            assert [(kind, table) for kind, table, _, _ in told] == [("cause_table_of_period", t) for t in tables]
            assert told[0][2:] == ({"table": "T01", "other": "2025-Q4"}, {0, count})

    def test_of_two_periods_the_one_with_more_tables_first(self, form: Form, layouts: Mapping[str, Layout]) -> None:
        rule = rule_of(form, "repeats")
        told = named(
            form, layouts,
            said(rule, "T01", other="a"), said(rule, "T02", other="b"), said(rule, "T03", other="b"), said(rule, "T01", other="b"),
        )  # fmt: skip
        assert [(table, facts["other"]) for _, table, facts, _ in told] == [("T02", "b"), ("T03", "b"), ("T01", "b")]


class TestExchanged:
    def test_in_one_table(self, form: Form, layouts: Mapping[str, Layout]) -> None:
        rule = rule_of(form, "not_exchanged")
        columns = {column.code: column for column in layouts["T03"].columns}
        assert [columns[code].number for code in "TMF"] == [1, 2, 3]
        assert named(form, layouts, said(rule, "T03", "", "M", other="2026-Q2")) == [
            (
                "cause_table_columns_exchanged",
                "T03",
                {"table": "T03", "left": "2", "right": "3", "other": "2026-Q2"},
                {0},
            )
        ]

    def test_several_pairs_of_one_table(self, form: Form, layouts: Mapping[str, Layout]) -> None:
        layout = layouts["T08"]
        pairs = [
            p for c in layout.columns for p in c.parts if len(p) == 2 and all(not layout.column[x].parts for x in p)
        ]
        first, second = pairs[:2]
        rule = rule_of(form, "not_exchanged")
        ((kind, table, facts, _),) = named(
            form, layouts, *(said(rule, "T08", "", pair[0], other="p") for pair in (first, second))
        )
        numbers = {code: layout.column[code].number for pair in (first, second) for code in pair}
        assert (kind, table) == ("cause_table_columns_exchanged", "T08")
        assert facts["left"] == f"{numbers[first[0]]}, {numbers[second[0]]}"
        assert facts["right"] == f"{numbers[first[1]]}, {numbers[second[1]]}"

    @pytest.mark.parametrize("most", [False, True], ids=["half of them", "most of them"])
    def test_most_of_the_tables_are_the_form(self, form: Form, layouts: Mapping[str, Layout], most: bool) -> None:
        pair = {
            table: next(parts[0] for column in layout.columns for parts in column.parts if len(parts) == 2)
            for table, layout in layouts.items()
            if any(len(parts) == 2 for column in layout.columns for parts in column.parts)
        }
        tables = list(pair)[: len(pair) // 2 + most]
        rule = rule_of(form, "not_exchanged")
        told = named(form, layouts, *(said(rule, table, "", pair[table], other=table) for table in tables))
        if not most:
            assert [(kind, table) for kind, table, _, _ in told] == [
                ("cause_table_columns_exchanged", table) for table in tables
            ]
            return
        ((kind, table, facts, positions),) = told
        assert (kind, table, positions) == ("cause_form_columns_exchanged", "", set(range(len(tables))))
        assert str(facts["listed"].en) == ", ".join(tables) and facts["other"] == tables[0]  # type: ignore[union-attr]


class TestAnotherCountry:
    """T02: men, women and both, of Türkiye before, and of Georgia now."""

    @staticmethod
    def cells(**counts: int) -> dict[Address, Cell]:
        return {
            Address("T02", row, column): Cell(count)
            for row, all_of in counts.items()
            for column, count in (("T", all_of), ("M", all_of - 4), ("F", 4))
        }

    def causes(
        self, form: Form, layouts: Mapping[str, Layout], now: dict[str, int], before: dict[str, int], *more: Finding
    ) -> list[tuple[str, frozenset[str], dict[str, int], set[int]]]:
        history = {Q2: History(self.cells(**before))}
        found = find_named(form, Q3, self.cells(**now), layouts, more, history)
        return [(each.place.row, each.rows, dict(each.counts), set(each.positions)) for each in found]

    @pytest.mark.parametrize(
        ("now", "before"),
        [
            pytest.param(60, 60, id="as many"),
            pytest.param(30, 60, id="half as many"),
            pytest.param(60, 30, id="twice as many"),
            pytest.param(10, 10, id="ten"),
        ],
    )
    def test_a_line_that_came_for_one_that_went(
        self, form: Form, layouts: Mapping[str, Layout], now: int, before: int
    ) -> None:
        told = self.causes(form, layouts, {"GE": now, "RU": 99}, {"TR": before, "RU": 99})
        assert told == [("GE", frozenset({"GE", "TR"}), {"T": now, "M": now - 4, "F": 4}, set())]

    @pytest.mark.parametrize(
        ("now", "before"),
        [
            pytest.param({"GE": 29}, {"TR": 60}, id="less than half"),
            pytest.param({"GE": 61}, {"TR": 30}, id="more than twice"),
            pytest.param({"GE": 9}, {"TR": 10}, id="few came"),
            pytest.param({"GE": 10}, {"TR": 9}, id="few went"),
            pytest.param({"GE": 60, "TR": 1}, {"TR": 60}, id="the line is there still"),
            pytest.param({"GE": 60}, {"TR": 60, "GE": 1}, id="the line was there"),
            pytest.param({"GE": 60}, {"CIS": 60}, id="a group is no line"),
            pytest.param({"GE": 60}, {}, id="nothing went"),
        ],
    )
    def test_no_line_for_another(
        self, form: Form, layouts: Mapping[str, Layout], now: dict[str, int], before: dict[str, int]
    ) -> None:
        assert self.causes(form, layouts, now, before) == []

    def test_the_line_that_is_most_alike_and_each_once(self, form: Form, layouts: Mapping[str, Layout]) -> None:
        told = self.causes(form, layouts, {"GE": 60, "RU": 58}, {"TR": 61, "IN": 40})
        assert {row: rows for row, rows, _, _ in told} == {"RU": {"RU", "TR"}, "GE": {"GE", "IN"}} or {
            row: rows for row, rows, _, _ in told
        } == {"GE": {"GE", "TR"}, "RU": {"RU", "IN"}}
        assert self.causes(form, layouts, {"GE": 60, "RU": 58}, {"TR": 61})[1:] == []

    def test_the_words_name_both(self, form: Form, layouts: Mapping[str, Layout]) -> None:
        (cause,) = find_named(form, Q3, self.cells(GE=60), layouts, (), {Q2: History(self.cells(IN=60))})
        assert "IN" not in layouts["T02"].row
        names = {entry.code: entry.name for entry in form.codelists["countries"].on(Q3.last_day)}
        assert cause.facts == {
            "table": "T02", "where": Place("T02", "GE"), "found": names["GE"], "other": names["IN"],
        }  # fmt: skip
        assert (cause.kind, cause.weight, cause.amendments) == ("cause_other_country", 1.0, ())

    def test_findings_at_both_lines_and_the_sums_by_just_their_counts(
        self, form: Form, layouts: Mapping[str, Layout]
    ) -> None:
        findings = [
            said("a", "T02", "GE", "T"), said("a", "T02", "TR", "M"), said("a", "T02", "RU", "T"),
            said("a", "T02", "CIS", "M", difference=-56), said("a", "T02", "CIS", "F", difference=56),
            said("a", "T02", "CIS", "T", difference="60"), said("a", "T01", "GE", "T"),
        ]  # fmt: skip
        ((_, _, _, positions),) = self.causes(form, layouts, {"GE": 60}, {"TR": 60}, *findings)
        assert positions == {0, 1, 3}

    def test_a_table_that_is_wrong_as_a_whole_has_no_such_line(self, form: Form, layouts: Mapping[str, Layout]) -> None:
        whole = said(rule_of(form, "not_scaled"), "T02")
        assert [row for row, *_ in self.causes(form, layouts, {"GE": 60}, {"TR": 60}, whole)] == [""]


class TestBesideOtherCauses:
    TABLE = NamedCause("cause_sorted", (), 1.0, place=Place("T03"), tables=frozenset({"T03"}))
    LINE = NamedCause(
        "cause_other_country",
        (),
        1.0,
        place=Place("T03", "GE"),
        counts={"T": 60, "M": 56},
        rows=frozenset({"GE", "TR"}),
    )

    @staticmethod
    def moved(*cells: tuple[str, str, int], explains: tuple[Equation, ...] = ()) -> TracedCause:
        return TracedCause(
            "cause_value",
            tuple(Amendment(Address(table, "r", column), 100, 100 + by) for table, column, by in cells),
            1.0,
            explains=explains,
        )

    @pytest.mark.parametrize(
        ("cause", "is_said"),
        [
            pytest.param([("T03", "M", 5)], True, id="a cell of the table"),
            pytest.param([("T03", "M", 5), ("T04", "M", 5)], False, id="and one of another"),
            pytest.param([("T04", "M", 5)], False, id="of another"),
            pytest.param([], False, id="no cell"),
        ],
    )
    def test_cells_of_a_table_that_is_wrong_as_a_whole(self, cause: list[tuple[str, str, int]], is_said: bool) -> None:
        other = self.moved(*cause)
        causes = (self.TABLE,) if is_said else (self.TABLE, other)
        assert with_named([self.TABLE], Causes(CausesStatus.SOLVED, (other,))) == Causes(CausesStatus.SOLVED, causes)

    @pytest.mark.parametrize(
        ("kind", "partner", "is_said"),
        [
            pytest.param("margin", "T03", True, id="margins with the table"),
            pytest.param("margin", "T05", False, id="margins of others"),
            pytest.param("rows", "T03", False, id="a sum as well"),
        ],
    )
    def test_margins_that_fail_for_the_table(self, kind: str, partner: str, is_said: bool) -> None:
        equations = (
            Equation("margin", Address("T04", "r", "M"), (Address(partner, "r", "M"),)),
            Equation(kind, Address("T04", "r", "M"), (Address("T04", "a", "M"),)),  # type: ignore[arg-type]
        )
        other = self.moved(("T04", "M", 5), explains=equations)
        found = with_named([self.TABLE], Causes(CausesStatus.SOLVED, (other,)))
        assert (other not in found.causes) == is_said

    @pytest.mark.parametrize(
        ("cells", "is_said"),
        [
            pytest.param([("T03", "T", 60), ("T03", "M", -56)], True, id="its counts"),
            pytest.param([("T03", "T", 60), ("T03", "M", 55)], False, id="another count"),
            pytest.param([("T04", "T", 60)], False, id="another table"),
            pytest.param([("T03", "F", 60)], False, id="another column"),
            pytest.param([], False, id="no cell"),
        ],
    )
    def test_the_counts_of_a_misnamed_line(self, cells: list[tuple[str, str, int]], is_said: bool) -> None:
        other = self.moved(*cells)
        found = with_named([self.LINE], Causes(CausesStatus.SOLVED, (other,)))
        assert found.causes == ((self.LINE,) if is_said else (self.LINE, other))

    @pytest.mark.parametrize(
        ("status", "others", "becomes"),
        [
            (CausesStatus.NOTHING_TO_DO, False, CausesStatus.SOLVED),
            (CausesStatus.TIME_LIMIT, False, CausesStatus.SOLVED),
            (CausesStatus.TIME_LIMIT, True, CausesStatus.TIME_LIMIT),
            (CausesStatus.SOLVED, True, CausesStatus.SOLVED),
        ],
    )
    def test_how_the_search_ended(self, status: CausesStatus, others: bool, becomes: CausesStatus) -> None:
        found = Causes(status, (self.moved(("T04", "M", 5)),) if others else ())
        assert with_named([self.TABLE], found).status == becomes

    def test_without_a_name_all_stays(self) -> None:
        found = Causes(CausesStatus.TIME_LIMIT, (Cause("x", (), 1.0),))
        assert with_named([], found) is found
        assert with_named([], Causes(CausesStatus.NOTHING_TO_DO)) == Causes(CausesStatus.NOTHING_TO_DO)
