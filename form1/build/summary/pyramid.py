"""A pyramid: the rows of a table from the youngest up, two sides by side."""

from __future__ import annotations

from form1.build.summary import sentences
from form1.build.summary.case import Case, detail, each, fill, number, per_cent, shown
from form1.build.summary.shares import shares
from form1.core.cells import TOTAL, Address, Cell
from form1.core.texts import Text
from form1.definition.layout import NOT_STATED, Column
from form1.definition.summary import Figure as Wanted
from form1.model.figures import Figure, Point


def figure(case: Case, wanted: Wanted) -> Figure:
    """Return a point for each row with the cells of both sides, zero or not.

    That of persons of whom the characteristic is not stated is shown when there are any.
    """
    assert wanted.table is not None  # the record has made sure
    address = case.address(wanted.table, wanted.row, TOTAL)
    whole, basis = case.cell(address), case.basis(wanted.table)
    sides = _sides(case, wanted)
    rows = detail(case.layouts[wanted.table], wanted.row)
    points = tuple(
        Point(row.code, row.label, tuple(case.cell(Address(wanted.table or "", row.code, side.code)) for side in sides))
        for row in rows
    )
    stated = tuple(point for row, point in zip(rows, points, strict=True) if NOT_STATED not in row.flags)
    if not any(cell.value for point in points if point not in stated for cell in point.cells):
        points = stated
    said: list[Text] = []
    remarks: list[Text] = []
    if whole.value is None:
        remarks.append(case.word("whole_unknown", reason=case.why_none(whole)))
    elif not whole.value:
        remarks.append(case.word("nothing_counted"))
    else:
        ends = [case.cell(Address(wanted.table, wanted.row, side.code)) for side in sides]
        said = [*_said(wanted, stated, ends, whole.value), *sentences.change(case, address)]
    return Figure(
        wanted.id,
        wanted.kind,
        wanted.title,
        sentences.alternative(case, wanted, basis, points, shown(case, whole)),
        basis,
        tuple(side.heads[-1] for side in sides),
        points if whole.value else (),
        case.form.tables[wanted.table].rows.heading,
        statements=tuple(said),
        remarks=tuple(remarks),
        table=wanted.table,
    )


def _sides(case: Case, wanted: Wanted) -> list[Column]:
    """The columns of the dimension that lies across, totals in every other."""
    assert wanted.across is not None
    return [
        column
        for column in case.layouts[wanted.table or ""].columns
        if all((code == TOTAL) != (dimension == wanted.across) for dimension, code in column.keys.items())
    ]


def _said(wanted: Wanted, stated: tuple[Point, ...], ends: list[Cell], whole: int) -> list[Text]:
    """The shares of both sides and the largest row; nothing where a side or a row has no number."""
    sides = [cell.value for cell in ends if cell.value is not None]
    cells = [cell for point in stated for cell in point.cells]
    if (
        wanted.sentence is None
        or len(sides) < len(ends)
        or sum(sides) > whole
        or any(cell.value is None for cell in cells)
    ):
        return []
    of_sides = shares(sides, whole)

    def size(point: Point) -> int:
        return sum(cell.value or 0 for cell in point.cells)

    most = max(map(size, stated))
    largest = [point for point in stated if size(point) == most]
    says = wanted.sentence.says
    facts = {
        "whole": number(whole),
        "left_share": per_cent(of_sides[0]),
        "right_share": per_cent(of_sides[1]),
        "largest": each(lambda language: ", ".join(point.label.of(language) for point in largest)),
        "largest_share": per_cent(shares([most], whole)[0]),
    }
    said = [each(lambda language: fill(says, language, facts))]
    return said if most else []
