"""The proof of editions: their files and journal, and the numbers of workbook, PDF and CSV against each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from form1.archive import readback, signing, store
from form1.archive.signing import SignatureCheck, SignatureState, Trust
from form1.archive.store import journal, proof
from form1.archive.store.proof import Harm, Kind
from form1.core.errors import DeliveryError, UsageError
from form1.core.periods import Period, is_period


@dataclass(frozen=True)
class Proved:
    """What was looked at, and everything that is not as it was published."""

    editions: tuple[store.Edition, ...]
    harms: tuple[Harm, ...]
    signatures: tuple[tuple[str, SignatureCheck], ...] = ()
    """Each signature that was found, by the path of what it signs."""
    without_numbers: tuple[str, ...] = ()
    """Editions whose numbers cannot be read back: version 0.1 did not describe its tables."""


def verify(output: Path, named: str, trust: Trust) -> Proved:
    """Prove `all`, the editions of a period (`2026-Q3`), or one (`2026-Q3/r1`, or its folder).

    `trust` says whose signatures count; without pyHanko signatures are told as not checked, and their files are held
    against the journal all the same.
    UsageError when there is no such edition.
    """
    archive = store.Archive(output)
    if named == "all":
        editions, harms = archive.all(), list(proof.harms(output))
        if not editions and not harms:
            raise UsageError(f"{output} holds no edition.")
    else:
        output, editions = _named(output, named)
        known = journal.read(output)
        harms = [harm for edition in editions for harm in proof.harms_of(edition, known)]
        if known.broken or known.torn:
            harms += [harm for harm in proof.harms(output) if not harm.period]
    touched = {harm.where for harm in harms}
    numbers, without, signatures = [], [], []
    for edition in editions:
        home = f"{edition.period}/{edition.folder.name}"
        signatures += _signatures(edition, trust, home)
        found = _numbers(edition, touched, home)
        if found is None:
            without.append(home)
        else:
            numbers += found
        numbers += _attached(edition, touched, home)
    forged = [
        Harm(Kind.SIGNATURE, where, where.partition("/")[0])
        for where, check in signatures
        if check.outcome not in {SignatureState.VALID, SignatureState.NOT_CHECKED}
    ]
    return Proved(tuple(editions), (*harms, *numbers, *forged), tuple(signatures), tuple(without))


def _attached(edition: store.Edition, touched: set[str], home: str) -> list[Harm]:
    """The files inside the PDF against those beside it; files that are harmed already are left out."""
    path = edition.folder / f"form1-{edition.period}-r{edition.revision}.pdf"
    if touched & {f"{home}/{store.MANIFEST}", f"{home}/{path.name}"} or not path.is_file():
        return []
    wanted = [str(name) for name in edition.manifest.get("attached", ())]
    other = readback.first_other_inside(path.read_bytes(), edition.folder, wanted)
    return [Harm(Kind.ATTACHED, f"{home}/{path.name}", str(edition.period), other)] if other else []


def _signatures(edition: store.Edition, trust: Trust, home: str) -> list[tuple[str, SignatureCheck]]:
    """The signatures of an edition whose manifest was signed: that of the manifest, and those inside its PDFs."""
    signature = edition.folder / store.SIGNATURE
    try:
        if not signature.is_file():
            return []
        content = (edition.folder / store.MANIFEST).read_bytes()
        found = [(f"{home}/{store.MANIFEST}", signing.check_detached(content, signature.read_bytes(), trust))]
        found += [
            (f"{home}/{path.name}", signing.check_pdf(path.read_bytes(), trust))
            for path in sorted(edition.folder.glob("*.pdf"))
        ]
    except OSError:
        return []  # the file is among the harms already
    return found


def _named(output: Path, named: str) -> tuple[Path, list[store.Edition]]:
    folder = Path(named)
    if (folder / store.MANIFEST).is_file() and is_period(folder.resolve().parent.name):
        # A path, perhaps through `latest` or into another archive.
        folder = folder.resolve()
        output, named = folder.parents[1], f"{folder.parent.name}/{folder.name}"
    period, _, revision = named.rstrip("/").partition("/")
    if not is_period(period):
        raise UsageError(f"{named} is no edition. Write all, 2026-Q3, 2026-Q3/r1, or the path of an edition's folder.")
    editions = store.Archive(output).editions(Period.parse(period))
    if revision == "latest":
        editions = editions[-1:]
    elif revision:
        editions = [edition for edition in editions if edition.folder.name == revision]
    if not editions:
        raise UsageError(f"{output} holds no edition {named}.")
    return output, editions


def _numbers(edition: store.Edition, touched: set[str], home: str) -> list[Harm] | None:
    """The numbers of the three files against each other; files that are harmed already are left out."""
    stem = f"form1-{edition.period}-r{edition.revision}"
    names = {"cells": store.CELLS, "workbook": f"{stem}.xlsx", "pdf": f"{stem}.pdf"}
    if f"{home}/{store.MANIFEST}" in touched or f"{home}/{store.CELLS}" in touched:
        return []
    try:
        tables, signs = readback.described(edition.manifest)
        if not tables:
            return None
        expected = readback.expected(tables, signs, edition.cells())
    except (ValueError, DeliveryError) as error:
        return [Harm(Kind.NUMBERS, f"{home}/{store.CELLS}", str(edition.period), str(error))]
    found = []
    for name, look in ((names["workbook"], readback.first_other), (names["pdf"], readback.first_missing)):
        path = edition.folder / name
        if f"{home}/{name}" not in touched and path.is_file() and (where := look(path.read_bytes(), expected)):
            found.append(Harm(Kind.NUMBERS, f"{home}/{name}", str(edition.period), where))
    return [*found, *_blanks(edition, touched, home, signs)]


def _blanks(edition: store.Edition, touched: set[str], home: str, signs: Mapping[str, str]) -> Iterator[Harm]:
    """The numbers of the authority's blanks that were filled; an edition of before says nothing of their places."""
    for name, places in dict(edition.manifest.get("blanks", {})).items():
        path = edition.folder / name
        if f"{home}/{name}" in touched or not path.is_file():
            continue
        try:
            where = readback.first_other_in_blank(path.read_bytes(), places, edition.cells(), signs)
        except ValueError as error:
            where = str(error)
        if where:
            yield Harm(Kind.NUMBERS, f"{home}/{name}", str(edition.period), where)
