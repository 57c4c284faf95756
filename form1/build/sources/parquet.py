"""Parquet files, every column as text."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from form1.build.sources.grid import MOST_ROWS, Grid, Unreadable, as_text
from form1.core.quiet import quiet

_QUOTED: Final = re.compile(r"['\"`]([^'\"`]+)['\"`]")


def read_parquet(parts: Sequence[bytes]) -> Grid:
    """Return the columns' names as line 0 and the records from line 1; Unreadable says why there are none.

    Several parts, as a cluster writes them, are one file; each names the same columns.
    """
    try:
        with quiet():
            names, rows = _read(parts)
    except (KeyboardInterrupt, SystemExit, Unreadable):
        raise
    except BaseException:  # the reader's panics are no Exceptions
        raise Unreadable("parquet_broken") from None
    if not rows:
        raise Unreadable("parquet_without_rows")
    texts = [tuple(map(as_text, row)) for row in rows]
    kept = [(row, line) for line, row in enumerate(texts, start=1) if any(map(str.strip, row))]
    return Grid((tuple(names), *(row for row, _ in kept)), (0, *(line for _, line in kept)))


def _read(parts: Iterable[bytes]) -> tuple[list[str], list[tuple[Any, ...]]]:
    import polars as pl
    from polars.exceptions import DuplicateError

    names: list[str] = []
    rows: list[tuple[Any, ...]] = []
    for part in parts:
        try:
            columns = pl.read_parquet_schema(io.BytesIO(part))
            length = int(pl.scan_parquet(io.BytesIO(part)).select(pl.len()).collect().item())
            if length + len(rows) > MOST_ROWS:
                raise Unreadable("file_too_long", bound=MOST_ROWS)
            frame = pl.read_parquet(io.BytesIO(part))
        except DuplicateError as error:
            names = _QUOTED.findall(str(error))
            raise Unreadable("parquet_columns_twice", columns=tuple(names)) from None
        if names and names != list(columns):
            raise Unreadable("parquet_parts_differ")
        names = list(columns)
        rows += frame.rows()
    return names, rows
