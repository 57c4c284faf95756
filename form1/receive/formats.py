"""What a number format shows: dates, percentages, and whether it hides a fraction or the whole number."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_LITERAL: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]', re.IGNORECASE)
_DATE: Final = re.compile(r"[ymdhs]", re.IGNORECASE)
_DIGIT: Final = re.compile(r"[0#?]")


@lru_cache(maxsize=1024)
def is_date(code: str) -> bool:
    """True when numbers are shown as dates or times.

    >>> [is_date(code) for code in ("yyyy-mm-dd", "[h]:mm", "General", "#\\\\ ##0", '0 "days"', "[Red]0")]
    [True, True, False, False, False, False]
    """
    return code.lower() != "general" and bool(_DATE.search(_bare(code)))


@lru_cache(maxsize=1024)
def is_percent(code: str) -> bool:
    """True when numbers are shown times a hundred.

    >>> is_percent("0.0%"), is_percent('0"%"')
    (True, False)
    """
    return "%" in _bare(code)


@lru_cache(maxsize=1024)
def hides_fraction(code: str) -> bool:
    """True when 3.5 looks like a whole number.

    >>> [hides_fraction(code) for code in ("0", "#,##0", "0.00", "General", "@")]
    [True, True, False, False, False]
    """
    bare = _bare(code)
    return bool(_DIGIT.search(bare)) and not re.search(r"\.[0#?]|[Ee][-+]|/", bare)


@lru_cache(maxsize=1024)
def hides_number(code: str) -> bool:
    """True when a number is not shown at all.

    >>> hides_number(";;;"), hides_number("0;;"), hides_number("General")
    (True, False, False)
    """
    return ";" in code and not code.partition(";")[0].strip() and not _DIGIT.search(_bare(code))


def _bare(code: str) -> str:
    return _LITERAL.sub("", code)
