"""Rules that hold inside one moment of the form: thresholds at their edges, sums with gaps, margins, what is absent."""

import pytest

from form1.core.cells import Address, Cell
from form1.core.errors import DefinitionError
from form1.core.findings import Part, Place, Severity
from form1.core.texts import Text
from form1.core.values import Status
from form1.definition import Form
from tests.rules.one_rule import GAP, a_derived, a_rule, layout, tried

TOTAL = ("T10", "T", "T")


class TestInRange:
    RULE = a_rule("in_range", minimum=10, maximum=20, cells=TOTAL)

    @pytest.mark.parametrize(
        ("value", "message", "bound"),
        [
            pytest.param(9, "below_range", 10, id="one below the least"),
            pytest.param(10, None, 0, id="the least"),
            pytest.param(11, None, 0, id="one above the least"),
            pytest.param(19, None, 0, id="one below the most"),
            pytest.param(20, None, 0, id="the most"),
            pytest.param(21, "above_range", 20, id="one above the most"),
        ],
    )
    def test_at_the_edges(self, form: Form, value: int, message: str | None, bound: int) -> None:
        found = tried(form, self.RULE, {TOTAL: value}, [layout(form, "T10")])
        assert found.said == ([(message, "T10/T/T", {"found": value, "bound": bound})] if message else [])
        assert found.outcome == ("fail" if message else "pass", 1, int(bool(message)))

    @pytest.mark.parametrize(
        ("bounds", "value", "said"),
        [
            pytest.param({"minimum": 0}, -1, "below_range", id="below zero"),
            pytest.param({"minimum": 0}, 0, None, id="zero"),
            pytest.param({"minimum": 0}, 10**9, None, id="no upper bound"),
            pytest.param({"maximum": 0}, 1, "above_range", id="above zero"),
            pytest.param({"maximum": 0}, 0, None, id="zero is the most"),
            pytest.param({"maximum": 0}, -9, None, id="no lower bound"),
        ],
    )
    def test_one_bound_alone(self, form: Form, bounds: dict[str, int], value: int, said: str | None) -> None:
        found = tried(form, a_rule("in_range", cells=TOTAL, **bounds), {TOTAL: value}, [layout(form, "T10")])
        assert [message for message, _, _ in found.said] == ([said] if said else [])

    @pytest.mark.parametrize("written", [{TOTAL: None}, {("T10", "T", "M"): 15}])
    def test_a_gap_or_no_cell_is_not_evaluated(self, form: Form, written) -> None:
        found = tried(form, self.RULE, written, [layout(form, "T10")])
        assert (found.outcome, found.reason) == (("not_evaluated", 0, 0), "no number in T10 · line 01 (Total) · Total")

    def test_every_cell_of_a_term_in_the_order_of_the_table(self, form: Form) -> None:
        rule = a_rule("in_range", minimum=10, cells=("T07", "*", "*"))
        written = {
            ("T07", row, column): 1 for row in ("TR", "OTHER", "CIS", "T") for column in ("T", "issued", "renewed")
        }
        found = tried(form, rule, written, [layout(form, "T07", "TR")])
        assert found.places == [
            f"T07/{row}/{column}" for row in ("T", "CIS", "OTHER", "TR") for column in ("T", "issued", "renewed")
        ]
        found = tried(
            form, a_rule("in_range", minimum=10, cells=("T07", "*", "renewed")), written, [layout(form, "T07", "TR")]
        )
        assert found.places == [f"T07/{row}/renewed" for row in ("T", "CIS", "OTHER", "TR")]
        found = tried(
            form,
            a_rule("in_range", minimum=10, cells=("T08", "F", "T")),
            {("T08", "F", "T.T"): 1},
            [layout(form, "T08")],
        )
        assert found.places == ["T08/F/T.T"]


