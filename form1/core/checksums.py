"""Lists of sha256 as `sha256sum` writes them: senders put them beside files to prove that these came whole."""

from __future__ import annotations

import re
from typing import Final

_LINE: Final = re.compile(r"\\?([0-9a-fA-F]{64}) [ *](?:\./)?(.+)")


def read_checksums(text: str) -> tuple[dict[str, str], tuple[int, ...]]:
    """Return the sha256 by the name of the file, and the numbers of the lines that are no such line.

    >>> read_checksums(f"{'0a' * 32}  ./T03.csv\\n\\nT04.csv\\n") == ({"T03.csv": "0a" * 32}, (3,))
    True
    """
    announced: dict[str, str] = {}
    odd: list[int] = []
    for number, line in enumerate(text.splitlines(), 1):
        if found := _LINE.fullmatch(line):
            announced[found[2]] = found[1].lower()
        elif line.strip():
            odd.append(number)
    return announced, tuple(odd)
