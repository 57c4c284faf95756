"""The archive of editions: `output/PERIOD/rN/`, and what stands in it."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from form1.core.cells import Address, Cell, Origin
from form1.core.errors import DeliveryError, UsageError
from form1.core.periods import Period, is_period
from form1.core.sentences import says
from form1.core.values import Status

_REVISION = re.compile(r"r([1-9][0-9]{0,3})")
MANIFEST = "manifest.json"
SIGNATURE = f"{MANIFEST}.p7s"
"""The signature of the manifest: no file of the manifest, which was written first; the journal knows it."""
CELLS = "cells.csv"
_LONGEST_NAME = 255
"""Bytes that a file's name may have."""


class Listed(NamedTuple):
    """A file as the manifest lists it."""

    name: str
    size: int
    sha256: str


class Kept(ABC):
    """What is kept in a folder `PERIOD/rN` with a manifest: an edition, or what was received."""

    folder: Path

    @property
    @abstractmethod
    def key(self) -> tuple[str, int]:
        """What names it in the journal."""

    @property
    @abstractmethod
    def told(self) -> tuple[object, object]:
        """Where it belongs, as its manifest tells it: the `key` of the folder that it was written into."""

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What manifest.json says; DeliveryError when it cannot be read."""
        path = self.folder / MANIFEST
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise DeliveryError(f"{path} cannot be read: {error}. It was changed after it was put there.") from None
        if not isinstance(content, dict):
            raise DeliveryError(f"{path} is no manifest. It was changed after it was put there.")
        return content

    @property
    def listed(self) -> tuple[Listed, ...]:
        """The files that the manifest lists; DeliveryError when its list is none."""
        try:
            listed = tuple(Listed(file["name"], file["size"], file["sha256"]) for file in self.manifest["outputs"])
            sound = all(
                _is_name(name) and isinstance(size, int) and isinstance(hash, str) for name, size, hash in listed
            )
        except (KeyError, TypeError, ValueError):
            sound = False
        if not sound:
            raise DeliveryError(
                f"{self.folder / MANIFEST} lists no files. The edition was changed after it was published."
            )
        return listed

    def damage(self) -> list[str]:
        """Return the names of the files that are missing or no longer what the manifest says, or its own."""
        try:
            listed = self.listed
        except DeliveryError:
            return [MANIFEST]
        return [
            file.name
            for file in listed
            if not (path := self.folder / file.name).is_file()
            or hashlib.sha256(path.read_bytes()).hexdigest() != file.sha256
        ]

    def cells(self) -> dict[Address, Cell]:
        """Return the cells of its form."""
        return read_cells(self.folder / CELLS)


@dataclass(frozen=True)
class Edition(Kept):
    """One published edition."""

    period: Period
    revision: int
    folder: Path

    @property
    def key(self) -> tuple[str, int]:
        """What names it in the journal."""
        return str(self.period), self.revision

    @property
    def told(self) -> tuple[object, object]:
        """Period and revision as the manifest tells them."""
        return self.manifest.get("period"), self.manifest.get("revision")


def _is_name(name: object) -> bool:
    """True for what can be the name of a file, without a folder; ValueError for text that no file system takes."""
    if not isinstance(name, str) or name in {"", ".", ".."} or set(name) & set("/\0"):
        return False
    return len(name.encode()) <= _LONGEST_NAME


def named_edition(written: str) -> tuple[Period, str] | None:
    """Return period and revision of `2026-Q3`, `2026-Q3/r1` or `2026-Q3/latest`; None for what names no edition.

    A name like this means the archive, whatever folder of that name there is.
    """
    period, _, revision = written.rstrip("/").partition("/")
    if is_period(period) and (revision in {"", "latest"} or _REVISION.fullmatch(revision)):
        return Period.parse(period), revision
    return None


def read_cells(path: Path) -> dict[Address, Cell]:
    """Return the cells of a cells.csv; DeliveryError when it cannot be read."""
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            return {
                Address(row["table"], row["row"], row["column"]): Cell(
                    int(row["value"]) if row["value"] else None, Status(row["status"]), Origin.RECEIVED
                )
                for row in csv.DictReader(lines)
            }
    except (OSError, KeyError, ValueError, csv.Error) as error:
        raise DeliveryError(f"{path} cannot be read: {error}. It was changed after it was published.") from None


@dataclass(frozen=True)
class Archive:
    """All editions below an output folder."""

    output: Path

    def editions(self, period: Period) -> list[Edition]:
        """Return the editions of a period, oldest first; DeliveryError when its folder cannot be looked into."""
        folder = self.output / str(period)
        if not folder.is_dir():
            return []
        try:
            found = [
                Edition(period, int(match[1]), path)
                for path in folder.iterdir()
                if (match := _REVISION.fullmatch(path.name)) and path.is_dir()
            ]
        except OSError as error:
            raise DeliveryError(
                f"{folder} cannot be read: {error.strerror}. Mend its owner and rights. Nothing was published."
            ) from None
        return sorted(found, key=lambda edition: edition.revision)

    def periods(self) -> list[Period]:
        """Return the periods that have a folder, in the order of their ends, a year after its fourth quarter."""
        try:
            names = [path.name for path in self.output.iterdir() if is_period(path.name) and path.is_dir()]
        except OSError:
            return []
        return sorted(map(Period.parse, names), key=lambda period: period.in_time)

    def named(self, name: str) -> Edition:
        """Return an edition by its name: `2026-Q3` (the latest) or `2026-Q3/r1` in this archive, else a path of one.

        A folder that has such a name is written `./2026-Q3/r1`. UsageError when there is no such edition.
        """
        period, _, revision = name.partition("/")
        if is_period(period) and (revision in {"", "latest"} or _REVISION.fullmatch(revision)):
            for edition in reversed(self.editions(Period.parse(period))):
                if revision in {"", "latest", edition.folder.name}:
                    return edition
            raise says(UsageError, "no_such_edition", output=self.output, edition=name)
        folder = Path(name).resolve()
        match = _REVISION.fullmatch(folder.name)
        if match and is_period(folder.parent.name) and (folder / MANIFEST).is_file():
            return Edition(Period.parse(folder.parent.name), int(match[1]), folder)
        raise says(UsageError, "no_edition_name", edition=name)

    def all(self) -> list[Edition]:
        """Return every edition, by period and revision."""
        return [edition for period in self.periods() for edition in self.editions(period)]

    def latest(self, period: Period) -> Edition | None:
        """Return the edition with the highest revision of a period, or None."""
        editions = self.editions(period)
        return editions[-1] if editions else None
