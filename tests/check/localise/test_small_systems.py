"""Parts of the search on systems of a few cells, whose answers are reckoned by hand."""

from math import sqrt
from time import monotonic

import pytest

from form1.check.localise import programme
from form1.check.localise.guess import guess
from form1.check.localise.neighbourhood import blocks, explanations
from form1.check.localise.prices import Prices
from form1.check.localise.search import _Search
from form1.check.localise.single import of_cell, plausibility, single_cells
from form1.check.localise.suspicion import Suspicion
from form1.check.localise.system import System, components
from form1.check.localise.traced import TracedCause
from form1.core.cells import Cell, gap
from form1.core.values import Status
from form1.model.causes import Amendment, Causes, CausesStatus
from tests.check.localise.small import at, system

FOREVER = float("inf")


def slip(kind: str, deltas: dict[str, int], effect: dict[int, int], price: float = 1.3) -> Suspicion:
    return Suspicion(kind, {at(name): by for name, by in deltas.items()}, effect, price)


class TestSystem:
    def test_cells_of_an_equation_are_those_with_a_number(self) -> None:
        small = system({"s": 5, "a": 2, "b": 3, "u": 1, "v": 1}, "s = a + b", "u = v")
        assert list(small.cells_of(0)) == [at("s"), at("a"), at("b")]
        assert list(small.cells_of(1)) == [at("u"), at("v")]
        del small.values[at("b")]  # type: ignore[attr-defined]
        assert list(small.cells_of(0)) == [at("s"), at("a")]

    def test_the_effect_of_moves(self) -> None:
        small = system({"s": 5, "a": 2, "b": 3, "t": 2}, "s = a + b", "t = a")
        assert small.effect({at("s"): 4}) == {0: 4}
        assert small.effect({at("a"): 4}) == {0: -4, 1: -4}
        assert small.effect({at("a"): 4, at("b"): -4}) == {1: -4}
        assert small.effect({at("a"): 4, at("s"): 4, at("t"): 1}) == {1: -3}

    def test_mended_and_back_again(self) -> None:
        small = system({"s": 9, "a": 2, "b": 3, "t": 7}, "s = a + b", "t = a")
        assert small.residuals == {0: 4, 1: 5}
        move = slip("cause_value", {"a": 4, "no cell": 7}, {0: -4, 1: -4})
        mended = small.mended([(move,)])
        assert (mended.values[at("a")], mended.residuals) == (6, {1: 1})
        assert at("no cell") not in mended.values
        again = mended.mended([(move,)], back=True)
        assert (dict(again.values), again.residuals) == (dict(small.values), {1: 5, 0: 4})
        twice = small.mended([(move, slip("cause_value", {"s": 1}, {0: 1}))])
        assert twice.residuals == {0: 1, 1: 1}

    def test_equations_linked_by_cells_stand_together(self) -> None:
        small = system(
            dict.fromkeys("abcdefgh", 1), "a = b + c", "b = d", "e = f", "d = g",
        )  # fmt: skip
        assert components(small, [0, 1, 2, 3]) == [frozenset({0, 1, 3}), frozenset({2})]
        # Equation 1 is not among them: nothing links 0 and 3.
        assert components(small, [0, 2, 3]) == [frozenset({0}), frozenset({2}), frozenset({3})]
        assert components(small, []) == []


