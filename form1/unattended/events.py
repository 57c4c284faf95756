"""The log of runs: a line of JSON for each event, appended whole, without counts of persons and without names."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from time import monotonic

from form1.core.errors import DeliveryError

_FOLDER_MODE = 0o750
_FILE_MODE = 0o640


class Log:
    """Writes the events of one run; the system may rename the file at any time, the next run begins a new one.

    Until it is opened, lines go nowhere. `broken` says why a line could not be written: a full disk must not end a run
    that can still be told of.
    """

    def __init__(self, path: Path, run: str, now: datetime) -> None:
        self.path, self.run, self.now, self.broken = path, run, now, ""
        self._began, self._handle = monotonic(), -1

    def open(self) -> None:
        """Open the file, with its folder where there is none; DeliveryError when it cannot be written."""
        try:
            self.path.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
            self._handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, _FILE_MODE)
        except OSError as error:
            raise DeliveryError(
                f"the log {self.path} cannot be written: {error.strerror}. Nothing was published. "
                "Name a file that this user may write ([log] file)."
            ) from None

    @property
    def is_open(self) -> bool:
        """True when lines reach the file."""
        return self._handle >= 0

    def write(
        self, event: str, outcome: str = "", period: str = "", seconds: float | None = None, **facts: object
    ) -> None:
        """Append one event: its time (of the run's clock, read once), what, about which period, how it ended."""
        if self._handle < 0:
            return
        since = monotonic() - self._began
        line = {
            "run": self.run,
            "began": self.now.isoformat(timespec="seconds"),
            "after": round(since, 3),
            "event": event,
            **({"period": period} if period else {}),
            **({"outcome": outcome} if outcome else {}),
            **({"seconds": round(seconds, 3)} if seconds is not None else {}),
            **facts,
        }
        try:
            os.write(self._handle, json.dumps(line, ensure_ascii=False).encode() + b"\n")
        except OSError as error:
            self.broken = f"the log {self.path} cannot be written: {error.strerror}"

    def clock(self) -> float:
        """Return seconds by a clock that nobody sets, for durations."""
        return monotonic()

    def close(self) -> None:
        """Close the file, if it was opened."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


def run_id(now: datetime) -> str:
    """Return what a run is called in the log and in the journal: its moment and its process."""
    return f"{now.strftime('%Y%m%dT%H%M%S')}-{os.getpid()}"
