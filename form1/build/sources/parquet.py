"""Parquet files, every column as text."""

from __future__ import annotations

import io
from typing import Any

from form1.build.sources.grid import MOST_ROWS, Grid, Unreadable, as_text
from form1.core.quiet import quiet


def read_parquet(data: bytes) -> Grid:
    """Return the columns' names as line 0 and the records from line 1; Unreadable says why there are none."""
    try:
        with quiet():
            names, rows = _read(data)
    except (KeyboardInterrupt, SystemExit, Unreadable):
        raise
    except BaseException:  # the reader's panics are no Exceptions
        raise Unreadable("parquet_broken") from None
    if not rows:
        raise Unreadable("file_empty")
    texts = [tuple(map(as_text, row)) for row in rows]
    kept = [(row, line) for line, row in enumerate(texts, start=1) if any(map(str.strip, row))]
    return Grid((tuple(names), *(row for row, _ in kept)), (0, *(line for _, line in kept)))


def _read(data: bytes) -> tuple[list[str], list[tuple[Any, ...]]]:
    import polars as pl

    lazy = pl.scan_parquet(io.BytesIO(data))
    length = int(lazy.select(pl.len()).collect().item())
    if length > MOST_ROWS:
        raise Unreadable("file_too_long", bound=MOST_ROWS)
    frame = pl.read_parquet(io.BytesIO(data))
    return frame.columns, frame.rows()
