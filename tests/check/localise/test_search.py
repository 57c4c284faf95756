"""One sound form, known errors: the search names the cells that were spoiled, and what stood in them."""

import random
import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pytest

from form1.build.assemble import Filled
from form1.check import localise
from form1.check.localise import TracedCause, group, programme, search
from form1.check.localise.system import build
from form1.core.cells import Address, Cell, gap
from form1.core.periods import Period
from form1.core.values import Status
from form1.definition import Form
from form1.model.causes import Causes, CausesStatus
from form1.rules import judge
from tests.check.localise.seeding import SEEDS, exchange, row, without_row
from tests.making import REPOSITORY, processor_seconds

find_causes = partial(localise.find_causes, time_limit=20.0)
"""As the product searches, with time to spare on a busy machine; the processor's time is bounded where that is the test."""


def _named(causes: Causes) -> dict[Address, int]:
    return {amendment.address: amendment.would_be for cause in causes.causes for amendment in cause.amendments}


def _right(sample: Filled, cells: Mapping[Address, Cell]) -> dict[Address, int | None]:
    return {at: cell.value for at, cell in sample.cells.items() if cells[at].value != cell.value}


def _value(sample: Filled, address: Address) -> int:
    value = sample.cells[address].value
    assert value is not None
    return value


def test_a_sound_form_has_no_cause(form: Form, sample: Filled, before: Filled) -> None:
    causes = find_causes(form, sample.cells, sample.layouts, before.cells)
    assert causes == Causes(CausesStatus.NOTHING_TO_DO)
    assert group([], causes) == {}


