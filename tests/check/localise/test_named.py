"""Slips with a name, in a whole form: rejected, and the one cause names table and quarter in words."""

import random

import pytest

from form1.build.assemble import Filled
from form1.check.localise import find_named
from form1.core.texts import LANGUAGES
from form1.definition import Form
from form1.rules import History, judge
from tests.check.localise.named_slips import KINDS, Q2, Q3, is_right, judged


@pytest.mark.parametrize("kind", KINDS)
def test_a_slip_is_rejected_and_named(form: Form, sample: Filled, before: Filled, kind: str) -> None:
    make, tables, is_sure = KINDS[kind]
    chance = random.Random(kind)
    table = "T01" if "T01" in tables else chance.choice(tables)
    slip = make(chance, table, sample, before)
    assert slip is not None
    ended, causes = judged(form, slip)
    assert is_right(slip, causes), causes
    assert len(causes.causes) == 1
    assert ended == "rejected" or not is_sure


def test_a_sound_form_has_no_slip(form: Form, sample: Filled, before: Filled) -> None:
    for period, filled, other in ((Q3, sample, Q2), (Q2, before, Q3)):
        history = {other: History((before if period == Q3 else sample).cells)}
        findings, _ = judge(form, period, filled.cells, filled.layouts, history)
        assert find_named(form, period, filled.cells, filled.layouts, findings, history) == ()
        assert not [each for each in findings if each.severity == "error"]


def test_the_words_name_table_and_quarter(form: Form, sample: Filled, before: Filled) -> None:
    for kind in KINDS:
        slip = KINDS[kind][0](random.Random(kind), KINDS[kind][1][-1], sample, before)
        assert slip is not None
        word = form.words[slip.cause[0]]
        wanted = {"{listed}", "{other}"} if not slip.cause[1] else {"{table}", "{other}"}
        if slip.cause[0] in {"cause_form_of_period", "cause_other_country"}:
            wanted = {"{other}"}
        assert all(field in word.of(language) for language in LANGUAGES for field in wanted)
