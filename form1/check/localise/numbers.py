"""How one number became another: the slips of a hand or of a program that can be told from the two numbers alone."""

from __future__ import annotations

_NOTABLE = 10
"""A smaller count may well be the same in two periods."""


def slip(value: int, would_be: int, *, is_total: bool, before: int | None) -> str:
    """Return the word of words.toml for the way in which `value` may have come to stand for `would_be`.

    `before` is what the cell held in the earlier period, when that is known.

    >>> [slip(value, 1204, is_total=False, before=None) for value in (1240, 120400, 0, 1209, 124, 77)]
    ['cause_digits', 'cause_factor', 'cause_zeroed', 'cause_one_digit', 'cause_digit_lost', 'cause_value']
    """
    was, written = str(would_be), str(value)
    if value == 0:
        return "cause_zeroed"
    if would_be > 0 and any(value * by == would_be or would_be * by == value for by in (10, 100, 1000)):
        return "cause_factor"
    if value == before and value >= _NOTABLE:
        return "cause_last_period"
    if len(was) == len(written):
        differing = [place for place in range(len(was)) if was[place] != written[place]]
        if len(differing) == 2 and differing[1] == differing[0] + 1 and sorted(was) == sorted(written):
            return "cause_digits"
        if len(differing) == 1 and len(was) > 1:
            return "cause_one_digit"
    if abs(len(was) - len(written)) == 1 and min(len(was), len(written)) > 1:
        short, long = sorted((was, written), key=len)
        if any(long[:place] + long[place + 1 :] == short for place in range(len(long))):
            return "cause_digit_lost"
    return "cause_total" if is_total else "cause_value"


def is_telling(kind: str) -> bool:
    """Return whether a slip speaks for its cell: a random number would hardly look like that."""
    return kind in {"cause_digits", "cause_factor", "cause_last_period", "cause_zeroed"}
