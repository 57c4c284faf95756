"""reference/ as frozen records: what may stand in its files, and nothing else.

Unknown keys are refused, so that a misspelt key stops the run on the maintainer's desk.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from form1.core.findings import Finding, Place, Severity
from form1.core.texts import Text

Confirmation = Literal["CONFIRMED", "INFERRED", "NOT FOUND"]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]*$")]
TableId = Annotated[str, Field(pattern=r"^[AT][0-9]{2}$")]
"""T01 to T99 for the form, A01 to A99 for annexes."""


class Record(BaseModel):
    """A part of reference/: immutable, and closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Sourced(Record):
    """A statement with its source and how sure we are of it."""

    source: str = Field(min_length=3)
    status: Confirmation


# questions.toml


class Question(Record):
    """What notes leave open, why it matters, and the note in which the answer stands."""

    id: Identifier
    ask: Text
    why: Text
    note: Identifier | None = None
    """Without it the answer stands in every note of the question that is NOT FOUND."""


# form.toml


class Deadline(Sourced):
    """The last day on which the form is accepted: `day` of the month `months_after` the period's last."""

    periodicity: Literal["quarterly", "annual"]
    day: int = Field(ge=1, le=28)
    months_after: int = Field(ge=1, le=12)


class HeaderField(Sourced):
    """One line of the cover."""

    id: Identifier
    label: Text
    text: Text
    differs: Literal["", "error", "warning"] = ""
    """What it is when the cover of a received form says something else; nothing: it is not looked at."""


class SignatureField(Sourced):
    """One line of the signature block; `from_configuration` names the key of form1.toml that fills it.

    A line that is `signed` has room for a signature beside the name.
    """

    id: Identifier
    label: Text
    from_configuration: Literal["head", "compiler", "telephone", "signed_on"]
    signed: bool = False
    missing: Literal["", "warning"] = ""
    """What it is when a received form has the line on its cover but leaves it open; nothing: it is not looked at."""


class Identity(Record):
    """The form as a document: form.toml."""

    code: str
    agency: Identifier
    """The sender as machines name it, in metadata.json."""
    title: Text
    subtitle: Text
    layout_notice: Text
    deadline: tuple[Deadline, ...] = Field(min_length=1)
    header: tuple[HeaderField, ...] = Field(min_length=1)
    signature: tuple[SignatureField, ...] = Field(min_length=1)
    tables: tuple[TableId, ...] = Field(min_length=1)


# tables/*.toml


class Groups(Record):
    """Group rows: the codes of the list `codes`; a member belongs to the group that its `parent` names."""

    codes: Identifier


class Block(Record):
    """A block of rows with its own subtotal, chosen by the value of another dimension of the export."""

    code: Identifier
    label: Text
    dimension: Identifier
    codes: Identifier
    value: Identifier
    prefix: str = ""
    grouped: bool = False
    apart: tuple[str, ...] = ()
    """Codes that stand outside the block, directly under the grand total."""


class Rows(Record):
    """The rows of a table."""

    heading: Text
    dimension: Identifier | None = None
    codes: Identifier | None = None
    detail: bool = True
    """False prints the total alone and asks the export for no row dimension."""
    open: bool = False
    """True lists the codes that were observed, false every code of the list."""
    groups: Groups | None = None
    block: tuple[Block, ...] = ()
    total: Text
    show_code: bool = False
    labels: Mapping[str, Text] = Field(default_factory=dict)
    """Labels of rows, by row code, where the code list's own says the wrong thing in this table."""
    renamed: Mapping[str, str] = Field(default_factory=dict)
    """Row codes for members whose own code reads as something else on the form (NACE section T is not the total T)."""
    lines: Mapping[str, str] = Field(default_factory=dict)
    """Line codes of the authority's own layout, by row code; otherwise rows are numbered in order."""

    @model_validator(mode="after")
    def _complete(self) -> Rows:
        if (self.dimension is None) != (self.codes is None):
            raise ValueError("rows name a dimension and a code list together, or neither")
        if self.dimension is None and self.detail:
            raise ValueError("rows without a dimension have no detail: set detail = false")
        return self

    @property
    def wanted(self) -> tuple[str, ...]:
        """The dimensions that the export must carry for the rows."""
        if not self.detail or self.dimension is None:
            return ()
        return (*dict.fromkeys(block.dimension for block in self.block), self.dimension)


class ColumnDimension(Record):
    """One dimension of the columns; its total stands first."""

    dimension: Identifier
    codes: Identifier
    total: Text
    members: Text | None = None
    """A head over all members ("of which"), when the dimension stands alone."""


class Print(Record):
    """How a table is laid on paper."""

    landscape: bool = False
    panels: int = Field(default=1, ge=1, le=6)
    """Wide tables go on in further panels, each with the row heads repeated, cut between heads of the first level."""


