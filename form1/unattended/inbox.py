"""What stands in the folder of exports: for which periods, since when, and whether an edition was made from it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from form1.archive import store
from form1.build import assemble
from form1.build.exports_folder import folder_of, path_of
from form1.build.recipe import BuildOrder
from form1.core.errors import SourceError
from form1.core.periods import Period, is_period
from form1.definition import Form
from form1.definition.configuration import Run


def require(exports: Path) -> None:
    """Raise SourceError when the folder of all exports is not there: then no period is awaited, the disk is."""
    try:
        next(exports.iterdir(), None)
    except OSError as error:
        raise SourceError(
            f"the exports folder {exports} cannot be read: {error.strerror}. Mount it, or name another (exports). "
            "Nothing was published."
        ) from None


def periods(exports: Path) -> Iterator[Period]:
    """Yield the periods that have a folder of exports."""
    with suppress(OSError):  # the run says so, `form1 status` shows what there is
        yield from (Period.parse(path.name) for path in exports.iterdir() if is_period(path.name))


def known_periods(order: BuildOrder) -> Iterator[Period]:
    """Yield the periods that have an edition or a folder of exports."""
    yield from store.Archive(order.output).periods()
    yield from periods(order.exports)


def within_reach(exports: Path, period: Period) -> frozenset[Path]:
    """Return the folders that a form is made from or compared with: its own, and those of all periods before it."""
    earlier = {exports / str(other) for other in periods(exports) if other.in_time < period.in_time}
    return frozenset({path_of(exports, period), *earlier})


def is_there(folder: Path, marker: str) -> bool:
    """True when a folder holds exports and, where the office uses one, the marker that says that they are complete."""
    return _has_files(folder) and (not marker or _is_marked(folder, marker))


def unmarked(form: Form, exports: Path, period: Period, marker: str) -> Path | None:
    """Return the first folder of an earlier quarter that counts in the form and lacks the marker."""
    if not marker:
        return None
    own, of_period = folder_of(exports, period), form.of(period)
    pieces = {
        piece
        for table in of_period.tables.values()
        for piece in assemble.periods_added_up(table, of_period.source_of(table.id), own)
    }
    folders = (exports / str(piece) for piece in sorted(pieces - {own}))
    return next((folder for folder in folders if _has_files(folder) and not _is_marked(folder, marker)), None)


def is_made_from(edition: store.Edition, exports: Path, passed_over: Iterable[str] = ()) -> bool:
    """True when an edition was made from the very files that stand in the exports now, and no other lies beside them.

    False also when it cannot be told: then the exports are read. `passed_over` are names of files that are no exports.
    """
    inputs = {str(file["name"]): str(file["sha256"]) for file in edition.manifest.get("inputs", [])}
    own_folder = path_of(exports, edition.period).name
    folders = {name.partition("/")[0] for name in inputs} | {own_folder}
    skipped = set(passed_over)
    try:
        there = {
            f"{folder}/{path.name}": path
            for folder in folders
            if (exports / folder).is_dir()
            for path in (exports / folder).iterdir()
            if not path.name.startswith((".", "~")) and path.name not in skipped
        }
        own = {name for name in there if name.startswith(f"{own_folder}/")}
        if not inputs or not inputs.keys() <= there.keys() or not own <= inputs.keys():
            return False
        return all(
            there[name].is_file() and hashlib.sha256(there[name].read_bytes()).hexdigest() == known
            for name, known in inputs.items()
        )
    except OSError:
        return False


def no_exports(form: Form, run: Run) -> set[str]:
    """Return the names of files beside the exports that are no exports: the marker, the reason, what is passed over."""
    return {run.marker, form.sources.revision_note, *form.sources.ignored_files}


def _is_marked(folder: Path, marker: str) -> bool:
    """True also for a folder that cannot be looked into, as below."""
    try:
        return (folder / marker).is_file()
    except OSError:
        return True


def _has_files(folder: Path) -> bool:
    """True also for a folder that cannot be looked into: reading it says why."""
    try:
        return any(not path.name.startswith((".", "~")) for path in folder.iterdir())
    except FileNotFoundError:
        return False
    except OSError:
        return True
