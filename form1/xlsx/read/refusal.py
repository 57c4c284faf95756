"""A refusal: the one reason for which a file is not read, as a message of messages.toml and the facts that fill it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

MIB: Final = 1024**2
MOST_PARTS: Final = 1000
MOST_DEPTH: Final = 128
"""Elements inside each other; a sheet needs ten."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of a workbook is read before it is refused; sizes in bytes."""

    file: int
    unpacked: int
    part: int
    """Unpacked size of a single part."""
    cells: int
    """Cells that hold something, over all sheets."""
    rows: int
    columns: int
    memory: int
    """What the child process may take."""
    seconds: int
    """Of processor time; the parent looks at the clock."""
    answer: int
    """Size of what the child process may answer."""


FORMS: Final = Bounds(
    # Two of 2,841 harmless public workbooks are larger.
    file=10 * MIB,
    unpacked=64 * MIB,
    part=48 * MIB,
    cells=200_000,
    rows=20_000,
    columns=512,
    memory=512 * MIB,
    seconds=8,
    answer=24 * MIB,
)
"""For forms that others send."""
EXPORTS: Final = Bounds(
    file=64 * MIB,
    unpacked=256 * MIB,
    part=256 * MIB,
    cells=1_600_000,
    rows=200_000,
    columns=16_384,
    memory=2048 * MIB,
    seconds=30,
    answer=128 * MIB,
)
"""For exports of the office's own systems."""


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