class TestPrices:
    def test_without_an_earlier_period(self) -> None:
        prices = Prices(system({"s": 9, "a": 2, "b": 3}, "s = a + b", totals="s"), None)
        assert (prices.of(at("a")), prices.of(at("s")), prices.before(at("a"))) == (1.0, 1.2, None)
        assert prices.surprise(at("a"), 10**6) == 0.0

    def test_surprise_is_the_distance_in_usual_spreads(self) -> None:
        """Of a and b, which doubled, and c, which fell, the median doubled; expected of a are 200."""
        small = system({"s": 999, "a": 200, "b": 20, "c": 10}, "s = a + b + c")
        before = {at("a"): Cell(100), at("b"): Cell(10), at("c"): Cell(40), at("d"): gap(Status.NOT_AVAILABLE)}
        prices = Prices(small, before)
        assert prices.before(at("a")) == 100 and prices.before(at("d")) is None
        assert prices.surprise(at("a"), 200) == 0
        assert prices.surprise(at("a"), 270) == pytest.approx(70 / (sqrt(201) + 20))
        assert prices.surprise(at("a"), 130) == pytest.approx(70 / (sqrt(201) + 20))
        assert prices.surprise(at("s"), 5) == pytest.approx(5.0)  # nothing was there: expected 0, spread 1
        assert prices.surprise(at("T98:R:a"), 5) == 0.0

    @pytest.mark.parametrize(
        ("was", "growth"),
        [
            pytest.param({"a": 5, "b": 100}, (40 / 5 + 1) / 2, id="five are enough to tell"),
            pytest.param({"a": 4, "b": 100}, 1.0, id="four are too few"),
            pytest.param({"a": 4}, 1.0, id="nothing tells"),
            pytest.param({"a": 0}, 1.0, id="from nothing"),
            pytest.param({"x": 50, "b": 50}, 2.0, id="a cell that is gone tells nothing"),
        ],
    )
    def test_growth_is_the_median_of_what_tells(self, was: dict[str, int], growth: float) -> None:
        prices = Prices(
            system({"s": 1, "a": 40, "b": 100}, "s = a + b"), {at(name): Cell(n) for name, n in was.items()}
        )
        name = next(iter(was))
        expected = was[name] * growth
        assert prices.surprise(at(name), 1000) == pytest.approx(
            (1000 - expected) / (sqrt(expected + 1) + 0.1 * expected)
        )

    def test_a_cell_that_would_be_less_odd_is_cheaper(self) -> None:
        """a was 100 and is 150, s was 200 and is 200: with 100 in a the sum holds."""
        small = system({"s": 200, "a": 150, "b": 100}, "s = a + b", totals="s")
        assert small.residuals == {0: -50}
        prices = Prices(small, {at("s"): Cell(200), at("a"): Cell(100), at("b"): Cell(100)})
        gain = 50 / (sqrt(101) + 10)
        assert prices.of(at("a")) == pytest.approx(1 - 0.15 * gain / (gain + 1))
        assert prices.of(at("b")) == 1.0  # 50 would be odder
        assert prices.of(at("s")) == 1.2

    def test_what_no_failed_equation_asks_for_is_no_gain(self) -> None:
        """b would have to be below nothing; u stands in no failed equation."""
        small = system({"s": 3, "a": 50, "b": 1, "u": 7, "v": 7}, "s = a + b", "u = v")
        assert small.residuals == {0: -48}
        prices = Prices(
            small, {at("s"): Cell(3), at("a"): Cell(2), at("b"): Cell(900), at("u"): Cell(900), at("v"): Cell(7)}
        )
        assert prices.of(at("b")) == 1.0 and prices.of(at("u")) == 1.0
        assert prices.of(at("a")) < 1.0

    def test_nothing_at_all_may_be_what_is_asked_for(self) -> None:
        small = system({"s": 3, "a": 48, "b": 3}, "s = a + b")
        prices = Prices(small, {at("s"): Cell(3), at("a"): Cell(0), at("b"): Cell(3)})
        gain = 48 / 1.0
        assert prices.of(at("a")) == pytest.approx(1 - 0.15 * gain / (gain + 1))

    def test_of_several_counts_asked_for_the_least_odd_is_taken(self) -> None:
        small = system({"s": 110, "a": 150, "t": 130}, "s = a", "t = a")
        prices = Prices(small, {at("s"): Cell(110), at("a"): Cell(130), at("t"): Cell(130)})
        gain = 20 / (sqrt(131) + 13)
        assert prices.of(at("a")) == pytest.approx(1 - 0.15 * gain / (gain + 1))


