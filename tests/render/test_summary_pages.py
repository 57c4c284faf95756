"""The summary takes at most three pages, however long the names are that it has to show."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from form1.build.summary import needed
from form1.build.summary.case import detail
from form1.core.periods import Period
from form1.core.texts import LANGUAGES, Language
from form1.definition import Form
from form1.definition.layout import Row, lay_out
from form1.definition.summary import Figure as Wanted
from form1.render import pdf
from form1.render.page import engine
from tests.build.summary.making import figures, past
from tests.render.drawing import filled

LARGE = 123_456


def longest(form: Form, wanted: Wanted, period: Period, language: Language) -> dict[str, int]:
    """Counts of a table that bring the rows with the longest names into the picture and into the sentence."""
    assert wanted.table is not None
    table = form.tables[wanted.table]
    entries = form.codelists[table.rows.codes].on(period.last_day) if table.rows.codes else ()
    layout = lay_out(form, table, period.last_day, {entry.code for entry in entries if not entry.counted_as})
    rows = (
        [layout.row[code] for code in layout.row[wanted.row].parts]
        if wanted.rows == "groups"
        else detail(layout, wanted.row)
    )

    def size(row: Row) -> int:
        named = wanted.names.get(row.code)
        return -max(len(row.label.of(language)), len(named.of(language)) if named else 0)

    chosen = sorted(rows, key=size)
    ends = {row.code: row.code if row.counted else layout.row[row.code].parts[0] for row in rows}
    return {ends[row.code]: (LARGE if place < wanted.most else 1) + place for place, row in enumerate(chosen)}


def worst(form: Form, period: Period, language: Language) -> Mapping[str, Mapping[str, int]]:
    """Counts of all tables of the summary."""
    counts = {
        wanted.table: longest(form, wanted, period, language)
        for wanted in form.summary
        if wanted.kind in {"ranking", "pyramid"} and wanted.table
    }
    return {"T01": {"TR": LARGE}, "T06": {"TR": LARGE}, "T10": {"T": LARGE}, **counts}


def pages(form: Form, period: Period, language: Language) -> int:
    """So many pages of paper a summary takes."""
    form = form.of(period)
    counts = worst(form, period, language)
    history = {before: past(form, counts, before, published=False) for before in needed(form, period)}
    more = {table: {row: count * 9 for row, count in rows.items()} for table, rows in counts.items()}
    found = tuple(figures(form, more, period, history).values())
    assert all(figure.statements or figure.kind in {"headline", "quarters"} for figure in found)
    bare = replace(filled(form, language=language, tables=("T10",)), period=period, summary=found)
    head, body = pdf.html(bare).split("<body>")
    summary = body[body.index('<section class="summary"') : body.index('<section id="T10"')]
    page = f"{head}<body>{summary}</body></html>"
    return len(engine.engine().HTML(string=page, url_fetcher=engine.fetcher()).render().pages)


@pytest.mark.parametrize("period", ["2025", "2026-Q3"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_summary_takes_three_pages_at_most(form: Form, language: Language, period: str) -> None:
    assert 2 <= pages(form, Period.parse(period), language) <= 3
