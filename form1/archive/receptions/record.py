"""What stands in the register: receptions in `PERIOD/rN`, and acceptances of them in `PERIOD/acceptance-N.json`.

A reception is a folder like an edition's: the file as it came, what the check said of it, and a manifest with their
hashes. A file that tells no period stands in `unread/rN`. Nothing is ever overwritten.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from form1.archive.store.editions import Kept
from form1.archive.store.journal import UNREAD
from form1.core.errors import DeliveryError
from form1.core.periods import Period, is_period
from form1.core.texts import Language

ACCEPTANCE: Final = "acceptance-{number}.json"
_RECEPTION: Final = re.compile(r"r([1-9][0-9]{0,5})")
_ACCEPTED: Final = re.compile(r"acceptance-([1-9][0-9]{0,5})\.json")
_BY_HAND: Final = "It was changed after it was written. Restore it from a backup."


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """What is known of a file that was received."""

    period: Period | None
    """None for a file that tells no period, because it could not be read."""
    file: str
    size: int
    sha256: str
    received: datetime
    """When these bytes came first; of bytes that are in the register already, the time that stands there."""
    sender: str | None
    due: datetime | None
    """The last moment in time, by the calendar; None without a period."""
    verdict: str
    """A verdict, or `refused`."""
    errors: int = 0
    warnings: int = 0
    refusal: str = ""
    language: Language = "az"
    program: str = ""
    reference_sha256: str = ""

    @property
    def home(self) -> str:
        """The folder in the register: the period, or `unread`."""
        return str(self.period) if self.period is not None else UNREAD

    @property
    def is_late(self) -> bool:
        """True when the file came after the last day on which it was due."""
        return self.due is not None and self.received > self.due

    def as_json(self) -> dict[str, object]:
        """Return it as the manifest tells it."""
        return {
            **asdict(self),
            "period": str(self.period) if self.period is not None else None,
            "received": self.received.isoformat(timespec="seconds"),
            "due": self.due.date().isoformat() if self.due is not None else None,
            "late": self.is_late,
        }


@dataclass(frozen=True)
class Reception(Kept):
    """One file that was received."""

    home: str
    number: int
    """Counted in its period, from 1: the second is a resubmission."""
    folder: Path

    @property
    def key(self) -> tuple[str, int]:
        """What names it in the journal."""
        return self.home, self.number

    @property
    def told(self) -> tuple[object, object]:
        """Home and number as the manifest tells them."""
        return self.manifest.get("period") or UNREAD, self.manifest.get("reception")

    @property
    def period(self) -> Period | None:
        """The period of the form; None for a file that tells none."""
        return Period.parse(self.home) if self.home != UNREAD else None

    @property
    def received(self) -> datetime:
        """When its bytes came first."""
        try:
            return datetime.fromisoformat(self._told("received"))
        except ValueError:
            raise DeliveryError(f"{self.folder} does not say when it was received. {_BY_HAND}") from None

    @property
    def sha256(self) -> str:
        """Of the file that was received."""
        return self._told("sha256")

    @property
    def verdict(self) -> str:
        """A verdict, or `refused`."""
        return self._told("verdict")

    @property
    def sender(self) -> str | None:
        """Who sent it, as far as that was said."""
        return self._told("sender") if self.manifest.get("sender") is not None else None

    @property
    def is_late(self) -> bool:
        """True when it came after the last day on which it was due."""
        return self.manifest.get("late") is True

    @property
    def due(self) -> str | None:
        """The last day on which it was due, ISO 8601."""
        return self._told("due") if self.manifest.get("due") is not None else None

    def _told(self, key: str) -> str:
        told = self.manifest.get(key)
        if not isinstance(told, str):
            raise DeliveryError(f"{self.folder} does not say its {key}. {_BY_HAND}")
        return told


@dataclass(frozen=True, kw_only=True)
class Acceptance:
    """That a reception was accepted: by whom, when, why. The last of a period holds; those before stay on record."""

    period: str
    number: int
    """Counted in its period, from 1."""
    reception: int
    sha256: str
    """Of the file that was accepted."""
    by: str
    reason: str | None
    time: str
    """ISO 8601 with the offset of Asia/Baku."""

    def to_json(self) -> bytes:
        """Return it as its file."""
        return (json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n").encode()


@dataclass(frozen=True)
class Register:
    """A folder with all receptions and acceptances."""

    folder: Path

    def homes(self) -> list[str]:
        """Return the periods that something was received of, in the order of their ends; last what tells no period."""
        try:
            names = {path.name for path in self.folder.iterdir() if path.is_dir()}
        except OSError:
            return []
        periods = sorted((Period.parse(name) for name in names if is_period(name)), key=lambda period: period.in_time)
        return [*map(str, periods), *sorted(names & {UNREAD})]

    def receptions(self, home: str) -> list[Reception]:
        """Return the receptions of a period, the first first."""
        found = [Reception(home, number, path) for number, path in self._numbered(home, _RECEPTION) if path.is_dir()]
        return sorted(found, key=lambda reception: reception.number)

    def all(self) -> list[Reception]:
        """Return every reception."""
        return [reception for home in self.homes() for reception in self.receptions(home)]

    def of_bytes(self, sha256: str) -> list[Reception]:
        """Return the receptions of a file with this hash, that which came first first."""
        return sorted((each for each in self.all() if each.sha256 == sha256), key=lambda each: each.received)

    def acceptances(self, home: str) -> list[Acceptance]:
        """Return the acceptances of a period, the last of which holds; DeliveryError when one cannot be read."""
        return [_read(path) for _, path in sorted(self._numbered(home, _ACCEPTED))]

    def accepted(self, period: Period) -> Reception | None:
        """Return the reception of a period that is accepted, or None."""
        acceptances = self.acceptances(str(period))
        if not acceptances:
            return None
        number = acceptances[-1].reception
        return Reception(str(period), number, self.folder / str(period) / f"r{number}")

    @cached_property
    def accepted_periods(self) -> frozenset[str]:
        """The periods of which a form is accepted."""
        return frozenset(home for home in self.homes() if self._numbered(home, _ACCEPTED))

    def _numbered(self, home: str, pattern: re.Pattern[str]) -> list[tuple[int, Path]]:
        folder = self.folder / home
        try:
            names = [path.name for path in folder.iterdir()]
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise DeliveryError(f"{folder} cannot be read: {error.strerror}. Mend its owner and rights.") from None
        return [(int(match[1]), folder / name) for name in names if (match := pattern.fullmatch(name))]


def _read(path: Path) -> Acceptance:
    try:
        content: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        acceptance = Acceptance(**content)
        kinds = {"number": int, "reception": int}
        for each in fields(Acceptance):
            value = getattr(acceptance, each.name)
            if type(value) is not kinds.get(each.name, str) and not (each.name == "reason" and value is None):
                raise TypeError
    except (OSError, ValueError, TypeError, RecursionError):
        raise DeliveryError(f"{path} cannot be read. {_BY_HAND}") from None
    return acceptance
