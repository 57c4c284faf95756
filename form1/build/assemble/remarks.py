"""What a person should know about quarters that were added up."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from form1.core.findings import Finding, Place, Severity
from form1.model.exports import Counts

_NEARLY_ALL = 0.9
_FEWEST = 5
"""Rows that two quarters must share before their likeness says anything."""


def remarks(pieces: Sequence[Counts]) -> list[Finding]:
    """Say that quarters were added up, and warn when they look like figures that are cumulative already."""
    quarters = ", ".join(str(piece.period) for piece in pieces)
    if len(pieces) < 2:
        return []
    place = Place(pieces[0].table)
    found = [Finding("quarters_added", Severity.INFORMATION, 2, place, {"quarters": quarters})]
    if all(_looks_cumulative(earlier, later) for earlier, later in pairwise(pieces)):
        found.append(Finding("looks_cumulative", Severity.WARNING, 2, place, {"quarters": quarters}))
    return found


def _looks_cumulative(earlier: Counts, later: Counts) -> bool:
    """True when nearly no row falls and the whole grows about as a year to date does: by 1/n of it after n quarters."""
    before, now = _by_key(earlier), _by_key(later)
    held = sum(now.get(key, 0) >= count for key, count in before.items())
    growth = 1 + 0.5 / max(earlier.period.quarter, 1)
    grows = sum(now.values()) >= growth * sum(before.values())
    return grows and len(before) >= _FEWEST and held >= _NEARLY_ALL * len(before)


def _by_key(counts: Counts) -> dict[tuple[str, ...], int]:
    codes = [column for column in counts.frame.columns if column not in {"line", "cell", "persons", "status"}]
    return {tuple(key): persons or 0 for *key, persons in counts.frame.select([*codes, "persons"]).iter_rows()}
