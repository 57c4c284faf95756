"""The pandera schemas of an export, built from the definition: one for its lines, one for what its lines must cover.

`lines_schema` holds the columns and their types, the codes in force, the counts, the period and the keys;
`coverage_schema` holds that no code is left out of an export. What they find comes back as failure cases, which
`checking` puts into findings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import TYPE_CHECKING, Final

from form1.build.contract.resolve import (
    LARGEST_COUNT,
    ResolvedExport,
    is_detail,
    meaning_of,
    name_of,
    named_by,
    stated_periods,
)
from form1.core.values import Status
from form1.definition.codelists import Code
from form1.definition.form import Form
from form1.definition.labels import Resolved
from form1.definition.layout import NOT_STATED, OBSERVED
from form1.model.exports import cell_of, label_of

if TYPE_CHECKING:
    import pandera.polars as pa
    import polars as pl

_FEW: Final = 3
"""Codes of a list that is short enough for each of them to be expected."""


class Rule(StrEnum):
    """The checks of the schemas by the name under which pandera reports their failures; the last two are its own."""

    CODE = "code in force"
    COUNT = "whole count"
    RANGE = "count in range"
    PERIOD = "period of the folder"
    COVERED = "code covered"
    KEY = "multiple_fields_uniqueness"
    COLUMN = "column_in_dataframe"


def lines_schema(export: ResolvedExport, period: str) -> pa.DataFrameSchema:
    """Return the schema of the lines of an export that stands in the folder of `period`."""
    import pandera.polars as pa
    import polars as pl

    # What this program adds itself is never null: to look for nulls in every column takes as long as all other checks.
    text = pa.Column(pl.String, nullable=True)
    columns = {"line": pa.Column(pl.Int64), "cell": text}
    for dimension in dict.fromkeys((*export.dimensions, *export.table.dimensions)):
        columns[label_of(dimension)] = text
        if dimension in export.dimensions:
            columns[cell_of(dimension)] = pa.Column(pl.String, nullable=True, required=False)
            columns[meaning_of(dimension)] = columns[dimension] = text
            in_force = pa.Check.isin(_codes(export, dimension), error=Rule.CODE.value)
            columns[named_by(dimension)] = pa.Column(pl.String, in_force)
    columns["written"] = text
    if "written" in export.lines.columns:
        signs = "".join(f"|{re.escape(sign)}" for sign in export.signs)
        columns["count"] = pa.Column(pl.String, pa.Check.str_matches(rf"^(?:[0-9]+{signs})$", error=Rule.COUNT.value))
        in_range = pa.Check.in_range(0, LARGEST_COUNT, error=Rule.RANGE.value)
        columns["persons"] = pa.Column(pl.Int64, in_range, nullable=True)
        columns["status"] = pa.Column(pl.String, pa.Check.isin([str(status) for status in Status]), nullable=True)
    for stated in stated_periods(export.lines):
        columns[label_of(stated)] = columns[cell_of(stated)] = text
        columns[named_by(stated)] = pa.Column(pl.String, pa.Check.isin([period, ""], error=Rule.PERIOD.value))
    keys = [named_by(dimension) for dimension in export.dimensions]
    whole = set(export.table.dimensions) <= set(export.dimensions)  # a part of a key says nothing
    return pa.DataFrameSchema(columns, unique=keys if whole else None, strict=True)


def coverage_schema() -> pa.DataFrameSchema:
    """Return the schema of `coverage`: each code that an export must have is on one line at least."""
    import pandera.polars as pa
    import polars as pl

    covered = pa.Column(pl.UInt32, pa.Check.ge(1, error=Rule.COVERED.value))
    return pa.DataFrameSchema({"lines": covered}, strict=True)


@dataclass(frozen=True)
class ExpectedCode:
    """A code, or a combination of codes over the columns, that some line of an export must have."""

    dimensions: tuple[str, ...]
    codes: tuple[Code, ...]
    is_column: bool
    """True for a column of counts of a wide export."""


def expected_codes(form: Form, export: ResolvedExport) -> list[ExpectedCode]:
    """Return what some line must have.

    A wide export has a column for each combination of the codes that are always counted. A code of a short list over
    the columns (a sex, a decision) is on some line of any export that counts somebody: a complete source without such a
    line means zero, but that a whole sex is absent is more likely a slip.
    """
    across = export.export.across
    expected: list[ExpectedCode] = []
    if across:
        axes = [_always_counted(form, export, dimension) for dimension in across]
        expected += [ExpectedCode(across, codes, is_column=True) for codes in product(*axes)]
    if export.lines.filter(is_detail(export.dimensions))["persons"].sum():
        for column in export.table.columns:
            codes = form.codelist_of(export.table, column.dimension).on(export.on)
            if column.dimension not in across and len(codes) <= _FEW:
                expected += [ExpectedCode((column.dimension,), (code,), is_column=False) for code in codes]
    return expected


def coverage(export: ResolvedExport, expected: Sequence[ExpectedCode]) -> pl.DataFrame:
    """Return a frame with the number of lines (`lines`, UInt32) on which each of the expected codes stands."""
    import polars as pl

    detail = export.lines.filter(is_detail(export.dimensions))
    counted = []
    for each in expected:
        frame, columns = (export.lines, map(named_by, each.dimensions)) if each.is_column else (detail, each.dimensions)
        codes = zip(columns, each.codes, strict=True)
        counted.append(
            frame.select(pl.all_horizontal(pl.col(column) == code.code for column, code in codes).sum()).item()
        )
    return pl.DataFrame({"lines": counted}, schema={"lines": pl.UInt32})


def _codes(export: ResolvedExport, dimension: str) -> list[str]:
    """The names of what a label of a dimension may mean: the codes in force, totals, groups."""
    known = (entry for entry in export.labels[dimension].known if entry.in_force)
    return sorted({name_of(Resolved(entry.meaning, entry.code, entry.raw)) for entry in known})


def _always_counted(form: Form, export: ResolvedExport, dimension: str) -> list[Code]:
    """The codes for which a wide export always has a column."""
    codes = form.codelist_of(export.table, dimension).on(export.on)
    return [code for code in codes if not code.counted_as and not code.flags & {OBSERVED, NOT_STATED}]