class TestOneCell:
    def test_a_suspicion_of_a_total(self) -> None:
        small = system({"s": 9, "a": 2, "b": 3}, "s = a + b", totals="s")
        made = of_cell(small, Prices(small, None), at("s"), -4)
        assert made == Suspicion("cause_total", {at("s"): -4}, {0: -4}, 1.2)

    def test_a_suspicion_of_a_part_of_two_sums(self) -> None:
        small = system({"s": 99, "a": 43, "b": 3, "t": 97}, "s = a + b", "t = a")
        made = of_cell(small, Prices(small, None), at("a"), 54)
        assert made == Suspicion("cause_value", {at("a"): 54}, {0: -54, 1: -54}, 1.0)

    @pytest.mark.parametrize(
        ("value", "delta", "kind", "price"),
        [
            (43, -9, "cause_digits", 0.9),
            (43, -3, "cause_one_digit", 1.0),
            (40, -36, "cause_factor", 0.9),
            (0, 7, "cause_zeroed", 0.9),
        ],
    )
    def test_a_number_that_tells_is_cheaper(self, value: int, delta: int, kind: str, price: float) -> None:
        small = system({"s": 99, "a": value, "b": 3}, "s = a + b")
        made = of_cell(small, Prices(small, None), at("a"), delta)
        assert (made.kind, made.price) == (kind, pytest.approx(price))

    def test_the_earlier_count_tells(self) -> None:
        small = system({"s": 99, "a": 43, "b": 3}, "s = a + b")
        assert of_cell(small, Prices(small, {at("a"): Cell(43)}), at("a"), 53).kind == "cause_last_period"

    def test_every_cell_of_one_failed_sum(self) -> None:
        small = system({"s": 9, "a": 2, "b": 3}, "s = a + b")
        found = [(each.deltas, each.effect) for each in single_cells(small, Prices(small, None), [0])]
        assert found == [({at("s"): -4}, {0: -4}), ({at("a"): 4}, {0: -4}), ({at("b"): 4}, {0: -4})]

    def test_no_count_falls_below_nothing(self) -> None:
        """The parts are 4 too many: a can give them, b cannot; exactly nothing may be left."""
        small = system({"s": 3, "a": 4, "b": 3}, "s = a + b")
        found = [each.deltas for each in single_cells(small, Prices(small, None), [0])]
        assert found == [{at("s"): 4}, {at("a"): -4}]

    def test_a_cell_must_mend_every_failed_equation_and_break_none(self) -> None:
        small = system({"s": 9, "a": 2, "b": 3, "t": 6, "u": 3}, "s = a + b", "t = a", "u = b")
        assert small.residuals == {0: 4, 1: 4}
        found = list(single_cells(small, Prices(small, None), [0, 1]))
        assert [each.deltas for each in found] == [{at("a"): 4}]
        assert [each.deltas for each in single_cells(small, Prices(small, None), [1])] == [{at("t"): -4}]

    def test_by_the_same_amount(self) -> None:
        small = system({"s": 9, "a": 2, "b": 3, "t": 7}, "s = a + b", "t = a")
        assert list(single_cells(small, Prices(small, None), [0, 1])) == []

    def test_plausible_is_what_is_cheap_and_then_what_is_less_odd(self) -> None:
        small = system({"s": 200, "a": 150, "b": 100}, "s = a + b")
        prices = Prices(small, {at(name): Cell(100) for name in "ab"} | {at("s"): Cell(200)})
        # a grew by half, b and s not at all: the median is that of the table, and 100 stay expected.
        key = plausibility(small, prices, slip("x", {"a": -50, "no cell": 5}, {}, 1.23456789))
        assert key[0] == 1.234568
        assert key[1] == pytest.approx(-50 / (sqrt(101) + 10))
        assert plausibility(small, prices, slip("x", {"b": 50}, {}, 1.0))[1] == pytest.approx(50 / (sqrt(101) + 10))
        both = plausibility(small, prices, slip("x", {"a": -50, "b": -50}, {}, 1.0))
        assert both[1] == pytest.approx(0.0)

    @pytest.mark.parametrize(
        ("effect", "numbers", "mends"),
        [
            pytest.param({0: -4, 1: 2}, [0, 1], True, id="all of them"),
            pytest.param({0: -4}, [0, 1], False, id="one of them"),
            pytest.param({0: -4, 1: 3}, [0, 1], False, id="another amount"),
            pytest.param({0: -4, 1: 2}, [0], False, id="and something else"),
            pytest.param({0: 4, 1: -2}, [0, 1], False, id="the wrong way"),
        ],
    )
    def test_a_slip_mends_alone(self, effect: dict[int, int], numbers: list[int], mends: bool) -> None:
        assert slip("x", {}, effect).mends({0: 4, 1: -2}, numbers) is mends


class TestNeighbourhood:
    CHAIN = system(
        {"a": 9, "b": 2, "c": 2, "d": 2, "e": 2, "x": 5, "y": 1}, "a = b", "b = c", "c = d", "d = e", "x = y"
    )

    @pytest.mark.parametrize(
        ("reach", "first"),
        [(1, "ab"), (2, "abc"), (3, "abcd"), (4, "abcde"), (5, "abcde")],
    )
    def test_cells_within_reach_of_a_failure(self, reach: int, first: str) -> None:
        found = blocks(self.CHAIN, [], reach)
        assert [block.cells for block in found] == [tuple(map(at, first)), (at("x"), at("y"))]
        # Every equation of these cells stays in force.
        assert found[0].numbers == frozenset(range(min(len(first), 4)))
        assert found[1].numbers == {4}

    def test_a_slip_joins_what_it_touches(self) -> None:
        joined = slip("x", {"a": -7, "x": -4}, {0: -7, 4: -4})
        (block,) = blocks(self.CHAIN, [joined], 1)
        assert (block.cells, block.slips) == ((at("a"), at("b"), at("x"), at("y")), (joined,))
        alone = slip("y", {"x": -4}, {4: -4})
        one, other = blocks(self.CHAIN, [alone], 1)
        assert (one.slips, other.slips) == ((), (alone,))

    def test_explanations_that_meet_in_a_sound_equation_belong_together(self) -> None:
        """Equation 0 failed, equations 1 to 3 are sound."""
        one, two = slip("1", {"a": 1}, {0: 1}), slip("2", {"b": 1}, {0: 1, 1: 1})
        three, four = slip("3", {"c": 1}, {1: -1, 2: 1}), slip("4", {"d": 1}, {2: -1})
        five = slip("5", {"x": 1}, {4: 1})
        assert explanations(self.CHAIN, [one, two, three, four, five]) == [(one,), (two, three, four), (five,)]
        assert explanations(self.CHAIN, [four, one, two]) == [(four,), (one,), (two,)]
        assert explanations(self.CHAIN, []) == []


