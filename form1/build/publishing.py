"""From a judged form to an edition in its place: what there is to publish, its files, its manifest."""

from __future__ import annotations

import ctypes
import hashlib
import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from form1.archive import store
from form1.archive.signing import Signer, unsigned
from form1.archive.store import journal
from form1.build.revisions import revise
from form1.core.cells import CellMap
from form1.core.errors import DeliveryError
from form1.core.folders import data_folder, scratch
from form1.core.periods import Period
from form1.definition.load import folder_hash
from form1.definition.questions import answers_used
from form1.model.forms import Edition, FilledBlank, Judged
from form1.model.history import History
from form1.render import data, metadata, pdf, report, workbook

_TELL_ME: Final = 1
"""PR_SET_PDEATHSIG of Linux: the signal that a process gets when its parent dies."""


@dataclass(frozen=True)
class Prepared:
    """A form that was filled and judged, and the earlier periods that its rules and its summary looked at."""

    output: Path
    exports: Path
    folder: Period
    """The period whose folder of exports the form was filled from."""
    submission: Judged
    blanks: Mapping[str, FilledBlank]
    """The authority's blanks for the period, filled."""
    history: Mapping[Period, History]


@dataclass(frozen=True)
class Planned:
    """What there is to publish; `stands` is the folder of the edition when it is the same as the one that stands."""

    output: Path
    submission: Edition
    fingerprint: str
    templates: str
    looked_at: Mapping[Period, str]
    stands: Path | None = None

    def made_from(self) -> dict[str, object]:
        """Return what the manifest will say of what it was made from."""
        return store.made_from(
            self.submission, fingerprint=self.fingerprint, templates=self.templates, history=self.looked_at
        )


def plan(prepared: Prepared, harmed: Mapping[Period, str]) -> Planned:
    """Return which revision an accepted form becomes, with its changes, or the edition that stands already.

    What is planned may be rejected: a revision has its own findings, such as a reason that cannot be used.
    The caller holds the lock and has recovered the archive; `harmed` is what `store.recover` returned. DeliveryError
    when the period's own editions cannot be relied on.
    """
    submission, output = Edition.of(prepared.submission, revision=1, blanks=prepared.blanks), prepared.output
    if submission.period in harmed:
        raise DeliveryError(f"{harmed[submission.period]}. Nothing was published for {submission.period}.")
    templates = folder_hash(data_folder("templates"))
    looked_at = {period: digest(entry.cells) for period, entry in prepared.history.items() if entry.cells is not None}

    def fingerprint(language: str) -> str:
        return store.fingerprint(
            submission.inputs,
            reference=submission.form.sha256,
            templates=templates,
            language=language,
            signatories=submission.signatories,
            history=looked_at,
            office=_office(submission),
        )

    standing = store.Archive(output).latest(submission.period)
    planned = Planned(output, submission, fingerprint(submission.language), templates, looked_at)
    if standing is None:
        return planned
    if damage := standing.damage():
        raise DeliveryError(
            f"{standing.folder} was changed after it was published ({', '.join(damage)}). Restore it from a "
            "backup, or move the folder away; then call again. Nothing was published."
        )
    # Another language alone is no other edition: the one that stands is rendered in it.
    if standing.manifest.get("fingerprint") == fingerprint(str(standing.manifest.get("language"))):
        return replace(planned, submission=replace(submission, revision=standing.revision), stands=standing.folder)
    because = store.differences(standing.manifest, planned.made_from())
    revised = revise(submission, standing, because, prepared.exports, prepared.folder)
    return replace(planned, submission=revised)


@scratch()
def draw(submission: Edition, progress: Callable[[str], None] = lambda step: None) -> dict[str, bytes]:
    """Return the files of an edition by name, all but the manifest; MachineError without room for passing files."""
    progress("drawing_workbook")
    files = {f"{submission.name}.xlsx": workbook.draw(submission)}
    files |= {f"{submission.name}-{name}.xlsx": blank.content for name, blank in submission.blanks.items()}
    progress("drawing_report")
    files["report.html"] = report.draw(submission)
    files["cells.csv"] = data.cells_csv(submission.cells)
    files["datapackage.json"] = data.datapackage_json(submission, files["cells.csv"])
    files["findings.json"] = data.findings_json(submission)
    files[metadata.NAME] = metadata.metadata_json(submission)
    if submission.revision > 1:
        files["changes.csv"] = data.changes_csv(submission)
    # The PDF comes last: data travel inside, and what follows it pays for the objects that its layout leaves behind.
    progress("drawing_pdf")
    files[f"{submission.name}.pdf"] = pdf.draw(submission, files)
    return files


def draw_all(submissions: Sequence[Edition], processes: int) -> Iterator[dict[str, bytes]]:
    """Yield the files of each submission, in the order given; `processes` 0 stands for one to each processor."""
    count = min(processes or os.cpu_count() or 1, len(submissions))
    if count <= 1:
        yield from map(draw, submissions)
        return
    with ProcessPoolExecutor(
        count, mp_context=get_context("spawn"), initializer=_die_with, initargs=(os.getpid(),)
    ) as pool:
        waiting = [pool.submit(draw, submission) for submission in submissions]
        for submission, future in zip(submissions, waiting, strict=True):
            try:
                yield future.result()
            except BrokenProcessPool:
                # A worker was killed from outside (memory, an operator); what is left is drawn here.
                yield draw(submission)


def _die_with(parent: int) -> None:
    """Let a killed run leave no process behind; elsewhere than on Linux the workers end with their work."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).prctl(_TELL_ME, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def manifest_of(planned: Planned, files: Mapping[str, bytes], approval: Mapping[str, str] | None = None) -> bytes:
    """Return the manifest of what is planned, with its files; `approval` tells who signed off."""
    return store.manifest(
        planned.submission,
        files,
        attached=sorted(pdf.TRAVELLING.keys() & files.keys()),
        fingerprint=planned.fingerprint,
        templates=planned.templates,
        history=planned.looked_at,
        approval=approval,
        previous=journal.read(planned.output).seal,
    )


def put(
    planned: Planned,
    files: dict[str, bytes],
    stamp: store.RunStamp,
    sign: Signer = unsigned,
    approval: Mapping[str, str] | None = None,
) -> Path:
    """Publish the files with their manifest, signed where the office signs, and return the edition's folder.

    The caller holds the lock; `approval` tells who signed off, where that is asked for.
    """
    submission = planned.submission
    files = sign(files)
    manifest = manifest_of(planned, files, approval)
    return store.publish(
        planned.output,
        submission.period,
        submission.revision,
        files | sign({store.MANIFEST: manifest}),
        str(submission.verdict),
        stamp,
    )


def _office(submission: Edition) -> str:
    """What the office's folder did to the form: its cells, and its answers as far as they stand in it."""
    cells = digest(submission.cells) if submission.form.office_sha256 else ""
    return " ".join(filter(None, (cells, answers_used(submission.form, submission.period))))


def digest(cells: CellMap) -> str:
    """The hash of cells whatever they were read from: an edition and the exports behind it give the same."""
    return hashlib.sha256(data.cells_csv(dict(sorted(cells.items())))).hexdigest()
