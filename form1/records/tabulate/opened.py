"""Opening a part: its columns by the headers of records.toml, how they are typed and written, its size and sha256."""

from __future__ import annotations

import codecs
import csv
import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import TYPE_CHECKING, Final, Literal

from form1.core.errors import SourceError
from form1.core.findings import Fact, Finding, Place, Severity
from form1.core.quiet import quiet
from form1.definition.audit.records import headers
from form1.definition.form import Form
from form1.definition.record_layout import Extract
from form1.definition.spelling import Folding
from form1.model.exports import INVENTED_PERSON
from form1.model.forms import InputFile
from form1.records.tabulate.files import Part

if TYPE_CHECKING:
    import polars as pl

Written = Literal["text", "coded", "date", "moment", "number"]
"""How a column stands in the file: text, text with a dictionary, days, moments, whole numbers."""

DELIMITERS: Final = (",", ";", "\t")
PERSON: Final = "person_id"
_HEAD: Final = 1 << 16
_CHUNK: Final = 1 << 22
_SAMPLE: Final = 1000
_MAY_BE: Final[Mapping[str, tuple[Written, ...]]] = {
    "identifier": ("text", "coded", "number"),
    "code": ("text", "coded"),
    "date": ("text", "date", "moment"),
}


@dataclass(frozen=True)
class Opened:
    """A part that can be read: where each column of its extract stands, and how."""

    part: Part
    extract: Extract
    input: InputFile
    headers: Mapping[str, str]
    """The header in the file by column of records.toml."""
    by_place: Mapping[int, str]
    """The column of records.toml by its place in the file, from 0."""
    width: int
    """Columns of the file."""
    rows: int
    written: Mapping[str, Written] = field(default_factory=dict)
    delimiter: str = ""
    date_format: str = ""
    invented: bool = False
    """True when the first persons have the numbers of an invented register."""
    changed: int = 0
    """When the file was last changed, in nanoseconds: it must not change while it is read."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names under which the columns of a text file are read, whatever its headers are: by their place."""
        return tuple(f"column_{place + 1}" for place in range(self.width))

    def name_of(self, column: str) -> str:
        """Return the name under which a column is read: that of `names`, or of a Parquet file its own."""
        if self.part.kind != ".csv":
            return self.headers[column]
        return next(self.names[place] for place, known in self.by_place.items() if known == column)

    def require_unchanged(self) -> None:
        """Raise SourceError when the file is no longer the one that was opened."""
        try:
            now = self.part.path.stat()
        except OSError:
            now = None
        if now is None or (now.st_size, now.st_mtime_ns) != (self.input.size, self.changed):
            raise SourceError(
                f"{self.part.name} changed while it was read. Wait until it is complete, then call again."
            )


def open_part(form: Form, extract: Extract, part: Part) -> tuple[Opened | None, list[Finding]]:
    """Open one part; None with findings when its columns are not those of the extract or it cannot be read."""
    try:
        return _csv(form, extract, part) if part.kind == ".csv" else _parquet(form, extract, part)
    except _Unreadable as error:
        return None, [Finding.of(error.message, Place(file=part.name), **error.facts)]
    except OSError as error:
        place = Place(file=part.name)
        return None, [Finding.of("records_unreadable", place, reason=error.strerror or type(error).__name__)]


class _Unreadable(Exception):
    def __init__(self, message: str, **facts: Fact) -> None:
        super().__init__(message)
        self.message, self.facts = message, facts


def _csv(form: Form, extract: Extract, part: Part) -> tuple[Opened | None, list[Finding]]:
    with part.path.open("rb") as file:
        head = file.read(_HEAD)
    line, ended, _ = head.partition(b"\n")
    if not head.strip():
        raise _Unreadable("records_empty_file")
    if head[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b"\x1f\x8b", b"PK"} or b"\0" in head or not ended:
        raise _Unreadable("records_not_text")
    try:
        header = line.decode("utf-8-sig").replace("\r", "")
        head.decode("utf-8") if len(head) < _HEAD else None
    except UnicodeDecodeError:
        raise _Unreadable("records_not_utf8") from None
    delimiter = max(DELIMITERS, key=re.sub('"[^"]*"', "", header).count)
    names = [name.strip() for name in next(csv.reader([header], delimiter=delimiter))]
    found, findings = _columns(form, extract, part, names)
    digest, lines, complete, size, changed = _walk(part)
    stops = _stops(findings)
    if not complete:
        findings.append(Finding.of("records_cut", Place(file=part.name, line=lines)))
    whole = head if len(head) < _HEAD else head[: head.rindex(b"\n")]  # its last line is cut
    lines_shown = whole.decode("utf-8", "replace").replace("\r", "").split("\n")[1:_SAMPLE]
    sample = list(csv.reader(lines_shown, delimiter=delimiter))
    days = [place for place, name in enumerate(names) if _is_date(form, found, name)]
    shown = [row[place] for row in sample for place in days if place < len(row)]
    persons = [place for place, name in enumerate(names) if found.get(PERSON) == name]
    opened = Opened(
        part, extract, InputFile(part.name, size, digest), found, _places(found, names), len(names), lines - 1,
        dict.fromkeys(found, "text"), delimiter, _date_format(form, shown),
        _invented([row[place] for row in sample for place in persons if place < len(row)]), changed,
    )  # fmt: skip
    return (None if stops else opened), findings