class TestNotGreater:
    LEFT, RIGHT = ("T03", "45.1.8", "T"), ("T07", "T", "T")

    @pytest.mark.parametrize(
        ("left", "right", "factor", "limit"),
        [
            pytest.param(99, 100, 1.0, None, id="one fewer"),
            pytest.param(100, 100, 1.0, None, id="as many"),
            pytest.param(101, 100, 1.0, 100, id="one more"),
            pytest.param(150, 100, 1.5, None, id="as many as the factor allows"),
            pytest.param(151, 100, 1.5, 150, id="one more than the factor allows"),
            pytest.param(13, 9, 1.5, None, id="a limit between two numbers"),
            pytest.param(14, 9, 1.5, 13, id="above a limit between two numbers"),
            pytest.param(1, 0, 1.0, 0, id="one of nobody"),
        ],
    )
    def test_at_the_edge(self, form: Form, left: int, right: int, factor: float, limit: int | None) -> None:
        rule = a_rule("at_most", left=self.LEFT, right=self.RIGHT, factor=factor)
        found = tried(
            form, rule, {self.LEFT: left, self.RIGHT: right}, [layout(form, "T03"), layout(form, "T07", "TR")]
        )
        facts = {"found": left, "bound": limit, "difference": left - (limit or 0), "other": Place("T07", "T", "T")}
        assert found.said == ([("more_than", "T03/45.1.8/T", facts)] if limit is not None else [])
        assert found.outcome == ("pass" if limit is None else "fail", 1, int(limit is not None))

    @pytest.mark.parametrize(
        ("left", "right", "reason"),
        [
            pytest.param(None, 100, "no number in T03 · line 09 (45.1.8)", id="a gap on the left"),
            pytest.param(100, None, "no number in T07 · line 01 (Total)", id="a gap on the right"),
            pytest.param(None, None, "no number in T03 · line 09 (45.1.8)", id="gaps on both sides"),
        ],
    )
    def test_a_gap_is_not_evaluated(self, form: Form, left: int | None, right: int | None, reason: str) -> None:
        rule = a_rule("at_most", left=self.LEFT, right=self.RIGHT)
        found = tried(
            form, rule, {self.LEFT: left, self.RIGHT: right}, [layout(form, "T03"), layout(form, "T07", "TR")]
        )
        assert found.outcome == ("not_evaluated", 0, 0)
        assert found.reason is not None and found.reason[:20] == reason[:20]

    def test_a_part_of_its_neighbour_in_every_row(self, form: Form) -> None:
        rule = a_rule("of_which", left=("T07", "*", "renewed"), right=("T07", "*", "T"))
        written = {
            ("T07", "T", "renewed"): 5,
            ("T07", "T", "T"): 5,
            ("T07", "CIS", "renewed"): None,
            ("T07", "CIS", "T"): 0,
        }
        written |= {
            ("T07", "OTHER", "renewed"): 3,
            ("T07", "OTHER", "T"): 9,
            ("T07", "TR", "renewed"): 10,
            ("T07", "TR", "T"): 9,
        }
        found = tried(form, rule, written, [layout(form, "T07", "TR")])
        facts = {"found": 10, "bound": 9, "difference": 1, "other": Place("T07", "TR", "T")}
        assert found.said == [("part_exceeds_whole", "T07/TR/renewed", facts)]
        assert found.outcome == ("fail", 3, 1)


