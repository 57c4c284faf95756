"""The folder of a period: which files stand in it, which of them are exports, and of which table."""

from __future__ import annotations

import hashlib
import os
import stat
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


def list_files(form: Form, folder: Path, names: Names) -> tuple[list[FoundFile], list[Finding]]:
    """Return the files of a period's folder that may hold exports, by name, and findings about the others.

    OSError when the folder cannot be listed. Hidden files, lock files of office programs and sub-folders are skipped.
    """
    files: list[FoundFile] = []
    findings: list[Finding] = []
    sources = form.sources
    ignored = {name.casefold() for name in (*sources.ignored_files, sources.revision_note, sources.sums, ACCOUNT)}
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.startswith((".", "~$")) or path.name.casefold() in ignored or path.is_dir():
            continue
        table, kind = names.table_of(path.stem), path.suffix.lower()
        place = Place(table=table, file=f"{path.parent.name}/{path.name}")
        if path.is_symlink() or not path.is_file():
            findings.append(Finding.of("file_not_regular", place))
        elif kind in (*TEXT, PARQUET, WORKBOOK) or (kind in _REFUSED and table):
            files.append(FoundFile(path, path.name, kind, table))
        else:
            findings.append(Finding.of("file_not_used", place))
    return files, findings


def read_bytes(file: FoundFile, period: Period) -> tuple[bytes, InputFile]:
    """Return the bytes of a file, read once, and its name, size and sha256; Unreadable says why not."""
    try:
        # A link or a pipe may have taken the file's place since it was listed.
        handle = os.open(file.path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise Unreadable("file_unreadable", reason="not a regular file")
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise Unreadable("file_unreadable", reason=error.strerror or type(error).__name__) from None
    if len(data) > MOST_BYTES:
        raise Unreadable("file_too_large", bound=MOST_BYTES // 1024**2)
    if file.kind in _REFUSED:
        raise Unreadable("received_format", format=kind_of(data) or file.kind)
    if not data:
        raise Unreadable("file_empty")
    return data, InputFile(f"{period}/{file.name}", len(data), hashlib.sha256(data).hexdigest())
