"""The revisions of a period: why each was made, and how its cells moved from one to the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from form1.archive import store
from form1.archive.compare import compare
from form1.archive.store import MANIFEST, Edition
from form1.build import sources
from form1.core.cells import Address, CellMap
from form1.core.errors import DeliveryError, UsageError
from form1.core.findings import Finding, sort_key, verdict
from form1.core.periods import Period
from form1.model import forms
from form1.model.revisions import Difference, DifferenceKind, MovedCell, Revision, content


@dataclass(frozen=True)
class Record:
    """A revision and its cells; `cells` is None when it is lost."""

    revision: Revision
    cells: CellMap | None


def revise(
    submission: forms.Edition, standing: Edition, because: tuple[Difference, ...], exports: Path, folder: Period
) -> forms.Edition:
    """Return the submission as the revision after `standing`, with the reason found in the exports of `folder`.

    Earlier revisions that are missing or damaged lend no number; a finding names each of them. DeliveryError when the
    edition that stands is not what its manifest says.
    """
    archive = store.Archive(standing.folder.parents[1])
    records = recall(archive.editions(submission.period), standing.revision)
    earlier = {record.revision.number: record.revision.reason for record in records}
    reason, findings = sources.read_reason(submission.form, exports, folder, earlier)
    findings += [
        Finding.of("revision_lost", name=f"r{record.revision.number}") for record in records if record.revision.is_lost
    ]
    before = records[-1].cells
    if before is None:
        raise DeliveryError(
            f"{standing.folder / MANIFEST} is not the manifest of this edition. Restore it from a backup, or move the "
            "folder away; then call again. Nothing was published."
        )
    changes = tuple(compare(before, submission.cells))
    this = Revision(standing.revision + 1, reason, because, len(changes))
    records.append(Record(this, submission.cells))
    found = tuple(sorted([*submission.findings, *findings], key=sort_key))
    return replace(
        submission,
        revision=this.number,
        changes=changes,
        revisions=tuple(record.revision for record in records),
        moved=moved(records),
        findings=found,
        verdict=verdict(found),
    )


def history(output: Path, period: Period) -> tuple[tuple[Revision, ...], tuple[MovedCell, ...]]:
    """Return the published revisions of a period and the cells that moved; UsageError when nothing was published."""
    editions = store.Archive(output).editions(period)
    if not editions:
        raise UsageError(f"{output} holds no edition {period}.")
    records = recall(editions, editions[-1].revision)
    return tuple(record.revision for record in records), moved(records)


def recall(editions: Iterable[Edition], last: int) -> list[Record]:
    """Return the revisions 1 to `last` as they were published; one that is missing or damaged is lost."""
    by_number = {edition.revision: edition for edition in editions}
    return [_recall(by_number.get(number), number) for number in range(1, last + 1)]


def moved(records: Iterable[Record]) -> tuple[MovedCell, ...]:
    """Return the cells that are not the same in all revisions, in the order of the last, vanished cells behind."""
    known = {record.revision.number: record.cells for record in records if record.cells is not None}
    addresses: dict[Address, None] = {}
    for cells in reversed(known.values()):
        addresses |= dict.fromkeys(cells)
    found = []
    for address in addresses:
        each = {number: cells.get(address) for number, cells in known.items()}
        if len({content(cell) for cell in each.values()}) > 1:
            found.append(MovedCell(address, each))
    return tuple(found)


def _recall(edition: Edition | None, number: int) -> Record:
    lost = Record(Revision(number, changed=None, is_lost=True), None)
    if edition is None:
        return lost
    try:
        manifest = edition.manifest
        names = {str(file["name"]) for file in manifest["outputs"]}
        is_this = (manifest["revision"], manifest["period"]) == (number, str(edition.period))
        if not is_this or store.CELLS not in names or edition.damage():
            return lost
        changed = int(manifest["changed_cells"])
        revision = Revision(number, str(manifest.get("reason", "")), _because(manifest), changed)
        return Record(revision, edition.cells())
    except (DeliveryError, OSError, KeyError, TypeError, ValueError):
        # A manifest that somebody wrote anew may hold anything.
        return lost


def _because(manifest: Mapping[str, object]) -> tuple[Difference, ...]:
    """Return what the manifest gives as differences; those of the program's first version do not tell."""
    entries = manifest.get("because", [])
    if not isinstance(entries, list):
        raise TypeError
    return tuple(Difference(DifferenceKind(entry["what"]), str(entry["name"])) for entry in entries)
