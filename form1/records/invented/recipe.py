"""An invented register as a folder of extracts that `form1 tabulate` counts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

from form1 import __version__
from form1.archive import store
from form1.core.errors import DefinitionError, UsageError
from form1.core.folders import data_folder
from form1.core.periods import Period
from form1.core.texts import LANGUAGES
from form1.definition import Form
from form1.model.exports import INVENTED
from form1.records.invented import settings
from form1.records.invented.extracts import MOST_PERSONS, Invented
from form1.records.invented.persons import EPOCH
from form1.records.invented.writing import Manner, Written, write, written

_PLAIN = Manner()


@dataclass(frozen=True)
class SampleOrder:
    """A register of so many persons for a period, to be written into `records`."""

    form: Form
    period: Period
    persons: int
    records: Path
    seed: int = 1
    manner: Manner = _PLAIN
    shares: Path | None = None
    """The folder of register.toml and shares.toml; those that came with the program when None."""


def make(order: SampleOrder, progress: Callable[[int], None] = lambda persons: None) -> dict[str, Any]:
    """Write the records, whole or not at all, and return what the manifest beside them says."""
    if not 1 <= order.persons <= MOST_PERSONS:
        raise UsageError(f"{order.persons} persons: a register has from 1 to {MOST_PERSONS}.")
    if not 0 <= order.seed < 2**63:
        raise UsageError(f"no such seed: {order.seed}. Give a whole number from 0 on.")
    folder = order.shares or data_folder("sample_data")
    register, shares = settings.read(folder)
    invented = Invented(order.form, order.period, register, shares, order.seed)
    content: dict[str, Any] = {}

    def build(building: Path) -> None:
        write(invented, order.persons, building, order.manner, progress)
        content.update(_manifest(order, invented, folder, written(invented, building)))
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        (building / INVENTED).write_text(text, encoding="utf-8")

    store.put_folder(order.records, build)
    return content


def _manifest(order: SampleOrder, register: Invented, folder: Path, files: list[Written]) -> dict[str, Any]:
    form = order.form
    taken = EPOCH + timedelta(days=register.calendar.taken)
    return {
        "invented": {language: form.word("records_are_invented", language) for language in LANGUAGES},
        "period": str(order.period),
        "taken_on": taken.isoformat(),
        "seed": order.seed,
        "persons": order.persons,
        "format": order.manner.format,
        "parts": order.manner.parts,
        "versions": {"form1": __version__, **{name: version(name) for name in ("numpy", "polars")}},
        "definition_sha256": form.sha256,
        "shares_sha256": {name: _hash(folder / name) for name in ("register.toml", "shares.toml")},
        "extracts": {
            extract.id: {
                "records": sum(file.records for file in files if file.extract == extract.id),
                "files": [
                    {"name": file.name, "records": file.records, "size": file.size, "sha256": file.sha256}
                    for file in files
                    if file.extract == extract.id
                ],
            }
            for extract in form.records.extract
        },
    }


def _hash(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise DefinitionError(f"{path.name} cannot be read: {error.strerror}.") from None
