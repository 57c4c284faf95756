"""Reading in bounded slices with Polars: lazy frames of the columns as they are written, and what they mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from form1.definition.codelists import codes_of
from form1.definition.form import Form
from form1.records.tabulate.opened import Opened

if TYPE_CHECKING:
    import polars as pl

MOST_RECORDS: Final = 2_000_000
"""Records of a slice of a Parquet file in which one column is text; with more of them the slices are shorter."""
MOST_BYTES: Final = 32 << 20
"""Bytes of a slice of a text file, some 270,000 records."""

FEW: Final = 4
"""Codes of a list that are compared one by one, which is faster than to look them up."""


@dataclass(frozen=True)
class Batch:
    """Records of one part."""

    opened: Opened
    first: int
    """The number of the first record in the file, from 1; of a text when the lines are numbered."""
    raw: pl.LazyFrame
    """The columns as they are written, by the names of records.toml."""
    text: bytes = b""
    """The lines themselves, of a text file."""


def batches(opened: Opened, columns: Sequence[str], numbered: bool = True) -> Iterator[Batch]:
    """Yield a part in slices, with those of the columns that it has; to number the lines of a text takes time."""
    wanted = [column for column in columns if column in opened.headers]
    return _of_text(opened, wanted, numbered) if opened.part.kind == ".csv" else _of_parquet(opened, wanted)


def _of_parquet(opened: Opened, wanted: Sequence[str]) -> Iterator[Batch]:
    import polars as pl

    columns = [pl.col(opened.headers[column]).alias(column) for column in wanted]
    texts = sum(opened.written[column] == "text" for column in wanted)
    step = max(1, MOST_RECORDS * 2 // (1 + texts))
    for first in range(0, opened.rows, step):
        part = pl.scan_parquet(opened.part.path, glob=False).slice(first, step)
        yield Batch(opened, first + 1, part.select(columns))


def _of_text(opened: Opened, wanted: Sequence[str], numbered: bool) -> Iterator[Batch]:
    first = 1
    for text in _chunks(opened):
        yield Batch(opened, first, scan_lines(opened, text, dict.fromkeys(wanted)), text)
        first += text.count(b"\n") if numbered else 0


def _chunks(opened: Opened) -> Iterator[bytes]:
    """Yield the lines after the header, cut where a line ends."""
    with opened.part.path.open("rb") as file:
        file.readline()
        while text := file.read(MOST_BYTES):
            yield text if text.endswith(b"\n") else text + file.readline()


def scan_lines(opened: Opened, text: bytes, wanted: Mapping[str, pl.DataType | None]) -> pl.LazyFrame:
    """Return lines of a text file as a frame of these columns; None is text.

    Fields that a line lacks are empty, those too many are left away: the contract counts the fields of every line
    before anything is made of them.
    """
    import polars as pl

    names = {opened.name_of(column): column for column in wanted}
    types = {name: (wanted[names[name]] if name in names else None) or pl.String() for name in opened.names}
    return pl.scan_csv(
        text, has_header=False, schema=types, separator=opened.delimiter, quote_char='"' if b'"' in text else None,
        infer_schema=False, truncate_ragged_lines=True, encoding="utf8-lossy", missing_columns="insert",
    ).select(*(pl.col(name).alias(column) for name, column in names.items()))  # fmt: skip


def typed(form: Form, opened: Opened, column: str) -> pl.Expr:
    """Return what a column means: identifiers as text, codes as Enum, dates as days; null where it means nothing."""
    import polars as pl

    described, written, value = form.records.columns[column], opened.written[column], pl.col(column)
    if described.type == "identifier":
        return value if written == "text" else value.cast(pl.String)
    if described.type == "code":
        assert described.codes is not None  # so says the definition
        return value.cast(pl.Enum(codes_of(form.codelists[described.codes])), strict=False)
    if written == "text":
        return value.str.to_date(opened.date_format, strict=False, exact=True)
    return value.cast(pl.Date)


def placed(form: Form, batch: Batch, columns: Sequence[str]) -> pl.LazyFrame:
    """Return a slice that keeps the contract in the shape that `counting` knows: of a code its place in the list."""
    raw, written = batch.raw, dict(batch.opened.written)
    if batch.text and b'"' not in batch.text:  # the reader itself makes Enums of bare codes, at no cost
        types = {column: _enum(form, column) for column in columns}
        raw = scan_lines(batch.opened, batch.text, types)
        written |= {column: "coded" for column, enum in types.items() if enum is not None}
    places = (_place(form, batch.opened, column, written[column]).alias(column) for column in columns)
    return raw.select(*places).cache()  # several counts look at it; so it is read once


def _place(form: Form, opened: Opened, column: str, written: str) -> pl.Expr:
    import polars as pl

    described = form.records.columns[column]
    if described.codes is None:
        return typed(form, opened, column)
    codes = codes_of(form.codelists[described.codes])
    if written == "coded" or len(codes) > FEW:
        return typed(form, opened, column).to_physical().cast(pl.Int64)
    number = pl.lit(None, dtype=pl.Int64)
    for place, code in enumerate(codes):
        number = pl.when(pl.col(column) == code).then(pl.lit(place)).otherwise(number)
    return number


def _enum(form: Form, column: str) -> pl.Enum | None:
    import polars as pl

    codes = form.records.columns[column].codes
    return pl.Enum(codes_of(form.codelists[codes])) if codes else None
