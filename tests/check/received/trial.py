"""One error put into one table of a sound form, the workbook judged as `form1 check` judges it, and what was said."""

from __future__ import annotations

import functools
import random
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from form1.check.recipe import CheckOrder, judge
from form1.core.cells import Address
from form1.core.findings import Finding, Severity
from form1.core.periods import Period
from form1.core.texts import LANGUAGES, Language
from form1.definition.wording import say
from form1.model.causes import Amendment
from form1.model.forms import Received
from tests.check.received import harmless, lines, numbers, shapes, whole
from tests.check.received.generated import Sent, archive, sound_form
from tests.check.received.seeding import KINDS, By, Kind, Right, Spot
from tests.check.received.workbook import Book
from tests.xlsx.read.packages import the_form

__all__ = ["KINDS", "Trial", "false_alarms", "harmless", "lines", "numbers", "shapes", "try_out", "whole"]

PERIODS = (Period(2026, 3), Period(2026, 4), Period(2026, 2))
NOW = datetime(2099, 1, 1, tzinfo=UTC)
"""After every period that is made up: a period that is not over is a finding of its own."""
Named = set[tuple[str, ...]]


@dataclass(frozen=True)
class Base:
    """A sound form that waits to be spoiled, and what is said of it as it is."""

    sent: Sent
    editions: Path
    book: Book
    at: Mapping[Address, tuple[str, str]]
    said: Counter[tuple[str, ...]]


@dataclass(frozen=True)
class Trial:
    """What became of one error."""

    kind: str
    by: By
    table: str
    seed: int
    language: Language
    found: bool
    """A finding that the sound form does not have, an error or a warning (for harmless kinds: an error)."""
    named: bool | None
    """The right cell has a finding or a cause amends it; None where there is nothing to name."""
    listed: bool | None
    """The same, where the alternatives of the causes count too."""
    seconds: float
    right: str
    said: tuple[str, ...]


def try_out(kind: Kind, table: str, seed: int, languages: tuple[Language, ...] = LANGUAGES) -> Trial | None:
    """Seed one error and judge the workbook; None when the table has no room for it."""
    base = _base(seed % (len(PERIODS) * len(languages)), languages)
    spot = Spot(random.Random(f"{kind.name} {table} {seed}"), base.sent, base.at, table, base.book.copy())
    right = kind.seed(spot)
    if right is None:
        return None
    if kind.by in {By.HARMLESS, By.NOBODY}:
        right = []
    started = time.perf_counter()
    received = _judged(spot.book.pack(), base)
    seconds = time.perf_counter() - started
    if isinstance(received, str):
        return Trial(kind.name, kind.by, table, seed, base.sent.language, False, False, False, seconds, "", (received,))
    weighty = {Severity.ERROR} if kind.by == By.HARMLESS else {Severity.ERROR, Severity.WARNING}
    new = _new(received.findings, base.said, weighty)
    first = _places(received, new) | _amended(received, [cause.amendments for cause in received.causes.causes])
    # A cause that is told of a whole table names each cell of it.
    told = {cause.place.table for cause in received.causes.causes if not cause.amendments and not cause.place.row}
    first |= {address for address in received.at if address[0] in told}
    more = first | _amended(received, [other for cause in received.causes.causes for other in cause.alternatives])
    return Trial(
        kind.name, kind.by, table, seed, base.sent.language, bool(new), _is_named(right, first),
        _is_named(right, more), seconds, str([sorted(map("/".join, touched)) for touched in right]),
        tuple(_account(received, new)),
    )  # fmt: skip


