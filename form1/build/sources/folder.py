"""The folder of a period: which files stand in it, which of them are exports, and of which table."""

from __future__ import annotations

import hashlib
import os
import stat
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from form1.build.sources.grid import MOST_BYTES, Unreadable
from form1.build.sources.naming import Names
from form1.core.findings import Finding, Place
from form1.core.periods import Period
from form1.definition.form import Form
from form1.model.exports import ACCOUNT
from form1.model.forms import InputFile
from form1.xlsx.read.kinds import kind_of

TEXT: Final = (".csv", ".txt", ".tsv")
WORKBOOK: Final = ".xlsx"
PARQUET: Final = ".parquet"
_REFUSED: Final = (".xls", ".xlsm", ".xlsb", ".ods", ".fods", ".docx", ".htm", ".html", ".rtf")


@dataclass(frozen=True)
class FoundFile:
    """A file that may hold exports: `table` is empty when its name does not say which."""

    path: Path
    name: str
    kind: str
    table: str
    parts: tuple[Path, ...] = ()
    """The files of a Parquet file that is a folder."""


def list_files(form: Form, folder: Path, names: Names) -> tuple[list[FoundFile], list[Finding]]:
    """Return the files of a period's folder that may hold exports, by name, and findings about the others.

    OSError when the folder cannot be listed. Hidden files, lock files of office programs and sub-folders are
    skipped; a folder of Parquet parts is one file.
    """
    files: list[FoundFile] = []
    findings: list[Finding] = []
    sources = form.sources
    ignored = {name.casefold() for name in (*sources.ignored_files, sources.revision_note, sources.sums, ACCOUNT)}
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.startswith((".", "~$", "_")) or path.name.casefold() in ignored:
            continue
        if path.is_dir() and not path.is_symlink():
            if parts := _parts(path):
                table = names.table_of(_stem_and_kind(path)[0])
                files.append(FoundFile(path, path.name, PARQUET, table, parts))
            continue
        stem, kind = _stem_and_kind(path)
        table = names.table_of(stem)
        place = Place(table=table, file=f"{path.parent.name}/{path.name}")
        if path.is_symlink() or not path.is_file():
            findings.append(Finding.of("file_not_regular", place))
        elif kind in (*TEXT, PARQUET, WORKBOOK) or (kind in _REFUSED and table):
            files.append(FoundFile(path, path.name, kind, table))
        else:
            findings.append(Finding.of("file_not_used", place))
    return files, findings


def _stem_and_kind(path: Path) -> tuple[str, str]:
    """Return the name without its endings, and the ending that tells the kind; gzip is looked through."""
    inner = Path(path.stem) if path.suffix.lower() == ".gz" else path
    is_text = inner.suffix.lower() in TEXT
    return (inner.stem, inner.suffix.lower()) if is_text or inner is path else (path.stem, ".gz")


def _parts(folder: Path) -> tuple[Path, ...]:
    """Return the parts of a Parquet file that a program wrote as a folder; hidden files and marks of success aside."""
    try:
        return tuple(
            path
            for path in sorted(folder.iterdir(), key=lambda path: path.name)
            if path.suffix.lower() == PARQUET and not path.name.startswith((".", "_")) and not path.is_symlink()
        )
    except OSError:
        return ()


def _read(path: Path) -> bytes:
    """Return the bytes of an ordinary file; Unreadable says why not."""
    try:
        # A link or a pipe may have taken the file's place since it was listed.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise Unreadable("file_unreadable", reason="not a regular file")
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise Unreadable("file_unreadable", reason=error.strerror or type(error).__name__) from None
    if len(data) > MOST_BYTES:
        raise Unreadable("file_too_large", bound=MOST_BYTES // 1024**2)
    return data


def unpacked(file: FoundFile, data: bytes) -> bytes:
    """Return what a file holds: of a gzip file the text in it; Unreadable when it is broken, cut or too large."""
    if not file.name.lower().endswith(".gz"):
        return data
    inflater = zlib.decompressobj(wbits=31)
    try:
        content = inflater.decompress(data, MOST_BYTES + 1)
    except zlib.error:
        raise Unreadable("text_binary") from None
    if len(content) > MOST_BYTES:
        raise Unreadable("file_too_large", bound=MOST_BYTES // 1024**2)
    if not inflater.eof:
        raise Unreadable("export_packed_cut")
    return content


def read_bytes(file: FoundFile, period: Period) -> tuple[tuple[bytes, ...], InputFile]:
    """Return the bytes of each part of a file, read once, and its name, size and sha256; Unreadable says why not.

    The sha256 of a folder of parts is that of its parts one after the other.
    """
    parts = tuple(_read(part) for part in file.parts or (file.path,))
    size, digest = sum(map(len, parts)), hashlib.sha256()
    for part in parts:
        digest.update(part)
    if size > MOST_BYTES:
        raise Unreadable("file_too_large", bound=MOST_BYTES // 1024**2)
    if file.kind in _REFUSED:
        raise Unreadable("received_format", format=kind_of(parts[0]) or file.kind)
    if not size:
        raise Unreadable("file_empty")
    return parts, InputFile(f"{period}/{file.name}", size, digest.hexdigest())
