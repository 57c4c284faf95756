"""The manifest: what an edition was made from, by what, and the hash of everything in it."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path

import form1
from form1 import __version__
from form1.archive.store.differences import signatories_hash
from form1.core.findings import Finding, Severity
from form1.core.periods import Period
from form1.definition.questions import answers_used
from form1.definition.wording import tidy_sheet
from form1.model.forms import Edition, FilledBlank, InputFile
from form1.model.revisions import Revision

_LIBRARIES = ("polars", "pandera", "openpyxl", "jinja2", "weasyprint", "pydantic", "babel")


def fingerprint(
    submission_inputs: Iterable[InputFile],
    *,
    reference: str,
    templates: str,
    language: str,
    signatories: Mapping[str, str],
    history: Mapping[Period, str],
    office: str = "",
) -> str:
    """Return the hash over everything that decides what an edition looks like: equal hashes mean equal editions.

    `reference` and `templates` are the hashes of their folders, `history` the hash of the cells of each earlier period
    that the rules looked at. `office` is the hash of the cells where the office's folder had a say in them, and of its
    answers in the notes: of what stands in that folder only what moves a cell or is printed makes another edition.
    The program counts by its version: another hash of its code alone makes no revision.
    """
    content = {
        "program": __version__,
        "reference": reference,
        "templates": templates,
        "language": language,
        "signatories": dict(sorted(signatories.items())),
        "inputs": sorted((file.name, file.sha256) for file in submission_inputs),
        "history": sorted((str(period), digest) for period, digest in history.items()),
        **({"office": office} if office else {}),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@cache
def program_hash() -> str:
    """Return the sha256 over the names and bytes of the program's own modules, in the order of their names.

    Equal in a checkout and in an installed wheel; what Python or an editor leaves beside the modules does not count.
    """
    return code_hash(Path(form1.__file__).parent)


def code_hash(package: Path) -> str:
    """Return the sha256 over the names and bytes of the modules of a package."""
    digest = hashlib.sha256()
    modules = {path.relative_to(package).as_posix(): path for path in package.rglob("*.py")}
    for name, path in sorted(modules.items()):
        digest.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def made_from(
    edition: Edition, *, fingerprint: str, templates: str, history: Mapping[Period, str]
) -> dict[str, object]:
    """Return the part of a manifest that tells what an edition is made from."""
    return {
        "language": edition.language,
        "fingerprint": fingerprint,
        "inputs": [
            {"name": f.name, "size": f.size, "sha256": f.sha256} for f in sorted(edition.inputs, key=lambda f: f.name)
        ],
        "history": [{"period": str(period), "cells_sha256": digest} for period, digest in sorted(history.items())],
        "reference_sha256": edition.form.sha256,
        "office_sha256": _office_hash(edition),
        "templates_sha256": templates,
        "signatories_sha256": signatories_hash(edition.signatories),
        "program_sha256": program_hash(),
        "versions": {
            "form1": __version__,
            "python": platform.python_version(),
            **{library: version(library) for library in _LIBRARIES},
        },
    }


def manifest(
    edition: Edition,
    files: Mapping[str, bytes],
    *,
    attached: Sequence[str] = (),
    fingerprint: str,
    templates: str,
    history: Mapping[Period, str],
    approval: Mapping[str, str] | None = None,
    previous: str,
) -> bytes:
    """Return manifest.json: inputs, definition, outputs with their sha256, versions, verdict. No clock time.

    `approval` tells who handed over and who signed off, when, and by which draft: the one entry that has a time.

    `reason` and `because` tell why the edition was made: what the sender wrote, and what differs from the one before.
    `attached` are the files that travel inside the PDF, too. `previous` is the seal of the journal's last line: so the
    signature of an edition stands for all that was published before it, too.
    """
    this = edition.revisions[-1] if edition.revisions else Revision(edition.revision)
    content = {
        "form": edition.form.identity.code,
        "journal": not edition.is_draft,
        **({"draft": True} if edition.is_draft else {}),
        **({"approval": dict(approval)} if approval else {}),
        "previous": previous,
        "period": str(edition.period),
        "revision": edition.revision,
        "verdict": str(edition.verdict),
        "findings": {str(severity): _count(edition.findings, severity) for severity in Severity},
        "changed_cells": len(edition.changes),
        # How the tables are read back years later, whatever the definition then says.
        "tables": [
            {
                "id": id,
                "sheet": str(layout.table.number),
                "tidy": tidy_sheet(edition.form, layout.table, edition.language),
                "lines": [row.line for row in layout.rows],
                "panels": [len(panel) for panel in layout.panels],
            }
            for id, layout in edition.layouts.items()
        ],
        "signs": edition.form.signs(),
        "blanks": {f"{edition.name}-{name}.xlsx": _places(blank) for name, blank in edition.blanks.items()},
        "reason": this.reason,
        "because": [{"what": str(each.kind), "name": each.name} for each in this.differences],
        **made_from(edition, fingerprint=fingerprint, templates=templates, history=history),
        "outputs": [
            {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in sorted(files.items())
        ],
        "attached": list(attached),
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _places(blank: FilledBlank) -> dict[str, dict[str, dict[str, str]]]:
    """Where the cells stand in a blank, by sheet, table and row: `M=E8 F=F8`."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for (sheet, cell), (table, row, column) in blank.places.items():
        rows = found.setdefault(sheet, {}).setdefault(table, {})
        rows[row] = f"{rows.get(row, '')} {column}={cell}".strip()
    return found


def _office_hash(edition: Edition) -> str:
    """The hash of what the office says of its exports, and of its answers that stand in this form."""
    used = answers_used(edition.form, edition.period)
    if not used:
        return edition.form.office_sha256
    return hashlib.sha256(f"{edition.form.office_sha256} {used}".encode()).hexdigest()


def _count(findings: Iterable[Finding], severity: Severity) -> int:
    return sum(finding.severity == severity for finding in findings)
