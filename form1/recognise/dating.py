"""The period and the language of a received form, by the words in which its cover and its sheets state them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from form1.core.errors import UsageError
from form1.core.findings import Finding, Place
from form1.core.periods import FIRST_YEAR, Period
from form1.core.texts import LANGUAGES, Language
from form1.definition.form import Form
from form1.definition.wording import day_in_words, period_in_words
from form1.recognise.view import View, Words
from form1.xlsx.read.raw import cell_name

_YEAR: Final = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")
_WRITTEN: Final = re.compile(r"20[0-9]{2}-Q[1-4]")
_ROWS: Final = 60
"""Rows of a sheet in which its period may be stated."""
_LONGEST: Final = 300


@dataclass(frozen=True)
class Statement:
    """What a cell says about the period: one period, or two that end on the same day."""

    view: View
    row: int
    column: int
    periods: tuple[Period, ...]
    language: Language | None


def statements(form: Form, views: Iterable[View], words: Words) -> list[Statement]:
    """Return every cell near the top of a sheet that states a period."""
    phrases: dict[int, dict[str, tuple[tuple[Period, ...], Language]]] = {}
    found: list[Statement] = []
    for view in views:
        for row, column, text in view.texts(1, _ROWS):
            if len(text) > _LONGEST or not any(mark.isdigit() for mark in text):
                continue
            if _WRITTEN.fullmatch(text.strip()):
                found.append(Statement(view, row, column, _parsed(text.strip()), None))
                continue
            for written in set(_YEAR.findall(text)):
                year = int(written)
                if year not in phrases:
                    phrases[year] = _phrases(form, year, words) if year >= FIRST_YEAR else {}
                parts = [text, text.partition(",")[0]]
                hit = next(
                    (phrases[year][key] for part in parts for key in words.of(part) if key in phrases[year]), None
                )
                if hit:
                    found.append(Statement(view, row, column, *hit))
    return found


def decide(found: Sequence[Statement], given: Period | None, forms: set[str]) -> tuple[Period | None, list[Finding]]:
    """Return the period of the form, and a finding for each sheet that states another.

    The caller's word goes before the cover's, the cover's before that of most form sheets (`forms` names these).
    """
    covers = [each for each in found if each.view.sheet.name not in forms and len(each.periods) == 1]
    votes = Counter(each.periods[0] for each in found if len(each.periods) == 1)
    stocks = Counter(period for each in found for period in each.periods)
    chosen = given
    if chosen is None and covers:
        chosen = Counter(each.periods[0] for each in covers).most_common(1)[0][0]
    if chosen is None and (votes or stocks):
        chosen = (votes or stocks).most_common(1)[0][0]
    if chosen is None:
        return None, [Finding.of("received_period_missing")]
    # A sheet beside the form that states its period compares others with it; one that states only another is foreign.
    # This holds for sheets of any hand, whatever they are called; which of them are ours is a question of `around`.
    compares = {each.view.sheet.name for each in found if chosen in each.periods} - forms
    findings = [
        Finding.of(
            "received_period_differs",
            Place(sheet=each.view.sheet.name, cell=cell_name(each.row, each.column)),
            found=str(each.periods[0]),
            expected=str(chosen),
        )
        for each in found
        if chosen not in each.periods and each.view.sheet.name not in compares
    ]
    return chosen, findings


def language_of(found: Sequence[Statement]) -> Language:
    """Return the language in which most sheets state their period; Azerbaijani when none does."""
    votes = Counter(each.language for each in found if each.language is not None)
    return votes.most_common(1)[0][0] if votes else "az"


def _phrases(form: Form, year: int, words: Words) -> dict[str, tuple[tuple[Period, ...], Language]]:
    phrases: dict[str, tuple[tuple[Period, ...], Language]] = {}
    for language in LANGUAGES:
        for period in (Period(year, quarter) for quarter in range(5)):
            for key in words.of(period_in_words(period, language)):
                phrases[key] = ((period,), language)
            day = form.word("stock_period", language).format(date=day_in_words(period.last_day, language))
            # The year and its last quarter end on the same day.
            ends = (Period(year), Period(year, 4)) if period.quarter in {0, 4} else (period,)
            for key in words.of(day):
                phrases[key] = (ends, language)
    return phrases


def _parsed(written: str) -> tuple[Period, ...]:
    try:
        return (Period.parse(written),)
    except UsageError:
        return ()