def _walk(part: Part) -> tuple[str, int, bool, int, int]:
    """Return sha256, number of lines, whether the last line ends, size, and time of the last change."""
    digest, lines, size, last = hashlib.sha256(), 0, 0, b"\n"
    with part.path.open("rb") as file:
        changed = os.fstat(file.fileno()).st_mtime_ns
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            lines += chunk.count(b"\n")
            last = chunk[-1:]
    return digest.hexdigest(), lines + (last != b"\n"), last == b"\n", size, changed


def _parquet(form: Form, extract: Extract, part: Part) -> tuple[Opened | None, list[Finding]]:
    import polars as pl

    digest, _, _, size, changed = _walk(part)
    try:
        with quiet():
            lazy = pl.scan_parquet(part.path, glob=False)
            schema = lazy.collect_schema()
            rows = int(lazy.select(pl.len()).collect().item())
            sample = lazy.head(_SAMPLE).collect()
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # the reader's panics are no Exceptions
        raise _Unreadable("records_parquet_broken") from None
    found, findings = _columns(form, extract, part, schema.names())
    written: dict[str, Written] = {}
    for column, header in found.items():
        how = _written(schema[header])
        if how is None or how not in _MAY_BE[form.records.columns[column].type]:
            findings.append(Finding.of("records_type", Place(file=part.name, cell=header), type=str(schema[header])))
        else:
            written[column] = how
            if how == "moment" and (sample[header].dt.time() > time(0)).any():
                findings.append(Finding.of("records_moments", Place(file=part.name, cell=header)))
    days = [h for c, h in found.items() if form.records.columns[c].type == "date" and written.get(c) == "text"]
    shown = [str(value) for header in days for value in sample[header].drop_nulls().to_list()]
    numbers = [str(value) for value in sample[found[PERSON]].head(_SAMPLE).to_list()] if PERSON in found else []
    opened = Opened(
        part, extract, InputFile(part.name, size, digest), found, _places(found, schema.names()), len(schema), rows,
        written, date_format=_date_format(form, shown), invented=_invented(numbers), changed=changed,
    )  # fmt: skip
    return (None if _stops(findings) else opened), findings


def _written(dtype: pl.DataType) -> Written | None:
    import polars as pl

    if dtype == pl.String:
        return "text"
    if isinstance(dtype, pl.Enum | pl.Categorical):
        return "coded"
    if dtype == pl.Date:
        return "date"
    if isinstance(dtype, pl.Datetime) and dtype.time_zone is None:
        return "moment"
    return "number" if dtype.is_integer() else None


def _columns(form: Form, extract: Extract, part: Part, names: Sequence[str]) -> tuple[dict[str, str], list[Finding]]:
    """Return the header in the file by column of the extract, and findings on columns missing, doubled or unknown."""
    folding = Folding(form.sources.look_alikes)
    known = {
        key: column for column in extract.columns for name in headers(form, column) for key in folding.name_keys(name)
    }
    found: dict[str, str] = {}
    findings: list[Finding] = []
    unknown: list[str] = []
    for name in names:
        column = next((known[key] for key in folding.name_keys(name) if key in known), None)
        if column is None:
            unknown.append(name)
        elif column in found:
            findings.append(
                Finding.of(
                    "records_column_twice", Place(file=part.name), first=found[column], second=name, column=column
                )
            )
        else:
            found[column] = name
    for column in extract.columns:
        if column not in found:
            place, shown = Place(file=part.name), form.records.columns[column].name
            findings.append(
                Finding.of("records_column_renamed", place, column=column, name=shown, unknown=tuple(unknown))
                if unknown
                else Finding.of("records_column_missing", place, column=column, name=shown)
            )
    return found, findings


def _places(found: Mapping[str, str], names: Sequence[str]) -> dict[int, str]:
    columns = {header: column for column, header in found.items()}
    return {place: columns[name] for place, name in enumerate(names) if name in columns}


def _is_date(form: Form, found: Mapping[str, str], name: str) -> bool:
    return any(header == name and form.records.columns[column].type == "date" for column, header in found.items())


def _date_format(form: Form, shown: Sequence[str]) -> str:
    """Return the way of writing dates that fits most of those shown."""
    return max(form.records.date_formats, key=lambda way: sum(_reads(text, way) for text in shown))


def _invented(numbers: Sequence[str]) -> bool:
    return bool(numbers) and all(INVENTED_PERSON.fullmatch(number) for number in numbers)


def _reads(text: str, way: str) -> bool:
    try:
        return bool(datetime.strptime(text, way))
    except ValueError:
        return False


def _stops(findings: Sequence[Finding]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)
