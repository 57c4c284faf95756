"""What the ESS validation report structure (ESSnet ValidatReport) asks of a document, as a small checker.

The facts are those of the JSON schema in its edition RFC 0.9.0, where the rule of an entry stands under `expression`;
edition 1.0.0 calls the same object `rule` and has no `status` in it. The schema itself requires fewer keys: it names
no required key of an entry, which we ask for all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_ENTRY = {"id": str, "type": str, "event": dict, "expression": dict, "data": dict, "value": str}
_EVENT = ({"time", "actor"}, {"agent", "trigger"})
_EXPRESSION = ({"language", "expression", "severity"}, {"description", "status"})
_DATA = ({"source", "target"}, {"description"})
_SEVERITIES = {"information", "warning", "error"}
_VALUES = {"0", "1", "NA"}
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def faults(document: object) -> list[str]:
    """Return what is wrong with a report of validations; an empty list when nothing is."""
    if not isinstance(document, list):
        return ["the document is no array"]
    found = [f"entry {place}: {fault}" for place, entry in enumerate(document) for fault in _entry(entry)]
    ids = [entry.get("id") for entry in document if isinstance(entry, dict)]
    return found + (["an id stands twice"] if len(set(map(str, ids))) < len(ids) else [])


def _entry(entry: object) -> Iterator[str]:
    if not isinstance(entry, dict):
        yield "is no object"
        return
    if entry.keys() != _ENTRY.keys():
        yield f"has the keys {sorted(entry)}"
        return
    wrong = [key for key, kind in _ENTRY.items() if not isinstance(entry[key], kind)]
    if wrong:
        yield f"has values of the wrong type: {wrong}"
        return
    if entry["type"] != "validation":
        yield f"is of type {entry['type']!r}"
    if entry["value"] not in _VALUES:
        yield f"ends in {entry['value']!r}"
    yield from _keys("event", entry["event"], *_EVENT)
    yield from _keys("expression", entry["expression"], *_EXPRESSION)
    yield from _keys("data", entry["data"], *_DATA)
    yield from _texts("event", entry["event"], {"time", "actor"})
    yield from _texts("expression", entry["expression"], _EXPRESSION[0] | _EXPRESSION[1])
    yield from _texts("data", entry["data"], {"description"})
    if not _TIME.fullmatch(str(entry["event"].get("time"))):
        yield "its time is not in ISO 8601"
    if entry["expression"].get("severity") not in _SEVERITIES:
        yield f"has the severity {entry['expression'].get('severity')!r}"
    for key in ("source", "target"):
        listed = entry["data"].get(key)
        if not isinstance(listed, list) or not all(isinstance(item, str) for item in listed):
            yield f"data.{key} is no array of texts"


def _keys(name: str, found: Mapping[str, object], required: set[str], optional: set[str]) -> Iterator[str]:
    if required - found.keys():
        yield f"{name} lacks {sorted(required - found.keys())}"
    if found.keys() - required - optional:
        yield f"{name} has unknown keys {sorted(found.keys() - required - optional)}"


def _texts(name: str, found: Mapping[str, object], keys: set[str]) -> Iterator[str]:
    for key in sorted(keys & found.keys()):
        if not isinstance(found[key], str):
            yield f"{name}.{key} is no text"
