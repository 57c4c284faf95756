"""What a number format shows: dates, percentages, and whether it hides a fraction or the whole number."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_LITERAL: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]', re.IGNORECASE)
_DATE: Final = re.compile(r"[ymdhs]", re.IGNORECASE)
_DIGIT: Final = re.compile(r"[0#?]")
_PIECE: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|.', re.DOTALL)
_UNSEEN: Final = re.compile(r"_.|\*.|\[[^\]]*\]")
_SCALED: Final = re.compile(r"[0#?],+(?![0#?,])")
_WRITTEN: Final = re.compile(r'"[^"]*"|\\.|\*.')
_OWN_DIGIT: Final = re.compile(r"[0-9]")
_CONDITION: Final = re.compile(r"\[\s*[<>=][^\]]*\]")


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


@lru_cache(maxsize=1024)
def alters_number(code: str, sign: int) -> str:
    """Return how a format shows another number: `digits` (scaled, own digits), `signs` (words, lost minus), or "".

    Looked at is the section of the format that shows a number of this `sign` (1, 0 or -1); where sections have
    conditions, all of them are.

    >>> [alters_number(code, 1) for code in ("0,", '0"0"', "*10", '"x"', "[>100]0;0.0", '0;0;"–"', '0;-0;"5"')]
    ['digits', 'digits', 'digits', 'signs', 'signs', '', '']
    >>> [alters_number(code, 0) for code in ('0;0;"–"', "0;;", '0;-0;"x"', '0;-0;"5"', "0;0", '"x"')]
    ['', '', 'signs', 'digits', '', 'signs']
    >>> [alters_number(code, -1) for code in ("0;0", "0;;", "#,##0;-#,##0", "0;(0)", "0", "0;-0,")]
    ['signs', 'signs', '', '', '', 'digits']
    >>> [alters_number(code, 1) for code in ("General", "#,##0", '[>=1000]# ##0;[=0]"-";0', "@")]
    ['', '', '', '']
    """
    if is_date(code):
        return ""
    sections = [""]
    for piece in _PIECE.findall(code):
        if piece == ";":
            sections.append("")
        else:
            sections[-1] += piece
    numbered = list(enumerate(sections[:3]))
    if not any(_CONDITION.search(section) for section in sections):
        shows = {1: 0, 0: 2, -1: 1}[sign]
        numbered = [numbered[shows if shows < len(numbered) else 0]]
    if any(_has_other_digits(section) for _, section in numbered):
        return "digits"
    return "signs" if any(_is_odd(section, at) for at, section in numbered) else ""


def _has_other_digits(section: str) -> bool:
    bare = _bare(section)
    own = any(_OWN_DIGIT.search(each) for each in _WRITTEN.findall(section))
    return own or bool(_SCALED.search(bare)) or ("/" not in bare and bool(re.search(r"[1-9]", bare)))


def _is_odd(section: str, at: int) -> bool:
    """True when a section (positive, negative, zero) gives words, depends on the number, or loses its minus."""
    bare, condition = _bare(section), _CONDITION.search(section)
    seen = _UNSEEN.sub("", section).replace('"', "").replace("\\", "").strip()
    counts = bool(_DIGIT.search(bare)) or "@" in bare or "general" in bare.lower()
    dash = seen in {"", "-", "–", "—"}
    if condition:
        # Groups of digits may depend on the size, and a dash may stand for zero; nothing else may.
        zero = condition[0].replace(" ", "") == "[=0]"
        return not (dash if zero else re.fullmatch(r"[#0 ,]+", bare))
    if at == 2:
        return not counts and not dash
    if at == 1:
        return not counts or not re.search(r"[-−–(]", seen)
    return not counts and bool(seen)


def _bare(code: str) -> str:
    return _LITERAL.sub("", code)
