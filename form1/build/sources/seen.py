"""What people see of a sheet is not what is stored in it: said where it bears on the export that was read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from form1.build.sources.grid import Grid, Marked, letter
from form1.core.findings import Fact, Finding, Place
from form1.model.exports import Export, cell_of
from form1.xlsx.read.raw import Mark


def unseen(grid: Grid, export: Export) -> Iterator[Finding]:
    """Yield what is hidden in the sheet of an export, and what its counts and labels bear beside their text."""
    yield from _hidden(grid, export)
    if not (grid.remarks or grid.marked):
        return
    counts = set(export.lines.select("line", "cell").iter_rows())
    for remark in grid.remarks:
        if (remark.line, remark.cell) in counts:
            yield Finding.of(remark.message, _place(export, remark.line, remark.cell), **remark.facts)
    cells = [name for name in export.lines.columns if name.startswith(cell_of(""))]
    labels = {at for name in cells for at in export.lines.select("line", name).iter_rows()}
    for marked in grid.marked:
        at = (marked.line, letter(marked.column))
        if at in counts or at in labels or marked.line == export.header_line:
            yield _marked(marked, _place(export, *at))


def _marked(marked: Marked, place: Place) -> Finding:
    if marked.is_footnoted:
        return Finding.of("label_footnoted", place, found=marked.whole, read=marked.read)
    if marked.rest:
        return Finding.of("text_marked_in_part", place, found=marked.whole, rest=marked.rest.strip())
    return Finding.of("text_struck_out" if marked.mark == Mark.STRUCK else "text_raised", place, found=marked.whole)


def _hidden(grid: Grid, export: Export) -> Iterator[Finding]:
    lines = sorted(grid.hidden_lines.intersection(export.lines["line"]))
    if lines:
        facts: dict[str, Fact] = {"lines": _ranges(lines, str), "count": len(lines)}
        yield Finding.of("lines_hidden", _place(export), **facts)
    used = {at for row in grid.rows for at, text in enumerate(row) if text.strip()}
    columns = sorted(grid.hidden_columns & used)
    if columns:
        yield Finding.of("columns_hidden", _place(export), columns=_ranges(columns, letter))


def _place(export: Export, line: int = 0, cell: str = "") -> Place:
    return Place(export.table, file=export.input.name, sheet=export.sheet, line=line, cell=cell)


def _ranges(numbers: Iterable[int], show: Callable[[int], str]) -> str:
    """Return numbers in rising order with neighbours drawn together: 3, 7–9."""
    runs = [[number for _, number in run] for _, run in groupby(enumerate(numbers), lambda each: each[1] - each[0])]
    return ", ".join(show(run[0]) if len(run) == 1 else f"{show(run[0])}–{show(run[-1])}" for run in runs)
