"""How the definition speaks: periods, addresses and findings as sentences in a language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache

from form1.core.cells import Address, SheetCell
from form1.core.findings import Fact, Finding, Part, Place
from form1.core.literal import plain
from form1.core.periods import Period
from form1.core.texts import Language, Text, ordinal_az
from form1.core.values import group_digits
from form1.definition.form import Form
from form1.definition.layout import Layout
from form1.definition.records import Table

CellsAt = Mapping[Address, SheetCell]
"""Sheet and cell (`D17`) of a workbook by the address in the form."""

_CELL = re.compile(r"[A-Z]{1,3}[1-9][0-9]*")

_MANY = 8
"""A sum with more addends than this is described by its ends, not written out."""


def day_in_words(day: date, language: Language) -> str:
    """Return a date as the language writes it.

    >>> day_in_words(date(2026, 9, 30), "az")
    '30 sentyabr 2026-cı il'
    """
    month = _months(language, "format")[day.month]
    if language == "az":
        return f"{day.day} {month} {ordinal_az(day.year)} il"
    return f"{day.day} {month} {day.year}" + (" года" if language == "ru" else "")


def period_in_words(period: Period, language: Language) -> str:
    """Return the months that a period counts, from 1 January.

    >>> [period_in_words(Period(2026, 3), language) for language in ("az", "en", "ru")]
    ['2026-cı ilin yanvar–sentyabr ayları', 'January–September 2026', 'январь–сентябрь 2026 года']
    """
    months = _months(language, "stand-alone")
    span = f"{months[1]}–{months[period.last_day.month]}"
    if period.is_annual:
        return {
            "az": f"{ordinal_az(period.year)} il",
            "en": f"year {period.year}",
            "ru": f"{period.year} год",
        }[language]
    if language == "az":
        return f"{ordinal_az(period.year)} ilin {span} ayları"
    return f"{span} {period.year}" + (" года" if language == "ru" else "")


def basis_in_words(form: Form, table: Table, period: Period, language: Language) -> str:
    """Return what the counts of a table cover: the months since 1 January, or the day on which they stood."""
    if table.basis == "stock":
        return form.word("stock_period", language).format(date=day_in_words(period.last_day, language))
    return f"{period_in_words(period, language)}, {form.word('cumulative', language)}"


def marked(form: Form, text: str, numbers: Iterable[int], language: Language) -> str:
    """Return a text with the marks of numbered notes behind it, as plain characters."""
    mark = form.word("note_mark", language)
    return " ".join([text, *(mark.format(number=number) for number in numbers)])


def tidy_sheet(form: Form, table: Table, language: Language) -> str:
    """Return the title of the tidy sheet that stands in a workbook beside the official sheet of a table."""
    return form.word("tidy_sheet", language).format(number=table.number)


def say(
    form: Form,
    finding: Finding,
    language: Language,
    layouts: Mapping[str, Layout] | None = None,
    cells_at: CellsAt | None = None,
) -> str:
    """Return a finding as one line: where, what, in numbers, and what to do.

    `cells_at` names the cells of a workbook where the form's cells stand, when there is one.
    """
    layouts, cells_at = layouts or {}, cells_at or {}
    facts = {
        name: _fact(form, finding.place, fact, language, layouts, cells_at) for name, fact in finding.facts.items()
    }
    message = form.messages[finding.message]
    sentence = {"az": message.az, "en": message.en, "ru": message.ru}[language].format_map(facts)
    where = locate(form, finding.place, language, layouts, cells_at)
    return f"{where}: {sentence}" if where else sentence


def locate(
    form: Form,
    place: Place,
    language: Language,
    layouts: Mapping[str, Layout] | None = None,
    cells_at: CellsAt | None = None,
) -> str:
    """Return a place for people: file, sheet and line of an export, table, line and column of the form."""
    at = (cells_at or {}).get(place.address)
    parts: list[str] = [] if at else _in_file(form, place, language)
    if place.table:
        parts.append(place.table)
        layout = (layouts or {}).get(place.table)
        if place.row:
            parts.append(_row_words(form, layout, place.row, language))
        if place.column:
            parts.append(_column_words(layout, place.column, language))
    return " · ".join(parts) + (f" ({plain(at.sheet)}!{at.cell})" if at else "")


def _in_file(form: Form, place: Place, language: Language) -> list[str]:
    """File, sheet, line and column of an export; sheet and cell of a workbook as `3!D17`."""
    parts = [plain(place.file)] if place.file else []
    if place.sheet and _CELL.fullmatch(place.cell):
        return [*parts, f"{plain(place.sheet)}!{place.cell}"]
    if place.sheet:
        parts.append(f"{form.word('sheet', language)} {plain(place.sheet)}")
    if place.line:
        parts.append(f"{form.word('line', language).lower()} {place.line}")
    if place.cell:
        parts.append(f"{form.word('column', language).lower()} {plain(place.cell)}")
    return parts


def _row_words(form: Form, layout: Layout | None, row: str, language: Language) -> str:
    known = layout.row.get(row) if layout else None
    if known is None:
        return plain(row)
    return f"{form.word('line', language).lower()} {known.line} ({known.label.of(language)})"


def _column_words(layout: Layout | None, column: str, language: Language) -> str:
    known = layout.column.get(column) if layout else None
    return ", ".join(head.of(language) for head in known.heads) if known else plain(column)


def _fact(
    form: Form, place: Place, fact: Fact, language: Language, layouts: Mapping[str, Layout], cells_at: CellsAt
) -> str:
    if isinstance(fact, Text):
        return fact.of(language)
    if isinstance(fact, Place):
        return locate(form, fact, language, layouts, cells_at)
    if isinstance(fact, bool | float):
        return str(fact)
    if isinstance(fact, int):
        return group_digits(fact)
    if isinstance(fact, str):
        return plain(fact)
    layout = layouts.get(place.table)
    if all(isinstance(part, Part) for part in fact):
        return _sum(form, place, [part for part in fact if isinstance(part, Part)], language, layout, cells_at)
    return ", ".join(plain(str(part)) for part in fact)


def _sum(
    form: Form, place: Place, parts: list[Part], language: Language, layout: Layout | None, cells_at: CellsAt
) -> str:
    def address(part: Part) -> str:
        at = cells_at.get(Address(place.table, part.row, part.column))
        if at is not None:
            return at.cell
        if part.row != place.row:
            known = layout.row.get(part.row) if layout else None
            return f"{form.word('line', language).lower()} {known.line}" if known else plain(part.row)
        return _column_words(layout, part.column, language)

    if len(parts) > _MANY:
        return form.word("sum_of_many", language).format(
            count=len(parts), first=address(parts[0]), last=address(parts[-1])
        )
    return " + ".join(f"{group_digits(part.value)} ({address(part)})" for part in parts) or "0"


@cache
def _months(language: Language, context: str) -> Mapping[int, str]:
    from babel.dates import get_month_names

    return {number: str(name) for number, name in get_month_names("wide", context=context, locale=language).items()}  # type: ignore[arg-type]
