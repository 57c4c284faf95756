"""Judging every workbook of a folder, on all the cores there are."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from form1.archive.receptions import Arrival
from form1.check import reception
from form1.check.reception import Entered
from form1.check.recipe import CheckOrder, check
from form1.core.errors import Form1Error
from form1.core.literal import plain

_ENDINGS = {".xlsx", ".xls", ".xlsm", ".xlsb", ".xltx", ".ods"}


@dataclass(frozen=True)
class WorkbookResult:
    """The outcome of one workbook among many."""

    file: str
    verdict: str
    """A verdict, or `refused`."""
    errors: int = 0
    warnings: int = 0
    refusal: str = ""
    results: str = ""
    period: str | None = None
    """None for a file that tells none."""
    sha256: str = ""
    arrival: Arrival | None = None
    kept: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """What the register keeps of it, until it is recorded."""
    entered: Entered | None = None

    @property
    def exit_code(self) -> int:
        """What a check of this workbook alone would have returned."""
        return {"refused": 4, "rejected": 3}.get(self.verdict, 0)

    def as_json(self) -> dict[str, object]:
        """Return the line for machines."""
        inner = ("arrival", "kept", "entered")
        told = {name: value for name, value in self.__dict__.items() if name not in inner}
        return {**told, "reception": self.entered.as_json()} if self.entered is not None else told


def check_all(order: CheckOrder, processes: int | None = None) -> Iterator[WorkbookResult]:
    """Judge every .xlsx file in the folder `order.workbook`, in the order of their names.

    Where there is a register they are recorded in this order, too, one after the other.
    """
    for line in _judged(order, processes):
        if order.register is None or line.arrival is None:
            yield line
            continue
        entered = reception.record(order.register, line.arrival, line.kept, order.now)
        yield replace(line, entered=entered, arrival=None, kept={})


def _judged(order: CheckOrder, processes: int | None) -> Iterator[WorkbookResult]:
    files = sorted(path for path in order.workbook.iterdir() if _is_workbook(path))
    orders = [replace(order, workbook=path) for path in files]
    processes = min(processes or os.cpu_count() or 1, len(files))
    if processes <= 1:
        yield from map(_line, orders)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(_line, one) for one in orders]
        for one, future in zip(orders, waiting, strict=True):
            try:
                yield future.result()
            except BrokenProcessPool:
                # A worker was killed from outside; what is left is judged here, one after the other.
                yield _line(one)


def _is_workbook(path: Path) -> bool:
    """Everything that a sender may take for a workbook: the gate refuses by name what is none."""
    return path.suffix.lower() in _ENDINGS and not path.name.startswith(("~$", "."))


def _line(order: CheckOrder) -> WorkbookResult:
    name = plain(order.workbook.name)
    try:
        checked = check(order)
    except Form1Error as error:
        return WorkbookResult(name, "refused", refusal=plain(str(error)))
    except Exception as error:  # one file of a stranger must not stop the others
        return WorkbookResult(name, "refused", refusal=plain(f"this is a bug: {type(error).__name__}: {error}")[:200])
    more: dict[str, Any] = {"arrival": checked.arrival, "kept": checked.kept}
    if checked.received is None:
        sha256 = checked.arrival.sha256 if checked.arrival is not None else ""
        period = str(order.period) if order.period is not None else None
        return WorkbookResult(name, "refused", refusal=checked.refusal, period=period, sha256=sha256, **more)
    findings = [finding for finding in checked.received.findings if not finding.accepted]
    return WorkbookResult(
        name,
        str(checked.received.verdict),
        sum(finding.severity == "error" for finding in findings),
        sum(finding.severity == "warning" for finding in findings),
        results=str(checked.folder or ""),
        period=str(checked.received.period),
        sha256=checked.received.file.sha256,
        **more,
    )
