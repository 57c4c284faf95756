"""An export with its labels resolved and its counts read, line by line, before anything is judged."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from form1.core.cells import TOTAL
from form1.core.findings import Place
from form1.core.values import Status, parse_count
from form1.definition.form import Form
from form1.definition.labels import Meaning, Resolved, labels_of
from form1.definition.records import Table
from form1.model.exports import Export

_CELL_OF = "cell:"
"""Before a dimension's name: the optional column of an export that says where the dimension's label stands."""
_TOTAL = Resolved(Meaning.TOTAL, TOTAL, TOTAL)
_ZERO = "zero"
"""Flag of the sign that stands for a count of zero."""


@dataclass(frozen=True, slots=True)
class Line:
    """One count: labels and what they mean in the order of the dimensions, the count as written and as read."""

    line: int
    cell: str
    labels: tuple[str, ...]
    cells: tuple[str, ...]
    meant: tuple[Resolved, ...]
    written: str
    """The count as written, a sign in the spelling of the list of signs."""
    value: int | None
    status: Status | None
    """None when what is written is no count and no sign."""

    @property
    def is_clear(self) -> bool:
        """True when every label means exactly one thing."""
        return all(meant.is_clear for meant in self.meant)

    @property
    def is_total(self) -> bool:
        """True when some label names a total or a group."""
        return any(meant.meaning in {Meaning.TOTAL, Meaning.GROUP} for meant in self.meant)

    @property
    def is_detail(self) -> bool:
        """True when every label names a code."""
        return all(meant.meaning is Meaning.CODE for meant in self.meant)


@dataclass(frozen=True)
class Coded:
    """The lines of an export; `dimensions` are those of the table, and a detail that the table does not print."""

    table: str
    file: str
    sheet: str
    on: date
    dimensions: tuple[str, ...]
    lines: tuple[Line, ...]
    codes: Mapping[str, frozenset[str]]
    """The marks, by dimension, that a resolved label may have."""
    signs: Mapping[str, Status]

    @classmethod
    def of(cls, form: Form, table: Table, on: date, export: Export) -> Coded:
        """Return the lines of `export` with the labels in force `on` a day."""
        records = export.records
        spare = table.rows.dimension if not table.rows.detail else None
        wanted = (*((spare,) if spare else ()), *table.dimensions)
        dimensions = tuple(dimension for dimension in wanted if dimension in records.columns)
        labels = {dimension: labels_of(form, table, dimension, on) for dimension in dimensions}
        signs = {
            sign: Status.NUMBER if flag == _ZERO else Status(flag)
            for flag, sign in form.signs().items()
            if flag in {_ZERO, *Status}
        }
        look_alikes = str.maketrans(dict(form.sources.look_alikes))
        cells = [_CELL_OF + dimension for dimension in dimensions]
        columns = [
            "line",
            "cell",
            *dimensions,
            *(cell for cell in cells if cell in records.columns),
            "persons",
        ]
        lines: list[Line] = []
        count = len(dimensions)
        of_rows = [dimension in (spare, *table.rows.wanted) for dimension in dimensions]
        for line, cell, *texts, written in records.select(columns).iter_rows():
            shown = tuple(text or "" for text in texts[:count])
            meant = tuple(labels[dimension].resolve(label) for dimension, label in zip(dimensions, shown, strict=True))
            if any(of_row and mean.meaning is Meaning.TOTAL for of_row, mean in zip(of_rows, meant, strict=True)):
                # Offices write "Total" once and leave the line's other labels empty; the comparison will hold it to it.
                meant = tuple(mean if label.strip() else _TOTAL for mean, label in zip(meant, shown, strict=True))
            where = tuple(texts[count:]) or ("",) * count
            lines.append(Line(line, cell, shown, where, meant, *_read((written or "").strip(), signs, look_alikes)))
        codes = {
            dimension: frozenset(
                mark(Resolved(known.meaning, known.code, known.raw))
                for known in labels[dimension].known
                if known.in_force
            )
            for dimension in dimensions
        }
        return cls(table.id, export.input.name, export.sheet, on, dimensions, tuple(lines), codes, signs)

    def place(self, line: Line, dimension: int | None = None) -> Place:
        """Return where the count of a line stands, or its label of a dimension."""
        cell = line.cell if dimension is None else line.cells[dimension]
        return Place(self.table, file=self.file, sheet=self.sheet, line=line.line, cell=cell)


def mark(meant: Resolved) -> str:
    """Return the code that a label names itself, with totals and groups told apart from codes of the same spelling."""
    if meant.meaning is Meaning.CODE:
        return meant.raw
    return f"{meant.meaning}:{meant.raw}"


def _read(
    written: str, signs: Mapping[str, Status], look_alikes: Mapping[int, str]
) -> tuple[str, int | None, Status | None]:
    """Return a count as written and as read: a number, the zero of its sign, or the reason why there is none."""
    value = parse_count(written)
    if value is not None:
        return written, value, Status.NUMBER
    # Office programs turn "-" into a dash and "..." into one character.
    sign = unicodedata.normalize("NFKC", written).translate(look_alikes)
    if sign not in signs:
        return written, None, None
    return sign, (0 if signs[sign] is Status.NUMBER else None), signs[sign]
