"""Drafts: everything that an edition would be, to be looked at, in `output/drafts/PERIOD/`; nothing is published.

A draft is replaced whole by the next good one. What was seen is named by the sha256 of its manifest, which holds the
hash of everything it was made from and of each of its files; whoever signs off names it.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from form1.archive import store
from form1.archive.store import disk
from form1.build.publishing import Planned, manifest_of
from form1.core.errors import DeliveryError, RefusedError
from form1.core.periods import Period
from form1.core.sentences import says
from form1.core.texts import LANGUAGES, Text
from form1.definition import Form
from form1.views.revisions import differences_in_words

OLDER: Final = "older.txt"
"""What marks a draft as older: a later one was rejected."""


@dataclass(frozen=True)
class SignOff:
    """Who signs off which draft, named by its sha256, and who handed it over."""

    draft: str
    by: str
    handed_over_by: str = ""


def folder_of(output: Path, period: Period) -> Path:
    """Return the folder of the draft of a period."""
    return output / store.DRAFTS / str(period)


def as_draft(planned: Planned) -> Planned:
    """Return what is planned as a draft, whether or not an edition stands that was made from the same."""
    return replace(planned, submission=replace(planned.submission, is_draft=True), stands=None)


def keep(planned: Planned, files: dict[str, bytes]) -> Path:
    """Put a draft in its place, over the one before; return its folder. The caller holds the lock."""
    folder = folder_of(planned.output, planned.submission.period)
    store.mend(folder)
    store.place(folder, files | {store.MANIFEST: manifest_of(planned, files)}, store.MANIFEST)
    return folder


def sha256(folder: Path) -> str:
    """Return by what a draft is named when it is signed off; empty where there is none."""
    try:
        return hashlib.sha256((folder / store.MANIFEST).read_bytes()).hexdigest()
    except OSError:
        return ""


def find(output: Path, period: Period) -> store.Edition | None:
    """Return the draft of a period, read as an edition is, unless there is none or it is marked older."""
    folder = folder_of(output, period)
    draft = store.Edition(period, 0, folder)
    with suppress(DeliveryError):  # one that cannot be read is made anew
        if draft.manifest and not (folder / OLDER).exists():
            return draft
    return None


def mark_older(form: Form, output: Path, period: Period, now: datetime) -> None:
    """Mark the draft that stands as older than one that was rejected. The caller holds the lock."""
    folder = folder_of(output, period)
    store.mend(folder)
    if (folder / store.MANIFEST).is_file():
        report = output / store.REJECTED / str(period)
        text = form.words["draft_older"].filled(at=f"{now:%Y-%m-%d %H:%M}", report=str(report))
        with suppress(OSError):  # the verdict is told all the same
            disk.replace(folder / OLDER, f"{text.az}\n{text.en}\n{text.ru}\n".encode())


def require_seen(planned: Planned, sign_off: SignOff, now: datetime) -> dict[str, str]:
    """Return what the manifest of the edition says of its approval.

    RefusedError when the draft that was seen is gone, is another, was changed, or would be made from something else
    now. The caller holds the lock.
    """
    submission = planned.submission
    form, period, folder = submission.form, submission.period, folder_of(planned.output, submission.period)
    store.mend(folder)
    draft = store.Edition(period, submission.revision, folder)
    there = sha256(folder)
    if not there:
        raise says(RefusedError, "sign_off_no_draft", period=period)
    if there != sign_off.draft.strip().lower():
        raise says(RefusedError, "sign_off_other_draft", folder=folder, sha256=there)
    if damage := draft.damage():
        raise says(RefusedError, "sign_off_damaged", folder=folder, files=", ".join(damage))
    differing = store.differences(draft.manifest, planned.made_from())
    if differing or draft.manifest.get("revision") != submission.revision:
        what = form.words["other_moved"]
        if differing:
            what = Text(**{each: differences_in_words(form, differing, each) for each in LANGUAGES})
        raise says(RefusedError, "sign_off_differs", period=period, what=what)
    return {
        "draft_sha256": there,
        "signed_off_by": sign_off.by,
        "handed_over_by": sign_off.handed_over_by,
        "signed_off_at": now.isoformat(timespec="seconds"),
    }


def require_two(sign_off: SignOff) -> None:
    """Raise RefusedError when the same person hands over and signs off."""
    if not sign_off.by.strip():
        raise says(RefusedError, "sign_off_nobody")
    if sign_off.by.split() == sign_off.handed_over_by.split():
        raise says(RefusedError, "sign_off_own_work", name=sign_off.by)
