"""What goes wrong in a workbook is found, and at the right cell; what is harmless, and what is sound, is accepted."""

from __future__ import annotations

import functools
import itertools

import pytest

from tests.check.received.seeding import KINDS, By, Kind
from tests.check.received.trial import PERIODS, Trial, false_alarms, try_out

BASES = (0, 4, 8)
"""One base in each language and each period."""


def _id(kind: Kind) -> str:
    return f"{kind.by}: {kind.name}, {kind.tables[0]}"


def _kinds(*by: By) -> list[object]:
    return [pytest.param(kind, id=_id(kind)) for kind in KINDS if kind.by in by]


@functools.cache
def _tried(kind: Kind) -> Trial:
    """One trial of a kind: tables, languages and periods take turns."""
    number = KINDS.index(kind)
    for more in itertools.count():
        table = kind.tables[(number + more) % len(kind.tables)]
        trial = try_out(kind, table, 9 * (100 + number + more) + BASES[(number + more) % len(BASES)])
        if trial is not None:
            return trial
    raise AssertionError(kind)


def test_bases_differ_in_language_and_period() -> None:
    assert {(base % 3, base // 3) for base in BASES} == {(0, 0), (1, 1), (2, 2)}
    assert len(PERIODS) == 3


@pytest.mark.parametrize("kind", _kinds(By.ARITHMETIC, By.FORM, By.PLAUSIBILITY))
def test_an_error_is_found_and_its_cell_is_named(kind: Kind) -> None:
    trial = _tried(kind)
    assert trial.found, trial
    assert trial.listed is not False, trial


def test_the_right_cell_comes_first() -> None:
    """Not among the alternatives: in the first explanation, or by a finding of its own."""
    trials = [_tried(kind) for kind in KINDS if kind.by == By.ARITHMETIC]
    named = [trial for trial in trials if trial.named is not None]
    missed = [trial for trial in named if not trial.named]
    assert len(missed) <= 0.05 * len(named), missed


@pytest.mark.parametrize("kind", _kinds(By.HARMLESS))
def test_a_harmless_change_is_accepted(kind: Kind) -> None:
    trial = _tried(kind)
    assert not trial.found, trial


@pytest.mark.parametrize("kind", _kinds(By.NOBODY))
def test_what_nobody_can_see_stays_unseen(kind: Kind) -> None:
    """Named as such: when a rule comes that sees it, the kind moves to another group."""
    trial = _tried(kind)
    assert not trial.found, trial


@pytest.mark.parametrize("seed", range(6))
def test_no_sound_form_is_accused(seed: int) -> None:
    errors, warnings = false_alarms(seed)
    assert errors == []
    # What those forms really do not give is told, at the cell and at the grand total.
    assert all("cell_gap" in warning or "received_gap" in warning for warning in warnings)
