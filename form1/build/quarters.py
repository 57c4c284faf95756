"""Counts of an earlier quarter, under the codes that the form of the period has for them."""

from __future__ import annotations

from dataclasses import replace

from form1.core.periods import Period
from form1.definition import Form
from form1.definition.bridge import Fate, passage
from form1.definition.records import Table
from form1.model.exports import Counts


def brought_to(form: Form, table: Table, counts: Counts, period: Period) -> Counts:
    """Return the counts of an earlier quarter with the codes in force at the end of `period`.

    Codes that were brought together are one; those that were divided or ended stay as they are, and filling the form
    says that they have no row there.
    """
    if counts.period.last_day == period.last_day:
        return counts
    frame = counts.frame
    for dimension in table.dimensions:
        codes = form.codelist_of(table, dimension).id
        way = passage(form, counts.period.last_day, form, period.last_day, codes, codes)
        moved = {
            old: code
            for code, past in way.past.items()
            if past.fate in {Fate.FOLLOWED, Fate.MERGED}
            for old in past.codes
        }
        if moved:
            frame = frame.with_columns(frame[dimension].replace(moved))
    return replace(counts, frame=frame)