class TestForbidden:
    def test_a_row_that_must_be_empty(self, form: Form) -> None:
        rule = a_rule("forbidden", codes=("RU",), cells=("T07", "*", "T"))
        layouts = [layout(form, "T07", "TR", "RU")]
        found = tried(form, rule, {("T07", "RU", "T"): 1, ("T07", "TR", "T"): 9}, layouts)
        label = layouts[0].row["RU"].label
        assert found.said == [("forbidden_code", "T07/RU/T", {"found": 1, "label": label})]
        assert found.outcome == ("fail", 1, 1)
        assert tried(form, rule, {("T07", "RU", "T"): 0, ("T07", "TR", "T"): 9}, layouts).outcome == ("pass", 1, 0)
        gapped = tried(form, rule, {("T07", "RU", "T"): None, ("T07", "TR", "T"): 9}, layouts)
        assert gapped.outcome == ("not_evaluated", 0, 0)
        assert gapped.reason is not None and gapped.reason.startswith("no number in T07")

    def test_a_column_that_must_be_empty(self, form: Form) -> None:
        rule = a_rule("forbidden", codes=("renewed",), cells=("T07", "TR", "*"))
        layouts = [layout(form, "T07", "TR")]
        found = tried(form, rule, {("T07", "TR", column): 4 for column in ("T", "issued", "renewed")}, layouts)
        assert found.said == [
            ("forbidden_code", "T07/TR/renewed", {"found": 4, "label": layouts[0].column["renewed"].heads[-1]})
        ]
        assert found.outcome == ("fail", 1, 1)

    def test_one_code_of_a_crossed_column(self, form: Form) -> None:
        rule = a_rule("forbidden", codes=("18-19",), cells=("T08", "F", "*"))
        layouts = [layout(form, "T08")]
        written = {("T08", "F", column.code): 0 for column in layouts[0].columns} | {("T08", "F", "18-19.M"): 2}
        found = tried(form, rule, written, layouts)
        assert found.said == [
            ("forbidden_code", "T08/F/18-19.M", {"found": 2, "label": layouts[0].column["18-19.M"].heads[0]})
        ]
        assert found.outcome == ("fail", 3, 1)  # total, men and women of that age

    def test_rows_by_flag_and_only_where(self, form: Form) -> None:
        """A territory among the foreigners, not among the stateless; a row of sums has no flag."""
        code = next(
            entry.code
            for entry in form.codelists["countries"].codes
            if "territory" in entry.flags and entry.code != "XXX"
        )
        rule = a_rule("forbidden", flag="territory", where={"legal_status": "foreigner"}, cells=("T01", "*", "T"))
        layouts = [layout(form, "T01", code, f"XXA.{code}", "TR")]
        assert {code, f"XXA.{code}", "TR"} <= set(layouts[0].row)
        found = tried(form, rule, {("T01", row, "T"): 3 for row in layouts[0].row}, layouts)
        assert found.said == [("forbidden_code", f"T01/{code}/T", {"found": 3, "label": layouts[0].row[code].label})]
        everywhere = a_rule("forbidden", flag="territory", cells=("T01", "*", "T"))
        found = tried(form, everywhere, {("T01", row, "T"): 3 for row in layouts[0].row}, layouts)
        assert sorted(found.places) == sorted([f"T01/{code}/T", f"T01/XXA.{code}/T"])

    def test_a_code_that_stands_nowhere_forbids_nothing(self, form: Form) -> None:
        rule = a_rule("forbidden", codes=("XX",), cells=("T07", "*", "*"))
        found = tried(form, rule, {("T07", "TR", "T"): 1}, [layout(form, "T07", "TR")])
        assert (found.said, found.outcome) == ([], ("pass", 0, 0))


def columns(form: Form, written) -> object:
    return tried(form, a_derived("columns_add_up", "adds_up"), written, [layout(form, "T10")])


