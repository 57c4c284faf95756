"""A refusal: the one reason for which a file is not read, as a message of messages.toml and the facts that fill it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

MIB: Final = 1024**2
MOST_BYTES: Final = 10 * MIB
"""Size of a file. Two of 2,841 harmless public workbooks are larger."""
MOST_UNPACKED: Final = 64 * MIB
MOST_UNPACKED_PART: Final = 48 * MIB
MOST_PARTS: Final = 1000
MOST_CELLS: Final = 200_000
"""Cells that hold something, over all sheets."""
MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 512
MOST_DEPTH: Final = 128
"""Elements inside each other; a sheet needs ten."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a file is not read: `message` names its sentence in messages.toml, `facts` fill it."""

    message: str
    facts: Mapping[str, int | str] = field(default_factory=dict)


class Refused(Exception):
    """Carries a refusal out of the depths of a reader; never leaves this package."""

    def __init__(self, message: str, **facts: int | str) -> None:
        super().__init__(message)
        self.refusal = Refusal(message, facts)
