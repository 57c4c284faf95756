"""Why an edition is not the one before: what differs in what the two were made from, by their manifests."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from form1.model.revisions import Difference, DifferenceKind

_ONE_VALUE: Final = (
    (DifferenceKind.DEFINITION, "reference_sha256"),
    (DifferenceKind.OFFICE, "office_sha256"),
    (DifferenceKind.TEMPLATES, "templates_sha256"),
    (DifferenceKind.LANGUAGE, "language"),
    (DifferenceKind.SIGNATORIES, "signatories_sha256"),
)
"""Keys of a manifest that hold one value each."""


def signatories_hash(signatories: Mapping[str, str]) -> str:
    """Return the hash that stands for the names in the signature block."""
    return hashlib.sha256(json.dumps(dict(sorted(signatories.items())), ensure_ascii=False).encode()).hexdigest()


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Return what two editions were made from differently; both are contents of a manifest.

    A manifest of an earlier version of the program does not tell the signatories: they are named only where nothing
    else can have made the difference.
    """
    found = [*_files(before, now), *_values(before, now), *_history(before, now)]
    if not found and "signatories_sha256" not in before and before.get("fingerprint") != now.get("fingerprint"):
        found.append(Difference(DifferenceKind.SIGNATORIES))
    return tuple(found)


def _files(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    was, inputs = _by_name(before.get("inputs"), "name", "sha256"), _by_name(now.get("inputs"), "name", "sha256")
    for name in sorted({*was, *inputs}):
        if name not in was:
            yield Difference(DifferenceKind.FILE_ADDED, name)
        elif name not in inputs:
            yield Difference(DifferenceKind.FILE_REMOVED, name)
        elif was[name] != inputs[name]:
            yield Difference(DifferenceKind.FILE_CHANGED, name)


def _values(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    for why, key in _ONE_VALUE:
        if key in before and before[key] != now.get(key):
            yield Difference(why)
    was, program = (each.get("versions", {}).get("form1") for each in (before, now))
    # Manifests before version 1.0.0 do not tell the hash of the code.
    if was != program or ("program_sha256" in before and before["program_sha256"] != now.get("program_sha256")):
        yield Difference(DifferenceKind.PROGRAM)


def _history(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    was, history = (_by_name(each.get("history"), "period", "cells_sha256") for each in (before, now))
    for period in sorted({*was, *history}):
        if was.get(period) != history.get(period):
            yield Difference(DifferenceKind.HISTORY, period)


def _by_name(entries: Any, name: str, value: str) -> dict[str, str]:
    return {str(entry[name]): str(entry[value]) for entry in entries or []}
