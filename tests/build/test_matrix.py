"""A sample of the matrix of meaning; the whole of it is `python -m tests.build.matrix`."""

import dataclasses

import pytest

from form1.definition import Form
from tests.build import matrix

SAMPLE = [
    next(shape for shape in matrix.shapes() if (shape.kind, shape.heads, shape.blank) == (kind, heads, True))
    for kind, heads in (("csv", 1), ("csv", 3), ("xlsx", 2), ("xlsx", 3))
]
"""Four folders of ten files: two of text, two of workbooks."""


@pytest.mark.parametrize("shape", SAMPLE, ids=lambda shape: "-".join(map(str, dataclasses.astuple(shape))))
def test_ordinary_tables_are_read_right(form: Form, shape: matrix.Shape) -> None:
    found = list(matrix.outcomes(form, shape, list(form.tables)))
    assert [(each.table, each.how, each.messages) for each in found] == [(table, "right", ()) for table in form.tables]


def test_a_wrong_number_is_seen(form: Form, monkeypatch) -> None:
    """The matrix itself: a count that is read otherwise than it was written is WRONG, not right."""
    shape = dataclasses.replace(SAMPLE[0], totals=False, heads=1)
    real = matrix.laid

    def off_by_one(form: Form, table: str, shape: matrix.Shape, counts: dict[matrix.Key, int]) -> matrix.Sheet:
        return real(form, table, shape, {key: count + 1 for key, count in counts.items()})

    monkeypatch.setattr(matrix, "laid", off_by_one)
    (outcome,) = matrix.outcomes(form, shape, ["T10"])
    assert outcome.how == "WRONG"
