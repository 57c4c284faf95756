"""Two forms beside each other: which cells differ."""

from __future__ import annotations

from pathlib import Path

from form1 import deliver
from form1.cells import Address, Cell, CellMap
from form1.definition import Form
from form1.errors import SourceError, UsageError
from form1.periods import Period
from form1.submission import Change, content

_LONGEST_NAME = 255
"""Bytes that a file's name may have."""


def compare(was: CellMap, now: CellMap) -> list[Change]:
    """Return the cells whose number or status differs, in the order of the new form, vanished cells last."""
    addresses = [*now, *(address for address in was if address not in now)]
    return [
        Change(address, was.get(address), now.get(address))
        for address in addresses
        if content(was.get(address)) != content(now.get(address))
    ]


def cells_of(form: Form, output: Path, named: str) -> dict[Address, Cell]:
    """Return the cells of an edition (`2026-Q3`, `2026-Q3/r1`, or a folder with cells.csv) or of a workbook.

    UsageError when there is no such thing, SourceError when the workbook is refused.
    """
    path = Path(named)
    if len(path.name.encode("utf-8", "surrogateescape")) > _LONGEST_NAME:
        raise UsageError(f"no file has a name as long as {named[:40]}….")
    if path.is_dir() and (path / deliver.CELLS).is_file():
        return deliver.read_cells(path / deliver.CELLS)
    if path.is_file() and path.name == deliver.CELLS:
        return deliver.read_cells(path)
    if path.is_file():
        return _of_workbook(form, path)
    period, _, revision = named.partition("/")
    try:
        editions = deliver.Archive(output).editions(Period.parse(period))
    except UsageError:
        raise UsageError(f"{named} is neither an edition nor a file. Write 2026-Q3, 2026-Q3/r1, or a path.") from None
    for edition in reversed(editions):
        if revision in {"", "latest", f"r{edition.revision}"}:
            return edition.cells()
    raise UsageError(f"{output} holds no edition {named}.")


def _of_workbook(form: Form, path: Path) -> dict[Address, Cell]:
    from form1 import receive

    received = receive.receive(form, path)
    if isinstance(received, receive.Refusal):
        raise SourceError(f"{path.name}: {receive.sentence(form, received, 'en')}")
    return dict(received.cells)
