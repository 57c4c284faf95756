"""The authority's own blanks, filled from a finished form: further files of the edition, and what found no place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from form1 import recognise
from form1.core.cells import Address, SheetCell
from form1.core.errors import DefinitionError
from form1.core.findings import Finding, Place, Verdict, sort_key, verdict
from form1.core.texts import Language
from form1.definition.blanks import Blank, Wanted, folder, load_blanks
from form1.definition.layout import Layout
from form1.definition.wording import day_in_words, period_in_words
from form1.model.forms import FilledBlank, FilledForm, Judged
from form1.recognise import Refusal
from form1.recognise.places import Line, Places
from form1.render.blank import BlankBook, Spot
from form1.xlsx.read.raw import cell_name, row_and_column


@dataclass
class _Plan:
    """What is to be written where; texts are the labels and codes of countries that were given a free line."""

    counts: dict[Spot, int | str] = field(default_factory=dict)
    texts: dict[Spot, str] = field(default_factory=dict)
    at: dict[Spot, Address] = field(default_factory=dict)
    placed: set[Address] = field(default_factory=set)


def with_blanks(submission: Judged) -> tuple[Judged, Mapping[str, FilledBlank]]:
    """Return the form with what filling the authority's blanks for its period has found, and the filled blanks.

    A form that is rejected, or whose period has no blank, comes back as it is.
    """
    if submission.verdict == Verdict.REJECTED:
        return submission, {}
    filled, found = fill_blanks(submission)
    if not filled:
        return submission, {}
    findings = tuple(sorted([*submission.findings, *found], key=sort_key))
    return replace(submission, findings=findings, verdict=verdict(findings)), filled


def fill_blanks(
    submission: FilledForm, place: Path | None = None
) -> tuple[dict[str, FilledBlank], tuple[Finding, ...]]:
    """Return the blanks for the period of a form, filled, by name, and a finding for every number without a place.

    `place` is the folder of the blanks. DefinitionError when a blank cannot be used.
    """
    filled: dict[str, FilledBlank] = {}
    findings: list[Finding] = []
    for blank in load_blanks(place or folder()):
        if blank.is_for(submission.period):
            filled[blank.name], found = _fill(submission, blank)
            findings += found
    return filled, tuple(findings)


def _fill(submission: FilledForm, blank: Blank) -> tuple[FilledBlank, list[Finding]]:
    form, language = submission.form, blank.about.language or submission.language
    file = blank.path.name
    read = recognise.open_blank(blank.path)
    if isinstance(read, Refusal):
        raise DefinitionError(f"{blank.path} cannot be used as a blank: {recognise.sentence(form, read, 'en')}")
    content, book = read
    workbook = BlankBook(content)
    places = recognise.locate(form, book, submission.period, workbook.framed)
    plan = _Plan()
    for layout in submission.layouts.values():
        _plan_table(submission, layout, places, language, plan)
    _plan_cells(submission, blank, workbook, language, plan)
    written = workbook.fill(plan.counts, plan.texts)
    plan.placed -= {plan.at[spot] for spot in written.taken}
    findings = [replace(finding, place=replace(finding.place, file=file)) for finding in places.findings]
    for spot in written.taken:
        at = Place(*plan.at[spot], file=file, sheet=spot[0], cell=cell_name(*spot[1:]))
        findings.append(Finding.of("blank_cell_taken", at))
    taken = {plan.at[spot] for spot in written.taken}
    findings += _homeless(submission, plan.placed | taken, file)
    if written.replaced:
        findings.append(Finding.of("blank_formulas", Place(file=file), count=written.replaced))
    if written.lost:
        findings.append(Finding.of("blank_lost", Place(file=file), parts=", ".join(written.lost)))
    filled = {
        SheetCell(spot[0], cell_name(*spot[1:])): address
        for spot, address in plan.at.items()
        if address in submission.cells and spot not in written.taken
    }
    return FilledBlank(written.content, filled), findings


def _plan_table(submission: FilledForm, layout: Layout, places: Places, language: Language, plan: _Plan) -> None:
    table = layout.table.id
    lines = places.lines.get(table, {})
    free = {group: list(found) for group, found in places.free.get(table, {}).items()}
    above = {part: row.code for row in layout.rows for part in row.parts}
    for row in layout.rows:
        where = lines.get(row.code)
        if where is None:
            line = _next_free(row.code, above, free)
            if line is None:
                continue
            where = [line]
            if line.label:
                plan.texts[line.sheet, line.row, line.label] = row.label.of(language)
            if line.code and row.shown_code:
                plan.texts[line.sheet, line.row, line.code] = row.shown_code
        for line in where:
            for column, at in line.columns.items():
                if (table, row.code, column) in submission.cells:
                    _put(submission, plan, (line.sheet, line.row, at), Address(table, row.code, column))
    absent = 0 if submission.form.source_of(table).complete else submission.form.signs()["not_available"]
    for code in lines.keys() - layout.row.keys():
        # The blank prints a line that the form did not observe.
        for line in lines[code]:
            for column, at in line.columns.items():
                plan.counts[line.sheet, line.row, at] = absent
                plan.at[line.sheet, line.row, at] = Address(table, code, column)


def _next_free(row: str, above: Mapping[str, str], free: dict[str, list[Line]]) -> Line | None:
    """Take the next empty line below the group of a row, or below a group that holds it."""
    while row in above:
        row = above[row]
        if free.get(row):
            return free[row].pop(0)
    return None


def _put(submission: FilledForm, plan: _Plan, spot: Spot, address: Address) -> None:
    cell = submission.cells[address]
    plan.counts[spot] = cell.value if cell.value is not None else submission.form.signs()[cell.status]
    plan.at[spot] = address
    plan.placed.add(address)


def _plan_cells(submission: FilledForm, blank: Blank, workbook: BlankBook, language: Language, plan: _Plan) -> None:
    for where, wanted in blank.about.cells.items():
        sheet, _, cell = where.rpartition("!")
        if not workbook.has(sheet):
            raise DefinitionError(f"{blank.path.with_suffix('.toml')}: the blank has no sheet {sheet!r}.")
        plan.texts[sheet, *row_and_column(cell)] = _said(submission, wanted, language)


def _said(submission: FilledForm, wanted: Wanted, language: Language) -> str:
    form, period = submission.form, submission.period
    known = {
        "period": period_in_words(period, language),
        "year": str(period.year),
        "due_on": day_in_words(form.deadline(period), language),
        "code": form.identity.code,
    }
    return known[wanted] if wanted in known else submission.signatories.get(wanted, "")


def _homeless(submission: FilledForm, placed: set[Address], file: str) -> Iterator[Finding]:
    """One finding for a table without any place, for a line without one, or for a single cell."""
    for table, layout in submission.layouts.items():
        missing = {
            row.code: [column.code for column in layout.columns if Address(table, row.code, column.code) not in placed]
            for row in layout.rows
        }
        if all(len(columns) == len(layout.columns) for columns in missing.values()):
            yield Finding.of("blank_no_table", Place(table, file=file))
            continue
        for row, columns in missing.items():
            if len(columns) == len(layout.columns):
                total = submission.cells[Address(table, row, layout.columns[0].code)].value
                yield Finding.of(
                    "blank_no_line", Place(table, row, file=file), found=total if total is not None else "…"
                )
                continue
            for column in columns:
                value = submission.cells[Address(table, row, column)].value
                yield Finding.of(
                    "blank_no_cell", Place(table, row, column, file=file), found=value if value is not None else "…"
                )
