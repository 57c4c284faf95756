"""What a check tells the register: that a file was received, when first, in time or late, and how it was judged."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Final

from form1 import __version__
from form1.archive import receptions
from form1.archive.receptions import Arrival, Reception, Register
from form1.core import clock
from form1.core.findings import Finding, Severity
from form1.core.literal import plain
from form1.core.periods import Period
from form1.core.texts import Language
from form1.definition.configuration import Calendar
from form1.definition.form import Form
from form1.model.forms import Received

_LARGEST: Final = 256 * 1024 * 1024
"""Bytes of a refused file that are kept; of a larger one its size and hash are."""
_ENDINGS: Final = {".xlsx", ".xls", ".xlsm", ".xlsb", ".xltx", ".ods"}


@dataclass(frozen=True)
class Entered:
    """How a file stands in the register after a check."""

    reception: Reception
    is_new: bool
    """False for bytes that are recorded already: the first time of receipt stays."""
    before: tuple[Reception, ...]
    """The other receptions of its period that came before it."""
    same_bytes: tuple[Reception, ...]
    """Receptions of the same bytes under another period."""

    def as_json(self) -> dict[str, object]:
        """Return it for machines."""
        return {
            "period": self.reception.home if self.reception.period is not None else None,
            "number": self.reception.number,
            "received": self.reception.received.isoformat(timespec="seconds"),
            "due": self.reception.due,
            "late": self.reception.is_late,
            "sender": self.reception.sender,
            "recorded": self.is_new,
            "before": [each.number for each in self.before],
            "same_bytes": [f"{each.home}/{each.folder.name}" for each in self.same_bytes],
        }

    def in_words(self, form: Form, language: Language) -> list[str]:
        """Return what is worth saying, a line each."""
        it, word = self.reception, form.word
        told = word("reception_recorded" if self.is_new else "reception_known", language)
        lines = [
            told.format(
                reception=name_of(it, form, language),
                received=f"{it.received:%d.%m.%Y %H:%M}",
                lateness=lateness(it, form, language),
            )
        ]
        if self.before:
            numbers = ", ".join(f"№ {each.number}" for each in self.before)
            lines.append(word("reception_again", language).format(numbers=numbers))
        if self.same_bytes:
            others = ", ".join(name_of(each, form, language) for each in self.same_bytes)
            lines.append(word("reception_same_bytes", language).format(others=others))
        return lines


def name_of(reception: Reception, form: Form, language: Language) -> str:
    """Return how people name a reception: its period and its number there."""
    home = reception.home if reception.period is not None else form.word("without_period", language)
    return f"{home} № {reception.number}"


def lateness(reception: Reception, form: Form, language: Language) -> str:
    """Return the word for in time or late; that a file without a period is neither."""
    if reception.period is None:
        return form.word("no_deadline", language)
    return form.word("received_late" if reception.is_late else "received_in_time", language)


def due_of(form: Form, calendar: Calendar, period: Period, zone: datetime) -> datetime:
    """Return the last moment at which the form for `period` is in time."""
    day = calendar.moved(form.of(period).deadline(period))
    return datetime.combine(day, time.max, tzinfo=clock.in_baku(zone).tzinfo)


def of_form(
    received: Received, now: datetime, calendar: Calendar, register: Path | None, sender: str | None
) -> Arrival:
    """Return what is known of a form that was read; `register` gives the first time of the same bytes."""
    return Arrival(
        period=received.period,
        file=received.file.name,
        size=received.file.size,
        sha256=received.file.sha256,
        received=_first(register, received.file.sha256, now),
        sender=sender,
        due=due_of(received.form, calendar, received.period, now),
        verdict=str(received.verdict),
        errors=_count(received.findings, Severity.ERROR),
        warnings=_count(received.findings, Severity.WARNING),
        language=received.language,
        program=f"form1 {__version__}",
        reference_sha256=received.form.sha256,
    )


def of_refused(
    form: Form,
    workbook: Path,
    refusal: str,
    *,
    now: datetime,
    language: Language,
    period: Period | None,
    calendar: Calendar,
    register: Path | None,
    sender: str | None,
) -> Arrival:
    """Return what is known of a file that was refused; `period` is what the caller says of it."""
    with workbook.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()  # of a file of any size
    return Arrival(
        period=period,
        file=plain(workbook.name),
        size=workbook.stat().st_size,
        sha256=sha256,
        received=_first(register, sha256, now),
        sender=sender,
        due=due_of(form, calendar, period, now) if period is not None else None,
        verdict="refused",
        refusal=refusal,
        language=language,
        program=f"form1 {__version__}",
        reference_sha256=form.sha256,
    )


def kept(workbook: Path, content: bytes | None, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return what the register keeps: the file as it came, and of the results verdict, findings, numbers and letter."""
    if content is None and workbook.stat().st_size <= _LARGEST:
        content = workbook.read_bytes()
    ending = workbook.suffix.lower() if workbook.suffix.lower() in _ENDINGS else ".bin"
    told = ("findings.json", "cells.csv", "receipt.json", "letter.txt", "letter.pdf")
    return {
        **({f"received{ending}": content} if content is not None else {}),
        **{name: files[name] for name in told if name in files},
    }


def record(register: Path, arrival: Arrival, files: Mapping[str, bytes], now: datetime) -> Entered:
    """Record a reception, or find that its bytes are recorded; the caller holds the lock, the register is mended."""
    book = Register(register)
    same = book.of_bytes(arrival.sha256)
    known = next((each for each in same if each.home == arrival.home), None)
    before = tuple(each for each in book.receptions(arrival.home) if known is None or each.number < known.number)
    others = tuple(each for each in same if each.home != arrival.home)
    entered = known or receptions.enter(book, arrival, files, now)
    return Entered(entered, known is None, before, others)


def _first(register: Path | None, sha256: str, now: datetime) -> datetime:
    known = Register(register).of_bytes(sha256) if register is not None else []
    return known[0].received if known else now


def _count(findings: tuple[Finding, ...], severity: Severity) -> int:
    return sum(finding.severity == severity and not finding.accepted for finding in findings)
