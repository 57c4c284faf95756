"""The figures of the summary, as reference/summary.toml has them."""

from __future__ import annotations

from collections.abc import Iterator

from form1.definition import Form
from form1.definition.summary import Figure
from form1.documents.markdown import code, table, text


def figures(form: Form) -> Iterator[str]:
    """Give the lines of the section on the summary: one line of a table per figure, in the order of the summary."""
    yield "## Summary"
    yield ""
    yield "The figures before the tables, in their order (`reference/summary.toml`)."
    yield ""
    yield from table(
        ["figure", "kind", "title", "table", "status", "source"],
        [
            [
                code(figure.id),
                figure.kind,
                text(figure.title.en),
                ", ".join(_tables(figure)),
                figure.status,
                text(figure.source),
            ]
            for figure in form.summary
        ],
    )
    yield ""


def _tables(figure: Figure) -> list[str]:
    named = [figure.table, *(quantity.table for quantity in figure.quantity)]
    return list(dict.fromkeys(table for table in named if table))
