"""Load reference/: TOML and CSV files into frozen records, refusing what they do not understand."""

from __future__ import annotations

import csv
import hashlib
import io
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from form1.core.errors import DefinitionError, UsageError
from form1.core.folders import data_folder
from form1.core.texts import Text
from form1.core.validation_errors import first_error
from form1.definition.annexes import FOLDER, About, Annex, with_annexes
from form1.definition.codelists import Classification, Code, CodeList
from form1.definition.counting import Counting
from form1.definition.form import Form
from form1.definition.notes import Aspect, Note
from form1.definition.record_layout import Records
from form1.definition.records import Correction, Identity, Message, Question, Sources, Table
from form1.definition.residence import Residence
from form1.definition.rulebook import Rulebook
from form1.definition.summary import Figure
from form1.definition.versions import Link, Overlay, SourcesPart, Version, in_order

_CODE_COLUMNS = (
    "code",
    *("name_az", "name_en", "name_ru"),
    *("parent", "counted_as", "flags"),
    *("valid_from", "valid_to"),
    *("source", "status", "note"),
)
_ASPECTS = "aspects.toml"
_ALIAS_COLUMNS = ("list", "code", "alias", "source", "status", "note")
_LINK_COLUMNS = ("list", "code", "on", "becomes", "source", "status", "note")
_OF_A_VERSION = ("form.toml", "tables", "codes", "sources.toml", "rules.toml", "notes.toml")
"""What the folder of a version may hold."""

Entry = TypeVar("Entry", bound=BaseModel)
Built = TypeVar("Built")


def load(folder: Path | None = None, annexes: Sequence[str] = ()) -> Form:
    """Return the definition of the form that stands in `folder` (by default the one that came with the program).

    `annexes` are folders of annexes/ whose tables are added to those of the form; UsageError when there is none.
    DefinitionError names the file and what is wrong with it.
    """
    folder = folder or data_folder("reference")
    if not (folder / "form.toml").is_file():
        raise DefinitionError(f"no definition of the form in {folder}: form.toml is missing.")
    identity = _record(folder / "form.toml", Identity)
    tables = [_record(path, Table) for path in sorted((folder / "tables").glob("*.toml"))]
    by_id = {table.id: table for table in tables}
    missing = [table for table in identity.tables if table not in by_id]
    if missing or len(by_id) != len(tables) or set(by_id) - set(identity.tables):
        raise DefinitionError(
            f"form.toml lists the tables {', '.join(identity.tables)}, "
            f"tables/ defines {', '.join(table.id for table in tables)}."
        )
    codelists = _codelists(folder / "codes")
    versions = in_order(_entries(folder / "versions.toml", "version", Version))
    form = Form(
        folder=folder,
        sha256=folder_hash(folder),
        identity=identity,
        tables={table: by_id[table] for table in identity.tables},
        codelists=codelists,
        sources=_record(folder / "sources.toml", Sources),
        rulebook=_record(folder / "rules.toml", Rulebook),
        messages={message.id: message for message in _entries(folder / "messages.toml", "message", Message)},
        words=_words(folder / "words.toml"),
        aspects=tuple(_entries(folder / "notes" / _ASPECTS, "aspect", Aspect)),
        notes=_notes(folder / "notes"),
        questions=tuple(_entries(folder / "questions.toml", "question", Question)),
        summary=tuple(_entries(folder / "summary.toml", "figure", Figure)),
        corrections=tuple(_entries(folder / "corrections.toml", "correction", Correction)),
        records=_record(folder / "records.toml", Records),
        counting=_record(folder / "counting.toml", Counting),
        versions=versions,
        links=tuple(_links(folder / "bridges.csv")),
        overlays=_overlays(folder / "versions", [version.id for version in versions[:-1]], codelists),
    )
    return with_annexes(form, [read_annex(folder, name) for name in dict.fromkeys(annexes)])


