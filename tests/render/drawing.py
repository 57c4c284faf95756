"""Submissions to draw: layouts of the real form, filled with counts that follow from their address."""

import zlib
from collections.abc import Iterable

from form1.core.cells import Address, Cell, total
from form1.core.findings import Finding, Place, Severity, verdict
from form1.core.periods import Period
from form1.core.texts import Language, Text
from form1.definition import Form
from form1.definition.layout import Layout, lay_out
from form1.model.forms import Edition, InputFile, RuleOutcome, RuleResult
from form1.model.revisions import ChangedCell

HOSTILE = "<script>alert(1)</script> =1+1 \x1b[31m"
HOSTILE_SHOWN = "<script>alert(1)</script> =1+1 \\x1b[31m"


def filled(
    form: Form,
    *,
    language: Language = "az",
    tables: Iterable[str] = (),
    countries: int = 20,
    findings: tuple[Finding, ...] = (),
    signatories: dict[str, str] | None = None,
) -> Edition:
    """A submission for 2026-Q3 with the tables named (all of them when none is), and so many countries in each."""
    period = Period.parse("2026-Q3")
    codes = [entry.code for entry in form.codelists["countries"].on(period.last_day) if not entry.counted_as]
    observed = {code for code in codes[1:countries] if code not in {"AZ", "XXX"}} | {"TR", "XXA.TR", "XXA.RU"}
    layouts: dict[str, Layout] = {}
    cells: dict[Address, Cell] = {}
    for table in form.tables.values():
        if not tables or table.id in tables:
            layouts[table.id] = lay_out(form, table, period.last_day, observed)
            cells |= _counts(layouts[table.id])
    return Edition(
        form=form,
        period=period,
        revision=2,
        language=language,
        cells=cells,
        layouts=layouts,
        findings=findings,
        results=(
            RuleResult("R900", "same", Text.same("one is one"), Severity.ERROR, 1, RuleOutcome.PASS, 3),
            RuleResult(
                "R901", "moved", Text.same("it moves"), Severity.WARNING, 2, RuleOutcome.NOT_EVALUATED,
                blocked_by=Text.same(HOSTILE),
            ),
        ),
        verdict=verdict(findings),
        signatories=signatories or {},
        inputs=(InputFile(f"2026-Q3/{HOSTILE}.csv", 1234, "0" * 64),),
        changes=(ChangedCell(("T03", "T", "M"), Cell(5), Cell(1207)), ChangedCell(("T03", HOSTILE, "M"), Cell(5), None)),
    )  # fmt: skip


def hostile_finding() -> Finding:
    """A finding about a cell of T03 with a label that tries to be a script, a formula and a terminal command."""
    place = Place(table="T03", row="T", column="M", file=f"{HOSTILE}.csv", line=7)
    return Finding("forbidden_code", Severity.ERROR, 1, place, {"found": 1207, "label": HOSTILE}, "R900")


def _counts(layout: Layout) -> dict[Address, Cell]:
    known: dict[tuple[str, str], Cell] = {}

    def cell(row: str, column: str) -> Cell:
        if (row, column) not in known:
            parts = layout.column[column].parts
            if parts:
                known[row, column] = total(cell(row, part) for part in parts[0])
            elif layout.row[row].counted:
                seed = zlib.crc32(f"{layout.table.id}{row}{column}".encode())
                known[row, column] = Cell(seed % 1300 if seed % 5 else 0)
            else:
                known[row, column] = total(cell(part, column) for part in layout.row[row].parts)
        return known[row, column]

    return {
        (layout.table.id, row.code, column.code): cell(row.code, column.code)
        for row in layout.rows
        for column in layout.columns
    }
