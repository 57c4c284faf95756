"""Exports held against those of the quarter before: what is missing at once may have been cut off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from form1.core.findings import Finding, Place
from form1.core.values import parse_count
from form1.definition.form import Form
from form1.definition.spelling import Folding
from form1.model.exports import Export, label_of

_LEAST_ROWS: Final = 20
"""Fewer rows with a count come and go by themselves."""
_LEAST_SHARE: Final = 0.7
"""Of the rows before that a whole export still has."""


def what_is_gone(form: Form, now: Mapping[str, Export], before: Mapping[str, Export], other: str) -> Iterator[Finding]:
    """Yield a warning for every export with many rows less than the one before it, or without the total it had.

    `other` is the period of those before, of the same calendar year: in January counts begin anew.
    """
    for table, export in now.items():
        if table not in before:
            continue
        place = Place(table, file=export.input.name, sheet=export.sheet)
        rows, had = _filled(form, export), _filled(form, before[table])
        if had >= _LEAST_ROWS and rows < had * _LEAST_SHARE:
            yield Finding.of("export_shrunk", place, rows=rows, before=had, other=other)
        total = _total(form, before[table])
        if total and rows < had and not _total(form, export):
            yield Finding.of("export_total_gone", place, label=total, other=other)


def _filled(form: Form, export: Export) -> int:
    """Return how many rows of detail, however long the export is laid, have a count above zero."""
    if "written" not in export.lines.columns:
        return 0
    # Columns of the form may lie across in one quarter and below each other in the next: rows are what compares.
    wanted = (label_of(dimension) for dimension in form.tables[export.table].rows.wanted)
    labels = [column for column in wanted if column in export.lines.columns]
    totals, folding = _totals(form)
    rows = set()
    for *label, written in export.lines.select(*labels, "written").iter_rows():
        count = (written or "").strip()
        if (
            count
            and parse_count(count) != 0
            and not any(totals.intersection(folding.keys(each or "")) for each in label)
        ):
            rows.add(tuple(label))
    return len(rows)


def _totals(form: Form) -> tuple[set[str], Folding]:
    folding = Folding.by(form.sources.look_alikes)
    return {key for label in form.sources.total_labels for key in folding.keys(label)}, folding


def _total(form: Form, export: Export) -> str:
    """Return the label of the total over the rows of an export, or "" where it has none."""
    totals, folding = _totals(form)
    column = label_of(form.tables[export.table].rows.dimension or "")
    if column not in export.lines.columns:
        return ""
    labels = export.lines[column].unique(maintain_order=True).to_list()
    return next((label for label in labels if label and totals.intersection(folding.keys(label))), "")
