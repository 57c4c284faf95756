"""Tabulated exports in their folder, whole or not at all; what they replace is kept."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Collection, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from form1.archive.store.disk import FOLDER_MODE, UNFINISHED, fill, reason, sync
from form1.core.errors import DeliveryError
from form1.core.periods import Period
from form1.model.exports import ACCOUNT

KEPT: Final = "replaced"
"""The folder beside the periods where exports go that were replaced."""
_OF_THE_RUN: Final = ("engine", "versions", "definition_sha256", "inputs", "totals")
"""What an account may say otherwise while the exports and the rules behind them are the same."""


class Placed(StrEnum):
    """What became of exports."""

    NEW = "tabulation_new"
    STANDS = "tabulation_stands"
    REPLACED = "tabulation_replaced"


def put_exports(
    exports: Path, period: Period, files: Mapping[str, bytes], beside: Collection[str] = ()
) -> tuple[Placed, Path | None]:
    """Put the exports and the account in `files` into the folder of a period; return what became of them.

    The same counts by the same rules leave the folder as it stands. Others replace it, and what stood there is kept
    below `replaced`; files that are no exports stay. DeliveryError when the folder holds exports that were not
    tabulated, or when it cannot be written. `beside` are the names of files that are no exports.
    """
    folder = exports / str(period)
    standing = _standing(folder)
    if not standing:
        _require_no_others(folder, beside)
    if standing and _same(folder, standing, files):
        return Placed.STANDS, None
    building = exports / f"{UNFINISHED}{os.getpid()}-{period}"
    try:
        exports.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        shutil.rmtree(building, ignore_errors=True)
        fill(building, {**_others(folder, standing), **files})
        kept = _set_aside(exports, folder) if standing else None
        if kept is None and folder.exists():
            shutil.rmtree(folder)  # nothing but files that were carried over
        try:
            building.rename(folder)
        except OSError:
            if kept is not None:
                kept.rename(folder)
            raise
        sync(exports)
    except OSError as error:
        shutil.rmtree(building, ignore_errors=True)
        raise DeliveryError(f"{folder} could not be written: {reason(error)}. The exports are as they were.") from None
    return (Placed.REPLACED if kept else Placed.NEW), kept


def _standing(folder: Path) -> dict[str, Any]:
    """The account that stands in a folder; empty when the folder holds no export at all."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise DeliveryError(f"{folder} is no folder. Move it away, then call again.")
    if (folder / ACCOUNT).is_file():
        try:
            account = json.loads((folder / ACCOUNT).read_bytes())
            return account if isinstance(account, dict) else {}
        except (OSError, ValueError):
            return {ACCOUNT: "unreadable"}
    return {}


def _require_no_others(folder: Path, beside: Collection[str]) -> None:
    known = {name.casefold() for name in beside}
    there = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    others = [name for name in there if not name.startswith(".") and name.casefold() not in known]
    if others:
        raise DeliveryError(
            f"{folder} holds exports that were not counted from records ({', '.join(others[:3])}"
            f"{', …' if len(others) > 3 else ''}). Move them away, or give another --exports."
        )


def _same(folder: Path, standing: Mapping[str, Any], files: Mapping[str, bytes]) -> bool:
    try:
        account = json.loads(files[ACCOUNT])
        alike = {key: value for key, value in account.items() if key not in _OF_THE_RUN}
        stood = {key: value for key, value in standing.items() if key not in _OF_THE_RUN}
        exports = [name for name in files if name != ACCOUNT]
        return alike == stood and all((folder / name).read_bytes() == files[name] for name in exports)
    except (OSError, KeyError):
        return False


def _others(folder: Path, standing: Mapping[str, Any]) -> dict[str, bytes]:
    """Files beside the exports that stay where they are."""
    if not folder.is_dir():
        return {}
    exports = {str(file.get("name")) for file in standing.get("exports", []) if isinstance(file, dict)}
    return {
        path.name: path.read_bytes()
        for path in sorted(folder.iterdir())
        if path.is_file() and path.name not in {*exports, ACCOUNT}
    }


def _set_aside(exports: Path, folder: Path) -> Path:
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.is_file():
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    kept = exports / KEPT / str(folder.name) / digest.hexdigest()[:12]
    kept.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    shutil.rmtree(kept, ignore_errors=True)  # the same files were replaced before
    folder.rename(kept)
    sync(kept.parent)
    return kept
