"""What stands beside the tables of a workbook: hidden numbers, numbers outside, sheets that are not of the form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from form1.core.findings import Finding, Place
from form1.core.texts import LANGUAGES
from form1.definition.form import Form
from form1.recognise.blocks import Block
from form1.recognise.filling import Filling
from form1.recognise.view import View, Words
from form1.xlsx.read.formats import is_date
from form1.xlsx.read.raw import cell_name, column_letters

_OWN_SHEETS = (
    "cover_sheet",
    "summary_sheet",
    "notes_sheet",
    "legend_sheet",
    "data_sheet",
    "notes",
    "legend",
    "fillin_checks_sheet",
    "findings",
)
"""Words by which the sheets of our own workbook that hold no table are known."""
_MANY = 5
"""Cells that a finding names; it gives the number of the others."""


def around(
    form: Form, views: Iterable[View], blocks: Sequence[Block], filling: Filling, words: Words
) -> Iterator[Finding]:
    """Give what stands beside the tables: hidden numbers, numbers outside, sheets that are not of the form."""
    own = {key for word in _OWN_SHEETS for language in LANGUAGES for key in words.of(form.word(word, language))}
    with_blocks = {block.view.sheet.name for block in blocks}
    for view in views:
        name = view.sheet.name
        if name in filling.used:
            yield from _hidden(view, filling)
            yield from _between(view, filling)
            yield from _outside(view, filling)
            yield from _disguised(view, filling)
        elif name not in filling.unclear and not _is_own(view, own):
            place = Place(sheet=name)
            if view.sheet.is_hidden and _numbers(view):
                yield Finding.of("received_sheet_hidden", place)
            elif name in with_blocks:
                yield Finding.of("received_sheet_unknown", place)
            else:
                yield Finding.of("received_sheet_beside", place)


def _is_own(view: View, own: set[str]) -> bool:
    first = next((text for _, _, text in view.texts(1, 3)), "")
    return not view.rows or any(key in own for text in (view.sheet.name, first) for key in view.words.of(text))


def is_revisions(form: Form, view: View) -> bool:
    """True for our own report on revisions, whose numbers and words say nothing about the form itself.

    Its name alone is not enough: whatever else stands in a sheet of that name is looked at.
    """
    names, titles = (
        {key for language in LANGUAGES for key in view.words.of(form.word(word, language))}
        for word in ("revisions_sheet", "revisions")
    )
    first = next((text for _, _, text in view.texts(1, 1)), "")
    return bool(names.intersection(view.words.of(view.sheet.name)) and titles.intersection(view.words.of(first)))


def _hidden(view: View, filling: Filling) -> Iterator[Finding]:
    sheet = view.sheet
    if sheet.is_hidden:
        yield Finding.of("received_sheet_hidden", Place(sheet=sheet.name))
        return
    rows: dict[int, list[tuple[int, int]]] = {}
    columns: dict[int, tuple[int, int]] = {}
    for at in _numbers(view):
        if at[0] in sheet.hidden_rows and (sheet.name, at[0]) not in filling.left:
            rows.setdefault(at[0], []).append(at)
        if at[1] in sheet.hidden_columns:
            columns.setdefault(at[1], at)
    for row, numbers in rows.items():
        # The first count of the form in the row, so that the page marks it; else whatever number makes it a finding.
        first = next((at for at in numbers if (sheet.name, *at) in filling.spots), numbers[0])
        table, code = filling.lines.get((sheet.name, row), ("", ""))
        address = filling.spots.get((sheet.name, *first), (table, code, ""))
        place = Place(*address, sheet=sheet.name, cell=cell_name(*first))
        yield Finding.of("received_row_hidden", place, number=str(row))
    for column, first in sorted(columns.items()):
        place = Place(sheet=sheet.name, cell=cell_name(*first))
        yield Finding.of("received_column_hidden", place, name=column_letters(column))


def _outside(view: View, filling: Filling) -> Iterator[Finding]:
    name = view.sheet.name
    noted = {(row, column) for sheet, row, column in filling.noted if sheet == name}
    found = sorted(noted.union(at for at in _numbers(view) if at not in filling.used[name]))
    if found:
        place = Place(sheet=name, cell=cell_name(*found[0]))
        yield Finding.of("received_numbers_outside", place, count=len(found), cells=_listed(found))


def _between(view: View, filling: Filling) -> Iterator[Finding]:
    """Give, table by table, the figures in columns without a number that stand among its counts."""
    tables: dict[str, list[tuple[int, int]]] = {}
    for sheet, row, column, table in filling.between:
        if sheet == view.sheet.name:
            tables.setdefault(table, []).append((row, column))
    for table, found in tables.items():
        place = Place(table=table, sheet=view.sheet.name, cell=cell_name(*min(found)))
        yield Finding.of("received_numbers_between", place, count=len(found), cells=_listed(sorted(found)))


def _disguised(view: View, filling: Filling) -> Iterator[Finding]:
    """Give, for each way, the counts of a sheet that people see otherwise than they are stored, or not at all."""
    counts = [at for at in _numbers(view) if (view.sheet.name, *at) in filling.spots]
    for how in dict.fromkeys(each.how for each in view.sheet.disguised):
        areas = [each.area for each in view.sheet.disguised if each.how == how]
        single = {area[:2] for area in areas if area[:2] == area[2:]}
        wide = [area for area in areas if area[:2] != area[2:]]
        found = [
            at
            for at in counts
            if at in single or any(top <= at[0] <= low and left <= at[1] <= right for top, left, low, right in wide)
        ]
        if found:
            place = Place(*filling.spots[view.sheet.name, *found[0]], sheet=view.sheet.name, cell=cell_name(*found[0]))
            count, cells = len(found), _listed(found)
            if how == "format":
                yield Finding.of("received_format_disguises", place, count=count, cells=cells)
            elif how == "colour":
                yield Finding.of("received_colour_hides", place, count=count, cells=cells)
            else:
                yield Finding.of("received_shape_covers", place, count=count, cells=cells)


def _listed(found: Sequence[tuple[int, int]]) -> str:
    return ", ".join(cell_name(*at) for at in found[:_MANY]) + (" …" if len(found) > _MANY else "")


def _numbers(view: View) -> list[tuple[int, int]]:
    return sorted(
        at for at, cell in view.sheet.cells.items() if cell.kind == "n" and cell.text and not is_date(cell.format)
    )
