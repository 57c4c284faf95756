"""Where the program keeps what it brings along: reference/, templates/ and the shares of sample_data/."""

from __future__ import annotations

from pathlib import Path


def data_folder(name: str) -> Path:
    """Return `reference`, `templates` or `sample_data`: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent
    installed = package / f"_{name}"
    return installed if installed.is_dir() else package.parent / name