def annexes_of(folder: Path) -> tuple[str, ...]:
    """Return the annexes that a definition has, by the names of their folders."""
    inside = folder / FOLDER
    return tuple(sorted(path.name for path in inside.iterdir() if _counts(path))) if inside.is_dir() else ()


def read_annex(folder: Path, name: str) -> Annex:
    """Return an annex of the definition in `folder`; UsageError when it has none of that name."""
    known = annexes_of(folder)
    if name not in known:
        raise UsageError(f"no such annex: {name!r}. There are {', '.join(known) or 'none'} (reference/annexes).")
    folder = folder / FOLDER / name
    tables = [_record(path, Table) for path in sorted((folder / "tables").glob("*.toml"))]
    return Annex(
        id=name,
        about=_record(folder / "annex.toml", About),
        tables={table.id: table for table in tables},
        sources=_record(folder / "sources.toml", SourcesPart),
        rulebook=_record(folder / "rules.toml", Rulebook),
        notes=tuple(_entries(folder / "notes.toml", "note", Note)),
        residence=_record(folder / "residence.toml", Residence),
    )


def folder_hash(folder: Path) -> str:
    """Return the sha256 over the names and bytes of all files below `folder`, in the order of their names."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*"), key=lambda path: path.relative_to(folder).as_posix()):
        if path.is_file() and not path.name.startswith((".", "~")):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _notes(folder: Path) -> tuple[Note, ...]:
    """Read the notes of every file of the folder: which file a note stands in means nothing."""
    paths = [path for path in sorted(folder.glob("*.toml")) if path.name != _ASPECTS]
    notes = [(path.name, note) for path in paths for note in _entries(path, "note", Note)]
    first: dict[str, str] = {}
    for name, note in notes:
        if first.setdefault(note.id, name) != name:
            raise DefinitionError(f"notes/: {note.id} stands in {first[note.id]} and in {name}.")
    return tuple(note for _, note in notes)


def _words(path: Path) -> dict[str, Text]:
    return {word: _build(path, Text.model_validate, text, where=f"[{word}]") for word, text in _toml(path).items()}


def _links(path: Path) -> Iterator[Link]:
    for number, row in enumerate(_csv(path, _LINK_COLUMNS), start=2):
        yield _build(path, Link.model_validate, row, where=f"line {number}")


def _overlays(folder: Path, versions: list[str], codelists: Mapping[str, CodeList]) -> dict[str, Overlay]:
    """What each folder of versions/ holds; today's version has none, its files stand at the top of reference/."""
    found = sorted(path for path in folder.iterdir() if _counts(path)) if folder.is_dir() else []
    for path in found:
        if path.name not in versions:
            raise DefinitionError(
                f"versions/{path.name}: no such older version. Folders are named after {', '.join(versions) or 'none'}."
            )
        odd = sorted(part.name for part in path.iterdir() if _counts(part) and part.name not in _OF_A_VERSION)
        if odd:
            raise DefinitionError(f"versions/{path.name}: {odd[0]} cannot differ; only {', '.join(_OF_A_VERSION)} can.")
    return {path.name: _overlay(path, codelists) for path in found}


def _counts(path: Path) -> bool:
    return not path.name.startswith((".", "~"))


def _overlay(folder: Path, codelists: Mapping[str, CodeList]) -> Overlay:
    tables = [_record(path, Table) for path in sorted((folder / "tables").glob("*.toml"))]
    form, sources, rules, notes = (folder / f"{name}.toml" for name in ("form", "sources", "rules", "notes"))
    return Overlay(
        identity=_record(form, Identity) if form.is_file() else None,
        tables={table.id: table for table in tables},
        codelists=_codelists(folder / "codes", codelists) if (folder / "codes").is_dir() else {},
        sources=_record(sources, SourcesPart) if sources.is_file() else SourcesPart(),
        rulebook=_record(rules, Rulebook) if rules.is_file() else Rulebook(),
        notes=tuple(_entries(notes, "note", Note)) if notes.is_file() else (),
    )


