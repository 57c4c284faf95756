"""A small submission for the tests of the workbook, and a workbook as text that a person can review."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Iterator
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from form1.core.cells import Address, Cell, gap, total
from form1.core.findings import Verdict
from form1.core.periods import Period
from form1.core.texts import Language, Text
from form1.core.values import Status
from form1.definition.codelists import CodeList
from form1.definition.form import Form
from form1.definition.layout import Layout, lay_out
from form1.definition.load import load
from form1.definition.notes import Anchor, Note
from form1.definition.records import Correction, Table
from form1.model.forms import Edition

SOURCE = {"source": "invented for the tests", "status": "INFERRED"}
EVIL = '=HYPERLINK("http://example.org";"=1+1")'
"""A label from outside that a careless program would make a formula of."""


def submission(language: Language = "az", period: str = "2026-Q3") -> Edition:
    """Return a submission with three small tables: groups and blocks, two panels, and a lone total."""
    form = _form()
    when = Period.parse(period)
    layouts = {table.id: lay_out(form, table, when.last_day) for table in form.tables.values()}
    cells = {address: cell for layout in layouts.values() for address, cell in _cells(layout).items()}
    correction = Correction(
        id="C001",
        period=period,
        table="T01",
        row="B2",
        column="F",
        was=3,
        becomes=4,
        reason=Text.same("@letter of 1 October"),
        **SOURCE,
    )
    signatories = {"telephone": "+994 12 000 00 00"}
    return Edition(
        form=form,
        period=when,
        revision=1,
        language=language,
        cells=cells,
        layouts=layouts,
        findings=(correction.applied,),
        corrections=(correction,),
        results=(),
        verdict=Verdict.ACCEPTED,
        signatories=signatories,
    )


def full(form: Form, language: Language, period: Period) -> Edition:
    """Return a submission of the real form with counts that follow from the place of each cell."""
    countries = [code.code for code in form.codelists["countries"].on(period.last_day)][::4]
    observed = {*countries, *(f"XXA.{code}" for code in countries[::5])}
    layouts = {table.id: lay_out(form, table, period.last_day, observed) for table in form.tables.values()}
    cells = {address: cell for layout in layouts.values() for address, cell in _cells(layout).items()}
    return Edition(
        form=form,
        period=period,
        revision=2,
        language=language,
        cells=cells,
        layouts=layouts,
        findings=(),
        results=(),
        verdict=Verdict.ACCEPTED,
        signatories={},
    )


def text_of(workbook: bytes) -> str:
    """Return a workbook as text: a line for each cell with its style and format, then how it is laid out and printed."""
    book = load_workbook(io.BytesIO(workbook))
    about = book.properties
    lines = [f"{about.title} | {about.subject} | {about.creator} | {about.language} | {about.created} {about.modified}"]
    lines += [f"keywords: {about.keywords}; category: {about.category}"]
    for sheet in book.worksheets:
        lines += ["", f"=== {sheet.title}", *_cell_lines(sheet), *_layout_lines(sheet)]
    return "\n".join(lines) + "\n"


def _cell_lines(sheet: Worksheet) -> Iterator[str]:
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is not None:
                style = cell.style.removeprefix("form1 ")
                link = f" -> {cell.hyperlink.location}" if cell.hyperlink else ""
                number = f" {cell.number_format}" if cell.number_format != "General" else ""
                yield f"{cell.coordinate} {cell.data_type} [{style}{number}] {cell.value}{link}"


def _layout_lines(sheet: Worksheet) -> Iterator[str]:
    def known(setting: Any) -> str:
        return " ".join(f"{name}={value}" for name, value in setting if value not in (None, False))

    yield "merged: " + " ".join(sorted(map(str, sheet.merged_cells.ranges)))
    yield "widths: " + " ".join(f"{name}={column.width:g}" for name, column in sheet.column_dimensions.items())
    yield "heights: " + " ".join(
        f"{number}={row.height:g}" for number, row in sheet.row_dimensions.items() if row.height
    )
    yield f"frozen: {sheet.freeze_panes}; repeated: {sheet.print_title_rows} {sheet.print_title_cols}; area: {sheet.print_area}"
    yield f"page: {known(sheet.page_setup)}; fit: {sheet.sheet_properties.pageSetUpPr.fitToPage}"
    yield f"header: {sheet.oddHeader.right.text}; footer: {sheet.oddFooter.center.text}"
    yield f"breaks after rows {[at.id for at in sheet.row_breaks.brk]}, columns {[at.id for at in sheet.col_breaks.brk]}"
    for cells in sheet.conditional_formatting:
        for rule in cells.rules:
            yield f"red: {cells.sqref} when {rule.formula[0]}"
    for table in sheet.tables.values():
        yield f"table: {table.displayName} {table.ref} {table.tableStyleInfo.name}"


def _cells(layout: Layout) -> dict[Address, Cell]:
    """Return cells that add up; the counts come from the place, some of them zero, one row without numbers."""
    table, cells = layout.table.id, dict[Address, Cell]()
    leaves = [column.code for column in layout.columns if not column.parts]
    for place, row in enumerate(layout.rows):
        for number, column in enumerate(leaves):
            if row.counted:
                count = (place * 7919 + number * 104729) % 9973 if (place + number) % 4 else 0
                cells[table, row.code, column] = gap(Status.NOT_AVAILABLE) if row.code == "GAP" else Cell(count)
    for row in reversed(layout.rows):
        for column in leaves:
            if not row.counted:
                cells[table, row.code, column] = total(cells[table, part, column] for part in row.parts)
    for across in reversed(layout.columns):
        if across.parts:
            for row in layout.rows:
                parts = [cells[table, row.code, part] for part in across.parts[0]]
                cells[table, row.code, across.code] = total(parts)
    return cells


def _form() -> Form:
    real = load()
    lists = {
        "kinds": _codelist("kinds", [("A", "Birinci qrup", ""), ("B", "İkinci qrup", "")]),
        "things": _codelist(
            "things",
            [
                ("A1", EVIL, "A"),
                ("A2", "Adi etiket", "A"),
                ("B1", "+etiket", "B"),
                (
                    "B2",
                    "Uzun adı olan sətir, bir sətirə sığmayan və buna görə iki dəfə bükülən etiket ilə birlikdə yazılmış",
                    "B",
                ),
                ("0-4", "#N/A", ""),
            ],
        ),
        "ages": _codelist("ages", [("0-17", "0–17", ""), ("18+", "18 və yuxarı", ""), ("UNK", "Göstərilməyib", "")]),
        "gaps": _codelist("gaps", [("GAP", "Məlumat yoxdur", "")]),
        **{name: real.codelists[name] for name in ("sex", "conventional_signs", "sims_concepts")},
    }
    tables = [
        _table("T01", 1, "things", [("sex", "sex", True)], groups={"codes": "kinds"}, show_code=True),
        _table("T02", 2, "gaps", [("age_group", "ages", False), ("sex", "sex", False)], panels=2),
        _table("T03", 3, None, [("sex", "sex", True)]),
    ]
    notes = (
        Note(id="N1", concept="S.1.1", az="-Qeyd", en="-Note", ru="-Примечание", **SOURCE),
        Note(
            id="M1",
            concept="S.4",
            az="İzah",
            en="What it means",
            ru="Пояснение",
            name=Text(az="Ad", en="Name", ru="Имя"),
            at=(Anchor(table="T01"), Anchor(table="T02", column="18+"), Anchor(table="T01", row="A")),
            **SOURCE,
        ),
        Note(id="N2", table="T01", aspect="universe", az="Əhatə", en="Universe", ru="Охват", **SOURCE),
    )
    by_id = {table.id: table for table in tables}
    return dataclasses.replace(real, tables=by_id, codelists=lists, notes=notes, corrections=())


def _codelist(name: str, codes: list[tuple[str, str, str]]) -> CodeList:
    text = {"az": name, "en": name, "ru": name}
    entries = [
        {"code": code, "name": dict.fromkeys(("az", "en", "ru"), label), "parent": parent, **SOURCE}
        for code, label, parent in codes
    ]
    about = {"title": text, "version": text, "agency": text, **SOURCE}
    return CodeList.model_validate({"id": name, "classification": about, "codes": entries})


def _table(
    identifier: str, number: int, codes: str | None, columns: list[tuple[str, str, bool]], panels: int = 1, **rows: Any
) -> Table:
    def text(az: str) -> dict[str, str]:
        return dict.fromkeys(("az", "en", "ru"), az)

    return Table.model_validate(
        {
            "id": identifier,
            "number": number,
            "title": text(f"Kiçik cədvəl {number}"),
            "short_title": text(f"Kiçik {number}"),
            "universe": f"u{number}",
            "basis": "stock" if panels > 1 else "year_to_date",
            "unit": "persons_unit",
            "rows": {
                "heading": text("Göstərici"),
                "total": text("Cəmi"),
                "detail": codes is not None,
                **({"dimension": "thing", "codes": codes} if codes else {}),
                **rows,
            },
            "columns": [
                {
                    "dimension": dimension,
                    "codes": codelist,
                    "total": text("Cəmi"),
                    **({"members": text("o cümlədən")} if members else {}),
                }
                for dimension, codelist, members in columns
            ],
            "print": {"landscape": panels > 1, "panels": panels},
            **SOURCE,
        }
    )
