"""The office's folder: what this office says of its own exports, laid over what the form says.

`aliases.csv`     labels of the office for codes of the form
`sources.toml`    names, headers and coverage of its exports, by table
`corrections.toml` known errors of its exports, each with a guard
`answers.toml`    what the office knows of what the notes leave open (see `questions`)
`accepted.toml`   warnings that somebody has looked at (see `acceptance`)

The form itself, in reference/, is the authority's and stays as it is. Where both speak of the same label, table or
correction, the office is right about its own exports. Nothing here changes a row, a column or a rule of the form.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

from pydantic import BaseModel, Field, ValidationError

from form1.core.errors import ConfigurationError, UsageError
from form1.core.validation_errors import first_in_words
from form1.definition.codelists import CodeList
from form1.definition.form import Form
from form1.definition.questions import Answer, answered
from form1.definition.records import Correction, Coverage, Identifier, Record, TableId
from form1.definition.spelling import Folding, tidy

ALIASES: Final = "aliases.csv"
SOURCES: Final = "sources.toml"
CORRECTIONS: Final = "corrections.toml"
ANSWERS: Final = "answers.toml"
ACCEPTED: Final = "accepted.toml"
_COLUMNS: Final = ("list", "code", "label", "by", "on", "note")
_MOST_BYTES: Final = 4 * 1024 * 1024

Entry = TypeVar("Entry", bound=BaseModel)


class Alias(Record):
    """A label of the office for a code of a code list; who said so, and when."""

    list: Identifier
    code: str = Field(min_length=1)
    label: str = Field(min_length=1, max_length=300)
    by: str = ""
    on: date | None = None
    note: str = ""


class OfficeSource(Record):
    """How the office writes the export of one table; what it leaves out is as the form has it."""

    table: TableId
    also_named: tuple[str, ...] = ()
    """Names of files and sheets, beside those of the form."""
    covers: Literal["year_to_date", "quarter"] | None = None
    since: str = "2015-Q1"
    """The first period for which `covers` holds."""
    complete: bool | None = None
    """True when a combination without a row means zero."""
    blank_means_zero: bool | None = None
    """True when an empty cell among the counts means zero."""
    last_line_open: bool | None = None
    """True when its text files are always written without an end of their last line."""


class OfficeDimension(Record):
    """How the office heads the column of a dimension, beside the headers of the form."""

    id: Identifier
    headers: tuple[str, ...] = Field(min_length=1)


class OfficeSources(Record):
    """sources.toml of the office."""

    measure_headers: tuple[str, ...] = ()
    ignored_headers: tuple[str, ...] = ()
    """Columns that are declared to say nothing about the counts."""
    ignored_files: tuple[str, ...] = ()
    dimension: tuple[OfficeDimension, ...] = ()
    source: tuple[OfficeSource, ...] = ()


@dataclass(frozen=True)
class Office:
    """What stands in the office's folder."""

    folder: Path
    aliases: tuple[Alias, ...] = ()
    sources: OfficeSources = field(default_factory=OfficeSources)
    corrections: tuple[Correction, ...] = ()
    answers: Mapping[str, Answer] = field(default_factory=dict)
    """By question."""

    @property
    def accepted(self) -> Path | None:
        """The accepted warnings, when there are any."""
        path = self.folder / ACCEPTED
        return path if path.is_file() else None

    @property
    def sha256(self) -> str:
        """The hash of what the office says of its exports, whatever its files look like (answers: `answers_used`)."""
        said = [*self.aliases, self.sources, *self.corrections]
        return hashlib.sha256("\n".join(entry.model_dump_json() for entry in said).encode()).hexdigest()

    @property
    def is_silent(self) -> bool:
        """True when the office says nothing that the form does not."""
        return self.is_silent_on_exports and not self.answers

    @property
    def is_silent_on_exports(self) -> bool:
        """True when it says nothing of its exports."""
        return not self.aliases and not self.corrections and self.sources == OfficeSources()


def read_office(folder: Path) -> Office:
    """Return what the office's folder says; ConfigurationError names the file, the entry and what is wrong with it.

    A folder that is not there says nothing; so does a file that is not there.
    """
    return Office(
        folder=folder,
        aliases=tuple(_aliases(folder / ALIASES)),
        sources=_record(folder / SOURCES, OfficeSources),
        corrections=_corrections(folder / CORRECTIONS),
        answers=_answers(folder / ANSWERS),
    )


