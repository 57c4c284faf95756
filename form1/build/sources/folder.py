"""The folder of a period: which files stand in it, which of them are exports, and of which table."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from form1.build.sources.grid import MOST_BYTES, Unreadable
from form1.core.findings import Finding, Place
from form1.core.periods import Period
from form1.definition.form import Form
from form1.definition.spelling import Folding
from form1.model.exports import ACCOUNT
from form1.model.forms import InputFile

TEXT: Final = (".csv", ".txt", ".tsv")
WORKBOOK: Final = ".xlsx"
PARQUET: Final = ".parquet"
_REFUSED: Final = (".xls", ".xlsm", ".xlsb", ".ods")
_SHEET_TITLE: Final = 31
"""Titles of sheets are cut at this length."""


@dataclass(frozen=True)
class Names:
    """The names under which exports are known: those of sources.toml and the table's own id."""

    folding: Folding
    table_by_key: Mapping[str, str]

    @classmethod
    def of(cls, form: Form) -> Names:
        """Return the names of every source of the form."""
        folding = Folding.by(form.sources.look_alikes)
        tables: dict[str, str] = {}
        for source in form.sources.source:
            for name in (source.name, *source.also_named, source.table):
                for shown in (name, name[:_SHEET_TITLE]):
                    tables |= dict.fromkeys(folding.name_keys(shown), source.table)
        return cls(folding, tables)

    def table_of(self, name: str) -> str:
        """Return the table that a file's stem or a sheet's title names, or an empty string."""
        return next((self.table_by_key[key] for key in self.folding.name_keys(name) if key in self.table_by_key), "")


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
    ignored = {name.casefold() for name in (*form.sources.ignored_files, form.sources.revision_note, ACCOUNT)}
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.startswith((".", "~$")) or path.name.casefold() in ignored or path.is_dir():
            continue
        table, kind = names.table_of(path.stem), path.suffix.lower()
        place = Place(table=table, file=f"{path.parent.name}/{path.name}")
        if path.is_symlink() or not path.is_file():
            findings.append(Finding.of("file_not_regular", place))
        elif kind in (*TEXT, PARQUET) and not table:
            findings.append(Finding.of("file_not_used", place))
        elif kind in (*TEXT, PARQUET, WORKBOOK) or (kind in _REFUSED and table):
            files.append(FoundFile(path, path.name, kind, table))
        else:
            findings.append(Finding.of("file_not_used", place))
    return files, findings


def read_bytes(file: FoundFile, period: Period) -> tuple[bytes, InputFile]:
    """Return the bytes of a file, read once, and its name, size and sha256; Unreadable says why not."""
    if file.kind in _REFUSED:
        raise Unreadable("format_refused", format=file.kind)
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
    if not data:
        raise Unreadable("file_empty")
    return data, InputFile(f"{period}/{file.name}", len(data), hashlib.sha256(data).hexdigest())