class Table(Sourced):
    """One table of the form."""

    id: TableId
    number: int = Field(ge=1)
    title: Text
    short_title: Text
    universe: Identifier
    """Tables of one universe have equal margins over the dimensions that they share."""
    basis: Literal["year_to_date", "stock"]
    unit: Identifier
    """A word of words.toml."""
    rows: Rows
    columns: tuple[ColumnDimension, ...] = Field(min_length=1)
    print: Print = Print()

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions that the export must carry, rows first."""
        return (*self.rows.wanted, *(column.dimension for column in self.columns))


# sources.toml


class Coverage(Record):
    """What the exports of a period cover, from the period `since` on."""

    since: str = "2015-Q1"
    covers: Literal["year_to_date", "quarter"]


class Source(Sourced):
    """The export that feeds a table."""

    table: TableId
    name: Identifier
    also_named: tuple[str, ...] = ()
    """Other names of files and sheets."""
    coverage: tuple[Coverage, ...] = Field(min_length=1)
    complete: bool = True
    """True when a combination without a row means zero."""
    blank_means_zero: bool = False
    """True when an empty cell among the counts means zero."""
    last_line_open: bool = False
    """True when its text files are always written without an end of their last line."""


class Dimension(Sourced):
    """A dimension of the exports: how its column is headed."""

    id: Identifier
    name: Text
    headers: tuple[str, ...] = ()
    """Further headers, beside the name in each language and the identifier."""


class PeriodWords(Record):
    """The words by which texts name a period, each by its beginning."""

    months: tuple[tuple[str, ...], ...] = Field(min_length=12, max_length=12)
    quarters: tuple[tuple[str, ...], ...] = Field(min_length=4, max_length=4)
    quarter: tuple[str, ...]
    half: tuple[str, ...]
    month: tuple[str, ...]
    counted_months: tuple[tuple[str, ...], ...] = Field(min_length=4, max_length=4)
    """How 3, 6, 9 and 12 months since January are written."""
    last_year: tuple[str, ...]
    acts: tuple[str, ...]
    """Words of texts that speak of an act, not of the table."""


class Sources(Record):
    """sources.toml."""

    measure: Text
    measure_id: Identifier
    measure_headers: tuple[str, ...]
    total_labels: tuple[str, ...] = Field(min_length=1)
    period_headers: tuple[str, ...] = ()
    """Columns that repeat the period; what they say is held against the folder."""
    ignored_headers: tuple[str, ...] = ()
    ignored_files: tuple[str, ...] = ()
    revision_note: str = Field(default="revision.txt", pattern=r"^[^/\\\x00]+$")
    """The file beside the exports in which the sender gives the reason for a revision; it is no export."""
    look_alikes: Mapping[str, str]
    """Characters that stand for a letter in broken or mixed text."""
    table_words: tuple[str, ...] = ()
    """Words beside the number of a table in names and titles: Cədvəl 3."""
    copy_words: tuple[str, ...] = ()
    """Words by which programs tell a copy of a file: name - Copy."""
    sums: str = Field(default="SHA256SUMS", pattern=r"^[^/\\\x00]+$")
    """The file beside the exports that lists their sha256, as `sha256sum` writes it; it is no export."""
    header_search_rows: int = Field(ge=1, le=100)
    code_headers: tuple[str, ...] = ()
    """Columns of codes beside names; both must mean the same."""
    spanning_heads: tuple[str, ...] = ()
    """Heads over several columns that say nothing of any one of them."""
    unit_headers: tuple[str, ...] = ()
    other_units: tuple[str, ...] = ()
    """Words of a unit that is not one person."""
    page_words: tuple[str, ...] = ()
    pages_of: tuple[str, ...] = ()
    note_words: tuple[str, ...] = ()
    """How a note below a table begins."""
    period_words: PeriodWords | None = None
    dimension: tuple[Dimension, ...]
    source: tuple[Source, ...]


# messages.toml, corrections.toml


class Message(Record):
    """The sentence of a finding, with named fields for its facts, and what to do; its weight where no rule gives it."""

    id: Identifier
    severity: Severity | None = None
    """None, like the level, for a message that only a rule gives: it has the severity of the rule."""
    level: int | None = Field(default=None, ge=0, le=3)
    unreadable: bool = False
    """True where a source could not be read at all: the run cannot go on."""
    fields: tuple[str, ...]
    """Names of the facts that code gives with it; the sentences use some or all of them."""
    az: str = Field(min_length=1)
    en: str = Field(min_length=1)
    ru: str = Field(min_length=1)


class Correction(Sourced):
    """A known error of a source: the cell, what the export says, what is right, and why.

    The guard: when the export no longer says `was`, the correction is refused, because the sender has mended it.
    """

    id: Identifier
    period: str
    table: TableId
    row: str
    column: str
    was: int = Field(ge=0)
    becomes: int = Field(ge=0)
    reason: Text

    @property
    def applied(self) -> Finding:
        """What is to be said where the correction was applied."""
        place = Place(self.table, self.row, self.column)
        return Finding.of(
            "correction_applied", place, id=self.id, was=self.was, becomes=self.becomes, reason=self.reason
        )
