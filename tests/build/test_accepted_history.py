"""What was accepted is the history of a check: before editions, and only as it was recorded."""

from pathlib import Path

from form1.archive.receptions import Register, accept
from form1.build.history import collect
from form1.core.cells import Address
from form1.definition import Form
from tests.archive.receptions.small import NOW, Q2, Q3, receive
from tests.archive.store.archives import publish_small

TOTAL = Address("T10", "T", "T")


def _total(form: Form, editions: Path, register: Path | None) -> int | str | None:
    history = collect(form.of(Q3), Q3, {Q2: ()}, editions=editions, exports=editions / "none", register=register)[Q2]
    return history.cells[TOTAL].value if history.cells is not None else history.reason and history.reason.en


def test_the_accepted_form_goes_before_the_edition(form: Form, tmp_path: Path) -> None:
    """The edition has 1 there, what was received 7."""
    editions, register = tmp_path / "output", tmp_path / "register"
    publish_small(editions, 1, Q2)
    reception = receive(register, b"form", Q2)
    assert _total(form, editions, register) == 1
    accept(Register(register), reception, "Head", None, NOW)
    assert _total(form, editions, None) == 1
    assert _total(form, editions, register) == 7
    (reception.folder / "cells.csv").write_bytes(b"table,row,column,value,status\nT10,T,T,8,number\n")
    assert "were changed afterwards" not in str(_total(form, editions, None))
    assert "the accepted form of 2026-Q2 was changed afterwards" in str(_total(form, editions, register))
