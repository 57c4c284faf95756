"""The journal of an archive: a line for every edition that was published, each sealed and chained to the one before.

The register of receptions keeps one of the same kind: a line for every file received and every form accepted.

`journal.jsonl` only ever grows. A line is written before its edition is put in its place, so that a run that is killed
in between can be completed; every edition that stands has a line, so that a line cut off is missed.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from form1.archive.store import disk
from form1.core.errors import DeliveryError, UsageError
from form1.core.periods import Period, is_period

FILE: Final = "journal.jsonl"
_START: Final = "0" * 64
UNREAD: Final = "unread"
"""What stands in the place of the period for a received file that tells none."""


class Event(StrEnum):
    """What a line of the journal says."""

    PUBLISHED = "published"
    ADOPTED = "adopted"
    """An edition of a version that kept no journal."""
    WITHDRAWN = "withdrawn"
    """The publication of an edition was begun and never came to be."""
    RECEIVED = "received"
    """A file was received; its `revision` is the number of the reception."""
    ACCEPTED = "accepted"
    """A received form was accepted; `manifest_sha256` is that of the acceptance."""


@dataclass(frozen=True)
class Entry:
    """A line: what happened to which edition, when, in which run; `previous` is the seal of the line before."""

    number: int
    time: str
    """ISO 8601 with the offset of Asia/Baku."""
    event: Event
    period: str
    revision: int
    manifest_sha256: str
    signature_sha256: str
    """Of the signature of the manifest; empty for an edition that was not signed."""
    verdict: str
    run: str
    previous: str

    @property
    def edition(self) -> tuple[str, int]:
        """The edition, or the reception, that the line is about."""
        return self.period, self.revision

    @property
    def seal(self) -> str:
        """The sha256 over everything else in the line."""
        return hashlib.sha256(json.dumps(asdict(self), ensure_ascii=False).encode()).hexdigest()

    def line(self) -> bytes:
        """Return the entry as its line, without the end of line."""
        return json.dumps({**asdict(self), "seal": self.seal}, ensure_ascii=False).encode()


@dataclass(frozen=True)
class Reading:
    """What a journal holds: its entries up to the first fault, and the fault."""

    entries: tuple[Entry, ...]
    broken: int = 0
    """Number of the first line that is no entry or does not follow from the one before; 0 when all do."""
    torn: int = 0
    """Bytes after the last end of line: what a killed run, or a cut, has left of a line."""
    exists: bool = True

    @property
    def standing(self) -> Mapping[tuple[str, int], Entry]:
        """The editions, or receptions, that should stand, with the line that put them there.

        Only what the last call put there can have been cut short, since the next one begins by withdrawing it: a line
        that withdraws what is older, or puts there what stands already, is no work of this program and is void.
        """
        found: dict[tuple[str, int], Entry] = {}
        last_call = None
        for entry in self.entries:
            if entry.event == Event.ACCEPTED:
                continue
            if entry.event != Event.WITHDRAWN:
                found.setdefault(entry.edition, entry)
                last_call = entry.time, entry.run
            elif (withdrawn := found.get(entry.edition)) and (withdrawn.time, withdrawn.run) == last_call:
                del found[entry.edition]
        return found

    @property
    def seal(self) -> str:
        """The seal of the last line, which stands for all lines before it; zeros before the first."""
        return self.entries[-1].seal if self.entries else _START

    @property
    def of_receptions(self) -> bool:
        """True for the journal of a register of receptions."""
        return any(entry.event in {Event.RECEIVED, Event.ACCEPTED} for entry in self.entries)

    def keeps(self, seal: str) -> bool:
        """True when a line has this seal, and what stood when it was written stands by the same line still."""
        seals = [entry.seal for entry in self.entries]
        if seal not in seals:
            return False
        then = Reading(self.entries[: seals.index(seal) + 1])
        return set(then.standing.values()) <= set(self.standing.values())

    @property
    def last_time(self) -> datetime | None:
        """When the last line was written."""
        return datetime.fromisoformat(self.entries[-1].time) if self.entries else None


def read(output: Path) -> Reading:
    """Return the journal of an output folder; DeliveryError when the file is there and cannot be read."""
    path = output / FILE
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Reading((), exists=False)
    except OSError as error:
        raise DeliveryError(f"{path} cannot be read: {error.strerror}.") from None
    *lines, rest = content.split(b"\n")
    entries: list[Entry] = []
    previous = _START
    for number, line in enumerate(lines, start=1):
        entry = _entry(line)
        if entry is None or entry.number != number or entry.previous != previous:
            return Reading(tuple(entries), broken=number)
        entries.append(entry)
        previous = entry.seal
    return Reading(tuple(entries), torn=len(rest))


def append(
    output: Path,
    event: Event,
    edition: tuple[Period | str, int],
    *,
    manifest_sha256: str,
    signature_sha256: str = "",
    verdict: str,
    now: datetime,
    run: str,
) -> int:
    """Write a line and bring it to the disk; return the length of the journal before, for `cut`.

    The caller holds the lock and has recovered the archive. OSError when it could not be written: then the journal is
    as it was, as far as the disk allows.
    """
    before = read(output)
    if before.broken or before.torn:
        raise DeliveryError(f"{output / FILE} is damaged. Restore it from a backup. Nothing was published.")
    period, revision = edition
    entry = Entry(
        number=len(before.entries) + 1,
        time=now.isoformat(timespec="seconds"),
        event=event,
        period=str(period),
        revision=revision,
        manifest_sha256=manifest_sha256,
        signature_sha256=signature_sha256,
        verdict=verdict,
        run=run,
        previous=before.seal,
    )
    handle = os.open(output / FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT, disk.FILE_MODE)
    try:
        length = os.fstat(handle).st_size
        try:
            _write_all(handle, entry.line() + b"\n")
            os.fsync(handle)
        except OSError:
            os.ftruncate(handle, length)
            raise
    finally:
        os.close(handle)
    if length == 0:
        disk.sync(output)
    return length


def as_seal(written: str) -> str:
    """Return a seal as a line has it; UsageError for what is none."""
    seal = written.strip().lower()
    if len(seal) != len(_START) or set(seal) - set("0123456789abcdef"):
        raise UsageError(f"{written[:80]!r} is no seal. Write the 64 digits that form1 verify has printed.")
    return seal


def cut(output: Path, length: int) -> None:
    """Take back what was written after `length` bytes: a line whose edition could not be put in its place."""
    os.truncate(output / FILE, length)


def _write_all(handle: int, content: bytes) -> None:
    while content:
        content = content[os.write(handle, content) :]


def _entry(line: bytes) -> Entry | None:
    """Return the entry of a line, or None when it is none; a line that says the same in other bytes is none either."""
    try:
        content = json.loads(line)
        content.pop("seal")
        entry = Entry(**{**content, "event": Event(content["event"])})
        moment = datetime.fromisoformat(entry.time)
        kinds = {field.name: int if field.type == "int" else str for field in fields(Entry)}
        well = all(isinstance(getattr(entry, name), kind) for name, kind in kinds.items())
        placed = is_period(entry.period) or (entry.period == UNREAD and entry.event == Event.RECEIVED)
        if not well or moment.tzinfo is None or not placed or entry.line() != line:
            return None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return entry
