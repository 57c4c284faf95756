"""The proof of a register: files against their manifest, manifests and acceptances against the journal."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from form1.archive import locking
from form1.archive.receptions.record import Register
from form1.archive.receptions.recording import acceptances_told
from form1.archive.store import disk, journal
from form1.archive.store.proof import Harm, Kind, aim, harms_of
from form1.archive.store.publish import LATEST

_OWN: Final = {journal.FILE, locking.FILE}


def harms(register: Register, known: journal.Reading) -> Iterator[Harm]:
    """Yield everything in a register that is not as it was recorded; nothing is written."""
    folder = register.folder
    if not known.exists and register.homes():
        yield Harm(Kind.JOURNAL_GONE, journal.FILE)
    elif known.broken:
        yield Harm(Kind.JOURNAL_CHANGED, journal.FILE, detail=str(known.broken))
    elif known.torn:
        yield Harm(Kind.JOURNAL_CUT, journal.FILE, detail=str(len(known.entries) + 1))
    accepted = {f"{entry.period}/{name}": entry.manifest_sha256 for entry, name in acceptances_told(known)}
    there = set()
    for home in register.homes():
        receptions = register.receptions(home)
        for reception in receptions:
            there.add(reception.key)
            yield from harms_of(reception, known)
        if receptions and aim(folder / home / LATEST) != receptions[-1].folder.name:
            yield Harm(Kind.LATEST, f"{home}/{LATEST}", home)
        mine = {LATEST, *(reception.folder.name for reception in receptions)}
        for path in sorted((folder / home).iterdir()):
            if path.name not in mine and f"{home}/{path.name}" not in accepted:
                yield Harm(_stray(path), f"{home}/{path.name}", home)
    for key in sorted(known.standing.keys() - there):
        yield Harm(_missing(folder / key[0], f"r{key[1]}", Kind.GONE), f"{key[0]}/r{key[1]}", key[0])
    for where, sha256 in accepted.items():
        home, _, name = where.partition("/")
        path = folder / where
        if path.is_symlink() or not path.is_file():
            yield Harm(_missing(folder / home, name, Kind.MISSING), where, home)
        elif hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
            yield Harm(Kind.CHANGED, where, home)
    for path in sorted(folder.iterdir()):
        if path.name not in {*_OWN, *register.homes()}:
            yield Harm(_stray(path), path.name)


def _stray(path: Path) -> Kind:
    return Kind.UNFINISHED if path.name.startswith(disk.UNFINISHED) else Kind.EXTRA


def _missing(home: Path, name: str, otherwise: Kind) -> Kind:
    return Kind.UNFINISHED if (home / f"{disk.UNFINISHED}{name}").exists() else otherwise
