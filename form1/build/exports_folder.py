"""In which folder the exports of a period stand."""

from __future__ import annotations

from pathlib import Path

from form1.core.periods import Period


def folder_of(exports: Path, period: Period) -> Period:
    """Return the period whose folder holds the exports: of a year without a folder of its own, the fourth quarter."""
    return period if not period.is_annual or (exports / str(period)).is_dir() else period.last_quarter


def path_of(exports: Path, period: Period) -> Path:
    """Return the folder from which the form of a period is filled."""
    return exports / str(folder_of(exports, period))
