"""Writing an invented register: slices of persons, then each extract whole or in parts, in bounded memory."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from form1.definition.record_layout import Extract
from form1.records.invented.extracts import Invented
from form1.records.invented.persons import EPOCH

if TYPE_CHECKING:
    import polars as pl

Format = Literal["parquet", "csv"]
Parts = Literal["one", "monthly"]
SLICE: Final = 2**17
"""Persons of a slice: with fewer than half a million records it needs some 100 MB. No output depends on it."""
ROW_GROUP: Final = 1_000_000
_CHUNK: Final = 1 << 22


@dataclass(frozen=True)
class Written:
    """One file of an extract."""

    extract: str
    name: str
    records: int
    size: int
    sha256: str


@dataclass(frozen=True)
class Manner:
    """How extracts are written; `change` may alter the records of an extract on their way."""

    format: Format = "parquet"
    coded: bool = True
    """True for codes as Enums in Parquet, False for text."""
    parts: Parts = "one"
    change: Callable[[Extract, pl.LazyFrame], pl.LazyFrame] = field(default=lambda extract, frame: frame)


def write(
    register: Invented, persons: int, folder: Path, manner: Manner, progress: Callable[[int], None], size: int = SLICE
) -> None:
    """Write the extracts of so many persons into `folder`, which exists and is empty. OSError when it cannot."""
    scratch = folder / ".slices"
    for extract in register.form.records.extract:
        (scratch / extract.id).mkdir(parents=True)
    for number, first in enumerate(range(0, persons, size)):
        for id, frame in register.slice(first, min(size, persons - first)).items():
            frame.write_parquet(scratch / id / f"{number:06}.parquet", compression="lz4")
        progress(min(first + size, persons))
    for extract in register.form.records.extract:
        slices = sorted((scratch / extract.id).iterdir())
        for path, chosen in _files(register, extract, folder, manner):
            _sink(register, extract, slices, path, chosen, manner)
        for path in slices:
            path.unlink()
        (scratch / extract.id).rmdir()
    scratch.rmdir()


def written(register: Invented, folder: Path) -> list[Written]:
    """Return what stands in `folder`, extract by extract, with the number of records in each file."""
    found: list[Written] = []
    for extract in register.form.records.extract:
        inside = folder / extract.id
        paths = sorted(inside.iterdir()) if inside.is_dir() else sorted(folder.glob(f"{extract.id}.*"))
        for path in paths:
            digest, lines = hashlib.sha256(), 0
            with path.open("rb") as file:
                while chunk := file.read(_CHUNK):
                    digest.update(chunk)
                    lines += chunk.count(b"\n")
            records = lines - 1 if path.suffix == ".csv" else _rows(path)
            name = path.relative_to(folder).as_posix()
            found.append(Written(extract.id, name, records, path.stat().st_size, digest.hexdigest()))
    return found


def _files(
    register: Invented, extract: Extract, folder: Path, manner: Manner
) -> Iterator[tuple[Path, tuple[date, date] | None]]:
    """Yield the files of an extract, each with the first day that it holds and the first that it does not."""
    if manner.parts == "one":
        yield folder / f"{extract.id}.{manner.format}", None
        return
    (folder / extract.id).mkdir()
    first = (EPOCH + timedelta(days=register.calendar.begins)).replace(day=1)
    while (first - EPOCH).days <= register.calendar.taken:
        after = (first + timedelta(days=31)).replace(day=1)
        yield folder / extract.id / f"{extract.id}-{first:%Y-%m}.{manner.format}", (first, after)
        first = after


def _sink(
    register: Invented, extract: Extract, slices: Sequence[Path], path: Path, days: tuple[date, date] | None,
    manner: Manner,
) -> None:  # fmt: skip
    import polars as pl

    frame = pl.concat([pl.scan_parquet(one, glob=False) for one in slices])
    if days is not None:
        placed = pl.col(extract.placed_by)
        frame = frame.filter((placed >= days[0]) & (placed < days[1]))
    if manner.format == "csv" or not manner.coded:
        codes = [column for column in extract.columns if register.form.records.columns[column].type == "code"]
        frame = frame.with_columns(pl.col(*codes).cast(pl.String)) if codes else frame
    frame = manner.change(extract, frame)
    if manner.format == "csv":
        frame.sink_csv(path, include_header=True, line_terminator="\n")
    else:
        frame.sink_parquet(path, row_group_size=ROW_GROUP, compression="zstd")


def _rows(path: Path) -> int:
    import polars as pl

    return int(pl.scan_parquet(path, glob=False).select(pl.len()).collect().item())
