"""Rules that look at a table as a whole, at their edges: all zeros, in order of size, columns exchanged."""

import pytest

from form1.core.findings import Place
from form1.core.periods import Period
from form1.core.texts import Text
from form1.definition import Form
from tests.rules.one_rule import Q2, Q3, YEAR_BEFORE, a_rule, history, layout, tried

RENAMED = Text(az="başqa siyahı", en="another list", ru="другой перечень")


def grand(table: str) -> tuple[str, str, str]:
    return (table, "T", "T")


class TestNotEmpty:
    RULE = a_rule(
        "not_empty",
        each=("T02", "T03", "T07"),
        cells=("*", "T", "T"),
        against=("previous", "year_before"),
        severity="error",
    )

    def judged(
        self, form: Form, totals: dict[str, int | None], before: dict[Period, dict[str, int | None]] = {}, rule=None
    ):
        layouts = [layout(form, table, "TR") for table in ("T02", "T03", "T07")]
        past = {
            period: history({grand(table): n for table, n in written.items()}) for period, written in before.items()
        }
        made = tried(form, rule or self.RULE, {grand(table): n for table, n in totals.items()}, layouts, past)
        return made

    @pytest.mark.parametrize(
        ("totals", "said"),
        [
            pytest.param({"T02": 1, "T03": 1, "T07": 1}, [], id="one person everywhere"),
            pytest.param(
                {"T02": 0, "T03": 0, "T07": 0}, [("form_of_zeros", "T02/T/T", {})], id="nobody anywhere: told once"
            ),
            pytest.param(
                {"T02": 0, "T03": 5, "T07": 1},
                [("table_of_zeros", "T02/T/T", {"other": "T03"})],
                id="counts in a table of its universe",
            ),
            pytest.param(
                {"T02": 5, "T03": 0, "T07": 1},
                [("table_of_zeros", "T03/T/T", {"other": "T02"})],
                id="counts in another one of it",
            ),
            pytest.param({"T02": 5, "T03": 5, "T07": 0}, [], id="nothing counts there"),
            pytest.param({"T02": 0, "T03": 0, "T07": 9}, [], id="only another universe counts"),
        ],
    )
    def test_what_counts_where_a_table_has_none(self, form: Form, totals: dict[str, int | None], said) -> None:
        made = self.judged(form, totals)
        told = [
            (message, place, {name: fact.en if isinstance(fact, Text) else fact for name, fact in facts.items()})
            for message, place, facts in made.said
        ]
        assert told == said
        assert [(str(each.outcome), each.tested) for each in made.results] == [
            ("fail" if any(f"{table}/" in place for _, place, _ in said) else "pass", 1) for table in ("T02", "T03", "T07")
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("before", "against", "other"),
        [
            pytest.param({Q2: {"T07": 3}}, ("previous", "year_before"), "2026-Q2", id="the quarter before counted"),
            pytest.param({YEAR_BEFORE: {"T07": 3}}, ("previous", "year_before"), "2025-Q3", id="last year counted"),
            pytest.param({YEAR_BEFORE: {"T07": 3}}, ("previous",), None, id="last year is not asked for"),
            pytest.param({Q2: {"T07": 3}}, ("year_before",), None, id="the quarter before is not asked for"),
            pytest.param(
                {Q2: {"T07": 0}, YEAR_BEFORE: {"T07": 0}}, ("previous", "year_before"), None, id="nobody then"
            ),
            pytest.param({Q2: {"T07": None}}, ("previous",), None, id="no number then"),
            pytest.param({Q2: {"T02": 3}}, ("previous",), None, id="the table was not there"),
        ],
    )
    def test_what_counted_earlier(self, form: Form, before, against: tuple[str, ...], other: str | None) -> None:
        rule = self.RULE.model_copy(update={"against": against})
        made = self.judged(form, {"T02": 5, "T03": 5, "T07": 0}, before, rule)
        assert made.said == ([("table_of_zeros", "T07/T/T", {"other": Text.same(other)})] if other else [])

    def test_a_gap_is_not_evaluated(self, form: Form) -> None:
        made = self.judged(form, {"T02": None, "T03": 5, "T07": 5})
        assert [str(each.outcome) for each in made.results] == ["not_evaluated", "pass", "pass"]
        assert made.results[0].blocked_by is not None and "T02" in made.results[0].blocked_by.en
        assert made.said == []


