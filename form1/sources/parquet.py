"""Parquet files, every column as text."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from form1.sources.grid import MOST_ROWS, Grid, Unreadable, as_text


def read_parquet(data: bytes) -> Grid:
    """Return the columns' names as line 0 and the records from line 1; Unreadable says why there are none."""
    try:
        with _without_panic_messages():
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


@contextmanager
def _without_panic_messages() -> Iterator[None]:
    """Keep the stack traces off the console that the reader prints by itself when a damaged file makes it panic."""
    try:
        kept = os.dup(2)
    except OSError:  # a job without any standard error
        yield
        return
    try:
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
