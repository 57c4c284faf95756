"""Labels become codes and counts become numbers: columns added to the frame of lines, before anything is judged."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from form1.core.cells import TOTAL
from form1.core.findings import Place
from form1.core.periods import Period, is_period
from form1.core.values import Status
from form1.definition.form import Form
from form1.definition.labels import Labels, Meaning, Resolved, labels_of
from form1.definition.records import Table
from form1.definition.stated_period import period_reader
from form1.model.exports import PERIOD_STATED, Export, label_of

if TYPE_CHECKING:
    import polars as pl

LARGEST_COUNT: Final = 10**15 - 1
_DIGITS: Final = re.compile(r"[0-9]+")
_PLAIN: Final = re.compile(r"([1-9][0-9]{0,2}(?:([ \u00a0\u2009\u202f])[0-9]{3}(?:\2[0-9]{3})*)|[0-9]+)(?:\.0{1,2})?")
"""A whole number in groups of three by one kind of space, or with the zeros of a decimal point."""
_MOST_DIGITS: Final = 18
"""An Int64 holds every number of so many digits; a longer one becomes the next, which is no count either."""
_ZERO: Final = "zero"
"""Flag of the sign that stands for a count of zero."""
_CLEAR: Final = (Meaning.CODE, Meaning.TOTAL, Meaning.GROUP)


def meaning_of(dimension: str) -> str:
    """Return the column that says what the label of a dimension turned out to be (`Meaning`)."""
    return f"meaning:{dimension}"


def named_by(dimension: str) -> str:
    """Return the column with the code that a label names itself, as `name_of` writes it."""
    return f"named:{dimension}"


@dataclass(frozen=True)
class ResolvedExport:
    """An export whose labels are resolved and whose counts are read.

    To the columns of `Export` its frame adds, for each dimension, `meaning_of`, `named_by` and the dimension's own name
    (the code under which the form counts the label), all String; and `count` (String: what is written, a sign in the
    spelling of the list of signs), `persons` (Int64, null where there is no number) and `status` (String, null where
    what is written is no count and no sign). A column that repeats the period has `named_by`, too.
    """

    export: Export
    table: Table
    on: date
    dimensions: tuple[str, ...]
    """Those of the table that the frame has, and a detail that the table does not print."""
    labels: Mapping[str, Labels]
    signs: Mapping[str, Status]

    @property
    def lines(self) -> pl.DataFrame:
        """The frame of lines."""
        return self.export.lines

    def place(self, line: int = 0, cell: str = "") -> Place:
        """Return where something stands in the export."""
        return Place(self.table.id, file=self.export.input.name, sheet=self.export.sheet, line=line, cell=cell)


def resolve(form: Form, table: Table, period: Period, export: Export) -> ResolvedExport:
    """Return `export` with the columns that its labels and counts resolve to by the code lists in force in `period`."""
    on = period.last_day
    spare = table.rows.dimension if not table.rows.detail else None
    wanted = (*((spare,) if spare else ()), *table.dimensions)
    dimensions = tuple(dimension for dimension in wanted if label_of(dimension) in export.lines.columns)
    labels = {dimension: labels_of(form, table, dimension, on) for dimension in dimensions}
    signs = {
        sign: Status.NUMBER if flag == _ZERO else Status(flag)
        for flag, sign in form.signs().items()
        if flag in {_ZERO, *Status}
    }
    frame = export.lines
    for dimension in dimensions:
        frame = _with_codes(frame, dimension, labels[dimension])
    of_rows = [dimension for dimension in dimensions if dimension in {spare, *table.rows.wanted}]
    frame = _with_totals(frame, dimensions, of_rows)
    for column in stated_periods(frame):
        frame = _with_period(form, frame, column, period)
    if "written" in frame.columns:
        if form.source_of(table.id).blank_means_zero:
            frame = _with_zeros(frame)
        frame = _with_counts(frame, signs, str.maketrans(dict(form.sources.look_alikes)))
    return ResolvedExport(replace(export, lines=frame), table, on, dimensions, labels, signs)


def stated_periods(frame: pl.DataFrame) -> list[str]:
    """Return what stands for a dimension in the names of the columns that repeat the period."""
    start = label_of(PERIOD_STATED)
    return [column.removeprefix(label_of("")) for column in frame.columns if column.startswith(start)]


def name_of(meant: Resolved) -> str:
    """Return the code that a label names itself, with totals and groups told apart from codes of the same spelling."""
    return meant.raw if meant.meaning is Meaning.CODE else f"{meant.meaning}:{meant.raw}"


def is_clear(dimensions: Iterable[str]) -> pl.Expr:
    """True for a line of which every label means exactly one thing."""
    import polars as pl

    return pl.all_horizontal(pl.lit(True), *(pl.col(meaning_of(d)).is_in([str(m) for m in _CLEAR]) for d in dimensions))


def is_detail(dimensions: Iterable[str]) -> pl.Expr:
    """True for a line of which every label names a code."""
    import polars as pl

    return pl.all_horizontal(pl.lit(True), *(pl.col(meaning_of(d)) == Meaning.CODE for d in dimensions))


def is_total(dimensions: Iterable[str]) -> pl.Expr:
    """True for a line of which some label names a total or a group."""
    import polars as pl

    totals = [str(Meaning.TOTAL), str(Meaning.GROUP)]
    return pl.any_horizontal(pl.lit(False), *(pl.col(meaning_of(d)).is_in(totals) for d in dimensions))


def _with_codes(frame: pl.DataFrame, dimension: str, labels: Labels) -> pl.DataFrame:
    import polars as pl

    label = label_of(dimension)
    frame = frame.with_columns(pl.col(label).fill_null(""))
    written = frame[label].unique(maintain_order=True).to_list()
    meant = [labels.resolve(text) for text in written]
    columns = {
        label: written,
        meaning_of(dimension): [str(resolved.meaning) for resolved in meant],
        named_by(dimension): [name_of(resolved) for resolved in meant],
        dimension: [resolved.code for resolved in meant],
    }
    known = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    return frame.join(known, on=label, how="left", maintain_order="left")


def _with_totals(frame: pl.DataFrame, dimensions: Iterable[str], of_rows: Iterable[str]) -> pl.DataFrame:
    """Offices write "Total" once and leave the line's other labels empty; the comparison will hold it to it."""
    import polars as pl

    total = Resolved(Meaning.TOTAL, TOTAL, TOTAL)
    in_total = pl.any_horizontal(pl.lit(False), *(pl.col(meaning_of(d)) == Meaning.TOTAL for d in of_rows))
    changed = []
    for dimension in dimensions:
        empty = in_total & (pl.col(label_of(dimension)).str.strip_chars() == "")
        for column, value in (
            (meaning_of(dimension), str(total.meaning)),
            (named_by(dimension), name_of(total)),
            (dimension, total.code),
        ):
            changed.append(pl.when(empty).then(pl.lit(value)).otherwise(pl.col(column)).alias(column))
    return frame.with_columns(changed)