def laid_over(form: Form, office: Office) -> Form:
    """Return today's form as the office reads its exports; ConfigurationError where it speaks of what there is not."""
    if office.is_silent:
        return form
    _require_questions(form, office)
    return replace(
        answered(form, office.answers),
        codelists=_with_aliases(form, office),
        sources=_with_sources(form, office),
        corrections=_with_corrections(form, office),
        office_sha256="" if office.is_silent_on_exports else office.sha256,
    )


def add_alias(folder: Path, form: Form, alias: Alias) -> Path:
    """Write an alias into the office's folder and return the file; it is refused when it contradicts a name.

    UsageError when there is no such list or code, or when the label is the name of another code. Nothing is written
    when the office says so already.
    """
    office = read_office(folder)
    try:
        laid_over(form, replace(office, aliases=(*office.aliases, alias)))
    except ConfigurationError as error:
        raise UsageError(str(error)) from None
    path = folder / ALIASES
    if any((known.list, known.code, known.label) == (alias.list, alias.code, alias.label) for known in office.aliases):
        return path
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\n")
    if not path.is_file():
        writer.writerow(_COLUMNS)
    writer.writerow([alias.list, alias.code, alias.label, alias.by, alias.on or "", alias.note])
    folder.mkdir(parents=True, exist_ok=True)
    before = path.read_bytes() if path.is_file() else b""
    if before and not before.endswith(b"\n"):
        before += b"\n"
    building = path.with_name(f".{path.name}.new")
    with building.open("wb") as file:
        file.write(before + written.getvalue().encode())
        file.flush()
        os.fsync(file.fileno())
    building.replace(path)
    return path


def list_of(form: Form, code: str) -> str:
    """Return the code list of the tables that has a code; UsageError when none has it, or several."""
    used = {
        form.codelist_of(table, dimension).id: form.codelist_of(table, dimension)
        for table in form.tables.values()
        for dimension in table.dimensions
    }
    used |= {
        table.rows.groups.codes: form.codelists[table.rows.groups.codes]
        for table in form.tables.values()
        if table.rows.groups
    }
    having = sorted(name for name, codelist in used.items() if any(entry.code == code for entry in codelist.codes))
    if len(having) == 1:
        return having[0]
    if having:
        raise UsageError(f"several lists have the code {code!r}: {', '.join(having)}. Name one with --list.")
    raise UsageError(f"no code list of the form has the code {code!r} (docs/methods.md lists them).")


def _with_aliases(form: Form, office: Office) -> Mapping[str, CodeList]:
    folding = Folding(form.sources.look_alikes)
    path = office.folder / ALIASES
    codelists = dict(form.codelists)
    for name in dict.fromkeys(alias.list for alias in office.aliases):
        if name not in codelists:
            raise ConfigurationError(
                f"{path}: there is no code list {name!r}. There are {', '.join(sorted(codelists))}."
            )
        own = [alias for alias in office.aliases if alias.list == name]
        codelists[name] = _one_list(path, folding, codelists[name], own)
    return codelists


def _one_list(path: Path, folding: Folding, codelist: CodeList, own: Iterable[Alias]) -> CodeList:
    """A list with the office's labels; the form's own alias for the same label gives way, a name does not."""
    codes = {entry.code for entry in codelist.codes}
    named = {
        key: entry.code
        for entry in codelist.codes
        for label in (entry.code, entry.name.az, entry.name.en, entry.name.ru)
        for key in folding.keys(label)
    }
    said: dict[str, str] = {}
    for alias in own:
        if alias.code not in codes:
            raise ConfigurationError(
                f"{path}: the list {codelist.id} has no code {alias.code!r} (label “{alias.label}”)."
            )
        for key in folding.keys(alias.label):
            if not tidy(alias.label) or named.get(key, alias.code) != alias.code:
                raise ConfigurationError(
                    f"{path}: “{alias.label}” is the name of {named.get(key, '')!r} in {codelist.id}; it cannot stand "
                    f"for {alias.code!r}. Delete the line."
                )
            if said.setdefault(key, alias.code) != alias.code:
                raise ConfigurationError(
                    f"{path}: “{alias.label}” stands for {said[key]!r} and for {alias.code!r}. Keep one of the lines."
                )
    kept = [
        (code, label)
        for code, label in codelist.aliases
        if all(said.get(key, code) == code for key in folding.keys(label))
    ]
    return codelist.model_copy(update={"aliases": (*kept, *((alias.code, alias.label) for alias in own))})


