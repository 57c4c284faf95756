"""summary.toml as frozen records: the figures of the summary. A kind is a function in code, a figure is an entry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from form1.core.cells import TOTAL
from form1.core.texts import Text
from form1.definition.records import Identifier, Record, Sourced, TableId

FigureKind = Literal["headline", "ranking", "pyramid", "quarters"]
RowSet = Literal["members", "groups"]


class Quantity(Record):
    """A cell of the form by what people call it; column `T` is the grand total of any table."""

    label: Text
    table: TableId
    row: str = TOTAL
    column: str = TOTAL


class Sentence(Record):
    """What is said below a figure; the fields of its templates are those of `form1.build.summary.sentences`."""

    says: Text
    """Of a ranking with `{list}`: the items one after the other."""
    item: Text | None = None
    """An item of the list: `{share}` and `{name}`."""
    first: Text | None = None
    """The first item, where it is said at greater length."""
    rest: Text | None = None
    """What the list does not name: `{share}`."""


class Figure(Sourced):
    """A figure of the summary: what it shows of which table, and what is said of it."""

    id: Identifier
    kind: FigureKind
    title: Text
    alt: Text
    """What is seen, for those who do not see it: `{title}`, `{period}`, `{whole}` and `{list}`."""
    quantity: tuple[Quantity, ...] = ()
    """headline, quarters: the cells that are compared with earlier periods."""
    years: int = Field(default=2, ge=1, le=5)
    """quarters: the years that stand side by side, the period's own the last."""
    table: TableId | None = None
    """ranking, pyramid: the table whose rows are shown."""
    row: str = TOTAL
    """The row that the shares are of; its parts are shown."""
    rows: RowSet = "members"
    """Rows of detail below `row`, or its parts as they are (the groups)."""
    across: Identifier | None = None
    """pyramid: the dimension with the two sides."""
    most: int = Field(default=8, ge=1, le=30)
    """ranking: the most rows that are shown and named; what is left becomes one row, called `rest`."""
    smallest_share: float = Field(default=0.0, ge=0.0, le=100.0)
    """ranking: the per cent of the whole from which on a row is shown and named."""
    rest: Text | None = None
    names: Mapping[str, Text] = Field(default_factory=dict)
    """What rows are called within a sentence, by row code, where their label does not fit in."""
    lower_first: bool = False
    """True when labels begin with a small letter within a sentence."""
    sentence: Sentence | None = None

    @model_validator(mode="after")
    def _fits_kind(self) -> Figure:
        of_a_table = self.kind in {"ranking", "pyramid"}
        if of_a_table != (self.table is not None) or of_a_table == bool(self.quantity):
            wanted = "a table and no quantities" if of_a_table else "quantities and no table"
            raise ValueError(f"a figure of kind {self.kind} has {wanted}")
        if (self.kind == "pyramid") != (self.across is not None):
            raise ValueError("`across` belongs to a pyramid, and a pyramid needs it")
        if (self.kind == "ranking") != (self.rest is not None):
            raise ValueError("`rest` belongs to a ranking, and a ranking needs it")
        if self.kind == "ranking" and self.sentence and not (self.sentence.item and self.sentence.rest):
            raise ValueError("the sentence of a ranking needs `item` and `rest`")
        return self
