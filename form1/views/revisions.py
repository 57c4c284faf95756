"""The revisions of a form and the cells that moved between them, as workbook, PDF, report and console tell of them.

Every edition shows at most five revisions side by side: the first and the last ones. The cells are compared over all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from form1.core.cells import Cell
from form1.core.literal import plain
from form1.core.periods import Period
from form1.core.texts import Language
from form1.core.values import Status, group_digits, show
from form1.definition import Form
from form1.definition.layout import Layout, lay_out
from form1.model.forms import Edition
from form1.model.revisions import Difference, MovedCell, Revision, content

_LAST_SHOWN: Final = 4
"""Revisions that are shown beside the first one."""


@dataclass(frozen=True, slots=True)
class RevisionView:
    """A revision: its name, the reason given, what differs in what it was made from, the number of changed cells."""

    name: str
    reason: str
    differences: str
    changed: int | None
    is_lost: bool


@dataclass(frozen=True, slots=True)
class MoveView:
    """A cell that moved: where it stands, its text or number in each revision shown, differences, and since when."""

    table: str
    number: int
    """Of the table."""
    line: str
    row: str
    column: str
    anchor: tuple[str, str, str]
    values: tuple[int | str, ...]
    differences: tuple[int | None, ...]
    """By how much it exceeds the revision before, and the first where that is another; None without a number."""
    since: str


@dataclass(frozen=True)
class RevisionReport:
    """What the report on revisions says, in the words of one language."""

    form: Form
    period: Period
    language: Language
    layouts: Mapping[str, Layout]
    revisions: tuple[Revision, ...]
    moved: tuple[MovedCell, ...]

    @classmethod
    def of(cls, edition: Edition) -> RevisionReport:
        """Return the report of an edition."""
        return cls(
            form=edition.form,
            period=edition.period,
            language=edition.language,
            layouts=edition.layouts,
            revisions=edition.revisions,
            moved=edition.moved,
        )

    @cached_property
    def shown(self) -> tuple[int, ...]:
        """The numbers of the revisions that stand side by side: the first and the last four."""
        numbers = [revision.number for revision in self.revisions]
        return tuple(numbers if len(numbers) <= _LAST_SHOWN + 1 else [numbers[0], *numbers[-_LAST_SHOWN:]])

    @property
    def heads(self) -> tuple[str, ...]:
        """The names of the revisions shown."""
        return tuple(f"r{number}" for number in self.shown)

    @property
    def difference_heads(self) -> tuple[str, ...]:
        """The heads of the differences: from the revision before, and from the first where that is another."""
        says = self.form.word("difference_from", self.language)
        return tuple(says.format(revision=f"r{number}") for number in self._bases)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a reader must know about the revisions shown: which are left out, and which are lost."""
        said = []
        if len(self.shown) < len(self.revisions):
            said.append(
                self.form.word("revisions_left_out", self.language).format(
                    count=len(self.revisions), shown=", ".join(self.heads)
                )
            )
        if any(revision.is_lost for revision in self.revisions):
            sign = self.form.word("lost_sign", self.language)
            said.append(f"{sign} – {self.form.word('lost_explained', self.language)}")
        return tuple(said)

    @property
    def revision_views(self) -> tuple[RevisionView, ...]:
        """The revisions, oldest first."""
        return tuple(self._revision(revision) for revision in self.revisions)

    @property
    def move_views(self) -> Iterator[MoveView]:
        """The cells that moved, by table in the order of the form."""
        place = {table: at for at, table in enumerate(self.form.tables)}
        for one in sorted(self.moved, key=lambda one: place.get(one.address[0], len(place))):
            yield self.move(one)

    @cached_property
    def _bases(self) -> tuple[int, ...]:
        """The revisions against which the last one is held."""
        numbers = [revision.number for revision in self.revisions]
        return tuple(dict.fromkeys((*numbers[-2:-1], *numbers[:1])))

    @cached_property
    def _signs(self) -> dict[str, str]:
        return self.form.signs()

    @cached_property
    def _wide(self) -> dict[str, Layout]:
        """Layouts with the rows and columns of earlier revisions too, for their labels."""
        rows: dict[str, set[str]] = {}
        for one in self.moved:
            table, row, column = one.address
            rows.setdefault(table, set()).update((row, column))
        on = self.period.last_day
        return {
            table: lay_out(self.form, self.form.tables[table], on, rows[table])
            for table in rows
            if table in self.form.tables
        }

    def _revision(self, revision: Revision) -> RevisionView:
        word, first = self.form.word, self.revisions[0].number
        if revision.is_lost:
            reason = differences = word("lost_sign", self.language)
        elif revision.number == first:
            reason, differences = word("revision_first", self.language), ""
        else:
            reason = plain(revision.reason) or word("reason_not_given", self.language)
            differences = differences_in_words(self.form, revision.differences, self.language)
        changed = None if revision.number == first else revision.changed
        return RevisionView(f"r{revision.number}", reason, differences, changed, revision.is_lost)

    def move(self, one: MovedCell) -> MoveView:
        """Return one cell that moved, in words."""
        table, row, column = one.address
        line, row_label, column_label = self._labels(one)
        last = self.revisions[-1].number
        earliest, latest = one.stands_since
        return MoveView(
            table=table,
            number=self.form.tables[table].number if table in self.form.tables else 0,
            line=line,
            row=plain(row_label),
            column=plain(column_label),
            anchor=(table, row, column),
            values=tuple(self.value(one, number) for number in self.shown),
            differences=tuple(one.difference(last, base) for base in self._bases),
            since=f"r{latest}" if earliest == latest else f"r{earliest}–r{latest}",
        )

    def _labels(self, one: MovedCell) -> tuple[str, str, str]:
        """Return line code, row and column in words; a row that the form no longer has keeps its name alone."""
        table, row, column = one.address
        layout, wide = self.layouts.get(table), self._wide.get(table)
        known = layout.row.get(row) if layout else None
        named = known or (wide.row.get(row) if wide else None)
        label = named.label.of(self.language) if named else row
        if named and named.shown_code and self.form.tables[table].rows.show_code:
            # Foreigners and stateless persons of one country have the same label.
            label += f" ({named.shown_code})"
        heads = (layout.column.get(column) if layout else None) or (wide.column.get(column) if wide else None)
        return (
            known.line if known else "",
            label,
            ", ".join(head.of(self.language) for head in heads.heads) if heads else column,
        )

    def value(self, one: MovedCell, number: int) -> int | str:
        """Return the number of a cell in a revision, or what stands in its place."""
        if number not in one.cells:
            return self.form.word("lost_sign", self.language)
        cell: Cell | None = one.cells[number]
        if cell is None:
            return self.form.word("no_cell", self.language)
        return cell.value if cell.value is not None else show(None, cell.status, self._signs)


