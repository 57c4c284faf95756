"""Small registers: files of a few bytes that were received, and acceptances."""

import hashlib
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from form1.archive.receptions import Arrival, Reception, Register, accept, enter, mend
from form1.core.periods import Period

BAKU = ZoneInfo("Asia/Baku")
NOW = datetime(2026, 10, 20, 10, 0, tzinfo=BAKU)
DUE = datetime(2026, 10, 25, 23, 59, 59, 999999, tzinfo=BAKU)
Q2, Q3 = Period(2026, 2), Period(2026, 3)


def arrival(
    content: bytes,
    period: Period | None = Q3,
    verdict: str = "accepted",
    now: datetime = NOW,
    sender: str | None = None,
) -> Arrival:
    """What is known of a file with these bytes."""
    return Arrival(
        period=period,
        file="form.xlsx",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        received=now,
        sender=sender,
        due=DUE if period is not None else None,
        verdict=verdict,
    )


def receive(folder: Path, content: bytes, period: Period | None = Q3, verdict: str = "accepted") -> Reception:
    """Record a file as the command does."""
    folder.mkdir(exist_ok=True)
    register = Register(folder)
    now = NOW + timedelta(hours=len(register.all()))
    mend(register, now)
    files = {"received.xlsx": content, "cells.csv": b"table,row,column,value,status\nT10,T,T,7,number\n"}
    return enter(register, arrival(content, period, verdict, now), files, now)


def a_register(folder: Path) -> Register:
    """A register of six receptions, one of them without a period, and three acceptances."""
    for content, period in ((b"a", Q2), (b"b", Q3), (b"c", Q3), (b"d", None), (b"e", Q3), (b"f", Q2)):
        receive(folder, content * 40, period, "refused" if period is None else "accepted")
    register = Register(folder)
    for home, number in (("2026-Q2", 1), ("2026-Q3", 2), ("2026-Q3", 3)):
        accept(register, register.receptions(home)[number - 1], "Head of division", None, NOW + timedelta(days=1))
    return register