class TestGuess:
    def test_the_cell_that_mends_most(self) -> None:
        small = system({"s": 9, "a": 2, "b": 3, "t": 6}, "s = a + b", "t = a")
        (made,) = guess(small, Prices(small, None), [], FOREVER)
        assert (made.deltas, made.effect) == ({at("a"): 4}, {0: -4, 1: -4})

    def test_of_equals_the_cheaper(self) -> None:
        small = system({"s": 9, "a": 5, "u": 3, "v": 1}, "s = a", "u = v", totals="s v")
        made = guess(small, Prices(small, None), [], FOREVER)
        assert sorted(each.deltas.items() for each in made) == sorted([{at("a"): 4}.items(), {at("u"): -2}.items()])

    def test_no_count_falls_below_nothing(self) -> None:
        small = system({"s": 3, "a": 4, "b": 3}, "s = a + b", totals="s")
        (made,) = guess(small, Prices(small, None), [], FOREVER)
        assert made.deltas == {at("a"): -4}
        small = system({"s": 2, "a": 4, "b": 4}, "s = a + b", totals="s")
        (made,) = guess(small, Prices(small, None), [], FOREVER)
        assert made.deltas == {at("s"): 6}

    def test_what_breaks_as_much_as_it_mends_is_left(self) -> None:
        """b would mend the first sum and break the second; nothing gains by a or c alone."""
        small = system({"a": 5, "b": 2, "c": 2}, "a = b", "b = c", totals="b")
        (made,) = guess(small, Prices(small, None), [], FOREVER)
        assert made.deltas == {at("a"): -3}

    def test_a_slip_of_several_cells_that_mends_more(self) -> None:
        small = system({"a": 5, "b": 2, "c": 2, "d": 5}, "a = b", "c = d")
        exchanged = slip("cause_exchanged_in_row", {"b": 3, "d": -3}, {0: -3, 1: 3})
        assert guess(small, Prices(small, None), [exchanged], FOREVER) == [exchanged]
        one = slip("cause_exchanged_in_row", {"b": 3}, {0: -3})
        made = guess(small, Prices(small, None), [one], FOREVER)
        assert one not in made and len(made) == 2

    def test_a_slip_that_is_taken_moves_its_cells(self) -> None:
        """After the exchange a third failure is left, and b is what it became."""
        small = system({"a": 5, "b": 2, "c": 2, "d": 5, "e": 9}, "a = b", "c = d", "e = b")
        exchanged = slip("cause_exchanged_in_row", {"b": 3, "d": -3, "no cell": 4}, {0: -3, 1: 3, 2: -3})
        assert small.residuals == {0: 3, 1: -3, 2: 7}
        first, second = guess(small, Prices(small, None), [exchanged], FOREVER)
        assert first == exchanged
        assert second.deltas == {at("e"): -4}

    def test_a_cell_of_a_slip_may_move_again(self) -> None:
        """The slip mends four; b, which it made 5, can then give the 4 that three margins ask for, and a follows."""
        small = system(
            {"a": 5, "b": 2, "c": 2, "d": 5, "e": 1, "f": 1, "g": 1, "h": 9, "i": 4, "j": 9, "k": 4},
            "a = b", "c = d", "e = b", "f = b", "g = b", "h = i", "j = k",
        )  # fmt: skip
        deltas = {"b": 3, "d": -3, "i": 5, "k": 5}
        moved = slip("x", deltas, {0: -3, 1: 3, 2: -3, 3: -3, 4: -3, 5: -5, 6: -5})
        first, *cells = guess(small, Prices(small, None), [moved], FOREVER)
        assert first == moved
        assert [each.deltas for each in cells] == [{at("b"): -4}, {at("a"): -4}]

    @pytest.mark.parametrize(("price", "is_slip"), [(0.9, True), (1.0, False)])
    def test_of_a_slip_and_a_cell_that_mend_as_much_the_cheaper(self, price: float, is_slip: bool) -> None:
        small = system({"s": 9, "a": 2, "b": 3, "t": 6}, "s = a + b", "t = a")
        both = slip("x", {"s": -4, "t": -4}, {0: -4, 1: -4}, price)
        (made,) = guess(small, Prices(small, None), [both], FOREVER)
        assert (made == both) == is_slip

    def test_where_every_cell_breaks_what_it_mends_nothing_is_guessed(self) -> None:
        small = system({"a": 5, "p": 5, "q": 5, "b": 2, "c": 2}, "a = b", "a = p", "a = q", "b = c")
        assert guess(small, Prices(small, None), [], monotonic() + 5) == []

    def test_a_slip_that_mends_one_sum_alone_is_no_guess(self) -> None:
        """The parts are too great by more than either has."""
        small = system({"s": 2, "a": 4, "b": 4}, "s = a + b")
        del small.values[at("s")]  # type: ignore[attr-defined]
        assert guess(small, Prices(small, None), [slip("x", {"a": -3, "b": -3}, {0: 6})], FOREVER) == []

    def test_out_of_time_nothing_is_guessed(self) -> None:
        small = system({"s": 9, "a": 2, "b": 3}, "s = a + b")
        assert guess(small, Prices(small, None), [], 0.0) == []

    def test_a_sound_system_needs_nothing(self) -> None:
        small = system({"s": 5, "a": 2, "b": 3}, "s = a + b")
        assert guess(small, Prices(small, None), [], FOREVER) == []


