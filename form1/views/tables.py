"""A table of the form in words: its name, title, basis, unit, heads, line codes, column numbers, signs and notes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from form1.core.cells import Address, Cell, gap
from form1.core.texts import Language
from form1.core.values import Status, show
from form1.definition.form import Form
from form1.definition.layout import Column, Head, Layout
from form1.definition.marks import NO_MARKS, Marks, Where
from form1.definition.records import Table
from form1.definition.wording import basis_in_words, marked
from form1.model.forms import FilledForm


def table_name(form: Form, table: Table, language: Language) -> str:
    """Return what a table is called: `Table 3`."""
    return tables_named(form, [table], language)


def tables_named(form: Form, tables: Iterable[Table], language: Language) -> str:
    """Return what several tables are called together: `Table 3, 4`."""
    return f"{form.word('table', language)} {', '.join(str(table.number) for table in tables)}"


def captioned(form: Form, table: Table, language: Language) -> str:
    """Return the name and the short title of a table: `Table 5. Permanent permits by age`."""
    return f"{table_name(form, table, language)}. {table.short_title.of(language)}"


def anchor(table: str, row: str = "", column: str = "") -> str:
    """Return the name of a table, a row or a cell that links lead to.

    >>> anchor("T03", "45.1.8", "M")
    'T03-45.1.8-M'
    """
    return "-".join(filter(None, (table, row, column)))


def note_mark(form: Form, number: int, language: Language) -> str:
    """Return the mark of a numbered note as it stands behind a text."""
    return marked(form, "", [number], language).strip()


def column_label(column: Column, language: Language) -> str:
    """Return the heads over a column in one line."""
    return ", ".join(head.of(language) for head in column.heads)


@dataclass(frozen=True)
class TableView:
    """A table of a filled form; its texts carry the marks of numbered notes, where `notes` has any."""

    filled: FilledForm
    layout: Layout
    notes: Marks = NO_MARKS

    @property
    def table(self) -> Table:
        """The definition of the table."""
        return self.layout.table

    @property
    def name(self) -> str:
        """What the table is called: `Table 3`."""
        return table_name(self.filled.form, self.table, self.filled.language)

    @property
    def full_title(self) -> str:
        """Name and title: what stands over the table."""
        return self.noted(f"{self.name}. {self.title}", "title")

    @property
    def title(self) -> str:
        """The title without the name."""
        return self.table.title.of(self.filled.language)

    @property
    def caption(self) -> str:
        """Name and short title: what stands over further pages."""
        return captioned(self.filled.form, self.table, self.filled.language)

    @property
    def short_title(self) -> str:
        """The title for contents and further pages."""
        return self.table.short_title.of(self.filled.language)

    @property
    def basis(self) -> str:
        """What the counts cover: months since 1 January, or a day."""
        form, language = self.filled.form, self.filled.language
        return self.noted(basis_in_words(form, self.table, self.filled.period, language), "basis")

    @property
    def unit(self) -> str:
        """The unit of measure, with the word for it."""
        return self.noted(f"{self._word('unit_of_measure')}: {self._word(self.table.unit)}", "unit")

    @property
    def stub(self) -> tuple[str, ...]:
        """The headings of the columns left of the counts: label, code where it is printed, line code."""
        rows = self.table.rows
        code = [self._word("code")] if rows.show_code else []
        return (self.noted(rows.heading.of(self.filled.language), "rows"), *code, self._word("line_code"))

    @property
    def letters(self) -> tuple[str, ...]:
        """The letters that number the columns of the stub."""
        return tuple(self._word("stub_letters").split()[: len(self.stub)])

    @property
    def note_names(self) -> tuple[tuple[int, str], ...]:
        """Number and name of every numbered note at the table."""
        return tuple(
            (each.number, each.name.of(self.filled.language))
            for each in self.notes.numbered
            if self.table.id in each.tables
        )

    def noted(self, text: str, where: Where, key: str = "") -> str:
        """Return a text of the table with the marks of its notes behind it."""
        return marked(self.filled.form, text, self.note_numbers(where, key), self.filled.language)

    def note_numbers(self, where: Where, key: str = "") -> tuple[int, ...]:
        """Return the numbers of the notes at a place of the table."""
        return self.notes.at(self.table.id, where, key)

    def head(self, head: Head) -> str:
        """Return the text of a head with its marks."""
        numbers = self.notes.head(self.table.id, head)
        return marked(self.filled.form, head.text.of(self.filled.language), numbers, self.filled.language)

    def numbered_head(self, column: Column) -> str:
        """Return the heads over a column in one line with notes, its number first: no two columns say the same."""
        over = [head for head in self.layout.heads if head.first <= column.number <= head.last]
        numbers = sorted({number for head in over for number in self.notes.head(self.table.id, head)})
        language = self.filled.language
        return marked(self.filled.form, f"{column.number}. {column_label(column, language)}", numbers, language)

    def cell(self, row: str, column: str) -> Cell:
        """Return a cell; one that the form lacks, as of a table whose export was refused, is not available."""
        return self.filled.cells.get(Address(self.table.id, row, column), gap(Status.NOT_AVAILABLE))

    def shown(self, cell: Cell) -> str:
        """Return a cell as it is printed: its digits in groups, or its sign."""
        return show(cell.value, cell.status, self.filled.form.signs())

    def reason(self, status: Status) -> str:
        """Return why a cell has no number, as the legend says it of the sign."""
        sign, language = self.filled.form.signs()[status], self.filled.language
        codes = self.filled.form.codelists["conventional_signs"].codes
        return next((code.name.of(language) for code in codes if code.code == sign), sign)

    def _word(self, key: str) -> str:
        return self.filled.form.word(key, self.filled.language)
