"""Rules that look at earlier periods: each at its edges, with and without an earlier period."""

import pytest

from form1.core.findings import Severity
from form1.core.periods import Period
from form1.core.texts import Text
from form1.definition import Form
from form1.rules import History, needed_periods
from tests.rules.one_rule import Q2, Q3, YEAR_BEFORE, a_rule, corrected, history, layout, tried

TOTAL = ("T10", "T", "T")
RENAMED = Text(az="başqa siyahı", en="another list", ru="другой перечень")


def moved(**more: object):
    return a_rule("moved", **{"ratio": 0.3, "at_least": 100, "against": ("year_before",), "cells": TOTAL, **more})


class TestMoved:
    @pytest.mark.parametrize(
        ("now", "before", "message"),
        [
            pytest.param(1300, 1000, None, id="exactly the ordinary rise"),
            pytest.param(1301, 1000, "moved_much", id="one more than the ordinary rise"),
            pytest.param(700, 1000, None, id="exactly the ordinary fall"),
            pytest.param(699, 1000, "moved_much", id="one less than the ordinary fall"),
            pytest.param(199, 100, None, id="a change below the least that is reported"),
            pytest.param(200, 100, "moved_much", id="the least change that is reported"),
            pytest.param(0, 100, "moved_much", id="gone to nothing"),
            pytest.param(99, 0, None, id="appeared with fewer than are reported"),
            pytest.param(100, 0, "appeared", id="appeared with as many as are reported"),
            pytest.param(101, 1, "moved_much", id="from one person"),
            pytest.param(0, 0, None, id="nobody then and now"),
        ],
    )
    def test_at_the_edges(self, form: Form, now: int, before: int, message: str | None) -> None:
        found = tried(form, moved(), {TOTAL: now}, [layout(form, "T10")], {YEAR_BEFORE: history({TOTAL: before})})
        assert [name for name, _, _ in found.said] == ([message] if message else [])
        assert found.outcome == ("fail" if message else "pass", 1, int(bool(message)))
        assert found.reason is None

    @pytest.mark.parametrize(("now", "found"), [(0, 0), (1, 1), (2, 1)])
    def test_without_a_least_change_one_person_may_appear(self, form: Form, now: int, found: int) -> None:
        rule = moved(at_least=0)
        made = tried(form, rule, {TOTAL: now}, [layout(form, "T10")], {YEAR_BEFORE: history({TOTAL: 0})})
        assert len(made.findings) == found

    def test_the_finding_says_how_much(self, form: Form) -> None:
        found = tried(form, moved(), {TOTAL: 1301}, [layout(form, "T10")], {YEAR_BEFORE: history({TOTAL: 1000})})
        facts = {"found": 1301, "before": 1000, "difference": 301, "other": "2025-Q3"}
        assert found.said == [("moved_much", "T10/T/T", {**facts, "change": Text(az="30,1", en="30.1", ru="30,1")})]
        assert (found.findings[0].severity, found.findings[0].level, found.findings[0].rule) == ("warning", 2, "R900")

    def test_a_fall_has_a_sign(self, form: Form) -> None:
        (found,) = tried(form, moved(), {TOTAL: 500}, [layout(form, "T10")], {YEAR_BEFORE: history({TOTAL: 1000})}).said
        assert (found[2]["difference"], found[2]["change"]) == (-500, Text(az="−50,0", en="−50.0", ru="−50,0"))

    def test_what_appeared_has_no_share(self, form: Form) -> None:
        found = tried(form, moved(), {TOTAL: 150}, [layout(form, "T10")], {YEAR_BEFORE: history({TOTAL: 0})})
        assert found.said == [("appeared", "T10/T/T", {"found": 150, "other": "2025-Q3"})]

    def test_both_periods_are_looked_at(self, form: Form) -> None:
        rule = moved(against=("previous", "year_before"))
        past = {Q2: history({TOTAL: 400}), YEAR_BEFORE: history({TOTAL: 300})}
        found = tried(form, rule, {TOTAL: 1000}, [layout(form, "T10")], past)
        assert [facts["other"] for _, _, facts in found.said] == ["2026-Q2", "2025-Q3"]
        assert found.outcome == ("fail", 2, 2)

    @pytest.mark.parametrize(("now", "before"), [(None, 400), (400, None)])
    def test_a_gap_then_or_now_is_not_evaluated(self, form: Form, now: int | None, before: int | None) -> None:
        found = tried(form, moved(), {TOTAL: now}, [layout(form, "T10")], {YEAR_BEFORE: history({TOTAL: before})})
        assert found.outcome == ("not_evaluated", 0, 0)
        assert found.reason == "no number in T10 · line 01 (Total) · Total"

    def test_rows_that_only_one_period_lists_stand_for_zero(self, form: Form) -> None:
        """Looked at are the rows of the column that the rule names, in this table alone."""
        rule = moved(cells=("T07", "*", "issued"), at_least=5)
        now = {("T07", "TR", "issued"): 50, ("T07", "RU", "issued"): 7}
        past = {
            ("T07", "GE", "issued"): 60, ("T07", "GE", "renewed"): 70, ("T07", "TR", "issued"): 50, ("T06", "CN", "issued"): 80,
        }  # fmt: skip
        found = tried(form, rule, now, [layout(form, "T07", "TR", "RU")], {YEAR_BEFORE: history(past)})
        assert found.said == [
            ("appeared", "T07/RU/issued", {"found": 7, "other": "2025-Q3"}),
            ("moved_much", "T07/GE/issued", {"found": 0, "before": 60, "difference": -60, "other": "2025-Q3", "change": Text(az="−100,0", en="−100.0", ru="−100,0")}),
        ]  # fmt: skip
        assert found.outcome == ("fail", 6, 2)  # five rows of the layout, and the one that is gone

    def test_one_row_asked_for_is_one_row(self, form: Form) -> None:
        rule = moved(cells=("T07", "TR", "issued"), at_least=5)
        past = history({("T07", "GE", "issued"): 60, ("T07", "TR", "issued"): 50})
        found = tried(form, rule, {("T07", "TR", "issued"): 50}, [layout(form, "T07", "TR")], {YEAR_BEFORE: past})
        assert found.outcome == ("pass", 1, 0)

    def test_a_row_without_a_match_is_not_compared(self, form: Form) -> None:
        rule = moved(cells=("T07", "*", "issued"), at_least=5)
        breaks = {
            ("T07", "TR", ""): RENAMED,
            ("T07", "GE", ""): RENAMED,
            ("T01", "GE", ""): RENAMED,
            ("T07", "", "M"): RENAMED,
        }
        past = history({("T07", "TR", "issued"): 50}, breaks=breaks)
        found = tried(form, rule, {("T07", "TR", "issued"): 500}, [layout(form, "T07", "TR")], {YEAR_BEFORE: past})
        assert found.said == []
        # Of T, CIS, OTHER and TR the last has no match; GE, which ended, is told beside it.
        assert found.outcome == ("not_evaluated", 3, 0)
        assert found.reason == "another list"

    def test_a_row_that_ended_is_not_told_where_one_cell_is_asked_for(self, form: Form) -> None:
        past = history({TOTAL: 500}, breaks={("T10", "X", ""): RENAMED})
        found = tried(form, moved(), {TOTAL: 500}, [layout(form, "T10")], {YEAR_BEFORE: past})
        assert found.outcome == ("pass", 1, 0)


