"""The report on revisions as lines for a console."""

from __future__ import annotations

from collections.abc import Iterator

from form1.core.texts import plain
from form1.core.values import Status, show
from form1.model.revisions import MovedCell, content
from form1.render.moves import Report, RevisionView, signed


def lines(report: Report) -> Iterator[str]:
    """Give the revisions, then the cells that moved by their codes, table by table, with totals."""
    word, language = report.form.word, report.language
    for view in report.revision_views:
        yield f"{view.name}: {_about(report, view)}"
    if any(view.is_lost for view in report.revision_views):
        yield report.remarks[-1]
    if not report.moved:
        yield word("nothing_moved", language)
        return
    for table in report.form.tables.values():
        of_table = [one for one in report.moved if one.address[0] == table.id]
        if of_table:
            yield f"{table.id} · {table.short_title.of(language)}: {word('changed', language)}: {len(of_table)}"
        yield from (_cell(report, one) for one in of_table)
    yield f"{word('total', language)}: {len(report.moved)}"


def _about(report: Report, view: RevisionView) -> str:
    word, language = report.form.word, report.language
    if view.changed is None:
        return view.reason
    parts = (("changed", str(view.changed)), ("revision_reason", view.reason), ("revision_because", view.differences))
    return " · ".join(f"{word(name, language)}: {text}" for name, text in parts if text)


def _cell(report: Report, one: MovedCell) -> str:
    """Return a cell with each number that it had, the revision that brought it, and the differences."""
    _, row, column = one.address
    signs = report.form.signs()
    steps: list[str] = []
    before: tuple[object, ...] | None = ()
    for number, cell in one.cells.items():
        if content(cell) != before:
            value = report.value(one, number)
            steps.append(f"r{number} {show(value, Status.NUMBER, signs) if isinstance(value, int) else value}")
        before = content(cell)
    view = report.move(one)
    known = zip(report.difference_heads, view.differences, strict=True)
    about = [f"{head}: {signed(difference)}" for head, difference in known if difference is not None]
    about.append(f"{report.form.word('stands_since', report.language)}: {view.since}")
    return f"  {plain(row)} / {plain(column)}: {' → '.join(steps)} ({'; '.join(about)})"
