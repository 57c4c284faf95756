"""The files inside a PDF against those beside it."""

from __future__ import annotations

import io
from collections.abc import Collection
from pathlib import Path


def first_other_inside(content: bytes, folder: Path, wanted: Collection[str]) -> str:
    """Return the first file inside a PDF that is not the one in `folder` byte for byte, or an empty string.

    `wanted` are the names of those that must be there; any other is told too. A PDF that cannot be read has none.
    """
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            inside = {name: document.attachments[name].get_file().read_bytes() for name in document.attachments}
    except (pikepdf.PdfError, KeyError, ValueError) as error:
        return str(error)[:120]
    for name in sorted({*wanted, *inside}):
        beside = folder / name
        if name not in wanted or inside.get(name) is None or inside[name] != _bytes(beside):
            return name
    return ""


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
