"""A blank form in its place: drawn, and written whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from form1.archive.store import disk
from form1.core.errors import DeliveryError
from form1.core.periods import Period
from form1.core.texts import Language
from form1.definition import Form
from form1.render import fillin


def make(form: Form, period: Period, language: Language, signatories: Mapping[str, str], output: Path) -> Path:
    """Write a blank form for `period` into the file or folder `output`; return its path.

    UsageError when no version of the form is in force for the period, DeliveryError when it cannot be written, or
    when a file stands there: somebody may have filled it already.
    """
    path = output if output.suffix.lower() == ".xlsx" else output / f"form1-{period}-{language}.xlsx"
    if path.exists() or path.is_symlink():
        raise DeliveryError(f"{path} exists already and may have been filled in. Move it away or name another file.")
    content = fillin.draw(form.of(period), period, language, signatories)
    try:
        path.parent.mkdir(mode=disk.FOLDER_MODE, parents=True, exist_ok=True)
        disk.replace(path, content)
    except OSError as error:
        raise DeliveryError(f"{path} could not be written: {disk.reason(error)}.") from None
    return path