def _with_sources(form: Form, office: Office) -> Any:
    path, said = office.folder / SOURCES, office.sources
    dimensions = {dimension.id: dimension for dimension in form.sources.dimension}
    for own in said.dimension:
        if own.id not in dimensions:
            raise ConfigurationError(f"{path}: there is no dimension {own.id!r}. There are {', '.join(dimensions)}.")
        known = dimensions[own.id]
        dimensions[own.id] = known.model_copy(update={"headers": (*known.headers, *own.headers)})
    sources = {source.table: source for source in form.sources.source}
    for entry in said.source:
        if entry.table not in sources:
            raise ConfigurationError(f"{path}: there is no table {entry.table!r}. There are {', '.join(sources)}.")
        source = sources[entry.table]
        update: dict[str, object] = {"also_named": (*source.also_named, *entry.also_named)}
        if entry.covers is not None:
            before = tuple(c for c in source.coverage if c.since < entry.since)
            update["coverage"] = (*before, Coverage(since=entry.since, covers=entry.covers))
        if entry.complete is not None:
            update["complete"] = entry.complete
        if entry.blank_means_zero is not None:
            update["blank_means_zero"] = entry.blank_means_zero
        if entry.last_line_open is not None:
            update["last_line_open"] = entry.last_line_open
        sources[entry.table] = source.model_copy(update=update)
    return form.sources.model_copy(
        update={
            "measure_headers": (*form.sources.measure_headers, *said.measure_headers),
            "ignored_headers": (*form.sources.ignored_headers, *said.ignored_headers),
            "ignored_files": (*form.sources.ignored_files, *said.ignored_files),
            "dimension": tuple(dimensions.values()),
            "source": tuple(sources.values()),
        }
    )


def _with_corrections(form: Form, office: Office) -> tuple[Correction, ...]:
    """The form's recorded corrections and the office's, whose entries win over those of the same cell."""

    def cell(entry: Correction) -> tuple[str, str, str, str]:
        return (entry.period, entry.table, entry.row, entry.column)

    own = {cell(entry) for entry in office.corrections}
    return (*(entry for entry in form.corrections if cell(entry) not in own), *office.corrections)


def _aliases(path: Path) -> Iterator[Alias]:
    text = _text(path)
    if text is None:
        return
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    if tuple(reader.fieldnames or ()) != _COLUMNS:
        raise ConfigurationError(f"{path}: the first line must be {','.join(_COLUMNS)}.")
    try:
        for row in reader:
            if None in row or None in row.values():
                raise ConfigurationError(f"{path} line {reader.line_num}: {len(_COLUMNS)} columns are needed.")
            yield _valid(f"{path} line {reader.line_num}", Alias, {**row, "on": row["on"] or None})
    except csv.Error as error:
        raise ConfigurationError(f"{path} line {reader.line_num}: {error}.") from None


def _corrections(path: Path) -> tuple[Correction, ...]:
    content = _toml(path)
    if set(content) - {"correction"}:
        raise ConfigurationError(f"{path}: unknown key {', '.join(sorted(set(content) - {'correction'}))}.")
    return tuple(
        _valid(f"{path}, correction {number}", Correction, entry)
        for number, entry in enumerate(content.get("correction", []), start=1)
    )


def _answers(path: Path) -> dict[str, Answer]:
    return {key: _valid(f"{path}, {key}", Answer, entry) for key, entry in _toml(path).items()}


def _require_questions(form: Form, office: Office) -> None:
    known = {question.id for question in form.questions}
    for key in office.answers:
        if key not in known:
            raise ConfigurationError(
                f"{office.folder / ANSWERS}: there is no question {key!r}. There are {', '.join(sorted(known))}; "
                "`form1 questions` explains them."
            )


def _record(path: Path, model: type[Entry]) -> Entry:
    return _valid(str(path), model, _toml(path))


def _toml(path: Path) -> dict[str, Any]:
    text = _text(path)
    try:
        return tomllib.loads(text) if text is not None else {}
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path} is not valid TOML: {error}.") from None


def _text(path: Path) -> str | None:
    if not path.exists():
        return None
    if not path.is_file() or path.stat().st_size > _MOST_BYTES:
        raise ConfigurationError(f"{path} cannot be read: it is no ordinary file, or larger than 4 MiB.")
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}. Save it as UTF-8.") from None


def _valid(where: str, model: type[Entry], content: Any) -> Entry:
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise ConfigurationError(f"{where}: {first_in_words(error, tuple(model.model_fields))}.") from None