def false_alarms(seed: int, languages: tuple[Language, ...] = LANGUAGES) -> tuple[list[str], list[str]]:
    """Return the errors and the warnings that are said of a sound form; every seventh has a count that is missing."""
    sent = _in_language(seed, languages, gap=seed % 7 == 3)
    with tempfile.TemporaryDirectory() as folder:
        received = _judgement(sent.content, sent, archive(sent, Path(folder) / "editions"))
    if isinstance(received, str):
        return [received], []
    said: dict[Severity, list[str]] = {Severity.ERROR: [], Severity.WARNING: [], Severity.INFORMATION: []}
    for finding in received.findings:
        said[finding.severity].append(f"{finding.message} {finding.rule} {finding.place}")
    if received.period != sent.period or received.cells.keys() != sent.now.cells.keys():
        said[Severity.ERROR].append(f"read as {received.period}, {len(received.cells)} cells")
    return said[Severity.ERROR], said[Severity.WARNING]


@functools.cache
def _base(number: int, languages: tuple[Language, ...]) -> Base:
    sent = _in_language(1000 + number, languages, period=PERIODS[number // len(languages)])
    folder = tempfile.TemporaryDirectory(prefix="form1-seeded-")
    _FOLDERS.append(folder)
    editions = archive(sent, Path(folder.name))
    book = Book.read(sent.content)
    received = _judgement(book.copy().pack(), sent, editions)
    assert not isinstance(received, str), received
    return Base(sent, editions, book, received.at, Counter(map(_identity, received.findings)))


_FOLDERS: list[tempfile.TemporaryDirectory[str]] = []
"""Archives of the bases; they go when the process ends."""


def _in_language(
    seed: int, languages: tuple[Language, ...], *, period: Period | None = None, gap: bool = False
) -> Sent:
    """The form of a seed; the seed also gives the language, so it is moved to one that is wanted."""
    wanted = LANGUAGES.index(languages[seed % len(languages)])
    return sound_form(the_form(), 3 * seed + wanted, period=period, gap=gap)


def _judged(content: bytes, base: Base) -> Received | str:
    return _judgement(content, base.sent, base.editions)


def _judgement(content: bytes, sent: Sent, editions: Path) -> Received | str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "form.xlsx"
        path.write_bytes(content)
        order = CheckOrder(sent.form, path, NOW, sent.language, exports=Path(folder) / "none", editions=editions)
        return judge(order, path)


def _new(findings: tuple[Finding, ...], known: Counter[tuple[str, ...]], weighty: set[Severity]) -> list[Finding]:
    left = Counter(known)
    new = []
    for finding in findings:
        if left[_identity(finding)]:
            left[_identity(finding)] -= 1
        elif finding.severity in weighty:
            new.append(finding)
    return new


def _identity(finding: Finding) -> tuple[str, ...]:
    place = finding.place
    return (finding.message, finding.rule, place.table, place.row, place.column, *([] if place.table else [place.cell]))


def _places(received: Received, findings: list[Finding]) -> Named:
    named: Named = set()
    for finding in findings:
        place = finding.place
        whole = (place.table, place.row, place.column)
        named |= {whole, (place.table, place.row, ""), (place.table, "", place.column), (place.sheet, place.cell)}
        if finding.message.startswith("received_table"):
            named.add((place.table, "", ""))
        if whole in received.at:
            named.add(received.at[whole])
    return named


def _amended(received: Received, amendments: list[tuple[Amendment, ...]]) -> Named:
    addresses = {amendment.address for each in amendments for amendment in each}
    return {*addresses, *((table, row, "") for table, row, _ in addresses)} | {
        received.at[address] for address in addresses if address in received.at
    }


def _is_named(right: Right, named: Named) -> bool | None:
    return any(touched <= named for touched in right) if right else None


def _account(received: Received, new: list[Finding]) -> list[str]:
    said = [say(received.form, finding, "en", received.layouts, received.at) for finding in new[:6]]
    said += [f"… {len(new)} new findings"] if len(new) > len(said) else []
    for cause in received.causes.causes[:4]:
        moves = ", ".join(f"{'/'.join(a.address)} {a.value}→{a.would_be}" for a in cause.amendments[:8])
        said.append(f"{cause.kind} ({len(cause.alternatives)} alternatives): {moves}")
    return [*said, str(received.causes.status)]
