"""The contract of records: a pandera schema from records.toml, held against every slice of every part at full depth.

A slice that keeps it costs one look at each column. Of one that breaks it, `faults` finds the records and their lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING, Any, Final

from form1.core.findings import Fact, Finding, Place
from form1.core.periods import Period
from form1.definition.codelists import codes_of
from form1.definition.form import Form
from form1.definition.record_layout import Extract
from form1.records.tabulate.batches import Batch, batches, typed
from form1.records.tabulate.faults import Faults, Requirement
from form1.records.tabulate.keys import Keys
from form1.records.tabulate.months import Months
from form1.records.tabulate.opened import Opened

if TYPE_CHECKING:
    import pandera.polars as pa
    import polars as pl

_FORMATS: Final = {"%Y-%m-%d": "2026-09-30", "%d.%m.%Y": "30.09.2026"}
"""How a date is written, shown by one, by its format in records.toml."""
RAW: Final = "raw:"
"""Stands before the name of a column as it is written."""


def check(form: Form, extract: Extract, parts: Sequence[Opened], period: Period) -> list[Finding]:
    """Return everything that breaks the contract of one extract, counted by kind, with examples.

    When nothing does: warnings about months that have no records, or few.
    """
    months = Months(extract)
    faults = Faults(form, extract, several=len(parts) > 1)
    with Keys(extract, sum(part.rows for part in parts)) as keys:
        for part in parts:
            required = requirements(form, part)
            contract = schema(form, extract, required)
            for batch in batches(part, extract.columns):
                if not faults.count_fields(batch):
                    continue
                frame = prepared(form, batch)
                if not keeps(contract, frame):
                    faults.find(batch, frame, required)
                keys.add(frame)
                months.add(frame)
            part.require_unchanged()
        if keys.twice():
            faults.repeated(keys, parts)
    found = faults.findings()
    if not sum(part.rows for part in parts):
        found.append(Finding.of("records_none", Place(file=extract.id)))
    return found or list(months.findings(form, period))


def prepared(form: Form, batch: Batch) -> pl.DataFrame:
    """Return a slice with what every column means, and beside it as `raw:` what is written, where that can differ."""
    import polars as pl

    columns = [column for column in batch.opened.extract.columns if column in batch.opened.headers]
    kept = [pl.col(column).alias(RAW + column) for column in columns if _can_differ(form, batch.opened, column)]
    return batch.raw.select(*(typed(form, batch.opened, column).alias(column) for column in columns), *kept).collect()


def _can_differ(form: Form, opened: Opened, column: str) -> bool:
    kind = form.records.columns[column].type
    return kind == "code" or (kind == "date" and opened.written[column] == "text")


def requirements(form: Form, opened: Opened) -> list[Requirement]:
    """Return what the layout requires of the records of a part."""
    import polars as pl

    extract, records = opened.extract, form.records
    found: list[Requirement] = []
    for column in (column for column in extract.columns if column in opened.headers):
        described, value = records.columns[column], pl.col(column)
        there = value.is_not_null()
        if _can_differ(form, opened, column):
            raw = pl.col(RAW + column)
            empty = raw.is_null() | (raw.cast(pl.String) == "")
            if described.type == "code":
                facts: dict[str, Fact] = {"codelist": described.codes or ""}
                found.append(Requirement("records_code_unknown", (column,), there | empty, facts, shows_values=True))
            else:
                known = there & raw.str.contains(_shape(opened.date_format))
                facts = {"format": _FORMATS[opened.date_format]}
                found.append(Requirement("records_date_impossible", (column,), known | empty, facts, shows_values=True))
            if column not in extract.nullable:
                found.append(Requirement("records_value_missing", (column,), there | ~empty))
        elif column not in extract.nullable:
            found.append(Requirement("records_value_missing", (column,), there & _not_blank(described.type, value)))
        if described.type == "date":
            low, high = described.not_before or records.not_before, records.not_after
            facts = {"first": low.isoformat(), "last": high.isoformat()}
            inside = value.is_between(low, high) | value.is_null()
            found.append(Requirement("records_date_range", (column,), inside, facts))
        if described.type == "identifier":
            fits = value.str.contains(rf"\A(?:{records.identifier})?\z") & ~value.is_in(_spelt(records.no_identifier))
            found.append(Requirement("records_identifier", (column,), fits | value.is_null()))
    for first, second in extract.order:
        if first in opened.headers and second in opened.headers:
            holds = (pl.col(first) <= pl.col(second)) | pl.col(first).is_null() | pl.col(second).is_null()
            found.append(Requirement("records_order", (first, second), holds, {"first": first, "second": second}))
    return found


def _shape(date_format: str) -> str:
    """Return the pattern of a date that every engine reads alike: `2026-2-5` and a blank before it are none."""
    pattern = re.escape(date_format)
    for part, digits in {"%Y": 4, "%m": 2, "%d": 2}.items():
        pattern = pattern.replace(re.escape(part), f"[0-9]{{{digits}}}")
    return rf"\A{pattern}\z"


def _spelt(words: Sequence[str]) -> list[str]:
    return list(
        dict.fromkeys(spelt for word in words for spelt in (word, word.lower(), word.upper(), word.capitalize()))
    )


def _not_blank(kind: str, value: pl.Expr) -> pl.Expr:
    import polars as pl

    return value != "" if kind == "identifier" else pl.lit(True)


def schema(form: Form, extract: Extract, required: Sequence[Requirement]) -> pa.DataFrameSchema:
    """Return the schema of a prepared slice: types, code lists as Enums, and every requirement in one look."""
    import pandera.polars as pa
    import polars as pl

    types: dict[str, Any] = {"identifier": pl.String, "date": pl.Date}
    columns: dict[str, pa.Column] = {}
    for column in extract.columns:
        described = form.records.columns[column]
        if described.codes:
            columns[column] = pa.Column(
                pl.Enum(codes_of(form.codelists[described.codes])), nullable=True, required=False
            )
        else:
            columns[column] = pa.Column(types[described.type], nullable=True, required=False)
    everything = reduce(and_, (requirement.holds for requirement in required))

    def holds(data: pa.PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(everything.all())

    return pa.DataFrameSchema(columns, checks=pa.Check(holds, name="records keep their layout"))


def keeps(contract: pa.DataFrameSchema, frame: pl.DataFrame) -> bool:
    """True when a slice keeps the contract."""
    from pandera.config import ValidationDepth, config_context
    from pandera.errors import SchemaError, SchemaErrors

    try:
        with config_context(validation_depth=ValidationDepth.SCHEMA_AND_DATA):
            contract.validate(frame)
    except (SchemaError, SchemaErrors):
        return False
    return True