class TestSums:
    @pytest.mark.parametrize(
        ("total", "difference"),
        [
            pytest.param(29, -1, id="one too few"),
            pytest.param(30, 0, id="adds up"),
            pytest.param(32, 2, id="two too many"),
        ],
    )
    def test_a_total_column(self, form: Form, total: int, difference: int) -> None:
        found = columns(form, {TOTAL: total, ("T10", "T", "M"): 10, ("T10", "T", "F"): 20})
        facts = {
            "found": total,
            "expected": 30,
            "parts": (Part(10, "T", "M"), Part(20, "T", "F")),
            "difference": difference,
        }
        assert found.said == ([("sum_differs", "T10/T/T", facts)] if difference else [])
        assert found.outcome == ("fail" if difference else "pass", 1, int(bool(difference)))

    @pytest.mark.parametrize(
        ("gone", "named"),
        [
            pytest.param("T", "Total", id="no total"),
            pytest.param("M", "Men", id="no first part"),
            pytest.param("F", "Women", id="no last part"),
        ],
    )
    @pytest.mark.parametrize("how", ["gap", "no cell"])
    def test_a_gap_is_a_gap_and_no_sum(self, form: Form, gone: str, named: str, how: str) -> None:
        written: dict = {TOTAL: 99, ("T10", "T", "M"): 10, ("T10", "T", "F"): 20}
        if how == "gap":
            written["T10", "T", gone] = None
        else:
            del written["T10", "T", gone]
        found = columns(form, written)
        assert (found.said, found.outcome) == ([], ("not_evaluated", 0, 0))
        assert found.reason == f"no number in T10 · line 01 (Total) · {named}"

    def test_one_sum_with_a_gap_hides_no_other(self, form: Form) -> None:
        rows = {
            ("T07", row, "T"): count for row, count in (("T", 8), ("CIS", 3), ("OTHER", 4), ("RU", 3), ("TR", None))
        }
        made = tried(form, a_derived("rows_add_up", "adds_up"), rows, [layout(form, "T07", "TR", "RU")])
        assert [(place, facts["expected"], facts["parts"]) for _, place, facts in made.said] == [
            ("T07/T/T", 7, (Part(3, "CIS", "T"), Part(4, "OTHER", "T")))
        ]
        assert made.outcome == ("fail", 2, 1)  # T and CIS; OTHER has a gap, and the columns of decisions hold nothing
        assert made.reason is not None and made.reason.endswith("6 more comparisons of the rule could not be made")

    @pytest.mark.parametrize(
        ("counted", "shown"),
        [
            pytest.param(0, 31, id="nothing but zeros: all of them"),
            pytest.param(1, 1, id="one count"),
            pytest.param(8, 8, id="as many as are written out"),
            pytest.param(9, 31, id="one more: told by its ends, so all are kept"),
        ],
    )
    def test_zeros_say_nothing_in_a_short_sum(self, form: Form, counted: int, shown: int) -> None:
        rows = [row.code for row in layout(form, "T03").rows if row.counted]
        written = {("T03", row, "M"): int(number < counted) for number, row in enumerate(rows)} | {
            ("T03", "T", "M"): 99
        }
        made = tried(form, a_derived("rows_add_up", "adds_up"), written, [layout(form, "T03")])
        (facts,) = (facts for _, place, facts in made.said if place == "T03/T/M")
        assert len(facts["parts"]) == (shown if shown < 31 else len(rows))
        assert facts["expected"] == counted


def present(form: Form, written, table: str = "T10"):
    return tried(form, a_derived("all_present", "present"), written, [layout(form, table)])


class TestPresent:
    def test_every_cell(self, form: Form) -> None:
        assert present(form, {("T10", "T", column): 0 for column in "TMF"}).outcome == ("pass", 3, 0)

    def test_a_cell_that_is_not_there(self, form: Form) -> None:
        found = present(form, {TOTAL: 5, ("T10", "T", "F"): 5})
        assert found.said == [("cell_missing", "T10/T/M", {})]
        assert found.outcome == ("fail", 3, 1)

    def test_a_reason_is_enough(self, form: Form) -> None:
        assert present(form, {TOTAL: 5, ("T10", "T", "M"): None, ("T10", "T", "F"): None}).outcome == ("pass", 3, 0)

    def test_a_table_without_a_single_number(self, form: Form) -> None:
        found = present(form, {("T10", "T", column): None for column in "TMF"})
        assert found.said == [("table_without_numbers", "T10//", {})]
        assert found.outcome == ("fail", 4, 1)

    def test_a_table_of_which_cells_are_missing_has_numbers(self, form: Form) -> None:
        """A cell that is missing is a finding of its own, and says nothing about the table."""
        found = present(form, {TOTAL: None})
        assert [message for message, _, _ in found.said] == ["cell_missing", "cell_missing"]

    @pytest.mark.parametrize(
        ("cell", "said"),
        [
            pytest.param(Cell(0), [], id="zero is a number"),
            pytest.param(GAP, [("cell_gap", "T10/T/T", {"sign": "..."})], id="not available"),
            pytest.param(Cell(None, Status.SUPPRESSED), [("cell_gap", "T10/T/T", {"sign": "c"})], id="suppressed"),
        ],
    )
    def test_a_typed_rule_wants_a_number(self, form: Form, cell: Cell, said: list[object]) -> None:
        found = tried(form, a_rule("present", cells=TOTAL), {TOTAL: cell}, [layout(form, "T10")])
        assert found.said == said
        assert found.outcome == ("fail" if said else "pass", 1, len(said))

    def test_a_typed_rule_misses_a_cell(self, form: Form) -> None:
        found = tried(form, a_rule("present", cells=TOTAL), {}, [layout(form, "T10")])
        assert found.said == [("cell_missing", "T10/T/T", {})]


