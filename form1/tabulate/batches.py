"""Reading in bounded slices with Polars: lazy frames of the columns as they are written, and what they mean."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from form1.definition.codelists import codes_of
from form1.definition.form import Form
from form1.quiet import quiet
from form1.tabulate.opened import Opened

if TYPE_CHECKING:
    import polars as pl

MOST_RECORDS: Final = 2_000_000
"""Records of a slice of a Parquet file: what bounds the memory, whatever the types."""
MOST_BYTES: Final = 96 << 20
"""Bytes of a slice of a text file, some 800,000 records."""

FEW: Final = 4
"""Codes of a list that are compared one by one, which is faster than to look them up."""


@dataclass(frozen=True)
class Batch:
    """Records of one part: `first` is the number of the first record in the file, from 1."""

    opened: Opened
    first: int
    raw: pl.LazyFrame
    """The columns as they are written, by the names of records.toml."""
    text: bytes = b""
    """The lines themselves, of a text file."""


def batches(opened: Opened, columns: Sequence[str]) -> Iterator[Batch]:
    """Yield a part in slices, with those of the columns that it has."""
    wanted = [column for column in columns if column in opened.headers]
    return _of_text(opened, wanted) if opened.part.kind == ".csv" else _of_parquet(opened, wanted)


def _of_parquet(opened: Opened, wanted: Sequence[str]) -> Iterator[Batch]:
    import polars as pl

    columns = [pl.col(opened.headers[column]).alias(column) for column in wanted]
    for first in range(0, opened.rows, MOST_RECORDS):
        part = pl.scan_parquet(opened.part.path, glob=False).slice(first, MOST_RECORDS)
        yield Batch(opened, first + 1, part.select(columns))


def _of_text(opened: Opened, wanted: Sequence[str]) -> Iterator[Batch]:
    first = 1
    for chunk in _chunks(opened):
        frame = read_lines(opened, chunk, wanted)
        yield Batch(opened, first, frame.lazy(), chunk)
        first += chunk.count(b"\n") + (not chunk.endswith(b"\n"))


def _chunks(opened: Opened) -> Iterator[bytes]:
    """Yield the lines after the header, cut where a line ends."""
    with opened.part.path.open("rb") as file:
        file.readline()
        rest = b""
        while block := file.read(MOST_BYTES):
            cut = block.rfind(b"\n") + 1
            if cut == 0:
                rest += block
                continue
            yield rest + block[:cut]
            rest = block[cut:]
        if rest:
            yield rest


def read_lines(opened: Opened, lines: bytes, wanted: Sequence[str]) -> pl.DataFrame:
    """Return lines of a text file as a frame of text; fields that a line lacks are empty, those too many are left away.

    The contract counts the fields of every line before anything is made of them.
    """
    import polars as pl

    names = {opened.name_of(column): column for column in wanted}
    with quiet():
        frame = pl.read_csv(
            io.BytesIO(lines), has_header=False, schema=dict.fromkeys(opened.names, pl.String), columns=list(names),
            separator=opened.delimiter, quote_char='"',
            infer_schema=False, truncate_ragged_lines=True, encoding="utf8-lossy", missing_columns="insert",
        )  # fmt: skip
    return frame.rename(names)


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
    """Return a slice in the shape that `counting` knows: of a code its place in the list."""
    return batch.raw.select(*(_place(form, batch.opened, column).alias(column) for column in columns))


def _place(form: Form, opened: Opened, column: str) -> pl.Expr:
    import polars as pl

    described = form.records.columns[column]
    if described.codes is None:
        return typed(form, opened, column)
    codes = codes_of(form.codelists[described.codes])
    if opened.written[column] == "coded" or len(codes) > FEW:
        return typed(form, opened, column).to_physical().cast(pl.Int64)
    number = pl.lit(None, dtype=pl.Int64)
    for place, code in enumerate(codes):
        number = pl.when(pl.col(column) == code).then(pl.lit(place)).otherwise(number)
    return number
