"""Forms of a few cells: counts by table and row, their totals, half of them women, and earlier periods."""

from collections.abc import Mapping

from form1.build.summary import summarise
from form1.core.cells import Address, Cell, gap
from form1.core.periods import Period
from form1.core.values import Status
from form1.definition import Form
from form1.definition.layout import Layout, lay_out
from form1.model.figures import Figure
from form1.model.history import History

Q3 = Period(2026, 3)
Counts = Mapping[str, Mapping[str, int | Status]]
"""By table and row: a count in the column of grand totals, or the status of a gap."""


def grand(form: Form, table: str) -> str:
    """The column of grand totals."""
    return ".".join("T" for _ in form.tables[table].columns)


def filled(form: Form, counts: Counts, period: Period = Q3) -> tuple[dict[Address, Cell], dict[str, Layout]]:
    """Cells and layouts: every row of detail in the column of grand totals, and every sum; a sum with a gap is a gap.

    Men and women are filled where sex is the only dimension of the columns; sums of several rows are left as they round.
    """
    cells: dict[Address, Cell] = {}
    layouts: dict[str, Layout] = {}
    for table, rows in counts.items():
        layout = layouts[table] = lay_out(form, form.tables[table], period.last_day, set(rows))
        at = grand(form, table)
        for row in reversed(layout.rows):
            if row.counted:
                given = rows.get(row.code, 0)
                cells[table, row.code, at] = Cell(given) if isinstance(given, int) else gap(given)
                continue
            parts = [cells[table, part, at] for part in row.parts]
            lacking = next((part for part in parts if part.value is None), None)
            cells[table, row.code, at] = lacking or Cell(sum(part.value or 0 for part in parts))
        if "M" in layout.column:
            for row in layout.rows:
                whole = cells[table, row.code, at]
                women = None if whole.value is None else whole.value // 2
                cells[table, row.code, "F"] = whole if women is None else Cell(women)
                cells[table, row.code, "M"] = (
                    whole if whole.value is None or women is None else Cell(whole.value - women)
                )
    return cells, layouts


def figures(
    form: Form, counts: Counts, period: Period = Q3, history: Mapping[Period, History] | None = None
) -> dict[str, Figure]:
    """The figures of a form of these counts, by id."""
    cells, layouts = filled(form, counts, period)
    return {figure.id: figure for figure in summarise(form, period, cells, layouts, history or {})}


def past(form: Form, counts: Counts, period: Period, *, published: bool = True) -> History:
    """An earlier period of these counts."""
    return History(filled(form, counts, period)[0], is_published=published)