def _codelists(folder: Path, today: Mapping[str, CodeList] = MappingProxyType({})) -> dict[str, CodeList]:
    """The code lists of a folder; those of an older version go by today's title and aliases where it has none."""
    about = _toml(folder / "lists.toml") if not today or (folder / "lists.toml").is_file() else {}
    classifications = {name: codelist.classification for name, codelist in today.items()} | {
        name: _build(folder / "lists.toml", Classification.model_validate, entry, where=f"[{name}]")
        for name, entry in about.items()
    }
    aliases: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in _csv(folder / "aliases.csv", _ALIAS_COLUMNS) if not today or (folder / "aliases.csv").is_file() else ():
        aliases[row["list"]].append((row["code"], row["alias"]))
    files = {path.stem: path for path in sorted(folder.glob("*.csv")) if path.stem != "aliases"}
    odd = (set(about) - set(files)) | (set(files) - set(classifications)) | (set(aliases) - set(files))
    if odd:
        raise DefinitionError(f"codes/: {', '.join(sorted(odd))} must stand both as a file and in lists.toml.")
    return {
        name: CodeList(
            id=name,
            classification=classifications[name],
            codes=tuple(_code(path, number, row) for number, row in enumerate(_csv(path, _CODE_COLUMNS), start=2)),
            aliases=tuple(aliases[name] or (today[name].aliases if name in today else ())),
        )
        for name, path in files.items()
    }


def _code(path: Path, number: int, row: dict[str, str]) -> Code:
    entry = {
        "code": row["code"],
        "name": {"az": row["name_az"], "en": row["name_en"], "ru": row["name_ru"]},
        "parent": row["parent"],
        "counted_as": row["counted_as"],
        "flags": frozenset(filter(None, row["flags"].split(";"))),
        "valid_from": row["valid_from"] or None,
        "valid_to": row["valid_to"] or None,
        "source": row["source"],
        "status": row["status"],
        "note": row["note"],
    }
    return _build(path, Code.model_validate, entry, where=f"line {number}")


def _record(path: Path, model: type[Entry]) -> Entry:
    return _build(path, model.model_validate, _toml(path))


def _entries(path: Path, key: str, model: type[Entry]) -> list[Entry]:
    content = _toml(path)
    if set(content) - {key}:
        raise DefinitionError(
            f"{path.name}: unknown key {', '.join(sorted(set(content) - {key}))}; expected [[{key}]]."
        )
    entries = [
        _build(path, model.model_validate, entry, where=f"{key} {entry.get('id', number)}")
        for number, entry in enumerate(content.get(key, []), start=1)
    ]
    names = [getattr(entry, "id") for entry in entries]  # noqa: B009 - every entry has an id, the type variable does not say so
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DefinitionError(f"{path.name}: {', '.join(twice)} stands more than once.")
    return entries


def _build(path: Path, build: Callable[[Any], Built], content: Any, where: str = "") -> Built:
    try:
        return build(content)
    except ValidationError as error:
        first = first_error(error)
        place = " ".join(filter(None, (f"{path.parent.name}/{path.name}", where, first.key)))
        raise DefinitionError(f"{place}: {first.message} (found {str(first.found)[:80]!r}).") from None


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DefinitionError(f"{path.parent.name}/{path.name} is missing.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DefinitionError(f"{path.parent.name}/{path.name} is not valid TOML: {error}.") from None


def _csv(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, UnicodeDecodeError) as error:
        raise DefinitionError(f"{path.parent.name}/{path.name} cannot be read: {error}.") from None
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    if tuple(reader.fieldnames or ()) != columns:
        raise DefinitionError(f"{path.parent.name}/{path.name}: the columns must be {','.join(columns)}.")
    rows = list(reader)
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise DefinitionError(f"{path.parent.name}/{path.name} line {number}: {len(columns)} columns are needed.")
    return rows
