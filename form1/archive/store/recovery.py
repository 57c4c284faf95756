"""What a run that was killed has left behind: a publication half-way is completed or withdrawn, debris is removed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final

from form1.archive.store import disk, journal
from form1.archive.store.editions import MANIFEST, SIGNATURE, Archive, Edition
from form1.archive.store.publish import RunStamp, point
from form1.core.errors import DeliveryError, MachineError
from form1.core.periods import Period

_LATE: Final = timedelta(minutes=10)
"""How far a clock may run behind what the journal says: machines differ and are set right in small steps."""


def recover(output: Path, stamp: RunStamp) -> Mapping[Period, str]:
    """Make the archive whole after a run that did not end; return the periods that are harmed, with the reason.

    The caller holds the lock. An edition that the journal does not know, or that the journal knows and that is gone, is
    no debris: nothing is published in its period until somebody has looked. DeliveryError when the journal itself is
    damaged or nothing can be written, MachineError when the clock was set back.
    """
    archive = Archive(output)
    try:
        known = journal.read(output)
        if not known.exists:
            _adopt(archive, stamp)
            known = journal.read(output)
        path = output / journal.FILE
        if known.of_receptions:
            raise DeliveryError(f"{output} is a register of receptions. Name another output folder.")
        if known.last_time is not None and stamp.now < known.last_time - _LATE:
            raise MachineError(
                f"the clock says {stamp.now:%Y-%m-%d %H:%M}, but {path} was written at "
                f"{known.last_time:%Y-%m-%d %H:%M}: the clock was set back. Set it right, then call again. "
                "Nothing was published."
            )
        if known.broken:
            raise DeliveryError(
                f"{path} was changed at line {known.broken}. Restore it from a backup. Nothing was published."
            )
        if known.torn or not known.entries:
            # Only a killed run leaves a line without its end; when an edition lacks its line, the journal was cut.
            lacking = [edition for edition in archive.all() if edition.key not in known.standing]
            if lacking:
                raise DeliveryError(
                    f"{path} was cut: it lacks {lacking[-1].folder}. Restore it from a backup. Nothing was published."
                )
        if known.torn:
            journal.cut(output, path.stat().st_size - known.torn)
        _complete(output, known, stamp)
        damaged = harmed(archive, journal.read(output))
        for period in archive.periods():
            _clean(output / str(period))
            latest = archive.latest(period)
            if latest is not None and period not in damaged:
                point(latest.folder)
        _clean(output)
    except OSError as error:
        raise DeliveryError(f"{output} cannot be written: {disk.reason(error)}. Nothing was published.") from None
    return damaged


def _adopt(archive: Archive, stamp: RunStamp) -> None:
    """Begin a journal with the editions of a version that kept none; refuse when one of them had a journal."""
    editions = archive.all()
    for edition in editions:
        if edition.manifest.get("journal"):
            raise DeliveryError(
                f"{archive.output / journal.FILE} is gone, but {edition.folder} was entered in it. "
                "Restore it from a backup. Nothing was published."
            )
        if damage := edition.damage():
            raise DeliveryError(
                f"{edition.folder} was changed after it was published ({', '.join(damage)}). Restore it from a "
                "backup, or move the folder away; then call again. Nothing was published."
            )
    for edition in editions:
        _tell(archive.output, journal.Event.ADOPTED, edition, stamp)


def _complete(output: Path, known: journal.Reading, stamp: RunStamp) -> None:
    """Put the editions in their place whose publication was cut short after their line, or withdraw the line.

    A kill leaves one of them, a disk that fails and lets nothing be taken back one for each period.
    """
    for (period, revision), entry in known.standing.items():
        home = output / entry.period
        edition = Edition(Period.parse(period), revision, home / f"{disk.UNFINISHED}r{revision}")
        if (home / f"r{revision}").exists() or not edition.folder.is_dir():
            continue
        try:
            whole = _sha256(edition.folder / MANIFEST) == entry.manifest_sha256 and not edition.damage()
            if entry.signature_sha256:
                whole = whole and _sha256(edition.folder / SIGNATURE) == entry.signature_sha256
        except (OSError, DeliveryError):
            whole = False
        if whole:
            edition.folder.rename(home / f"r{revision}")
            disk.sync(home)
        else:
            _tell(output, journal.Event.WITHDRAWN, edition, stamp, entry.manifest_sha256)


def harmed(archive: Archive, known: journal.Reading) -> dict[Period, str]:
    """Return the periods whose editions do not stand as they were published, with what is wrong and what to do.

    Of each period the last revision is held against its manifest file by file, as it is what is read and built upon;
    `form1 verify` does so with all. A publication that was cut short is no harm: the next run completes it.
    """
    editions = archive.all()
    last = {edition.period: edition.revision for edition in editions}
    found = {
        edition.period: what
        for edition in editions
        if (what := _harm(edition, known, whole=edition.revision == last[edition.period]))
    }
    for period, revision in known.standing.keys() - {edition.key for edition in editions}:
        home = archive.output / period
        if not (home / f"{disk.UNFINISHED}r{revision}").is_dir():
            found[Period.parse(period)] = f"{home / f'r{revision}'} is gone. Restore it from a backup"
    return found


def _harm(edition: Edition, known: journal.Reading, *, whole: bool) -> str:
    """Return what keeps an edition from standing as it was published, and what to do; empty when nothing does.

    With `whole`, every file of it is looked at.
    """
    manifest, entry = edition.folder / MANIFEST, known.standing.get(edition.key)
    if entry is None:
        return (
            f"{edition.folder} stands there but is not in the journal. Restore {journal.FILE} from a backup; "
            "when it is not there either, move the folder away"
        )
    try:
        if _sha256(manifest) != entry.manifest_sha256:
            return f"{manifest} is not the one in the journal. Restore it from a backup"
        damage = edition.damage() if whole else []
        if whole and entry.signature_sha256 and _sha256(edition.folder / SIGNATURE) != entry.signature_sha256:
            damage.append(SIGNATURE)
    except FileNotFoundError as error:
        return f"{error.filename} is gone. Restore it from a backup"
    except OSError as error:
        return f"{error.filename or edition.folder} cannot be read: {error.strerror}. Mend its owner and rights"
    if damage:
        return f"{edition.folder} was changed after it was published ({', '.join(damage)}). Restore it from a backup"
    return ""


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _tell(output: Path, event: journal.Event, edition: Edition, stamp: RunStamp, manifest_sha256: str = "") -> None:
    journal.append(
        output,
        event,
        edition.key,
        manifest_sha256=manifest_sha256 or _sha256(edition.folder / MANIFEST),
        verdict=str(edition.manifest.get("verdict", "")) if event == journal.Event.ADOPTED else "",
        now=stamp.now,
        run=stamp.run,
    )


def _clean(folder: Path) -> None:
    """Remove what killed runs have left in a folder."""
    for debris in folder.glob(f"{disk.UNFINISHED}*"):
        disk.remove(debris)