def differences_in_words(form: Form, differences: tuple[Difference, ...], language: Language) -> str:
    """Return what a revision was made from differently, as one line."""
    names: dict[str, list[str]] = {}
    for each in differences:
        names.setdefault(f"because_{each.kind}", []).append(plain(each.name))
    return "; ".join(form.word(word, language).format(name=", ".join(named)) for word, named in names.items())


def signed(difference: int | None) -> str:
    """Return a difference with its sign; nothing where there is none to be had.

    >>> signed(12), signed(0), signed(None)
    ('+12', '0', '')
    """
    if difference is None:
        return ""
    return f"+{group_digits(difference)}" if difference > 0 else group_digits(difference)


def lines(report: RevisionReport) -> Iterator[str]:
    """Give the report as lines: the revisions, then the cells that moved by their codes, by table, with totals."""
    word, language = report.form.word, report.language
    for view in report.revision_views:
        yield f"{view.name}: {_revision_line(report, view)}"
    if any(view.is_lost for view in report.revision_views):
        yield report.remarks[-1]
    if not report.moved:
        yield word("nothing_moved", language)
        return
    for table in report.form.tables.values():
        of_table = [one for one in report.moved if one.address[0] == table.id]
        if of_table:
            yield f"{table.id} · {table.short_title.of(language)}: {word('changed', language)}: {len(of_table)}"
        yield from (_cell_line(report, one) for one in of_table)
    yield f"{word('total', language)}: {len(report.moved)}"


def _revision_line(report: RevisionReport, view: RevisionView) -> str:
    word, language = report.form.word, report.language
    if view.changed is None:
        return view.reason
    parts = (("changed", str(view.changed)), ("revision_reason", view.reason), ("revision_because", view.differences))
    return " · ".join(f"{word(name, language)}: {text}" for name, text in parts if text)


def _cell_line(report: RevisionReport, one: MovedCell) -> str:
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
