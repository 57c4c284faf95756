"""Writing into the register: beside its place, told to the journal, put there by rename; nothing is overwritten.

The caller holds the lock of the folder. What a killed run has left is mended by the next one, before it writes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from form1.archive.receptions.record import ACCEPTANCE, Acceptance, Arrival, Reception, Register
from form1.archive.store import disk, journal, point, publish
from form1.archive.store.editions import MANIFEST
from form1.archive.store.publish import RunStamp
from form1.core.errors import DeliveryError, MachineError
from form1.core.periods import Period

_NOTHING: Final = "Nothing was recorded."
_SLOW: Final = timedelta(minutes=10)
"""How far a clock may run behind what the journal says: machines differ and are set right in small steps."""


def mend(register: Register, now: datetime) -> None:
    """Make the register whole after a run that was killed; DeliveryError when it is not what was written.

    MachineError when the clock was set back: a time of receipt would be wrong for good.
    """
    folder, path = register.folder, register.folder / journal.FILE
    known = journal.read(folder)
    if known.exists and known.entries and not known.of_receptions:
        raise DeliveryError(f"{folder} is an archive of editions. Name another folder for the register.")
    if known.broken:
        raise DeliveryError(f"{path} was changed at line {known.broken}. Restore it from a backup. {_NOTHING}")
    if known.last_time is not None and now < known.last_time - _SLOW:
        raise MachineError(
            f"the clock says {now:%Y-%m-%d %H:%M}, but {path} was written at {known.last_time:%Y-%m-%d %H:%M}: "
            f"the clock was set back. Set it right, then call again. {_NOTHING}"
        )
    try:
        for key, entry in known.standing.items():
            _complete(folder / key[0], f"r{key[1]}", entry)
        for entry, name in acceptances_told(known):
            _complete(folder / entry.period, name, entry)
        # A line that is missing was cut off, since it is written before what it tells is put in its place.
        told = {f"{home}/r{number}" for home, number in known.standing}
        told |= {f"{entry.period}/{name}" for entry, name in acceptances_told(known)}
        there = {f"{each.home}/r{each.number}" for each in register.all()}
        for home in register.homes():
            there |= {f"{home}/{ACCEPTANCE.format(number=each.number)}" for each in register.acceptances(home)}
        if lacking := sorted(there - told):
            raise DeliveryError(f"{path} was cut: it lacks {lacking[0]}. Restore it from a backup. {_NOTHING}")
        if known.torn:
            journal.cut(folder, path.stat().st_size - known.torn)
        for home in register.homes():
            if receptions := register.receptions(home):
                point(receptions[-1].folder)
        for place in (folder, *(folder / home for home in register.homes())):
            for debris in place.glob(f"{disk.UNFINISHED}*"):
                disk.remove(debris)
    except OSError as error:
        raise DeliveryError(f"{folder} cannot be written: {disk.reason(error)}. {_NOTHING}") from None


def enter(register: Register, arrival: Arrival, files: Mapping[str, bytes], now: datetime) -> Reception:
    """Record a file that was received, as the next reception of its period; `files` are what is kept of it."""
    number = len(register.receptions(arrival.home)) + 1
    manifest = {
        "journal": True,
        "reception": number,
        **arrival.as_json(),
        "outputs": [
            {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in sorted(files.items())
        ],
    }
    content = (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode()
    stamp = RunStamp(now, "check")
    event = journal.Event.RECEIVED
    everything = {**files, MANIFEST: content}
    place = publish(register.folder, arrival.home, number, everything, arrival.verdict, stamp, event)
    return Reception(arrival.home, number, place)


def accept(register: Register, reception: Reception, by: str, reason: str | None, now: datetime) -> Acceptance:
    """Record that a reception is accepted: from now on it is the period's standing form."""
    period = reception.home
    acceptance = Acceptance(
        period=period,
        number=len(register.acceptances(period)) + 1,
        reception=reception.number,
        sha256=reception.sha256,
        by=by,
        reason=reason,
        time=now.isoformat(timespec="seconds"),
    )
    home, content = register.folder / period, acceptance.to_json()
    name = ACCEPTANCE.format(number=acceptance.number)
    building = home / f"{disk.UNFINISHED}{name}"
    told = None
    try:
        disk.replace(building, content)
        told = journal.append(
            register.folder,
            journal.Event.ACCEPTED,
            (Period.parse(period), reception.number),
            manifest_sha256=hashlib.sha256(content).hexdigest(),
            verdict=reception.verdict,
            now=now,
            run="accept",
        )
        building.rename(home / name)
        disk.sync(home)
    except OSError as error:
        half = f"{_NOTHING}" if told is None else "It stopped half-way; the next call completes it."
        raise DeliveryError(f"{home / name} could not be written: {disk.reason(error)}. {half}") from None
    return acceptance


def acceptances_told(known: journal.Reading) -> list[tuple[journal.Entry, str]]:
    """Return the lines of acceptances, each with the name of its file."""
    counted: dict[str, int] = {}
    found = []
    for entry in known.entries:
        if entry.event == journal.Event.ACCEPTED:
            counted[entry.period] = counted.get(entry.period, 0) + 1
            found.append((entry, ACCEPTANCE.format(number=counted[entry.period])))
    return found


def _complete(home: Path, name: str, entry: journal.Entry) -> None:
    """Put in its place what was told to the journal and whole, and stayed beside its place."""
    building, target = home / f"{disk.UNFINISHED}{name}", home / name
    if target.exists():
        return
    manifest = building / MANIFEST if building.is_dir() else building
    if not manifest.is_file() or hashlib.sha256(manifest.read_bytes()).hexdigest() != entry.manifest_sha256:
        raise DeliveryError(f"{target} is gone. Restore it from a backup. {_NOTHING}")
    if building.is_dir() and Reception(entry.period, entry.revision, building).damage():
        raise DeliveryError(f"{building} is not whole. Restore {target} from a backup. {_NOTHING}")
    building.rename(target)
    disk.sync(home)
