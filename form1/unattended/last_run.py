"""Whether anything has changed since the last run that left nothing to do: hashes of files, and no heavy import.

A night on which nothing happened must cost next to nothing. A run that ended well leaves behind what it saw, as one
hash, and until when that is good; the next run compares. What is left behind can be deleted at any time.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

FILE: Final = ".last-run.json"
DRAFTS: Final = "drafts"
"""The folder of the drafts (results.py)."""
_UNFINISHED: Final = ".unfinished-"
"""How the names begin of what a killed run leaves (disk.py)."""


def combined(parts: Mapping[str, str]) -> str:
    """Return one hash over everything that was looked at."""
    return hashlib.sha256(json.dumps(dict(parts), sort_keys=True).encode()).hexdigest()


def contents(folder: Path) -> str:
    """Return the hash over names and bytes of all files below a folder; the same for a folder that is not there."""
    digest = hashlib.sha256()
    for path in _files(folder):
        digest.update(os.fsencode(path.relative_to(folder)) + b"\0" + _told(path))
    return digest.hexdigest()


def archive(output: Path) -> str:
    """Return the hash over an archive: names and sizes of all files, the bytes of manifests and of the journal."""
    digest = hashlib.sha256()
    for folder in (output, *sorted(path for path in _list(output) if path.name[:2] == "20")):
        for path in _files(folder) if folder != output else sorted(_list(output)):
            try:
                if path.is_symlink():
                    told: bytes = os.fsencode(os.readlink(path))
                elif path.name in {"manifest.json", "journal.jsonl"} or path.is_dir():
                    told = _told(path)
                elif folder != output or path.name.startswith(_UNFINISHED):
                    told = str(path.stat().st_size).encode()
                else:
                    continue
            except OSError as error:
                told = str(error.errno).encode()
            digest.update(os.fsencode(path.relative_to(output)) + b"\0" + told)
    return digest.hexdigest()


def recall(output: Path, now: datetime) -> str:
    """Return the hash that the last run has left behind, or an empty string when it is no longer good at `now`."""
    try:
        left = json.loads((output / FILE).read_text(encoding="utf-8"))
        good = datetime.fromisoformat(left["at"]) <= now < datetime.fromisoformat(left["until"])
        return str(left["seal"]) if good else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def keep(output: Path, digest: str, now: datetime, until: datetime) -> None:
    """Leave behind what was seen; a disk that refuses costs the next run a second and nothing else."""
    building = output / f"{_UNFINISHED}{FILE}"
    try:
        building.write_text(json.dumps({"seal": digest, "at": now.isoformat(), "until": until.isoformat()}), "utf-8")
        building.replace(output / FILE)
    except OSError:
        forget(output)


def forget(output: Path) -> None:
    """Take back what the last run has left behind: the next run looks at everything."""
    for name in (FILE, f"{_UNFINISHED}{FILE}"):
        with contextlib.suppress(OSError):
            (output / name).unlink(missing_ok=True)


def _told(path: Path) -> bytes:
    """What stands for a file: the hash of its bytes; a pipe or a folder is not opened."""
    try:
        if not path.is_file():
            return b"folder" if path.is_dir() else b"no file"
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError as error:
        return str(error.errno).encode()


def _files(folder: Path) -> Iterator[Path]:
    """Yield all files below a folder, and the folders themselves."""
    for path in sorted(_list(folder)):
        yield path
        if os.path.isdir(path) and not os.path.islink(path):  # False also where this user may not look
            yield from _files(path)


def _list(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []
