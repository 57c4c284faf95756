"""A ranking: the largest rows of a table, what is left as one row, and their shares of the whole."""

from __future__ import annotations

from dataclasses import replace

from form1.build.summary import sentences
from form1.build.summary.case import Case, detail, each, number, shown
from form1.build.summary.shares import shares
from form1.core.cells import TOTAL, Cell, gap
from form1.core.values import tenths
from form1.definition.layout import Row
from form1.definition.summary import Figure as Wanted
from form1.model.figures import Figure, Point


def figure(case: Case, wanted: Wanted) -> Figure:
    """Return the largest rows first; rows of equal counts stand in the order of the form, rows of zero not at all."""
    assert wanted.table is not None and wanted.rest is not None  # the record has made sure
    address = case.address(wanted.table, wanted.row, TOTAL)
    whole, basis = case.cell(address), case.basis(wanted.table)
    rows = _rows(case, wanted)
    points = _largest(
        [Point(row.code, row.label, (_count(case, wanted, row),), short=wanted.names.get(row.code)) for row in rows]
    )
    unknown = sum(point.cells[0].value is None for point in points)
    counted = [point for point in points if point.cells[0].value]
    agrees = whole.value is not None and sum(point.cells[0].value or 0 for point in counted) <= whole.value
    shown_points = _shown(wanted, counted, whole if agrees else gap(whole.status))
    said = []
    if whole.value and agrees:
        listed = sentences.listed(wanted, shown_points, whole.value)
        said = [*([listed] if listed else []), *sentences.change(case, address)]
    remarks = []
    if whole.value is None:
        remarks.append(case.word("whole_unknown", reason=case.why_none(whole)))
    elif not whole.value:
        remarks.append(case.word("nothing_counted"))
    elif not agrees:
        remarks.append(case.word("parts_exceed"))
    if tied := _tied(shown_points, counted):
        names = each(lambda language: ", ".join(point.label.of(language) for point in tied))
        remarks.append(case.word("tie_at_rest", count=number(tied[0].cells[0].value or 0), names=names))
    if unknown:
        remarks.append(case.word("rows_unknown", count=unknown))
    return Figure(
        wanted.id,
        wanted.kind,
        wanted.title,
        sentences.alternative(case, wanted, basis, shown_points, shown(case, whole)),
        basis,
        (case.form.tables[wanted.table].columns[0].total,),
        tuple(shown_points),
        case.form.tables[wanted.table].rows.heading,
        statements=tuple(said),
        remarks=tuple(remarks),
        table=wanted.table,
    )


def _rows(case: Case, wanted: Wanted) -> list[Row]:
    layout = case.layouts[wanted.table or ""]
    if wanted.rows == "groups":
        return [layout.row[code] for code in layout.row[wanted.row].parts] if wanted.row in layout.row else []
    return detail(layout, wanted.row)


def _count(case: Case, wanted: Wanted, row: Row) -> Cell:
    return case.cell(case.address(wanted.table or "", row.code, TOTAL))


def _largest(points: list[Point]) -> list[Point]:
    """The largest first, gaps last; the sort is stable, so equal counts keep the order of the form."""
    return sorted(points, key=lambda point: -(point.cells[0].value or 0))


def _shown(wanted: Wanted, counted: list[Point], whole: Cell) -> list[Point]:
    """The points of the picture with their shares; without a whole there are neither shares nor a rest."""
    assert wanted.rest is not None
    named = counted
    if whole.value:
        # By the share as it is read: 2.5 is 2.5, whatever stands behind the decimal.
        least = wanted.smallest_share * 10
        named = [point for point in counted if tenths(point.cells[0].value or 0, whole.value) >= least]
    # One row alone is never called "other": it is shown as what it is.
    named = counted if len(counted) <= min(wanted.most, len(named)) + 1 else named[: wanted.most]
    if not whole.value:
        return named
    values = [point.cells[0].value or 0 for point in named]
    given = shares(values, whole.value)
    points = [replace(point, share=share) for point, share in zip(named, given, strict=False)]
    if left := whole.value - sum(values):
        points.append(Point("", wanted.rest, (Cell(left),), given[-1], is_rest=True))
    return points


def _tied(shown: list[Point], counted: list[Point]) -> list[Point]:
    """The rows that count as much as the last one shown, and stand in the rest all the same."""
    named = [point for point in shown if not point.is_rest]
    rest = counted[len(named) :]
    return [point for point in rest if named and point.cells[0].value == named[-1].cells[0].value]
