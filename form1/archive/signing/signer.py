"""Signing what is published, where the office signs: each PDF inside, the manifest by a file beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from form1.archive.signing.sign import able, detached, pdf
from form1.archive.store.editions import MANIFEST, SIGNATURE
from form1.definition.configuration import Signing

Signer = Callable[[dict[str, bytes]], dict[str, bytes]]
"""Takes files and gives them signed; the fingerprint of an edition knows nothing of it."""


def unsigned(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files as they are: no certificate is configured."""
    return files


def signer(settings: Signing | None, now: datetime) -> Signer:
    """Return what signs files, once it is sure to succeed; ConfigurationError or MachineError when it would not."""
    if settings is None:
        return unsigned
    able(settings, now=now)

    def sign(files: dict[str, bytes]) -> dict[str, bytes]:
        signed = {
            name: pdf(content, settings, now=now) if name.endswith(".pdf") else content
            for name, content in files.items()
        }
        if MANIFEST in files:
            signed[SIGNATURE] = detached(files[MANIFEST], settings, now=now)
        return signed

    return sign
