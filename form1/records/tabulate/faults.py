"""What is wrong with records, found by kind and said with a few examples; nothing personal is ever shown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from form1.core.findings import Fact, Finding, Place
from form1.definition.form import Form
from form1.definition.record_layout import Extract
from form1.records.tabulate.batches import Batch, batches, typed
from form1.records.tabulate.opened import Opened

if TYPE_CHECKING:
    import polars as pl

    from form1.records.tabulate.keys import Keys

EXAMPLES: Final = 3
VALUES: Final = 5
_LIKE_A_CODE: Final = re.compile(r"(?!.*[0-9]{4})(?!.*[A-Z]{4})[A-Z0-9.+_-]{1,8}")
_MARK: Final = "\0"


@dataclass(frozen=True)
class Requirement:
    """What must hold of every record, as an expression over the prepared columns; `message` says what breaks it."""

    message: str
    columns: tuple[str, ...]
    holds: pl.Expr
    facts: Mapping[str, Fact] = field(default_factory=dict)
    """What the sentence says beside the number of records and the lines where they stand."""
    shows_values: bool = False
    """True when the sentence gives some of the values that are wrong."""


@dataclass
class _Kind:
    """One kind of fault: how many records have it, where the first ones stand, and what is written there."""

    message: str
    columns: tuple[str, ...]
    facts: Mapping[str, Fact] = field(default_factory=dict)
    shows_values: bool = False
    records: int = 0
    lines: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)


class Faults:
    """The faults of one extract, as they are found."""

    def __init__(self, form: Form, extract: Extract, several: bool) -> None:
        self._form, self._extract, self._several = form, extract, several
        self._kinds: dict[tuple[str, tuple[str, ...]], _Kind] = {}

    def findings(self) -> list[Finding]:
        """Return one finding for each kind of fault."""
        found = []
        for kind in self._kinds.values():
            facts: dict[str, Fact] = {**kind.facts, "records": kind.records, "lines": tuple(kind.lines)}
            if kind.shows_values:
                facts["values"] = tuple(kind.values)
            place = Place(file=self._extract.id, cell=kind.columns[0] if len(kind.columns) == 1 else "")
            found.append(Finding.of(kind.message, place, **facts))
        return found

    def count_fields(self, batch: Batch) -> bool:
        """Count the fields of every line of a text file; False when some line has more or fewer than the header.

        Quotes enclose a whole field, and a carriage return ends a line: elsewhere the engines read them differently.
        """
        if not batch.text:
            return True
        import polars as pl

        wanted = batch.opened.width - 1
        delimiter = batch.opened.delimiter
        lines = pl.Series("line", batch.text.decode("utf-8", "replace").removesuffix("\n").split("\n"))
        bare, wrong = lines, pl.repeat(False, len(lines), eager=True)
        if b'"' in batch.text:
            quoted = rf'(^|{re.escape(delimiter)})"(?:[^"]|"")*"'
            bare = lines.str.replace_all(quoted, rf"${{1}}{_MARK}")
            wrong |= bare.str.contains(rf'"|{_MARK}[^\r{re.escape(delimiter)}]')
        if batch.text.count(b"\r") != batch.text.count(b"\r\n"):
            wrong |= lines.str.contains(r"\r[^\n]")
        wrong |= bare.str.count_matches(delimiter, literal=True) != wanted
        if not wrong.any():
            return True
        kind = self._kind("records_fields", (), {"expected": batch.opened.width})
        self._note(kind, batch, wrong.arg_true().to_list(), int(wrong.sum()))
        return False

    def find(self, batch: Batch, frame: pl.DataFrame, required: Sequence[Requirement]) -> None:
        """Find the records of a slice that break a requirement."""
        import polars as pl

        for requirement in required:
            broken = frame.select((~requirement.holds).alias("broken"))["broken"]
            if not broken.any():
                continue
            kind = self._kind(
                requirement.message, requirement.columns, requirement.facts, shows_values=requirement.shows_values
            )
            self._note(kind, batch, broken.arg_true().head(EXAMPLES).to_list(), int(broken.sum()))
            column = requirement.columns[0]
            if f"raw:{column}" in frame.columns and len(kind.values) < VALUES:
                raw = frame.select(pl.col(f"raw:{column}").cast(pl.String))[f"raw:{column}"].filter(broken)
                shown = [self._shown(column, text) for text in raw.drop_nulls().unique(maintain_order=True).head(100)]
                kind.values = list(dict.fromkeys([*kind.values, *shown]))[:VALUES]

    def repeated(self, keys: Keys, parts: Sequence[Opened]) -> None:
        """Find the records whose key stands more than once."""
        import polars as pl

        found = []
        for part in parts:
            for batch in batches(part, keys.columns):
                columns = [typed(self._form, part, column).alias(column) for column in keys.columns]
                frame = batch.raw.select(columns).with_row_index("row").collect()
                assert keys.suspects is not None  # only then is this called
                suspected = frame.filter(
                    frame.select(keys.hashes().alias("hash"))["hash"].is_in(keys.suspects.implode())
                )
                where = [self._line(batch, row) for row in suspected["row"]]
                shown = suspected.select(pl.col(keys.columns).cast(pl.String))
                found.append(shown.with_columns(pl.Series("line", where, dtype=pl.String)))
        alike = pl.concat(found).group_by(keys.columns, maintain_order=True).agg("line")
        alike = alike.filter(pl.col("line").list.len() > 1)
        if len(alike):
            kind = self._kind("records_key_twice", (), {"key": tuple(keys.columns)})
            kind.records = int(alike["line"].list.len().sum()) - len(alike)
            kind.lines = [" = ".join(lines[:EXAMPLES]) for lines in alike["line"].head(EXAMPLES).to_list()]

    def _kind(
        self, message: str, columns: tuple[str, ...], facts: Mapping[str, Fact], *, shows_values: bool = False
    ) -> _Kind:
        return self._kinds.setdefault((message, columns), _Kind(message, columns, facts, shows_values))

    def _note(self, kind: _Kind, batch: Batch, rows: Sequence[int], records: int) -> None:
        kind.records += records
        for row in rows[: EXAMPLES - len(kind.lines)]:
            kind.lines.append(self._line(batch, row))

    def _line(self, batch: Batch, row: int) -> str:
        """The line of a text file, with its header as line 1, or the number of the record, from 1."""
        number = batch.first + row + (1 if batch.opened.part.kind == ".csv" else 0)
        return f"{batch.opened.part.name}:{number}" if self._several else str(number)

    def _shown(self, column: str, written: str) -> str:
        """What may be shown of a value: all of what looks like a code or a day, of other text its shape."""
        if self._form.records.columns[column].personal:
            return "•"
        if self._form.records.columns[column].type == "date" and re.fullmatch(r"[0-9./-]{1,10}", written):
            return written
        if _LIKE_A_CODE.fullmatch(written):
            return written
        return re.sub(r"[0-9]", "9", re.sub(r"[^\W\d_]", "a", written[:12])) + ("…" if len(written) > 12 else "")
