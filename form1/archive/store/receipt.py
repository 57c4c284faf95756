"""Receipts: what was received, when, judged by what, with which verdict; and whether a file is the one received."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path

from form1.core.errors import DeliveryError
from form1.core.findings import Verdict


@dataclass(frozen=True)
class Receipt:
    """What was received and how it was judged; `seal` is the hash over everything else, against slips of the hand."""

    file: str
    size: int
    sha256: str
    received: str
    """ISO 8601 with the offset of Asia/Baku."""
    period: str
    program: str
    reference_sha256: str
    verdict: str
    errors: int
    warnings: int
    reason: str = ""
    """Why the file was refused, when it was."""

    def to_json(self) -> bytes:
        """Return the receipt as JSON with its seal."""
        content = asdict(self)
        return (json.dumps({**content, "seal": _seal(content)}, ensure_ascii=False, indent=1) + "\n").encode()


def read_receipt(path: Path) -> Receipt:
    """Return a receipt; DeliveryError when it cannot be read or its seal is broken."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        seal = content.pop("seal")
        receipt = Receipt(**content)
        kinds = {field.name: int if field.type == "int" else str for field in fields(Receipt)}
        if any(type(getattr(receipt, name)) is not kind for name, kind in kinds.items()):
            raise TypeError
        if receipt.verdict not in {*Verdict, "refused"}:
            raise ValueError
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise DeliveryError(
            f"{path} is not a receipt of form1. Name the receipt.json that a check has written."
        ) from None
    if seal != _seal(content):
        raise DeliveryError(f"{path} was changed after it was written: its seal is broken. Do not rely on it.")
    return receipt


def matches(receipt: Receipt, path: Path) -> bool:
    """True when the file is byte for byte the one received."""
    if not path.is_file():
        raise DeliveryError(f"{path} is no file.")
    try:
        # Another size says it all, and a file of any size is never taken into memory.
        if path.stat().st_size != receipt.size:
            return False
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == receipt.sha256
    except OSError as error:
        raise DeliveryError(f"{path} cannot be read: {error.strerror}.") from None


def stamp(now: datetime) -> str:
    """Return a moment as it stands on a receipt."""
    return now.isoformat(timespec="seconds")


def _seal(content: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
