"""Checking one export against the contract that the definition implies."""

from __future__ import annotations

from form1.build.contract.coded import Coded
from form1.build.contract.schema import failures
from form1.build.contract.totals import codes_left_out, codes_that_are_totals, compare_totals, parts_of_whole
from form1.core.findings import Finding, Severity
from form1.core.periods import Period
from form1.core.values import Status
from form1.definition.form import Form
from form1.definition.records import Table
from form1.model.exports import Counts, Export


def check(form: Form, table: Table, period: Period, export: Export) -> tuple[Counts | None, list[Finding]]:
    """Return the counts of an export under their codes, and everything that breaks its contract.

    Labels resolve by the code lists in force on the last day of `period`. Totals and groups are compared with the
    detail they cover and left out. Counts keep one line per count of the export: several lines may bear the same
    codes when different codes are counted as one (the districts of a city), and are to be added up.
    Counts are None when there is a finding of severity error; all findings are collected first.
    """
    coded = Coded.of(form, table, period.last_day, export)
    findings = failures(form, coded)
    findings += compare_totals(form, table, period.last_day, coded)
    findings += parts_of_whole(coded)
    findings += codes_that_are_totals(coded)
    findings += codes_left_out(form, table, coded)
    if any(finding.severity is Severity.ERROR for finding in findings):
        return None, findings
    return _counts(table, period, export, coded), findings


def _counts(table: Table, period: Period, export: Export, coded: Coded) -> Counts:
    import polars as pl

    lines = [line for line in coded.lines if line.is_detail]
    columns: dict[str, list[object]] = {
        "line": [line.line for line in lines],
        "cell": [line.cell for line in lines],
    }
    for dimension in table.dimensions:
        place = coded.dimensions.index(dimension)
        columns[dimension] = [line.meant[place].code for line in lines]
    columns["persons"] = [line.value for line in lines]
    columns["status"] = [str(line.status or Status.NUMBER) for line in lines]
    schema = {name: pl.Int64 if name in {"line", "persons"} else pl.String for name in columns}
    return Counts(table.id, period, export.input, export.sheet, pl.DataFrame(columns, schema=schema))
