"""The proof of an archive: files against their manifest, manifests against the journal, the journal against itself."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from form1.archive.store import disk, journal
from form1.archive.store.editions import MANIFEST, SIGNATURE, Archive, Kept
from form1.archive.store.publish import LATEST
from form1.core.errors import DeliveryError
from form1.core.periods import Period


class Kind(StrEnum):
    """What is wrong. The values are words of words.toml after `harm_`."""

    MISSING = "missing"
    CHANGED = "changed"
    EXTRA = "extra"
    UNREADABLE = "unreadable"
    NOT_IN_JOURNAL = "not_in_journal"
    OTHER_MANIFEST = "other_manifest"
    """The manifest is not the one that the journal knows."""
    GONE = "gone"
    """The journal knows an edition that is not there."""
    JOURNAL_GONE = "journal_gone"
    JOURNAL_CHANGED = "journal_changed"
    JOURNAL_CUT = "journal_cut"
    LATEST = "latest"
    """`latest` does not point at the last revision."""
    UNFINISHED = "unfinished"
    """What a killed run has left; the next run mends it."""
    NUMBERS = "numbers"
    """The numbers of two files of an edition differ."""
    ATTACHED = "attached"
    """A file inside the PDF is not the one beside it."""
    SIGNATURE = "signature"
    UNSIGNED = "unsigned"
    """The edition has no signature, though the office signed by then."""
    MISPLACED = "misplaced"
    """The manifest is of another period or revision than its folder."""
    CHAIN = "chain"
    """The manifest follows another line of the journal than the one before its own."""
    ROLLED_BACK = "rolled_back"
    """The journal lacks the line whose seal was kept elsewhere, or what stood by then."""


@dataclass(frozen=True, slots=True)
class Harm:
    """One thing that is not as it was published; `period` is empty for what concerns the whole archive."""

    kind: Kind
    where: str
    """The path, below the output folder."""
    period: str = ""
    detail: str = ""


def harms(output: Path) -> Iterator[Harm]:
    """Yield everything in an archive that is not as it was published; nothing is written."""
    archive, known = Archive(output), journal.read(output)
    yield from _of_journal(archive, known)
    for period in archive.periods():
        yield from _of_period(output, archive, period, known)
    there = {edition.key for edition in archive.all()}
    for home, revision in sorted(known.standing.keys() - there):
        building = output / home / f"{disk.UNFINISHED}r{revision}"
        kind = Kind.UNFINISHED if building.is_dir() else Kind.GONE
        yield Harm(kind, f"{home}/r{revision}", home)


def harms_of(edition: Kept, known: journal.Reading) -> Iterator[Harm]:
    """Yield what is wrong with an edition or a reception: its files, its manifest, and that against the journal."""
    period = edition.key[0]
    home = f"{period}/{edition.folder.name}"
    entry = known.standing.get(edition.key)
    if entry is None:
        yield Harm(Kind.NOT_IN_JOURNAL, home, period)
    try:
        manifest = (edition.folder / MANIFEST).read_bytes()
        listed = {file.name: file for file in edition.listed}
        told = edition.told
    except FileNotFoundError:
        yield Harm(Kind.MISSING, f"{home}/{MANIFEST}", period)
        return
    except (OSError, DeliveryError):
        yield Harm(Kind.UNREADABLE, f"{home}/{MANIFEST}", period)
        return
    if entry is not None and hashlib.sha256(manifest).hexdigest() != entry.manifest_sha256:
        yield Harm(Kind.OTHER_MANIFEST, f"{home}/{MANIFEST}", period)
    if told != edition.key:
        yield Harm(Kind.MISPLACED, f"{home}/{MANIFEST}", period, f"{told[0]}/r{told[1]}")
    # Editions of before this was told have no such word.
    if entry is not None and edition.manifest.get("previous", entry.previous) != entry.previous:
        yield Harm(Kind.CHAIN, f"{home}/{MANIFEST}", period)
    for name, size, sha256 in listed.values():
        path = edition.folder / name
        if path.is_symlink() or not path.is_file():
            yield Harm(Kind.MISSING, f"{home}/{name}", period)
        elif path.stat().st_size != size or _sha256(path) != sha256:
            yield Harm(Kind.CHANGED, f"{home}/{name}", period)
    if entry is not None and entry.signature_sha256:
        path = edition.folder / SIGNATURE
        if not path.is_file():
            yield Harm(Kind.MISSING, f"{home}/{SIGNATURE}", period)
        elif _sha256(path) != entry.signature_sha256:
            yield Harm(Kind.CHANGED, f"{home}/{SIGNATURE}", period)
    signed = {SIGNATURE} if entry is not None and entry.signature_sha256 else set()
    for path in sorted(edition.folder.iterdir()):
        if path.name not in {*listed, *signed, MANIFEST}:
            yield Harm(Kind.EXTRA, f"{home}/{path.name}", period)


def _of_journal(archive: Archive, known: journal.Reading) -> Iterator[Harm]:
    editions = archive.all()
    if not known.exists and editions:
        yield Harm(Kind.JOURNAL_GONE, journal.FILE)
    elif known.broken:
        yield Harm(Kind.JOURNAL_CHANGED, journal.FILE, detail=str(known.broken))
    elif known.torn:
        yield Harm(Kind.JOURNAL_CUT, journal.FILE, detail=str(len(known.entries) + 1))


def _of_period(output: Path, archive: Archive, period: Period, known: journal.Reading) -> Iterator[Harm]:
    home = output / str(period)
    editions = archive.editions(period)
    for edition in editions:
        yield from harms_of(edition, known)
    mine = {LATEST, *(edition.folder.name for edition in editions)}
    for path in sorted(home.iterdir()):
        if path.name not in mine:
            kind = Kind.UNFINISHED if path.name.startswith(disk.UNFINISHED) else Kind.EXTRA
            yield Harm(kind, f"{period}/{path.name}", str(period))
    if editions and aim(home / LATEST) != editions[-1].folder.name:
        yield Harm(Kind.LATEST, f"{period}/{LATEST}", str(period))


def aim(link: Path) -> str:
    """Return where a link points; empty when it is none."""
    try:
        return os.readlink(link)
    except OSError:
        return ""


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