class TestWhatIsNotThere:
    @pytest.mark.parametrize(
        ("before", "reason"),
        [
            pytest.param({}, "there is neither an edition nor a full set of exports for 2025-Q3", id="no period"),
            pytest.param({YEAR_BEFORE: History(None, RENAMED)}, "another list", id="a period that says why"),
            pytest.param({YEAR_BEFORE: History(None)}, "there is neither an edition nor a full set of exports for 2025-Q3", id="a period that says nothing"),
            pytest.param({YEAR_BEFORE: history({})}, "2025-Q3 has no T10", id="a period without cells"),
            pytest.param({YEAR_BEFORE: history({("T07", "T", "T"): 5})}, "2025-Q3 has no T10", id="a period without the table"),
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("kind", ["moved", "repeats"])
    def test_it_says_why(self, form: Form, kind: str, before: dict[Period, History], reason: str) -> None:
        rule = a_rule(kind, ratio=0.9, against=("year_before",), cells=TOTAL)
        found = tried(form, rule, {TOTAL: 5, ("T10", "T", "M"): 5}, [layout(form, "T10")], before)
        assert (found.said, found.outcome, found.reason) == ([], ("not_evaluated", 0, 0), reason)

    def test_one_period_of_two(self, form: Form) -> None:
        rule = moved(against=("previous", "year_before"))
        found = tried(form, rule, {TOTAL: 1000}, [layout(form, "T10")], {YEAR_BEFORE: history({TOTAL: 1})})
        assert found.outcome == ("fail", 1, 1)
        assert found.reason == "there is neither an edition nor a full set of exports for 2026-Q2"
        assert found.findings[0].facts["other"] == "2025-Q3"


def not_below(**more: object):
    return a_rule("not_below", **{"cells": ("T07", "*", "issued"), **more})


class TestNotBelow:
    @pytest.mark.parametrize(
        ("now", "said"),
        [
            pytest.param(51, [], id="one more"),
            pytest.param(50, [], id="the same"),
            pytest.param(49, [("fell_below", "T07/TR/issued", {"found": 49, "before": 50, "difference": -1, "other": "2026-Q2"})], id="one fewer"),
        ],
    )  # fmt: skip
    def test_at_the_edge(self, form: Form, now: int, said: list[object]) -> None:
        rule = not_below(cells=("T07", "TR", "issued"))
        past = {Q2: history({("T07", "TR", "issued"): 50})}
        found = tried(form, rule, {("T07", "TR", "issued"): now}, [layout(form, "T07", "TR")], past)
        assert found.said == said
        assert found.outcome == ("fail" if said else "pass", 1, len(said))
        assert all(finding.severity == Severity.WARNING for finding in found.findings)

    @pytest.mark.parametrize("period", [Period(2026, 1), Period(2026)])
    def test_no_quarter_of_the_year_before(self, form: Form, period: Period) -> None:
        past = {period.previous: history({("T07", "TR", "issued"): 50})}
        found = tried(form, not_below(), {("T07", "TR", "issued"): 1}, [layout(form, "T07", "TR")], past, period)
        assert (found.said, found.outcome) == ([], ("not_evaluated", 0, 0))
        assert found.reason == "there is no earlier quarter of the year to compare with"

    @pytest.mark.parametrize("period", [Period(2026, 2), Period(2026, 4)])
    def test_the_quarter_before(self, form: Form, period: Period) -> None:
        past = {period.previous: history({("T07", "TR", "issued"): 50})}
        found = tried(form, not_below(), {("T07", "TR", "issued"): 1}, [layout(form, "T07", "TR")], past, period)
        assert found.places == ["T07/TR/issued"]

    @pytest.mark.parametrize(("now", "before"), [(None, 4), (4, None)])
    def test_a_gap_is_not_evaluated(self, form: Form, now: int | None, before: int | None) -> None:
        rule = not_below(cells=("T07", "TR", "issued"))
        past = {Q2: history({("T07", "TR", "issued"): before})}
        found = tried(form, rule, {("T07", "TR", "issued"): now}, [layout(form, "T07", "TR")], past)
        assert found.outcome == ("not_evaluated", 0, 0)
        assert found.reason is not None and found.reason.startswith("no number in T07")

    def test_rows_that_may_fall(self, form: Form) -> None:
        rule = not_below(codes=("TR",))
        past = {Q2: history({("T07", "TR", "issued"): 50, ("T07", "RU", "issued"): 50})}
        found = tried(form, rule, {}, [layout(form, "T07", "TR", "RU")], past)
        assert found.places == ["T07/RU/issued"]

    @pytest.mark.parametrize(
        ("row", "total", "severity"),
        [
            pytest.param({"issued": 90}, 200, "warning", id="exactly the small share, the total as before"),
            pytest.param({"issued": 90}, 201, "warning", id="the total rose"),
            pytest.param({"issued": 90}, 199, "error", id="the total fell by one"),
            pytest.param({"issued": 89}, 200, "error", id="one more than the small share"),
        ],
    )
    def test_a_small_fall_that_others_cancel_is_a_warning(
        self, form: Form, row: dict[str, int], total: int, severity: str
    ) -> None:
        rule = not_below(severity="error", ratio=0.1, cells=("T07", "TR", "*"))
        past = {Q2: history({("T07", "TR", "issued"): 100, ("T07", "TR", "T"): 200})}
        now = {("T07", "TR", "issued"): row["issued"], ("T07", "TR", "T"): total}
        found = tried(form, rule, now, [layout(form, "T07", "TR")], past)
        assert next(f.severity for f in found.findings if f.place.column == "issued") == severity

    def test_without_a_small_share_every_fall_weighs_the_same(self, form: Form) -> None:
        rule = not_below(severity="error", cells=("T07", "TR", "*"))
        past = {Q2: history({("T07", "TR", "issued"): 100, ("T07", "TR", "T"): 200})}
        found = tried(
            form, rule, {("T07", "TR", "issued"): 99, ("T07", "TR", "T"): 200}, [layout(form, "T07", "TR")], past
        )
        assert [finding.severity for finding in found.findings] == [Severity.ERROR]

    def test_a_fall_of_the_total_itself_is_never_cancelled(self, form: Form) -> None:
        rule = not_below(severity="error", ratio=0.1, cells=("T07", "TR", "T"))
        past = {Q2: history({("T07", "TR", "T"): 200})}
        found = tried(form, rule, {("T07", "TR", "T"): 199}, [layout(form, "T07", "TR")], past)
        assert [finding.severity for finding in found.findings] == [Severity.ERROR]

    @pytest.mark.parametrize(("now", "before"), [(None, 200), (200, None)])
    def test_a_total_without_a_number_cancels_nothing(self, form: Form, now: int | None, before: int | None) -> None:
        rule = not_below(severity="error", ratio=0.1, cells=("T07", "TR", "issued"))
        past = {Q2: history({("T07", "TR", "issued"): 100, ("T07", "TR", "T"): before})}
        found = tried(
            form, rule, {("T07", "TR", "issued"): 99, ("T07", "TR", "T"): now}, [layout(form, "T07", "TR")], past
        )
        assert [finding.severity for finding in found.findings] == [Severity.ERROR]

    @pytest.mark.parametrize(
        ("many", "share", "total", "severity"),
        [
            pytest.param(2, 0.1, 300, "error", id="as many rows as are many, exactly the share"),
            pytest.param(3, 0.1, 300, "warning", id="one row fewer than are many"),
            pytest.param(2, 0.1, 301, "warning", id="a little less than the share"),
            pytest.param(1, 0.0, 0, "error", id="any fall is grave"),
        ],
    )
    def test_many_rows_that_fall(self, form: Form, many: int, share: float, total: int, severity: str) -> None:
        """TR, and GE that is no longer listed, fall by 10 and 20; the group above them fell as well and is none of the rows."""
        rule = not_below(gravity={"many": many, "share": share})
        past = {
            ("T07", "TR", "issued"): 50,
            ("T07", "GE", "issued"): 20,
            ("T07", "OTHER", "issued"): 70,
            ("T07", "T", "issued"): total,
        }
        now = {("T07", "TR", "issued"): 40, ("T07", "OTHER", "issued"): 40, ("T07", "T", "issued"): total}
        found = tried(form, rule, now, [layout(form, "T07", "TR")], {Q2: history(past)})
        assert found.places == ["T07/OTHER/issued", "T07/TR/issued", "T07/GE/issued"]
        assert {finding.severity for finding in found.findings} == {severity}


def repeats(**more: object):
    fields = {"ratio": 0.9, "at_least": 10, "against": ("year_before",), "cells": ("T05", "*", "*")}
    return a_rule("repeats", **{**fields, **more})


def ages(form: Form, count, table: str = "T05") -> dict[tuple[str, str, str], int | None]:
    """Counts of men by row of detail; `count` of the position."""
    rows = [row.code for row in layout(form, table).rows if row.counted]
    return {(table, row, "M"): count(number) for number, row in enumerate(rows)}


class TestRepeats:
    @pytest.mark.parametrize(("differ", "found"), [(0, 1), (1, 1), (2, 0)])
    def test_nine_of_ten_telling_counts(self, form: Form, differ: int, found: int) -> None:
        now = ages(form, lambda n: 10 + n if n < 10 else 9)
        past = ages(form, lambda n: 10 + n + (n < differ) if n < 10 else 3)
        made = tried(form, repeats(), now, [layout(form, "T05")], {YEAR_BEFORE: history(past)})
        assert made.said == [
            ("repeats_period", "T05/T/T", {"found": 10 - differ, "count": 10, "other": "2025-Q3"})
        ] * found  # fmt: skip
        assert made.outcome == ("fail" if found else "pass", 1, found)

    @pytest.mark.parametrize(("count", "found"), [(9, 0), (10, 1), (11, 1)])
    def test_small_counts_say_nothing(self, form: Form, count: int, found: int) -> None:
        now = ages(form, lambda n: count if n == 0 else 0)
        made = tried(form, repeats(), now, [layout(form, "T05")], {YEAR_BEFORE: history(now)})
        assert len(made.findings) == found

    def test_sums_and_other_tables_are_not_counted(self, form: Form) -> None:
        now = {
            **ages(form, lambda n: 20 + n if n < 3 else 0),
            ("T05", "T", "M"): 63,
            ("T05", "T", "T"): 63,
            ("T05", "0-4", "T"): 20,
            ("T10", "T", "M"): 77,
        }
        past = {**now, **ages(form, lambda n: 50 + n)}
        made = tried(form, repeats(), now, [layout(form, "T05"), layout(form, "T10")], {YEAR_BEFORE: history(past)})
        assert made.said == []
        past = {**now, ("T05", "T", "T"): 1, ("T10", "T", "M"): 1}
        made = tried(form, repeats(), now, [layout(form, "T05"), layout(form, "T10")], {YEAR_BEFORE: history(past)})
        assert made.findings[0].facts["count"] == 3

    def test_a_gap_is_no_telling_count(self, form: Form) -> None:
        now = {**ages(form, lambda n: 20 + n), ("T05", "0-4", "M"): None}
        made = tried(form, repeats(), now, [layout(form, "T05")], {YEAR_BEFORE: history(now)})
        assert made.findings[0].facts["count"] == len(ages(form, lambda n: 0)) - 1

    def test_rows_without_a_match_are_not_compared(self, form: Form) -> None:
        now = ages(form, lambda n: 20 + n if n < 2 else 0)
        breaks = {(*at[:2], ""): RENAMED for at in now}
        made = tried(form, repeats(), now, [layout(form, "T05")], {YEAR_BEFORE: history(now, breaks=breaks)})
        assert (made.said, made.outcome, made.reason) == ([], ("not_evaluated", 0, 0), "another list")
        del breaks["T05", "5-9", ""]
        made = tried(form, repeats(), now, [layout(form, "T05")], {YEAR_BEFORE: history(now, breaks=breaks)})
        assert made.said == [("repeats_period", "T05/T/T", {"found": 1, "count": 1, "other": "2025-Q3"})]

    def test_no_cell_at_all_repeats_nothing(self, form: Form) -> None:
        past = {YEAR_BEFORE: history(ages(form, lambda n: 20))}
        made = tried(form, repeats(), {}, [layout(form, "T05")], past)
        assert made.outcome == ("pass", 1, 0)

    @pytest.mark.parametrize(
        ("telling", "against", "table", "severity"),
        [
            pytest.param(4, "year_before", "T05", "error", id="as many as are no chance"),
            pytest.param(3, "year_before", "T05", "warning", id="one fewer"),
            pytest.param(4, "previous", "T05", "warning", id="a cumulative table like the quarter before"),
            pytest.param(4, "previous", "T04", "warning", id="another cumulative table"),
        ],
    )
    def test_how_much_it_weighs(self, form: Form, telling: int, against: str, table: str, severity: str) -> None:
        """T06 tells as much and is not repeated: half of the tables are, and that is not most."""
        rule = repeats(
            each=(table, "T06"), cells=("*", "*", "*"), against=(against,), gravity={"many": 4, "share": 0.5}
        )
        other = {("T06", row, "M"): 30 for row in ("TR", "RU", "GE", "CN")}
        now = {**ages(form, lambda n: 20 + n if n < telling else 0, table), **other}
        past = history({**now, **dict.fromkeys(other, 31)})
        layouts = [layout(form, table), layout(form, "T06", "TR", "RU", "GE", "CN")]
        made = tried(form, rule, now, layouts, {YEAR_BEFORE: past, Q2: past})
        assert [(finding.place.table, finding.severity) for finding in made.findings] == [(table, severity)]

    @pytest.mark.parametrize(
        ("share", "others", "severity"),
        [
            pytest.param(0.5, [True, False], "error", id="two of three tables"),
            pytest.param(0.7, [True, False], "warning", id="two of three, and more are asked for"),
            pytest.param(0.5, [False, False], "warning", id="one of three tables"),
            pytest.param(0.5, [True, None], "error", id="two of two that tell anything"),
        ],
    )
    def test_most_tables_like_the_quarter_before(
        self, form: Form, share: float, others: list[bool | None], severity: str
    ) -> None:
        rule = repeats(
            each=("T05", "T02", "T06", "T01"),
            cells=("*", "*", "*"),
            against=("previous",),
            gravity={"many": 4, "share": share},
        )
        now: dict = ages(form, lambda n: 20 + n)
        past: dict = dict(now)
        codes = ("TR", "RU", "GE", "CN")
        for table, repeated in zip(("T02", "T06"), others, strict=True):
            count = 30 if repeated is not None else 3
            now |= {(table, row, "M"): count for row in codes}
            past |= {(table, row, "M"): count if repeated else 77 for row in codes}
        layouts = [layout(form, "T05"), layout(form, "T02", *codes), layout(form, "T06", *codes), layout(form, "T01")]
        made = tried(form, rule, now, layouts, {Q2: history(past)})
        assert made.findings[0].place.table == "T05"
        assert {str(finding.severity) for finding in made.findings} == {severity}

    def test_a_stock_like_the_quarter_before_is_an_error(self, form: Form) -> None:
        rule = repeats(each=("T10",), cells=("*", "*", "*"), against=("previous",), gravity={"many": 2, "share": 1})
        now = {("T10", "T", "M"): 50, ("T10", "T", "F"): 60}
        made = tried(form, rule, now, [layout(form, "T10")], {Q2: history(now)})
        assert [finding.severity for finding in made.findings] == [Severity.ERROR]


class TestSame:
    RULE = a_rule("same", left=("T05", "*"), right=("T05", "*", "T", "last_quarter"))
    YEAR, Q4 = Period(2026), Period(2026, 4)

    def judged(self, form: Form, now, past):
        return tried(form, self.RULE, now, [layout(form, "T05", period=self.YEAR)], {self.Q4: history(past)}, self.YEAR)

    @pytest.mark.parametrize(
        ("now", "difference"),
        [pytest.param(6, 1, id="one more"), pytest.param(5, 0, id="the same"), pytest.param(3, -2, id="two fewer")],
    )
    def test_cell_by_cell(self, form: Form, now: int, difference: int) -> None:
        found = self.judged(form, {("T05", "0-4", "M"): now}, {("T05", "0-4", "M"): 5})
        facts = {"found": now, "expected": 5, "difference": difference, "other": Text.same("2026-Q4")}
        assert found.said == ([("not_same", "T05/0-4/M", facts)] if difference else [])
        assert found.outcome == ("fail" if difference else "pass", 1, int(bool(difference)))

    def test_a_corrected_cell_may_differ(self, form: Form) -> None:
        found = self.judged(form, {("T05", "0-4", "M"): corrected(6)}, {("T05", "0-4", "M"): 5})
        assert found.outcome == ("pass", 0, 0)

    def test_sums_follow_and_are_not_told_again(self, form: Form) -> None:
        sums = {("T05", "T", "M"): 6, ("T05", "0-4", "T"): 6, ("T05", "T", "T"): 6}
        found = self.judged(form, {("T05", "0-4", "M"): 6, **sums}, {("T05", "0-4", "M"): 5, **dict.fromkeys(sums, 5)})
        assert found.places == ["T05/0-4/M"]

    def test_cells_that_one_of_them_lacks_stand_for_zero(self, form: Form) -> None:
        found = self.judged(form, {("T05", "0-4", "M"): 6}, {("T05", "gone", "M"): 5, ("T06", "TR", "M"): 9})
        assert [(place, facts["found"], facts["expected"]) for _, place, facts in found.said] == [
            ("T05/0-4/M", 6, 0), ("T05/gone/M", 0, 5),
        ]  # fmt: skip

    @pytest.mark.parametrize(("now", "past"), [(None, 5), (5, None)])
    def test_a_gap_is_not_evaluated(self, form: Form, now: int | None, past: int | None) -> None:
        found = self.judged(form, {("T05", "0-4", "M"): now}, {("T05", "0-4", "M"): past})
        assert found.outcome == ("not_evaluated", 0, 0)
        assert found.reason == "no number in T05 · line 02 (0–4) · Men"

    def test_a_quarter_has_nothing_to_equal(self, form: Form) -> None:
        found = tried(
            form,
            self.RULE,
            {("T05", "0-4", "M"): 6},
            [layout(form, "T05")],
            {self.Q4: history({("T05", "0-4", "M"): 5})},
            Q3,
        )
        assert (found.outcome, found.reason) == (("not_evaluated", 0, 0), "applies to the annual form only")


def test_the_periods_that_are_asked_for(form: Form) -> None:
    """Only what the rules look at: the quarter before, the same quarter of last year, the fourth quarter of the year."""
    from dataclasses import replace

    from form1.definition.rulebook import Rulebook

    def periods(rule, period: Period) -> list[str]:
        one = replace(form, rulebook=Rulebook(rule=(rule,)))
        return [str(each) for each in needed_periods(one, period)]

    assert periods(moved(), Q3) == ["2025-Q3"]
    assert periods(moved(against=("previous",)), Q3) == ["2026-Q2"]
    assert periods(repeats(against=("year_before", "previous")), Period(2026, 1)) == ["2025-Q1", "2025-Q4"]
    assert periods(not_below(), Q3) == ["2026-Q2"]
    assert periods(not_below(), Period(2026, 1)) == periods(not_below(), Period(2026)) == []
    assert periods(TestSame.RULE, Period(2026)) == ["2026-Q4"]
    assert periods(TestSame.RULE, Q3) == []
    this = a_rule("same", left=("T05", "*"), right=("T05", "*"))
    assert periods(this, Period(2026)) == []
    within = a_rule("in_range", minimum=1, cells=TOTAL, against=("previous",))
    assert periods(within, Q3) == []