def _with_period(form: Form, frame: pl.DataFrame, stated: str, period: Period) -> pl.DataFrame:
    """Add the period that is named, in any wording: "" where none is."""
    import polars as pl

    reader = period_reader(form.sources.period_words)
    is_alone = len(stated_periods(frame)) == 1  # beside a column of quarters a year is a year, and no period

    def named(text: str) -> str:
        if is_period(text) and (is_alone or "-" in text):
            return text
        said = reader.read_cell(text) if reader else None
        return "" if said is None or (said.month and said.fits(period)) else str(period) if said.fits(period) else text

    written = [text.strip() for text in frame[label_of(stated)]]
    known = {text: named(text) for text in dict.fromkeys(written)}
    return frame.with_columns(pl.Series(named_by(stated), [known[text] for text in written], dtype=pl.String))


def _with_zeros(frame: pl.DataFrame) -> pl.DataFrame:
    """An office may declare that an empty cell among its counts means zero; `blank` says which were."""
    import polars as pl

    is_blank = pl.col("written").fill_null("").str.strip_chars() == ""
    return frame.with_columns(pl.when(is_blank).then(pl.lit("0")).otherwise("written").alias("written"))


def _with_counts(frame: pl.DataFrame, signs: Mapping[str, Status], look_alikes: Mapping[int, str]) -> pl.DataFrame:
    import polars as pl

    frame = frame.with_columns(pl.col("written").fill_null(""))
    written = frame["written"].unique(maintain_order=True).to_list()
    read = [_read(text.strip(), signs, look_alikes) for text in written]
    known = pl.DataFrame(
        [(text, *what) for text, what in zip(written, read, strict=True)],
        schema={"written": pl.String, "count": pl.String, "persons": pl.Int64, "status": pl.String},
        orient="row",
    )
    return frame.join(known, on="written", how="left", maintain_order="left")


def _read(
    written: str, signs: Mapping[str, Status], look_alikes: Mapping[int, str]
) -> tuple[str, int | None, str | None]:
    """Return a count as written and as read: a number, the zero of its sign, or the reason why there is none."""
    if not written.isdecimal() and (plain := _PLAIN.fullmatch(written)):
        written = plain[1].replace(plain[2], "") if plain[2] else plain[1]
    if _DIGITS.fullmatch(written):
        short = len(written.lstrip("0")) <= _MOST_DIGITS
        return written, int(written.lstrip("0") or "0") if short else 10**_MOST_DIGITS, str(Status.NUMBER)
    # Office programs turn "-" into a dash and "..." into one character.
    sign = unicodedata.normalize("NFKC", written).translate(look_alikes)
    if sign not in signs:
        return written, None, None
    return sign, (0 if signs[sign] is Status.NUMBER else None), str(signs[sign])
