"""Slips of several cells in forms of a few lines, whose moves and effects are reckoned by hand."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import pytest

from form1.check.localise.slips import _cells_exchanged, slips
from form1.check.localise.suspicion import Suspicion
from form1.check.localise.system import Equation, build
from form1.check.localise.traced import NamedCause, TracedCause, group
from form1.core.cells import Address, Cell, CellMap, gap
from form1.core.findings import Finding, Part, Place, Severity
from form1.core.texts import Text
from form1.core.values import Status
from form1.definition import Form
from form1.definition.layout import Column, Layout, Row
from form1.model.causes import Amendment, Cause, Causes, CausesStatus
from tests.check.localise.small import at, system

Counts = Mapping[str, tuple[int, int]]
SOUND: Counts = {"a": (40, 30), "b": (20, 11), "c": (100, 52), "d": (7, 3)}
"""Men and women of the lines of detail: `T = A + B`, `A = a + b`, `B = c + d`, and all = men + women."""
_PARTS = {"T": ("A", "B"), "A": ("a", "b"), "a": (), "b": (), "B": ("c", "d"), "c": (), "d": ()}
_LABEL = Text.same("x")


def layout(form: Form, table: str = "T02", without: str = "") -> Layout:
    """The lines above in a table of men and women; T02 is an open one, T05 lists all its lines."""
    rows = tuple(
        Row(code, "", _LABEL, "member", 1, parts=tuple(part for part in parts if part != without), counted=not parts)
        for code, parts in _PARTS.items()
        if code != without
    )
    sexes = {"T": (("M", "F"),), "M": (), "F": ()}
    columns = tuple(
        Column(code, number, (), {"sex": code}, parts) for number, (code, parts) in enumerate(sexes.items(), start=1)
    )
    return Layout(form.tables[table], rows, columns, (), 1)


def filled(counts: Counts = SOUND, table: str = "T02") -> dict[Address, Cell]:
    """All cells over these counts of detail."""
    known = {row: tuple(pair) for row, pair in counts.items()}
    for total in ("A", "B", "T"):
        known[total] = tuple(sum(known.get(part, (0, 0))[sex] for part in _PARTS[total]) for sex in (0, 1))
    return {
        Address(table, row, column): Cell(count)
        for row, (men, women) in known.items()
        for column, count in (("T", men + women), ("M", men), ("F", women))
    }


def cell(row: str, column: str) -> Address:
    return Address("T02", row, column)


def told(
    form: Form, cells: CellMap, earlier: CellMap | None = None, *kinds: str, table: str = "T02", without: str = ""
) -> list[tuple[str, dict[str, int], float]]:
    """Kind, moves and price of each slip of these kinds (or of any), the cells as `row.column`."""
    lines = layout(form, table, without)
    found = slips(build(form, cells, {table: lines}), {table: lines}, earlier)
    return [
        (each.kind, {f"{at.row}.{at.column}": by for at, by in each.deltas.items()}, each.price)
        for each in found
        if not kinds or each.kind in kinds
    ]


def put(cells: CellMap, **counts: int) -> dict[Address, Cell]:
    """The cells with other counts: `a_M=7`."""
    return {**cells, **{cell(*name.split("_")): Cell(count) for name, count in counts.items()}}


class TestSystem:
    def test_every_sum_of_a_table_in_both_ways(self, form: Form) -> None:
        made = build(form, filled(), {"T02": layout(form)})
        assert made.residuals == {}
        assert [each.kind for each in made.equations] == ["rows"] * 9 + ["columns"] * 7
        assert made.equations[0] == Equation("rows", cell("T", "T"), (cell("A", "T"), cell("B", "T")))
        assert made.equations[9] == Equation("columns", cell("T", "T"), (cell("T", "M"), cell("T", "F")))
        assert made.of[cell("A", "M")] == {1: -1, 4: 1, 10: -1}
        assert made.totals == {cell(r, c) for r in "TAB" for c in "TMF"} | {cell(r, "T") for r in "abcd"}

    def test_a_failure_is_the_total_less_its_parts(self, form: Form) -> None:
        made = build(form, put(filled(), a_M=45), {"T02": layout(form)})
        assert {made.equations[number].total: by for number, by in made.residuals.items()} == {
            cell("A", "M"): -5,
            cell("a", "T"): -5,
        }

    @pytest.mark.parametrize("is_there", [True, False], ids=["a gap", "no cell"])
    def test_sums_with_a_gap_are_left_out(self, form: Form, is_there: bool) -> None:
        cells = put(filled(), a_M=45)
        if is_there:
            cells[cell("a", "M")] = gap(Status.NOT_AVAILABLE)
        else:
            del cells[cell("a", "M")]
        made = build(form, cells, {"T02": layout(form)})
        assert len(made.equations) == 14 and made.residuals == {}
        assert cell("a", "M") not in made.values and made.of[cell("a", "T")]

    def test_margins_stand_between_tables_that_are_both_there(self, form: Form) -> None:
        """T03 is the partner of T02 and has, here, nobody in its line T; other tables are not in the form."""
        here, there = layout(form), layout(form, "T03")
        cells = {**filled(), **filled(SOUND, "T03")}
        made = build(form, {**cells, Address("T03", "T", "M"): Cell(1)}, {"T02": here, "T03": there})
        linked = [each for each in made.equations if each.kind == "margin"]
        assert {(each.total.table, each.parts[0].table) for each in linked} == {("T02", "T03")}
        assert {each.total.column for each in linked if each.total.row == "T"} == {"T", "M", "F"}
        failed = [made.equations[number] for number in made.residuals]
        assert Equation("margin", cell("T", "M"), (Address("T03", "T", "M"),)) in failed
        assert (
            made.residuals[made.equations.index(Equation("margin", cell("T", "M"), (Address("T03", "T", "M"),)))] == 166
        )
        assert not any(each.kind == "margin" for each in build(form, cells, {"T02": here}).equations)

    def test_a_margin_takes_a_line_that_is_not_there_for_nobody(self, form: Form) -> None:
        cells = {**filled(), **filled(SOUND, "T03")}
        del cells[Address("T03", "T", "M")]
        made = build(form, cells, {"T02": layout(form), "T03": layout(form, "T03")})
        assert list(made.residuals.values()) == [167]
        here = {**filled(), **filled(SOUND, "T03")}
        del here[cell("T", "M")]
        made = build(form, here, {"T02": layout(form), "T03": layout(form, "T03")})
        assert list(made.residuals.values()) == [-167]
        cells[Address("T03", "T", "M")] = gap(Status.NOT_AVAILABLE)
        assert build(form, cells, {"T02": layout(form), "T03": layout(form, "T03")}).residuals == {}


class TestCellsExchanged:
    def test_in_a_row(self, form: Form) -> None:
        cells = put(filled(), a_M=30, a_F=40)
        assert told(form, cells) == [("cause_exchanged_in_row", {"a.M": 10, "a.F": -10}, 1.3)]

    def test_in_a_column(self, form: Form) -> None:
        """Men of a and of c: the sums of both rows fail, and of both groups."""
        cells = put(filled(), a_M=100, c_M=40)
        assert told(form, cells, None, "cause_exchanged_in_column") == [
            ("cause_exchanged_in_column", {"a.M": -60, "c.M": 60}, 1.3)
        ]

    def test_neither_in_a_row_nor_in_a_column_is_no_exchange(self, form: Form) -> None:
        assert told(form, put(filled(), a_M=52, c_F=40)) == []

    def test_what_touches_a_sound_sum_is_no_exchange(self, form: Form) -> None:
        """a.M and b.M stand in one failed sum; that of row b holds."""
        assert told(form, put(filled(), a_M=20)) == []

    @pytest.mark.parametrize(("parts", "found"), [(59, 1), (60, 0)])
    def test_among_too_many_it_is_a_guess(self, parts: int, found: int) -> None:
        """A total of 1 and one part of as many as there are parts, the others 1: exchanged, they add up."""
        names = [f"p{number}" for number in range(parts)]
        small = system({"s": 1, **dict.fromkeys(names, 1), "p0": parts}, "s = " + " + ".join(names))
        assert small.residuals == {0: 2 - 2 * parts}
        exchanged = {at("s"): parts - 1, at("p0"): 1 - parts}
        one = Suspicion("cause_exchanged_in_row", exchanged, {0: 2 * parts - 2}, 1.3)
        assert list(_cells_exchanged(small, "T99")) == [one][:found]


class TestRowsExchanged:
    def test_of_two_groups(self, form: Form) -> None:
        counts = {**SOUND, "a": SOUND["c"], "c": SOUND["a"]}
        cells = {**filled(counts), **{at: count for at, count in filled().items() if at.row in "TAB"}}
        moves = {"a.T": -82, "a.M": -60, "a.F": -22, "c.T": 82, "c.M": 60, "c.F": 22}
        assert told(form, cells, None, "cause_rows_exchanged") == [("cause_rows_exchanged", moves, 1.4)]

    def test_no_row_of_which_a_cell_is_missing(self, form: Form) -> None:
        counts = {**SOUND, "a": SOUND["c"], "c": SOUND["a"]}
        cells = {**filled(counts), **{at: count for at, count in filled().items() if at.row in "TAB"}}
        cells[cell("c", "F")] = gap(Status.NOT_AVAILABLE)
        assert told(form, cells, None, "cause_rows_exchanged") == []

    @pytest.mark.parametrize(("beside", "found"), [(198, 1), (199, 0)])
    def test_among_too_many_it_is_a_guess(self, form: Form, beside: int, found: int) -> None:
        """Only lines that could be to blame count: those of the third group, which is sound, do not."""
        more, sound = [f"m{number}" for number in range(beside)], [f"n{number}" for number in range(9)]
        parts = {"A": ("a", *more), "B": ("c",), "C": tuple(sound)}
        of = dict.fromkeys((*more, *sound), (3, 1)) | {"a": (100, 52), "c": (40, 30)}
        right = {**of, "a": of["c"], "c": of["a"]}
        of |= {
            group: tuple(sum(right[code][sex] for code in codes) for sex in (0, 1)) for group, codes in parts.items()
        }
        rows = [Row(code, "", _LABEL, "member", 1, counted=True) for codes in parts.values() for code in codes]
        groups = [Row(code, "", _LABEL, "group", 1, parts=codes) for code, codes in parts.items()]
        lines = replace(layout(form), rows=(*groups, *rows))
        cells = {
            cell(row, column): Cell(count)
            for row, (men, women) in of.items()
            for column, count in (("T", men + women), ("M", men), ("F", women))
        }
        kinds = [each.kind for each in slips(build(form, cells, {"T02": lines}), {"T02": lines}, None)]
        assert kinds.count("cause_rows_exchanged") == found


class TestColumnsExchanged:
    def test_in_the_whole_table(self, form: Form) -> None:
        """Only another table shows it."""
        turned = filled({row: (women, men) for row, (men, women) in SOUND.items()})
        both = {"T02": layout(form), "T03": layout(form, "T03")}
        made = build(form, {**turned, **filled(SOUND, "T03")}, both)
        found = [each for each in slips(made, both, None) if each.kind == "cause_columns_exchanged"]
        assert [{at.table for at in each.deltas} for each in found] == [{"T02"}, {"T03"}]
        assert found[0].price == 1.45
        assert found[0].deltas == {
            cell(at.row, at.column): (count.value or 0) - (turned[at].value or 0)
            for at, count in filled().items()
            if at.column != "T"
        }

    def test_everybody_is_no_code(self, form: Form) -> None:
        turned = {at: filled()[cell(at.row, {"T": "M", "M": "T"}.get(at.column, at.column))] for at in filled()}
        assert told(form, turned, None, "cause_columns_exchanged") == []


class TestMultiplied:
    def test_a_group_is_no_line(self, form: Form) -> None:
        cells = put(filled(), A_M=600, A_F=410, A_T=1010)
        assert told(form, cells, None, "cause_row_factor") == []

    @pytest.mark.parametrize("factor", [10, 100, 1000])
    def test_a_row_that_is_too_great(self, form: Form, factor: int) -> None:
        cells = put(filled(), b_M=20 * factor, b_F=11 * factor, b_T=31 * factor)
        moves = {"b.T": 31 - 31 * factor, "b.M": 20 - 20 * factor, "b.F": 11 - 11 * factor}
        assert told(form, cells, None, "cause_row_factor") == [("cause_row_factor", moves, 1.4)]

    @pytest.mark.parametrize("factor", [10, 100, 1000])
    def test_a_row_that_is_too_small(self, form: Form, factor: int) -> None:
        cells = put(filled({**SOUND, "b": (20 * factor, 11 * factor)}), b_M=20, b_F=11, b_T=31)
        moves = {"b.T": 31 * factor - 31, "b.M": 20 * factor - 20, "b.F": 11 * factor - 11}
        assert told(form, cells, None, "cause_row_factor") == [("cause_row_factor", moves, 1.4)]

    def test_thousands_tell_though_another_slip_hides_the_amount(self, form: Form) -> None:
        beside = put(filled(), a_M=41, a_F=33, a_T=72)
        moves = {"b.T": -30969, "b.M": -19980, "b.F": -10989}
        cells = put(beside, b_M=20000, b_F=11000, b_T=31000)
        assert told(form, cells, None, "cause_row_factor") == [("cause_row_factor", moves, 1.4)]
        cells = put(beside, b_M=2000, b_F=1100, b_T=3100)
        assert told(form, cells, None, "cause_row_factor") == []

    def test_a_row_of_nobody_is_in_no_thousands(self, form: Form) -> None:
        cells = put(filled({**SOUND, "d": (0, 0)}), B_M=77, B_F=33, B_T=110)
        assert told(form, cells, None, "cause_row_factor") == []

    def test_a_table_in_thousands(self, form: Form) -> None:
        thousands = filled({row: (1000 * men, 1000 * women) for row, (men, women) in SOUND.items()})
        both = {"T02": layout(form), "T03": layout(form, "T03")}
        made = build(form, {**thousands, **filled(SOUND, "T03")}, both)
        found = [each for each in slips(made, both, None) if each.kind == "cause_table_factor"]
        assert [(len(each.deltas), each.price) for each in found] == [(21, 1.45)] * 2
        assert found[0].deltas[cell("d", "F")] == 3 - 3000
        assert found[1].deltas[Address("T03", "d", "F")] == 3000 - 3


class TestMissingRow:
    """Line b is not there, and nothing of it: A is too great by men 20 and women 11."""

    CELLS: CellMap = MappingProxyType({at: count for at, count in filled().items() if at.row != "b"})
    LOST: Mapping[str, int] = MappingProxyType({"T": 31, "M": 20, "F": 11})

    @pytest.mark.parametrize(
        ("earlier", "row", "price"),
        [
            pytest.param(None, "", 1.95, id="nobody can know"),
            pytest.param(filled({"a": (40, 30), "c": (1, 1)}), "", 3.2, id="no such line before"),
            pytest.param(filled(), "b", 1.4, id="there before"),
            pytest.param(filled({**SOUND, "x": (20, 12), "y": (200, 1)}), "x", 1.4, id="the line most alike"),
            pytest.param(filled({"x": (31, 0), "a": (40, 30), "y": (9, 11)}), "x", 1.4, id="nobody counts as nobody"),
            pytest.param(filled({"y": (9, 11), "a": (40, 30), "x": (31, 0)}), "y", 1.4, id="the first of equals"),
            pytest.param(filled(SOUND, "T03"), "", 1.95, id="another table tells nothing"),
        ],
    )
    def test_its_counts_are_what_its_group_has_more(
        self, form: Form, earlier: CellMap | None, row: str, price: float
    ) -> None:
        if earlier is not None and row != "b":
            earlier = {at: count for at, count in earlier.items() if at.row != "b"}
        assert told(form, self.CELLS, earlier, "cause_row_missing", without="b") == [
            ("cause_row_missing", {f"{row}.{column}": count for column, count in self.LOST.items()}, price)
        ]

    def test_only_in_a_table_that_leaves_lines_out(self, form: Form) -> None:
        cells = {at: count for at, count in filled(table="T03").items() if at.row != "b"}
        assert not form.tables["T03"].rows.open
        assert told(form, cells, None, "cause_row_missing", table="T03", without="b") == []

    @pytest.mark.parametrize(
        "counts",
        [
            pytest.param({"A_M": 61}, id="men and women are not all"),
            pytest.param({"A_M": 40, "A_T": 81, "T_M": 147, "T_T": 243}, id="of men no one"),
            pytest.param({"A_M": 30, "A_F": 20, "A_T": 50, "T_M": 137, "T_F": 75, "T_T": 212}, id="too small"),
        ],
    )
    def test_counts_that_are_no_line(self, form: Form, counts: dict[str, int]) -> None:
        found = told(form, put(self.CELLS, **counts), None, "cause_row_missing", without="b")
        assert [moves for _, moves, _ in found] == ([{".T": 11, ".F": 11}] if counts.get("A_M") == 40 else [])


class TestLeftOver:
    def test_a_row_of_the_last_period(self, form: Form) -> None:
        earlier = filled({**SOUND, "a": (35, 24), "b": (1, 1)})
        cells = put(filled(), a_M=35, a_F=24, a_T=59)
        moves = {"a.T": 11, "a.M": 5, "a.F": 6}
        assert told(form, cells, earlier, "cause_row_last_period") == [("cause_row_last_period", moves, 1.3)]

    @pytest.mark.parametrize(("men", "found"), [(20, 1), (19, 0)])
    def test_no_count_falls_below_nothing(self, form: Form, men: int, found: int) -> None:
        """Of the men of the group 20 are of b: none is left for a, or one fewer than none."""
        held = filled({**SOUND, "a": (35, 24)})
        earlier = put(held, b_M=1, b_F=1, b_T=1)
        cells = put(held, A_M=men, A_T=men + 35)
        assert len(told(form, cells, earlier, "cause_row_last_period")) == found

    @pytest.mark.parametrize(("men", "found"), [(5, 1), (4, 0)])
    def test_few_persons_repeat_by_chance(self, form: Form, men: int, found: int) -> None:
        """5 of all and 5 men are 10 in the row; 5 of all and 4 men are 9."""
        few = {"a_T": 5, "a_M": men, "a_F": 0}
        earlier = put(filled({**SOUND, "b": (1, 1)}), **few)
        assert len(told(form, put(filled(), **few), earlier, "cause_row_last_period")) == found

    def test_a_column_of_the_last_period(self, form: Form) -> None:
        earlier = filled({"a": (41, 1), "b": (22, 1), "c": (99, 1), "d": (9, 1)})
        cells = {**filled(), **{at: count for at, count in earlier.items() if at.column == "M"}}
        moves = {"a.M": -1, "b.M": -2, "c.M": 1, "d.M": -2, "A.M": -3, "B.M": -1, "T.M": -4}
        assert told(form, cells, earlier, "cause_column_last_period") == [
            ("cause_column_last_period", {name: moves[name] for name in moves}, 1.45)
        ]

    def test_the_whole_table(self, form: Form) -> None:
        earlier = filled({**SOUND, "a": (35, 24)})
        both = {"T02": layout(form), "T03": layout(form, "T03")}
        made = build(form, {**earlier, **filled(SOUND, "T03")}, both)
        found = [each for each in slips(made, both, earlier) if each.kind.endswith("last_period")]
        assert [each.kind for each in found] == ["cause_table_last_period"]
        assert found[0].price == 1.45
        assert {f"{at.row}.{at.column}": by for at, by in found[0].deltas.items()} == {"T.T": 11, "T.M": 5, "T.F": 6}

    def test_a_row_that_did_not_exist_was_nobody(self, form: Form) -> None:
        earlier = {at: count for at, count in filled({**SOUND, "d": (0, 0)}).items() if at.row != "d"}
        cells = {**filled({**SOUND, "d": (0, 0)})}
        both = {"T02": layout(form), "T03": layout(form, "T03")}
        made = build(form, {**cells, **filled(SOUND, "T03")}, both)
        kinds = [each.kind for each in slips(made, both, earlier)]
        assert kinds.count("cause_table_last_period") == 1


def test_tables_without_a_failure_are_not_looked_at(form: Form) -> None:
    assert told(form, filled(), filled()) == []


class TestGroup:
    SUM = Equation("columns", at("s"), (at("a"), at("b")))
    MARGIN = Equation("margin", at("s"), (Address("T98", "R", "s"),))

    @staticmethod
    def cause(*explains: Equation, moves: str = "z") -> TracedCause:
        return TracedCause("cause_value", (Amendment(at(moves), 1, 2),), 1.0, explains=explains)

    @staticmethod
    def finding(column: str, rule: str = "D-T99", parts: str = "") -> Finding:
        told = tuple(Part(1, at(part).row, at(part).column) for part in parts)
        return Finding("x", Severity.ERROR, 1, Place("T99", "R", column), {"parts": told} if parts else {}, rule)

    @pytest.mark.parametrize(
        ("finding", "explained"),
        [
            pytest.param(("s", "D-T99", "ab"), {0: 1}, id="the sum that it explains"),
            pytest.param(("s", "D-T99", "a"), {0: 1}, id="the parts that are not nothing"),
            pytest.param(("t", "D-T99", "ab"), {}, id="another total"),
            pytest.param(("s", "D-T99", "ac"), {}, id="other parts"),
            pytest.param(("z", "D-T99", "ab"), {}, id="a sum at its cell that it does not explain"),
            pytest.param(("s", "M-T99-T98"), {0: 1}, id="the margin that it explains"),
            pytest.param(("s", "M.T99.T98"), {0: 1}, id="the margin in another spelling"),
            pytest.param(("s", "M-T99-T97"), {}, id="the margin of another table"),
            pytest.param(("t", "M-T99-T98"), {}, id="the margin of another cell"),
            pytest.param(("z", "R-1"), {0: 1}, id="any other finding at its cell"),
            pytest.param(("z", "M-T99-T98"), {0: 1}, id="a margin at its cell"),
            pytest.param(("y", "R-1"), {0: 0}, id="at the cell of the first cause"),
        ],
    )
    def test_what_stands_under_a_cause(self, finding: tuple[str, ...], explained: dict[int, int]) -> None:
        first = self.cause(moves="y")
        second = self.cause(self.MARGIN, self.SUM)
        assert group([self.finding(*finding)], Causes(CausesStatus.SOLVED, (first, second))) == explained

    def test_the_first_of_two(self) -> None:
        causes = Causes(CausesStatus.SOLVED, (self.cause(self.SUM), self.cause(self.SUM)))
        assert group([self.finding("q"), self.finding("s", "D-T99", "ab")], causes) == {1: 0}

    def test_a_slip_with_a_name_explains_its_findings_alone(self) -> None:
        named = NamedCause("x", (Amendment(at("s"), 1, 2),), 1.0, positions=frozenset({1}))
        findings = [self.finding("s", "R-1"), self.finding("q"), self.finding("s", "R-1")]
        assert group(findings, Causes(CausesStatus.SOLVED, (named,))) == {1: 0}

    def test_a_cause_without_equations_has_its_cells(self) -> None:
        plain = Cause("x", (Amendment(at("s"), 1, 2),), 1.0)
        findings = [self.finding("s", "M-T99-T98"), self.finding("s", "D-T99", "ab")]
        assert group(findings, Causes(CausesStatus.SOLVED, (plain,))) == {0: 0}
