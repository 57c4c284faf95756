"""The folder of records: which file, or which parts, hold which extract; gaps between monthly parts are faults."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from form1.core.errors import SourceError
from form1.core.findings import Finding, Place
from form1.core.periods import Period
from form1.definition.form import Form
from form1.definition.spelling import Folding
from form1.model.exports import INVENTED
from form1.records.tabulate.months import last_month, written
from form1.records.tabulate.plan import can_be_counted

KINDS: Final = (".csv", ".parquet")
_MONTH: Final = re.compile(r"(?<![0-9])(20[0-9]{2})[-_. ]?(0[1-9]|1[0-2])(?![0-9])")
"""The month of a part, in its name: `2026-01`, `2026_01`, `2026.01` or `202601`."""


@dataclass(frozen=True)
class Part:
    """One file of an extract; `month` counts months since year 0, or is None when the name gives none."""

    path: Path
    name: str
    kind: str
    month: int | None = None


def find(form: Form, folder: Path, period: Period) -> tuple[dict[str, tuple[Part, ...]], list[Finding]]:
    """Return the parts of every extract that `folder` holds, in the order of their names, and what is wrong.

    SourceError when the folder is missing, cannot be listed or holds no extract at all.
    """
    try:
        entries = sorted(folder.iterdir(), key=lambda path: path.name)
    except OSError as error:
        raise SourceError(f"the records cannot be read: {folder}: {error.strerror}.") from None
    folding = Folding(form.sources.look_alikes)
    owners = {
        key: extract.id
        for extract in form.records.extract
        for name in (extract.id, *extract.also_named)
        for key in folding.name_keys(name)
    }
    held: dict[str, tuple[Part, ...]] = {}
    findings: list[Finding] = []
    ignored = {name.casefold() for name in form.sources.ignored_files}
    for path in entries:
        known = path.name.casefold() in ignored or path.name in {INVENTED, form.records.sums}
        if path.name.startswith((".", "~")) or known:
            continue
        stem = path.name if path.is_dir() else path.stem
        id = next((owners[key] for key in folding.name_keys(stem) if key in owners), "")
        if not id or not (path.is_dir() or path.suffix.lower() in KINDS):
            like = any(key.startswith(name) for key in folding.name_keys(path.name) for name in owners)
            # What is called like records may be records that nobody would count.
            findings.append(Finding.of("records_misnamed" if like else "records_not_used", Place(file=path.name)))
        elif id in held:
            other = held[id][0].name
            findings.append(Finding.of("records_twice", Place(file=path.name), other=other))
        else:
            parts, faults = _parts(path, form.records.sums, period)
            held[id] = parts
            findings += faults
    if not held:
        names = ", ".join(extract.id for extract in form.records.extract)
        raise SourceError(f"{folder} holds no records. Expected {names}: a .csv, a .parquet, or a folder of parts.")
    return held, findings


def missing(form: Form, held: dict[str, tuple[Part, ...]]) -> Iterator[Finding]:
    """Yield a finding for every extract that a table needs and the folder does not hold."""
    wanted = {table.universe for table in form.tables.values() if can_be_counted(form, table)}
    for extract in form.records.extract:
        universes = [item.id for item in form.counting.universe if item.extract == extract.id]
        if wanted & set(universes) and not held.get(extract.id) and extract.id not in held:
            place = Place(file=extract.id)
            yield Finding.of("records_missing", place, title=extract.title)


def _parts(path: Path, sums: str, period: Period) -> tuple[tuple[Part, ...], list[Finding]]:
    if not path.is_dir():
        return (Part(path, path.name, path.suffix.lower()),), []
    findings: list[Finding] = []
    parts: list[Part] = []
    try:
        entries = sorted(path.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        return (), [Finding.of("records_unreadable", Place(file=path.name), reason=error.strerror or "")]
    for entry in entries:
        is_note = entry.name.startswith("_") and entry.suffix.lower() not in KINDS  # of the writer, such as _SUCCESS
        if is_note or entry.name.startswith((".", "~")) or entry.name == sums:
            continue
        name = f"{path.name}/{entry.name}"
        if not entry.is_file() or entry.suffix.lower() not in KINDS:
            findings.append(Finding.of("records_part_not_used", Place(file=name)))
            continue
        months = _MONTH.findall(entry.stem)
        month = int(months[-1][0]) * 12 + int(months[-1][1]) - 1 if months else None
        parts.append(Part(entry, name, entry.suffix.lower(), month))
    if not parts:
        findings.append(Finding.of("records_no_parts", Place(file=path.name)))
    return tuple(parts), [*findings, *_faults(path.name, parts, period)]


def _faults(folder: str, parts: list[Part], period: Period) -> Iterator[Finding]:
    """Parts of two formats, parts without a month among others, and months between which one is missing."""
    if len({part.kind for part in parts}) > 1:
        yield Finding.of("records_parts_mixed", Place(file=folder))
    months = {part.month for part in parts if part.month is not None}
    if not months:
        return
    for part in parts:
        if part.month is None:
            yield Finding.of("records_part_undated", Place(file=part.name))
    first = min(*months, period.year * 12)
    last = max(*months, last_month(period))
    absent = tuple(written(month) for month in sorted(set(range(first, last + 1)) - months))
    if absent:
        yield Finding.of("records_months_missing", Place(file=folder), months=absent)