@pytest.mark.skipif(not programme.is_available(), reason="highspy is not installed")
class TestProgramme:
    def test_the_cheapest_cell(self) -> None:
        small = system({"s": 9, "a": 2, "b": 3}, "s = a + b")
        found = programme.solve(small, {at("s"): 1.2, at("a"): 1.0, at("b"): 0.9}, [], [], 60)
        assert found == programme.Solution({at("b"): 4}, (), pytest.approx(0.9), True)

    def test_without_time_there_is_no_solution(self) -> None:
        small = system({"s": 9, "a": 2}, "s = a")
        assert programme.solve(small, {at("s"): 1.0}, [], [], 0) is None
        assert programme.solve(small, {at("s"): 1.0}, [], [], -1) is None

    def test_nothing_dearer_than_asked_for(self) -> None:
        small = system({"s": 9, "a": 2}, "s = a")
        assert programme.solve(small, {at("s"): 1.0, at("a"): 1.1}, [], [], 60, 0.95) is None
        found = programme.solve(small, {at("s"): 1.0, at("a"): 1.1}, [], [], 60, 1.05)
        assert found is not None and found.deltas == {at("s"): -7}

    def test_what_was_found_is_not_found_again(self) -> None:
        small = system({"s": 9, "a": 2, "b": 3}, "s = a + b")
        prices = {at("s"): 1.2, at("a"): 1.0, at("b"): 0.9}
        cut = (frozenset({at("b")}), frozenset[int]())
        found = programme.solve(small, prices, [], [cut], 60)
        assert found is not None and found.deltas == {at("a"): 4}
        found = programme.solve(small, prices, [], [cut, (frozenset({at("a")}), frozenset())], 60)
        assert found is not None and found.deltas == {at("s"): -4}
        again = programme.solve(small, {at("b"): 0.9}, [], [cut], 60)
        assert again is None

    def test_of_what_was_found_together_each_may_come_alone(self) -> None:
        small = system({"s": 9, "a": 2, "b": 3}, "s = a + b")
        prices, some = {at("s"): 1.2, at("a"): 1.0, at("b"): 1.1}, slip("x", {"b": 4}, {0: -4}, 0.5)
        found = programme.solve(small, prices, [], [(frozenset({at("a"), at("b")}), frozenset())], 60)
        assert found is not None and found.deltas == {at("a"): 4}
        found = programme.solve(small, prices, [some], [(frozenset({at("a")}), frozenset({0}))], 60)
        assert found is not None and found.slips == (0,)

    def test_sound_equations_stay_sound(self) -> None:
        """b is cheap, and moves c with it."""
        small = system({"a": 5, "b": 2, "c": 2}, "a = b", "b = c")
        found = programme.solve(small, {at("a"): 1.0, at("b"): 0.3, at("c"): 0.3}, [], [], 60)
        assert found == programme.Solution({at("b"): 3, at("c"): 3}, (), pytest.approx(0.6), True)

    def test_no_count_falls_below_nothing(self) -> None:
        small = system({"s": 2, "a": 4, "b": 4}, "s = a + b")
        found = programme.solve(small, {at("s"): 3.0, at("a"): 1.0, at("b"): 1.0}, [], [], 60)
        assert found is not None and found.price == pytest.approx(2.0)
        assert sum(found.deltas.values()) == -6 and min(found.deltas.values()) >= -4

    def test_a_slip_is_taken_where_it_is_cheaper(self) -> None:
        small = system({"a": 5, "b": 2, "c": 2, "d": 5}, "a = b", "c = d")
        prices = {at(name): 1.0 for name in "abcd"}
        exchanged = slip("x", {"b": 3, "d": -3}, {0: -3, 1: 3}, 1.3)
        found = programme.solve(small, prices, [exchanged], [], 60)
        assert found == programme.Solution({}, (0,), pytest.approx(1.3), True)
        dear = slip("x", {"b": 3, "d": -3}, {0: -3, 1: 3}, 2.3)
        found = programme.solve(small, prices, [dear], [], 60)
        assert found is not None and (found.slips, len(found.deltas), found.price) == ((), 2, pytest.approx(2.0))
        found = programme.solve(small, prices, [exchanged], [(frozenset(), frozenset({0}))], 60)
        assert found is not None and found.slips == ()

    def test_a_cell_of_a_slip_is_not_suspected_beside_it(self) -> None:
        """The slip would leave 1 over in b, whose price is 0.1: b and the slip are one suspicion or the other."""
        small = system({"a": 5, "b": 1, "c": 2, "d": 5}, "a = b", "c = d")
        prices = {at("a"): 5.0, at("b"): 0.1, at("c"): 5.0, at("d"): 5.0}
        exchanged = slip("x", {"b": 3, "d": -3}, {0: -3, 1: 3}, 1.0)
        found = programme.solve(small, prices, [exchanged], [], 60)
        assert found is not None and found.price == pytest.approx(5.1)

    @pytest.mark.parametrize("wrong", [-5, 10**8 + 1])
    def test_a_count_out_of_range_is_suspected_from_the_start(self, wrong: int) -> None:
        small = system({"s": 9, "a": wrong, "b": 3}, "s = a + b")
        found = programme.solve(small, {at("s"): 0.5, at("a"): 1.0, at("b"): 1.0}, [], [], 60)
        assert found is not None and found.deltas == {at("a"): 6 - wrong} and found.price == pytest.approx(1.0)

    def test_the_largest_count_is_a_count(self) -> None:
        small = system({"s": 10**8, "a": 10**8 - 7}, "s = a")
        found = programme.solve(small, {at("s"): 1.0, at("a"): 1.1}, [], [], 60)
        assert found is not None and found.deltas == {at("s"): -7}

    def test_moves_that_add_up(self) -> None:
        """Each part is 5 too small, and their total 10."""
        small = system({"s": 6, "a": 3, "b": 3, "x": 8, "y": 8}, "s = a + b", "x = a", "y = b")
        found = programme.solve(small, {at("s"): 1.0, at("a"): 1.0, at("b"): 1.0}, [], [], 0.9)
        assert found == programme.Solution({at("s"): 10, at("a"): 5, at("b"): 5}, (), pytest.approx(3.0), True)

    def test_two_slips_on_one_cell_are_one_or_the_other(self) -> None:
        """Both together mend it for 0.2, but a cell is wrong once."""
        small = system({"a": 9, "b": 2}, "a = b")
        slips = [slip("x", {"b": 3}, {0: -3}, 0.1), slip("y", {"b": 4}, {0: -4}, 0.1)]
        found = programme.solve(small, {at("a"): 1.0, at("b"): 1.1}, slips, [], 60)
        assert found is not None and (found.deltas, found.slips) == ({at("a"): -7}, ())

    def test_nothing_that_moves_mends_it(self) -> None:
        small = system({"a": 5, "b": 2, "c": 2}, "a = b", "b = c")
        assert programme.solve(small, {at("b"): 1.0}, [], [], 60) is None