@pytest.mark.parametrize(
    ("address", "wrong", "kind"),
    [
        pytest.param(("T03", "45.1.1", "M"), lambda value: value + 7777, "cause_value", id="detail typed wrong"),
        pytest.param(("T08", "F", "20-24.M"), lambda value: value + 777, "cause_value", id="detail of a crossed table"),
        pytest.param(("T03", "45.1.1", "T"), lambda value: value + 7777, "cause_total", id="total column typed wrong"),
        pytest.param(("T04", "ER02", "M"), lambda value: value + 7777, "cause_total", id="subtotal of a region"),
        pytest.param(("T02", "T", "M"), lambda value: value + 77777, "cause_total", id="grand total, linked tables agree"),
        pytest.param(("T03", "45.1.1", "M"), lambda value: int(str(value)[:-2] + str(value)[:-3:-1]), "cause_digits", id="digits exchanged"),
        pytest.param(("T03", "45.1.1", "F"), lambda value: value * 1000, "cause_factor", id="factor 1000"),
        pytest.param(("T06", "TR", "F"), lambda value: 0, "cause_zeroed", id="zeroed"),
        pytest.param(("T05", "30-34", "F"), lambda value: value // 10, "cause_digit_lost", id="last digit lost"),
        pytest.param(("T01", "TR", "M"), lambda value: 10**15 - 1, "cause_value", id="beyond every count"),
        pytest.param(("T03", "45.1.1", "M"), lambda value: -5, "cause_value", id="negative"),
    ],
)  # fmt: skip
def test_one_wrong_cell_is_named(form: Form, sample: Filled, before: Filled, address, wrong, kind: str) -> None:
    value = _value(sample, address)
    cells = {**sample.cells, address: Cell(wrong(value))}
    causes = find_causes(form, cells, sample.layouts, before.cells)
    assert causes.status == CausesStatus.SOLVED
    assert _named(causes) == {address: value}
    assert causes.causes[0].kind == kind
    assert causes.causes[0].alternatives == ()
    assert len(causes.causes[0].mends) > 1


@pytest.mark.parametrize("row_code", ["CIS", "FOREIGN", "T"])
def test_a_total_left_from_the_last_period(form: Form, sample: Filled, before: Filled, row_code: str) -> None:
    address = ("T02", row_code, "T")
    cells = {**sample.cells, address: before.cells[address]}
    causes = find_causes(form, cells, sample.layouts, before.cells)
    assert _named(causes) == {address: _value(sample, address)}
    assert causes.causes[0].kind == "cause_last_period"


def test_men_and_women_exchanged_in_a_row(form: Form, sample: Filled, before: Filled) -> None:
    cells = dict(sample.cells)
    exchange(cells, [(("T03", "45.1.1", "M"), ("T03", "45.1.1", "F"))])
    causes = find_causes(form, cells, sample.layouts, before.cells)
    assert _named(causes) == _right(sample, cells)
    assert [cause.kind for cause in causes.causes] == ["cause_exchanged_in_row"]


def test_rows_exchanged_are_one_cause(form: Form, sample: Filled, before: Filled) -> None:
    cells, layout = dict(sample.cells), sample.layouts["T02"]
    exchange(cells, [(at, ("T02", "TR", at[2])) for at in row(layout, "RU")])
    causes = find_causes(form, cells, sample.layouts, before.cells)
    assert _named(causes) == _right(sample, cells)
    assert [cause.kind for cause in causes.causes] == ["cause_rows_exchanged"]


def test_columns_exchanged_throughout_a_table(form: Form, sample: Filled, before: Filled) -> None:
    cells = dict(sample.cells)
    exchange(cells, [(("T05", each.code, "M"), ("T05", each.code, "F")) for each in sample.layouts["T05"].rows])
    causes = find_causes(form, cells, sample.layouts, before.cells)
    # Of two linked tables either may be the one: the other stands among the alternatives.
    told = [causes.causes[0].amendments, *causes.causes[0].alternatives]
    assert [cause.kind for cause in causes.causes] == ["cause_columns_exchanged"]
    assert _right(sample, cells) in [{one.address: one.would_be for one in amendments} for amendments in told]


def test_a_table_that_disagrees_with_two_others_is_the_wrong_one(form: Form, sample: Filled, before: Filled) -> None:
    """T03 adds up in itself, but to another number than T02 and T04."""
    wrong = [("T03", row, column) for row in ("45.1.1", "T") for column in ("M", "T")]
    cells = {**sample.cells, **{at: Cell(_value(sample, at) + 40) for at in wrong}}
    causes = find_causes(form, cells, sample.layouts, before.cells)
    assert causes.status == CausesStatus.SOLVED
    assert {address[0] for address in _named(causes)} == {"T03"}
    assert [(cause.kind, len(cause.amendments)) for cause in causes.causes] == [("cause_carried", 4)]
    assert causes.causes[0].alternatives


def test_a_missing_row_is_named_after_the_last_period(form: Form, sample: Filled, before: Filled) -> None:
    lost = row(sample.layouts["T02"], "GE")
    cells = {at: cell for at, cell in sample.cells.items() if at not in lost}
    layouts = {**sample.layouts, "T02": without_row(sample.layouts["T02"], "GE")}
    causes = find_causes(form, cells, layouts, before.cells)
    assert [cause.kind for cause in causes.causes] == ["cause_row_missing"]
    assert _named(causes) == {at: _value(sample, at) for at in lost}
    assert {amendment.value for amendment in causes.causes[0].amendments} == {0}


def test_a_row_left_from_the_last_period(form: Form, sample: Filled, before: Filled) -> None:
    cells = {**sample.cells, **{at: before.cells[at] for at in row(sample.layouts["T08"], "F")}}
    causes = find_causes(form, cells, sample.layouts, before.cells)
    assert [cause.kind for cause in causes.causes] == ["cause_row_last_period"]
    assert _named(causes) == _right(sample, cells)


def test_a_table_left_from_the_last_period_with_rows_that_are_new(form: Form, sample: Filled, before: Filled) -> None:
    """Whoever pasted the old table has 0 in the lines that the period before did not have."""
    pasted = {at: before.cells.get(at, Cell(0)) for at in sample.cells if at[0] == "T02"}
    assert not before.cells.keys() >= pasted.keys()
    causes = find_causes(form, {**sample.cells, **pasted}, sample.layouts, before.cells)
    assert [cause.kind for cause in causes.causes] == ["cause_table_last_period"]


def test_alternatives_beyond_the_listed_are_said(
    form: Form, sample: Filled, before: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    total = ("T10", "T", "T")
    single = {**sample.cells, total: Cell(_value(sample, total) + 5)}
    (cause,) = find_causes(form, single, sample.layouts, before.cells).causes
    assert (len(cause.alternatives), cause.more) == (2, 0)
    monkeypatch.setattr(search, "ALTERNATIVES", 1)
    monkeypatch.setattr(search, "_SECONDS_FOR_ALTERNATIVES", 20)
    (cause,) = find_causes(form, single, sample.layouts, before.cells).causes
    assert (len(cause.alternatives), cause.more) == (1, 1)
    several = {**sample.cells, **{at: Cell(_value(sample, at) + 3) for at in (("T02", "TR", "M"), ("T02", "TR", "T"))}}
    (cause,) = find_causes(form, several, sample.layouts, before.cells, time_limit=40).causes
    assert (len(cause.alternatives), cause.more) == (1, -1)


def test_two_independent_errors_are_two_causes(form: Form, sample: Filled, before: Filled) -> None:
    """Both in one column, so that one total fails for both."""
    one, other = ("T03", "45.1.1", "M"), ("T03", "45.1.2", "M")
    cells = {**sample.cells, one: Cell(_value(sample, one) + 13), other: Cell(_value(sample, other) + 900)}
    causes = find_causes(form, cells, sample.layouts, before.cells)
    assert sorted(_named(causes).items()) == [(one, _value(sample, one)), (other, _value(sample, other))]
    assert len(causes.causes) == 2


def test_a_tie_is_told_with_its_alternatives(form: Form, sample: Filled, before: Filled) -> None:
    """Men plus women of T10 are linked to nothing else: what moved comes first, and whatever else would do is listed."""
    men, women, total = (("T10", "T", column) for column in ("M", "F", "T"))
    cells = {**sample.cells, women: Cell(_value(sample, women) * 2)}
    (cause,) = find_causes(form, cells, sample.layouts, before.cells).causes
    assert [amendment.address for amendment in cause.amendments] == [women]
    assert {amendment.address for other in cause.alternatives for amendment in other} == {men, total}
    cells = {**sample.cells, total: Cell(_value(sample, total) + 5)}
    (cause,) = find_causes(form, cells, sample.layouts, before.cells).causes
    told = [cause.amendments, *cause.alternatives]
    assert {one.address: one.would_be - one.value for amendments in told for one in amendments} == {
        men: 5,
        women: 5,
        total: -5,
    }


def test_a_gap_leaves_its_equations_out(form: Form, sample: Filled) -> None:
    cells = {**sample.cells, ("T10", "T", "M"): gap(Status.NOT_AVAILABLE), ("T10", "T", "T"): Cell(1)}
    assert find_causes(form, cells, sample.layouts).status == CausesStatus.NOTHING_TO_DO


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.__name__)
def test_every_kind_of_error_is_found_in_every_table(form: Form, sample: Filled, before: Filled, seed) -> None:
    chance = random.Random(seed.__name__)
    right = 0
    for _ in range(12):
        cells = dict(sample.cells)
        seed(chance, sample, before.cells, cells)
        causes = find_causes(form, cells, sample.layouts, before.cells)
        told = [
            _named(causes),
            *({one.address: one.would_be for one in other} for cause in causes.causes for other in cause.alternatives),
        ]
        assert _right(sample, cells) in told
        right += told[0] == _right(sample, cells)
    assert right >= 11


def test_six_errors_within_two_seconds_of_the_processor_and_every_proposal_adds_up(
    form: Form, sample: Filled, before: Filled
) -> None:
    chance = random.Random(6)
    for _ in range(10):
        cells = dict(sample.cells)
        for seed in chance.sample(SEEDS, 6):
            seed(chance, sample, before.cells, cells)
        given = dict(cells)
        began = processor_seconds()
        causes = find_causes(form, cells, sample.layouts, before.cells)
        assert processor_seconds() - began < 2
        assert cells == given
        assert causes.status == CausesStatus.SOLVED
        mended = {**cells, **{at: Cell(value) for at, value in _named(causes).items()}}
        assert not build(form, mended, sample.layouts).residuals
        assert min(_named(causes).values()) >= 0


def test_an_alternative_adds_up_as_well(form: Form, sample: Filled, before: Filled) -> None:
    wrong = [("T04", "AZ-BA", column) for column in ("M", "T")]
    cells = {**sample.cells, **{at: Cell(_value(sample, at) + 3) for at in wrong}}
    (cause,) = find_causes(form, cells, sample.layouts, before.cells).causes
    for amendments in (cause.amendments, *cause.alternatives):
        mended = {**cells, **{one.address: Cell(one.would_be) for one in amendments}}
        assert not build(form, mended, sample.layouts).residuals
    assert len({cause.amendments, *cause.alternatives}) == 1 + len(cause.alternatives)


def test_findings_stand_under_their_causes(form: Form, sample: Filled, before: Filled) -> None:
    one, other = ("T08", "F", "20-24.M"), ("T02", "T", "F")
    cells = {**sample.cells, one: Cell(_value(sample, one) + 1), other: Cell(_value(sample, other) + 900)}
    findings, _ = judge(form, Period(2026, 3), cells, sample.layouts, {})
    clean, _ = judge(form, Period(2026, 3), sample.cells, sample.layouts, {})
    causes = find_causes(form, cells, sample.layouts, before.cells)
    under = group(findings, causes)
    sums = [position for position, finding in enumerate(findings) if finding.rule.startswith("D-")]
    assert len(sums) == len(findings) - len(clean) == 7
    assert all(isinstance(cause, TracedCause) for cause in causes.causes)
    for position in sums:
        assert causes.causes[under[position]].amendments[0].address == (
            one if findings[position].place.table == "T08" else other
        )


def test_the_same_form_gives_the_same_causes(form: Form, sample: Filled, before: Filled) -> None:
    chance, cells = random.Random(11), dict(sample.cells)
    for seed in SEEDS:
        seed(chance, sample, before.cells, cells)
    assert find_causes(form, cells, sample.layouts, before.cells) == find_causes(
        form, cells, sample.layouts, before.cells
    )


def test_out_of_time_is_said(form: Form, sample: Filled) -> None:
    chance = random.Random(3)
    cells = {at: Cell(chance.randint(0, 9999)) for at in sample.cells}
    began = processor_seconds()
    assert find_causes(form, cells, sample.layouts, time_limit=0.5).status == CausesStatus.TIME_LIMIT
    assert processor_seconds() - began < 5


def test_without_highspy_single_cells_are_found_and_the_rest_is_said(
    form: Form, sample: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programme, "is_available", lambda: False)
    alone = ("T03", "45.1.1", "M")
    cells = {**sample.cells, alone: Cell(_value(sample, alone) + 7)}
    causes = find_causes(form, cells, sample.layouts)
    assert (causes.status, _named(causes)) == (CausesStatus.SOLVED, {alone: _value(sample, alone)})
    beside = ("T03", "45.1.2", "M")
    cells[beside] = Cell(_value(sample, beside) + 900)
    causes = find_causes(form, cells, sample.layouts)
    assert causes.status == CausesStatus.NOT_AVAILABLE
    assert _named(causes) == {alone: _value(sample, alone), beside: _value(sample, beside)}
    assert "form1[causes]" in form.word(causes.status, "en")


def test_every_kind_has_its_words(form: Form) -> None:
    written = "".join(
        path.read_text(encoding="utf-8") for path in Path(REPOSITORY / "form1/check/localise").glob("*.py")
    )
    kinds = set(re.findall(r"\bcause_[a-z_]+\b", written))
    assert len(kinds) == 28
    assert kinds <= set(form.words)
