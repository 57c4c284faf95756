"""What a look at a signature ends with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SignatureState(StrEnum):
    """How a signature stands; only `VALID` proves anything."""

    VALID = "valid"
    ALTERED = "altered"
    UNTRUSTED = "untrusted"
    OTHER_SIGNER = "other_signer"
    """Valid and trusted, but not of the one whose signature the configuration asks for."""
    ABSENT = "absent"
    UNREADABLE = "unreadable"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True)
class SignatureCheck:
    """One signature, judged: how it stands, whose it is, and when it was made as the signer's own clock had it.

    `signer` is the subject of the certificate and text from outside; `cause` is a word of words.toml that says more
    than the standing does. Signer and time of a signature that is not valid are claims.
    """

    outcome: SignatureState
    signer: str = ""
    time: datetime | None = None
    cause: str = ""

    @property
    def word(self) -> str:
        """The id of the sentence in words.toml that says how the signature stands."""
        return self.cause or f"signature_{self.outcome}"
