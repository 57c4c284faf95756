"""Keys that stand more than once, among any number of records in bounded memory.

Keys are remembered as hashes of 64 bits. Up to `IN_MEMORY` of them are sorted in memory; more go to a temporary folder
in buckets that are sorted one by one. Equal hashes are looked at again, by the keys themselves: a chance is no finding.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final

from form1.definition.record_layout import Extract

if TYPE_CHECKING:
    import polars as pl

IN_MEMORY: Final = 6_000_000
_SUSPECTS: Final = 50_000
"""Hashes that are looked at again; a folder with more repeated keys than this gives a count of these alone."""


class Keys:
    """The keys of one extract."""

    def __init__(self, extract: Extract, records: int) -> None:
        self.columns = extract.key
        self._buckets = max(1, -(-records // IN_MEMORY))
        self._held: list[pl.Series] = []
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._written = 0
        self.suspects: pl.Series | None = None
        """Hashes that stand more than once."""

    def __enter__(self) -> Keys:
        if self._buckets > 1:
            self._folder = tempfile.TemporaryDirectory(prefix="form1-")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._folder is not None:
            self._folder.cleanup()

    def hashes(self) -> pl.Expr:
        """Return the hash of a record's key as an expression over the typed columns."""
        import polars as pl

        return (pl.col(self.columns[0]) if len(self.columns) == 1 else pl.struct(self.columns)).hash()

    def add(self, frame: pl.DataFrame) -> None:
        """Remember the keys of a slice."""
        import polars as pl

        hashes = frame.select(self.hashes().alias("hash"))["hash"]
        if self._folder is None:
            self._held.append(hashes)
            return
        bucket = (hashes.to_frame().select(pl.col("hash") % self._buckets))["hash"]
        for number in range(self._buckets):
            hashes.filter(bucket == number).to_frame().write_ipc(Path(self._folder.name, f"{number}-{self._written}"))
        self._written += 1

    def twice(self) -> bool:
        """True when some hash stands more than once; `suspects` then holds them."""
        import polars as pl

        found = [hashes.filter(hashes == hashes.shift(1)) for hashes in self._sorted() if len(hashes)]
        found = [repeated for repeated in found if len(repeated)]
        if found:
            self.suspects = pl.concat(found).unique().sort().head(_SUSPECTS)
        return bool(found)

    def _sorted(self) -> Iterator[pl.Series]:
        import polars as pl

        if self._folder is None:
            held, self._held = self._held, []
            if held:
                yield pl.concat(held).sort()
            return
        for number in range(self._buckets):
            pieces = [
                pl.read_ipc(Path(self._folder.name, f"{number}-{place}"))["hash"] for place in range(self._written)
            ]
            if pieces:
                yield pl.concat(pieces).sort()
