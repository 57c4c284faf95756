"""The clock of the office: Asia/Baku whatever the machine says, read once by a command and handed on."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from form1.core.errors import MachineError

ZONE: Final = "Asia/Baku"


def now() -> datetime:
    """Return the present moment with the offset of Asia/Baku; MachineError when the time zone data are missing."""
    try:
        return datetime.now(ZoneInfo(ZONE))
    except (ZoneInfoNotFoundError, OSError):
        raise MachineError(f"the time zone {ZONE} is unknown on this machine. pip install tzdata brings it.") from None


def in_baku(moment: datetime) -> datetime:
    """Return a moment of any time zone as the office reads it; its day decides what is due.

    >>> from datetime import timezone
    >>> in_baku(datetime(2026, 10, 25, 21, 0, tzinfo=timezone.utc)).date()
    datetime.date(2026, 10, 26)
    """
    return moment.astimezone(ZoneInfo(ZONE))