class TestMargins:
    LEFT, RIGHT = ("T03", "T", "M"), ("T05", "T", "M")

    def judged(self, form: Form, written, *tables: str):
        made = tried(form, a_derived("equal_margins", "same"), written, [layout(form, table) for table in tables])
        return made

    @pytest.mark.parametrize(("left", "difference"), [(7, 0), (8, 1), (5, -2)])
    def test_two_tables_of_one_universe(self, form: Form, left: int, difference: int) -> None:
        """Temporary permits by ground and by place, by sex."""
        found = self.judged(form, {("T03", "T", "M"): left, ("T04", "T", "M"): 7}, "T03", "T04")
        facts = {"found": left, "expected": 7, "difference": difference, "other": Place("T04", "T", "M")}
        assert found.said == ([("not_same", "T03/T/M", facts)] if difference else [])
        # Total, men and women; where neither table has a cell nothing was observed in both.
        assert found.outcome == ("fail" if difference else "pass", 3, int(bool(difference)))

    @pytest.mark.parametrize(
        ("left", "right", "named"),
        [
            pytest.param(None, 7, "T03", id="left"),
            pytest.param(7, None, "T04", id="right"),
            pytest.param(None, None, "T03", id="both"),
        ],
    )
    def test_a_gap_is_not_evaluated(self, form: Form, left: int | None, right: int | None, named: str) -> None:
        found = self.judged(form, {("T03", "T", "M"): left, ("T04", "T", "M"): right}, "T03", "T04")
        assert found.outcome == ("not_evaluated", 2, 0)
        assert found.reason is not None and found.reason.startswith(f"no number in {named} · line 01")

    @pytest.mark.parametrize(("left", "right"), [({("T03", "T", "M"): 7}, {}), ({}, {("T04", "T", "M"): 7})])
    def test_a_cell_that_is_not_there_stands_for_zero(self, form: Form, left, right) -> None:
        found = self.judged(form, {**left, **right}, "T03", "T04")
        assert [(place, facts["found"], facts["expected"]) for _, place, facts in found.said] == [
            ("T03/T/M", 7 if left else 0, 7 if right else 0)
        ]

    def test_tables_of_different_universes_are_not_compared(self, form: Form) -> None:
        with pytest.raises(DefinitionError, match="empty rulebook"):
            self.judged(form, {("T03", "T", "M"): 7, ("T05", "T", "M"): 8}, "T03", "T05")


