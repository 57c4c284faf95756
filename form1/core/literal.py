"""Text from outside, shown literally. It stands apart from `texts`, so that an error is told without a heavy import."""

from __future__ import annotations

import unicodedata


def plain(text: str) -> str:
    """Return text from outside with control and direction characters escaped, so that it appears literally.

    >>> plain("Tür\\x1bkiyə\\u202e")
    'Tür\\\\x1bkiyə\\\\u202e'
    """
    return "".join(
        letter
        if unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
        else letter.encode("unicode_escape").decode("ascii")
        for letter in text
    )
