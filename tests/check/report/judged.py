"""A received form with seeded errors, judged by the rulebook, and causes made by hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from openpyxl.utils import get_column_letter

from form1 import rules
from form1.build import assemble
from form1.build.gathering import gather
from form1.core.cells import Address, Cell, Origin, SheetCell
from form1.core.findings import Finding, Part, Place, Severity, sort_key, verdict
from form1.core.periods import Period
from form1.core.texts import Language
from form1.definition import Form
from form1.definition.layout import Layout
from form1.model.causes import Amendment, Cause, Causes, CausesStatus, Progress
from form1.model.forms import InputFile, Received
from tests.making import SAMPLE
from tests.render.drawing import HOSTILE

PERIOD = Period.parse("2026-Q3")
WRONG_DETAIL = Address("T03", "45.1.8", "M")
WRONG_TOTAL = Address("T06", "T", "F")
TEXT_NUMBER = Address("T05", "T", "T")


def received_form(form: Form, language: Language = "az", *, progress: bool = True) -> Received:
    """The sample form of 2026-Q3 as it came back: a digit transposed, a total not updated, and trouble with the file."""
    cells, layouts = _clean(form)
    read = {address: replace(cell, origin=Origin.RECEIVED) for address, cell in cells.items()}
    was, total = cells[WRONG_DETAIL].value or 0, cells[WRONG_TOTAL].value or 0
    read[WRONG_DETAIL] = Cell(was + 27, origin=Origin.RECEIVED)
    read[WRONG_TOTAL] = Cell(total - 9, origin=Origin.RECEIVED)
    broken, results = rules.judge(form, PERIOD, read, layouts, {})
    findings = tuple(sorted([*broken, *_about_the_file(), _accepted(cells)], key=sort_key))
    causes = (
        Cause(
            "cause_digits",
            (Amendment(WRONG_DETAIL, was + 27, was),),
            1.0,
            ((Amendment(("T03", "T", "M"), 1, 28), Amendment(("T03", "T", "T"), 2, 29)),),
        ),
        Cause("cause_total", (Amendment(WRONG_TOTAL, total - 9, total),), 3.0),
    )
    tables = [amendment.address[0] for cause in causes for amendment in cause.amendments]
    cause_of = {
        place: tables.index(finding.place.table)
        for place, finding in enumerate(findings)
        if finding.rule and not finding.accepted and finding.place.table in tables
    }
    return Received(
        form=form,
        language=language,
        inputs=(InputFile(f"forma {HOSTILE}.xlsx", 48_213, "5f" * 32),),
        period=PERIOD,
        cells=read,
        layouts=layouts,
        at=places(layouts.values()),
        findings=findings,
        results=tuple(results),
        verdict=verdict(findings),
        causes=Causes(CausesStatus.SOLVED, causes),
        cause_of=cause_of,
        progress=_progress(len(findings)) if progress else None,
    )


def clean(form: Form, language: Language = "az") -> Received:
    """The same form without an error."""
    cells, layouts = _clean(form)
    _, results = rules.judge(form, PERIOD, cells, layouts, {})
    file = InputFile("forma.xlsx", 1, "0" * 64)
    at = places(layouts.values())
    return Received(
        form=form,
        period=PERIOD,
        language=language,
        cells=cells,
        layouts=layouts,
        inputs=(file,),
        findings=(),
        results=tuple(results),
        verdict=verdict(()),
        at=at,
    )


def many(form: Form, count: int = 5000) -> Received:
    """A form in which `count` sums are said to be wrong."""
    judged = received_form(form, progress=False)
    addresses = list(judged.cells)
    findings = tuple(
        Finding(
            "sum_differs",
            (Severity.ERROR, Severity.WARNING)[number % 7 == 0],
            1,
            Place(*addresses[number * 7 % len(addresses)]),
            {"found": number, "expected": number + 1, "parts": (Part(number, "T", "M"), Part(1, "T", "F")), "difference": -1},
            f"D-ROWS.{addresses[number * 7 % len(addresses)][0]}",
        )
        for number in range(count)
    )  # fmt: skip
    return replace(judged, findings=findings, causes=Causes(CausesStatus.TIME_LIMIT), cause_of={})


def places(layouts: Iterable[Layout]) -> dict[Address, SheetCell]:
    """Sheet and cell of every address, as in a workbook with the heads in six rows and a stub of two columns."""
    return {
        Address(layout.table.id, row.code, column.code): SheetCell(
            str(layout.table.number),
            f"{get_column_letter(column.number + 2)}{line}",
        )
        for layout in layouts
        for line, row in enumerate(layout.rows, start=7)
        for column in layout.columns
    }


@cache
def _filled(form_hash: str) -> tuple[dict[Address, Cell], dict[str, Layout]]:
    form = _FORMS[form_hash]
    filled = assemble.fill(form, PERIOD, gather(form, SAMPLE, PERIOD).counts)
    return dict(filled.cells), dict(filled.layouts)


_FORMS: dict[str, Form] = {}


def _clean(form: Form) -> tuple[dict[Address, Cell], dict[str, Layout]]:
    _FORMS[form.sha256] = form
    return _filled(form.sha256)


def _about_the_file() -> list[Finding]:
    text = Place(*TEXT_NUMBER)
    return [
        Finding("count_not_whole", Severity.ERROR, 0, text, {"written": f"'1 204 {HOSTILE}"}),
        Finding("sheet_not_used", Severity.INFORMATION, 0, Place(file="forma.xlsx", sheet=HOSTILE)),
        Finding("sheet_not_used", Severity.WARNING, 0, Place(file="forma.xlsx", sheet="=SUM(A1)", line=3, cell="D")),
    ]


def _accepted(cells: dict[Address, Cell]) -> Finding:
    address = Address("T07", "T", "T")
    found = cells[address].value or 0
    facts = {"found": found, "other": "2026-Q2", "before": 1, "change": "240", "difference": found - 1}
    return Finding(
        "moved_much",
        Severity.WARNING,
        2,
        Place(*address),
        facts,
        "R020.T07",
        accepted="seasonal work, letter of 3 July",
    )


def _progress(count: int) -> Progress:
    return Progress(("T01 · 2 (1!C8): 5 / 6",), frozenset({0, 1}), frozenset(range(2, count)))