def search(small: System, *slips: Suspicion, seconds: float = 600, earlier: dict[str, int] | None = None) -> Causes:
    before = {at(name): Cell(count) for name, count in earlier.items()} if earlier else None
    return _Search(small, Prices(small, before), slips, monotonic(), seconds).run()


def moves(amendments: tuple[Amendment, ...]) -> dict[str, tuple[int, int]]:
    return {each.address.column: (each.value, each.would_be) for each in amendments}


@pytest.mark.skipif(not programme.is_available(), reason="highspy is not installed")
class TestSearch:
    def test_one_cell_with_what_it_explains(self) -> None:
        small = system({"s": 9, "a": 2, "b": 3, "t": 6, "u": 7, "c": 1}, "t = a", "s = a + b", "u = c")
        one, other = search(small).causes
        assert isinstance(one, TracedCause) and isinstance(other, TracedCause)
        assert (one.kind, moves(one.amendments), one.weight) == ("cause_value", {"a": (2, 6)}, 1.0)
        assert (one.alternatives, one.more, one.mends) == ((), 0, (at("t"), at("s")))
        assert one.explains == small.equations[:2]
        assert (moves(other.amendments), other.explains) == ({"u": (7, 1)}, small.equations[2:])
        assert [moves(each) for each in other.alternatives] == [{"c": (1, 7)}]
        assert search(small).status == CausesStatus.SOLVED

    def test_what_explains_most_stands_first(self) -> None:
        small = system({"u": 7, "c": 1, "s": 9, "a": 2, "b": 3, "t": 6}, "u = c", "t = a", "s = a + b")
        assert [len(cause.mends) for cause in search(small).causes] == [2, 1]

    def test_of_equals_the_cheapest_and_then_the_least_odd(self) -> None:
        small = system({"s": 9, "a": 2, "b": 3}, "s = a + b", totals="s")
        (cause,) = search(small).causes
        assert (moves(cause.amendments), cause.kind) == ({"a": (2, 6)}, "cause_value")
        assert [moves(each) for each in cause.alternatives] == [{"b": (3, 7)}, {"s": (9, 5)}]

    def test_what_is_dearer_by_a_half_stands_beside_it_and_no_more(self) -> None:
        small = system({"s": 9, "a": 2}, "s = a", totals="s")
        for price, count in ((1.5, 2), (1.51, 1)):
            (cause,) = search(small, slip("x", {"a": 3, "s": -4}, {0: -7}, price)).causes
            assert (moves(cause.amendments), len(cause.alternatives)) == ({"a": (2, 9)}, count)

    @pytest.mark.parametrize(("parts", "listed", "more"), [(4, 4, 0), (5, 5, 0), (6, 5, 1), (7, 5, 2)])
    def test_five_others_are_listed_and_the_rest_counted(self, parts: int, listed: int, more: int) -> None:
        names = [f"p{number}" for number in range(parts)]
        small = system({"s": 50, **dict.fromkeys(names, 3)}, "s = " + " + ".join(names))
        (cause,) = search(small).causes
        assert (len(cause.alternatives), cause.more) == (listed, more)

    @pytest.mark.parametrize(
        ("price", "kinds"),
        [
            pytest.param(1.45, ["cause_x"], id="one slip of several cells"),
            pytest.param(1.46, ["cause_value", "cause_value"], id="dearer than is sure"),
        ],
    )
    def test_a_slip_that_joins_two_failures(self, price: float, kinds: list[str]) -> None:
        small = system({"a": 57, "b": 22, "c": 22, "d": 57}, "a = b", "c = d")
        exchanged = slip("cause_x", {"b": 35, "d": -35}, {0: -35, 1: 35}, price)
        assert [cause.kind for cause in search(small, exchanged).causes] == kinds

    def test_the_cell_is_the_cause_where_the_slip_is_no_cheaper(self) -> None:
        small = system({"s": 9, "a": 2, "b": 3, "t": 6}, "s = a + b", "t = a")
        for price, kind in ((0.99, "cause_x"), (1.0, "cause_value")):
            (cause,) = search(small, slip("cause_x", {"t": -4, "s": -4}, {0: -4, 1: -4}, price)).causes
            assert cause.kind == kind

    def test_the_slip_that_explains_more_goes_first(self) -> None:
        small = system({"a": 57, "b": 22, "c": 22, "d": 57, "e": 57, "f": 22}, "a = b", "c = d", "e = f")
        two = slip("cause_two", {"b": 35, "d": -35}, {0: -35, 1: 35}, 1.3)
        three = slip("cause_three", {"b": 35, "d": -35, "f": 35}, {0: -35, 1: 35, 2: -35}, 1.4)
        assert [cause.kind for cause in search(small, two, three).causes] == ["cause_three"]

    def test_two_cells_that_a_sound_sum_ties_together(self) -> None:
        """No cell alone: a is in a sound sum with b, and both stand in a margin each that fails."""
        small = system(
            {"s": 30, "a": 15, "b": 15, "x": 12, "y": 18, "u": 12, "v": 18},
            "s = a + b", "x = a", "y = b", "u = a", "v = b",
        )  # fmt: skip
        found = search(small)
        assert found.status == CausesStatus.SOLVED
        (cause,) = found.causes
        assert (cause.kind, cause.weight) == ("cause_carried", 2.0)
        assert moves(cause.amendments) == {"a": (15, 12), "b": (15, 18)}
        assert cause.mends == (at("x"), at("y"), at("u"), at("v"))
        assert (cause.alternatives, cause.more) == ((), 0)

    @pytest.mark.parametrize(("price", "others"), [(2.5, 1), (2.6, 0), (3.2, 0)])
    def test_two_cells_that_are_cheaper_than_a_slip(self, price: float, others: int) -> None:
        small = system(
            {"s": 30, "a": 15, "b": 15, "x": 12, "y": 18, "u": 12, "v": 18},
            "s = a + b", "x = a", "y = b", "u = a", "v = b",
        )  # fmt: skip
        row = slip("cause_row_missing", {"n": 3}, {1: 3, 2: -3, 3: 3, 4: -3}, price)
        (cause,) = search(small, row).causes
        assert moves(cause.amendments) == {"a": (15, 12), "b": (15, 18)}
        assert [moves(each) for each in cause.alternatives] == [{"n": (0, 3)}] * others

    def test_cells_that_move_by_other_amounts_are_together(self) -> None:
        small = system(
            {"s": 40, "a": 15, "b": 15, "c": 10, "x": 12, "u": 12, "y": 16, "v": 16, "z": 12, "w": 12},
            "s = a + b + c", "x = a", "u = a", "y = b", "v = b", "z = c", "w = c",
        )  # fmt: skip
        (cause,) = search(small).causes
        assert cause.kind == "cause_together"
        assert moves(cause.amendments) == {"a": (15, 12), "b": (15, 16), "c": (10, 12)}

    def test_a_solution_that_only_further_cells_make(self) -> None:
        """Of the failed sum, all cells are tied: the chain gives way at its end."""
        small = system({"a": 9, "b": 2, "c": 2, "p": 9, "q": 9}, "a = b", "b = c", "a = p", "p = q")
        found = search(small)
        assert found.status == CausesStatus.SOLVED
        (cause,) = found.causes
        assert moves(cause.amendments) == {"b": (2, 9), "c": (2, 9)}
        assert [moves(each) for each in cause.alternatives] == []

    def test_as_cheap_explanations_of_several_cells_are_found_as_well(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The failure lies between two chains of two cells: the one gives way, or the other."""
        monkeypatch.setattr("form1.check.localise.search._SECONDS_FOR_ALTERNATIVES", 600)
        small = system({"a": 9, "b": 2, "c": 2, "p": 9}, "a = b", "b = c", "a = p")
        (cause,) = search(small).causes
        told = [moves(cause.amendments), *(moves(each) for each in cause.alternatives)]
        assert len(told) == 2 and {"b": (2, 9), "c": (2, 9)} in told and {"a": (9, 2), "p": (9, 2)} in told
        assert cause.more == 0
        monkeypatch.setattr("form1.check.localise.search.ALTERNATIVES", 0)
        (cause,) = search(small).causes
        assert (cause.alternatives, cause.more) == ((), -1)

    def test_without_a_solver_what_was_guessed_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(programme, "is_available", lambda: False)
        small = system(
            {"s": 30, "a": 15, "b": 15, **dict.fromkeys("xuw", 12), **dict.fromkeys("yvz", 18), "c": 8, "d": 3},
            "s = a + b", "x = a", "u = a", "w = a", "y = b", "v = b", "z = b", "c = d",
        )  # fmt: skip
        found = search(small)
        assert found.status == CausesStatus.NOT_AVAILABLE
        assert [tuple(moves(cause.amendments)) for cause in found.causes] == [("a", "b"), ("c",)]
        assert search(system({"s": 9, "a": 2}, "s = a")).status == CausesStatus.SOLVED

    def test_without_time_it_is_said(self) -> None:
        small = system({"a": 9, "b": 2, "c": 2, "p": 9}, "a = b", "b = c", "a = p")
        assert search(small, seconds=0) == Causes(CausesStatus.TIME_LIMIT, ())

    def test_what_was_guessed_in_time_may_not_be_the_best(self) -> None:
        small = system(
            {"s": 30, "a": 15, "b": 15, **dict.fromkeys("xuw", 12), **dict.fromkeys("yvz", 18)},
            "s = a + b", "x = a", "u = a", "w = a", "y = b", "v = b", "z = b",
        )  # fmt: skip
        found = _Search(small, Prices(small, None), [], monotonic() - 1000, 600).run()
        assert found.status == CausesStatus.TIME_LIMIT
        assert [moves(cause.amendments) for cause in found.causes] == [{"a": (15, 12), "b": (15, 18)}]

    def test_time_that_is_just_over_is_over(self, monkeypatch: pytest.MonkeyPatch) -> None:
        small = system({"a": 9, "b": 2, "c": 2, "p": 9}, "a = b", "b = c", "a = p")
        known = [slip("cause_value", {"b": 7}, {0: -7, 1: 7}, 1.0), slip("cause_value", {"c": 7}, {1: -7}, 1.0)]
        monkeypatch.setattr("form1.check.localise.search.guess", lambda *_: known)
        monkeypatch.setattr("form1.check.localise.search.monotonic", lambda: 100.0)
        found = _Search(small, Prices(small, None), [], 100.0, 0.0).run()
        assert found.status == CausesStatus.TIME_LIMIT
        assert [moves(cause.amendments) for cause in found.causes] == [{"b": (2, 9), "c": (2, 9)}]

    def test_a_quarter_of_the_time_is_for_the_guess(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[tuple[list[Suspicion], float]] = []

        def guessing(small: System, prices: Prices, slips: list[Suspicion], ends_at: float) -> list[Suspicion]:
            asked.append((slips, ends_at))
            return []

        monkeypatch.setattr("form1.check.localise.search.guess", guessing)
        monkeypatch.setattr("form1.check.localise.search.monotonic", lambda: 100.0)
        small = system({"a": 9, "b": 2, "c": 2, "p": 9}, "a = b", "b = c", "a = p")
        whole, beyond = slip("x", {"b": 7}, {0: -7}, 9.0), slip("y", {"b": 7}, {0: -7, 1: 7}, 9.0)
        _Search(small, Prices(small, None), [whole, beyond], 100.0, 20.0).run()
        assert asked == [([whole], 105.0)]

    def test_cells_of_a_line_that_is_not_there_hold_nothing(self) -> None:
        small = system({"s": 9, "a": 2, "t": 8, "b": 1}, "s = a", "t = b")
        missing = slip("cause_row_missing", {"gone": 7, "away": 7}, {0: -7, 1: -7}, 1.4)
        (cause,) = search(small, missing).causes
        assert (cause.kind, cause.weight) == ("cause_row_missing", 1.4)
        assert moves(cause.amendments) == {"away": (0, 7), "gone": (0, 7)}
