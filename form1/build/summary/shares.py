"""Shares of a whole that agree with each other: in the manner of the Committee's releases they add up to 100.0."""

from __future__ import annotations

from collections.abc import Sequence

from form1.core.values import tenths

WHOLE = 1000
"""Tenths of a per cent."""


def shares(named: Sequence[int], whole: int) -> list[int]:
    """Return the shares of `named` and of what is left of `whole`, in tenths of a per cent; they add up to 1000.

    Each named share is rounded by itself and what is left is the rest to 100.0, as the Committee publishes. Where
    nothing is left, or the roundings have used up more than there was, the largest remainders decide.

    >>> shares([391, 250, 119], 1179)
    [332, 212, 101, 355]
    >>> shares([1, 1, 1], 3)
    [334, 333, 333, 0]
    """
    left = whole - sum(named)
    if whole <= 0 or left < 0:
        raise ValueError("the parts exceed the whole, or there is none")
    rounded = [tenths(value, whole) for value in named]
    rest = WHOLE - sum(rounded)
    if (left and rest >= 0) or (not left and rest == 0):
        return [*rounded, rest]
    return _by_remainder([*named, left], whole)


def _by_remainder(values: Sequence[int], whole: int) -> list[int]:
    given = [value * WHOLE // whole for value in values]
    by_remainder = sorted(range(len(values)), key=lambda place: -(values[place] * WHOLE % whole))
    for place in by_remainder[: WHOLE - sum(given)]:
        given[place] += 1
    return given
