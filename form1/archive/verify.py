"""The proof of editions: their files and journal, and the numbers of workbook, PDF and CSV against each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
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
    unsigned: tuple[str, ...] = ()
    """Editions of before the office signed, where signatures are asked for."""
    lines: int = 0
    """How many lines the journal has."""
    seal: str = ""
    """The seal of the last of them: who keeps it elsewhere can prove later that nothing was taken back."""


def verify(output: Path, named: str, trust: Trust, expected_seal: str = "") -> Proved:
    """Prove `all`, the editions of a period (`2026-Q3`), or one (`2026-Q3/r1`); or those of a folder, by its path.

    `trust` says whose signatures count; without pyHanko signatures are told as not checked, and their files are held
    against the journal all the same. `expected_seal` is one that an earlier call gave: the journal must hold it still.
    UsageError when there is no such edition.
    """
    output, place = _wanted(output, named)
    known = journal.read(output)
    editions = [edition for edition in store.Archive(output).all() if _is_in(place, _home(edition))]
    harms = [harm for harm in proof.harms(output) if not harm.period or _is_in(place, harm.where)]
    if expected_seal and not known.keeps(expected_seal):
        harms.append(Harm(Kind.ROLLED_BACK, journal.FILE))
    if not editions and not harms:
        told = f" {named}. A folder of that name is ./{named}" if store.named_edition(named) else ""
        raise UsageError(f"{output} holds no edition{told}.")
    touched = {harm.where for harm in harms}
    numbers, without, signatures, unsigned = [], [], [], []
    for edition in editions:
        home = _home(edition)
        of_edition = _signatures(edition, trust, home)
        signatures += of_edition
        if trust.is_asked_for and not (edition.folder / store.SIGNATURE).is_file():
            if of_edition or _must_be_signed(edition, known, trust):
                harms.append(Harm(Kind.UNSIGNED, home, str(edition.period)))
            else:
                unsigned.append(home)
        try:
            found = _numbers(edition, touched, home)
            if found is None:
                without.append(home)
            else:
                numbers += found
            numbers += _attached(edition, touched, home)
        except (KeyError, TypeError, ValueError, AttributeError):
            # Whoever wrote the manifest anew may have put anything in the place of anything.
            numbers.append(Harm(Kind.UNREADABLE, f"{home}/{store.MANIFEST}", str(edition.period)))
    forged = [
        Harm(Kind.SIGNATURE, where, where.partition("/")[0])
        for where, check in signatures
        if check.outcome not in {SignatureState.VALID, SignatureState.NOT_CHECKED}
    ]
    return Proved(
        editions=tuple(editions),
        harms=(*harms, *numbers, *forged),
        signatures=tuple(signatures),
        without_numbers=tuple(without),
        unsigned=tuple(unsigned),
        lines=len(known.entries),
        seal=known.seal,
    )


def _must_be_signed(edition: store.Edition, known: journal.Reading, trust: Trust) -> bool:
    """True for an edition that follows a signed one in the journal, or is of the time since when all are signed.

    A line can be dated back with its seal, but no period is published before it ends.
    """
    entry = known.standing.get(edition.key)
    first = next((entry.number for entry in known.entries if entry.signature_sha256), None)
    if entry is not None and first is not None and entry.number >= first:
        return True
    if trust.since is None:
        return False
    written = datetime.fromisoformat(entry.time).date() if entry is not None else edition.period.last_day
    return max(written, edition.period.last_day) >= trust.since


def _attached(edition: store.Edition, touched: set[str], home: str) -> list[Harm]:
    """The files inside the PDF against those beside it; files that are harmed already are left out."""
    path = edition.folder / f"form1-{edition.period}-r{edition.revision}.pdf"
    if touched & {f"{home}/{store.MANIFEST}", f"{home}/{path.name}"} or not path.is_file():
        return []
    wanted = [str(name) for name in edition.manifest.get("attached", ())]
    other = readback.first_other_inside(path.read_bytes(), edition.folder, wanted)
    return [Harm(Kind.ATTACHED, f"{home}/{path.name}", str(edition.period), other)] if other else []


def _signatures(edition: store.Edition, trust: Trust, home: str) -> list[tuple[str, SignatureCheck]]:
    """The signatures of an edition: that of its manifest, and those inside its PDFs, which go with it."""
    signature = edition.folder / store.SIGNATURE
    found: list[tuple[str, SignatureCheck]] = []
    try:
        if is_signed := signature.is_file():
            content = (edition.folder / store.MANIFEST).read_bytes()
            found.append((f"{home}/{store.MANIFEST}", signing.check_detached(content, signature.read_bytes(), trust)))
        for path in sorted(edition.folder.glob("*.pdf")):
            check = signing.check_pdf(path.read_bytes(), trust)
            if is_signed or check.outcome != SignatureState.ABSENT:
                found.append((f"{home}/{path.name}", check))
    except OSError:
        pass  # the file is among the harms already
    return found


def _home(edition: store.Edition) -> str:
    """Where an edition stands below the output folder."""
    return f"{edition.period}/{edition.folder.name}"


def _is_in(place: str, where: str) -> bool:
    """True for what is at a place, or anywhere where there is no place."""
    return not place or f"{where}/".startswith(f"{place}/")


def _wanted(output: Path, named: str) -> tuple[Path, str]:
    """Return the output folder, and the place in it that is named: `2026-Q3`, `2026-Q3/r1`, or nothing for all."""
    if named == "all":
        return output, ""
    edition = store.named_edition(named)
    if edition is None:
        # A path, perhaps through `latest` or into another archive.
        folder = Path(named)
        if (folder / store.MANIFEST).is_file() and is_period(folder.resolve().parent.name):
            folder = folder.resolve()
            return folder.parents[1], f"{folder.parent.name}/{folder.name}"
        if not (folder.is_dir() and is_period(folder.resolve().name)):
            raise UsageError(
                f"{named} is no edition. Write all, 2026-Q3, 2026-Q3/r1, or the path of an edition's folder."
            )
        output, edition = folder.resolve().parent, (Period.parse(folder.resolve().name), "")
    period, revision = edition
    if revision == "latest":
        there = {each.revision for each in store.Archive(output).editions(period)}
        there |= {number for of, number in journal.read(output).standing if of == str(period)}
        revision = f"r{max(there, default=0)}"
    return output, f"{period}/{revision}".rstrip("/")


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
