"""Whose signatures count and since when there must be one, as the configuration says; nobody else's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from form1.archive.signing import credentials
from form1.definition.configuration import Signing

if TYPE_CHECKING:
    from cryptography.x509 import Certificate


@dataclass(frozen=True)
class Trust:
    """PEM files of trusted certificates; where there is none, the office's own certificate alone."""

    files: tuple[Path, ...] = ()
    own: Signing | None = None
    signer: str = ""
    """The name of the one signer who counts; empty for everybody whose certificate is trusted."""
    since: date | None = None
    """The day from which every edition has a signature."""

    @classmethod
    def of(cls, settings: Signing | None) -> Trust:
        """Return what a configuration trusts; without [signing] that is nobody."""
        if settings is None:
            return cls()
        return cls(settings.trust, settings, settings.signer, settings.signed_since)

    @property
    def is_asked_for(self) -> bool:
        """True when the configuration says whose signatures count, so that an edition without one may be a forgery."""
        return bool(self.files or self.own)

    def counts(self, certificate: Certificate) -> bool:
        """True for a certificate of the signer who is named, or for any where none is."""
        return not self.signer or credentials.is_of(certificate, self.signer)

    def certificates(self) -> tuple[Certificate, ...]:
        """Return the trusted certificates; ConfigurationError when a file cannot be read.

        The chain that comes with the office's own certificate is not trusted by itself: its root certifies others too.
        """
        if self.files:
            return tuple(certificate for path in self.files for certificate in credentials.trusted_in(path))
        return (credentials.certificate_of(self.own),) if self.own else ()
