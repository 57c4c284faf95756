"""The pandera schema of an export, built from the definition, and its failures in our words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from form1.build.contract.coded import Coded, mark
from form1.core.findings import Fact, Finding, Severity
from form1.definition.form import Form
from form1.definition.labels import complaint
from form1.definition.spelling import tidy

if TYPE_CHECKING:
    import pandera.polars as pa
    import polars as pl

_UNCLEAR: Final = "label: "
"""Stands before a label that means no code, so that it is in no code list."""
_COUNT: Final = "persons"


def failures(form: Form, coded: Coded) -> list[Finding]:
    """Return a finding for each failure of the schema: labels, counts, and keys that stand there twice."""
    from pandera.errors import SchemaErrors

    try:
        schema(coded).validate(frame(coded), lazy=True)
    except SchemaErrors as errors:
        return _in_words(form, coded, errors.failure_cases.to_dicts())
    return []


def schema(coded: Coded) -> pa.DataFrameSchema:
    """Return the schema: labels of the code lists in force, counts of ASCII digits or a sign, and no key twice."""
    import pandera.polars as pa
    import polars as pl

    signs = "".join(f"|{re.escape(sign)}" for sign in coded.signs)
    columns = {
        dimension: pa.Column(pl.String, pa.Check.isin(sorted(coded.codes[dimension]))) for dimension in coded.dimensions
    }
    columns[_COUNT] = pa.Column(pl.String, pa.Check.str_matches(rf"^(?:[0-9]{{1,15}}{signs})$"))
    return pa.DataFrameSchema(columns, unique=list(coded.dimensions), strict=True)


def frame(coded: Coded) -> pl.DataFrame:
    """Return the export as the schema sees it: by dimension the codes that labels name, and the count as written."""
    import polars as pl

    columns: dict[str, list[str]] = {
        dimension: [
            mark(line.meant[place]) if line.meant[place].is_clear else _UNCLEAR + tidy(line.labels[place])
            for line in coded.lines
        ]
        for place, dimension in enumerate(coded.dimensions)
    }
    columns[_COUNT] = [line.written for line in coded.lines]
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def _in_words(form: Form, coded: Coded, cases: list[dict[str, Any]]) -> list[Finding]:
    findings: dict[tuple[object, ...], Finding] = {}
    for case in cases:
        if case["check"] == "multiple_fields_uniqueness":
            # pandera lists every line of a key and none of its fellows: pairs are found by hand below.
            continue
        if case["column"] is None or case["index"] is None:
            raise RuntimeError(f"the contract of {coded.table} could not be checked: {case['check']}")
        line = coded.lines[case["index"]]
        if case["column"] == _COUNT:
            message = "count_not_whole" if line.written else "count_empty"
            facts = {"written": line.written} if line.written else {}
            finding = Finding(message, Severity.ERROR, 0, coded.place(line), facts)
            findings[message, finding.place] = finding
            continue
        number = coded.dimensions.index(case["column"])
        place, label = coded.place(line, number), line.labels[number]
        name = form.dimension(case["column"]).name
        complained = complaint(line.meant[number], label, name, coded.on, place)
        if complained is not None:
            # In a wide export one label stands beside several counts.
            findings[case["column"], label, place] = complained
    return [*findings.values(), *_twice(coded)]


def _twice(coded: Coded) -> Iterator[Finding]:
    """Yield a finding for each line whose labels stand on an earlier line already."""
    first: dict[tuple[str, ...], int] = {}
    for number, line in enumerate(coded.lines):
        if not line.is_clear:
            continue
        earlier = coded.lines[first.setdefault(tuple(map(mark, line.meant)), number)]
        if earlier is not line:
            facts: dict[str, Fact] = {"labels": line.labels, "other": str(earlier.line)}
            yield Finding("key_twice", Severity.ERROR, 0, coded.place(line), facts)