class TestNotSorted:
    RULE = a_rule("not_sorted", cells=("T03", "*", "T"), at_least=3)

    def judged(
        self, form: Form, counts: list[int | None], table: str = "T03", groups: dict[str, int] = {}, *observed: str
    ):
        made = layout(form, table, *observed)
        detail = [row.code for row in made.rows if row.counted]
        written: dict = {(table, row, "T"): count for row, count in zip(detail, counts, strict=False)}
        rule = self.RULE.model_copy(update={"left": None, "cells": self.RULE.cells.model_copy(update={"table": table})})
        return tried(form, rule, written, [made]), detail

    @pytest.mark.parametrize(
        ("count", "found"),
        [
            pytest.param(lambda n, last: n, True, id="each greater than the one before"),
            pytest.param(lambda n, last: last - n, True, id="each smaller than the one before"),
            pytest.param(lambda n, last: n // 5, True, id="steps"),
            pytest.param(lambda n, last: min(n, 2), True, id="as many different counts as are no chance"),
            pytest.param(lambda n, last: min(n, 1), False, id="one different count fewer"),
            pytest.param(lambda n, last: 7, False, id="all the same"),
            pytest.param(lambda n, last: n if n < last else 0, False, id="the last one is out of order"),
            pytest.param(lambda n, last: n if n else 99, False, id="the first one is out of order"),
        ],
    )
    def test_order_of_size(self, form: Form, count, found: bool) -> None:
        rows = len([row for row in layout(form, "T03").rows if row.counted])
        made, detail = self.judged(form, [count(n, rows - 1) for n in range(rows)])
        assert made.said == ([("numbers_sorted", f"T03/{detail[0]}/T", {"count": rows})] if found else [])
        assert made.outcome == ("fail" if found else "pass", 1, int(found))

    def test_a_gap_is_not_evaluated(self, form: Form) -> None:
        rows = len([row for row in layout(form, "T03").rows if row.counted])
        made, detail = self.judged(form, [None if n == 4 else n for n in range(rows)])
        assert made.outcome == ("not_evaluated", 0, 0)
        row = layout(form, "T03").row[detail[4]]
        assert made.reason is not None and f"line {row.line}" in made.reason

    def test_the_members_of_one_group(self, form: Form) -> None:
        """Five of the CIS in order among others that are not: Other countries stand after them."""
        observed = ("UZ", "KZ", "RU", "UA", "KG", "TR", "IR", "GE")
        made = layout(form, "T07", *observed)
        cis = list(made.row["CIS"].parts)
        other = list(made.row["OTHER"].parts)
        assert len(cis) >= 3 and len(other) >= 2
        written: dict = {("T07", row, "T"): 100 + number for number, row in enumerate(cis)}
        written |= {("T07", row, "T"): 50 - (number % 2) * 40 for number, row in enumerate(other)}
        rule = a_rule("not_sorted", cells=("T07", "*", "T"), at_least=3)
        found = tried(form, rule, written, [made])
        assert found.said == [("numbers_sorted", f"T07/{cis[0]}/T", {"count": len(cis)})]
        # The whole table comes first and is in no order; after a finding no other group is looked at.
        assert found.outcome == ("fail", 2, 1)

    def test_a_group_that_is_the_whole_table_is_looked_at_once(self, form: Form) -> None:
        made = layout(form, "T07", "TR", "IR", "GE", "IN")
        written: dict = {
            ("T07", row.code, "T"): (3, 1, 2, 0)[number % 4]
            for number, row in enumerate(row for row in made.rows if row.counted)
        }
        found = tried(form, a_rule("not_sorted", cells=("T07", "*", "T"), at_least=3), written, [made])
        assert found.outcome == ("pass", 1, 0)

    def test_a_table_without_rows(self, form: Form) -> None:
        made = layout(form, "T07")
        found = tried(form, a_rule("not_sorted", cells=("T07", "*", "T"), at_least=3), {}, [made])
        assert found.outcome == ("pass", 0, 0)


class TestNotExchanged:
    """Of a row men are M, women F; the shares of men are compared."""

    def judged(
        self,
        form: Form,
        now,
        past,
        *,
        many: int = 1,
        share: float = 0.0,
        ratio: float = 0.5,
        at_least: int = 1,
        against=("year_before",),
        table="T05",
        breaks={},
    ):
        rule = a_rule(
            "not_exchanged",
            cells=(table, "*", "*"),
            ratio=ratio,
            at_least=at_least,
            against=against,
            gravity={"many": many, "share": share},
        )

        def written(rows):
            return {
                (table, row, column): count
                for row, pair in rows.items()
                for column, count in zip(("M", "F"), pair, strict=True)
            }

        before = {YEAR_BEFORE: history(written(past), breaks=breaks), Q2: history(written(past), breaks=breaks)}
        return tried(form, rule, written(now), [layout(form, table)], before)

    def test_exchanged(self, form: Form) -> None:
        made = self.judged(form, {"0-4": (10, 30)}, {"0-4": (30, 10)})
        (said,) = made.said
        assert (said[0], said[1], said[2]["other"]) == ("columns_exchanged", "T05/T/M", "2025-Q3")
        assert "Women" in said[2]["column"].en
        assert made.outcome == ("fail", 1, 1)

    @pytest.mark.parametrize(
        ("now", "past", "found"),
        [
            pytest.param((30, 10), (30, 10), False, id="as they were"),
            pytest.param((20, 20), (30, 10), False, id="half and half: as near to the one as to the other"),
            pytest.param((20, 20), (20, 20), False, id="always half and half"),
            # Men were 3/4 and are 1/3: apart 5/12, exchanged 1/12, which is a fifth.
            pytest.param((20, 40), (30, 10), True, id="nearer by far when exchanged"),
            # Men were 3/4 and are 5/12: apart 1/3, exchanged 1/6, which is exactly half of it.
            pytest.param((25, 35), (30, 10), False, id="exactly the ratio nearer"),
            pytest.param((24, 36), (30, 10), True, id="a little more than the ratio nearer"),
        ],
    )
    def test_how_much_nearer(self, form: Form, now: tuple[int, int], past: tuple[int, int], found: bool) -> None:
        assert bool(self.judged(form, {"0-4": now}, {"0-4": past}).said) == found

    @pytest.mark.parametrize(
        ("many", "share", "found"),
        [
            pytest.param(40, 0.0, True, id="as many persons as are asked for"),
            pytest.param(41, 0.0, False, id="one person fewer"),
            # Apart 1/2 of 40 persons, exchanged none: nearer by 20 persons.
            pytest.param(1, 0.5, True, id="nearer by exactly the share of the persons"),
            pytest.param(1, 0.51, False, id="nearer by less than the share"),
        ],
    )
    def test_how_many_persons(self, form: Form, many: int, share: float, found: bool) -> None:
        made = self.judged(form, {"0-4": (10, 30)}, {"0-4": (30, 10)}, many=many, share=share)
        assert bool(made.said) == found

    @pytest.mark.parametrize(
        ("now", "past", "persons"),
        [
            pytest.param((10, 30), (60, 20), 40, id="now they are fewer"),
            pytest.param((20, 60), (30, 10), 40, id="then they were fewer"),
        ],
    )
    def test_a_row_weighs_what_both_periods_hold(self, form: Form, now, past, persons: int) -> None:
        assert self.judged(form, {"0-4": now}, {"0-4": past}, many=persons).said
        assert not self.judged(form, {"0-4": now}, {"0-4": past}, many=persons + 1).said

    @pytest.mark.parametrize(("at_least", "found"), [(40, True), (41, False)])
    def test_small_rows_say_nothing(self, form: Form, at_least: int, found: bool) -> None:
        assert bool(self.judged(form, {"0-4": (10, 30)}, {"0-4": (30, 10)}, at_least=at_least).said) == found

    def test_rows_of_nobody_say_nothing(self, form: Form) -> None:
        now, past = {"0-4": (10, 30), "5-9": (0, 0), "10-14": (0, 0)}, {"0-4": (30, 10), "5-9": (0, 0), "10-14": (0, 5)}
        assert self.judged(form, now, past, at_least=0, many=40).said
        assert not self.judged(form, now, past, at_least=0, many=41).said

    def test_rows_are_weighed_by_their_persons(self, form: Form) -> None:
        """A row of 400 stays as it was, one of 40 is exchanged: 0 and 20 persons apart, 200 and 0 when exchanged."""
        now, past = {"0-4": (10, 30), "5-9": (300, 100)}, {"0-4": (30, 10), "5-9": (300, 100)}
        assert not self.judged(form, now, past).said
        now["5-9"], past["5-9"] = (3, 1), (3, 1)
        assert self.judged(form, now, past).said

    @pytest.mark.parametrize(
        ("now", "past"),
        [
            pytest.param({"0-4": (10, None)}, {"0-4": (30, 10)}, id="a gap now"),
            pytest.param({"0-4": (None, 30)}, {"0-4": (30, 10)}, id="another gap now"),
            pytest.param({"0-4": (10, 30)}, {"0-4": (30, None)}, id="a gap then"),
            pytest.param({"0-4": (10, 30)}, {"5-9": (30, 10)}, id="no such row then"),
        ],
    )
    def test_rows_that_cannot_be_compared(self, form: Form, now, past) -> None:
        assert self.judged(form, now, past).outcome == ("pass", 1, 0)

    def test_a_row_without_a_match_is_left_out(self, form: Form) -> None:
        now, past = {"0-4": (10, 30), "5-9": (10, 30)}, {"0-4": (30, 10), "5-9": (30, 10)}
        breaks = {("T05", "0-4", ""): RENAMED}
        assert self.judged(form, now, past, breaks=breaks, many=40).said
        assert not self.judged(form, now, past, breaks=breaks, many=41).said

    def test_a_second_period_would_say_the_same(self, form: Form) -> None:
        made = self.judged(form, {"0-4": (10, 30)}, {"0-4": (30, 10)}, against=("previous", "year_before"))
        assert [facts["other"] for _, _, facts in made.said] == ["2026-Q2"]
        made = self.judged(form, {"0-4": (30, 10)}, {"0-4": (30, 10)}, against=("previous", "year_before"))
        assert made.outcome == ("pass", 2, 0)

    def test_without_an_earlier_period(self, form: Form) -> None:
        rule = a_rule(
            "not_exchanged",
            cells=("T05", "*", "*"),
            ratio=0.5,
            against=("year_before",),
            gravity={"many": 1, "share": 0},
        )
        made = tried(form, rule, {("T05", "0-4", "M"): 5}, [layout(form, "T05")])
        assert made.outcome == ("not_evaluated", 0, 0)
        assert made.reason == "there is neither an edition nor a full set of exports for 2025-Q3"

    def test_crossed_columns_are_compared_pair_by_pair(self, form: Form) -> None:
        """Of twelve age groups one has its men for its women; totals are no pair, for their parts are many or sums."""
        made = layout(form, "T08")
        rule = a_rule(
            "not_exchanged",
            cells=("T08", "*", "*"),
            ratio=0.5,
            against=("year_before",),
            gravity={"many": 1, "share": 0},
        )
        now = {
            ("T08", "F", "30-34.M"): 10,
            ("T08", "F", "30-34.F"): 30,
            ("T08", "F", "20-24.M"): 30,
            ("T08", "F", "20-24.F"): 10,
        }
        past = {
            ("T08", "F", "30-34.M"): 30,
            ("T08", "F", "30-34.F"): 10,
            ("T08", "F", "20-24.M"): 30,
            ("T08", "F", "20-24.F"): 10,
        }
        found = tried(form, rule, now, [made], {YEAR_BEFORE: history(past)})
        assert found.places == ["T08/T/30-34.M"]
        assert found.findings[0].facts["column"] != Place("T08", column="30-34.F")
        assert found.outcome == ("fail", 12, 1)


def test_the_periods_that_are_asked_for(form: Form) -> None:
    from dataclasses import replace

    from form1.definition.rulebook import Rulebook
    from form1.rules import needed_periods

    for kind in ("not_empty", "not_exchanged"):
        rule = a_rule(
            kind, cells=("T05", "*", "*"), ratio=0.5, against=("year_before",), gravity={"many": 1, "share": 0}
        )
        assert needed_periods(replace(form, rulebook=Rulebook(rule=(rule,))), Q3) == (YEAR_BEFORE,)
