"""Two forms beside each other: which cells differ."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from form1.archive import store
from form1.core.cells import Address, Cell, CellMap
from form1.core.errors import SourceError, UsageError
from form1.core.periods import Period, is_period
from form1.core.texts import Text
from form1.definition import Form
from form1.definition.carried import carry, why_not
from form1.model.revisions import ChangedCell, content

_LONGEST_NAME = 255
"""Bytes that a file's name may have."""


@dataclass(frozen=True)
class Named:
    """A form that was named in a call: its cells, and its period where that is known."""

    cells: CellMap
    period: Period | None


@dataclass(frozen=True)
class Compared:
    """Two forms beside each other, at the addresses that `form` gives the cells; `apart` says what has no match."""

    form: Form
    changes: list[ChangedCell]
    apart: tuple[tuple[str, Text], ...] = ()
    """Table, and why a row or a column of it is not compared."""


def beside(form: Form, was: Named, now: Named) -> Compared:
    """Compare two forms: of two versions of the form the older cells are brought to the addresses of the newer form."""
    if was.period is None or now.period is None or not (form.covers(was.period) and form.covers(now.period)):
        return Compared(form, compare(was.cells, now.cells))
    earlier, later = form.of(was.period), form.of(now.period)
    carried = carry(was.cells, earlier, was.period, later, now.period)
    apart = [
        (side[0], why_not(earlier, later, side, past, was.period)) for side, past in sorted(carried.breaks.items())
    ]
    changes = [
        change
        for change in compare(carried.cells, now.cells)
        if not {(change.address[0], change.address[1], ""), (change.address[0], "", change.address[2])}
        & carried.breaks.keys()
    ]
    return Compared(later, changes, tuple(apart))


def compare(was: CellMap, now: CellMap) -> list[ChangedCell]:
    """Return the cells whose number or status differs, in the order of the new form, vanished cells last."""
    addresses = [*now, *(address for address in was if address not in now)]
    return [
        ChangedCell(address, was.get(address), now.get(address))
        for address in addresses
        if content(was.get(address)) != content(now.get(address))
    ]


def cells_of(form: Form, output: Path, named: str) -> dict[Address, Cell]:
    """Return the cells of what `find` finds."""
    return dict(find(form, output, named).cells)


def find(form: Form, output: Path, named: str) -> Named:
    """Return what stands in an edition (`2026-Q3`, `2026-Q3/r1`, or a folder with cells.csv) or in a workbook.

    UsageError when there is no such thing, SourceError when the workbook is refused.
    """
    if of_archive := store.named_edition(named):
        return _published(output, named, *of_archive)
    path = Path(named)
    if len(path.name.encode("utf-8", "surrogateescape")) > _LONGEST_NAME:
        raise UsageError(f"no file has a name as long as {named[:40]}….")
    if path.is_dir() and (path / store.CELLS).is_file():
        return Named(store.read_cells(path / store.CELLS), _period_of(path))
    if path.is_file() and path.name == store.CELLS:
        return Named(store.read_cells(path), _period_of(path.parent))
    if path.is_file():
        return _of_workbook(form, path)
    raise UsageError(f"{named} is neither an edition nor a file. Write 2026-Q3, 2026-Q3/r1, or a path.")


def _published(output: Path, named: str, period: Period, revision: str) -> Named:
    for edition in reversed(store.Archive(output).editions(period)):
        if revision in {"", "latest", f"r{edition.revision}"}:
            return Named(edition.cells(), edition.period)
    raise UsageError(f"{output} holds no edition {named}. A folder of that name is ./{named}.")


def _period_of(folder: Path) -> Period | None:
    """The period of a folder with cells: that of the edition's manifest or of the receipt of a check."""
    for name in (store.MANIFEST, "receipt.json"):
        try:
            written = json.loads((folder / name).read_text(encoding="utf-8"))["period"]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            continue
        return Period.parse(written) if isinstance(written, str) and is_period(written) else None
    return None


def _of_workbook(form: Form, path: Path) -> Named:
    from form1 import recognise

    received = recognise.receive(form, path)
    if isinstance(received, recognise.Refusal):
        raise SourceError(f"{path.name}: {recognise.sentence(form, received, 'en')}")
    return Named(received.cells, received.period)