class TestHowARuleEnds:
    def test_a_table_that_is_not_filled(self, form: Form) -> None:
        rule = a_rule("at_most", left=("T08", "T", "T"), right=("T07", "T", "T"))
        made = tried(form, rule, {("T08", "T", "T.T"): 7}, [layout(form, "T08")])
        assert (made.said, made.outcome, made.reason) == ([], ("not_evaluated", 0, 0), "T07 is not filled")
        made = tried(form, rule, {}, [layout(form, "T10")])
        assert made.reason == "T08, T07 is not filled"

    def test_reasons_that_differ_are_counted(self, form: Form) -> None:
        rule = a_rule("in_range", minimum=1, cells=("T10", "T", "*"))
        made = tried(form, rule, {TOTAL: None, ("T10", "T", "M"): None, ("T10", "T", "F"): 5}, [layout(form, "T10")])
        assert made.outcome == ("not_evaluated", 1, 0)
        assert (
            made.reason
            == "no number in T10 · line 01 (Total) · Total; 1 more comparisons of the rule could not be made"
        )

    def test_a_fault_weighs_more_than_a_gap(self, form: Form) -> None:
        rule = a_rule("in_range", minimum=1, cells=("T10", "T", "*"))
        made = tried(form, rule, {TOTAL: 0, ("T10", "T", "M"): None, ("T10", "T", "F"): 5}, [layout(form, "T10")])
        assert made.outcome == ("fail", 2, 1)
        assert made.reason == "no number in T10 · line 01 (Total) · Men"

    def test_a_rule_for_each_table_is_judged_for_each(self, form: Form) -> None:
        rule = a_rule(
            "in_range", id="R901", severity="error", level=3, minimum=1, each=("T10", "T07"), cells=("*", "T", "T")
        )
        made = tried(form, rule, {TOTAL: 0, ("T07", "T", "T"): 4}, [layout(form, "T10"), layout(form, "T07", "TR")])
        assert [(each.rule, each.says.en, each.says.az, each.says.ru, str(each.outcome)) for each in made.results] == [
            ("R901.T10", "T10: A rule", "T10: Qayda", "T10: Правило", "fail"),
            ("R901.T07", "T07: A rule", "T07: Qayda", "T07: Правило", "pass"),
        ]
        (finding,) = made.findings
        assert (finding.rule, finding.severity, finding.level) == ("R901.T10", Severity.ERROR, 3)
        assert [(each.kind, each.severity, each.level) for each in made.results] == [("in_range", "error", 3)] * 2

    def test_rules_are_judged_in_their_order_derived_ones_first(self, form: Form) -> None:
        rules = [a_rule("in_range", minimum=1, cells=TOTAL), a_derived("columns_add_up", "adds_up")]
        made = tried(form, rules, {TOTAL: 5, ("T10", "T", "M"): 2, ("T10", "T", "F"): 3}, [layout(form, "T10")])
        assert [(each.rule, each.says, str(each.outcome), each.tested) for each in made.results] == [
            ("D.T10", Text.same("T10"), "pass", 1), ("R900", made.results[1].says, "pass", 1),
        ]  # fmt: skip

    def test_margins_are_named_by_their_tables(self, form: Form) -> None:
        rule = a_derived("equal_margins", "same")
        says = Text(az="{table} və {other}", en="{table} and {other}", ru="{table} и {other}")
        made = tried(form, rule.model_copy(update={"says": says}), {}, [layout(form, "T03"), layout(form, "T04")])
        (result,) = made.results
        assert (result.rule, result.says) == ("D.T03-T04", Text(az="T03 və T04", en="T03 and T04", ru="T03 и T04"))

    def test_rows_of_a_table_without_rows_add_up_to_nothing(self, form: Form) -> None:
        """T10 prints one line: there is no rule on its rows, and the one on T07 is left."""
        rule = a_derived("rows_add_up", "adds_up")
        made = tried(form, rule, {}, [layout(form, "T10"), layout(form, "T07", "TR")])
        assert [each.rule for each in made.results] == ["D.T07"]
        made = tried(form, a_derived("columns_add_up", "adds_up"), {}, [layout(form, "T10"), layout(form, "T07", "TR")])
        assert sorted(each.rule for each in made.results) == ["D.T07", "D.T10"]

    def test_a_place_is_told_in_every_language(self, form: Form) -> None:
        (result,) = tried(
            form, a_rule("in_range", minimum=1, cells=TOTAL), {TOTAL: None}, [layout(form, "T10")]
        ).results
        assert result.blocked_by is not None
        assert result.blocked_by.ru == "нет числа: T10 · строка 01 (Всего) · Всего"
        assert (
            result.blocked_by.az.startswith("T10 · sətir 01 (Cəmi)")
            or "T10 · sətir 01 (Cəmi) · Cəmi" in result.blocked_by.az
        )

    def test_an_empty_rulebook_is_an_error(self, form: Form) -> None:
        with pytest.raises(DefinitionError, match="empty rulebook"):
            tried(form, [], {TOTAL: 1}, [layout(form, "T10")])


def test_a_cell_that_the_rule_does_not_name_is_no_matter(form: Form) -> None:
    rule = a_rule("in_range", minimum=10, cells=TOTAL)
    made = tried(form, rule, {TOTAL: 10, Address("T10", "T", "M"): 1}, [layout(form, "T10")])
    assert made.outcome == ("pass", 1, 0)
