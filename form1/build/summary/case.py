"""What the figures are computed from, and the questions that they all ask of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from form1.core.cells import TOTAL, Address, Cell, CellMap, gap
from form1.core.periods import Period
from form1.core.texts import LANGUAGES, Language, Text
from form1.core.values import Status, group_digits, show, show_tenths, tenths
from form1.definition.form import Form
from form1.definition.layout import Layout, Row
from form1.definition.records import Table
from form1.definition.summary import Figure as Wanted
from form1.definition.summary import Quantity
from form1.definition.wording import basis_in_words, period_in_words
from form1.model.figures import Change, Figure
from form1.model.history import History


@dataclass(frozen=True)
class Case:
    """The form of a period and the earlier periods that it is compared with."""

    form: Form
    period: Period
    cells: CellMap
    layouts: Mapping[str, Layout]
    history: Mapping[Period, History]

    def address(self, table: str, row: str, column: str) -> Address:
        """Return the address of a cell; column `T` is the grand total of any table."""
        return Address(table, row, grand_total(self.form.tables[table]) if column == TOTAL else column)

    def cell(self, address: Address, period: Period | None = None) -> Cell:
        """Return a cell of the form, or of an earlier period; a cell that is not there is a gap."""
        cells = self.cells if period in {None, self.period} else self.earlier(period).cells
        return (cells or {}).get(address, gap(Status.NOT_AVAILABLE))

    def earlier(self, period: Period | None) -> History:
        """Return an earlier period; one that nobody has looked for is absent."""
        absent = History(None, self.word("history_absent", period=str(period)))
        return self.history.get(period, absent) if period else absent

    def word(self, word: str, **facts: object) -> Text:
        """Return a word of words.toml in all languages, its fields filled; a fact that is a Text has its language."""
        return each(lambda language: fill(self.form.words[word], language, facts))

    def why_none(self, cell: Cell) -> Text:
        """Return what the sign of a cell without a number means."""
        return next(
            entry.name for entry in self.form.codelists["conventional_signs"].codes if str(cell.status) in entry.flags
        )

    def basis(self, table: str) -> Text:
        """Return what the counts of a table cover: the months since 1 January, or a day."""
        return each(lambda language: basis_in_words(self.form, self.form.tables[table], self.period, language))

    @property
    def no_last_year(self) -> Text | None:
        """Why nothing is known of the same period of the last year; None where something is."""
        past = self.earlier(self.period.year_before)
        return past.reason if past.cells is None else None

    def compared(self, address: Address) -> tuple[Cell, Change | None, Text | None]:
        """Return the cell of the same period of the last year, and the change since then or why there is none."""
        before = self.period.year_before
        now, was = self.cell(address), self.cell(address, before)
        if now.value is None:
            return was, None, self.why_none(now)
        past = self.earlier(before)
        if past.cells is None:
            return was, None, past.reason
        if broken := past.why_not(address):
            return was, None, broken
        if was.value is None:
            known = address in past.cells
            reason = self.why_none(was) if known else self.word("no_such_cell")
            return was, None, self.word("no_number_in", period=period_text(before), reason=reason)
        difference = now.value - was.value
        return was, Change(difference, tenths(difference, was.value) if was.value else None), None


def grand_total(table: Table) -> str:
    """Return the code of the column that adds up all others."""
    return ".".join(TOTAL for _ in table.columns)


def each(say: Callable[[Language], str]) -> Text:
    """Return a text made once in each language."""
    said = {language: say(language) for language in LANGUAGES}
    return Text(az=said["az"], en=said["en"], ru=said["ru"])


def fill(template: Text, language: Language, facts: Mapping[str, object]) -> str:
    """Return a template in a language with its facts; a fact that is a Text is said in that language."""
    said = {name: fact.of(language) if isinstance(fact, Text) else fact for name, fact in facts.items()}
    return template.of(language).format_map(said)


def number(value: int) -> str:
    """Return a count within a sentence."""
    return group_digits(value)


def shown(case: Case, cell: Cell) -> str:
    """Return a cell as it looks in a table."""
    return show(cell.value, cell.status, case.form.signs())


def per_cent(share: int) -> Text:
    """Return tenths of a per cent as each language writes them, without a sign."""
    return Text(
        az=show_tenths(share, comma=True), en=show_tenths(share, comma=False), ru=show_tenths(share, comma=True)
    )


def period_text(period: Period) -> Text:
    """Return the months of a period."""
    return each(lambda language: period_in_words(period, language))


def address_of(case: Case, quantity: Quantity) -> Address:
    """Return the address of a quantity."""
    return case.address(quantity.table, quantity.row, quantity.column)


def detail(layout: Layout, row: str) -> list[Row]:
    """Return the rows of detail that a row adds up, in the order of the form; a row of detail itself has none."""
    found: list[Row] = []
    for code in layout.row[row].parts if row in layout.row else ():
        part = layout.row[code]
        found += [part] if part.counted else detail(layout, code)
    return found


def empty(case: Case, wanted: Wanted, remark: Text) -> Figure:
    """Return a figure that has nothing to show, and says why."""
    basis = case.basis(wanted.table) if wanted.table else period_text(case.period)
    table = wanted.table or ""
    return Figure(
        wanted.id, wanted.kind, wanted.title, wanted.title, basis, (), (), wanted.title, remarks=(remark,), table=table
    )
